#!/bin/sh
# Times the audit of a whole tree beside what else walks trees, and shows the memory that each takes. Needs hyperfine and
# GNU time; leaves out of fd, rg and ruff what is not in PATH (Debian: fd-find, ripgrep, hyperfine, time).
#
#   cargo build --release && benches/walk.sh [PROGRAM [FILES]]
#
# The tree is like a home of many years: FILES files (1,000,000) in a tenth as many folders, most of them packages,
# objects of git, caches, mail and pictures, and 40 profiles of all clients. It is made anew in a temporary folder, which
# takes some minutes, or in the folder WALK_TREE, where it is kept and found again; so are smaller ones, for the growth.
#
# All commands run in one hyperfine call, one after the other, on the same tree with a warm cache; the ratios are what
# counts. On a machine that does other work at the same time, look at the processor time rather than at the clock.
#
#   RUNS=20         how often each command is run (10)
#   THREADS=2       how many threads walk and read (as many as there are processors)
#   HOMES='100 ...' by how many homes the growth of --all-users is shown (100 to 10000)
#   WALK_TREE=DIR   where the trees are kept
#   WALK_HELPER=BIN what makes the trees, if it has been built already (the executable of `cargo bench --bench walk`)
set -eu

program=${1:-target/release/xmpp-audit}
files=${2:-1000000}
runs=${RUNS:-10}
threads=${THREADS:-$(nproc)}

missing() {
    echo "skipped: $1"
    exit 0
}
command -v hyperfine >/dev/null || missing "hyperfine is not installed"
[ -x /usr/bin/time ] || missing "GNU time is not installed"
[ -x "$program" ] || missing "there is no $program: cargo build --release"
program=$(realpath "$program")
cd "$(dirname "$0")/.."
if [ -n "${WALK_HELPER:-}" ]; then
    helper=$WALK_HELPER
else
    built=$(cargo bench --locked --quiet --bench walk --no-run --message-format=json)
    helper=$(printf '%s\n' "$built" | sed -n 's/.*"executable":"\([^"]*walk-[^"]*\)".*/\1/p' | tail -1)
fi
fd=$(command -v fd || command -v fdfind || true)

if [ -n "${WALK_TREE:-}" ]; then
    trees=$WALK_TREE
    mkdir -p "$trees"
    results=$(mktemp -d)
    trap 'rm -rf "$results"' EXIT
else
    trees=$(mktemp -d)
    results=$trees
    trap 'rm -rf "$trees"' EXIT
fi

# The tree of so many files.
tree() {
    [ -d "$trees/$1" ] || "$helper" make "$trees/$1" "$1" >&2
    echo "$trees/$1"
}

# Times the commands that stand on standard input, a line each: a name, a tab, the command. The first one is what the
# others are held against.
compare() {
    set --
    names=
    while IFS="$(printf '\t')" read -r name command; do
        set -- "$@" "$command"
        names="$names$name|"
    done
    hyperfine --shell none --warmup 2 --runs "$runs" --export-csv "$results/times.csv" "$@" >"$results/log" 2>&1 ||
        { cat "$results/log"; exit 1; }
    # mean, stddev, median, user, system, min, max are the last columns; the command may hold commas.
    awk -F, -v names="$names" '
    BEGIN { split(names, name, "|"); printf "%-34s %9s %8s %9s %9s %9s\n", "", "mean ms", "+-", "cpu ms", "of mean", "of cpu" }
    NR > 1 {
        mean = $(NF - 6) * 1000; cpu = ($(NF - 3) + $(NF - 2)) * 1000
        if (NR == 2) { first = mean; first_cpu = cpu }
        printf "%-34s %9.1f %8.1f %9.1f %9.3f %9.3f\n", name[NR - 1], mean, $(NF - 5) * 1000, cpu, first / mean, first_cpu / cpu
    }' "$results/times.csv"
}

# The most memory that a command took, in MB.
memory() {
    /usr/bin/time -f %M -o "$results/memory" "$@" >/dev/null 2>&1 || true
    tail -1 "$results/memory" | awk '{ printf "%.1f", $1 / 1024 }'
}

