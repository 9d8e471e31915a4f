# unit/report
