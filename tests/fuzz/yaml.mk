# Fuzz target: site files, credentials, checklists
