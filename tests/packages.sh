#!/usr/bin/env bash
# Builds everything that people install, and uses each as they would: the wheel in a fresh environment, the Debian
# package installed, the static program, the hooks run by pre-commit, the pipelines of GitHub and GitLab. Says what
# passed, and what was skipped because this machine lacks a tool. Takes long: the programs are built as for a release.
#
#   tests/packages.sh                      everything
#   PROFILE=dev tests/packages.sh wheel    quickly, to try this script: of musl, deb and wheel only the last
#
# Wants python3 with venv and PyYAML, maturin, pre-commit, cargo-deb, musl-gcc, dpkg, man, mandoc, lintian; the network
# only for what pip and pre-commit fetch to build a wheel. Installing the package needs root, and removes it again.
set -euo pipefail
cd "$(dirname "$0")/.."

profile=${PROFILE:-release}
export PROFILE=$profile
target=${CARGO_TARGET_DIR:-$PWD/target}
built=$target/$([ "$profile" = dev ] && echo debug || echo "$profile")
export MATURIN_PEP517_ARGS="--profile $profile"
packages=$PWD/target/package
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

say() { printf '\n== %s\n' "$*"; }
passed() { printf 'passed: %s\n' "$*"; }
skipped() { printf 'skipped: %s\n' "$*"; }
wrong() { printf 'FAILED: %s\n' "$*"; failed=1; }
has() { command -v "$1" >/dev/null; }

# What every program must be able to do: find what is wrong, and pass what is right.
weak=$work/weak sound=$work/sound
mkdir -p "$weak/dot_local/share/profanity" "$sound/dot_local/share/profanity"
printf '[alice@example.org]\nenabled=true\njid=alice@example.org\ntls.policy=allow\n' \
    >"$weak/dot_local/share/profanity/accounts"
sed s/allow/force/ "$weak/dot_local/share/profanity/accounts" >"$sound/dot_local/share/profanity/accounts"
printf '%s\n' "# Dotfiles" | tee "$weak/README.md" >"$sound/README.md"

works() { # NAME PROGRAM
    local code=0 told
    told=$("$2" check --output-format concise "$weak") || code=$?
    case $code:$told in
    1:*encryption-optional*) ;;
    *) wrong "$1: exit code $code for what is weak: $told" && return ;;
    esac
    "$2" check -q "$sound" || { wrong "$1: exit code $? for what is sound" && return; }
    "$2" explain encryption-optional >"$work/page" && [ -s "$work/page" ] || { wrong "$1: explains nothing" && return; }
    passed "$1: $("$2" --version)"
}

repository() { # FOLDER: makes it a git repository in which everything is staged
    git init -q "$1"
    git -C "$1" add --all
}

say "building"
.ci/package "$@"

say "the static program"
static=$(find "$packages" -name 'xmpp-audit-*-musl')
if [ -z "$static" ]; then
    skipped "the static program was not built"
elif ldd "$static" >"$work/ldd" 2>&1 && ! grep -q "statically linked" "$work/ldd"; then
    wrong "$(basename "$static") needs libraries: $(cat "$work/ldd")"
else
    mkdir "$work/root"
    cp "$static" "$work/root/xmpp-audit"
    works "static program" "$work/root/xmpp-audit"
    if [ "$(id -u)" = 0 ]; then
        # Nothing but the program: no library, no locale, no time zone.
        mkdir "$work/root/tmp" && cp -r "$weak" "$work/root/weak"
        code=0
        chroot "$work/root" /xmpp-audit check -q /weak >"$work/told" || code=$?
        if [ $code = 1 ]; then passed "static program alone in a root"; else wrong "static program alone: $code"; fi
    fi
fi

say "the wheel"
wheel=$(find "$packages" -name '*.whl')
if [ -z "$wheel" ]; then
    skipped "the wheel was not built"
else
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-index "$wheel"
    works "wheel $(basename "$wheel")" "$work/venv/bin/xmpp-audit"
fi

say "the Debian package"
deb=$(find "$packages" -name '*.deb')
if [ -z "$deb" ]; then
    skipped "the Debian package was not built"
