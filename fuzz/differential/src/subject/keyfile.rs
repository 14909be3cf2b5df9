//! Our reading of a key file as a record; the tokens are those of `c/glib-keyfile.c`.

use std::collections::HashMap;

use xmpp_audit::syntax::keyfile::{self, Code, Group, KeyFile, Translations};

use super::Reading;
use crate::oracle::LANGUAGES;
use crate::record::Record;

pub fn read(bytes: &[u8]) -> Reading {
    let mut record = Record::default();
    record.push('F', b"translations kept");
    let file = KeyFile::parse(bytes, Translations::Keep);
    put_file(&mut record, &file);
    record.push('F', b"translations dropped");
    put_file(&mut record, &KeyFile::parse(bytes, Translations::Only(&LANGUAGES)));
    let note = file.fault().map_or_else(String::new, |fault| format!("{:?}", fault.kind));
    Reading { record, note }
}

fn put_file(record: &mut Record, file: &KeyFile) {
    record.push('E', file.fault().map_or("", |fault| fault.kind.code().name()).as_bytes());
    for group in file.groups() {
        record.push('G', file.raw(group.name));
        put_group(record, file, group);
    }
    record.push('W', &file.rewritten());
}

fn put_group(record: &mut Record, file: &KeyFile, group: &Group) {
    let effective: HashMap<_, _> = file.effective_entries(group);
    for entry in group.entries() {
        let key = file.raw(entry.key);
        record.push('K', key);
        let value = effective.get(key).map(|entry| file.raw(entry.value)).unwrap_or_default();
        put_value(record, value);
    }
}

fn put_value(record: &mut Record, raw: &[u8]) {
    record.push('R', raw);
    match keyfile::string(raw) {
        Ok(text) => record.push('S', text.as_bytes()),
        Err(code) => error(record, 's', code),
    }
    match keyfile::boolean(raw) {
        Ok(value) => record.push('B', if value { b"true" } else { b"false" }),
        Err(code) => error(record, 'b', code),
    }
    match keyfile::integer(raw) {
        Ok(number) => record.push('I', number.to_string().as_bytes()),
        Err(code) => error(record, 'i', code),
    }
    match keyfile::string_list(raw) {
        Ok(list) => {
            list.iter().for_each(|item| record.push('l', item.as_bytes()));
            record.push('L', b"");
        }
        Err(code) => error(record, 'x', code),
    }
}

fn error(record: &mut Record, kind: char, code: Code) {
    record.push(kind, code.name().as_bytes());
}
