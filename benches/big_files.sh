#!/bin/sh
# Times the audit of single files as large as anybody could have, beside what else reads such files, and shows the memory
# that each takes. Needs hyperfine and GNU time; leaves out what is not there of xmllint, sqlite3, and cc with GLib (Debian:
# hyperfine, time, libxml2-utils, sqlite3, gcc, libglib2.0-dev).
#
#   cargo build --release && benches/big_files.sh [PROGRAM]
#
# All commands on one file run in one hyperfine call with a warm cache; the ratios are what counts. What is larger than one
# is faster than xmpp-audit's peer by so much.
#
#   RUNS=20          how often each command is run (10)
#   BIG=DIR          where the files are kept, and found again (a temporary folder)
#   MIB=100          the length of blist.xml, GROUPS=100000 of Profanity's accounts, ROWS=1000000 of dino.db
#   BIG_HELPER=BIN   what makes the files, if it has been built already (the executable of `cargo bench --bench big_files`)
set -eu

program=${1:-target/release/xmpp-audit}
runs=${RUNS:-10}
mib=${MIB:-100}
accounts=${GROUPS_OF_ACCOUNTS:-100000}
rows=${ROWS:-1000000}

missing() {
    echo "skipped: $1"
    exit 0
}
command -v hyperfine >/dev/null || missing "hyperfine is not installed"
[ -x /usr/bin/time ] || missing "GNU time is not installed"
[ -x "$program" ] || missing "there is no $program: cargo build --release"
program=$(realpath "$program")
cd "$(dirname "$0")/.."
if [ -n "${BIG_HELPER:-}" ]; then
    helper=$BIG_HELPER
else
    built=$(cargo bench --locked --quiet --bench big_files --no-run --message-format=json)
    helper=$(printf '%s\n' "$built" | sed -n 's/.*"executable":"\([^"]*big_files-[^"]*\)".*/\1/p' | tail -1)
fi
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
big=${BIG:-$results}

# Times the commands that stand on standard input, a line each: a name, a tab, the command. The first one is what is timed,
# the others are its peers.
compare() {
    set --
    names=
    while IFS="$(printf '\t')" read -r name command; do
        set -- "$@" "$command >/dev/null"
        names="$names$name|"
        /usr/bin/time -f %M -o "$results/memory" sh -c "exec $command" >/dev/null 2>&1 || true
        tail -1 "$results/memory" >>"$results/memories"
    done
    hyperfine --shell sh --warmup 1 --runs "$runs" --export-csv "$results/times.csv" "$@" >"$results/log" 2>&1 ||
        { cat "$results/log"; exit 1; }
    # mean, stddev, median, user, system, min, max are the last columns; the command may hold commas.
    awk -F, -v names="$names" -v memories="$results/memories" '
    BEGIN {
        split(names, name, "|")
        printf "%-28s %9s %8s %9s %9s %9s %9s\n", "", "mean ms", "+-", "cpu ms", "peak MB", "of mean", "of cpu"
    }
    NR > 1 {
        getline memory <memories
        mean = $(NF - 6) * 1000; cpu = ($(NF - 3) + $(NF - 2)) * 1000
        if (NR == 2) { first = mean; first_cpu = cpu }
        printf "%-28s %9.1f %8.1f %9.1f %9.1f %9.2f %9.2f\n", name[NR - 1], mean, $(NF - 5) * 1000, cpu, memory / 1024, mean / first, cpu / first_cpu
    }' "$results/times.csv"
    rm -f "$results/memories"
}

audit="$program check --isolated --exit-zero --allow-incomplete --output-format concise --max-file-size 4096"

folder=$big/pidgin-$mib/.purple
if [ ! -f "$folder/blist.xml" ]; then
    mkdir -p "$folder"
    cat >"$folder/accounts.xml" <<EOF
