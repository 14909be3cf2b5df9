//! The reader of JSON against another one, and against any text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use proptest::prelude::*;
use xmpp_audit::model::Span;
use xmpp_audit::syntax::json::{Kind, Value, parse};

/// Whether two readers found the same, number by number and string by string.
fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
    match (&ours.kind, theirs) {
        (Kind::Null, serde_json::Value::Null) => true,
        (Kind::Bool(ours), serde_json::Value::Bool(theirs)) => ours == theirs,
        (Kind::Number(ours), serde_json::Value::Number(theirs)) => theirs.as_f64() == Some(*ours),
        (Kind::String(ours), serde_json::Value::String(theirs)) => ours.as_str() == theirs,
        (Kind::Array(ours), serde_json::Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Kind::Object(_), serde_json::Value::Object(theirs)) => {
            let ours = ours.effective_members();
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .all(|member| theirs.get(&member.key).is_some_and(|theirs| same(&member.value, theirs)))
        }
        _ => false,
    }
}

/// Whether every value lies within the one around it, and reads the same when cut out.
fn places_hold(text: &str, value: &Value, around: Span) -> bool {
    let inside = around.start <= value.span.start && value.span.end <= around.end;
    let cut = text.get(value.span.start..value.span.end);
    let reads_alike = cut.is_some_and(|cut| {
        let again = parse(cut);
        again.error.is_none() && std::mem::discriminant(&again.root.kind) == std::mem::discriminant(&value.kind)
    });
    inside
        && reads_alike
        && value.elements().iter().all(|element| places_hold(text, element, value.span))
        && value.members().iter().all(|member| {
            let key = text.get(member.key_span.start..member.key_span.end).map(parse);
            key.is_some_and(|key| key.root.as_str() == Some(member.key.as_str()))
                && places_hold(text, &member.value, value.span)
        })
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i32>().prop_map(serde_json::Value::from),
        (-1e300..1e300).prop_map(serde_json::Value::from),
        any::<String>().prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn agrees_with_another_reader(value in json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let document = parse(&text);
        prop_assert!(document.error.is_none());
        prop_assert!(same(&document.root, &serde_json::from_str(&text).unwrap()));
        prop_assert!(places_hold(&text, &document.root, Span::new(0, text.len())));
    }

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        let document = parse(&text);
        if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
            prop_assert!(document.error.is_none());
        }
    }

    /// What was damaged at one place is refused there or behind it, never before, and never more is accepted
    /// than by the other reader, except for what Python adds.
    #[test]
    fn damage_is_noticed_as_by_another_reader(value in json(), at in any::<prop::sample::Index>(), by in "[\\[\\]{},:\"x0-9 .-]") {
        let mut text = serde_json::to_string(&value).unwrap();
        let boundaries: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let place = *at.get(&boundaries);
        let length = text.get(place..).unwrap().chars().next().unwrap().len_utf8();
        text.replace_range(place..place + length, &by);
        let ours = parse(&text);
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(theirs) => {
                prop_assert!(ours.error.is_none());
                prop_assert!(same(&ours.root, &theirs));
            }
            // Numbers too big for the other reader are none to Python.
            Err(error) if error.to_string().contains("out of range") => {}
            // A lone half of a surrogate pair is fine with Python only.
            Err(error) if error.to_string().contains("surrogate") => {}
            Err(error) if error.to_string().contains("hex escape") => {}
            Err(_) => prop_assert!(ours.error.is_some_and(|error| error.offset <= text.len())),
        }
    }
}
