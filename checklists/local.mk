# Shipped checklists and data: what is listed here is installed.
checklistsdir = $(pkgdatadir)/checklists
dist_checklists_DATA = \
	checklists/core.yaml \
	checklists/hosts.yaml \
	checklists/identity.yaml \
	checklists/network.yaml
