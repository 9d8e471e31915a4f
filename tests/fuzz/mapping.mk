# Fuzz target: CSV through a mapping
