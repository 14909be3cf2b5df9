#!/usr/bin/env bash
# Compares our readers with GLib and libxml2 on made-up files: so many for each reader, 1,000,000 if not said.
#
#   fuzz/differential/run.sh [CASES] [OPTION...]
#
#   fuzz/differential/run.sh 50000 --seed 7 --only keyfile
#
# Fails if there is a difference that src/explained.rs does not explain. Before, run install.sh once.
set -euo pipefail
cd "$(dirname "$0")"

cases=${1:-1000000}
[ $# -eq 0 ] || shift
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$(cd ../.. && pwd)/target}
./install.sh --no-apt
cargo run --locked --quiet -- --programs "$CARGO_TARGET_DIR/differential" --cases "$cases" "$@"
