noinst_LIBRARIES += src/libreport.a
src_libreport_a_SOURCES = \
	src/report/style.h \
	src/report/style.c \
	src/report/report.h \
	src/report/report.c \
	src/report/settle.c \
	src/report/lookback.h \
	src/report/lookback.c \
	src/report/lookback_out.c \
	src/report/request.h \
	src/report/request.c \
	src/report/request_forms.c \
	src/report/request_out.c \
	src/report/audience.h \
	src/report/audience.c \
	src/report/front.h \
	src/report/front.c \
	src/report/html_out.h \
	src/report/html_out.c \
	src/report/html_parts.h \
	src/report/html_style.c \
	src/report/html.c \
	src/report/html_front.c \
	src/report/html_domains.c \
	src/report/html_found.c src/report/html_sheets.c \
	src/report/html_plan.c \
	src/report/converter.h \
	src/report/converter.c \
	src/report/pdf.h \
	src/report/pdf.c \
	src/report/html_checks.c \
	src/report/html_rests.c \
	src/report/brief.c \
	src/report/render.c \
	src/report/disclosures.c \
	src/report/disagree.c \
	src/report/paper.h \
	src/report/paper.c \
	src/report/parts.h \
	src/report/parts.c \
	src/report/check_page.c \
	src/report/text.c \
	src/report/json.c \
	src/report/map.h \
	src/report/map_build.h \
	src/report/map_facts.c \
	src/report/map.c \
	src/report/map_arrange.c \
	src/report/map_dot.c \
	src/report/map_svg.c \
	src/report/impact_out.h \
	src/report/impact_out.c \
	src/report/roadmap_out.h \
	src/report/roadmap_text.c \
	src/report/roadmap_data.c \
	src/report/compare_out.c
src_libreport_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
