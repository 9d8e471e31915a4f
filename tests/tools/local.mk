# tools/local
