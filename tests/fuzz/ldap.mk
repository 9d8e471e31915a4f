# Fuzz target: entries of a directory
