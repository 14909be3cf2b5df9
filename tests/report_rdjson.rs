//! Reports for reviewdog against its published schema.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod report_audits;

use report_audits::{at_home, clean, everything, exchanged, french, incomplete, options, text_finding, written};
use serde_json::{Value, json};
use xmpp_audit::finding::{Audit, Finding};
use xmpp_audit::model::{Span, Text};
use zeroize::Zeroizing;

fn report(audit: &Audit) -> Value {
    serde_json::from_str(&written(audit, "rdjson", &options(80))).unwrap()
}

fn diagnostics(report: &Value) -> &[Value] {
    report["diagnostics"].as_array().unwrap()
}

fn range(finding: Finding) -> Value {
    let report = report(&Audit { findings: vec![finding], ..Audit::default() });
    diagnostics(&report)[0]["location"]["range"].clone()
}

#[test]
fn reports_of_every_shape_keep_to_the_schema() {
    let schema = serde_json::from_str(include_str!("../fixtures/schemas/rdjson.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for wrong in
        [json!({ "diagnostics": {} }), json!({ "severity": "HIGH" }), json!({ "diagnostics": [{ "message": 1 }] })]
    {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
    for (name, audit) in exchanged() {
        for options in [options(80), french(80)] {
            let text = written(&audit, "rdjson", &options);
            let report: Value = serde_json::from_str(&text).unwrap();
            let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
            assert_eq!(errors, Vec::<String>::new(), "{name}");
            assert!(!text.contains("/home") && !text.contains("hunter2"), "{name}");
            assert!(diagnostics(&report).len() >= audit.findings.len(), "{name}");
        }
    }
}

#[test]
fn what_was_found_is_told() {
    let audit = at_home(everything());
    let report = report(&audit);
    assert_eq!(report["severity"], "ERROR", "the worst");
    for (told, finding) in diagnostics(&report).iter().zip(&audit.findings) {
        assert_eq!(told["code"]["value"], finding.rule);
        assert_eq!(told["location"]["path"], audit.relative(&finding.path).to_str().unwrap());
        let message = told["message"].as_str().unwrap();
        assert!(message.starts_with(&format!("{}: {}", finding.severity.word(), finding.message)), "{message}");
        assert!(message.contains("by hand:"), "{message}");
        assert_eq!(told["location"].get("range").is_some(), finding.position.is_some());
    }
}

#[test]
fn what_could_not_be_read_is_told() {
    let report = report(&at_home(incomplete()));
    let told: Vec<(&Value, &Value)> =
        diagnostics(&report).iter().map(|one| (&one["code"]["value"], &one["location"]["path"])).collect();
    let (code, paths) = (json!("not-audited"), [json!(".purple/prefs.xml"), json!(".purple/blist.xml")]);
    assert_eq!(told, [(&code, &paths[0]), (&code, &paths[1])]);
    assert_eq!(report["severity"], "WARNING");
    let clean = self::report(&clean());
    assert_eq!((clean.get("severity"), diagnostics(&clean).len()), (None, 0));
}

#[test]
fn columns_are_bytes() {
    let columns = |line: usize, start: usize, end: usize| json!({ "start": { "line": line, "column": start }, "end": { "line": line, "column": end } });
    assert_eq!(range(text_finding("/a", "\nname=é value=ß!", "ß")), columns(2, 15, 17));
    assert_eq!(range(text_finding("/a", "value\nnext", "value\nnext")), columns(1, 1, 6), "of two lines the first");
}

#[test]
fn columns_that_are_not_known_are_not_told() {
    let line = json!({ "start": { "line": 2 } });
    assert_eq!(range(text_finding("/a", &format!("\n{}needle", "é".repeat(300)), "needle")), line, "cut");
    assert_eq!(range(text_finding("/a", "\na=hunter2 b=needle", "needle")), line, "behind a secret");
    // As many characters as the mask has, and more bytes.
    let source = "\na=pässwörd b=needle";
    let mut text = Text::new(Zeroizing::new(source.as_bytes().to_vec()));
    let span = |part: &str| Span::new(source.find(part).unwrap(), source.find(part).unwrap() + part.len());
    text.hide(span("pässwörd"));
    let (position, excerpt) = (text.position(span("needle")), text.excerpt(span("needle")));
    let finding = Finding { position: Some(position), excerpt: Some(excerpt), ..text_finding("/a", "x=y", "y") };
    assert_eq!(range(finding), line, "behind a secret as long as its mask");
    assert_eq!(range(text_finding("/a", "\nä=hunter2", "hunter2")), json!({ "start": { "line": 2, "column": 4 } }));
}
