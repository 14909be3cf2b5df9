//! The history of git repositories: each published secret is told once, with the commit that brought it.
#![allow(
    clippy::print_stderr,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::git::MadeUpRepository;
use common::{MadeUpHome, fixtures, run, track};
use gix_hash::{Kind, ObjectId};
use serde_json::Value;
use xmpp_audit::discover::{Home, Target};
use xmpp_audit::finding::{Audit, Finding, Severity};
use xmpp_audit::model::{Language, Trouble};
use xmpp_audit::rules::RuleSet;
use xmpp_audit::source::Bounds;
use xmpp_audit::{Request, audit};

const RULE: &str = "password-published";

/// Pidgin's file with one account.
fn pidgin(jid: &str, password: &str) -> Vec<u8> {
    let password =
        if password.is_empty() { String::new() } else { format!("\t\t<password>{password}</password>\n") };
    format!(
        "<?xml version='1.0' encoding='UTF-8' ?>\n\n<account version='1.0'>\n\t<account>\n\t\t<protocol>prpl-jabber</protocol>\n\
         \t\t<name>{jid}/</name>\n{password}\t\t<settings>\n\
         \t\t\t<setting name='connection_security' type='string'>require_tls</setting>\n\t\t</settings>\n\t</account>\n</account>\n"
    )
    .into_bytes()
}

fn profanity(jid: &str, password: &str) -> Vec<u8> {
    format!("[{jid}]\nenabled=true\njid={jid}\ntls.policy=force\npassword={password}\n").into_bytes()
}

fn database(sql: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("database");
    rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    fs::read(path).unwrap()
}

fn gajim(jid: &str, password: &str) -> Vec<u8> {
    database(&format!(
        "PRAGMA user_version = 7;
         CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
         CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);
         INSERT INTO settings VALUES ('app', '{{}}'), ('proxies', '{{}}'), ('workspaces', '{{}}'), ('plugins', '{{}}');
         INSERT INTO account_settings VALUES ('a', '{{\"account\": {{\"address\": \"{jid}\", \"active\": true, \"savepass\": true, \"password\": \"{password}\"}}, \"contact\": {{}}, \"group_chat\": {{}}}}');"
    ))
}

fn look(target: Target) -> Audit {
    look_within(target, Bounds::default())
}

fn look_within(target: Target, bounds: Bounds) -> Audit {
    let rules = RuleSet::embedded(Language::English).unwrap();
    let request = Request { history: true, min_severity: Severity::Info, bounds, ..Request::default() };
    audit(&[target], &rules, &request).unwrap()
}

fn look_at(path: &Path) -> Audit {
    look(Target::Path(path.to_owned()))
}

/// What was published: whose, in which commit, in which file, and what became of it.
fn published(audit: &Audit) -> Vec<(String, String, String, &'static str)> {
    let of_rule = audit.findings.iter().filter(|finding| finding.rule == RULE);
    let mut all: Vec<_> = of_rule.map(shown).collect();
    all.sort();
    all
}

fn shown(finding: &Finding) -> (String, String, String, &'static str) {
    let ends = [
        ("still has it", "there"),
        ("version of the file is without it, but the commit keeps it", "taken out"),
        ("is gone from the newest version, but the commit keeps it", "gone"),
    ];
    let end = ends.iter().find(|(end, _)| finding.message.ends_with(end)).expect(&finding.message).1;
    let name = finding.path.file_name().unwrap().to_string_lossy().into_owned();
    (finding.account.clone().unwrap_or_default(), finding.commit.clone().unwrap(), name, end)
}

