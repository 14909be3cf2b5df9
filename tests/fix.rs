//! `fix`, `undo` and `check --fix`, as a user meets them.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use common::{MadeUpHome, Ran, run, track};
use regex::Regex;

const ACCOUNTS: &str = "\
<?xml version='1.0' encoding='UTF-8' ?>

<account version='1.0'>
	<account>
		<protocol>prpl-jabber</protocol>
		<name>alice@example.org/</name>
		<password>hunter2</password>
		<settings>
			<setting name='connection_security' type='string'>opportunistic_tls</setting>
			<setting name='port' type='int'>5222</setting>
		</settings>
	</account>
</account>
";

const PATH: &str = ".purple/accounts.xml";

fn home() -> MadeUpHome {
    let home = MadeUpHome::new();
    home.write(PATH, ACCOUNTS);
    fs::set_permissions(home.at(".purple"), fs::Permissions::from_mode(0o700)).unwrap();
    // A file that was written just now may be about to be written again, which would be said.
    let written = SystemTime::now() - Duration::from_secs(3600);
    fs::File::options().append(true).open(home.at(PATH)).unwrap().set_modified(written).unwrap();
    home
}

fn xmpp_audit(home: &MadeUpHome, arguments: &[&str]) -> Ran {
    run(home.program().args(arguments))
}

/// The output without what is different on each run: the home's path and ids.
fn steady(home: &MadeUpHome, text: &str) -> String {
    let ids = Regex::new(r"\d{4}-\d\d-\d\dT\d{6}-\d{6}Z-[0-9a-f]{4}").unwrap();
    ids.replace_all(&text.replace(&home.path().display().to_string(), "~"), "ID").into_owned()
}

fn content(home: &MadeUpHome) -> String {
    fs::read_to_string(home.at(PATH)).unwrap()
}

fn strict() -> String {
    ACCOUNTS.replace("opportunistic_tls", "require_tls")
}

fn without_password() -> String {
    strict().replace("\t\t<password>hunter2</password>\n", "")
}

