//! Where and why a document is refused: the place that a report shows. That it is refused at all is what
//! `xml_conformance.rs` holds against libxml2.
#![allow(clippy::unwrap_used)]

use xmpp_audit::model::Span;
use xmpp_audit::syntax::xml::XmlFaultKind::{
    Attribute, BareAmpersand, BehindRoot, CdataEnd, Character, Comment, Declaration, Doctype, DuplicateAttribute,
    Empty, Instruction, MismatchedEnd, Namespace, NoRoot, NotInEncoding, Tag, TooDeep, Truncated, UnknownEncoding,
    UnknownEntity,
};
use xmpp_audit::syntax::xml::{self, XmlFaultKind};
use zeroize::Zeroizing;

fn fault(bytes: &[u8]) -> Option<(XmlFaultKind, (usize, usize))> {
    let decoded = xml::decode(Zeroizing::new(bytes.to_vec()));
    xml::parse(&decoded).fault.map(|fault| (fault.kind, (fault.span.start, fault.span.end)))
}

fn check(table: &[(&[u8], XmlFaultKind, (usize, usize))]) {
    for (bytes, kind, place) in table {
        assert_eq!(fault(bytes), Some((*kind, *place)), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn before_and_behind_the_root() {
    check(&[
        (b"", Empty, (0, 0)),
        (b" \n", Empty, (0, 2)),
        (b"\xEF\xBB\xBF", Empty, (0, 3)),
        (b"\xEF\xBB\xBF\xEF\xBB\xBF<a/>", NoRoot, (3, 6)),
        (b" x<a/>", NoRoot, (1, 2)),
        (b"</a>", NoRoot, (0, 4)),
        (b"<!-- x -->", NoRoot, (9, 10)),
        (b"<a/> x", BehindRoot, (5, 6)),
        (b"<a/><b/>", BehindRoot, (4, 8)),
        (b"<a/></a>", BehindRoot, (4, 8)),
        (b"<a/><b", BehindRoot, (4, 5)),
        (b"<a/><![CDATA[", BehindRoot, (4, 5)),
        (b"<a/><!-- x", Truncated, (9, 10)),
        (b"<a/><?x", Truncated, (6, 7)),
    ]);
    assert_eq!(fault(b" <!DOCTYPE a [<!-->]><b/>-->]>\n<a/>"), None);
    assert_eq!(fault(b"<!-- x --><?x?> <a/> <?x?><!-- x -->\n"), None);
}

#[test]
fn declarations() {
    check(&[
        (b"<?xml version='2.0'?><a/>", Declaration, (19, 20)),
        (b"\xEF\xBB\xBF<?xml version='2.0'?><a/>", Declaration, (22, 23)),
        (b"<?xml version='1.0' encoding='nope'?><a/>", UnknownEncoding, (30, 34)),
        (b"\xEF\xBB\xBF<?xml version='1.0' encoding='nope'?><a/>", UnknownEncoding, (33, 37)),
        (b"<a><?xml version='1.0'?></a>", Declaration, (3, 24)),
        (b"<a><!DOCTYPE a></a>", Doctype, (3, 15)),
        (b"<!DOCTYPE a><!DOCTYPE a><a/>", Doctype, (12, 24)),
        (b"<!doctype a><a/>", Doctype, (0, 12)),
        (b" <!DOCTYPE a b><a/>", Doctype, (13, 14)),
    ]);
}

#[test]
fn tags() {
    check(&[
        (b"<a><b c/></a>", Attribute, (7, 8)),
        (b"<a><1/></a>", Tag, (4, 5)),
        (b"<a><1", Tag, (4, 5)),
        (b"<a></b>", MismatchedEnd, (5, 6)),
        (b"<a></a b>", Tag, (7, 8)),
        (b"<a></1", Tag, (5, 6)),
        (b"<a b='' b=''/>", DuplicateAttribute, (8, 9)),
        (b"<a xmlns:x='u' xmlns:y='u' x:b='' y:b=''/>", DuplicateAttribute, (34, 37)),
        (b"<a><x:b/></a>", Namespace, (4, 7)),
        (b"<a x:b=''/>", Namespace, (3, 6)),
        (b"<a:/>", Namespace, (1, 3)),
        (b"<a xmlns:xml='u'/>", Namespace, (14, 15)),
    ]);
    assert_eq!(fault(&b"<a>".repeat(300)), Some((TooDeep, (3 * 257 + 1, 3 * 257 + 2))));
}

#[test]
fn text_and_references() {
    check(&[
        (b"<a>b\x01c</a>", Character, (4, 5)),
        (b"<a>&lt;b\x01</a>", Character, (8, 9)),
        ("<a>é\u{FFFF}</a>".as_bytes(), Character, (5, 8)),
        (b"<a>x]]>y</a>", CdataEnd, (4, 7)),
        (b"<a>&lt;x]]></a>", CdataEnd, (8, 11)),
        (b"<a>b& c</a>", BareAmpersand, (4, 5)),
        (b"<a>&amp;& &lt;</a>", BareAmpersand, (8, 9)),
        (b"<a>&amp b;</a>", BareAmpersand, (3, 4)),
        (b"<a>&&amp;</a>", BareAmpersand, (3, 4)),
        (b"<a>&amp;;&;</a>", BareAmpersand, (9, 10)),
        (b"<a>&#x26;]]>&;</a>", CdataEnd, (9, 12)),
        (b"<a>&lt;&o;</a>", UnknownEntity, (7, 10)),
        (b"<a>&#0;</a>", Character, (3, 5)),
        (b"<![CDATA[x]]><a/>", Tag, (0, 13)),
        (b"<a><![CDATA[b\x01]]></a>", Character, (13, 14)),
        (b"<a>x\0y</a>", Character, (4, 5)),
        (b"<a>x\xff</a>", NotInEncoding, (4, 5)),
        (b"<a/>\xff", NotInEncoding, (4, 5)),
        (b"<a>&o;\xff</a>", UnknownEntity, (3, 6)),
    ]);
}

#[test]
fn comments_and_instructions() {
    check(&[
        (b"<a><!-- x -- y --></a>", Comment, (10, 12)),
        (b"<a><!-- x ---></a>", Comment, (10, 12)),
        (b"<a><!--x\x01--></a>", Character, (8, 9)),
        (b"<a><? x?></a>", Instruction, (3, 9)),
        (b"<a><?x:y?></a>", Instruction, (3, 10)),
        (b"<a><?x\x01?></a>", Instruction, (3, 9)),
        (b"<a><?x \x01?></a>", Character, (7, 8)),
    ]);
}

#[test]
fn texts_that_are_cut_off() {
    check(&[
        (b"<a>", Truncated, (2, 3)),
        ("<a>é  \n".as_bytes(), Truncated, (3, 5)),
        (b"<a><b", Truncated, (4, 5)),
        (b"<a></a", Truncated, (5, 6)),
        (b"<a><b c='d", Truncated, (9, 10)),
        (b"<a><!-- x", Truncated, (8, 9)),
        (b"<a><![CDATA[x", Truncated, (12, 13)),
    ]);
}

/// What stands between the tags is where a report points, and what is hidden of a password.
#[test]
fn elements_know_what_they_hold() {
    let spans = |text: &str| {
        let decoded = xml::decode(Zeroizing::new(text.as_bytes().to_vec()));
        let document = xml::parse(&decoded);
        document.elements().map(|element| element.inner_span()).collect::<Vec<_>>()
    };
    assert_eq!(spans("<a><b/>t</a>"), [Span::new(3, 8), Span::at(7)]);
    assert_eq!(spans("<a><b>t</b ></a>\n"), [Span::new(3, 12), Span::new(6, 7)]);
    assert_eq!(spans("<a><b>hunter2"), [Span::new(3, 13), Span::new(6, 13)]);
}