fn expected(all: &[(&str, ObjectId, &str, &'static str)]) -> Vec<(String, String, String, &'static str)> {
    let own = |(whose, commit, name, end): &(&str, ObjectId, &str, &'static str)| {
        ((*whose).to_owned(), commit.to_string(), (*name).to_owned(), *end)
    };
    let mut all: Vec<_> = all.iter().map(own).collect();
    all.sort();
    all
}

fn assert_complete(audit: &Audit) {
    assert!(audit.is_complete(), "{:?}", audit.notices);
}

/// Twenty commits, with branches, merges, tags, a stash and renames.
#[test]
fn each_planted_password_is_found_once_with_its_commit() {
    let home = MadeUpHome::new();
    let git = MadeUpRepository::at(&home.at("dots/.git"));
    let accounts = ".purple/accounts.xml";
    let moved = "purple/dot-purple/accounts.xml";
    let gajims = ".config/gajim/settings.sqlite";
    let own = ".local/share/profanity/accounts";
    let (readme, alice) = (b"x".as_slice(), "alice@example.org");
    let (one, two, none) = (pidgin(alice, "canary-one"), pidgin(alice, "canary-two"), pidgin(alice, ""));
    let carol = gajim("carol@example.org", "canary-three");
    let dave = profanity("dave@example.org", "canary-four");
    let bob = pidgin("bob@example.org", "canary-one");
    let secret_in_shell = b"alias chat='profanity --cmd \"/account set erin@example.org password canary-five\"'\n";

    let c1 = git.commit(&[], &[("README", readme)]);
    let c2 = git.commit(&[c1], &[("README", readme), (accounts, &one)]);
    let c3 = git.commit(&[c2], &[("README", b"y"), (accounts, &one)]);
    let c4 = git.commit(&[c3], &[("README", b"y"), (accounts, &two)]);
    let c5 = git.commit(&[c4], &[(accounts, &none)]);
    let c6 = git.commit(&[c5], &[(accounts, &none), (gajims, &carol)]);
    let c7 = git.commit(&[c6], &[(moved, &none), (gajims, &carol), (own, &dave)]);
    // Renamed, with a change.
    let louder = [b"# mine\n".as_slice(), &dave].concat();
    let stowed = "profanity/.local/share/profanity/accounts";
    let c8 = git.commit(&[c7], &[(moved, &none), (gajims, &carol), (stowed, &louder)]);
    let c9 = git.commit(&[c8], &[(moved, &none), (stowed, &louder)]);
    // A branch that was made before, brought something of its own and something that was there already.
    let frank = profanity("frank@example.org", "canary-six");
    let s1 = git.commit(&[c5], &[(accounts, &none), (own, &frank)]);
    let s2 = git.commit(&[s1], &[(accounts, &two), (own, &frank)]);
    let c12 = git.commit(&[c9, s2], &[(moved, &none), (stowed, &louder), (own, &frank)]);
    let c13 = git.commit(&[c12], &[(moved, &none), (stowed, &louder)]);
    // Only a tag leads here.
    let keys = b"[identity]\nidentity_key_private=aW52ZW50ZWQ=\n".as_slice();
    let identity = ".local/share/profanity/omemo/a_at_b/identity.txt";
    let t1 = git.commit(&[c3], &[(identity, keys)]);
    // Only the stash, and only a branch of somebody else's.
    let stash = git.commit(&[c13], &[(".bashrc", secret_in_shell)]);
    let heidi = pidgin("heidi@example.org", "canary-seven");
    let remote = git.commit(&[c1], &[(accounts, &heidi)]);
    // What was taken out comes back, and stays in a copy.
    let c17 = git.commit(&[c13], &[(accounts, &one), (stowed, &louder)]);
    let c18 = git.commit(&[c17], &[(accounts, &one), (moved, &one), (stowed, &louder)]);
    // The same password, of another account: to be changed there as well.
    let c19 = git.commit(&[c18], &[(accounts, &bob), (stowed, &louder)]);
    let c20 = git.commit(&[c19], &[(accounts, &bob), ("README", b"z")]);
    // Nothing leads here.
    git.commit(&[c20], &[(accounts, &pidgin("ivan@example.org", "canary-eight"))]);

    let tag = format!("object {t1}\ntype commit\ntag v1\ntagger A <a@b> 1767355200 +0000\n\nfirst\n");
    let tag = git.object(gix_object::Kind::Tag, tag.as_bytes());
    git.point("refs/tags/v1", tag);
    git.point("refs/heads/main", c20);
    git.point("refs/heads/side", s2);
    git.point("refs/stash", stash);
    git.point("refs/remotes/origin/work", remote);

    let found = look_at(&home.at("dots"));
    assert_complete(&found);
    let all = [
        (alice, c2, "accounts.xml", "taken out"),
        (alice, c4, "accounts.xml", "taken out"),
        ("carol@example.org", c6, "settings.sqlite", "gone"),
        ("dave@example.org", c7, "accounts", "gone"),
        ("frank@example.org", s1, "accounts", "gone"),
        ("", t1, "identity.txt", "gone"),
        ("", stash, ".bashrc", "gone"),
        ("heidi@example.org", remote, "accounts.xml", "taken out"),
        ("bob@example.org", c19, "accounts.xml", "there"),
    ];
    assert_eq!(published(&found), expected(&all));
    assert_eq!(found.looked_back[0].commits, 20);
    let mut fingerprints: Vec<_> = found.findings.iter().map(|finding| &finding.fingerprint).collect();
    fingerprints.sort();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), found.findings.len());
    assert!(!format!("{found:?}").contains("canary"));
}

