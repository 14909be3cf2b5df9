//! Start-up files that betray their owner, and those that only look like it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

use xmpp_audit::clients::startup::Startup;
use xmpp_audit::clients::{Client, Found, HEAD};
use xmpp_audit::model::{Access, CommandEffect, Fault, LaunchEffect, Profile, Spot, Trouble};
use xmpp_audit::source::Reader;

const SHELL: &str = ".profile";
const FISH: &str = ".config/fish/config.fish";
const VARIABLES: &str = ".config/environment.d/10-tls.conf";
const PAM: &str = ".pam_environment";
const DESKTOP: &str = ".config/autostart/dino.desktop";
const SERVICE: &str = ".local/share/dbus-1/services/im.dino.Dino.service";
const UNIT: &str = ".config/systemd/user/chat.service";
const OVERRIDE: &str = ".local/share/flatpak/overrides/im.dino.Dino";

/// Reads one file of a home, as the place that fits its path says.
fn read(path: &str, content: &[u8]) -> Profile {
    let home = tempfile::tempdir().unwrap();
    let full = home.path().join(path);
    fs::create_dir_all(full.parent().unwrap()).unwrap();
    fs::write(&full, content).unwrap();
    Startup.read(&[found(home.path(), path)], &Reader::default().in_live_home())
}

fn found(home: &Path, path: &str) -> Found {
    let kind = Startup.recognise(Path::new(path), &[b' '; HEAD]).unwrap();
    Found { path: home.join(path), kind, home: Some(home.to_owned()) }
}

/// Client, word, and the text that is pointed at, of each finding.
fn launches(path: &str, content: &str) -> Vec<(&'static str, String, String)> {
    let profile = read(path, content.as_bytes());
    assert_eq!(profile.files.len(), usize::from(!profile.launches.is_empty()), "{content}");
    let launches = profile.launches.iter().map(|launch| {
        let Spot::Text(span) = launch.place.spot else { panic!("{launch:?}") };
        let effect = match launch.word.as_str() {
            "GIO_USE_TLS" | "GIO_MODULE_DIR" => LaunchEffect::TlsOff,
            "DINO_PLUGIN_DIR" => LaunchEffect::PluginFolder,
            "-d" | "--disable-tls" => LaunchEffect::TlsDisabled,
            option if option.starts_with('-') => LaunchEffect::StanzasLogged,
            _ => LaunchEffect::ProxyIgnored,
        };
        assert_eq!((launch.effect, launch.client_used), (effect, None));
        (launch.client.0, launch.word.clone(), content.get(span.start..span.end).unwrap().to_owned())
    });
    launches.collect()
}

fn assert_tls_off(path: &str, content: &str) {
    assert_eq!(launches(path, content), [("dino", "GIO_USE_TLS".to_owned(), "dummy".to_owned())], "{content}");
}

fn assert_prints(path: &str, content: &str) {
    let expected = [("dino", "--print-xmpp".to_owned(), "--print-xmpp".to_owned())];
    assert_eq!(launches(path, content), expected, "{content}");
}

fn assert_harmless(path: &str, content: &str) {
    assert_eq!(launches(path, content), [], "{content}");
}

#[test]
fn shells_that_switch_tls_off() {
    for script in [
        "export GIO_USE_TLS=dummy\n",
        "GIO_USE_TLS=dummy\nexport GIO_USE_TLS",
        "export EDITOR=vi GIO_USE_TLS='dummy' # why?",
        "if [ -n \"$DISPLAY\" ]; then export GIO_USE_TLS=\"dummy\"; fi",
        "[ -f x ] && export GIO_USE_TLS=dummy",
        "declare -x GIO_USE_TLS=dummy",
        "export \\\n  GIO_USE_TLS=dummy",
        "setenv GIO_USE_TLS dummy",
        "systemctl --user set-environment GIO_USE_TLS=dummy",
        "sh -c 'systemctl --user set-environment GIO_USE_TLS=dummy'",
        "dbus-update-activation-environment --systemd GIO_USE_TLS=dummy",
        "unset GIO_USE_TLS; export GIO_USE_TLS=dummy",
        "export GIO_USE_TLS=gnutls GIO_USE_TLS=dummy",
        "alias dino='GIO_USE_TLS=dummy dino-im'",
        "alias dino=\"env -u X GIO_USE_TLS=dummy torsocks dino\"",
        "alias ls='ls -l' dino='GIO_USE_TLS=dummy dino'",
        "chat() { GIO_USE_TLS=dummy command dino \"$@\"; }",
        "function chat {\n  env GIO_USE_TLS=dummy nice -n 5 /usr/bin/dino &\n}",
        "sh -c 'export GIO_USE_TLS=dummy; exec dino'",
        "sh -e -c 'GIO_USE_TLS=dummy exec dino'",
        "function chat { GIO_USE_TLS=dummy dino; }",
        "flatpak run --env=GIO_USE_TLS=dummy im.dino.Dino",
        "GIO_USE_TLS=dummy exec startxfce4",
        "echo don't\nexport GIO_USE_TLS=dummy\n",
        "cat > notes <<END\nthat's all\nEND\nexport GIO_USE_TLS=dummy\n",
    ] {
        assert_tls_off(SHELL, script);
    }
    let module_dir = |script: &str, value: &str| {
        assert_eq!(launches(SHELL, script), [("dino", "GIO_MODULE_DIR".to_owned(), value.to_owned())], "{script}");
    };
    module_dir("export GIO_MODULE_DIR=/nonexistent", "/nonexistent");
    module_dir("export GIO_MODULE_DIR=\"$HOME/modules\"", "$HOME/modules");
    module_dir("export GIO_MODULE_DIR=/usr/lib/../../home/x", "/usr/lib/../../home/x");
    module_dir("export GIO_MODULE_DIR=/usr/lib/no-modules", "/usr/lib/no-modules");
}

