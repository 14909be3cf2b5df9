//! The report in lines of JSON against its published schema.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod report_audits;

use report_audits::{
    by_policy, clean, compared, everything, french, hostile, incomplete, nothing, options, written,
};
use serde_json::{Value, json};
use xmpp_audit::finding::Audit;
use xmpp_audit::report::{LINE_SCHEMA, SCHEMA};

fn schema() -> Value {
    serde_json::from_str(LINE_SCHEMA).unwrap()
}

fn lines(audit: &Audit) -> Vec<Value> {
    let text = written(audit, "ndjson", &options(80));
    assert!(text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_schema_is_one() {
    let schema = schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    jsonschema::meta::validate(&schema).unwrap();
}

#[test]
fn every_line_keeps_to_the_schema_and_the_whole_to_that_of_the_report() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let whole = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    for audit in
        [compared(), everything(), by_policy(), clean(), nothing(), incomplete(), hostile(), Audit::default()]
    {
        for options in [options(80), french(80)] {
            for line in written(&audit, "ndjson", &options).lines() {
                let line: Value = serde_json::from_str(line).unwrap();
                let errors: Vec<String> = validator.iter_errors(&line).map(|error| error.to_string()).collect();
                assert_eq!(errors, Vec::<String>::new());
            }
            let report: Value = serde_json::from_str(&written(&audit, "json", &options)).unwrap();
            let errors: Vec<String> = whole.iter_errors(&report).map(|error| error.to_string()).collect();
            assert_eq!(errors, Vec::<String>::new());
        }
    }
}

#[test]
fn wrong_lines_are_refused() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for line in lines(&compared()) {
        assert!(validator.is_valid(&line));
        let object = line.as_object().unwrap();
        for key in object.keys() {
            // Every key but these is wanted.
            let optional = ["account", "room", "expected", "baseline", "commit", "expires", "hidden", "accepted"];
            if optional.contains(&key.as_str())
                || (key == "gone" && line["type"] == "summary")
                || (key == "place" && line["type"] == "notice")
            {
                continue;
            }
            let mut spoilt = object.clone();
            spoilt.remove(key);
            assert!(!validator.is_valid(&Value::Object(spoilt)), "{} without {key}", line["type"]);
        }
        let mut spoilt = line.clone();
        spoilt["extra"] = json!(1);
        assert!(!validator.is_valid(&spoilt), "{}", line["type"]);
        spoilt = line.clone();
        spoilt["type"] = json!("other");
        assert!(!validator.is_valid(&spoilt));
    }
}

/// What both schemas define is the same in both, the `type` of lines apart.
#[test]
fn the_schemas_of_lines_and_report_are_in_step() {
    let (of_line, of_report) = (schema(), serde_json::from_str::<Value>(SCHEMA).unwrap());
    let mut compared = 0;
    for (name, definition) in of_line["$defs"].as_object().unwrap() {
        let mut definition = definition.clone();
        let name = match name.strip_suffix("_line") {
            Some(name) => {
                let own = ["type", "lines", "schema", "tool", "policy", "complete"];
                let in_line = |key: &str| own.contains(&key) && (key == "type" || name == "summary");
                definition["properties"].as_object_mut().unwrap().retain(|key, _| !in_line(key));
                definition["required"].as_array_mut().unwrap().retain(|key| !in_line(key.as_str().unwrap()));
                name
            }
            None => name,
        };
        assert_eq!(definition, of_report["$defs"][name], "{name}");
        compared += 1;
    }
    assert!(compared > 8);
    for key in ["schema", "tool", "policy", "complete"] {
        assert_eq!(of_line["$defs"]["summary_line"]["properties"][key], of_report["properties"][key]);
    }
}

#[test]
fn lines_say_what_the_report_says() {
    let audit = compared();
    let report: Value = serde_json::from_str(&written(&audit, "json", &options(80))).unwrap();
    let lines = lines(&audit);
    let of_type = |kind: &str| {
        let mut found: Vec<Value> = lines.iter().filter(|line| line["type"] == kind).cloned().collect();
        found.iter_mut().for_each(|line| drop(line.as_object_mut().unwrap().shift_remove("type")));
        found
    };
    assert_eq!(Value::Array(of_type("finding")), report["findings"]);
    assert_eq!(Value::Array(of_type("suppressed")), report["suppressed"]);
    assert_eq!(Value::Array(of_type("gone")), report["gone"]);
    assert_eq!(Value::Array(of_type("notice")), report["notices"]);
    let kinds: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    let count = |kind: &str| kinds.iter().filter(|found| **found == kind).count();
    assert_eq!((count("finding"), count("suppressed"), count("gone"), count("summary")), (5, 2, 1, 1));
    assert_eq!(kinds.first(), Some(&"finding"));
    assert_eq!(kinds.last(), Some(&"summary"));
    let summary = lines.last().unwrap();
    assert_eq!(summary["lines"], lines.len() - 1);
    assert_eq!(summary["complete"], report["complete"]);
    assert_eq!(summary["findings"], report["summary"]["findings"]);
}