#[test]
fn what_still_stands_in_a_file_is_told_there_with_its_commit() {
    let home = MadeUpHome::new();
    let git = MadeUpRepository::at(&home.at("dots/.git"));
    let (accounts, own) = (".purple/accounts.xml", ".local/share/profanity/accounts");
    let alice = pidgin("alice@example.org", "hunter2");
    let (dave, newer) = (profanity("dave@example.org", "hunter3"), profanity("dave@example.org", "hunter4"));
    let first = git.commit(&[], &[("README", b"x")]);
    let second = git.commit(&[first], &[(accounts, &alice), (own, &dave)]);
    let third = git.commit(&[second], &[(accounts, &alice), (own, &dave), ("README", b"x")]);
    git.point("refs/heads/main", third);
    home.write(&format!("dots/{accounts}"), &alice).write(&format!("dots/{own}"), &newer);
    fs::write(
        home.at("dots/.git/index"),
        fs::read({
            let other = home.at("other");
            track(&other, &[accounts, own]);
            other.join(".git/index")
        })
        .unwrap(),
    )
    .unwrap();
    let found = look_at(&home.at("dots"));
    // Dave's new password is in no commit yet.
    assert_eq!(published(&found), expected(&[("dave@example.org", second, "accounts", "there")]));
    let of = |jid: &str| {
        let it = found
            .findings
            .iter()
            .find(|it| it.rule == "password-in-repository" && it.account.as_deref() == Some(jid));
        it.unwrap()
    };
    let told = of("alice@example.org");
    assert_eq!(told.commit, Some(second.to_string()));
    assert!(
        told.message.contains(&second.to_string()[..10]) && told.message.contains("2026-01-03"),
        "{}",
        told.message
    );
    assert_eq!(of("dave@example.org").commit, None);
    assert!(told.path.starts_with(home.at("dots")));
    // Where that rule is not asked, this one says it.
    let rules = RuleSet::embedded(Language::English).unwrap();
    let request = Request { history: true, select: vec![RULE.to_owned()], ..Request::default() };
    let only = audit(&[Target::Path(home.at("dots"))], &rules, &request).unwrap();
    assert_eq!(only.findings.len(), 2);
}

#[test]
fn a_password_in_a_write_ahead_log_counts() {
    let home = MadeUpHome::new();
    let git = MadeUpRepository::at(&home.at("dots/.git"));
    let folder = tempfile::tempdir().unwrap();
    let open = folder.path().join("dino.db");
    fs::copy(fixtures().join("dino/samples/v26-dino-0.4-observed-wal/dino.db"), &open).unwrap();
    let connection = rusqlite::Connection::open(&open).unwrap();
    let sql = "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; UPDATE account SET password = NULL;
               PRAGMA wal_checkpoint(TRUNCATE); UPDATE account SET password = 'hunter2'";
    connection.execute_batch(sql).unwrap();
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let (database, log) = (read("dino.db"), read("dino.db-wal"));
    let path = |name: &str| format!(".local/share/dino/{name}");
    let alone = git.commit(&[], &[(&path("dino.db"), &database)]);
    let both = git.commit(&[alone], &[(&path("dino.db"), &database), (&path("dino.db-wal"), &log)]);
    git.point("refs/heads/main", both);
    let found = published(&look_at(&home.at("dots")));
    assert_eq!(found, expected(&[("alice@riseup.net", both, "dino.db", "there")]));
}

