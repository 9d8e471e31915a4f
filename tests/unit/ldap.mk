# unit/ldap
