//! Everything that can be put right, on every sample of every rule page and on every sample that a real client wrote:
//! put right once, it is gone and nothing new has come; a second time there is nothing to do; taken back, every byte is
//! the first one, or a database says the same.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod common;
#[path = "samples_end_to_end/expected.rs"]
#[allow(dead_code)]
mod expected;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use common::samples::{home_of, target};
use common::undone::{listing, taken_back};
use common::{MadeUpHome, track};
use expected::SAMPLES;
use xmpp_audit::clients::by_name;
use xmpp_audit::discover::{Home, Target};
use xmpp_audit::finding::{Finding, Severity};
use xmpp_audit::fix::{Options, apply};
use xmpp_audit::model::{ClientVersion, Language, Version, VersionSource};
use xmpp_audit::rules::RuleSet;
use xmpp_audit::rules::samples::{Sample, Verdict};
use xmpp_audit::{Mended, Request, Search};

fn mend(rules: &RuleSet, targets: &[Target], request: &Request) -> Mended {
    let search = Search::new(targets, request);
    search.mend(rules, request, &|_: &Finding| true).unwrap()
}

fn told(findings: &[Finding]) -> BTreeSet<(String, String)> {
    findings.iter().map(|finding| (finding.rule.clone(), finding.place.clone())).collect()
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
    // What is encrypted from now on is kept decrypted as well, which is worth knowing and no more.
    let is_known = |(rule, _): &(String, String)| {
        rule == "end-to-end-logged" && mended.done.iter().any(|finding| finding.rule == "end-to-end-off")
    };
    let new: Vec<_> = told(&mended.after.findings).difference(&told(&mended.before.findings)).cloned().collect();
    let new: Vec<_> = new.into_iter().filter(|finding| !is_known(finding)).collect();
    if !new.is_empty() {
        return Err(format!("it brings up {new:?}"));
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
