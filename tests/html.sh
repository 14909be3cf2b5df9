#!/usr/bin/env bash
# What only a validator and a browser can say of the format html: tests/browser.
#
# Needs chromium with chromedriver, python3, node with npm, and once the network: html-validate and axe-core come
# from npm, selenium and pillow from PyPI, into HTML_TOOLS. Says "skipped: ..." where a tool is missing.
# KEEP=FOLDER keeps the reports and the pictures that were taken of them.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() { echo "skipped: $*"; exit 0; }
for tool in chromium chromedriver python3 node npm; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done

tools=${HTML_TOOLS:-target/html-tools}
folder=${KEEP:-$(mktemp -d)}
mkdir -p "$tools" "$folder"
[ -n "${KEEP:-}" ] || trap 'rm -rf "$folder"' EXIT

if [ ! -x "$tools/venv/bin/python" ] || ! "$tools/venv/bin/python" -c 'import PIL, selenium' 2>/dev/null; then
    python3 -m venv "$tools/venv" || skip "python3 cannot make a virtual environment"
    "$tools/venv/bin/pip" install --quiet selenium==4.51.0 pillow==13.0.0 || skip "PyPI cannot be reached"
fi
if [ ! -d "$tools/node_modules/axe-core" ]; then
    npm install --silent --no-save --prefix "$tools" html-validate@10.17.0 axe-core@4.14.1 || skip "npm cannot be reached"
fi

# The clients' own files with planted problems, and a folder with nothing in it.
cargo build --quiet
audit=${CARGO_TARGET_DIR:-target}/debug/xmpp-audit
mkdir -p "$folder/empty"
report() { # NAME LANGUAGE ARGUMENTS...
    local name=$1 language=$2 status=0
    shift 2
    LC_ALL=$language "$audit" check --output-format html "$@" >"$folder/$name.html" || status=$?
    # Problems were found; no file was; not every file could be read.
    case $status in 0 | 1 | 3 | 4) ;; *) echo "the report $name failed with status $status" && exit 1 ;; esac
}
report english C.UTF-8 --min-severity info fixtures
report french fr_FR.UTF-8 fixtures/gajim fixtures/pidgin
report nothing C.UTF-8 "$folder/empty"

echo "== html-validate"
"$tools/node_modules/.bin/html-validate" --config tests/browser/.htmlvalidate.json "$folder"/*.html
echo "ok: $(ls "$folder"/*.html | wc -l) reports are valid"

echo "== chromium"
"$tools/venv/bin/python" tests/browser/report.py "$folder" "$tools/node_modules/axe-core/axe.min.js"