<?xml version='1.0' encoding='UTF-8' ?>
<account version='1.0'><account><protocol>prpl-jabber</protocol><name>alice@example.org/</name></account></account>
EOF
    "$helper" blist "$folder/blist.xml" "$mib"
fi
echo "Pidgin, blist.xml of $mib MiB"
{
    printf 'xmpp-audit\t%s %s\n' "$audit" "$folder"
    if command -v xmllint >/dev/null; then
        printf 'xmllint --stream --noout\txmllint --stream --noout %s\n' "$folder/blist.xml"
        printf 'xmllint --noout\txmllint --huge --noout %s\n' "$folder/blist.xml"
    fi
    printf 'cat\tcat %s\n' "$folder/blist.xml"
} | compare
command -v xmllint >/dev/null || echo "xmllint: skipped, it is not installed"

folder=$big/profanity-$accounts/.local/share/profanity
if [ ! -f "$folder/accounts" ]; then
    mkdir -p "$folder"
    "$helper" accounts "$folder/accounts" "$accounts"
fi
if cc -O2 benches/keyfile.c -o "$results/keyfile" $(pkg-config --cflags --libs glib-2.0 2>/dev/null) 2>/dev/null; then
    loader=$results/keyfile
else
    loader=
fi
echo
echo "Profanity, accounts with $accounts groups"
{
    printf 'xmpp-audit\t%s %s\n' "$audit" "$folder"
    if [ -n "$loader" ]; then printf 'g_key_file_load_from_file\t%s %s\n' "$loader" "$folder/accounts"; fi
    printf 'cat\tcat %s\n' "$folder/accounts"
} | compare
[ -n "$loader" ] || echo "GLib: skipped, there is no C compiler, or no GLib to build with"

folder=$big/dino-$rows/.local/share/dino
if ! command -v sqlite3 >/dev/null; then
    echo "dino.db: skipped, sqlite3 is not installed"
    exit 0
fi
if [ ! -f "$folder/dino.db" ]; then
    mkdir -p "$folder"
    # A fifth each of addresses, conversations and entries of the roster, two fifths of messages.
    {
        cat fixtures/dino/schema-26.sql
        cat <<EOF
BEGIN;
INSERT INTO account (id, bare_jid, resourcepart, password, enabled) VALUES (1, 'alice@example.org', 'dino.1', 'hunter2', 1);
CREATE TEMP TABLE number AS
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $rows / 5) SELECT i FROM n;
INSERT OR IGNORE INTO jid (id, bare_jid) SELECT i + 10, 'person' || i || '@host' || (i % 500) || '.example.org' FROM number;
INSERT INTO conversation (account_id, jid_id, active, type, encryption, read_up_to)
    SELECT 1, i + 10, 1, CASE WHEN i % 20 THEN 0 ELSE 1 END, i % 3, -1 FROM number;
INSERT INTO roster (account_id, jid, name, subscription)
    SELECT 1, 'person' || i || '@host' || (i % 500) || '.example.org', 'Person ' || i, 'both' FROM number;
INSERT INTO message (account_id, counterpart_id, direction, type, time, body, encryption)
    SELECT 1, i + 10, way.column1, 0, 1600000000 + i, 'good morning ' || i, 0 FROM number, (VALUES (0), (1)) AS way;
COMMIT;
EOF
    } | sqlite3 "$folder/dino.db"
fi
cat >"$results/rows.sql" <<EOF
.output /dev/null
SELECT c.id, c.account_id, c.active, c.type, c.encryption, j.bare_jid FROM conversation c JOIN jid j ON j.id = c.jid_id;
SELECT account_id, jid FROM roster;
SELECT account_id, counterpart_id, direction FROM message;
EOF
echo
echo "Dino, dino.db with $rows rows"
{
    printf 'xmpp-audit\t%s %s\n' "$audit" "$folder"
    printf 'sqlite3, the same rows\tsqlite3 -readonly %s <%s\n' "$folder/dino.db" "$results/rows.sql"
} | compare
