#!/usr/bin/env bash
# Makes reports with the built program and hands them to programs that read them, each from a package registry.
#
#   tests/validators.sh             every format that has a function below
#   tests/validators.sh sarif       only this one
#
# XMPP_AUDIT    the program; target/debug/xmpp-audit if it is not set
# NODE_MODULES  a node_modules folder with the validators in it; else npm installs them for this run
#
# Where a tool is missing the script says “skipped” and why, and goes on. What it finds wrong makes it fail.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${XMPP_AUDIT:-target/debug/xmpp-audit}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

ok() { printf 'ok       %s\n' "$*"; }
skipped() { printf 'skipped  %s\n' "$*"; }
failed() {
    printf 'FAILED   %s\n' "$*"
    failures=$((failures + 1))
}

# report FORMAT FILE ARGUMENT... : writes a report. What was found does not matter here, that it was written does.
report() {
    local format=$1 file=$2 exit=0
    shift 2
    "$program" check --output-format "$format" "$@" >"$file" || exit=$?
    case $exit in
    0 | 1 | 3 | 4) ;;
    *)
        failed "$format: the program ended with $exit for: $*"
        return 1
        ;;
    esac
}

# Something of every kind: the fixtures in both languages, by a policy, nothing wrong, something unreadable, nothing
# at all. Sets the array `reports`.
make_reports() {
    local format=$1 ending=$2
    mkdir -p "$work/unreadable/.purple" "$work/empty"
    ln -sfn nowhere "$work/unreadable/.purple/accounts.xml"
    reports=()
    make() {
        local file="$work/$format-$1.$ending"
        shift
        if report "$format" "$file" "$@"; then reports+=("$file"); fi
    }
    make fixtures fixtures --min-severity info
    make french fixtures --min-severity info --lang fr
    make strict fixtures --policy strict
    make one-rule fixtures --select encryption-optional
    make unreadable "$work/unreadable"
    make empty "$work/empty"
}

# node_module PACKAGE VERSION : the folder of an npm package, installed for this run if it has to be. Sets `module`.
node_module() {
    module="${NODE_MODULES:-$work/npm/node_modules}/$1"
    [ -d "$module" ] && return
    command -v npm >/dev/null || return 1
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$work/npm" "$1@$2" >"$work/npm.log" 2>&1 || return 1
    module="$work/npm/node_modules/$1"
    [ -d "$module" ]
}

# --- sarif -----------------------------------------------------------------------------------------------------------

# What the validator may say, and why we do as we do. An error is never right.
sarif_accepted=(
    SARIF2002 # wants identifiers for messages: ours are written for each case
    SARIF2003 # wants the repository and commit: nothing is told about the machine or what else lies there
    SARIF2006 # wants to fetch the schema of the report from the network
    SARIF2009 # wants rules called CS2001: ours have names that say something
    SARIF2010 # wants the lines themselves: passwords may stand in them
    SARIF2011 # the same, and the lines around them
    SARIF2012 # wants an address for each rule: its whole page is in the report
)
# Wants the address of the project, which is told as soon as the manifest has one.
grep -q '^repository' Cargo.toml || sarif_accepted+=(SARIF2005)

# sarif_complaints FILE : what the validator says and we do not accept. It ends with 0 whatever it has found.
sarif_complaints() {
    local said="$1.txt" accepted
    "$multitool" validate "$1" --rule-kind "Sarif;Gh" --level "Error;Warning;Note" >"$said" 2>&1 || true
    grep -q 'Analysis completed successfully' "$said" || echo "the validator did not get to the end"
    accepted=$(IFS='|' && echo "${sarif_accepted[*]}")
    grep -E ': (error|warning|note) [A-Z]+[0-9]+: ' "$said" | grep -vE ": (warning|note) ($accepted): " || true
}

validate_sarif() {
    local platform reports file complaints
    case $(uname -s) in
    Linux) platform=linux ;;
    Darwin) platform=darwin ;;
    *)
        skipped "sarif: no validator for $(uname -s)"
        return
        ;;
    esac
    if ! node_module "@microsoft/sarif-multitool-$platform" 5.7.0; then
        skipped "sarif: npm is missing, or cannot install @microsoft/sarif-multitool-$platform"
        return
    fi
    multitool="$module/Sarif.Multitool"
    chmod +x "$multitool" 2>/dev/null || true
    make_reports sarif sarif
    # A validator that lets everything pass proves nothing.
    sed 's/"startLine": [0-9]*/"startLine": 0/' "$work/sarif-fixtures.sarif" >"$work/sarif-spoilt.sarif"
    if [ -z "$(sarif_complaints "$work/sarif-spoilt.sarif")" ]; then
        failed "sarif: the validator takes a spoilt report"
    fi
    for file in "${reports[@]}"; do
        complaints=$(sarif_complaints "$file")
        if [ -z "$complaints" ]; then
            ok "$(basename "$file"): $(grep -c '"ruleId"' "$file" || true) results"
        else
            failed "$(basename "$file")"
            printf '%s\n' "$complaints" | head -20
        fi
    done
}

# --- every format that has a function ----------------------------------------------------------------------------------

# A format is a function `validate_FORMAT` above: it makes its reports with `make_reports FORMAT ENDING`, says `ok`,
# `skipped` or `failed` of each, and is found by its name.
[ -x "$program" ] || {
    echo "there is no $program: cargo build" >&2
    exit 2
}
if [ $# -gt 0 ]; then
    formats=("$@")
else
    # shellcheck disable=SC2207 # names of functions hold no blanks; mapfile is younger than some bashes
    formats=($(declare -F | sed -n 's/^declare -f validate_//p'))
fi
for format in "${formats[@]}"; do
    if declare -F "validate_$format" >/dev/null; then
        "validate_$format"
    else
        failed "$format: no validator is known"
    fi
done
[ "$failures" -eq 0 ]
