#!/usr/bin/env bash
# Installs what the comparison needs besides Rust, on Debian and Ubuntu, and builds the programs that ask the real
# libraries.
#
#   fuzz/differential/install.sh             installs, as root or with sudo, and builds
#   fuzz/differential/install.sh --no-apt    builds only: elsewhere install the headers of GLib and libxml2,
#                                            pkg-config and a C compiler yourself
#
# The programs come into target/differential (or $CARGO_TARGET_DIR/differential).
set -euo pipefail
cd "$(dirname "$0")"

if [ "${1:-}" != --no-apt ]; then
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update
    "${as_root[@]}" apt-get install -y --no-install-recommends libglib2.0-dev libxml2-dev pkg-config gcc libc6-dev
fi

out=${CARGO_TARGET_DIR:-../../target}/differential
mkdir -p "$out"

build() {
    local flags
    read -ra flags <<<"$(pkg-config --cflags --libs "$2")"
    "${CC:-cc}" -std=c11 -O2 -Wall -Wextra -Werror -o "$out/$1" "c/$1.c" "${flags[@]}"
}

build glib-keyfile glib-2.0
build glib-markup glib-2.0
build libxml2-accept libxml-2.0
echo "built with GLib $(pkg-config --modversion glib-2.0), libxml2 $(pkg-config --modversion libxml-2.0): $out"
