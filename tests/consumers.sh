#!/bin/sh
# Hands reports to programs that other people wrote: a schema that Jenkins publishes and a reader from PyPI for JUnit,
# a reader from npm for Checkstyle. `cargo test` needs none of them; what is missing here is skipped with a word.
#
# usage: tests/consumers.sh [PROGRAM]
#
# PYTHON names a Python that has junitparser (pip install junitparser), MODULES a node_modules folder that has
# danger-plugin-lint-report (npm install danger-plugin-lint-report).
set -eu
cd "$(dirname "$0")/.."
program=${1:-target/debug/xmpp-audit}
python=${PYTHON:-python3}
modules=${MODULES:-node_modules}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
home=$work/home
mkdir -p "$home/.purple" "$home/.config/gajim" "$home/.local/share/profanity" "$home/.config/profanity"
cp fixtures/pidgin/samples/accounts-gui-two-accounts-opportunistic-tor.xml "$home/.purple/accounts.xml"
printf '<purple' >"$home/.purple/blist.xml"
cp fixtures/gajim/samples/1.7-many-problems.sqlite "$home/.config/gajim/settings.sqlite"
cp fixtures/profanity/samples/accounts-0.13.1-insecure "$home/.local/share/profanity/accounts"
cp fixtures/profanity/samples/profrc-0.13.1-many-settings "$home/.config/profanity/profrc"

# Exit code 1: there are findings, as there should be.
"$program" check --lang en --min-severity info --output-format json --report "junit=$work/junit.xml" \
    --report "checkstyle=$work/checkstyle.xml" "$home" >"$work/report.json" || [ $? -eq 1 ]

if ! command -v xmllint >/dev/null; then
    echo "skipped: junit (there is no xmllint)"
elif ! "$python" -c 'import junitparser' 2>/dev/null; then
    echo "skipped: junit ($python has no junitparser)"
else
    "$python" tests/consumers/junit.py "$work/junit.xml" "$work/report.json" fixtures/schemas/junit-10.xsd
fi

if ! command -v node >/dev/null; then
    echo "skipped: checkstyle (there is no node)"
elif [ ! -d "$modules/danger-plugin-lint-report" ]; then
    echo "skipped: checkstyle ($modules has no danger-plugin-lint-report)"
else
    node tests/consumers/checkstyle.js "$(realpath "$modules")" "$work/checkstyle.xml" "$work/report.json"
fi
