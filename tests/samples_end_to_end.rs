//! Every sample file, from a folder or a home to the findings: what the clients' documents demand is what is said.
//!
//! Each row was held against the client’s document and the sample’s own line. A row is severity, rule, line (none in a
//! database) and place; nothing else may be found, not even for information.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod common;
#[path = "samples_end_to_end/expected.rs"]
mod expected;

use std::collections::BTreeSet;
use std::fs;

use common::{MadeUpHome, fixtures};
use expected::{Row, SAMPLES, Sample};
use xmpp_audit::discover::{Home, Target};
use xmpp_audit::finding::{Audit, Severity};
use xmpp_audit::model::Language;
use xmpp_audit::rules::RuleSet;
use xmpp_audit::{Request, audit};

fn look_at(target: Target) -> Audit {
    let request = Request { min_severity: Severity::Info, ..Request::default() };
    let audit = audit(&[target], &RuleSet::embedded(Language::English).unwrap(), &request).unwrap();
    assert!(audit.is_complete(), "{:?}", audit.notices);
    assert!(audit.notices.is_empty(), "{:?}", audit.notices);
    audit
}

/// The findings as rows, sorted.
fn rows(audit: &Audit) -> Vec<String> {
    let mut rows: Vec<_> = audit
        .findings
        .iter()
        .map(|finding| {
            let line = finding.position.map_or_else(|| "-".to_owned(), |position| position.line.to_string());
            format!("{} {} {line} {}", finding.severity.word(), finding.rule, finding.place)
        })
        .collect();
    rows.sort();
    rows
}

fn sorted(expected: &[Row]) -> Vec<String> {
    let mut rows: Vec<_> = expected
        .iter()
        .map(|(severity, rule, line, place)| {
            let line = if *line == 0 { "-".to_owned() } else { line.to_string() };
            format!("{severity} {rule} {line} {place}")
        })
        .collect();
    rows.sort();
    rows
}

/// What is to be found in a sample that stands alone: in a home Profanity's defaults count where there is no `profrc`,
/// of a lone file nobody knows what stands beside it elsewhere.
fn alone(sample: &Sample) -> Vec<Row> {
    let of_profrc = |row: &&Row| row.3.starts_with("profrc[") && !sample.path.contains("profrc");
    sample.findings.iter().filter(|row| !of_profrc(row)).copied().collect()
}

#[test]
fn every_sample_alone_in_a_folder() {
    for sample in SAMPLES {
        let home = MadeUpHome::new();
        let name = sample.path.rsplit('/').next().unwrap();
        home.copy_sample(sample.path, &format!("backup/{name}"));
        let audit = look_at(Target::Path(home.path().to_owned()));
        assert_eq!(rows(&audit), sorted(&alone(sample)), "{}", sample.path);
        let accounts: Vec<_> = audit.accounts.iter().map(|account| account.jid.as_str()).collect();
        assert_eq!(accounts, sample.accounts, "{}", sample.path);
    }
}

#[test]
fn every_sample_where_its_client_keeps_it() {
    for sample in SAMPLES.iter().filter(|sample| !sample.home.is_empty()) {
        let home = MadeUpHome::new();
        home.copy_sample(sample.path, sample.home);
        let audit = look_at(Target::Home(Home::at(home.path())));
        assert_eq!(rows(&audit), sorted(sample.findings), "{}", sample.path);
    }
}

#[test]
fn no_sample_is_left_out() {
    let mut there = BTreeSet::new();
    for client in ["pidgin", "gajim", "dino", "profanity"] {
        for entry in fs::read_dir(fixtures().join(client).join("samples")).unwrap() {
            there.insert(format!("{client}/samples/{}", entry.unwrap().file_name().to_str().unwrap()));
        }
    }
    let told: BTreeSet<_> = SAMPLES.iter().map(|sample| sample.path.to_owned()).collect();
    assert_eq!(told, there);
    assert_eq!(SAMPLES.len(), told.len(), "a sample is told twice");
}
