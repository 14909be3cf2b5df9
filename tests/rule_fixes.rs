//! Every fix of every rule page, run on the page's own samples: what is found is gone afterwards, nothing else has
//! changed, and every byte is as the page says.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use common::samples::{home_of, target, write};
use common::track;
use common::undone::{dump, listing, mode, taken_back};
use xmpp_audit::clients::by_name;
use xmpp_audit::finding::{Finding, Severity};
use xmpp_audit::fix::{Options, apply};
use xmpp_audit::model::{ClientVersion, Language, Version, VersionSource};
use xmpp_audit::rules::samples::{Sample, Verdict};
use xmpp_audit::rules::{Page, RuleSet};
use xmpp_audit::{Mended, Request, Search};

/// The samples of a page, by what they show and by the home that they stand in.
fn homes(page: &Page, wanted: Verdict) -> BTreeMap<String, Vec<Sample>> {
    let mut homes: BTreeMap<_, Vec<Sample>> = BTreeMap::new();
    for sample in page.texts(Language::English).prose.samples().unwrap() {
        if sample.verdict == wanted {
            homes.entry(sample.case.clone()).or_default().push(sample);
        }
    }
    homes
}

fn request(samples: &[Sample]) -> Request {
    let told = |(client, version): &(String, String)| {
        let version = ClientVersion::exactly(Version::parse(version).unwrap(), VersionSource::Told);
        (by_name(client).unwrap().name(), version)
    };
    let client_versions = samples.iter().filter_map(|sample| sample.client_version.as_ref()).map(told).collect();
    Request { min_severity: Severity::Info, client_versions, ..Request::default() }
}

fn mend(rules: &RuleSet, rule: &str, home: &Path, samples: &[Sample]) -> Mended {
    let request = Request { repairs: true, ..request(samples) };
    let search = Search::new(&[target(home, samples)], &request);
    search.mend(rules, &request, &|finding| finding.rule == rule).unwrap()
}

/// What is different between a file and what a sample says of it.
fn differs(home: &Path, sample: &Sample) -> Option<String> {
    let path = home.join(&sample.path);
    if sample.gone || !path.exists() {
        return (sample.gone == path.exists()).then(|| "the file is there, or is not".to_owned());
    }
    if mode(&path) != sample.mode {
        return Some(format!("its mode is {:o}", mode(&path)));
    }
    if sample.language != "sql" {
        let content = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        return (content != sample.content).then(|| format!("it holds:\n{content}"));
    }
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), sample);
    let (is, should_be) = (dump(&path), dump(&folder.path().join(&sample.path)));
    (is != should_be).then(|| format!("it holds:\n{is:?}\nand not:\n{should_be:?}"))
}

fn told(findings: &[Finding]) -> BTreeSet<(String, String)> {
    findings.iter().map(|finding| (finding.rule.clone(), finding.fingerprint.clone())).collect()
}

#[test]
fn what_is_found_is_put_right_byte_for_byte() {
    let rules = RuleSet::embedded(Language::English).unwrap();
    let mut wrong = Vec::new();
    for page in rules.pages() {
        let fails = homes(page, Verdict::Fail);
        for (case, fixed) in homes(page, Verdict::Fixed) {
            let mut say = |what: String| wrong.push(format!("{}, sample {case}: {what}", page.id));
            let Some(samples) = fails.get(&case) else {
                say("there is no “fail” sample of that case".to_owned());
                continue;
            };
            let folder = home_of(samples);
            let tracked: Vec<_> =
                samples.iter().filter(|sample| sample.tracked).map(|sample| sample.path.as_str()).collect();
            if !tracked.is_empty() {
                track(folder.path(), &tracked);
            }
            let mended = mend(&rules, &page.id, folder.path(), samples);
            for (finding, reason) in &mended.left {
                say(format!("{} is not put right: {reason:?}", finding.place));
            }
            let new: Vec<_> =
                told(&mended.after.findings).difference(&told(&mended.before.findings)).cloned().collect();
            if !new.is_empty() {
                say(format!("the fix brings up {new:?}"));
            }
            if !mended.strays.is_empty() {
                say(format!("the fix changes more than it is to: {:?}", mended.strays));
            }
            if mended.after.findings.iter().any(|finding| finding.rule == page.id && finding.repair.is_some()) {
                say("it is found afterwards as well".to_owned());
            }
            let state = tempfile::tempdir().unwrap();
            let options = Options { state_folder: state.path().join("state"), keep_secrets: true };
            let before = listing(folder.path());
            if let Err(error) = apply(&mended.changes, &options, &[]) {
                say(format!("it is not carried out: {error}"));
                continue;
            }
            for sample in &fixed {
                if let Some(difference) = differs(folder.path(), sample) {
                    say(format!("{}: {difference}", sample.path));
                }
            }
            let others = samples.iter().filter(|sample| fixed.iter().all(|fixed| fixed.path != sample.path));
            for sample in others {
                if let Some(difference) = differs(folder.path(), sample) {
                    say(format!("{} was to stay as it is, and {difference}", sample.path));
                }
            }
            let again = mend(&rules, &page.id, folder.path(), samples);
            if !again.changes.is_empty() {
                say("a second time there is something to do again".to_owned());
            }
            taken_back(folder.path(), &before, &options).into_iter().for_each(&mut say);
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_fix_has_a_sample_for_each_of_its_clients() {
    let rules = RuleSet::embedded(Language::English).unwrap();
    let mut wrong = Vec::new();
    for page in rules.pages() {
        let clients: BTreeSet<_> = page.fixes.iter().flat_map(|fix| &fix.clients).collect();
        let fixed: Vec<Sample> = homes(page, Verdict::Fixed).into_values().flatten().collect();
        for client in clients {
            let is_of_client = |sample: &Sample| common::samples::belongs_to(sample, *client);
            if !fixed.iter().any(is_of_client) {
                wrong.push(format!("{}: no “fixed” sample for {}", page.id, client.0));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
