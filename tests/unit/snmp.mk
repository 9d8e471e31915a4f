# unit/snmp
