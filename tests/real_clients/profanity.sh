# shellcheck shell=bash disable=SC2034,SC2154
# Profanity: commands are typed, and its screen tells.
NEEDS_profanity="profanity tmux"
RULES_profanity=(encryption-optional encryption-disabled legacy-login password-stored room-service-on-account-domain
    end-to-end-blind-trust)

version_profanity() { HOME=$home profanity --version; }
make_profanity() {
    mkdir -p "$home/.local/share/profanity" "$home/.config/profanity"
    cp fixtures/profanity/samples/accounts-0.13.1-insecure "$home/.local/share/profanity/accounts"
    cp fixtures/profanity/samples/profrc-0.13.1-many-settings "$home/.config/profanity/profrc"
    chmod 600 "$home/.local/share/profanity/accounts" "$home/.config/profanity/profrc"
    touch "$WORK/started"
}
start_profanity() { start_in_terminal profanity; }
shows_profanity() {
    press '/account show alice@riseup.net' Enter
    sleep 0.5
    on_screen 'jid               : alice@riseup.net'
}
reads_profanity() { on_screen 'TLS policy        : force' && ! on_screen 'Auth policy       : legacy'; }
# It writes its settings when it starts; the accounts it leaves alone until one of them changes.
settled_profanity() { [ "$home/.config/profanity/profrc" -nt "$WORK/started" ]; }
save_profanity() {
    press '/account set alice@riseup.net nick saved-by-profanity' Enter
    press '/beep on' Enter '/save' Enter
}
saved_profanity() {
    grep -qF muc.nick=saved-by-profanity "$home/.local/share/profanity/accounts" &&
        grep -qF beep=true "$home/.config/profanity/profrc"
}
quit_profanity() { press '/quit' Enter; }