/// A copy of the repository that git itself packed.
fn packed(home: &MadeUpHome) -> PathBuf {
    let from = fixtures().join("git/packed.git");
    for entry in walkdir::WalkDir::new(&from) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let inner = entry.path().strip_prefix(&from).unwrap().to_string_lossy().into_owned();
            home.write(&format!("packed.git/{inner}"), fs::read(entry.path()).unwrap());
        }
    }
    fs::create_dir_all(home.at("packed.git/refs")).unwrap();
    home.at("packed.git")
}

#[test]
fn packs_and_packed_references_are_read() {
    let home = MadeUpHome::new();
    let bare = packed(&home);
    let commit = |digits: &str| ObjectId::from_hex(digits.as_bytes()).unwrap();
    let brought = commit("9b2310b65a0d2536b2e7b4bed0904e43ec4a15ae");
    let side = commit("623da2f9d7fe56aff1d8f39832a9689818004bfb");
    let all = [
        ("alice@example.org", brought, "accounts.xml", "taken out"),
        ("alice@example.org", side, "accounts.xml", "taken out"),
    ];
    let found = look_at(&bare);
    assert_complete(&found);
    assert_eq!(published(&found), expected(&all));
    assert!(found.findings.iter().any(|finding| finding.message.contains("commit 9b2310b65a of 2026-01-02")));
    // Borrowed from: a repository with nothing of its own but a branch.
    let borrower = MadeUpRepository::at(&home.at("borrower.git"));
    home.write("borrower.git/objects/info/alternates", "../../packed.git/objects\n");
    borrower.point("refs/heads/main", side);
    assert_eq!(published(&look_at(&borrower.git)).len(), 2);
    // A linked work tree and a submodule name the folder in a file.
    home.write("tree/.git", "gitdir: ../packed.git\n");
    assert_eq!(published(&look_at(&home.at("tree"))), expected(&all));
    home.write("packed.git/worktrees/w/HEAD", format!("{side}\n"))
        .write("packed.git/worktrees/w/commondir", "../..\n");
    home.write("linked/.git", format!("gitdir: {}/worktrees/w\n", bare.display()));
    let linked = published(&look_at(&home.at("linked")));
    assert_eq!(linked.iter().map(|(.., end)| *end).collect::<Vec<_>>(), ["there", "taken out"]);
    std::os::unix::fs::symlink("../packed.git", home.at("tree/sub")).unwrap();
    fs::remove_file(home.at("tree/.git")).unwrap();
    fs::rename(home.at("tree/sub"), home.at("tree/.git")).unwrap();
    assert_eq!(published(&look_at(&home.at("tree"))), expected(&all));
}

#[test]
fn keys_that_were_moved_or_changed_are_the_same_keys() {
    let home = MadeUpHome::new();
    let git = MadeUpRepository::at(&home.at("x.git"));
    let keys = |rest: &str| format!("[identity]\nidentity_key_private=aW52ZW50ZWQ=\n{rest}").into_bytes();
    let (path, moved) =
        (".local/share/profanity/omemo/a/identity.txt", "p/.local/share/profanity/omemo/a/identity.txt");
    let first = git.commit(&[], &[(path, &keys(""))]);
    let second = git.commit(&[first], &[(path, &keys("device_id=1\n"))]);
    let third = git.commit(&[second], &[(moved, &keys("device_id=1\n"))]);
    let other =
        git.commit(&[third], &[(moved, &keys("device_id=1\n")), (".purple/otr.private_key", b"(privkeys)\n")]);
    git.point("refs/heads/main", other);
    let all = [("", first, "identity.txt", "there"), ("", other, "otr.private_key", "there")];
    assert_eq!(published(&look_at(&git.git)), expected(&all));
}

/// What git itself says of the made-up repository; nothing is compared where there is no git.
#[test]
fn git_names_the_same_commits() {
    let home = MadeUpHome::new();
    let bare = packed(&home);
    let first = |password: &str| {
        let mut git = std::process::Command::new("git");
        git.arg("--git-dir").arg(&bare).args([
            "log",
            "--all",
            "--reverse",
            "--format=%H",
            &format!("-S{password}"),
        ]);
        let output = git.output().ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).unwrap().lines().next().map(str::to_owned)
    };
    let (Some(one), Some(two)) = (first("hunter2"), first("hunter3")) else {
        eprintln!("skipped: git is not installed");
        return;
    };
    let mut told: Vec<_> = published(&look_at(&bare)).into_iter().map(|(_, commit, ..)| commit).collect();
    let mut expected = vec![one, two];
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
}

