# Contributed files that are distributed.

# JSON Schemas of the YAML files, for editors and other tools
schemadir = $(pkgdatadir)/schema
dist_schema_DATA = \
	contrib/schema/attestations.schema.json \
	contrib/schema/checklist.schema.json \
	contrib/schema/credentials.schema.json \
	contrib/schema/decisions.schema.json \
	contrib/schema/deny-makers.schema.json \
	contrib/schema/discovered.schema.json \
	contrib/schema/evidence-index.schema.json \
	contrib/schema/lookback.schema.json \
	contrib/schema/mapping.schema.json \
	contrib/schema/report.schema.json \
	contrib/schema/request.schema.json \
	contrib/schema/requests.schema.json \
	contrib/schema/roadmap.schema.json \
	contrib/schema/site.schema.json \
	contrib/schema/waivers.schema.json \
	contrib/schema/work.schema.json

# the demo clinic's gear, as recorded SNMP agents
EXTRA_DIST += contrib/demo.d/recordings

# the two commands of the README, and what they need
EXTRA_DIST += contrib/demo contrib/demo.d/clinic contrib/install-deps contrib/packages.txt contrib/test
