//! Everything that can be put right in files of Gajim's and Dino's, all at once: what comes of it is read without a
//! fault, and a second time there is nothing left to do.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rusqlite::Connection;
use xmpp_audit::discover::{Home, Target};
use xmpp_audit::finding::Severity;
use xmpp_audit::fix::{Content, change_rows};
use xmpp_audit::model::Language;
use xmpp_audit::rules::RuleSet;
use xmpp_audit::{Left, Mended, Request, Search};

fn mend(rules: &RuleSet, home: &Path) -> Mended {
    let request = Request { min_severity: Severity::Info, repairs: true, ..Request::default() };
    let search = Search::new(&[Target::Home(Home::at(home))], &request);
    search.mend(rules, &request, &|_| true).unwrap()
}

fn carry_out(mended: &Mended) {
    for change in &mended.changes {
        match &change.content {
            Content::Same => {}
            Content::Gone => fs::remove_file(&change.real).unwrap(),
            Content::Text { new, .. } => fs::write(&change.real, new).unwrap(),
            Content::Rows { rounds, .. } => {
                let connection = Connection::open(&change.real).unwrap();
                rounds.iter().for_each(|round| change_rows(&connection, round).unwrap());
            }
        }
        if let Some((_, mode)) = change.mode {
            fs::set_permissions(&change.real, fs::Permissions::from_mode(mode)).unwrap();
        }
    }
}

/// How often each rule was put right, or left, and then why.
type Counts = BTreeMap<String, usize>;

/// Mends a home that holds a copy of a fixture.
fn mended_fixture(fixture: &str, place: &str) -> (Counts, Counts) {
    mended(place, |path| {
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(fixture), path).unwrap();
    })
}

/// Mends a home that holds one file.
fn mended(place: &str, make: impl Fn(&Path)) -> (Counts, Counts) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(place);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    make(&path);
    let rules = RuleSet::embedded(Language::English).unwrap();
    let first = mend(&rules, folder.path());
    assert!(!first.done.is_empty(), "{place}");
    for (finding, left) in &first.left {
        // Not everything can be put right, but what was tried has been.
        assert!(matches!(left, Left::Unrepairable(_)), "{place}: {} {left:?}", finding.rule);
    }
    carry_out(&first);
    let second = mend(&rules, folder.path());
    let again: Vec<&str> = second.done.iter().map(|finding| finding.rule.as_str()).collect();
    assert!(second.changes.is_empty(), "{place}: {again:?}");
    assert_eq!(second.before.findings.len(), first.after.findings.len(), "{place}");
    let mut done = BTreeMap::new();
    for finding in &first.done {
        *done.entry(finding.rule.clone()).or_default() += 1;
    }
    let mut left = BTreeMap::new();
    for (finding, reason) in &first.left {
        *left.entry(format!("{} {reason:?}", finding.rule)).or_default() += 1;
    }
    (done, left)
}

fn counts<const N: usize>(expected: [(&str, usize); N]) -> Counts {
    expected.into_iter().map(|(word, count)| (word.to_owned(), count)).collect()
}

#[test]
fn text_files_of_each_generation_are_put_right_as_a_whole() {
    let done_in = |sample: &str, rule: &str| {
        let (done, _) = mended_fixture(&format!("gajim/samples/{sample}"), ".config/gajim/config");
        done.get(rule).copied().unwrap_or_default()
    };
    assert_eq!(done_in("text-0.16.3.config", "encryption-optional"), 2);
    assert_eq!(done_in("text-1.1.3.config", "certificate-unchecked"), 1);
    assert_eq!(done_in("1.1.3-client-written.config", "encryption-optional"), 1);
    assert_eq!(done_in("text-1.2.2.config", "encryption-disabled"), 2);
}

#[test]
fn databases_are_put_right_as_a_whole() {
    let settings = ".config/gajim/settings.sqlite";
    let (done, left) = mended_fixture("gajim/samples/1.7-many-problems.sqlite", settings);
    for (rule, times) in [("encryption-disabled", 2), ("password-stored", 2), ("proxy-password-stored", 1)] {
        assert_eq!(done.get(rule), Some(&times), "{rule}");
    }
    assert_eq!(left, counts([("history-in-clear Unrepairable(Choice)", 5)]));
    mended_fixture("gajim/samples/1.7-two-accounts-default.sqlite", settings);
    mended_fixture("gajim/samples/1.7-migrated-from-text.sqlite", settings);
}

/// Each option that is added stands at the same place, so that each takes a round: there must be enough.
#[test]
fn all_that_an_account_lacks_is_added() {
    for user_version in 0..8 {
        let (done, left) = mended(".config/gajim/settings.sqlite", |path| {
            let sql = format!(
                r#"PRAGMA user_version = {user_version};
                   CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
                   CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);
                   INSERT INTO settings VALUES ('app', '{{}}'), ('proxies', '{{}}'), ('workspaces', '{{}}'), ('plugins', '{{}}');
                   INSERT INTO account_settings VALUES ('a',
                       '{{"account": {{"name": "a", "hostname": "b.test", "address": "a@b.test", "active": true}}, "contact": {{}}, "group_chat": {{}}}}');"#
            );
            Connection::open(path).unwrap().execute_batch(&sql).unwrap();
        });
        assert!(done["client-reveals-itself"] >= 6, "{user_version}: {done:?}");
        assert!(left.keys().all(|word| word.contains("(Choice)")), "{user_version}: {left:?}");
    }
}

#[test]
fn databases_of_dino_are_put_right_as_a_whole() {
    for (sample, rules) in
        [("v29-dino-0.5", &["end-to-end-off"][..]), ("v32-dino-master", &["client-reveals-itself"])]
    {
        let (done, left) = mended_fixture(&format!("dino/samples/{sample}/dino.db"), ".local/share/dino/dino.db");
        assert!(rules.iter().all(|rule| done.contains_key(*rule)), "{sample}: {done:?}");
        assert_eq!(left, Counts::new(), "{sample}");
    }
}
