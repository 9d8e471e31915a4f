# unit/collect
