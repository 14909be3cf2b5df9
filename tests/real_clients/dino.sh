# shellcheck shell=bash disable=SC2034,SC2154
# Dino: it says which server it tries to reach, and opens conversations that it is asked to open.
NEEDS_dino="dino-im Xvfb"
RULES_dino=(conversation-unencrypted readable-by-others)

version_dino() { HOME=$home dino-im --version; }
make_dino() {
    mkdir -p "$home/.local/share/dino"
    cp fixtures/dino/samples/v26-dino-0.4-observed-clean/*.db "$home/.local/share/dino"
    chmod 644 "$home"/.local/share/dino/*.db
    chmod 755 "$home"
}
start_dino() { start dino-im; }
actions_dino() { call im.dino.Dino /im/dino/Dino "org.gtk.Actions.$1" "${@:2}"; }
shows_dino() { in_log 'session with riseup.net:5222' && actions_dino List >/dev/null 2>&1; }
# It writes into the log of its database when it starts.
settled_dino() { [ -s "$home/.local/share/dino/dino.db-wal" ]; }
# The first conversation was closed. Opened again, its row is written.
save_dino() { actions_dino Activate open-conversation '[<int32 1>]' '{}' >/dev/null; }
saved_dino() { [ "$(is_active)" = 1 ]; }
quit_dino() { actions_dino Activate quit '[]' '{}' >/dev/null; }

is_active() {
    python3 - "$home/.local/share/dino/dino.db" <<'PYTHON'
import sqlite3, sys
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print(*database.execute("SELECT active FROM conversation WHERE id = 1").fetchone())
PYTHON
}
