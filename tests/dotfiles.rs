//! Repositories of dotfiles, as each manager keeps them: what is found, what is not judged, and that nothing sound is
//! complained about.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod common;

use std::fs;
use std::path::Path;

use common::track;
use xmpp_audit::clients::{Base, CLIENTS};
use xmpp_audit::discover::{Home, Target};
use xmpp_audit::finding::{Audit, Confidence};
use xmpp_audit::model::{Language, Purpose, Trouble};
use xmpp_audit::rules::RuleSet;
use xmpp_audit::{Request, audit};

/// Sound settings of Pidgin's, and of Profanity's.
const PIDGIN: &str = "<?xml version='1.0' encoding='UTF-8' ?>\n\n<account version='1.0'>\n\t<account>\n\t\t<protocol>prpl-jabber</protocol>\n\t\t<name>alice@example.org/</name>\n\t\t<settings>\n\t\t\t<setting name='connection_security' type='string'>require_tls</setting>\n\t\t</settings>\n\t</account>\n</account>\n";
const PROFANITY: &str = "[alice@example.org]\nenabled=true\njid=alice@example.org\ntls.policy=force\n";

/// What an audit says about a repository with these files.
fn look(files: &[(&str, &str)]) -> Audit {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    track(folder.path(), &names);
    let rules = RuleSet::embedded(Language::English).unwrap();
    audit(&[Target::Path(folder.path().to_owned())], &rules, &Request::default()).unwrap()
}

fn rules(audit: &Audit) -> Vec<&str> {
    audit.findings.iter().map(|finding| finding.rule.as_str()).collect()
}

#[test]
fn sound_files_are_found_under_the_names_of_every_manager() {
    for (pidgin, profanity) in [
        // chezmoi, alone and with a root of its own
        ("private_dot_purple/private_accounts.xml", "private_dot_local/share/profanity/accounts"),
        ("home/dot_purple/create_accounts.xml", "home/dot_local/share/exact_profanity/readonly_accounts"),
        // GNU stow, with and without --dotfiles
        ("pidgin/.purple/accounts.xml", "profanity/.local/share/profanity/accounts"),
        ("pidgin/dot-purple/accounts.xml", "profanity/dot-local/share/profanity/accounts"),
        // yadm's alternates, new and old
        (".purple/accounts.xml##os.Linux,hostname.work", ".local/share/profanity/accounts##default"),
        (".purple/accounts.xml##Linux.work", ".local/share/profanity/accounts##class.home"),
        // rcm, with a tag and a host
        ("purple/accounts.xml", "local/share/profanity/accounts"),
        ("tag-chat/purple/accounts.xml", "host-work/local/share/profanity/accounts"),
        // homesick, dotbot, a bare repository
        ("home/.purple/accounts.xml", "home/.local/share/profanity/accounts"),
        (".purple/accounts.xml", ".local/share/profanity/accounts"),
    ] {
        let audit = look(&[(pidgin, PIDGIN), (profanity, PROFANITY), ("README.md", "accounts.xml"), ("bin/x", "")]);
        assert_eq!(rules(&audit), [] as [&str; 0], "{pidgin}");
        let accounts: Vec<_> =
            audit.accounts.iter().map(|account| (account.client.0, account.encryption)).collect();
        assert_eq!(accounts, [("pidgin", "required"), ("profanity", "required")], "{pidgin}");
    }
}

#[test]
fn what_a_manager_fills_in_is_not_judged() {
    let xml = PIDGIN.replace("require_tls", "{{ .security }}").replace("alice@example.org", "{{ .jid }}");
    let text = PROFANITY.replace("force", "{{ .policy }}").replace("enabled=true", "enabled={{ .enabled }}");
    let framed = |text: &str, frame: (&str, &str)| format!("{}\n{text}{}\n", frame.0, frame.1);
    for (frame, suffix) in [
        (("{{ if eq .chezmoi.os \"linux\" -}}", "{{ end -}}"), ".tmpl"),
        (("{%- if yadm.os == \"Linux\" %}", "{% endif %}"), "##template.j2"),
        (("", ""), ""),
    ] {
        let pidgin = if frame.0.is_empty() { xml.clone() } else { framed(&xml, frame) };
        let audit = look(&[
            (&format!("private_dot_purple/accounts.xml{suffix}"), &pidgin),
            (&format!("private_dot_local/share/profanity/accounts{suffix}"), &framed(&text, frame)),
        ]);
        assert_eq!(rules(&audit), [] as [&str; 0], "{suffix}");
        assert_eq!(audit.accounts.len(), 2, "{suffix}");
        assert!(audit.is_complete(), "{suffix}");
    }
}