#[test]
fn repositories_with_longer_names_are_read() {
    let home = MadeUpHome::new();
    let git = MadeUpRepository::with_hash(&home.at("x.git"), Kind::Sha256);
    let commit = git.commit(&[], &[(".purple/accounts.xml", &pidgin("alice@example.org", "hunter2"))]);
    git.point("refs/heads/main", commit);
    let found = look_at(&git.git);
    assert_complete(&found);
    assert_eq!(published(&found), expected(&[("alice@example.org", commit, "accounts.xml", "there")]));
}

#[test]
fn repositories_of_dotfiles_managers_in_a_home_are_looked_through() {
    for place in [".cfg", ".local/share/yadm/repo.git", ".config/vcsh/repo.d/chat.git", ".local/share/chezmoi/.git"]
    {
        let home = MadeUpHome::new();
        let git = MadeUpRepository::at(&home.at(place));
        let accounts =
            if place.contains("chezmoi") { "private_dot_purple/accounts.xml" } else { ".purple/accounts.xml" };
        let commit = git.commit(&[], &[(accounts, &pidgin("alice@example.org", "hunter2"))]);
        git.point("refs/heads/main", commit);
        let found = look(Target::Home(Home::at(home.path())));
        assert_complete(&found);
        assert_eq!(
            published(&found),
            expected(&[("alice@example.org", commit, "accounts.xml", "there")]),
            "{place}"
        );
    }
    // And a file in such a home that the repository tracks is told of as one in a repository.
    let home = MadeUpHome::new();
    let git = MadeUpRepository::at(&home.at(".cfg"));
    let alice = pidgin("alice@example.org", "hunter2");
    let commit = git.commit(&[], &[(".purple/accounts.xml", &alice)]);
    git.point("refs/heads/main", commit);
    home.write(".purple/accounts.xml", &alice);
    track(&home.at("other"), &[".purple/accounts.xml"]);
    fs::copy(home.at("other/.git/index"), home.at(".cfg/index")).unwrap();
    for target in [Target::Home(Home::at(home.path())), Target::Path(home.at(".purple"))] {
        let found = look(target);
        assert_complete(&found);
        assert_eq!(published(&found), []);
        let told = found.findings.iter().find(|finding| finding.rule == "password-in-repository").unwrap();
        assert_eq!(told.commit, Some(commit.to_string()));
    }
}

fn troubles(audit: &Audit) -> Vec<&Trouble> {
    audit.notices.iter().map(|notice| &notice.trouble).collect()
}

