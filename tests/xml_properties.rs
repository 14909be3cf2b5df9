//! What must hold of the XML readers for any bytes at all.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail"
)]

use proptest::prelude::*;
use xmpp_audit::model::Span;
use xmpp_audit::syntax::xml::gmarkup::{self, Tag};
use xmpp_audit::syntax::xml::{self, Document};
use zeroize::Zeroizing;

/// Pieces of which random documents are made, so that more than the first byte of them is read.
const PIECES: [&str; 24] = [
    "<a>",
    "</a>",
    "<b c='d'>",
    "</b>",
    "<c/>",
    " ",
    "text",
    "&amp;",
    "&#x5f;",
    "&x;",
    "<![CDATA[x]]>",
    "<!-- c -->",
    "<?p i?>",
    "<a",
    ">",
    "'",
    "=",
    "é",
    "\u{1}",
    "\0",
    "xmlns='u'",
    "<x:a xmlns:x='u'>",
    "</x:a>",
    "\u{FEFF}",
];

fn documents() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..30)
            .prop_map(|pieces| pieces.concat().into_bytes()),
    ]
}

fn check_spans(document: &Document, text: &str) {
    let slice = |span: Span| text.get(span.start..span.end).expect("a span that cuts the text");
    for element in document.elements() {
        assert!(slice(element.name_span()).ends_with(element.name()));
        slice(element.inner_span());
        let _ = element.text();
        for attribute in element.attributes() {
            assert!(slice(attribute.name_span()).ends_with(attribute.name()));
            if !slice(attribute.value_span()).contains(['&', '\n', '\r', '\t']) {
                assert_eq!(slice(attribute.value_span()), attribute.value().as_str());
            }
        }
    }
    if let Some(fault) = document.fault {
        slice(fault.span);
    }
}

proptest! {
    #[test]
    fn reads_any_bytes(bytes in documents()) {
        let decoded = xml::decode(Zeroizing::new(bytes));
        check_spans(&xml::parse(&decoded), decoded.text());
    }

    #[test]
    fn tells_of_any_bytes(bytes in documents()) {
        let decoded = gmarkup::decode(Zeroizing::new(bytes));
        let markup = gmarkup::parse(&decoded);
        for tag in markup.tags() {
            if let Tag::Start { name, attributes } = tag {
                prop_assert!(!markup.slice(*name).is_empty());
                for (_, value) in attributes {
                    let _ = markup.value(*value);
                }
            }
        }
        if let Some(fault) = markup.fault {
            prop_assert!(decoded.text().get(fault.span.start..fault.span.end).is_some());
        }
    }

    #[test]
    fn offsets_of_utf8_are_those_of_the_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let length = bytes.len();
        prop_assert_eq!(gmarkup::decode(Zeroizing::new(bytes)).text().len(), length);
    }
}

/// Neither depth nor length nor a pile of declarations makes a reader crash or crawl.
#[test]
fn bears_hostile_documents() {
    let hostile = [
        "<a>".repeat(300_000),
        "<a>".repeat(300_000) + &"</a>".repeat(300_000),
        format!("<a {}/>", (0..50_000).map(|number| format!(" b{number}='1'")).collect::<String>()),
        format!("<a {}/>", (0..50_000).map(|number| format!(" xmlns:b{number}='u'")).collect::<String>()),
        format!("<a>{}</a>", "<b/>".repeat(300_000)),
        format!("<a>{}</a>", "&amp;".repeat(300_000)),
        format!("<!DOCTYPE a [{}", "<!ENTITY x 'y'>".repeat(100_000)),
        "<!".repeat(500_000),
        "&".repeat(1_000_000),
        "\0".repeat(1_000_000),
        format!("<pref name='/'>{}", "<pref name='a'>".repeat(100_000)),
    ];
    let start = std::time::Instant::now();
    for document in hostile {
        let decoded = xml::decode(Zeroizing::new(document.clone().into_bytes()));
        let _ = xml::parse(&decoded);
        let decoded = gmarkup::decode(Zeroizing::new(document.into_bytes()));
        let _ = gmarkup::parse(&decoded);
    }
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