#[test]
fn shells_that_only_look_like_it() {
    for script in [
        "# export GIO_USE_TLS=dummy",
        "echo GIO_USE_TLS=dummy",
        "echo 'export GIO_USE_TLS=dummy'",
        "echo dino --print-xmpp all",
        "export GIO_USE_TLS=gnutls",
        "export GIO_USE_TLS=openssl",
        "export GIO_USE_TLS=bogus",
        "export GIO_USE_TLS=Dummy",
        "export GIO_USE_TLS=",
        "export GIO_EXTRA_MODULES=/x # not GIO_MODULE_DIR",
        "export GIO_MODULE_DIR=",
        "export GIO_MODULE_DIR=\"$GIO_MODULE_DIR\"",
        "export GIO_MODULE_DIR=$GIO_MODULE_DIR",
        "export DINO_PLUGIN_DIR=$DINO_PLUGIN_DIR",
        "systemctl --user start GIO_USE_TLS=dummy",
        "export MY_GIO_USE_TLS=dummy",
        "export GIO_USE_TLS=dummy\nunset GIO_USE_TLS",
        "export GIO_USE_TLS=dummy\nexport -n GIO_USE_TLS",
        "export GIO_USE_TLS=dummy\nexport GIO_USE_TLS=gnutls",
        "GIO_USE_TLS=dummy gedit",
        "env GIO_USE_TLS=dummy gedit",
        "GIO_USE_TLS=dummy env -u GIO_USE_TLS dino",
        "env GIO_USE_TLS=dummy GIO_USE_TLS=gnutls dino",
        "alias test-tls='GIO_USE_TLS=dummy ./test'",
        "sh -c 'export GIO_USE_TLS=dummy; gedit'; dino",
        "f() { local GIO_USE_TLS=dummy; }",
        "sh -e 'GIO_USE_TLS=dummy dino'",
        "sh exec 'GIO_USE_TLS=dummy dino'",
        "'env GIO_USE_TLS=dummy dino'",
        "cat > f <<'END'\nexport GIO_USE_TLS=dummy\nEND\n",
        "[ \"$GIO_USE_TLS\" = dummy ] && echo warning",
        "man dino --print-xmpp",
        "flatpak install im.dino.Dino --print-xmpp",
        "alias dino='dino # --print-xmpp'",
        "dino --print-xmpp-not",
        "profanity -l INFO",
        "profanity --log WARN",
        "profanity -a DEBUG -l",
        "echo profanity -l DEBUG",
    ] {
        assert_harmless(SHELL, script);
    }
}

#[test]
fn each_variable_of_a_command_counts_for_itself() {
    let found = launches(SHELL, "GIO_USE_TLS=dummy GIO_MODULE_DIR=/x DINO_PLUGIN_DIR=/y dino");
    let found: Vec<_> = found.iter().map(|(_, word, value)| (word.as_str(), value.as_str())).collect();
    assert_eq!(found, [("GIO_USE_TLS", "dummy"), ("GIO_MODULE_DIR", "/x"), ("DINO_PLUGIN_DIR", "/y")]);
}

