//! The folders that others lie in.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::discover::identity::Identity;

/// A folder that others lie in. Only the walk’s way down to where it works is in memory.
#[derive(Debug)]
pub(super) struct Above {
    above: Option<Arc<Above>>,
    /// Its name; the path of the root.
    name: Box<[u8]>,
    /// How far below the root it lies.
    pub depth: usize,
    /// One of the folders that it lies in, where it lies very deep: who meets it again goes round in circles.
    pub landmark: Option<Identity>,
}

/// A folder that is being listed.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub above: Option<&'a Arc<Above>>,
    pub name: &'a [u8],
}

impl Place<'_> {
    pub(super) fn depth(self) -> usize {
        self.above.map_or(0, |above| above.depth + 1)
    }

    pub(super) fn landmark(self) -> Option<Identity> {
        self.above?.landmark
    }

    pub(super) fn path(self) -> PathBuf {
        let mut path = self.above.map_or_else(PathBuf::new, |above| above.path());
        path.push(OsStr::from_bytes(self.name));
        path
    }

    /// Remembers the folder, since others lie in it.
    pub(super) fn keep(self, landmark: Option<Identity>) -> Above {
        Above { above: self.above.cloned(), name: self.name.into(), depth: self.depth(), landmark }
    }
}

impl Above {
    /// Its last name; that of the root’s path.
    pub(super) fn name(&self) -> &[u8] {
        &self.name
    }

    /// The folders from the root, which comes first, down to this one.
    pub(super) fn way_down(self: &Arc<Self>) -> Vec<&Arc<Self>> {
        let mut way: Vec<_> = std::iter::successors(Some(self), |above| above.above.as_ref()).collect();
        way.reverse();
        way
    }

    /// The folder as one that is being listed.
    pub(super) fn place(&self) -> Place<'_> {
        Place { above: self.above.as_ref(), name: &self.name }
    }

    fn path(self: &Arc<Self>) -> PathBuf {
        self.way_down().iter().map(|above| OsStr::from_bytes(&above.name)).collect()
    }
}

impl Drop for Above {
    /// One after the other: a chain of many thousand folders would not fit on the stack.
    fn drop(&mut self) {
        let mut next = self.above.take();
        while let Some(mut above) = next.and_then(Arc::into_inner) {
            next = above.above.take();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_way_down_is_no_burden() {
        let mut above = Arc::new(Place { above: None, name: b"/root" }.keep(None));
        for _ in 0..200_000 {
            above = Arc::new(Place { above: Some(&above), name: b"a" }.keep(None));
        }
        let place = Place { above: Some(&above), name: b"end" };
        assert_eq!(place.depth(), 200_001);
        assert!(place.path().ends_with("a/a/end") && place.path().starts_with("/root/a"));
        assert_eq!(place.path().as_os_str().len(), "/root".len() + 2 * 200_000 + "/end".len());
        drop(above);
    }
}
