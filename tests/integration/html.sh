#!/bin/sh
# The HTML report in a real browser: it asks for nothing, says nothing on the console, breaks no rule of accessibility that axe-core knows, in both themes, on a
# phone and on paper; and a device that calls itself by markup is shown by its name. Without Chromium all of it is skipped; without axe-core that part.
# AXE_JS names axe.min.js where it lies elsewhere; contrib/test fetches it.
# shellcheck disable=SC2154 # srcdir and builddir come from make
. "${srcdir:-.}/tests/integration/tap.sh"
. "${srcdir:-.}/tests/integration/clinic.sh"

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || :)
[ -n "$browser" ] || skip_all "no Chromium is installed (Debian: chromium)"
command -v python3 >/dev/null || skip_all "python3 is not installed"
browser_dir=$(mktemp -d /tmp/html.XXXXXX)
HOME=$browser_dir timeout 60 "$browser" --headless=new --disable-gpu --no-first-run --user-data-dir="$browser_dir" $([ "$(id -u)" != 0 ] || echo --no-sandbox) --dump-dom about:blank >"$browser_dir.dom" 2>/dev/null || :
starts=$(grep -c '<html>' "$browser_dir.dom")
rm -rf "$browser_dir" "$browser_dir.dom"
[ "$starts" = 1 ] || skip_all "Chromium does not start here: its sandbox needs user namespaces, or the package chromium-sandbox"
axe=
for file in "${AXE_JS:-}" /usr/share/nodejs/axe-core/axe.min.js /usr/lib/node_modules/axe-core/axe.min.js /usr/local/lib/node_modules/axe-core/axe.min.js; do
    [ -n "$axe" ] || [ ! -f "$file" ] || axe=$file
done

clinic_start html
evil='"><script>alert(1)</script><img src=x onerror=alert(2)>'
# names that a device, a file and people give: nobody is to be trusted
sed -i '/^owners:/d' "$site/site.yaml"
printf "owners: {it-infrastructure: '%s'}\n" "$evil" >>"$site/site.yaml"
printf -- "- {id: W-1, check: NET-LAN-02, date: 2020-01-01, accepted_by: '%s', role: CIO, reason: '%s', expires: 2099-12-31}\n" "$evil" "$evil" >"$site/waivers.yaml"
csv=$(printf '%s' "$evil" | sed 's/"/""/g')
LC_ALL=C sed "2s|^[^;]*;|\"$csv\";|" "$clinic/assets-before.csv" >"$tap_dir/assets.csv"
p evidence add "$tap_dir/assets.csv" --from "$evil" --observed "$(date -u +%F)" --as csv/generic-assets
ok "a list of computers with a hostile name is kept" exits 0
p check --fast --label "one"
ok "the first run is judged" exits 0
p check --fast --label two
ok "and the second" exits 0
p report --format html -o "$tap_dir/r.html"
ok "the report is written" exits 0
ok "and is recorded with its hash" db_is "SELECT sha256 FROM disclosure WHERE format = 'html'" "$(sha256sum <"$tap_dir/r.html" | cut -d' ' -f1)"
p report --format html --audience insurer -o "$tap_dir/insurer.html"
ok "one for the insurer too" exits 0

# the one kind of PDF that is installed here, and what is said where none is
if command -v weasyprint >/dev/null; then
    p report --format pdf --for "A. Example" -o "$tap_dir/r.pdf"
    ok "WeasyPrint makes a PDF" exits 0
    ok "it is one" sh -c "head -c 5 '$tap_dir/r.pdf' | grep -q '%PDF-'"
    ok "and is recorded" db_is "SELECT sha256 || ' ' || made_for FROM disclosure WHERE format = 'pdf'" "$(sha256sum <"$tap_dir/r.pdf" | cut -d' ' -f1) A. Example"
else
    skip "WeasyPrint makes a PDF" "weasyprint is not installed"