#[test]
fn commands_in_commands_end() {
    let nested = |depth: usize| {
        let quoted = |script: String| format!("eval '{}'", script.replace('\'', "'\\''"));
        (0..depth).fold("export GIO_USE_TLS=dummy".to_owned(), |script, _| quoted(script))
    };
    assert_tls_off(SHELL, &nested(4));
    assert_harmless(SHELL, &nested(5));
    // Whatever runs what it is given: what is nested less deep is found.
    for starts in ["alias a=", "alias -g a=", "abbr -a a eval ", "sh -c ", "xterm -e ", "nice "] {
        let nested = |depth: usize| {
            let quoted = |script: String| format!("{starts}'{}'", script.replace('\'', "'\\''"));
            (0..depth).fold("env GIO_USE_TLS=dummy dino".to_owned(), |script, _| quoted(script))
        };
        assert_tls_off(SHELL, &nested(2));
        assert_harmless(SHELL, &nested(5));
        if starts.ends_with("eval ") {
            // Two commands each time.
            assert_harmless(SHELL, &nested(3));
        }
    }
    let nested = |depth: usize| {
        let quoted = |script: String| format!("alias a '{}'", script.replace('\\', "\\\\").replace('\'', "\\'"));
        (0..depth).fold("env GIO_USE_TLS=dummy dino".to_owned(), |script, _| quoted(script))
    };
    assert_tls_off(FISH, &nested(4));
    assert_harmless(FISH, &nested(5));
}

#[test]
fn a_folder_of_modules_with_tls_is_harmless() {
    let Some(folder) = ["/usr/lib/x86_64-linux-gnu/gio/modules", "/usr/lib64/gio/modules", "/usr/lib/gio/modules"]
        .into_iter()
        .find(|folder| Path::new(folder).join("libgiognutls.so").exists())
    else {
        println!("no TLS module on this machine: not checked");
        return;
    };
    assert_harmless(SHELL, &format!("export GIO_MODULE_DIR={folder}"));
}

#[test]
fn a_folder_of_modules_of_ones_own_is_not_looked_into() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("libgiognutls.so"), "").unwrap();
    let folder = folder.path().display().to_string();
    let found = launches(SHELL, &format!("export GIO_MODULE_DIR={folder}"));
    assert_eq!(found, [("dino", "GIO_MODULE_DIR".to_owned(), folder)]);
}

#[test]
fn clients_that_log_every_stanza() {
    for script in [
        "alias dino='dino --print-xmpp all'",
        "dino-im --print-xmpp all 2>&1 | tee log &",
        "dino() { command dino --print-xmpp all \"$@\"; }",
        "nohup /usr/local/bin/dino 2>/dev/null --print-xmpp all",
        "flatpak run im.dino.Dino --print-xmpp all",
        "xterm -e 'dino --print-xmpp all'",
    ] {
        assert_prints(SHELL, script);
    }
    assert_eq!(
        launches(SHELL, "dino --print-xmpp=all"),
        [("dino", "--print-xmpp".to_owned(), "--print-xmpp=all".to_owned())]
    );
    for (script, marked) in [
        ("alias prof='profanity -l DEBUG'", "DEBUG"),
        ("profanity --log DEBUG -a alice", "DEBUG"),
        ("profanity -lDEBUG", "-lDEBUG"),
        ("gnome-terminal -- profanity --log=DEBUG", "--log=DEBUG"),
    ] {
        let expected = [("profanity", "-l DEBUG".to_owned(), marked.to_owned())];
        assert_eq!(launches(SHELL, script), expected, "{script}");
    }
}

const TOR: &str = "socks5://127.0.0.1:9050";

fn assert_ignored(path: &str, content: &str, variable: &str) {
    assert_eq!(launches(path, content), [("dino", variable.to_owned(), TOR.to_owned())], "{content}");
}

#[test]
fn proxies_that_dino_does_not_look_at() {
    for (path, content, variable) in [
        (SHELL, "export all_proxy=socks5://127.0.0.1:9050", "all_proxy"),
        (SHELL, "export ALL_PROXY=socks5://127.0.0.1:9050 all_proxy=socks5://127.0.0.1:9050", "ALL_PROXY"),
        (SHELL, "export https_proxy=socks5://127.0.0.1:9050 http_proxy=", "https_proxy"),
        (SHELL, "http_proxy=http://x.test:1; unset http_proxy; HTTPS_PROXY=socks5://127.0.0.1:9050", "HTTPS_PROXY"),
        (SHELL, "alias dino='ALL_PROXY=socks5://127.0.0.1:9050 dino'", "ALL_PROXY"),
        (".bashrc", "alias dino='ALL_PROXY=socks5://127.0.0.1:9050 dino'", "ALL_PROXY"),
        (SHELL, "sh -c 'export all_proxy=socks5://127.0.0.1:9050; exec dino'", "all_proxy"),
        (FISH, "set -gx all_proxy socks5://127.0.0.1:9050", "all_proxy"),
        (VARIABLES, "all_proxy=socks5://127.0.0.1:9050", "all_proxy"),
        (PAM, "all_proxy DEFAULT=socks5://127.0.0.1:9050", "all_proxy"),
        (DESKTOP, "[Desktop Entry]\nExec=env https_proxy=socks5://127.0.0.1:9050 dino %U\n", "https_proxy"),
        (UNIT, "[Service]\nEnvironment=all_proxy=socks5://127.0.0.1:9050\nExecStart=dino\n", "all_proxy"),
        (OVERRIDE, "[Environment]\nall_proxy=socks5://127.0.0.1:9050\n", "all_proxy"),
    ] {
        assert_ignored(path, content, variable);
    }
}

