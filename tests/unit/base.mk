# unit/base
