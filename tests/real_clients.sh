#!/usr/bin/env bash
# Hands what `xmpp-audit fix` has written to the real clients: each starts with it, shows the account, and its own next
# save keeps it. And with the client running `fix` refuses, and does it all the same if it is told to.
#
#   tests/real_clients.sh                  every client that is installed
#   tests/real_clients.sh finch dino       only these
#
# XMPP_AUDIT   the program; target/debug/xmpp-audit if it is not set
#
# Wants pidgin, finch, profanity, gajim, dino-im; tmux, Xvfb, dbus-daemon, gdbus, python3, util-linux. What is missing is
# said, and skipped. Homes are scratch; clients run in a network of their own with nothing in it but loopback, among
# processes of their own that all end with the script, and never as the superuser. Takes about three minutes.
set -euo pipefail

ALL=(finch pidgin profanity gajim dino)

# Which of these programs are not there.
missing() {
    local name
    for name in "$@"; do command -v "$name" >/dev/null || printf '%s ' "$name"; done
}

# Out here: everything is copied to where another user may read it, and the script starts itself inside.
outside() {
    cd "$(dirname "$0")/.."
    local lacking program=${XMPP_AUDIT:-target/debug/xmpp-audit}
    lacking=$(missing unshare setpriv dbus-daemon gdbus tmux python3)
    if [ -n "$lacking" ]; then
        echo "skipped: without $lacking"
        return
    fi
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cp -r fixtures tests/real_clients tests/real_clients.sh "$work"
    cp "$program" "$work/xmpp-audit"
    # Who may read what in a home depends on the folders above it.
    chmod 711 "$work"
    local enter=(unshare --net --pid --fork --kill-child --mount-proc)
    # The superuser becomes nobody in particular; anybody else gets a namespace in which he may do this, and is
    # himself again within.
    local become=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    if [ "$(id -u)" != 0 ]; then
        enter+=(--map-root-user)
        become=(unshare --user "--map-user=$(id -u)" "--map-group=$(id -g)")
    fi
    if ! "${enter[@]}" "${become[@]}" true 2>"$work/refused"; then
        echo "skipped: no network and processes apart can be had: $(tail -n 1 "$work/refused")"
        return
    fi
    [ "$(id -u)" != 0 ] || chown -R 65534:65534 "$work"
    # shellcheck disable=SC2016
    "${enter[@]}" sh -c 'ip link set lo up 2>/dev/null; exec "$@"' sh "${become[@]}" \
        env -i PATH="$PATH" SHELL=/bin/sh XDG_STATE_HOME="$work/state" TERM=screen-256color LANG=C.UTF-8 WORK="$work" \
        bash "$work/real_clients.sh" --inside "$@" </dev/null
}

# In here: number one of a list of processes of its own.
inside() {
    # shellcheck disable=SC2153
    cd "$WORK"
    for client in "${ALL[@]}"; do
        # shellcheck source=/dev/null
        . "real_clients/$client.sh"
    done
    # shellcheck source=/dev/null
    . real_clients/steps.sh
    open_session
    local client
    for client in "$@"; do try "$client"; done
    close_session
    print_table
    # shellcheck disable=SC2154
    [ "$failures" = 0 ]
}

if [ "${1-}" = --inside ]; then
    shift
    inside "$@"
else
    for client in "$@"; do
        [[ " ${ALL[*]} " = *" $client "* ]] || { echo "no client: $client (${ALL[*]})" >&2; exit 2; }
    done
    [ $# != 0 ] || set -- "${ALL[@]}"
    outside "$@"
fi