#[test]
fn proxies_that_dino_need_not_look_at() {
    for (path, content) in [
        (SHELL, "export http_proxy=socks5://127.0.0.1:9050"),
        (SHELL, "export http_proxy=socks5://127.0.0.1:9050 all_proxy=socks5://127.0.0.1:9050"),
        (SHELL, "export all_proxy=socks5://127.0.0.1:9050\nexport HTTP_PROXY=http://proxy.example.org:3128"),
        (SHELL, "export https_proxy=http://proxy.example.org:3128 all_proxy=socks://proxy.example.org:1080"),
        (SHELL, "export https_proxy=http://127.0.0.1:3128"),
        (SHELL, "export all_proxy=$PROXY"),
        (SHELL, "export all_proxy=socks5://127.0.0.1:9050\nunset all_proxy"),
        (SHELL, "ALL_PROXY=socks5://127.0.0.1:9050 curl https://example.org"),
        (SHELL, "alias tcurl='ALL_PROXY=socks5://127.0.0.1:9050 curl'"),
        (SHELL, "alias dino='ALL_PROXY=socks5://127.0.0.1:9050 torsocks dino'"),
        (SHELL, "alias dino='http_proxy=socks5://127.0.0.1:9050 ALL_PROXY=socks5://127.0.0.1:9050 dino'"),
        (SHELL, "export http_proxy=socks5://127.0.0.1:9050\nalias dino='ALL_PROXY=socks5://127.0.0.1:9050 dino'"),
        (SHELL, "export all_proxy=socks5://127.0.0.1:9050\nalias dino='torsocks dino'"),
        (SHELL, "# export all_proxy=socks5://127.0.0.1:9050"),
        // Only what is typed at a terminal gets these.
        (".bashrc", "export all_proxy=socks5://127.0.0.1:9050"),
        (".zshrc", "export all_proxy=socks5://127.0.0.1:9050"),
        (UNIT, "[Service]\nEnvironment=all_proxy=socks5://127.0.0.1:9050\nExecStart=geary\n"),
        (OVERRIDE, "[Environment]\nall_proxy=socks5://127.0.0.1:9050\nhttp_proxy=socks5://127.0.0.1:9050\n"),
    ] {
        assert_harmless(path, content);
    }
}

#[test]
fn another_file_may_give_dino_its_proxy() {
    let count = |files: &[(&str, &str)]| {
        let home = tempfile::tempdir().unwrap();
        let mut all = Vec::new();
        for (path, content) in files {
            let full = home.path().join(path);
            fs::create_dir_all(full.parent().unwrap()).unwrap();
            fs::write(full, content).unwrap();
            all.push(found(home.path(), path));
        }
        let profile = Startup.read(&all, &Reader::default().in_live_home());
        assert_eq!(profile.files.len(), profile.launches.len().min(1));
        profile.launches.len()
    };
    let ignored = (SHELL, "export all_proxy=socks5://127.0.0.1:9050");
    assert_eq!(count(&[ignored]), 1);
    assert_eq!(count(&[ignored, (VARIABLES, "http_proxy=socks5://127.0.0.1:9050")]), 0);
    assert_eq!(count(&[ignored, (VARIABLES, "http_proxy=")]), 1);
    assert_eq!(count(&[ignored, (".bashrc", "export http_proxy=socks5://127.0.0.1:9050")]), 1);
    assert_eq!(count(&[ignored, (DESKTOP, "[Desktop Entry]\nExec=torsocks dino %U\n")]), 0);
    assert_eq!(count(&[ignored, (DESKTOP, "[Desktop Entry]\nExec=torsocks gedit %U\n")]), 1);
    let alias = (".bashrc", "alias dino='ALL_PROXY=socks5://127.0.0.1:9050 dino'");
    assert_eq!(count(&[alias, (DESKTOP, "[Desktop Entry]\nExec=torsocks dino %U\n")]), 1);
    assert_eq!(count(&[alias, (VARIABLES, "http_proxy=socks5://127.0.0.1:9050")]), 0);
}

