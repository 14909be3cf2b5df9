# shellcheck shell=bash
# The way of every client, from the faulty profile to the one that it has saved itself. Each client's file says how that
# one is started, asked and quit: make_X, start_X, shows_X, save_X, saved_X, quit_X, and in RULES_X which findings are put
# right; and how it can be asked what it makes of the setting, reads_X, where it can.

failures=0
rows=()

# A session bus, and a display if there is a server for one.
open_session() {
    export XDG_RUNTIME_DIR=$WORK/run DBUS_SESSION_BUS_ADDRESS=unix:path=$WORK/bus NO_AT_BRIDGE=1 GTK_A11Y=none
    mkdir -m 700 "$XDG_RUNTIME_DIR"
    dbus-daemon --session --nofork --nopidfile --address="$DBUS_SESSION_BUS_ADDRESS" 2>"$WORK/bus.log" &
    bus=$! display=
    wait_for 10 test -S "$WORK/bus"
    if [ -z "$(missing Xvfb)" ]; then
        Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3>"$WORK/display" >"$WORK/display.log" 2>&1 &
        display=$!
        wait_for 10 test -s "$WORK/display"
        DISPLAY=:$(<"$WORK/display")
        export DISPLAY
    fi
}

# The server of the display takes its files away with it.
close_session() {
    kill "$bus"
    if [ -n "$display" ]; then
        kill "$display"
        wait "$display" || true
    fi
}

# wait_for SECONDS COMMAND... : until the command succeeds
wait_for() {
    local tries=$(($1 * 5))
    shift
    until "$@"; do
        [ $((tries -= 1)) -gt 0 ] || return 1
        sleep 0.2
    done
}

