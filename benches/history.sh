#!/bin/sh
# Times `xmpp-audit check --history` on a repository of many commits, beside `git log -p | grep` and peers that search
# histories for secrets: gitleaks and trufflehog3, where they are in PATH. Needs git and hyperfine.
#
#   cargo build --release && benches/history.sh [PROGRAM [COMMITS]]
#
# The repository is of dotfiles: most commits change something else, every tenth a file of a client, and eight
# passwords are planted, each in one commit, and taken out again. All commands run in one hyperfine run, one after the
# other, on the same repository; the ratios are what counts. What each of them found is printed as well: a fast
# search that finds nothing is no good.
set -eu

program=${1:-target/release/xmpp-audit}
commits=${2:-10000}

missing() {
    echo "skipped: $1 is not installed"
    exit 0
}
command -v git >/dev/null || missing git
command -v hyperfine >/dev/null || missing hyperfine
[ -x "$program" ] || { echo "skipped: there is no $program: cargo build --release"; exit 0; }
program=$(realpath "$program")

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
repository=$folder/dotfiles

# A stream for git fast-import: files of a shell, an editor and two clients.
stream() {
    awk -v commits="$commits" '
    function data(text) { printf "data %d\n%s\n", length(text), text }
    function file(path, text) { printf "M 100644 inline %s\n", path; data(text) }
    function pidgin(number, password,    text) {
        text = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n\n<account version=\"1.0\">\n\t<account>\n"
        text = text "\t\t<protocol>prpl-jabber</protocol>\n\t\t<name>alice@example.org/</name>\n"
        if (password != "") text = text "\t\t<password>" password "</password>\n"
        text = text "\t\t<settings>\n\t\t\t<setting name=\"port\" type=\"int\">" number "</setting>\n"
        return text "\t\t</settings>\n\t</account>\n</account>\n"
    }
    function profanity(number, password,    text) {
        text = "[bob@example.org]\nenabled=true\njid=bob@example.org\ntls.policy=force\nport=" number "\n"
        return password == "" ? text : text "password=" password "\n"
    }
    BEGIN {
        step = int(commits / 8)
        for (number = 1; number <= commits; number++) {
            printf "commit refs/heads/main\ncommitter Alice <alice@example.org> %d +0000\n", 1500000000 + number * 3600
            data("change " number)
            password = number % step == 5 ? "canary-" int(number / step) : ""
            if (number % 10 == 5 || password != "" || number % step == 6) {
                if (int(number / step) % 2) file(".purple/accounts.xml", pidgin(number, password))
                else file(".local/share/profanity/accounts", profanity(number, password))
            } else {
                text = ""
                for (line = 1; line <= 40; line++) text = text "alias command" line "=\"program --option " (line == number % 40 ? number : line) "\"\n"
                file(number % 3 ? ".config/shell/aliases" number % 50 : ".config/editor/plugins/plugin" number % 200 "/settings", text)
            }
        }
    }'
}

git init -q -b main "$repository"
stream | git -C "$repository" fast-import --quiet
git -C "$repository" gc --quiet
git -C "$repository" checkout -q main
echo "$(git -C "$repository" rev-list --count main) commits, $(git -C "$repository" count-objects -v | sed -n 's/in-pack: //p') objects"

search="git -C $repository log -p --all | grep -cE '^\\+(.*<password>|password=)'"
found() { # NAME COMMAND: how many of the eight passwords it names or counts
    printf '%s: ' "$1"
    sh -c "$2" || true
}
found xmpp-audit "$program check --history $repository --select password-published --output-format concise --quiet | grep -c password-published"
found 'git log -p | grep' "$search"

set -- --warmup 1 --runs 5 --ignore-failure \
    --command-name 'xmpp-audit check --history' "$program check --history $repository" \
    --command-name 'git log -p | grep' "$search"
if command -v gitleaks >/dev/null; then
    leaks="gitleaks git --no-banner --redact --exit-code 0 $repository"
    found gitleaks "$leaks 2>&1 | grep -oE '(leaks found: [0-9]+|no leaks found)'"
    set -- "$@" --command-name gitleaks "$leaks"
fi
if command -v trufflehog3 >/dev/null; then
    hog="trufflehog3 --zero --no-current $repository"
    found trufflehog3 "$hog 2>/dev/null | wc -l"
    set -- "$@" --command-name trufflehog3 "$hog"
fi
hyperfine "$@" --export-csv "$folder/times.csv"
awk -F, 'NR == 2 { own = $2 } NR > 1 { printf "%-30s %8.3f s  %6.1f times\n", $1, $2, $2 / own }' "$folder/times.csv"
