# Fuzz target: values of SNMP answers
