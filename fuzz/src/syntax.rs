//! The readers of formats.

use xmpp_audit::model::Span;
use xmpp_audit::syntax::gajim_text::{self, LineEnds};
use xmpp_audit::syntax::json::{self, Kind, Value};
use xmpp_audit::syntax::keyfile::{self, KeyFile, Translations};
use xmpp_audit::syntax::xml::gmarkup::{self, Tag};
use xmpp_audit::syntax::xml::stream;
use xmpp_audit::syntax::{certificate, xml};
use zeroize::Zeroizing;

fn slice(text: &str, span: Span) -> &str {
    text.get(span.start..span.end).expect("a span that lies outside of the text, or cuts a character in two")
}

/// The files of libpurple, as libxml2 reads them.
pub fn xml(input: &[u8]) {
    let decoded = xml::decode(Zeroizing::new(input.to_vec()));
    let document = xml::parse(&decoded);
    let text = decoded.text();
    let mut count = 0_usize;
    for element in document.elements() {
        count += 1;
        assert!(slice(text, element.name_span()).ends_with(element.name()));
        slice(text, element.inner_span());
        let _ = element.text();
        for attribute in element.attributes() {
            assert!(slice(text, attribute.name_span()).ends_with(attribute.name()));
            slice(text, attribute.value_span());
            let _ = attribute.value();
        }
        for child in element.children() {
            assert!(child.parent() == Some(element));
        }
        for twin in element.twins("setting") {
            assert_eq!(twin.name(), "setting");
        }
    }
    assert!(count <= text.len());
    if let Some(fault) = document.fault {
        slice(text, fault.span);
    }
    let streamed = stream::check(&mut &*input, 1 + input.len() % 61).expect("nothing fails that is in memory");
    if !document.is_cut && !streamed.is_cut {
        assert_eq!(streamed.fault, document.fault, "wherever blocks end");
    }
}

/// `prefs.xml`, as GLib reads it.
pub fn gmarkup(input: &[u8]) {
    let decoded = gmarkup::decode(Zeroizing::new(input.to_vec()));
    assert_eq!(decoded.text().len(), input.len());
    let markup = gmarkup::parse(&decoded);
    for tag in markup.tags() {
        if let Tag::Start { name, attributes } = tag {
            assert!(!markup.slice(*name).is_empty());
            for (_, value) in attributes {
                let _ = markup.value(*value);
            }
        }
    }
    if let Some(fault) = markup.fault {
        slice(decoded.text(), fault.span);
    }
}

/// Key files of GLib: Profanity’s, and start-up files.
pub fn keyfile(input: &[u8]) {
    for translations in [Translations::Keep, Translations::Only(&["de"])] {
        let file = KeyFile::parse(input, translations);
        let lies_within = |span: Span| span.start <= span.end && span.end <= input.len();
        for group in file.groups() {
            assert!(lies_within(group.name));
            let effective = file.effective_entries(group).len();
            assert!(effective <= group.entries().count());
            for entry in group.entries() {
                assert!(lies_within(entry.key) && lies_within(entry.value));
                let raw = file.raw(entry.value);
                let _ = (keyfile::boolean(raw), keyfile::integer(raw), keyfile::string_list(raw));
                let _ = (keyfile::string(raw), file.lossy(entry.value));
                if let Ok(decoded) = keyfile::decode(raw) {
                    assert_eq!(decoded.offsets.len(), decoded.text.len() + 1);
                    assert!(decoded.offsets.is_sorted());
                }
            }
        }
        if let Some(fault) = file.fault() {
            assert!(lies_within(fault.line) && fault.rest <= input.len());
        }
    }
    let once = KeyFile::parse(input, Translations::Keep).rewritten();
    assert!(KeyFile::parse(&once, Translations::Keep).fault().is_none(), "what GLib saves it loads again");
}

/// JSON, as Python reads it.
pub fn json(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let document = json::parse(&text);
    let mut waiting = vec![&document.root];
    while let Some(value) = waiting.pop() {
        look_at(value, &text, &mut waiting);
    }
    match document.error {
        Some(error) => assert!(error.offset <= text.len() && text.is_char_boundary(error.offset)),
        // Python takes more for JSON than others do, but nothing less.
        None => assert_eq!(slice(&text, document.root.span), text.trim_matches([' ', '\t', '\r', '\n'])),
    }
    if let Err(error) = serde_json::from_str::<serde_json::Value>(&text) {
        let gave_up = error.to_string().contains("recursion limit") || error.to_string().contains("out of range");
        let is_pythons = ["NaN", "Infinity", "\\u", "\\U"].iter().any(|more| text.contains(more));
        assert!(document.error.is_some() || gave_up || is_pythons, "taken for JSON, which it is not: {error}");
    } else {
        assert!(document.error.is_none(), "not taken for JSON, which it is");
    }
}

fn look_at<'v>(value: &'v Value, text: &str, waiting: &mut Vec<&'v Value>) {
    slice(text, value.span);
    let _ = value.is_truthy();
    if let Kind::Object(members) = &value.kind {
        assert!(value.effective_members().len() <= members.len());
        for member in members {
            slice(text, member.key_span);
            waiting.push(&member.value);
        }
    }
    waiting.extend(value.elements());
}

/// The text files of Gajim.
pub fn gajim_text(input: &[u8]) {
    for ends in [LineEnds::LineFeed, LineEnds::Universal] {
        let mut at = 0;
        for (line, is_terminated) in gajim_text::lines(input, ends) {
            assert!(line.start >= at && line.end <= input.len());
            assert!(is_terminated || line.end == input.len());
            at = line.end;
        }
        for line in gajim_text::parse(input, ends) {
            let parts = [Some(line.section), line.key, line.option, Some(line.value)];
            let mut at = 0;
            for part in parts.into_iter().flatten() {
                assert!(part.start >= at && part.start <= part.end && part.end <= input.len());
                at = part.end;
            }
            assert!(line.section.start < line.section.end);
        }
    }
}

/// Certificates.
pub fn certificate(input: &[u8]) {
    let _ = certificate::is_self_signed(input);
}
