# Fuzz target: expressions of checks
