//! Holds the XML readers against what libxml2 2.9.14 (with libpurple's SAX2 handlers) and GLib 2.74.6 answered
//! for the same bytes: hand-picked documents first, then random changes to small ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail"
)]

use serde_json::{Value, json};
use xmpp_audit::syntax::xml::gmarkup::{self, Tag};
use xmpp_audit::syntax::xml::{self, Element};
use zeroize::Zeroizing;

/// Documents on which the readers differ on purpose: how they begin, and why.
const DIFFERS: [(&str, &str); 1] =
    [("<?xml version='1.0' encoding='koi8-r'?>", "encodings that only iconv knows are not read")];

struct Case {
    bytes: Vec<u8>,
    libxml2: Value,
    gmarkup: Value,
}

fn cases() -> Vec<Case> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/pidgin/xml-conformance.json");
    let all: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    all.into_iter()
        .map(|case| Case {
            bytes: match case.get("text").and_then(Value::as_str) {
                Some(text) => text.as_bytes().to_vec(),
                None => from_hex(case["hex"].as_str().unwrap()),
            },
            libxml2: case["libxml2"].clone(),
            gmarkup: case["gmarkup"].clone(),
        })
        .collect()
}

fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn tree(element: Element) -> Value {
    json!([
        element.name(),
        element.namespace(),
        element
            .attributes()
            .map(|attribute| json!([attribute.name(), attribute.value().as_str()]))
            .collect::<Vec<_>>(),
        element.text().as_deref().map_or("", String::as_str),
        element.children().map(tree).collect::<Vec<_>>(),
    ])
}

#[test]
fn agrees_with_libxml2() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for case in cases() {
        let shown = String::from_utf8_lossy(&case.bytes).into_owned();
        if DIFFERS.iter().any(|(beginning, _)| shown.starts_with(beginning)) {
            continue;
        }
        checked += 1;
        let decoded = xml::decode(Zeroizing::new(case.bytes));
        let document = xml::parse(&decoded);
        let deep = case.libxml2 == json!("accepted");
        let ours = match document.fault {
            Some(_) => Value::Null,
            None if deep => json!("accepted"),
            None => document.root().map_or(Value::Null, tree),
        };
        if ours != case.libxml2 {
            wrong.push(format!("{shown:?}\n  libxml2 {}\n  ours    {ours} {:?}", case.libxml2, document.fault));
        }
        if let Some(fault) = document.fault {
            let place = decoded.text().get(fault.span.start..fault.span.end);
            assert!(place.is_some(), "{shown:?}: {fault:?} is no place in the text");
        }
    }
    println!("{checked} documents");
    assert!(checked > 1780, "{checked}");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn agrees_with_gmarkup() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for case in cases() {
        if case.gmarkup["told"] == json!("many") {
            continue;
        }
        checked += 1;
        let shown = String::from_utf8_lossy(&case.bytes).into_owned();
        let decoded = gmarkup::decode(Zeroizing::new(case.bytes));
        let markup = gmarkup::parse(&decoded);
        let told: Vec<Value> = markup
            .tags()
            .iter()
            .map(|tag| match tag {
                Tag::Start { name, attributes } => {
                    let attributes: Vec<Value> = attributes
                        .iter()
                        .map(|(name, value)| json!([markup.slice(*name), &*markup.value(*value)]))
                        .collect();
                    json!([markup.slice(*name), attributes])
                }
                Tag::End { name } => json!(markup.slice(*name)),
            })
            .collect();
        let ours = json!({ "told": told, "fault": markup.fault.is_some() });
        if ours != case.gmarkup {
            wrong.push(format!("{shown:?}\n  GLib {}\n  ours {ours} {:?}", case.gmarkup, markup.fault));
        }
    }
    println!("{checked} documents");
    assert!(checked > 1780, "{checked}");
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
