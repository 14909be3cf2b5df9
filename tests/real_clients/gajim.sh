# shellcheck shell=bash disable=SC2034,SC2154
# Gajim: its actions on the session bus are named after its accounts.
NEEDS_gajim="gajim Xvfb"
RULES_gajim=(encryption-disabled password-stored keyring-disabled proxy-password-stored)

version_gajim() { HOME=$home gajim --version; }
make_gajim() {
    mkdir -p "$home/.config/gajim"
    cp fixtures/gajim/samples/1.7-many-problems.sqlite "$home/.config/gajim/settings.sqlite"
    chmod 600 "$home/.config/gajim/settings.sqlite"
}
start_gajim() { start gajim; }
actions_gajim() { call org.gajim.Gajim /org/gajim/Gajim "org.gtk.Actions.$1" "${@:2}"; }
shows_gajim() { actions_gajim List 2>/dev/null | grep -qF "'example.org1-add-contact'"; }
# With the first attempt to connect it writes the account's status.
settled_gajim() { saved_gajim; }
save_gajim() { :; }
saved_gajim() { settings_of example.org1 | grep -qF '"last_status": "online"'; }
quit_gajim() { actions_gajim Activate quit '[]' '{}' >/dev/null; }

settings_of() {
    python3 - "$home/.config/gajim/settings.sqlite" "$1" <<'PYTHON'
import sqlite3, sys
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print(*database.execute("SELECT settings FROM account_settings WHERE account = ?", sys.argv[2:]).fetchone())
PYTHON
}
