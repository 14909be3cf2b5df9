# shellcheck shell=bash disable=SC2034,SC2154
# Profanity: commands are typed, and its screen tells.
NEEDS_profanity="profanity tmux"
RULES_profanity=(encryption-optional encryption-disabled legacy-login password-stored room-service-on-account-domain)

version_profanity() { HOME=$home profanity --version; }
make_profanity() {
    mkdir -p -m 700 "$home/.local/share/profanity"
    cp fixtures/profanity/samples/accounts-0.13.1-insecure "$home/.local/share/profanity/accounts"
    chmod 600 "$home/.local/share/profanity/accounts"
}
start_profanity() { start_in_terminal profanity; }
shows_profanity() {
    press '/account show alice@riseup.net' Enter
    sleep 0.5
    on_screen 'jid               : alice@riseup.net'
}
reads_profanity() { on_screen 'TLS policy        : force' && ! on_screen 'Auth policy       : legacy'; }
settled_profanity() { :; }
save_profanity() { press '/account set alice@riseup.net nick saved-by-profanity' Enter; }
saved_profanity() { grep -qF muc.nick=saved-by-profanity "$home/.local/share/profanity/accounts"; }
quit_profanity() { press '/quit' Enter; }