else
    if has lintian && [ "$profile" != dev ]; then
        # Nobody asked Debian for the package yet, and the maintainers have no address of their own.
        told=$(lintian --allow-root --fail-on error,warning \
            --suppress-tags initial-upload-closes-no-bugs,bogus-mail-host,bogus-mail-host-in-debian-changelog \
            "$deb" 2>&1) && passed "lintian" || wrong "lintian: $told"
    else
        skipped "lintian is not here, or this is no release"
    fi
    if [ "$(id -u)" != 0 ]; then
        skipped "installing the package needs root"
    elif dpkg-query --status xmpp-audit >/dev/null 2>&1; then
        skipped "the package is installed already"
    else
        dpkg --install "$deb" >"$work/dpkg"
        works "Debian package" /usr/bin/xmpp-audit
        if has man; then
            for page in xmpp-audit xmpp-audit-check xmpp-audit-policy-show; do
                MANPAGER=cat MANWIDTH=80 man --warnings "$page" >"$work/man" 2>"$work/warnings"
                grep -q '^EXIT STATUS' "$work/man" && [ ! -s "$work/warnings" ] ||
                    wrong "man $page: $(cat "$work/warnings")"
            done
            man -k xmpp-audit-check >/dev/null 2>&1 || mandb --quiet 2>/dev/null || true
            passed "man xmpp-audit, man xmpp-audit-check"
        fi
        dpkg --listfiles xmpp-audit | grep -q /fish/ && passed "completions are where the shells look"
        dpkg --remove xmpp-audit >"$work/dpkg"
        if has xmpp-audit && [ "$(command -v xmpp-audit)" = /usr/bin/xmpp-audit ]; then
            wrong "the package left its program behind"
        else
            passed "the package was removed again"
        fi
    fi
fi

say "manual pages"
if has mandoc; then
    # A page with a date would be another in each build.
    told=$(mandoc -T lint -W warning "$packages"/man/*.1 | grep -v "missing date" || true)
    if [ -z "$told" ]; then passed "mandoc"; else wrong "mandoc: $told"; fi
else
    skipped "there is no mandoc"
fi

say "hooks"
hooked() { # NAME COMMAND...: the hook stops what is weak, and lets pass what is sound and what is nobody's
    local name=$1 code=0 told
    shift
    told=$(cd "$weak" && "$@" 2>&1) || code=$?
    case $code:$told in
    1:*encryption-optional*) ;;
    *) wrong "$name: exit code $code for what is weak: $told" && return ;;
    esac
    told=$(cd "$sound" && "$@" 2>&1) || { wrong "$name: exit code $? for what is sound: $told" && return; }
    case $told in *Passed*) ;; *) wrong "$name looked at nothing: $told" && return ;; esac
    told=$(cd "$empty" && "$@" 2>&1) || { wrong "$name: exit code $? without files: $told" && return; }
    passed "$name"
}
if ! has pre-commit; then
    skipped "there is no pre-commit"
else
    export PRE_COMMIT_HOME=$work/pre-commit
    empty=$work/empty
    mkdir "$empty"
    cp README.md "$empty/"
    for folder in "$weak" "$sound" "$empty"; do repository "$folder"; done
    pre-commit validate-manifest .pre-commit-hooks.yaml && passed "the hooks' manifest"

    # pre-commit copies a repository at a commit: here what is in this folder now, committed or not.
    source=$work/source
    mkdir "$source"
    git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$source"
    repository "$source"
    git -C "$source" -c user.name=x -c user.email=x@example.org commit -q -m "For a test"
    revision=$(git -C "$source" rev-parse HEAD)

    if has xmpp-audit; then
        skipped "xmpp-audit-system: there is an xmpp-audit already"
    else
        PATH=$built:$PATH \
            hooked "hook xmpp-audit-system" pre-commit try-repo "$source" xmpp-audit-system --ref "$revision" --all-files
    fi
    if [ -n "$wheel" ]; then
        # As somebody without Rust would: a hook of his own that installs the wheel.
        {
            printf 'repos:\n- repo: local\n  hooks:\n'
            sed -n '/^- id: xmpp-audit$/,/^$/p' .pre-commit-hooks.yaml | sed 's/^/  /'
            printf '    additional_dependencies: ["%s"]\n' "$wheel"
        } >"$work/config.yaml"
        hooked "local hook with the wheel, without Rust" env PATH="$(dirname "$(command -v pre-commit)"):/usr/bin:/bin" \
            pre-commit run --config "$work/config.yaml" --all-files
    fi
    if has maturin; then
        # Built from a copy of the sources, beside a copy of what was built: cargo would take one for the other.
        mkdir "$work/target"
        cp -a "$built" "$work/target/"
        CARGO_TARGET_DIR=$work/target hooked "hook xmpp-audit" pre-commit try-repo "$source" xmpp-audit --ref "$revision" --all-files
    else
        skipped "hook xmpp-audit: there is no maturin"
    fi
fi

say "pipelines"
if python3 -c "import yaml" 2>/dev/null; then
    python3 tests/packages/pipelines.py "$built/xmpp-audit" ${wheel:+"$wheel"} || wrong "pipelines"
else
    skipped "python3 has no PyYAML"
fi
if has check-jsonschema; then
    check-jsonschema --builtin-schema vendor.github-actions action.yml && passed "action.yml keeps to its schema"
else
    skipped "there is no check-jsonschema"
fi
if has zizmor; then
    zizmor --offline --quiet action.yml && passed "zizmor has nothing against action.yml"
else
    skipped "there is no zizmor"
fi

say "$([ $failed = 0 ] && echo "all passed that could be tried" || echo "something failed")"
exit $failed