fi
mkdir -p "$tap_dir/only" "$tap_dir/tmp"
ln -sf "$browser" "$tap_dir/only/chromium"
short=$(mktemp -d /tmp/html.XXXXXX)
long=$tap_dir/tmp/$(printf '%060d' 0)
mkdir "$long"
for TMPDIR in "$short" "$long"; do
    export TMPDIR
    PATH=$tap_dir/only "$preop" -C "$site" report --format pdf -o "$tap_dir/c.pdf" >"$out" 2>"$err"
    status=$?
    ok "Chromium makes one where it is alone, the temporary folder's name having ${#TMPDIR} bytes" exits 0
    ok "it is one too" sh -c "head -c 5 '$tap_dir/c.pdf' | grep -q '%PDF-'"
    ok "nothing stays in the temporary folder" equals "$(ls "$TMPDIR")" ''
    rm -f "$tap_dir/c.pdf"
done
unset TMPDIR
rmdir "$short" "$long"
PATH=$tap_dir/tmp "$preop" -C "$site" report --format pdf -o "$tap_dir/none.pdf" >"$out" 2>"$err"
status=$?
ok "without either nothing is written" sh -c "[ $status = 4 ] && [ ! -e '$tap_dir/none.pdf' ]"
ok "and the package is named" has "$err" 'install the package weasyprint'
printf '#!/bin/sh\necho "no fonts" >&2\nexit 3\n' >"$tap_dir/tmp/weasyprint"
chmod +x "$tap_dir/tmp/weasyprint"
PATH=$tap_dir/tmp "$preop" -C "$site" report --format pdf -o "$tap_dir/none.pdf" >"$out" 2>"$err"
status=$?
ok "one that fails is quoted" has "$err" 'weasyprint could not make the PDF: no fonts'
ok "and nothing is recorded of it" db_is "SELECT count(*) FROM disclosure WHERE file LIKE '%none.pdf'" 0

look() {         # file name
    mkdir -p "$tap_dir/$2"
    # shellcheck disable=SC2086 # no axe, no argument
    timeout 400 python3 "$srcdir/tests/tools/browser.py" "$browser" "$1" "$tap_dir/$2" $axe >"$tap_dir/$2.json" 2>"$tap_dir/$2.err" || { sed 's/^/# /' "$tap_dir/$2.err"; return 1; }
}

seen_is() {     # expression: of what the browser saw, which has to be there
    [ -s "$seen" ] && json "$seen" "$1"
}

for name in r insurer; do
    seen=$tap_dir/$name.json
    ok "$name: the browser shows it" look "$tap_dir/$name.html" $name
    ok "$name: nothing on the console" seen_is '.console == []'
    ok "$name: no request" seen_is '.requests == []'
    ok "$name: no script, no picture from elsewhere" seen_is '.scripts == 0 and (.elements | any(. == "img" or . == "link" or . == "iframe" or . == "object") | not)'
    ok "$name: no word is wider than a phone" seen_is '.width_390 == 390'
    ok "$name: both themes differ" seen_is '.background_light == "rgb(255, 255, 255)" and .background_dark == "rgb(20, 24, 28)"'
    if [ -n "$axe" ]; then
        ok "$name: axe-core finds nothing" seen_is '.axe == []'
    else
        skip "$name: axe-core finds nothing" "axe.min.js is not here: AXE_JS names it"
    fi
    ok "$name: paper has pages" sh -c "[ \$(grep -ac '/Type */Page\\b' '$tap_dir/$name/print.pdf') -ge 2 ]"
done
ok "a hostile computer is found" db_is "SELECT count(*) FROM latest_hosts WHERE name LIKE '%<script>alert(1)</script>%'" 1
ok "hostile names are text" json "$tap_dir/r.json" '.text | contains("<script>alert(1)</script>")'
ok "and left out where their reader must not see them" json "$tap_dir/insurer.json" '.text | contains("alert(2)") | not'
tap_done
