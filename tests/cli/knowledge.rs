//! What may be told beside the files: versions of clients, providers of one's own, and what git keeps.

use std::fs;

use crate::common::{MadeUpHome, run};
use crate::{ACCOUNTS, SOUND, check, found, report, word};

const PIDGIN: &str = ".purple/accounts.xml";

fn pidgin_account(jid: &str) -> String {
    let settings = "<settings><setting name='connection_security' type='string'>require_tls</setting></settings>";
    let account = format!("<account><protocol>prpl-jabber</protocol><name>{jid}/</name>{settings}</account>");
    format!("<?xml version='1.0' encoding='UTF-8' ?>\n<account version='1.0'>{account}</account>")
}

#[test]
fn a_version_that_is_told_is_judged() {
    let home = MadeUpHome::new();
    home.write(PIDGIN, pidgin_account("alice@example.org"));
    let (code, unknown) = report(&home, &["--select", "client-outdated", "--min-severity", "info"]);
    assert_eq!((code, found(&unknown).len()), (0, 0));
    let (code, old) = report(&home, &["--select", "client-outdated", "--client-version", "pidgin=2.14.8"]);
    assert_eq!(code, 1);
    assert_eq!(old["findings"][0]["severity"], "high");
    assert!(word(&old["findings"][0]["message"]).contains("CVE-2022-26491"), "{old}");
    let (code, _) = report(&home, &["--select", "client-outdated", "--client-version", "pidgin=2.14.12"]);
    assert_eq!(code, 0);
}

#[test]
fn a_wrong_version_is_refused_with_an_example() {
    let home = MadeUpHome::new();
    for (wrong, hint) in [
        ("pidgin", "pidgin=2.14.12"),
        ("pidgin=", "2.14.12"),
        ("pidgin=new", "2.14.12"),
        ("pidgin=2.14.12-1", "2.14.12"),
        ("psi=1.5", "no client “psi”"),
    ] {
        let ran = check(&home, &["--client-version", wrong]);
        assert_eq!(ran.code, 2, "{wrong}");
        assert!(ran.stderr.contains(hint), "{}", ran.stderr);
    }
}

#[test]
fn the_package_database_tells_the_version_and_nothing_is_run() {
    let home = MadeUpHome::new();
    home.write(PIDGIN, pidgin_account("alice@example.org"));
    let status = "Package: pidgin\nStatus: install ok installed\nVersion: 1:2.12.0-1+b1\n\n";
    home.write("disk/var/lib/dpkg/status", status);
    let installed = format!("--installed={}", home.at("disk").display());
    let (_, report_of_disk) = report(&home, &["--select", "client-outdated", &installed]);
    assert!(word(&report_of_disk["findings"][0]["message"]).contains("2.12.0"), "{report_of_disk}");
    // What is told goes before what is installed.
    let told = ["--select", "client-outdated", &installed, "--client-version", "pidgin=2.14.12"];
    assert!(found(&report(&home, &told).1).is_empty());
    let nowhere = format!("--installed={}", home.at("nowhere").display());
    assert!(found(&report(&home, &["--select", "client-outdated", &nowhere]).1).is_empty());
}

#[test]
fn what_a_file_tells_goes_before_what_is_told() {
    let home = MadeUpHome::new();
    home.copy("gajim/samples/text-0.16.3.config", ".config/gajim/config");
    let (_, told) = report(&home, &["--select", "client-outdated", "--client-version", "gajim=2.4.0"]);
    assert!(word(&told["findings"][0]["message"]).contains("0.16.3"), "{told}");
}

#[test]
fn an_organisation_can_name_its_own_rooms() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, SOUND.replace("example.org", "corp.example") + "muc.service=corp.example\n");
    let select = ["--select", "room-service-on-account-domain"];
    let (_, guessed) = report(&home, &select);
    assert!(word(&guessed["findings"][0]["message"]).contains("conference.corp.example"), "{guessed}");
    let file = home.at("providers.toml");
    fs::write(&file, "[[provider]]\ndomain = \"corp.example\"\nmuc = [\"talk.corp.example\"]\n").unwrap();
    let with_file = [&select[..], &["--provider-file", file.to_str().unwrap()]].concat();
    let (_, known) = report(&home, &with_file);
    assert!(word(&known["findings"][0]["message"]).contains("talk.corp.example"), "{known}");
    fs::write(&file, "[[provider]]\ndomain = \"corp.example\"\nmuc_on_bare_domain = true\n").unwrap();
    assert!(found(&report(&home, &with_file).1).is_empty());
}

#[test]
fn a_wrong_provider_file_is_refused_with_its_line() {
    let home = MadeUpHome::new();
    home.write(ACCOUNTS, SOUND);
    let file = home.at("providers.toml");
    for (content, line) in
        [("[[provider]]\ndomain = 5\n", ":2:"), ("[[provider]]\ndomain = \"a.b\"\nrooms = []\n", ":3:")]
    {
        fs::write(&file, content).unwrap();
        let ran = check(&home, &["--provider-file", file.to_str().unwrap()]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(line), "{}", ran.stderr);
    }
    let ran = run(home.program().args(["rules", "--provider-file", "/nonexistent/providers.toml"]));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("/nonexistent/providers.toml"), "{}", ran.stderr);
}
