//! The files of clients: found, read and judged as on a disk, but in memory.

use std::path::Path;

use xmpp_audit::discover::{Discovery, Group, Reach, Wanted};
use xmpp_audit::model::Profile;
use xmpp_audit::rules::RuleSet;
use xmpp_audit::source::{Bounds, Reader};
use xmpp_audit::{Request, Search};

use crate::bundle;
use crate::made::{self, TOP};
use crate::writes::{self, Files};

/// The files of one client, by their paths below a home. `then` is shown each profile as well.
fn read(client: &str, input: &[u8], then: impl Fn(&Group, &Profile, &Files)) {
    let files: Files = bundle::below(Path::new(TOP), input);
    let reader = Reader::of_files(Bounds::default(), files.iter().cloned());
    let mut discovery = Discovery::default();
    let wanted = Wanted { client: &|name| name.0 == client, path: &|_| true, reach: Reach::default() };
    discovery.look_at_given(Path::new(TOP), &reader, &wanted);
    let (groups, _) = discovery.take_groups();
    for group in groups {
        let profile = group.client.read(&group.files, &reader);
        check(&group, &profile);
        then(&group, &profile, &files);
    }
}

/// What must hold of whatever a client has read.
fn check(group: &Group, profile: &Profile) {
    assert!(profile.client == group.client.name());
    for account in &profile.accounts {
        assert!(profile.file(account.place.file).is_some(), "an account that stands in no file");
    }
    for room in &profile.rooms {
        assert!(profile.file(room.place.file).is_some(), "a room that stands in no file");
    }
}

/// Pidgin and Finch.
pub fn pidgin(input: &[u8]) {
    read("pidgin", input, writes::check);
}

/// Gajim, before 1.3 and since.
pub fn gajim(input: &[u8]) {
    read("gajim", input, writes::check);
}

/// Dino and its fork, dumps of their databases included.
pub fn dino(input: &[u8]) {
    read("dino", input, writes::check);
}

/// Profanity.
pub fn profanity(input: &[u8]) {
    read("profanity", input, writes::check);
}

/// What starts clients, and how.
pub fn startup(input: &[u8]) {
    read("startup", input, writes::check);
}

/// Dotfiles, in the spellings of their managers.
pub fn dotfiles(input: &[u8]) {
    let top = Path::new(TOP).join("dotfiles");
    let request = Request::default();
    let search = Search::of_files(&top, bundle::below(&top, input), &request);
    let audit = search.audit(&RuleSet::empty(), &request).expect("no rule is there that could fail");
    made::see_that_nothing_failed(&audit);
    assert!(audit.findings.is_empty());
}

/// A file of any name: its first line is the path.
pub fn recognise(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let path = String::from_utf8_lossy(&input[..end]);
    let bytes = input.get(end + 1..).unwrap_or_default().to_vec();
    let search = Search::of_bytes(Path::new(path.as_ref()), bytes.into(), &Request::default());
    assert_eq!(search.is_empty(), search.notices().len() == 1, "either a client’s, or there is a word about it");
}
