//! What GLib writes when it saves what it has loaded.

use super::{Group, Item, KeyFile};
use crate::model::Span;

impl KeyFile<'_> {
    /// The file as `g_key_file_to_data` writes it: what stood behind a fault is gone, indentation too, and an
    /// empty line stands before every group.
    #[must_use]
    pub fn rewritten(&self) -> Vec<u8> {
        let mut data = Vec::new();
        for comment in &self.preamble {
            self.push_line(&mut data, &[*comment], b"");
        }
        for group in &self.groups {
            self.push_group(&mut data, group);
        }
        data
    }

    fn push_group(&self, data: &mut Vec<u8>, group: &Group) {
        if data.iter().nth_back(1).is_some_and(|byte| *byte != b'\n') {
            data.push(b'\n');
        }
        data.push(b'[');
        data.extend(self.raw(group.name));
        data.extend(b"]\n");
        for item in &group.items {
            match item {
                Item::Comment(text) => self.push_line(data, &[*text], b""),
                Item::Entry(entry) => self.push_line(data, &[entry.key, entry.value], b"="),
            }
        }
    }

    fn push_line(&self, data: &mut Vec<u8>, parts: &[Span], between: &[u8]) {
        let parts: Vec<_> = parts.iter().map(|part| self.raw(*part)).collect();
        data.extend(parts.join(between));
        data.push(b'\n');
    }
}
