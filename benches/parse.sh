#!/bin/sh
# Times the readers of the formats beside others, and says how many MB each reads in a second. Needs hyperfine; leaves out
# what is not there of xmllint, sqlite3, and cc with GLib (Debian: hyperfine, libxml2-utils, sqlite3, gcc, libglib2.0-dev).
#
#   benches/parse.sh
#
# Each program reads the same file so often that starting it counts for nothing. The ratios are what counts.
#
#   RUNS=20            how often each command is run (10)
#   PARSE_HELPER=BIN, BIG_HELPER=BIN   the benchmarks `parse` and `big_files`, if they have been built already
set -eu

runs=${RUNS:-10}
command -v hyperfine >/dev/null || { echo "skipped: hyperfine is not installed"; exit 0; }
cd "$(dirname "$0")/.."

# The executable of a benchmark.
bench() {
    cargo bench --locked --quiet --bench "$1" --no-run --message-format=json |
        sed -n 's/.*"executable":"\([^"]*'"$1"'-[^"]*\)".*/\1/p' | tail -1
}
parse=${PARSE_HELPER:-$(bench parse)}
maker=${BIG_HELPER:-$(bench big_files)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Times commands that read a file so often: its path and the number are given, the commands stand on standard input, a line
# each: a name, a tab, the command.
compare() {
    bytes=$(($(stat -c %s "$1") * $2))
    set --
    names=
    while IFS="$(printf '\t')" read -r name command; do
        set -- "$@" "$command >/dev/null"
        names="$names$name|"
    done
    hyperfine --shell sh --warmup 1 --runs "$runs" --export-csv "$work/times.csv" "$@" >"$work/log" 2>&1 ||
        { cat "$work/log"; exit 1; }
    awk -F, -v names="$names" -v bytes="$bytes" '
    BEGIN { split(names, name, "|"); printf "  %-32s %9s %9s %9s\n", "", "MB/s", "+- %", "ratio" }
    NR > 1 {
        mean = $(NF - 6)
        if (NR == 2) first = mean
        printf "  %-32s %9.1f %9.1f %9.2f\n", name[NR - 1], bytes / mean / 1e6, 100 * $(NF - 5) / mean, mean / first
    }' "$work/times.csv"
}

"$maker" blist "$work/blist.xml" 4
echo "XML, a list of contacts"
{
    printf 'a part at a time\t%s stream %s 100\n' "$parse" "$work/blist.xml"
    printf 'as a whole\t%s xml %s 100\n' "$parse" "$work/blist.xml"
    if command -v xmllint >/dev/null; then
        printf 'xmllint --noout\txmllint --noout --repeat %s\n' "$work/blist.xml"
        printf 'xmllint --stream --noout\txmllint --stream --noout --repeat %s\n' "$work/blist.xml"
    fi
} | compare "$work/blist.xml" 100

# Pidgin reads its preferences so; there are never more than so many.
"$maker" blist "$work/markup.xml" 1
echo "GMarkup"
{
    printf 'xmpp-audit\t%s gmarkup %s 100\n' "$parse" "$work/markup.xml"
    if command -v xmllint >/dev/null; then
        printf 'xmllint --noout\txmllint --noout --repeat %s\n' "$work/markup.xml"
    fi
} | compare "$work/markup.xml" 100

"$maker" accounts "$work/accounts" 3000
echo "Key file, accounts of Profanity"
{
    printf 'xmpp-audit\t%s keyfile %s 100\n' "$parse" "$work/accounts"
    if cc -O2 benches/keyfile.c -o "$work/keyfile" $(pkg-config --cflags --libs glib-2.0 2>/dev/null) 2>/dev/null; then
        printf 'GLib\t%s %s 100\n' "$work/keyfile" "$work/accounts"
    fi
} | compare "$work/accounts" 100

"$maker" json "$work/settings.json" 1
echo "JSON, settings of Gajim"
{
    printf 'xmpp-audit\t%s json %s 100\n' "$parse" "$work/settings.json"
    printf 'serde_json\t%s serde_json %s 100\n' "$parse" "$work/settings.json"
} | compare "$work/settings.json" 100

"$maker" gajim "$work/config" 1
echo "Text, settings of an old Gajim"
{
    printf 'xmpp-audit\t%s gajim %s 100\n' "$parse" "$work/config"
} | compare "$work/config" 100

if ! command -v sqlite3 >/dev/null; then
    echo "SQLite: skipped, sqlite3 is not installed"
    exit 0
fi
{
    cat fixtures/dino/schema-26.sql
    cat <<EOF
BEGIN;
CREATE TEMP TABLE number AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n;
INSERT INTO jid (bare_jid) SELECT 'person' || i || '@host' || (i % 500) || '.example.org' FROM number;
INSERT INTO conversation (account_id, jid_id, active, type, encryption) SELECT 1, i, 1, 0, i % 3 FROM number;
INSERT INTO roster (account_id, jid) SELECT 1, 'person' || i || '@host' || (i % 500) || '.example.org' FROM number;
COMMIT;
EOF
} | sqlite3 "$work/dino.db"
{
    echo ".output /dev/null"
    for _ in $(seq 20); do
        echo "SELECT id, account_id, jid_id, active, type, encryption FROM conversation;"
        echo "SELECT id, bare_jid FROM jid;"
        echo "SELECT account_id, jid FROM roster;"
    done
} >"$work/rows.sql"
echo "SQLite, conversations of Dino"
{
    printf 'xmpp-audit\t%s sqlite %s 20\n' "$parse" "$work/dino.db"
    printf 'sqlite3\tsqlite3 -readonly %s <%s\n' "$work/dino.db" "$work/rows.sql"
} | compare "$work/dino.db" 20
