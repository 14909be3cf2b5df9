//! Our reading of a GMarkup file as a record; the tokens are those of `c/glib-markup.c`.

use xmpp_audit::syntax::xml::gmarkup::{self, Tag};
use zeroize::Zeroizing;

use super::Reading;
use crate::record::Record;

pub fn read(bytes: &[u8]) -> Reading {
    let decoded = gmarkup::decode(Zeroizing::new(bytes.to_vec()));
    let markup = gmarkup::parse(&decoded);
    let mut record = Record::default();
    for tag in markup.tags() {
        match tag {
            Tag::Start { name, attributes } => {
                record.push('<', markup.slice(*name).as_bytes());
                for (name, value) in attributes {
                    record.push('@', markup.slice(*name).as_bytes());
                    record.push('=', markup.value(*value).as_bytes());
                }
            }
            Tag::End { name } => record.push('>', markup.slice(*name).as_bytes()),
        }
    }
    record.push('E', if markup.fault.is_some() { b"refused" } else { b"accepted" });
    Reading { record, note: markup.fault.map_or_else(String::new, |fault| format!("{:?}", fault.kind)) }
}
