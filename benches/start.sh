#!/bin/sh
# Times what most runs are, those of hooks and of people: the known places of one home. Beside them a program of the same
# kind that does nothing but start, where it is in PATH: `ruff --version`. Needs hyperfine.
#
#   cargo build --release && benches/start.sh [PROGRAM]
#
# All commands run in one hyperfine call, one after the other; the ratios are what counts. On a machine that does other
# work at the same time, look at the processor time rather than at the clock.
#
#   RUNS=200        how often each command is run (100)
#   WALK_HELPER=BIN what makes the home, if it has been built already (the executable of `cargo bench --bench walk`)
set -eu

program=${1:-target/release/xmpp-audit}
runs=${RUNS:-100}

missing() {
    echo "skipped: $1"
    exit 0
}
command -v hyperfine >/dev/null || missing "hyperfine is not installed"
[ -x "$program" ] || missing "there is no $program: cargo build --release"
program=$(realpath "$program")
cd "$(dirname "$0")/.."
if [ -n "${WALK_HELPER:-}" ]; then
    helper=$WALK_HELPER
else
    built=$(cargo bench --locked --quiet --bench walk --no-run --message-format=json)
    helper=$(printf '%s\n' "$built" | sed -n 's/.*"executable":"\([^"]*walk-[^"]*\)".*/\1/p' | tail -1)
fi
homes=$(mktemp -d)
trap 'rm -rf "$homes"' EXIT
mkdir "$homes/empty"
"$helper" home "$homes/usual"

check="$program check --isolated --exit-zero --allow-incomplete --allow-empty"
set -- "$check --home $homes/empty" "$check --home $homes/usual" "$check --sandbox off --home $homes/usual" \
    "$check --threads 1 --home $homes/usual" "$program --version"
names="empty home|home with four clients|the same without sandbox|the same on one thread|xmpp-audit --version"
if command -v ruff >/dev/null; then
    set -- "$@" "ruff --version"
    names="$names|ruff --version"
else
    echo "skipped: ruff is not installed; there is nothing to compare with"
fi
hyperfine --shell none --warmup 10 --runs "$runs" --export-csv "$homes/times.csv" "$@" >"$homes/log" 2>&1 ||
    { cat "$homes/log"; exit 1; }
# mean, stddev, median, user, system, min, max are the last columns; the command may hold commas.
awk -F, -v names="$names" '
BEGIN { count = split(names, name, "|") }
NR > 1 {
    row = NR - 1
    mean[row] = $(NF - 6) * 1000; deviation[row] = $(NF - 5) * 1000; median[row] = $(NF - 4) * 1000
    cpu[row] = ($(NF - 3) + $(NF - 2)) * 1000; least[row] = $(NF - 1) * 1000
}
END {
    peer = name[count] ~ /^ruff/ ? count : 0
    printf "%-28s %9s %7s %9s %7s %7s %9s %9s\n", "", "median ms", "+-", "mean ms", "min ms", "cpu ms", "of ruff", "of cpu"
    for (row = 1; row <= count; row++) {
        printf "%-28s %9.2f %7.2f %9.2f %7.2f %7.2f", name[row], median[row], deviation[row], mean[row], least[row], cpu[row]
        if (peer) printf " %9.2f %9.2f", median[row] / median[peer], cpu[row] / cpu[peer]
        print ""
    }
}' "$homes/times.csv"
