# integration/local
