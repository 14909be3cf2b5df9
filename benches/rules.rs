//! What rules cost at every start, and what a profile costs that is judged by them.
//!
//! `cargo bench --bench rules` shows it. Times differ from machine to machine; what says something is the ratio to
//! `peer`: TOML alone, reading nothing but the front matter of the same pages.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use xmpp_audit::clients;
use xmpp_audit::discover::{Discovery, Home, Reach, Target, Wanted};
use xmpp_audit::model::{Language, Profile};
use xmpp_audit::rules::{Judge, RuleSet};
use xmpp_audit::source::{Bounds, Reader};

const LANGUAGES: [Language; 2] = [Language::English, Language::French];

fn main() {
    divan::main();
}

fn pages() -> ItemsCount {
    ItemsCount::new(RuleSet::embedded(Language::English).unwrap().pages().len())
}

/// What every start pays.
#[divan::bench(args = LANGUAGES)]
fn load(bencher: Bencher<'_, '_>, language: Language) {
    bencher.counter(pages()).bench(|| RuleSet::embedded(language).unwrap());
}

/// What the tests pay, and whoever has pages of his own pays for those.
#[divan::bench(args = LANGUAGES)]
fn load_and_check(bencher: Bencher<'_, '_>, language: Language) {
    bencher.counter(pages()).bench(|| {
        let rules = RuleSet::embedded(language).unwrap();
        rules.check().unwrap();
        rules
    });
}

/// The front matter of the English pages, read with TOML alone into values that nobody looks at.
#[divan::bench]
fn peer_toml_alone(bencher: Bencher<'_, '_>) {
    let front_matters = front_matters();
    bencher
        .counter(ItemsCount::new(front_matters.len()))
        .bench(|| front_matters.iter().map(|text| toml::from_str(text).unwrap()).collect::<Vec<toml::Table>>());
}

fn front_matters() -> Vec<String> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let paths = fs::read_dir(rules).unwrap().map(|entry| entry.unwrap().path());
    let pages = paths.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let texts = pages.map(|path| fs::read_to_string(path).unwrap());
    texts.filter_map(|text| Some(text.strip_prefix("+++\n")?.split_once("\n+++\n")?.0.to_owned())).collect()
}

/// What is made ready once in a run.
#[divan::bench(args = LANGUAGES)]
fn make_judge(bencher: Bencher<'_, '_>, language: Language) {
    let rules = RuleSet::embedded(language).unwrap();
    bencher.counter(pages()).bench(|| Judge::new(&rules, language, |_| true));
}

/// The files of a Pidgin with two accounts and four rooms, most of which are wrong.
#[divan::bench(args = LANGUAGES)]
fn judge_profile(bencher: Bencher<'_, '_>, language: Language) {
    let rules = RuleSet::embedded(language).unwrap();
    let judge = Judge::new(&rules, language, |_| true);
    let profile = profile();
    assert!(!judge.judge(&profile).unwrap().findings.is_empty());
    bencher.counter(pages()).bench(|| judge.judge(&profile).unwrap());
}

/// The same by a judge who has never judged: what a run pays.
#[divan::bench(args = LANGUAGES)]
fn make_judge_and_judge_profile(bencher: Bencher<'_, '_>, language: Language) {
    let rules = RuleSet::embedded(language).unwrap();
    let profile = profile();
    bencher.counter(pages()).bench(|| Judge::new(&rules, language, |_| true).judge(&profile).unwrap());
}

fn profile() -> Arc<Profile> {
    let home = tempfile::tempdir().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pidgin/samples");
    fs::create_dir(home.path().join(".purple")).unwrap();
    for (fixture, name) in [
        ("accounts-gui-two-accounts-opportunistic-tor.xml", "accounts.xml"),
        ("blist-written-by-client.xml", "blist.xml"),
        ("prefs-defaults.xml", "prefs.xml"),
    ] {
        fs::copy(fixtures.join(fixture), home.path().join(".purple").join(name)).unwrap();
    }
    let reader = Reader::new(Bounds::default());
    let mut discovery = Discovery::default();
    discovery.look_at(
        &Target::Home(Home::at(home.path())),
        &reader,
        &Wanted { client: &|_| true, path: &|_| true, reach: Reach::default() },
    );
    let (groups, _) = discovery.take_groups();
    let pidgin = clients::by_name("pidgin").unwrap();
    let group = groups.iter().find(|group| group.client.name() == pidgin.name()).unwrap();
    Arc::new(pidgin.read(&group.files, &reader))
}