#[test]
fn folders_of_plugins() {
    let folder = |path: &str, content: &str, value: &str| {
        let expected = [("dino", "DINO_PLUGIN_DIR".to_owned(), value.to_owned())];
        assert_eq!(launches(path, content), expected, "{content}");
    };
    folder(SHELL, "export DINO_PLUGIN_DIR=/home/alice/plugins", "/home/alice/plugins");
    folder(".bashrc", "export DINO_PLUGIN_DIR=\"$HOME/dino\"", "$HOME/dino");
    folder(DESKTOP, "[Desktop Entry]\nExec=env DINO_PLUGIN_DIR=/tmp/p dino\n", "/tmp/p");
    folder(OVERRIDE, "[Environment]\nDINO_PLUGIN_DIR=/home/alice/p\n", "/home/alice/p");
    for content in [
        "export DINO_PLUGIN_DIR=/usr/lib/dino/plugins",
        "export DINO_PLUGIN_DIR=",
        "DINO_PLUGIN_DIR=/tmp/p gedit",
        "echo DINO_PLUGIN_DIR=/tmp/p",
    ] {
        assert_harmless(SHELL, content);
    }
}

#[test]
fn profanity_without_tls() {
    for (script, word) in [
        ("alias prof='profanity -d'", "-d"),
        ("profanity --disable-tls -a alice", "--disable-tls"),
        ("gnome-terminal -- profanity -l INFO -d", "-d"),
        ("profanity alice@example.org -d", "-d"),
    ] {
        assert_eq!(launches(SHELL, script), [("profanity", word.to_owned(), word.to_owned())], "{script}");
    }
    let profile = read(DESKTOP, b"[Desktop Entry]\nExec=profanity -d\n");
    assert_eq!(profile.launches[0].place.words, "command[profanity] / --disable-tls");
    for script in [
        "profanity -a -d",
        "profanity --account --disable-tls",
        "profanity -- -d",
        "profanity -dx",
        "dino -d",
        "echo profanity -d",
    ] {
        assert_harmless(SHELL, script);
    }
}

/// Effect, whether it is kept, and the text that is pointed at, of each command of Profanity's.
fn commands(path: &str, content: &str) -> Vec<(CommandEffect, bool, String)> {
    let profile = read(path, content.as_bytes());
    assert!(profile.launches.is_empty());
    assert_eq!(profile.files.len(), usize::from(!profile.commands.is_empty()), "{content}");
    let found = profile.commands.iter().map(|command| {
        let Spot::Text(span) = command.place.spot else { panic!("{command:?}") };
        assert_eq!((command.client.0, command.place.words.as_str()), ("profanity", "command[profanity] / --cmd"));
        assert!(path.ends_with(&command.name));
        (command.effect, command.stores, content.get(span.start..span.end).unwrap().to_owned())
    });
    found.collect()
}

#[test]
fn commands_that_profanity_is_started_with() {
    let never = |word: &str| (CommandEffect::ConnectsNever, false, word.to_owned());
    for script in [
        "alias p='profanity --cmd \"/connect alice@example.org tls disable\"'",
        "profanity -r '/connect alice@example.org tls disable'",
        "profanity \"--cmd=/connect alice@example.org tls disable\" -a x",
        "profanity '-r/connect alice@example.org tls disable'",
        "profanity -r /connect\\ alice@example.org\\ tls\\ disable",
    ] {
        assert_eq!(commands(SHELL, script), [never("disable")], "{script}");
        assert!(!read(SHELL, script.as_bytes()).files[0].holds_secret, "{script}");
    }
    assert_eq!(
        commands(DESKTOP, "[Desktop Entry]\nExec=profanity -r \"/account set x tls trust\" -r \"/register a b\"\n"),
        [
            (CommandEffect::ConnectsUnchecked, true, "trust".to_owned()),
            (CommandEffect::Registers, false, "/register".to_owned()),
        ]
    );
    for script in [
        "profanity -r '/connect alice@example.org tls force'",
        "profanity -a '/connect alice@example.org tls disable'",
        "echo profanity -r '/connect alice@example.org tls disable'",
        "# profanity -r '/connect alice@example.org tls disable'",
        "dino -r '/connect alice@example.org tls disable'",
        "profanity -r",
        "profanity --cmd=",
    ] {
        assert_eq!(commands(SHELL, script), [], "{script}");
    }
}

