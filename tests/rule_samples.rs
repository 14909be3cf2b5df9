//! Every sample of every rule page, run: the rule is true of what it says it is true of, and of nothing else.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use common::git::MadeUpRepository;
use common::samples::{belongs_to, home_of, target, write};
use common::track;
use xmpp_audit::clients::CLIENTS;
use xmpp_audit::finding::Severity;
use xmpp_audit::model::{ClientName, ClientVersion, Language, Version, VersionSource};
use xmpp_audit::rules::samples::{Sample, Verdict};
use xmpp_audit::rules::{Page, RuleSet};
use xmpp_audit::{Request, audit};

/// The samples of a page that stand in one home together.
fn homes(page: &Page) -> BTreeMap<(Verdict, String), Vec<Sample>> {
    let mut homes: BTreeMap<_, Vec<Sample>> = BTreeMap::new();
    for sample in page.texts(Language::English).prose.samples().unwrap() {
        homes.entry((sample.verdict, sample.case.clone())).or_default().push(sample);
    }
    homes
}

/// The rules that are true of a home made of samples, with the client and the severity.
fn judge(rules: &RuleSet, samples: &[Sample]) -> Vec<(String, ClientName, Severity)> {
    let folder = home_of(samples);
    let history = commit(folder.path(), samples);
    let tracked: Vec<&str> =
        samples.iter().filter(|sample| sample.tracked).map(|sample| sample.path.as_str()).collect();
    if !tracked.is_empty() {
        track(folder.path(), &tracked);
    }
    let is_known = |sample: &Sample| CLIENTS.iter().any(|client| belongs_to(sample, client.name()));
    assert!(history || samples.iter().any(is_known), "no client reads this home");
    let target = target(folder.path(), samples);
    let client_versions = samples.iter().filter_map(|sample| sample.client_version.as_ref()).map(told).collect();
    let request = Request { min_severity: Severity::Info, client_versions, history, ..Request::default() };
    let audit = audit(&[target], rules, &request).unwrap();
    audit.findings.into_iter().map(|finding| (finding.rule, finding.client, finding.severity)).collect()
}

/// Makes the home the work tree of a repository with the commits of which samples are part, if any are.
fn commit(home: &Path, samples: &[Sample]) -> bool {
    let mut commits: BTreeMap<usize, Vec<&Sample>> = BTreeMap::new();
    for sample in samples {
        commits.entry(sample.commit.unwrap_or_default()).or_default().push(sample);
    }
    commits.remove(&0);
    if commits.is_empty() {
        return false;
    }
    let repository = MadeUpRepository::at(&home.join(".git"));
    let mut newest = Vec::new();
    for samples in commits.values() {
        let files: Vec<_> = samples.iter().map(|sample| (sample.path.as_str(), content(sample))).collect();
        let files: Vec<_> = files.iter().map(|(path, content)| (*path, content.as_slice())).collect();
        newest = vec![repository.commit(&newest, &files)];
    }
    repository.point("refs/heads/main", newest[0]);
    true
}

fn content(sample: &Sample) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), sample);
    fs::read(folder.path().join(&sample.path)).unwrap()
}

/// A version as a caller tells it.
fn told((client, version): &(String, String)) -> (ClientName, ClientVersion) {
    let client = xmpp_audit::clients::by_name(client).unwrap().name();
    (client, ClientVersion::exactly(Version::parse(version).unwrap(), VersionSource::Told))
}

#[test]
fn every_rule_is_true_of_its_samples_only() {
    let rules = RuleSet::embedded(Language::French).unwrap();
    let mut wrong = Vec::new();
    for page in rules.pages() {
        for ((verdict, case), samples) in
            homes(page).into_iter().filter(|((verdict, _), _)| *verdict != Verdict::Fixed)
        {
            let found = judge(&rules, &samples);
            let fired = found.iter().any(|(rule, ..)| *rule == page.id);
            let allowed: BTreeSet<&str> =
                samples.iter().flat_map(|sample| sample.also.iter().map(String::as_str)).collect();
            let others: Vec<_> = found
                .iter()
                .filter(|(rule, _, severity)| {
                    *rule != page.id && *severity > Severity::Info && !allowed.contains(rule.as_str())
                })
                .map(|(rule, ..)| rule.as_str())
                .collect();
            match verdict {
                Verdict::Fail if !fired => {
                    wrong.push(format!("{} does not fire on its sample {case} (found: {found:?})", page.id))
                }
                Verdict::Fail if !others.is_empty() => {
                    wrong.push(format!("{}, sample {case}: {others:?} fire as well", page.id))
                }
                Verdict::Pass if fired => wrong.push(format!("{} fires on its near-miss {case}", page.id)),
                _ => {}
            }
            for also in allowed {
                if !found.iter().any(|(rule, ..)| rule == also) {
                    wrong.push(format!("{}, sample {case}: {also} is said to fire as well, and does not", page.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_samples_for_every_client_that_it_applies_to() {
    let rules = RuleSet::embedded(Language::French).unwrap();
    let mut missing = Vec::new();
    for page in rules.pages() {
        let homes = homes(page);
        for client in &page.clients {
            let fires = homes.iter().any(|((verdict, _), samples)| {
                *verdict == Verdict::Fail && samples.iter().any(|sample| belongs_to(sample, *client))
            });
            let passes = homes.iter().any(|((verdict, _), samples)| {
                *verdict == Verdict::Pass && samples.iter().any(|sample| belongs_to(sample, *client))
            });
            if !fires || !passes {
                missing.push(format!("{}: {} fail: {fires}, pass: {passes}", page.id, client.0));
            }
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn every_page_is_translated() {
    let rules = RuleSet::embedded(Language::French).unwrap();
    let untranslated: Vec<_> =
        rules.pages().iter().filter(|page| !page.speaks(Language::French)).map(|page| &page.id).collect();
    assert!(untranslated.is_empty(), "{untranslated:?}");
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/fr")).unwrap() {
        let id = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        // The index is no page.
        assert!(id == "README" || rules.page(&id).is_some(), "{id} translates nothing");
    }
}
