//! A document of which a part is in memory at any time is read as one that is there as a whole, wherever its blocks end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

use proptest::prelude::*;
use xmpp_audit::syntax::xml::stream::{self, Mark, Outcome, Part, PartKind, Sink, Way};
use xmpp_audit::syntax::xml::{self, Element};
use zeroize::Zeroizing;

/// Pieces of which random documents are made.
const PIECES: [&str; 66] = [
    "<a>",
    "</a>",
    "<b c='d'>",
    "</b>",
    "<c/>",
    "<d e=\"f>g\" h='i'/>",
    "<d e='&lt;' e2='&#x5f;'/>",
    "<d e='1' e='2'/>",
    " ",
    "\r\n",
    "\n\t",
    "text",
    "&amp;",
    "&#x5f;",
    "&#1;",
    "&x;",
    "&",
    "&am",
    "p;",
    "]]>",
    "]]",
    "<![CDATA[x]]>",
    "<![CDATA[",
    "<!-- c -->",
    "<!-->",
    "<!--->",
    "<!-- -- -->",
    "<!--",
    "-->",
    "<?p i?>",
    "<?>",
    "<?xml version='1.0'?>",
    "<?xml version='1.0' encoding='ISO-8859-1'?>",
    "<?xml version='1.0' encoding='none' ?>",
    "<!DOCTYPE a>",
    "<!DOCTYPE a [<!ATTLIST a b CDATA 'c' xmlns CDATA 'u'><!ENTITY x 'y'>]>",
    "<!doctype a>",
    "<![cdata[x]]>",
    "<!x>",
    "<!",
    "<",
    "<a",
    "</",
    "</a",
    "</a >",
    "</ a>",
    "</a b>",
    "<1>",
    "<a b>",
    "<a b=c>",
    "<a b='<'>",
    "<a b='",
    ">",
    "'",
    "=",
    "é",
    "😀",
    "\u{FFFE}",
    "\u{1}",
    "\0",
    "<é é='é'>",
    "</é>",
    "xmlns='u'",
    "<x:a xmlns:x='u' x:b='c'>",
    "</x:a>",
    "\u{FEFF}",
];

fn sound() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec![
        "text",
        " \n",
        "é",
        "&amp;",
        "&#65;",
        "<![CDATA[x]]>",
        "<!-- c -->",
        "<?p i?>",
        "<c/>",
        "<d e='f' g=\"h\"/>",
        "<x:a xmlns:x='u' x:b='c'/>",
        "]",
    ])
    .prop_map(str::to_owned);
    let element = leaf.prop_recursive(6, 60, 6, |inner| {
        let names = proptest::sample::select(vec!["a", "b", "whole", "x:whole", "é"]);
        (names, proptest::collection::vec(inner, 0..6)).prop_map(|(name, inner)| {
            let inner = inner.concat();
            let declared = if name.starts_with("x:") { " xmlns:x='u'" } else { "" };
            format!("<{name}{declared}>{inner}</{name}>")
        })
    });
    element.prop_map(|inner| format!("<a>{inner}</a>"))
}

fn documents() -> impl Strategy<Value = Vec<u8>> {
    let pieces = || proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..12);
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..100),
        pieces().prop_map(|pieces| pieces.concat().into_bytes()),
        (pieces(), sound(), pieces())
            .prop_map(|(before, sound, behind)| [before.concat(), sound, behind.concat()].concat().into_bytes()),
        sound().prop_map(String::into_bytes),
        (sound(), any::<proptest::sample::Index>(), proptest::sample::select(PIECES.to_vec())).prop_map(
            |(sound, at, piece)| {
                let at = boundary(&sound, at.index(sound.len()));
                format!("{}{piece}{}", &sound[..at], &sound[at..]).into_bytes()
            }
        ),
        (sound(), any::<proptest::sample::Index>()).prop_map(|(sound, at)| {
            let mut bytes = sound.into_bytes();
            bytes.truncate(at.index(bytes.len()));
            bytes
        }),
        (sound(), any::<proptest::sample::Index>(), any::<u8>()).prop_map(|(sound, at, byte)| {
            let mut bytes = sound.into_bytes();
            bytes.insert(at.index(bytes.len()), byte);
            bytes
        }),
        (sound(), any::<bool>(), any::<u16>(), any::<proptest::sample::Index>()).prop_map(
            |(sound, is_big, odd, at)| {
                let mut units: Vec<u16> = format!("<?xml version='1.0'?>{sound}").encode_utf16().collect();
                if odd % 2 == 0 {
                    units.insert(at.index(units.len()), odd | 0xD800);
                }
                let bytes = |unit: u16| if is_big { unit.to_be_bytes() } else { unit.to_le_bytes() };
                units.into_iter().flat_map(bytes).collect()
            }
        ),
    ]
}