#[test]
fn passwords_in_commands_are_pointed_at_and_hidden() {
    // Even one that is a word which is shown elsewhere.
    for password in ["hunter2", "disable", "dino", "profanity"] {
        let script = format!("alias p='profanity --cmd \"/account set alice password {password}\"'");
        let found = commands(SHELL, &script);
        assert_eq!(found, [(CommandEffect::HoldsPassword, true, password.to_owned())]);
        let profile = read(SHELL, script.as_bytes());
        let Spot::Text(span) = profile.commands[0].place.spot else { panic!("a text") };
        let excerpt = profile.files[0].text.as_ref().unwrap().excerpt(span);
        assert!(excerpt.text.ends_with("password ********\"'"), "{}", excerpt.text);
        assert!(profile.files[0].holds_secret);
    }
    assert_eq!(
        commands(SHELL, "profanity -r '/join room@conference.example.org password hunter2'"),
        [(CommandEffect::HoldsRoomPassword, false, "hunter2".to_owned())]
    );
}

#[test]
fn a_fault_in_a_file_about_other_programs_is_none_of_our_business() {
    let broken = "[Service]\nEnvironment=HTTPS_PROXY=http://proxy.example.org\n[Broken\n";
    assert!(read(UNIT, broken.as_bytes()).files.is_empty());
}

#[test]
fn fish() {
    for script in [
        "set -gx GIO_USE_TLS dummy",
        "set --export --universal GIO_USE_TLS 'dummy'",
        "if status is-login\n    set -x GIO_USE_TLS dummy\nend",
        "alias dino 'env GIO_USE_TLS=dummy dino'",
    ] {
        assert_tls_off(FISH, script);
    }
    for script in [
        "set -gx GIO_USE_TLS gnutls",
        "set -gx GIO_USE_TLS dummy; set -e GIO_USE_TLS",
        "set -lx GIO_USE_TLS dummy",
        "# set -gx GIO_USE_TLS dummy",
        "set -gx NOTE 'it\\'s GIO_USE_TLS dummy'",
    ] {
        assert_harmless(FISH, script);
    }
    assert_prints(FISH, "function dino\n    command dino --print-xmpp all $argv\nend");
    assert_prints(FISH, "abbr -a d dino --print-xmpp all");
    assert_harmless(FISH, "function chat --wraps dino --description --print-xmpp\n    gedit\nend");
    assert_harmless(SHELL, "set -gx GIO_USE_TLS dummy");
}

#[test]
fn files_of_variables() {
    assert_tls_off(VARIABLES, "# TLS\nGIO_USE_TLS=dummy\n");
    assert_tls_off(VARIABLES, "  GIO_USE_TLS = \"dummy\"\r\n");
    assert_harmless(VARIABLES, "#GIO_USE_TLS=dummy\n;GIO_USE_TLS=dummy\n");
    assert_harmless(VARIABLES, "GIO_USE_TLS=dummy\nGIO_USE_TLS=\n");
    assert_tls_off(PAM, "GIO_USE_TLS DEFAULT=dummy");
    assert_tls_off(PAM, "GIO_USE_TLS\tDEFAULT=gnutls OVERRIDE=\"dummy\"");
    assert_tls_off(PAM, "GIO_USE_TLS=dummy");
    assert_tls_off(PAM, "GIO_USE_TLS DEFAULT=\"dummy\" OVERRIDE=");
    assert_tls_off(PAM, "GIO_USE_TLS OVERRIDE=\"dummy\" DEFAULT=gnutls");
    assert_harmless(PAM, "GIO_USE_TLS DEFAULT=dummy OVERRIDE=gnutls");
    assert_harmless(PAM, "GIO_USE_TLS DEFAULT=");
}