#[test]
fn it_shows_what_it_would_write() {
    let home = home();
    let ran = xmpp_audit(&home, &["fix", "--dry-run", "--unsafe"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(steady(&home, &ran.stdout));
    let ran = xmpp_audit(&home, &["fix", "--dry-run", "--lang", "fr"]);
    insta::assert_snapshot!("in_french", steady(&home, &ran.stdout));
    let ran = xmpp_audit(&home, &["fix", "--diff"]);
    assert_eq!(ran.code, 1, "something would change");
    insta::assert_snapshot!("differences", steady(&home, &ran.stdout));
    assert_eq!(content(&home), ACCOUNTS);
    assert!(!home.at(".local").exists(), "nothing is written, no journal either");
}

#[test]
fn it_says_what_a_person_is_to_do() {
    let home = home();
    let ran = xmpp_audit(&home, &["fix", "--dry-run", "--as-script", "--unsafe"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(steady(&home, &ran.stdout));
    assert_eq!(content(&home), ACCOUNTS);
}

#[test]
fn what_is_safe_is_written_and_taken_back() {
    let home = home();
    let ran = xmpp_audit(&home, &["fix", "--yes"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    insta::assert_snapshot!(steady(&home, &ran.stdout));
    assert_eq!(content(&home), strict());
    let again = xmpp_audit(&home, &["fix", "--diff"]);
    assert_eq!((again.code, again.stdout.as_str()), (0, ""));
    let listed = xmpp_audit(&home, &["undo", "--list"]);
    insta::assert_snapshot!("listed", steady(&home, &listed.stdout));
    let undone = xmpp_audit(&home, &["undo"]);
    assert_eq!(undone.code, 0, "{}", undone.stderr);
    assert_eq!(steady(&home, &undone.stdout), "~/.purple/accounts.xml: as it was, byte for byte\n");
    assert_eq!(content(&home), ACCOUNTS);
    assert_eq!(xmpp_audit(&home, &["undo"]).stdout, "There is nothing to take back.\n");
    assert_eq!(xmpp_audit(&home, &["undo", "nonsense"]).code, 2);
}

#[test]
fn a_password_that_is_taken_away_is_kept_nowhere() {
    let home = home();
    let ran = xmpp_audit(&home, &["fix", "--yes", "--unsafe"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(content(&home), without_password());
    for (path, _, _, _, bytes) in home.listing() {
        assert!(!String::from_utf8_lossy(&bytes).contains("hunter2"), "{}", path.display());
    }
    assert!(!ran.stdout.contains("hunter2"));
    let undone = xmpp_audit(&home, &["undo"]);
    assert!(undone.stdout.contains("but for the password"), "{}", undone.stdout);
    let back = content(&home);
    assert!(back.contains("opportunistic_tls") && !back.contains("hunter2"), "{back}");

    fs::write(home.at(PATH), ACCOUNTS).unwrap();
    assert_eq!(xmpp_audit(&home, &["fix", "--yes", "--unsafe", "--keep-secrets"]).code, 0);
    assert_eq!(content(&home), without_password());
    assert_eq!(xmpp_audit(&home, &["undo"]).code, 0);
    assert_eq!(content(&home), ACCOUNTS);
}

#[test]
fn a_link_stays_a_link() {
    let home = home();
    home.write("dotfiles/purple/accounts.xml", ACCOUNTS);
    fs::remove_file(home.at(PATH)).unwrap();
    symlink("../dotfiles/purple/accounts.xml", home.at(PATH)).unwrap();
    assert_eq!(xmpp_audit(&home, &["fix", "--yes"]).code, 0);
    assert_eq!(fs::read_link(home.at(PATH)).unwrap(), Path::new("../dotfiles/purple/accounts.xml"));
    assert_eq!(fs::read_to_string(home.at("dotfiles/purple/accounts.xml")).unwrap(), strict());
}

#[test]
fn nobody_is_asked_where_nobody_is() {
    let home = home();
    let ran = xmpp_audit(&home, &["fix"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--yes"), "{}", ran.stderr);
    assert_eq!(content(&home), ACCOUNTS);
    for wrong in [
        &["fix", "-"][..],
        &["fix", "--yes", "--diff"],
        &["fix", "--as-script"],
        &["undo", "--list", "ID"],
        &["fix", "--yes", "--files-from", "-"],
    ] {
        assert_eq!(xmpp_audit(&home, wrong).code, 2, "{wrong:?}");
    }
}

#[test]
fn what_a_client_uses_is_left_alone() {
    let home = home();
    // Whoever has the file open may write it at any time.
    let open = fs::File::open(home.at(PATH)).unwrap();
    let mut client = Command::new("sleep").arg("60").stdin(Stdio::from(open)).spawn().unwrap();
    let refused = xmpp_audit(&home, &["fix", "--yes"]);
    let content_then = content(&home);
    let forced = xmpp_audit(&home, &["fix", "--yes", "--even-if-running"]);
    client.kill().unwrap();
    client.wait().unwrap();
    assert_eq!(refused.code, 5, "{}", refused.stdout);
    assert!(refused.stderr.contains("was not written") && refused.stderr.contains("--even-if-running"));
    assert_eq!(content_then, ACCOUNTS);
    assert_eq!(forced.code, 0, "{}", forced.stderr);
    assert_eq!(content(&home), strict());
}

#[test]
fn a_check_can_put_right_first() {
    let home = home();
    let ran = xmpp_audit(&home, &["check", "--fix", "--output-format", "concise"]);
    assert_eq!(content(&home), strict());
    assert!(ran.stderr.contains("Put right: 1 finding, 1 file."), "{}", ran.stderr);
    assert!(
        !ran.stdout.contains("encryption-optional") && ran.stdout.contains("password-stored"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.code, 1, "a stored password is left");
    let ran = xmpp_audit(&home, &["check", "--fix", "--unsafe", "--output-format", "concise"]);
    assert_eq!(content(&home), without_password());
    assert_eq!(ran.code, 0, "{}", ran.stdout);
}

#[test]
fn only_what_was_selected_is_put_right() {
    let home = home();
    fs::set_permissions(home.at(PATH), fs::Permissions::from_mode(0o644)).unwrap();
    fs::set_permissions(home.at(".purple"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(xmpp_audit(&home, &["fix", "--yes", "--select", "readable-by-others"]).code, 0);
    assert_eq!(content(&home), ACCOUNTS);
    assert_eq!(fs::metadata(home.at(PATH)).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_was_accepted_is_left_as_it_is() {
    let home = home();
    assert_eq!(xmpp_audit(&home, &["baseline", "create", "--reason", "a server of my own"]).code, 0);
    let ran = xmpp_audit(&home, &["fix", "--yes", "--unsafe", "--baseline", "xmpp-audit-baseline.json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "There is nothing to put right.\n"), "{}", ran.stderr);
    assert_eq!(content(&home), ACCOUNTS);
}

#[test]
fn in_a_repository_files_are_put_right_as_well() {
    let home = MadeUpHome::new();
    home.write("dotfiles/.purple/accounts.xml", ACCOUNTS);
    track(&home.at("dotfiles"), &[".purple/accounts.xml"]);
    let ran = xmpp_audit(&home, &["fix", "--yes", "--unsafe", "dotfiles"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(fs::read_to_string(home.at("dotfiles/.purple/accounts.xml")).unwrap(), without_password());
}

#[test]
fn what_has_several_names_is_refused() {
    let home = home();
    fs::hard_link(home.at(PATH), home.at("copy.xml")).unwrap();
    let ran = xmpp_audit(&home, &["fix", "--yes"]);
    assert_eq!(ran.code, 5, "{}", ran.stdout);
    assert!(ran.stderr.contains("hard links"), "{}", ran.stderr);
    assert_eq!(content(&home), ACCOUNTS);
}

#[test]
fn what_cannot_be_written_keeps_nothing_else_from_being_written() {
    let home = home();
    fs::hard_link(home.at(PATH), home.at("copy.xml")).unwrap();
    home.write(".local/share/profanity/accounts", "[bob@example.org]\njid=bob@example.org\ntls.policy=allow\n");
    let ran = xmpp_audit(&home, &["fix", "--yes"]);
    assert_eq!(ran.code, 5, "{}", ran.stdout);
    assert_eq!(content(&home), ACCOUNTS);
    let accounts = fs::read_to_string(home.at(".local/share/profanity/accounts")).unwrap();
    assert_eq!(accounts, "[bob@example.org]\njid=bob@example.org\ntls.policy=force\n");
    assert!(ran.stdout.contains("Put right: 1 finding, 1 file."), "{}", ran.stdout);
}

#[test]
fn nothing_to_audit_is_said() {
    let home = MadeUpHome::new();
    let ran = xmpp_audit(&home, &["fix", "--yes"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, "There is nothing to put right.\n"));
}
