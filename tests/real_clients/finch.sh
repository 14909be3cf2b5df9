# shellcheck shell=bash disable=SC2034,SC2154
# Finch: libpurple in a terminal. It has no interface for others, so its screen tells.
NEEDS_finch="finch tmux"
RULES_finch=(encryption-optional cleartext-login-allowed password-stored room-on-account-domain room-address-malformed
    room-password-stored)

version_finch() { HOME=$home finch --version; }
make_finch() { make_purple; }
start_finch() { start_in_terminal finch; }
shows_finch() { on_screen 'alice@riseup.net/laptop'; }
# Five seconds after its start it saves all by itself.
settled_finch() { [ "$home/.purple/accounts.xml" -nt "$WORK/started" ]; }
save_finch() { :; }
saved_finch() { [ "$home/.purple/accounts.xml" -nt "$WORK/fixed" ] && [ "$home/.purple/blist.xml" -nt "$WORK/fixed" ]; }
quit_finch() { press M-q; }

# The folder of libpurple, as Pidgin wrote it.
make_purple() {
    mkdir -m 700 "$home/.purple"
    local samples=fixtures/pidgin/samples
    cp "$samples/accounts-gui-two-accounts-opportunistic-tor.xml" "$home/.purple/accounts.xml"
    cp "$samples/prefs-defaults.xml" "$home/.purple/prefs.xml"
    cp "$samples/blist-written-by-client.xml" "$home/.purple/blist.xml"
    cp "$samples/status.xml" "$home/.purple/status.xml"
    chmod 600 "$home"/.purple/*
    touch "$WORK/started"
}
