# unit/site