#[test]
fn entries_of_desktops_services_and_units() {
    assert_tls_off(DESKTOP, "[Desktop Entry]\nName=Dino\nExec=env GIO_USE_TLS=dummy dino %U\n");
    assert_prints(
        DESKTOP,
        "[Desktop Entry]\nExec=dino\n[Desktop Action Debug]\nExec=sh -c \"dino --print-xmpp all\"\n",
    );
    assert_tls_off(DESKTOP, "[Desktop Entry]\nExec=\"env\" GIO_USE_TLS=dummy dino %U\n");
    assert_tls_off(DESKTOP, "[Desktop Entry]\nExec=env A=b\\\\nc GIO_USE_TLS=dummy dino\n");
    assert_harmless(DESKTOP, "[Desktop Entry]\nHidden=true\nExec=env GIO_USE_TLS=dummy dino\n");
    assert_harmless(DESKTOP, "[Desktop Entry]\nExec=env GIO_USE_TLS=dummy gedit\n");
    assert_harmless(DESKTOP, "[Desktop Entry]\nExec=dino\nComment=dino --print-xmpp\n#Exec=dino --print-xmpp\n");
    assert_tls_off(
        SERVICE,
        "[D-BUS Service]\nName=im.dino.Dino\nExec=/usr/bin/env GIO_USE_TLS=dummy /usr/bin/dino\n",
    );

    assert_tls_off(UNIT, "[Service]\nEnvironment=A=b \"GIO_USE_TLS=dummy\"\nExecStart=-/usr/bin/dino\n");
    assert_tls_off(UNIT, "[Service]\nExecStart=/usr/bin/systemctl --user set-environment GIO_USE_TLS=dummy\n");
    // systemd passes over a line that it does not understand; it hides no other.
    assert_tls_off(UNIT, "[Service]\nstray\nEnvironment=GIO_USE_TLS=dummy\nExecStart=dino\n");
    assert_prints(UNIT, "[Service]\nExecStart=/usr/bin/dino \\\n  --print-xmpp all\n");
    assert_harmless(UNIT, "[Service]\nEnvironment=GIO_USE_TLS=dummy\nExecStart=/usr/bin/geary\n");
    assert_harmless(UNIT, "[Service]\nExecStart=sh -c 'export GIO_USE_TLS=dummy; geary'\n");
    assert_harmless(UNIT, "[Service]\nEnvironment=GIO_USE_TLS=dummy\nEnvironment=\nExecStart=dino\n");
    assert_harmless(
        UNIT,
        "[Service]\nEnvironment=GIO_USE_TLS=dummy\nUnsetEnvironment=A GIO_USE_TLS\nExecStart=dino\n",
    );
    assert_tls_off(".config/systemd/user/dino.service.d/tls.conf", "[Service]\nEnvironment=GIO_USE_TLS=dummy\n");
    assert_harmless(".config/systemd/user/geary.service.d/tls.conf", "[Service]\nEnvironment=GIO_USE_TLS=dummy\n");

    assert_tls_off(OVERRIDE, "[Context]\nsockets=x11;\n\n[Environment]\nGIO_USE_TLS=dummy\n");
    assert_harmless(OVERRIDE, "[Environment]\nGIO_USE_TLS=gnutls\n");
    assert_harmless(OVERRIDE, "[Environment]\nGIO_USE_TLS=dummy\n[Context]\nunset-environment=X;GIO_USE_TLS;\n");
    assert_tls_off(".local/share/flatpak/overrides/global", "[Environment]\nGIO_USE_TLS=dummy\n");
}

#[test]
fn files_are_known_by_name_and_folder() {
    for (path, kind) in [
        (".profile", "shell start-up file"),
        ("dotfiles/dot_bashrc", "shell start-up file"),
        (".config/fish/conf.d/a.fish", "fish configuration"),
        (".pam_environment", "login environment"),
        (".config/environment.d/10-tls.conf", "session environment"),
        ("Desktop/x.desktop", "desktop entry"),
        (SERVICE, "D-Bus service"),
        (".local/services/x.service", "systemd unit"),
        (".local/share/dbus-1/x.service", "systemd unit"),
        (".config/systemd/user/x.service.d/tls.conf", "systemd unit"),
        (".local/share/flatpak/overrides/global", "Flatpak override"),
    ] {
        assert!(Startup.may_be_named(Path::new(path).file_name().unwrap().as_encoded_bytes()), "{path}");
        assert_eq!(Startup.recognise(Path::new(path), &[b' '; HEAD]).map(|kind| kind.0), Some(kind), "{path}");
    }
    for path in [
        "notes/x.conf",
        "notes/overrides/global",
        "flatpak/notes/global",
        "flatpak/overrides/org.example.Other",
        ".bashrc.age",
    ] {
        assert_eq!(Startup.recognise(Path::new(path), &[b' '; HEAD]), None, "{path}");
    }
    for name in ["accounts.xml", "profanity", "dino.db", "notes.txt", "org.example.Other"] {
        assert!(!Startup.may_be_named(name.as_bytes()), "{name}");
    }
}

#[test]
fn each_finding_has_a_place_in_words() {
    let profile = read(SHELL, b"export GIO_USE_TLS=dummy\nalias dino='GIO_MODULE_DIR=/x dino --print-xmpp all'\n");
    let words: Vec<_> = profile.launches.iter().map(|launch| launch.place.words.as_str()).collect();
    assert_eq!(
        words,
        ["environment / GIO_USE_TLS", "command[dino] / GIO_MODULE_DIR", "command[dino] / --print-xmpp"]
    );
}