/// What a sink heard.
#[derive(Default)]
struct Heard {
    names: Vec<(String, usize)>,
    open: usize,
    parts: String,
    wholes: Vec<(String, Mark)>,
}

impl Sink for Heard {
    fn start(&mut self, name: &str, tag: &str, depth: usize) -> Way {
        assert_eq!(depth, self.open);
        assert!(tag.starts_with('<') && tag.ends_with('>'), "{tag}");
        self.open += 1;
        self.names.push((name.to_owned(), depth));
        if name == "whole" { Way::Whole } else { Way::Into }
    }

    fn text(&mut self, text: &str, depth: usize, is_plain: bool) {
        assert_eq!(depth, self.open);
        assert!(!is_plain || !text.contains(['<', '&']), "{text}");
    }

    fn end(&mut self, depth: usize) {
        self.open -= 1;
        assert_eq!(depth, self.open);
    }

    fn part(&mut self, part: &Part) {
        assert_eq!(part.start, mark(&self.parts));
        self.parts.push_str(part.text);
        if part.kind == PartKind::Element {
            self.wholes.push((part.text.to_owned(), part.start));
        }
    }
}

/// The mark behind a text.
fn mark(text: &str) -> Mark {
    let line = text.rfind('\n').map_or(0, |newline| newline + 1);
    Mark {
        offset: text.len(),
        lines: text.matches('\n').count(),
        characters: text.chars().count(),
        before_line: text[..line].chars().count(),
    }
}

fn depth(element: Element) -> usize {
    std::iter::successors(element.parent(), |element| element.parent()).count()
}

/// Whether an element is handed over as a whole, and not within another that is.
fn is_whole(element: Element) -> bool {
    let is = |element: &Element| element.name() == "whole";
    is(&element) && !std::iter::successors(element.parent(), |element| element.parent()).any(|around| is(&around))
}

