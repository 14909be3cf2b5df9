//! Our reading of an XML file as a record; the tokens are those of `c/libxml2-accept.c`.

use xmpp_audit::syntax::xml::{self, Element};
use zeroize::Zeroizing;

use super::Reading;
use crate::record::Record;

pub fn read(bytes: &[u8]) -> Reading {
    let decoded = xml::decode(Zeroizing::new(bytes.to_vec()));
    let document = xml::parse(&decoded);
    let mut record = Record::default();
    if let Some(fault) = document.fault {
        record.push('E', b"refused");
        return Reading { record, note: format!("{:?}", fault.kind) };
    }
    record.push('E', b"accepted");
    if let Some(root) = document.root() {
        put(&mut record, root);
    }
    Reading { record, note: String::new() }
}

fn put(record: &mut Record, element: Element) {
    record.push('<', element.name().as_bytes());
    if let Some(namespace) = element.namespace() {
        record.push('n', namespace.as_bytes());
    }
    for (at, attribute) in element.attributes().enumerate() {
        // Of several with one name the last counts.
        if element.attributes().skip(at + 1).any(|later| later.name() == attribute.name()) {
            continue;
        }
        record.push('@', attribute.name().as_bytes());
        record.push('=', attribute.value().as_bytes());
    }
    record.push('$', element.text().as_deref().map_or(b"", String::as_bytes));
    for child in element.children() {
        put(record, child);
    }
    record.push('>', b"");
}