#[test]
fn what_is_missing_or_broken_is_said_and_the_rest_is_judged() {
    let home = MadeUpHome::new();
    let git = MadeUpRepository::at(&home.at("x.git"));
    let (alice, bob) = (pidgin("alice@example.org", "hunter2"), pidgin("bob@example.org", "hunter3"));
    let first = git.commit(&[], &[(".purple/accounts.xml", &alice)]);
    let second = git.commit(&[first], &[(".purple/accounts.xml", &bob)]);
    git.point("refs/heads/main", second);
    let of_bob = expected(&[("bob@example.org", second, "accounts.xml", "there")]);
    let blob = git.object(gix_object::Kind::Blob, &alice);
    let whole = fs::read(git.path_of(blob)).unwrap();
    let set = |path: &Path, content: &[u8]| {
        fs::remove_file(path).ok();
        fs::write(path, content).unwrap();
    };
    // A partial clone has not fetched it.
    fs::remove_file(git.path_of(blob)).unwrap();
    let found = look_at(&git.git);
    assert_eq!(
        (published(&found), troubles(&found)),
        (of_bob.clone(), vec![&Trouble::MissingObjects { count: 1 }])
    );
    for broken in [&b""[..], b"nonsense", &whole[..whole.len() / 2]] {
        set(&git.path_of(blob), broken);
        let found = look_at(&git.git);
        assert_eq!(
            (published(&found), troubles(&found)),
            (of_bob.clone(), vec![&Trouble::BrokenObjects { count: 1 }])
        );
    }
    set(&git.path_of(blob), &whole);
    // Larger than is read.
    let found = look_within(Target::Path(git.git.clone()), Bounds { long_text: 20, ..Bounds::default() });
    assert_eq!(troubles(&found), [&Trouble::LargeVersions { count: 2 }]);
    let found = look_within(Target::Path(git.git.clone()), Bounds { database: 20, ..Bounds::default() });
    assert_eq!(troubles(&found), [&Trouble::LargeVersions { count: 2 }]);
    // A shallow clone knows its newest commit only.
    fs::remove_file(git.path_of(first)).unwrap();
    fs::write(git.git.join("shallow"), format!("{second}\n")).unwrap();
    let found = look_at(&git.git);
    assert_eq!((published(&found), troubles(&found)), (of_bob, vec![&Trouble::Shallow]));
    // Kinds of repositories that nobody here can read.
    for config in ["[extensions]\nobjectformat = sha3\n", "[extensions]\nrefstorage = reftable\n"] {
        fs::write(git.git.join("config"), config).unwrap();
        assert_eq!(troubles(&look_at(&git.git)), [&Trouble::UnknownRepository]);
    }
    fs::write(home.at("file"), "").unwrap();
    assert_eq!(troubles(&look_at(&home.at("file"))), [&Trouble::Foreign, &Trouble::NoRepository]);
}

#[test]
fn hostile_repositories_neither_hang_nor_crash() {
    let home = MadeUpHome::new();
    let git = MadeUpRepository::at(&home.at("x.git"));
    let alice = pidgin("alice@example.org", "hunter2");
    let blob = git.object(gix_object::Kind::Blob, &alice);
    // Ten folders, each of which holds ten times the next: 10^10 paths.
    let mut tree = git.tree_of(vec![(b"accounts.xml".to_vec(), "100644", blob)]);
    for _ in 0..10 {
        let names = (0..10).map(|number| (format!("f{number}").into_bytes(), "40000", tree));
        tree = git.tree_of(names.collect());
    }
    let bomb = git.commit_tree(tree, &[]);
    // Many folders, one in another.
    let mut tree = git.tree_of(vec![(b"accounts.xml".to_vec(), "100644", blob)]);
    for _ in 0..2_000 {
        tree = git.tree_of(vec![(b"f".to_vec(), "40000", tree)]);
    }
    let deep = git.commit_tree(tree, &[bomb]);
    // Names that are paths, or no names at all.
    let names = [&b".."[..], b".", b"", b"/etc/accounts.xml", b"a/../../accounts.xml"];
    let mut entries: Vec<_> = names.iter().map(|name| (name.to_vec(), "100644", blob)).collect();
    entries.push((b"link-accounts.xml".to_vec(), "120000", blob));
    entries.push((b"accounts.xml".to_vec(), "160000", blob));
    let names = git.commit_tree(git.tree_of(entries), &[deep]);
    git.point("refs/heads/main", names);
    let found = look_at(&git.git);
    assert_eq!(troubles(&found), [&Trouble::TooManyPaths]);
    assert_eq!(published(&found).len(), 1);

    // Objects whose names are lies: commits, folders and tags that lead back to themselves.
    let git = MadeUpRepository::at(&home.at("y.git"));
    let lie = |digit: char| ObjectId::from_hex(digit.to_string().repeat(40).as_bytes()).unwrap();
    let rename = |from: ObjectId, to: ObjectId| {
        fs::create_dir_all(git.path_of(to).parent().unwrap()).unwrap();
        fs::rename(git.path_of(from), git.path_of(to)).unwrap();
    };
    let file = git.object(gix_object::Kind::Blob, &alice);
    let entries = vec![(b"accounts.xml".to_vec(), "100644", file), (b"f".to_vec(), "40000", lie('1'))];
    rename(git.tree_of(entries), lie('1'));
    let circle = git.commit_tree(lie('1'), &[lie('2')]);
    rename(circle, lie('2'));
    let tag = format!("object {}\ntype tag\ntag x\n\nx\n", lie('3'));
    rename(git.object(gix_object::Kind::Tag, tag.as_bytes()), lie('3'));
    git.point("refs/heads/main", lie('2'));
    git.point("refs/tags/x", lie('3'));
    fs::write(git.git.join("refs/heads/a"), "ref: refs/heads/b\n").unwrap();
    fs::write(git.git.join("refs/heads/b"), "ref: refs/heads/a\n").unwrap();
    let found = look_at(&git.git);
    assert_eq!(published(&found), expected(&[("alice@example.org", lie('2'), "accounts.xml", "there")]));
}