#[test]
fn what_stands_in_a_template_is_judged_with_less_confidence() {
    let open = PIDGIN.replace("require_tls", "opportunistic_tls");
    let audit =
        look(&[("private_dot_purple/accounts.xml.tmpl", &format!("{{{{ if .a }}}}\n{open}{{{{ end }}}}\n"))]);
    let finding = audit.findings.iter().find(|finding| finding.rule == "encryption-optional").unwrap();
    assert_eq!(finding.confidence, Confidence::Medium);
    // The place is that of the template.
    assert_eq!(finding.position.unwrap().line, 9);
    let plain = look(&[("private_dot_purple/accounts.xml", &open)]);
    assert_eq!(
        plain.findings.iter().find(|f| f.rule == "encryption-optional").unwrap().confidence,
        Confidence::High
    );
}

#[test]
fn a_password_in_a_template_is_found_all_the_same() {
    let text = format!("{{{{ if .work }}}}\n{PROFANITY}password=hunter2\n{{{{ end }}}}\n");
    let audit = look(&[("private_dot_local/share/profanity/accounts.tmpl", &text)]);
    assert_eq!(rules(&audit), ["password-in-repository"]);
}

#[test]
fn an_unknown_encryption_is_no_weaker_one() {
    let audit = look(&[
        (".purple/accounts.xml##template", &PIDGIN.replace("require_tls", "{{ yadm.class }}")),
        (".local/share/profanity/accounts", PROFANITY),
    ]);
    assert_eq!(rules(&audit), [] as [&str; 0]);
}

#[test]
fn encrypted_files_are_passed_over_with_a_word() {
    for (content, by) in [
        ("\0GITCRYPT\0\u{1}\u{2}secret", "git-crypt"),
        ("age-encryption.org/v1\n-> X25519", "age"),
        ("-----BEGIN AGE ENCRYPTED FILE-----\nYWdl", "age"),
        ("-----BEGIN PGP MESSAGE-----\n\nhQ", "OpenPGP"),
        ("U2FsdGVkX1+abc=\n", "transcrypt"),
        ("$ANSIBLE_VAULT;1.1;AES256\n61\n", "Ansible Vault"),
        ("{\"data\": \"ENC[AES256_GCM,data:a]\", \"sops\": {}}", "sops"),
    ] {
        for name in [
            ".purple/accounts.xml",
            "private_dot_purple/encrypted_accounts.xml.age",
            ".local/share/profanity/accounts",
            "dot_local/share/profanity/encrypted_private_accounts.asc",
            ".config/gajim/config",
            ".config/gajim/settings.sqlite",
            ".local/share/dino/dino.db",
        ] {
            let audit = look(&[(name, content)]);
            assert_eq!(rules(&audit), [] as [&str; 0], "{name} {by}");
            let troubles: Vec<_> = audit.notices.iter().map(|notice| &notice.trouble).collect();
            assert_eq!(troubles, [&Trouble::KeptEncrypted(by)], "{name}");
            assert!(audit.is_complete());
        }
        // What is nobody's needs no word.
        assert!(look(&[("secrets/key.age", content)]).notices.is_empty());
    }
}

#[test]
fn settings_in_nix_are_not_passed_over_in_silence() {
    let nix = "{ xdg.configFile.\"profanity/profrc\".text = ''\n  [tls]\n''; }\n";
    let audit = look(&[("home.nix", nix), ("flake.nix", "{ outputs = x: x; }")]);
    assert_eq!(audit.notices.iter().map(|notice| &notice.trouble).collect::<Vec<_>>(), [&Trouble::InNixText]);
}

/// How chezmoi and stow spell a path.
fn spelt(path: &str, dot: &str) -> String {
    let part = |part: &str| part.strip_prefix('.').map_or_else(|| part.to_owned(), |rest| format!("{dot}{rest}"));
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[test]
fn every_known_place_of_settings_is_known_in_every_spelling() {
    let mut checked = 0;
    for client in CLIENTS {
        for place in client.known_places().iter().filter(|place| matches!(place.kind.1, Purpose::Settings)) {
            let base = match place.base {
                Base::Home => "",
                Base::Config => ".config/",
                Base::Data => ".local/share/",
                Base::Cache => ".cache/",
            };
            let path = format!("{base}{}", place.path.replace('*', "1"));
            for spelling in [spelt(&path, "dot_"), spelt(&path, "private_dot_"), spelt(&path, "dot-")] {
                assert!(Home::has_place_at(place, &spelling), "{spelling}");
                let whose = client.recognise(Path::new(&spelling), b"");
                let plain = client.recognise(Path::new(&path), b"");
                assert_eq!(whose, plain, "{spelling}");
                checked += 1;
            }
        }
    }
    assert!(checked > 60, "{checked}");
}