alone="$program check --isolated --exit-zero --allow-incomplete"
audit="$alone --threads $threads"
home=$(tree "$files")
echo "What is found: $($audit --all --output-format concise "$home" | tail -1)"

echo
echo "The whole tree, $files files, $threads threads; the first divided by each"
{
    printf 'xmpp-audit --all\t%s --all %s\n' "$audit" "$home"
    printf 'bare getdents, %s threads\t%s bare %s %s\n' "$threads" "$helper" "$home" "$threads"
    printf 'xmpp-audit\t%s %s\n' "$audit" "$home"
    if [ -n "$fd" ]; then printf 'fd -uu\t%s -uu --threads %s . %s\n' "$fd" "$threads" "$home"; fi
    if command -v rg >/dev/null; then printf 'rg --files -uu\trg --files -uu --threads %s %s\n' "$threads" "$home"; fi
    printf 'find\tfind %s\n' "$home"
    printf 'walkdir\t%s walkdir %s\n' "$helper" "$home"
    printf 'xmpp-audit --all --threads 1\t%s --all --threads 1 %s\n' "$alone" "$home"
    printf 'xmpp-audit --all --sandbox off\t%s --all --sandbox off %s\n' "$audit" "$home"
    printf 'bare getdents, 1 thread\t%s bare %s 1\n' "$helper" "$home"
} | compare

echo
echo "Peak memory, MB"
echo "xmpp-audit --all  $(memory $audit --all "$home")"
echo "xmpp-audit        $(memory $audit "$home")"
if [ -n "$fd" ]; then echo "fd -uu            $(memory "$fd" -uu --threads "$threads" . "$home")"; fi
if command -v rg >/dev/null; then echo "rg --files -uu    $(memory rg --files -uu --threads "$threads" "$home")"; fi
echo "find              $(memory find "$home")"

echo
echo "Growth: time and memory of --all by the number of files"
count=1000
: >"$results/growth"
while [ "$count" -le "$files" ]; do
    here=$(tree "$count")
    hyperfine --shell none --warmup 2 --runs "$runs" --export-csv "$results/times.csv" "$audit --all $here" >/dev/null 2>&1
    mean=$(awk -F, 'END { print $(NF - 6) * 1000 }' "$results/times.csv")
    echo "$count $mean $(memory $audit --all "$here")" | tee -a "$results/growth"
    count=$((count * 10))
done
fit() {
    awk -v unit="$1" '
    { n++; x = $1; sx += x; sxx += x * x; t += $2; xt += x * $2; tt += $2 * $2; m += $3; xm += x * $3; mm += $3 * $3 }
    END {
        if (n < 3) exit
        spread = n * sxx - sx * sx
        slope = (n * xt - sx * t) / spread; heap = (n * xm - sx * m) / spread
        printf "a line fits: %.1f ms and %.3f ms for each 1000 %s, r2 = %.5f; %.1f MB and %.3f MB for each 1000, r2 = %.5f\n",
            (t - slope * sx) / n, slope * 1000, unit, (n * xt - sx * t) ^ 2 / spread / (n * tt - t * t),
            (m - heap * sx) / n, heap * 1000, (n * xm - sx * m) ^ 2 / spread / (n * mm - m * m)
    }' "$results/growth"
}
fit files

# The homes are the same on every line, so the findings grow as the homes do; what grows without them shows a rule that
# finds nothing in them.
for more in "" "--select file-malformed"; do
    echo
    echo "Growth: time and memory of --all-users ${more:-with all findings} by the number of homes"
    : >"$results/growth"
    for count in ${HOMES:-100 300 1000 3000 10000}; do
        root=$trees/homes-$count
        [ -d "$root" ] || "$helper" homes "$root" "$count" >&2
        all="$audit --all-users=$root --output-format concise $more"
        hyperfine --shell none --warmup 1 --runs 3 --export-csv "$results/times.csv" "$all" >/dev/null 2>&1
        mean=$(awk -F, 'END { print $(NF - 6) * 1000 }' "$results/times.csv")
        echo "$count $mean $(memory $all)" | tee -a "$results/growth"
    done
    fit homes
done
