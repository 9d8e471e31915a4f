# fuzz/local
