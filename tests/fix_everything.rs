//! Everything that can be put right, on every sample of every rule page and on every sample that a real client wrote:
//! put right once, it is gone and nothing new has come; a second time there is nothing to do; taken back, every byte is
//! the first one, or a database says the same.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod common;
#[path = "samples_end_to_end/expected.rs"]
#[allow(dead_code)]
mod expected;
#[path = "common/made/mod.rs"]
#[allow(dead_code, clippy::missing_panics_doc, reason = "more is made for the fuzz targets")]
mod made;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use arbitrary::{Arbitrary, Unstructured};
use common::canaries;
use common::samples::{home_of, target};
use common::undone::{listing, taken_back};
use common::{MadeUpHome, track};
use expected::SAMPLES;
use proptest::prelude::*;
use xmpp_audit::clients::by_name;
use xmpp_audit::discover::{Home, Target};
use xmpp_audit::finding::{Finding, Severity};
use xmpp_audit::fix::{Options, apply};
use xmpp_audit::model::{ClientVersion, Language, Version, VersionSource};
use xmpp_audit::rules::RuleSet;
use xmpp_audit::rules::samples::{Sample, Verdict};
use xmpp_audit::{Mended, Request, Search};

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::embedded(Language::English).unwrap());

fn mend(rules: &RuleSet, targets: &[Target], request: &Request) -> Mended {
    let search = Search::new(targets, request);
    search.mend(rules, request, &|_: &Finding| true).unwrap()
}

fn told(findings: &[Finding]) -> BTreeSet<(String, String)> {
    findings.iter().map(|finding| (finding.rule.clone(), finding.place.clone())).collect()
}

/// How many findings there are of each rule.
fn counts(findings: &[Finding]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.rule.as_str()).or_default() += 1;
    }
    counts
}

/// Puts everything right and takes it back. Says what is wrong with that, and how many findings were put right.
fn try_on(rules: &RuleSet, folder: &Path, targets: &[Target], request: &Request) -> Result<usize, String> {
    let before = listing(folder);
    let mended = mend(rules, targets, request);
    if !mended.strays.is_empty() {
        return Err(format!("more would change: {:?}", mended.strays));
    }
    if listing(folder) != before {
        return Err("planning has changed a file".to_owned());
    }
    if mended.changes.is_empty() {
        return Ok(0);
    }
    // What is encrypted from now on is kept decrypted as well; where rooms lie, contacts may be rooms.
    let done = |begins: &str| mended.done.iter().any(|finding| finding.rule.starts_with(begins));
    let is_known = |rule: &str| match rule {
        "end-to-end-logged" => done("end-to-end-off"),
        "room-as-contact" => done("room-"),
        // What is better in one client now is worse in another by comparison.
        "weaker-elsewhere" => true,
        _ => false,
    };
    // A finding may move, to the account for instance that is now the first one of its kind.
    let (were, are) = (counts(&mended.before.findings), counts(&mended.after.findings));
    let more = are.iter().filter(|(rule, count)| were.get(*rule).unwrap_or(&0) < count && !is_known(rule));
    let more: Vec<_> = more.collect();
    if !more.is_empty() {
        return Err(format!("it brings up {more:?}"));
    }
    let state = tempfile::tempdir().unwrap();
    let options = Options { state_folder: state.path().join("xmpp-audit"), keep_secrets: true };
    apply(&mended.changes, &options, &[]).map_err(|error| error.to_string())?;
    let again = mend(rules, targets, request);
    if told(&again.before.findings) != told(&mended.after.findings) {
        let (is, should) = (told(&again.before.findings), told(&mended.after.findings));
        return Err(format!("it is not as it was planned to be: {:?}", is.symmetric_difference(&should)));
    }
    if !again.changes.is_empty() {
        return Err(format!("a second time there is something to do: {:?}", told(&again.done)));
    }
    let different = taken_back(folder, &before, &options);
    if !different.is_empty() {
        return Err(different.join(", "));
    }
    Ok(mended.done.len())
}

fn request(samples: &[Sample]) -> Request {
    let told = |(client, version): &(String, String)| {
        let version = ClientVersion::exactly(Version::parse(version).unwrap(), VersionSource::Told);
        (by_name(client).unwrap().name(), version)
    };
    let client_versions = samples.iter().filter_map(|sample| sample.client_version.as_ref()).map(told).collect();
    Request { min_severity: Severity::Info, client_versions, ..Request::default() }
}

#[test]
fn on_every_sample_of_every_page() {
    let rules = RuleSet::embedded(Language::English).unwrap();
    let (mut wrong, mut done) = (Vec::new(), 0);
    for page in rules.pages() {
        let mut homes: BTreeMap<_, Vec<Sample>> = BTreeMap::new();
        for sample in page.texts(Language::English).prose.samples().unwrap() {
            if sample.verdict != Verdict::Fixed {
                homes.entry((sample.verdict, sample.case.clone())).or_default().push(sample);
            }
        }
        for ((_, case), samples) in homes {
            let folder = home_of(&samples);
            let tracked: Vec<_> =
                samples.iter().filter(|sample| sample.tracked).map(|sample| sample.path.as_str()).collect();
            if !tracked.is_empty() {
                track(folder.path(), &tracked);
            }
            let targets = [target(folder.path(), &samples)];
            match try_on(&rules, folder.path(), &targets, &request(&samples)) {
                Ok(count) => done += count,
                Err(what) => wrong.push(format!("{}, sample {case}: {what}", page.id)),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(done > 300, "only {done} findings were put right");
}

#[test]
fn on_every_sample_that_a_client_wrote() {
    let rules = RuleSet::embedded(Language::English).unwrap();
    let request = Request { min_severity: Severity::Info, ..Request::default() };
    let (mut wrong, mut done) = (Vec::new(), 0);
    for sample in SAMPLES {
        for place in [sample.home, "backup"] {
            if place.is_empty() {
                continue;
            }
            let home = MadeUpHome::new();
            let name = sample.path.rsplit('/').next().unwrap();
            let place = if place == "backup" { format!("backup/{name}") } else { place.to_owned() };
            home.copy_sample(sample.path, &place);
            let target = match place.starts_with("backup") {
                true => Target::Path(home.path().to_owned()),
                false => Target::Home(Home::at(home.path())),
            };
            match try_on(&rules, home.path(), &[target], &request) {
                Ok(count) => done += count,
                Err(what) => wrong.push(format!("{} at {place}: {what}", sample.path)),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(done > 50, "only {done} findings were put right");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn on_homes_that_never_were(bytes in proptest::collection::vec(any::<u8>(), 100..2000)) {
        let made = made::Home::arbitrary(&mut Unstructured::new(&bytes)).unwrap();
        let home = MadeUpHome::new();
        for (path, content) in &made.files {
            home.write(path, content);
        }
        let request = Request { min_severity: Severity::Info, ..Request::default() };
        let target = Target::Path(home.path().to_owned());
        let tried = try_on(&RULES, home.path(), &[target], &request);
        // Where more would change, such as the order of accounts, the repair is refused, and nothing is written.
        let is_refused = tried.as_ref().is_err_and(|what| what.starts_with("more would change"));
        prop_assert!(tried.is_ok() || is_refused, "{}", tried.unwrap_err());
    }
}
