//! Folders that are still to be opened: those that lie in one folder, together.

use std::ffi::CStr;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use super::above::Above;

/// The names of folders, in as little memory as they take: each ends with a NUL.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<u8>);

impl Names {
    pub(super) fn push(&mut self, name: &CStr) {
        self.0.extend_from_slice(name.to_bytes_with_nul());
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes a name out, and puts it into `name`; false if there is none.
    fn pop(&mut self, name: &mut Vec<u8>) -> bool {
        let Some(rest) = self.0.split_last().map(|(_, rest)| rest) else { return false };
        let start = memchr::memrchr(0, rest).map_or(0, |nul| nul + 1);
        name.clear();
        name.extend(self.0.drain(start..));
        true
    }

    /// Takes about half of the names out; none if there is only one.
    fn split(&mut self) -> Option<Self> {
        let middle = self.0.len() / 2;
        let end = memchr::memchr(0, self.0.get(middle..)?)? + middle + 1;
        let rest = self.0.split_off(end);
        (!rest.is_empty()).then_some(Self(rest))
    }

    /// The same memory, for other names.
    pub(super) fn emptied(mut self) -> Self {
        self.0.clear();
        self
    }
}

/// Folders that lie in one folder and are still to be opened.
#[derive(Debug)]
pub(super) struct Batch {
    pub above: Arc<Above>,
    /// The folder that they lie in; none where too many were open.
    pub folder: Option<OwnedFd>,
    pub names: Names,
}

impl Batch {
    /// Takes a name out, its NUL included; false if there is none.
    pub(super) fn pop(&mut self, name: &mut Vec<u8>) -> bool {
        self.names.pop(name)
    }

    /// Gives about half of the work away, if it can be shared.
    pub(super) fn split(&mut self) -> Option<Self> {
        let folder = self.folder.as_ref()?.try_clone().ok()?;
        let names = self.names.split()?;
        Some(Self { above: Arc::clone(&self.above), folder: Some(folder), names })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_out_as_they_went_in() {
        let mut names = Names::default();
        for name in [c"a", c"", c"long name", c"\xff\n"] {
            names.push(name);
        }
        let other = names.split().unwrap();
        let mut all = Vec::new();
        let mut name = Vec::new();
        for mut names in [names, other] {
            while names.pop(&mut name) {
                all.push(name.clone());
            }
        }
        all.sort();
        assert_eq!(all, [&b"\0"[..], b"a\0", b"long name\0", b"\xff\n\0"]);
    }

    #[test]
    fn one_name_is_not_shared() {
        let mut names = Names::default();
        assert!(names.split().is_none());
        names.push(c"alone");
        assert!(names.split().is_none());
        let mut name = Vec::new();
        assert!(names.pop(&mut name) && name == b"alone\0" && names.is_empty());
        assert!(!names.pop(&mut name));
    }
}
