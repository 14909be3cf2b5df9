# shellcheck shell=bash disable=SC2034,SC2154
# Pidgin: it answers questions on the session bus.
NEEDS_pidgin="pidgin Xvfb"
RULES_pidgin=("${RULES_finch[@]}")

version_pidgin() { HOME=$home pidgin --version; }
make_pidgin() { make_purple; }
start_pidgin() { start pidgin --debug; }
purple() { call im.pidgin.purple.PurpleService /im/pidgin/purple/PurpleObject "im.pidgin.purple.PurpleInterface.$1" "${@:2}"; }
number() { grep -oE '[0-9]+' | tail -n 1; }
shows_pidgin() {
    account=$(purple PurpleAccountsFindAny alice@riseup.net/laptop prpl-jabber 2>/dev/null | number) || return 1
    [ "${account:-0}" != 0 ]
}
settled_pidgin() { [ "$home/.purple/accounts.xml" -nt "$WORK/started" ]; }
reads_pidgin() { purple PurpleAccountGetString "$account" connection_security none | grep -qF "'require_tls'"; }
# With the next save an alias stands beside the setting, and a group in the list of rooms.
save_pidgin() {
    purple PurpleAccountSetAlias "$account" saved-by-pidgin >/dev/null
    local group
    group=$(purple PurpleGroupNew added-by-pidgin | number)
    purple PurpleBlistAddGroup "$group" 0 >/dev/null
}
saved_pidgin() {
    grep -qF saved-by-pidgin "$home/.purple/accounts.xml" && grep -qF added-by-pidgin "$home/.purple/blist.xml"
}
quit_pidgin() { purple PurpleCoreQuit >/dev/null; }