# In a terminal of its own: start_in_terminal COMMAND...
start_in_terminal() {
    tmux -S "$WORK/terminal" -f /dev/null new-session -d -x 120 -y 45 "env -u TMUX HOME='$home' $*"
    pid=$(tmux -S "$WORK/terminal" display-message -p '#{pane_pid}' 2>/dev/null) || pid=0
}
start() {
    HOME=$home "$@" >"$WORK/client.log" 2>&1 &
    pid=$!
}
press() { tmux -S "$WORK/terminal" send-keys "$@" 2>/dev/null; }
screen() { tmux -S "$WORK/terminal" capture-pane -p 2>/dev/null; }
on_screen() { screen | grep -qF -- "$1"; }
in_log() { grep -qF -- "$1" "$WORK/client.log"; }
runs() { [ "$pid" != 0 ] && [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null; }
has_ended() { ! runs; }
# call NAME PATH METHOD ARGUMENT... : a method of a program on the bus
call() { HOME=$home gdbus call --timeout 10 --session --dest "$1" --object-path "$2" --method "$3" "${@:4}"; }

# audited : every finding, one a line
audited() {
    local code=0
    ./xmpp-audit check --home "$home" --min-severity info --output-format concise >"$WORK/audit" 2>"$WORK/audit.log" || code=$?
    [ $code -le 1 ] || { cat "$WORK/audit.log"; return 1; }
    cat "$WORK/audit"
}
# Which of these rules find something.
found() {
    local rule all
    all=$(audited)
    for rule in "$@"; do grep -qF "[$rule]" <<<"$all" && printf '%s ' "$rule"; done
    true
}
fix() { # EXIT-CODE OPTION... : whether the repair ends so
    local code=0
    ./xmpp-audit fix --home "$home" --yes --unsafe "${@:2}" >"$WORK/fix.log" 2>&1 </dev/null || code=$?
    [ $code = "$1" ] || { echo "    fix ended with $code, not $1:" && tail -n 15 "$WORK/fix.log" | sed 's/^/    /' && return 1; }
}

fresh_home() {
    home=$WORK/home
    rm -rf "$home"
    mkdir -m 700 "$home"
    "make_$1"
}
says_no_more() { # CLIENT
    local rest rules="RULES_$1[@]"
    rest=$(found "${!rules}")
    [ -z "$rest" ] || { echo "    still found: $rest" && return 1; }
}
says_all() { # CLIENT
    local rest rules="RULES_$1[*]"
    # shellcheck disable=SC2086
    rest=$(found ${!rules})
    [ "$rest" = "${!rules} " ] || { echo "    found: $rest; expected: ${!rules}" && return 1; }
}

refuses() { # CLIENT : with the client running nothing is changed
    local before after
    before=$(audited)
    fix 5 || return 1
    after=$(audited)
    [ "$before" = "$after" ] || { echo "    something has changed" && return 1; }
}

used() { # CLIENT : so that its files are as it leaves them
    "start_$1"
    wait_for 30 "shows_$1" || return 1
    wait_for 20 "settled_$1" || return 1
    "quit_$1"
    wait_for 20 has_ended
}

# step NAME COMMAND... : a step of the way, with its outcome for the table
step() {
    local name=$1
    shift
    if "$@"; then
        row+=("yes")
        return
    fi
    echo "  FAILED: $client: $name"
    row+=("NO")
    failures=$((failures + 1))
    return 1
}

way() { # CLIENT : each step needs those before it
    client=$1
    fresh_home "$client"
    step "faults are found" says_all "$client" || return
    "start_$client"
    step "the client starts with the faulty profile" wait_for 30 "shows_$client" || return
    step "it has written what it writes at its start" wait_for 20 "settled_$client" || return
    step "fix refuses while it runs" refuses "$client" || return
    step "fix does it if told to" fix 0 --even-if-running || return
    step "and nothing is found" says_no_more "$client" || return
    stop "$client"
    fresh_home "$client"
    step "the client uses the faulty profile and is quit" used "$client" || return
    step "fix puts the files right" fix 0 || return
    step "nothing is found" says_no_more "$client" || return
    touch "$WORK/fixed"
    "start_$client"
    step "the client starts with the fixed profile and shows the account" wait_for 30 "shows_$client" || return
    if declare -F "reads_$client" >/dev/null; then
        step "it takes the setting as it was meant" "reads_$client" || return
    else
        row+=("-")
    fi
    "save_$client"
    step "it saves" wait_for 20 "saved_$client" || return
    "quit_$client"
    step "it ends when it is quit" wait_for 20 has_ended || return
    step "its own save keeps the fix" says_no_more "$client"
}

# By force, if need be.
stop() {
    runs || return 0
    "quit_$1" >/dev/null 2>&1 || true
    wait_for 10 has_ended || { kill -9 "$pid" && wait_for 5 has_ended; } || true
}

try() { # CLIENT
    local needs="NEEDS_$1" lacking
    # shellcheck disable=SC2086
    lacking=$(missing ${!needs})
    if [ -n "$lacking" ]; then
        rows+=("$1|-|skipped: without $lacking")
        return
    fi
    row=() pid=0
    home=$WORK/home
    mkdir -p "$home"
    local version
    version=$("version_$1" 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1) || version="?"
    echo "$1 $version"
    : >"$WORK/client.log"
    way "$1" || { screen || tail -n 8 "$WORK/client.log"; } | grep -v '^ *$' | cut -c1-200 | sed 's/^/    /' || true
    stop "$1"
    rows+=("$1|$version|${row[*]}")
}

print_table() {
    printf '\n%-10s %-8s %s\n' client version \
        'faults starts settles refuses forced gone | used fixed gone shows reads saves quits keeps'
    local line name version steps
    for line in "${rows[@]}"; do
        IFS='|' read -r name version steps <<<"$line"
        case $steps in
        skipped*) printf '%-10s %-8s %s\n' "$name" "$version" "$steps" ;;
        *)
            # shellcheck disable=SC2086
            set -- $steps
            printf '%-10s %-8s %-6s %-6s %-7s %-7s %-6s %-4s | %-4s %-5s %-4s %-5s %-5s %-5s %-5s %s\n' "$name" "$version" \
                "${1--}" "${2--}" "${3--}" "${4--}" "${5--}" "${6--}" "${7--}" "${8--}" "${9--}" "${10--}" "${11--}" "${12--}" "${13--}" "${14--}"
            ;;
        esac
    done
}
