# unit/ssh
