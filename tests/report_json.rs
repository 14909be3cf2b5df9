//! The JSON report against its published schema.
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "a test may fail")]

mod report_audits;

use report_audits::{
    by_policy, clean, everything, french, hostile, in_french, incomplete, nothing, options, written,
};
use serde_json::{Value, json};
use xmpp_audit::finding::{Audit, Confidence, Severity};
use xmpp_audit::model::{Encryption, Outcome};
use xmpp_audit::report::SCHEMA;

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn report(audit: &Audit) -> Value {
    serde_json::from_str(&written(audit, "json", &options(80))).unwrap()
}

#[test]
fn the_schema_is_one() {
    let schema = schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    jsonschema::meta::validate(&schema).unwrap();
}

#[test]
fn reports_of_every_shape_keep_to_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let audits =
        [everything(), by_policy(), clean(), nothing(), incomplete(), hostile(), in_french(), Audit::default()];
    for audit in audits {
        for options in [options(80), french(80)] {
            let text = written(&audit, "json", &options);
            assert!(text.ends_with("}\n"));
            let report: Value = serde_json::from_str(&text).unwrap();
            let errors: Vec<String> =
                validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert_eq!(errors, Vec::<String>::new());
        }
    }
}

/// A way to break a report.
type Spoil = fn(&mut Value);

#[test]
fn wrong_reports_are_refused() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let spoils: [(&str, Spoil); 15] = [
        ("another shape", |report| report["schema"] = json!("xmpp-audit/2")),
        ("no tool", |report| drop(report.as_object_mut().unwrap().remove("tool"))),
        ("a key too many", |report| report["extra"] = json!(1)),
        ("a key too many in a finding", |report| report["findings"][0]["password"] = json!("x")),
        ("an unknown severity", |report| report["findings"][0]["severity"] = json!("élevée")),
        ("an unknown outcome", |report| report["accounts"][0]["exposure"]["strips"] = json!("SENT")),
        ("an unknown status", |report| report["inputs"][0]["status"] = json!("ignored")),
        ("a failure without reason", |report| drop(report["inputs"][1].as_object_mut().unwrap().remove("reason"))),
        ("a reason for success", |report| report["inputs"][0]["reason"] = json!("why not")),
        ("line zero", |report| report["findings"][1]["line"] = json!(0)),
        ("a line without column", |report| drop(report["findings"][1].as_object_mut().unwrap().remove("column"))),
        ("a short fingerprint", |report| report["findings"][0]["fingerprint"] = json!("abc")),
        ("an unknown subject", |report| report["findings"][0]["subject"] = json!("server")),
        ("none hidden", |report| report["summary"]["hidden"] = json!(0)),
        ("findings that are no list", |report| report["findings"] = json!({})),
    ];
    let sound = report(&everything());
    let of_policy: [(&str, Spoil); 5] = [
        ("no policy", |report| drop(report.as_object_mut().unwrap().remove("policy"))),
        ("nothing expected", |report| {
            drop(report["findings"][0]["expected"].as_object_mut().unwrap().remove("is"))
        }),
        ("expected and not expected", |report| report["findings"][0]["expected"]["is_not"] = json!(["never"])),
        ("no word expected", |report| report["findings"][0]["expected"]["is"] = json!([])),
        ("nothing actual", |report| {
            drop(report["findings"][0]["expected"].as_object_mut().unwrap().remove("actual"))
        }),
    ];
    let by_policy = report(&by_policy());
    let spoils = spoils.map(|(name, spoil)| (name, spoil, &sound));
    let of_policy = of_policy.map(|(name, spoil)| (name, spoil, &by_policy));
    for (name, spoil, sound) in spoils.into_iter().chain(of_policy) {
        assert!(validator.is_valid(sound));
        let mut spoilt = sound.clone();
        spoil(&mut spoilt);
        assert!(!validator.is_valid(&spoilt), "{name}");
    }
}

#[test]
fn the_schema_knows_every_word_of_the_model() {
    let schema = schema();
    let words = |pointer: &str| {
        let mut words: Vec<String> = serde_json::from_value(schema.pointer(pointer).unwrap().clone()).unwrap();
        words.sort();
        words
    };
    let sorted = |words: &[&str]| {
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        words.sort();
        words
    };
    assert_eq!(words("/$defs/finding/properties/severity/enum"), sorted(Severity::WORDS));
    assert_eq!(words("/$defs/finding/properties/confidence/enum"), sorted(Confidence::WORDS));
    assert_eq!(words("/$defs/account/properties/encryption/enum"), sorted(Encryption::WORDS));
    assert_eq!(words("/$defs/outcome/enum"), sorted(Outcome::WORDS));
    let subjects = xmpp_audit::rules::facts::SubjectKind::ALL.map(|(_, word)| word);
    assert_eq!(words("/$defs/finding/properties/subject/enum"), sorted(&subjects));
}

#[test]
fn every_key_of_the_schema_has_a_description_or_a_name_that_says_it() {
    fn walk(schema: &Value, path: &str, missing: &mut Vec<String>) {
        for (key, property) in schema["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}/{key}");
            if property.get("description").is_none() && property.get("$ref").is_none() {
                missing.push(path.clone());
            }
            walk(property, &path, missing);
        }
        if schema["type"] == "object" && schema["additionalProperties"] != false {
            missing.push(format!("{path}: open"));
        }
    }
    let schema = schema();
    let mut missing = Vec::new();
    walk(&schema, "", &mut missing);
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        walk(definition, name, &mut missing);
    }
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn the_language_changes_sentences_only() {
    let mut english = report(&everything());
    let mut french: Value = serde_json::from_str(&written(&everything(), "json", &french(80))).unwrap();
    assert_ne!(english, french);
    for report in [&mut english, &mut french] {
        for input in report["inputs"].as_array_mut().unwrap() {
            if input["status"] != "audited" {
                input["reason"] = json!("");
            }
        }
        for notice in report["notices"].as_array_mut().unwrap() {
            notice["message"] = json!("");
        }
    }
    assert_eq!(english, french);
}

#[test]
fn colours_links_and_detail_change_nothing() {
    use xmpp_audit::report::{Detail, Options};
    let plain = written(&everything(), "json", &options(80));
    for detail in [Detail::Quiet, Detail::Verbose] {
        let options = Options { colour: true, links: true, width: 20, detail, ..Options::default() };
        assert_eq!(written(&everything(), "json", &options), plain);
    }
}