#[test]
fn pipes_and_circles_among_the_objects_are_not_waited_for() {
    let pipe = |path: &Path| {
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    };
    let places = ["objects/pack/pack-1.idx", "objects/aa/1234", "objects/info/alternates", "packed-refs", "HEAD"];
    for place in places.into_iter().chain(["refs/heads/x", "config", "shallow"]) {
        let home = MadeUpHome::new();
        let git = MadeUpRepository::at(&home.at("x.git"));
        let commit = git.commit(&[], &[("accounts.xml", &pidgin("alice@example.org", "hunter2"))]);
        git.point("refs/heads/main", commit);
        fs::create_dir_all(git.git.join(place).parent().unwrap()).unwrap();
        fs::remove_file(git.git.join(place)).ok();
        pipe(&git.git.join(place));
        look_at(&git.git);
    }
    let home = MadeUpHome::new();
    let git = MadeUpRepository::at(&home.at("x.git"));
    home.write("x.git/objects/info/alternates", "../objects\n../../y.git/objects\n");
    MadeUpRepository::at(&home.at("y.git"));
    home.write("y.git/objects/info/alternates", "../../x.git/objects\n");
    git.point("refs/heads/main", git.commit(&[], &[]));
    look_at(&git.git);
}

/// Flips bits, cuts and overwrites, always in the same way.
#[test]
fn damaged_packs_neither_hang_nor_crash() {
    let home = MadeUpHome::new();
    let bare = packed(&home);
    let rounds = std::env::var("ROUNDS").map_or(60, |rounds| rounds.parse().unwrap());
    let files: Vec<PathBuf> = walkdir::WalkDir::new(bare.join("objects/pack"))
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.is_file())
        .chain(["packed-refs", "HEAD", "config"].map(|name| bare.join(name)))
        .collect();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    for _ in 0..rounds {
        let path = &files[draw(files.len())];
        let whole = fs::read(path).unwrap();
        let mut damaged = whole.clone();
        match draw(4) {
            0 => damaged.truncate(draw(whole.len())),
            1 => damaged[draw(whole.len())] = 0xff,
            2 => damaged[draw(whole.len())] ^= 1 << draw(8),
            _ => {
                let at = draw(whole.len());
                damaged[at..].iter_mut().take(8).for_each(|byte| *byte = 0x80);
            }
        }
        fs::write(path, damaged).unwrap();
        look_at(&bare);
        fs::write(path, whole).unwrap();
    }
    assert_eq!(published(&look_at(&bare)).len(), 2);
}

#[test]
fn nothing_is_written_and_the_command_line_says_what_was_found() {
    let home = MadeUpHome::new();
    packed(&home);
    let before = home.listing();
    let check = |arguments: &[&str]| run(home.program().arg("check").args(arguments));
    let ran = check(&["--history", "packed.git", "--output-format", "json"]);
    assert_eq!(before, home.listing());
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(!ran.stdout.contains("hunter"));
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let schema: Value = serde_json::from_str(xmpp_audit::report::SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(report["history"][0]["commits"], 6);
    assert_eq!(report["findings"][0]["path"], "packed.git/.purple/accounts.xml");
    assert_eq!(check(&["--history", "packed.git", "--ignore", RULE]).code, 0);
    assert_eq!(check(&["packed.git"]).code, 3);
    assert_eq!(check(&["--history", "-", "--as", "accounts.xml"]).code, 2);
    let full = check(&["--history", "packed.git", "--lang", "fr"]).stdout;
    assert!(full.contains("6 commits, 3 versions de fichiers"), "{full}");
}
