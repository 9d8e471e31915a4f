# Fuzz target: what the host script prints