#[test]
fn permissions_are_nobodys_business_here_and_secrets_stay_hidden() {
    let profile = read(SHELL, b"XMPP_PASSWORD=hunter2 dino --print-xmpp all\n");
    let [file] = profile.files.as_slice() else { panic!("one file") };
    assert_eq!((file.mode, file.readable_by, file.writable_by), (None, Access::Unknown, Access::Unknown));
    let Spot::Text(span) = profile.launches[0].place.spot else { panic!("a text") };
    let excerpt = file.text.as_ref().unwrap().excerpt(span);
    assert_eq!(excerpt.text, "********=******** dino --print-xmpp all");
    assert!(!format!("{profile:?}").contains("hunter2"));

    let profile = read(SHELL, b"export all_proxy=socks5h://alice:hunter2@127.0.0.1:9050 TOKEN=hunter2\n");
    let Spot::Text(span) = profile.launches[0].place.spot else { panic!("a text") };
    let excerpt = profile.files[0].text.as_ref().unwrap().excerpt(span);
    assert_eq!(excerpt.text, "export all_proxy=socks5h:********:********@127.0.0.1:9050 ********=********");
}

#[test]
fn ordinary_files_leave_no_trace() {
    for content in [&b""[..], b"export EDITOR=vi\n", b"\x7fELF\0\0profanity", &[0xff; 1000], b"alias p=profanity"] {
        for path in [SHELL, FISH, VARIABLES, PAM, DESKTOP, OVERRIDE] {
            let profile = read(path, content);
            assert!(profile.launches.is_empty() && profile.notices.is_empty(), "{path}");
            let faults = profile.files.iter().filter(|file| file.damage.is_none()).count();
            assert_eq!(faults, 0, "{path}");
        }
    }
}

#[test]
fn a_file_of_entries_that_makes_no_sense_is_said_only_if_it_may_matter() {
    let broken = "[Desktop Entry]\nExec=env GIO_USE_TLS=dummy dino\n[Broken\n";
    let profile = read(DESKTOP, broken.as_bytes());
    let damage = profile.files[0].damage.as_ref().unwrap();
    assert_eq!(damage.fault, Fault::StrayLine);
    assert!(read(DESKTOP, b"[Desktop Entry]\n[Broken\n").files.is_empty());
}

#[test]
fn a_fault_in_a_file_of_entries_is_pointed_at() {
    let command = "Exec=env GIO_USE_TLS=dummy dino";
    for (content, expected) in [
        (format!("=value\n[Desktop Entry]\n{command}\n"), "=value"),
        (format!("[Desktop Entry]\n{command}\n=value\nName=Dino\n"), "=value"),
        (format!("[Desktop Entry]\r\n{command}\r\n = value\r\nName=Dino\r\n"), " = value"),
        // A line of a unit that goes on is counted with the one that it goes on in.
        (format!("[Service]\nExecStart=sh -c \\\n  \"{command}\"\n=value\nType=simple\n"), "=value"),
        // Only at the end can be known that nothing follows.
        (format!("[Desktop Entry]\n{command}\n[Broken\n"), "[Broken"),
        (format!("[Desktop Entry]\n{command}\nBroken\n\n \n"), "Broken"),
    ] {
        let profile = read(DESKTOP, content.as_bytes());
        let Some(Spot::Text(span)) = profile.files[0].damage.as_ref().map(|damage| &damage.place.spot) else {
            panic!("{content}");
        };
        assert_eq!(content.get(span.start..span.end), Some(expected), "{content}");
    }
}

#[test]
fn files_that_are_switched_off_are_no_trouble_and_closed_ones_are() {
    let home = tempfile::tempdir().unwrap();
    let profile = Startup.read(&[found(home.path(), SHELL)], &Reader::default());
    assert_eq!((profile.notices.len(), profile.root), (0, PathBuf::from(home.path())));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("/dev/null", home.path().join(SHELL)).unwrap();
        assert!(Startup.read(&[found(home.path(), SHELL)], &Reader::default()).notices.is_empty());
        fs::remove_file(home.path().join(SHELL)).unwrap();
    }
    fs::write(home.path().join(SHELL), "GIO_USE_TLS\n".repeat(400_000)).unwrap();
    let profile = Startup.read(&[found(home.path(), SHELL)], &Reader::default());
    assert!(matches!(profile.notices[0].trouble, Trouble::TooLarge { .. }));
}

#[test]
fn hostile_files_take_linear_time() {
    for part in [
        "eval '",
        "alias a='",
        "sh -c \"",
        "export GIO_USE_TLS=",
        "alias a ",
        "eval ",
        "A=1 ",
        "env A=1 sh -c x;",
        "[a]\nb=c\n",
        "env ",
        "exec exec\n",
        "[",
        "\\\n",
    ] {
        let content = format!("GIO_USE_TLS\n{}", part.repeat(100_000));
        for path in [SHELL, FISH, VARIABLES, PAM, DESKTOP, UNIT] {
            read(path, content.as_bytes());
        }
    }
}
