//! The key file reader against 185 results of GLib 2.74.6.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use xmpp_audit::syntax::keyfile::{self, Code, Entry, KeyFile, Translations};

const CASES: usize = 185;

/// The languages of the locale under which the cases were recorded, `C.UTF-8`.
const LANGUAGES: Translations = Translations::Only(&["C.UTF-8", "C"]);

#[test]
fn agrees_with_glib() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../fixtures/keyfile/conformance.json")).unwrap();
    assert_eq!(cases.len(), CASES);
    let mut wrong = BTreeMap::new();
    for case in &cases {
        let input = bytes_of(case.get("input").unwrap_or(case));
        let name = case["name"].as_str().unwrap();
        compare(&mut wrong, name, case, &KeyFile::parse(&input, Translations::Keep));
        // Where the case says nothing else, the flag makes no difference.
        let without = case.get("without_keep_translations").unwrap_or(case);
        compare(&mut wrong, &format!("{name}, without translations"), without, &KeyFile::parse(&input, LANGUAGES));
    }
    assert!(wrong.is_empty(), "{} differences: {wrong:#?}", wrong.len());
}

fn compare(wrong: &mut BTreeMap<String, (Value, Value)>, name: &str, expected: &Value, file: &KeyFile) {
    let error = file.fault().map(|fault| fault.kind.code().name());
    let actual = json!({
        "ok": error.is_none(),
        "error": error,
        "groups": groups(file),
        "rewritten": text_of(&file.rewritten()),
    });
    for (part, actual) in actual.as_object().unwrap() {
        if expected[part] != *actual {
            wrong.insert(format!("{name}: {part}"), (expected[part].clone(), actual.clone()));
        }
    }
}

fn groups(file: &KeyFile) -> Value {
    let mut groups = Map::new();
    for group in file.groups() {
        let mut keys = Map::new();
        for entry in group.entries() {
            let effective = file.effective(group, file.raw(entry.key)).unwrap();
            keys.insert(name_of(file.raw(entry.key)), values(file, effective));
        }
        groups.insert(name_of(file.raw(group.name)), Value::Object(keys));
    }
    Value::Object(groups)
}

fn values(file: &KeyFile, entry: Entry) -> Value {
    let raw = file.raw(entry.value);
    json!({
        "raw": text_of(raw),
        "string": value_of(keyfile::string(raw)),
        "boolean": value_of(keyfile::boolean(raw)),
        "integer": value_of(keyfile::integer(raw)),
        "string_list": value_of(keyfile::string_list(raw)),
    })
}

fn value_of(result: Result<impl Into<Value>, Code>) -> Value {
    result.map_or_else(|code| json!({ "error": code.name() }), Into::into)
}

fn text_of(bytes: &[u8]) -> Value {
    std::str::from_utf8(bytes).map_or_else(|_| json!({ "base64": STANDARD.encode(bytes) }), Into::into)
}

fn name_of(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| format!("base64:{}", STANDARD.encode(bytes)), str::to_owned)
}

fn bytes_of(value: &Value) -> Vec<u8> {
    value.as_str().map_or_else(|| STANDARD.decode(value["base64"].as_str().unwrap()).unwrap(), Into::into)
}
