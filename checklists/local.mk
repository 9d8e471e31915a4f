# Shipped checklists and data: what is listed here is installed, with its folders, below $(pkgdatadir).
nobase_dist_pkgdata_DATA = \
	checklists/ai.yaml \
	checklists/clinical.yaml \
	checklists/core.yaml \
	checklists/data-protection.yaml \
	checklists/email.yaml \
	checklists/endpoints.yaml \
	checklists/governance.yaml \
	checklists/hipaa.yaml \
	checklists/hosts.yaml \
	checklists/identity.yaml \
	checklists/integration.yaml \
	checklists/lifecycle.yaml \
	checklists/network.yaml \
	checklists/vendors.yaml \
	checklists/power.yaml \
	checklists/support.yaml \
	checklists/data/citations.tsv \
	checklists/data/deny-makers.yaml \
	checklists/data/device-rules.md \
	checklists/data/device-rules.yaml \
	checklists/data/eol.tsv \
	checklists/data/glossary.yaml \
	checklists/data/mappings/README.md \
	checklists/data/mappings/csv/ad-users.yaml \
	checklists/data/mappings/csv/datto-rmm.yaml \
	checklists/data/mappings/csv/generic-assets.yaml \
	checklists/data/mappings/csv/ninjaone.yaml
EXTRA_DIST += checklists/README.md checklists/COVERAGE.md
	checklists/data/mappings/csv/ipam-prefixes.yaml \
	checklists/data/mappings/csv/meraki-clients.yaml \
	checklists/data/mappings/csv/meraki-devices.yaml \
	checklists/data/mappings/csv/ninjaone.yaml \
	checklists/data/mappings/csv/unifi-clients.yaml \
	checklists/data/mappings/csv/unifi-devices.yaml \
	checklists/data/mappings/csv/windows-dhcp-leases.yaml \
	checklists/data/mappings/csv/windows-dhcp-scopes.yaml
EXTRA_DIST += checklists/README.md