fn compare(bytes: &[u8], block: usize) {
    let decoded = xml::decode(Zeroizing::new(bytes.to_vec()));
    let document = xml::parse(&decoded);
    let mut heard = Heard::default();
    let mut input = bytes;
    let outcome: Outcome = stream::read(&mut input, block, &mut heard).unwrap();
    assert!(!outcome.is_cut);
    let shown = String::from_utf8_lossy(bytes);
    assert_eq!(outcome.fault, document.fault, "{shown:?} in blocks of {block}");
    assert_eq!(heard.parts, decoded.text(), "{shown:?} in blocks of {block}");
    let expected: Vec<_> = document.elements().map(|element| (element.name().to_owned(), depth(element))).collect();
    assert_eq!(heard.names, expected, "{shown:?} in blocks of {block}");
    if outcome.fault.is_none() {
        assert_eq!(heard.open, 0);
        let inner =
            |element: Element| decoded.text()[element.inner_span().start..element.inner_span().end].to_owned();
        let expected: Vec<_> = document.elements().filter(|element| is_whole(*element)).map(inner).collect();
        assert_eq!(heard.wholes.len(), expected.len());
        for ((whole, mark), inner) in heard.wholes.iter().zip(expected) {
            assert!(whole.contains(&inner) && decoded.text()[mark.offset..].starts_with(whole), "{whole} {inner}");
        }
    }
    let (Some((line, start)), Some(fault)) = (&outcome.line, outcome.fault) else { return };
    if fault.span.start < fault.span.end && fault.kind != xml::XmlFaultKind::Empty {
        assert!(decoded.text()[start.offset..].starts_with(line.as_str()), "{line:?} at {start:?}");
        let at = fault.span.start.checked_sub(start.offset).expect("a line that begins before the fault");
        assert!(at < line.len() && !line[..at].contains('\n'), "{line:?}");
        assert_eq!(*start, mark(&decoded.text()[..start.offset]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn blocks_make_no_difference(bytes in documents(), block in 1..40_usize) {
        compare(&bytes, block);
    }
}

#[test]
fn a_declaration_that_is_cut_off_ends_where_the_text_does() {
    let declaration = "<?xml  version  =  '1.0'  encoding = 'UTF-8'  standalone = 'yes'  ?>";
    for end in 0..declaration.len() {
        for block in [1, 7, 1000] {
            compare(&declaration.as_bytes()[..end], block);
        }
    }
}

#[test]
fn a_declaration_ends_where_it_is_closed() {
    for block in 1..40 {
        compare(b"<?xml version='1.0?> <a/> '1.0' encoding='UTF-8'?><a/>", block);
        compare(b"<?xml version='1.0' encoding=\"?><a b=\"c\"/>", block);
    }
}

#[test]
fn a_document_type_without_a_name_is_no_token() {
    for document in [
        "<a>\u{1f60b}<!DOCTYPE >\rb</a>",
        "<a><!DOCTYPE>",
        "<!DOCTYPE ><a/>",
        "<a/><!doctype >",
        "<a><!DOCTYPE \n>\0",
    ] {
        for block in 1..40 {
            compare(document.as_bytes(), block);
        }
    }
}

#[test]
fn what_is_too_long_or_too_many_is_no_fault() {
    let attributes: String = (0..20_000).map(|number| format!(" a{number}=''")).collect();
    let long = "x".repeat(4 * stream::LONGEST);
    for document in [format!("<a{attributes}/>"), format!("<a b='{long}'/>"), format!("<!--{long}--><a/>")] {
        let outcome = stream::check(&mut document.as_bytes(), stream::BLOCK).unwrap();
        assert!(outcome.is_cut && outcome.fault.is_none());
    }
    let text = format!("<a>{}</a>", "x&amp;".repeat(1 << 20));
    let outcome = stream::check(&mut text.as_bytes(), stream::BLOCK).unwrap();
    assert!(!outcome.is_cut && outcome.fault.is_none(), "a text may be as long as it likes");
}

#[test]
fn a_fault_behind_much_else_is_found_where_it_is() {
    for (tail, kind, back) in [
        ("</b>", xml::XmlFaultKind::MismatchedEnd, 2),
        ("&x;", xml::XmlFaultKind::UnknownEntity, 3),
        ("]]>", xml::XmlFaultKind::CdataEnd, 3),
        ("   \n  ", xml::XmlFaultKind::Truncated, 7),
        ("\u{1}", xml::XmlFaultKind::Character, 1),
    ] {
        let filler = "<b c='d'>text\n</b>".repeat(100_000);
        let document = format!("<a>{filler}{tail}");
        let outcome = stream::check(&mut document.as_bytes(), stream::BLOCK).unwrap();
        let fault = outcome.fault.unwrap();
        assert_eq!((fault.kind, document.len() - fault.span.start), (kind, back), "{tail}");
        let (line, start) = outcome.line.unwrap();
        assert!(document[start.offset..].starts_with(line.as_str()) && start.lines == 100_000, "{tail} {line:?}");
    }
    // Blanks behind the last character may be as many as they like.
    let document = format!("<a>\n<b>{}", " \n".repeat(2 << 20));
    let outcome = stream::check(&mut document.as_bytes(), stream::BLOCK).unwrap();
    assert_eq!(outcome.fault.unwrap().span.start, 6);
    assert_eq!(outcome.line.map(|(line, start)| (line.to_string(), start.lines)), Some(("<b>".to_owned(), 1)));
}

/// The next place from there on at which no character is cut in two.
fn boundary(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap()
}
