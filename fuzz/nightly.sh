#!/usr/bin/env bash
# Runs every target for a while, and says how far it got: nightly.sh SECONDS [none|address] [TARGET...]
#
# SECONDS is what each target gets. A table goes to standard output, libFuzzer's own words to $FUZZ_LOG; the code is 1
# if anything was found, and what made it so lies in artifacts/. New inputs are kept in corpus/. FUZZ_PROGRAMS names a
# folder of targets that were built before.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:?say how many seconds each target gets}
sanitizer=${2:-none}
shift $(($# < 2 ? $# : 2))
log=${FUZZ_LOG:-target/log}
programs=${FUZZ_PROGRAMS:-}
export RUSTC_BOOTSTRAP=1
mkdir -p "$log"

if [ -z "$programs" ]; then
    programs=target/$sanitizer/$(rustc -vV | sed -n 's/^host: //p')/release
    cargo fuzz build --sanitizer "$sanitizer" --target-dir "target/$sanitizer" 2>"$log/build.log" ||
        { cat "$log/build.log" >&2; exit 2; }
fi
mapfile -t targets < <(if (($#)); then printf '%s\n' "$@"; else cargo fuzz list; fi)

# The longest input, in bytes: what a format needs to say everything, and no more.
longest() {
    case $1 in
    json | keyfile | gajim_text | gmarkup | xml | certificate | recognise) echo 4096 ;;
    made_home) echo 2048 ;;
    *) echo 24576 ;;
    esac
}

# What the sanitizer itself takes of memory comes on top of what a target may take; that is counted by the target.
limit=512
if [ "$sanitizer" = address ]; then limit=2048; fi
# Leaks are no crash, and looking for them needs rights that a container may not have.
export ASAN_OPTIONS=detect_leaks=0

# Whether all that was found is an input that took more than a second while the machine did something else, and does
# not when it is run again.
only_was_slow() {
    local input
    grep -q 'SUMMARY: libFuzzer: timeout' "$log/$1.log" || return 1
    for input in "artifacts/$1"/timeout-*; do
        "$programs/$1" -timeout=1 -runs=1 "$input" >>"$log/$1.log" 2>&1 || return 1
        mv "$input" "corpus/$1/"
    done
}

failed=0
printf '%-12s %12s %9s %7s %8s %7s %s\n' target executions 'a second' edges features corpus found
for target in "${targets[@]}"; do
    mkdir -p "corpus/$target" "artifacts/$target"
    arguments=("-max_total_time=$seconds" -timeout=1 "-rss_limit_mb=$limit" -malloc_limit_mb=64
        "-max_len=$(longest "$target")" "-artifact_prefix=artifacts/$target/" -print_final_stats=1)
    if [ -f "dictionaries/$target.dict" ]; then arguments+=("-dict=dictionaries/$target.dict"); fi
    found=0
    nice -n 5 "$programs/$target" "${arguments[@]}" "corpus/$target" >"$log/$target.log" 2>&1 || found=1
    if [ "$found" = 1 ] && only_was_slow "$target"; then found=0; fi
    failed=$((failed | found))
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log/$target.log")
    rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log/$target.log")
    reached=$(grep -E ' cov: [0-9]+ ' "$log/$target.log" | tail -n 1 || true)
    edges=$(sed -nE 's/.* cov: ([0-9]+) .*/\1/p' <<<"$reached")
    features=$(sed -nE 's/.* ft: ([0-9]+) .*/\1/p' <<<"$reached")
    printf '%-12s %12s %9s %7s %8s %7s %s\n' "$target" "${executions:-?}" "${rate:-?}" "${edges:-?}" "${features:-?}" \
        "$(find "corpus/$target" -type f | wc -l)" "$([ "$found" = 0 ] && echo nothing || echo "SOMETHING: $log/$target.log")"
    if [ -n "${FUZZ_TOTALS:-}" ]; then echo "$(date -Is) $sanitizer $target ${executions:-0} ${edges:-0} $found" >>"$FUZZ_TOTALS"; fi
done
exit "$failed"
