//! Members of an object are changed in its text, and nothing else is.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::{Map, Value};
use xmpp_audit::fix::spliced;
use xmpp_audit::syntax::json::{edited, parse, quoted, without};

fn after(text: &str, wanted: &[(&str, Option<&str>)]) -> String {
    let document = parse(text);
    assert!(document.error.is_none(), "{text}");
    let wanted: Vec<_> = wanted.iter().map(|(key, value)| (*key, value.map(str::to_owned))).collect();
    let edits = edited(text, &document.root, &wanted);
    String::from_utf8(spliced(text.as_bytes(), &edits).unwrap().to_vec()).unwrap()
}

#[test]
fn members_are_changed_where_they_stand() {
    for (text, wanted, expected) in [
        (r#"{"a": 1, "b": 2}"#, &[("a", Some("3"))][..], r#"{"a": 3, "b": 2}"#),
        (r#"{"a": 1, "b": 2}"#, &[("a", None)], r#"{"b": 2}"#),
        (r#"{"a": 1, "b": 2}"#, &[("b", None)], r#"{"a": 1}"#),
        (r#"{"a": 1, "b": 2, "c": 3}"#, &[("b", None)], r#"{"a": 1, "c": 3}"#),
        (r#"{"a": 1, "b": 2, "c": 3, "d": 4}"#, &[("b", None), ("c", None)], r#"{"a": 1, "d": 4}"#),
        (r#"{"a": 1, "b": 2, "c": 3}"#, &[("a", None), ("b", None)], r#"{"c": 3}"#),
        (r#"{"a": 1, "b": 2}"#, &[("a", None), ("b", None)], "{}"),
        (r#"{"a": 1, "b": 2}"#, &[("a", None), ("b", None), ("c", Some("3"))], r#"{"c": 3}"#),
        (r#"{"a": 1}"#, &[("b", Some("true"))], r#"{"a": 1, "b": true}"#),
        (r#"{"a": 1, "b": 2}"#, &[("b", None), ("c", Some("3"))], r#"{"a": 1, "c": 3}"#),
        ("{}", &[("a", Some("1")), ("b", Some("2"))], r#"{"a": 1, "b": 2}"#),
        ("{ }", &[("a", Some("1"))], r#"{"a": 1 }"#),
        (r#"{"a":1}"#, &[("b", Some("2"))], r#"{"a":1,"b":2}"#),
        (r#"{"a":1,"c":1}"#, &[("b", Some("2"))], r#"{"a":1,"c":1,"b":2}"#),
        ("{\n  \"a\": 1\n}", &[("b", Some("2"))], "{\n  \"a\": 1,\n  \"b\": 2\n}"),
        ("{\n  \"a\": 1,\n  \"c\": 1\n}", &[("b", Some("2"))], "{\n  \"a\": 1,\n  \"c\": 1,\n  \"b\": 2\n}"),
        // None of several of one key may say something else.
        (r#"{"a": 1, "a": 2}"#, &[("a", Some("2"))], r#"{"a": 2, "a": 2}"#),
        (r#"{"a": 1, "b": 2, "a": 3}"#, &[("a", None)], r#"{"b": 2}"#),
        (r#"{"\u0061": 1}"#, &[("a", Some("2"))], r#"{"\u0061": 2}"#),
        (r#"{"a": 1}"#, &[("a", Some("1")), ("b", None)], r#"{"a": 1}"#),
    ] {
        assert_eq!(after(text, wanted), expected, "{text}");
    }
}

/// What one repair adds must not stand behind what another one takes away.
#[test]
fn edits_of_several_repairs_are_sound_together_or_refused() {
    for text in [r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#, r#"{ "a": 1 }"#, "{}", r#"{"a": 1, "b": 2, "c": 3}"#] {
        let document = parse(text);
        let one = [("a", None)];
        for other in [[("z", Some("0".to_owned()))], [("b", None)], [("b", Some("7".to_owned()))], [("c", None)]] {
            let mut edits = edited(text, &document.root, &one);
            edits.extend(edited(text, &document.root, &other));
            let Ok(result) = spliced(text.as_bytes(), &edits) else { continue };
            let result = String::from_utf8(result.to_vec()).unwrap();
            assert!(parse(&result).error.is_none(), "{text}, then {result}");
        }
    }
}

#[test]
fn strings_are_written_as_python_writes_them() {
    assert_eq!(quoted("START TLS"), r#""START TLS""#);
    assert_eq!(quoted("a\"\\\n\u{2019}😀"), r#""a\"\\\u000a\u2019\ud83d\ude00""#);
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof!["[a-d]", Just("\"".to_owned()), Just("é".to_owned())]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        ".{0,4}".prop_map(Value::from),
        prop::collection::vec(any::<i8>(), 0..3).prop_map(Value::from),
        Just(Value::Object(Map::new())),
    ]
}

fn blank() -> impl Strategy<Value = String> {
    prop_oneof![3 => Just(String::new()), 3 => Just(" ".to_owned()), 1 => "[ \t\n\r]{1,3}"]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    /// Any object, any wishes: each is granted, no other member has changed, and a second time there is nothing to do.
    #[test]
    fn what_is_wanted_is_so_and_nothing_else_is_different(
        members in prop::collection::vec((key(), value(), [blank(), blank(), blank(), blank()]), 0..7),
        wanted in prop::collection::btree_map(key(), prop::option::of(value()), 0..5),
        inside in blank(),
    ) {
        let texts: Vec<String> = members.iter().map(|(key, value, [a, b, c, d])| {
            format!("{a}{}{b}:{c}{value}{d}", Value::from(key.as_str()))
        }).collect();
        let text = if texts.is_empty() { format!("{{{inside}}}") } else { format!("{{{}}}", texts.join(",")) };
        let spelled: Vec<(&str, Option<String>)> =
            wanted.iter().map(|(key, value)| (key.as_str(), value.as_ref().map(Value::to_string))).collect();
        let edits = edited(&text, &parse(&text).root, &spelled);
        let result = String::from_utf8(spliced(text.as_bytes(), &edits).unwrap().to_vec()).unwrap();
        let mut expected: Map<String, Value> = serde_json::from_str(&text).unwrap();
        for (key, value) in &wanted {
            match value {
                Some(value) => drop(expected.insert(key.clone(), value.clone())),
                None => drop(expected.remove(key)),
            }
        }
        let found: Map<String, Value> = serde_json::from_str(&result).expect(&result);
        prop_assert_eq!(&found, &expected, "{} and {}", text, result);
        prop_assert!(edited(&result, &parse(&result).root, &spelled).is_empty(), "{} and {}", text, result);
    }

    /// Members that are outweighed are taken away, and the value stays what it is.
    #[test]
    fn duplicates_go(members in prop::collection::vec((key(), value()), 1..7)) {
        let texts: Vec<String> =
            members.iter().map(|(key, value)| format!("{}: {value}", Value::from(key.as_str()))).collect();
        let text = format!("{{{}}}", texts.join(", "));
        let root = parse(&text).root;
        let counts = |member: &xmpp_audit::syntax::json::Member| {
            root.member(&member.key).unwrap().key_span == member.key_span
        };
        let edits = without(&root, |member| !counts(member));
        let result = String::from_utf8(spliced(text.as_bytes(), &edits).unwrap().to_vec()).unwrap();
        let before: Map<String, Value> = serde_json::from_str(&text).unwrap();
        let after: Map<String, Value> = serde_json::from_str(&result).expect(&result);
        prop_assert_eq!(before, after);
        prop_assert!(parse(&result).root.members().len() == root.effective_members().len());
    }
}
