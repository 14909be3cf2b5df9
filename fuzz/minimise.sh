#!/usr/bin/env bash
# Keeps of each corpus the fewest inputs that reach as much, and a sample of those that is fit to be kept: minimise.sh [TARGET...]
#
# The targets must have been built: by nightly.sh, or FUZZ_PROGRAMS names their folder.
set -euo pipefail
cd "$(dirname "$0")"

# How much is kept of each corpus: so many inputs of all sizes, and so many bytes, the smallest inputs first.
most=${MOST:-200}
most_bytes=${MOST_BYTES:-150000}
programs=${FUZZ_PROGRAMS:-target/none/$(rustc -vV | sed -n 's/^host: //p')/release}
if (($#)); then targets=("$@"); else mapfile -t targets < <(cargo fuzz list); fi

for target in "${targets[@]}"; do
    kept=$(mktemp -d)
    "$programs/$target" -set_cover_merge=1 -timeout=10 "$kept" "corpus/$target" >/dev/null 2>&1
    rm -rf "corpus/$target"
    mkdir -p "corpus/$target"
    find "$kept" -type f -printf '%s %f\n' | sort -n >"$kept.list"
    awk -v all="$(wc -l <"$kept.list")" -v most="$most" -v bytes="$most_bytes" '
        int(NR * most / all) > int((NR - 1) * most / all) || all <= most { sum += $1; if (sum <= bytes) print $2 }
    ' "$kept.list" | (cd "$kept" && xargs -r cp -t "$OLDPWD/corpus/$target/")
    rm "$kept.list"
    rm -rf "$kept"
    printf '%-12s %5s inputs %8s bytes\n' "$target" "$(find "corpus/$target" -type f | wc -l)" \
        "$(find "corpus/$target" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum + 0 }')"
done
