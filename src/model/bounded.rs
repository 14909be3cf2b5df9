//! Lists that hold so many things and no more.

use std::ops::{Deref, DerefMut};

use super::{
    Account, CertificateException, Command, Conversation, FileNumber, Habit, IdleSetting, Launch, Place, Published,
    Room, StoredProxy,
};

/// Something that stands in a file.
pub trait Placed {
    /// Where.
    fn place(&self) -> &Place;
}

macro_rules! placed {
    ($($kind:ty),* $(,)?) => {
        $(impl Placed for $kind {
            fn place(&self) -> &Place {
                &self.place
            }
        })*
    };
}

placed!(Account, CertificateException, Command, Conversation, IdleSetting, Launch, Published, Room, StoredProxy,);

impl Placed for Habit {
    fn place(&self) -> &Place {
        self.what.place()
    }
}

/// A list that drops what is added when it is full, and remembers from which files that came: whoever fills it need
/// not count, and no file can make it as long as it likes.
#[derive(Clone, Debug)]
pub struct Bounded<T> {
    items: Vec<T>,
    most: usize,
    left_out: Vec<FileNumber>,
}

impl<T> Bounded<T> {
    /// What is kept.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        self
    }

    /// An empty list for `most` things.
    #[must_use]
    pub const fn new(most: usize) -> Self {
        Self { items: Vec::new(), most, left_out: Vec::new() }
    }

    /// How many it holds at most.
    #[must_use]
    pub const fn most(&self) -> usize {
        self.most
    }

    /// The files that had more, each once.
    #[must_use]
    pub fn left_out(&self) -> &[FileNumber] {
        &self.left_out
    }

    /// Keeps what passes the test.
    pub fn retain(&mut self, test: impl FnMut(&T) -> bool) {
        self.items.retain(test);
    }
}

impl<T: Placed> Bounded<T> {
    /// Adds one, if there is room.
    pub fn push(&mut self, item: T) {
        if self.items.len() < self.most {
            return self.items.push(item);
        }
        let file = item.place().file;
        if !self.left_out.contains(&file) {
            self.left_out.push(file);
        }
    }
}

impl<T: Placed> Extend<T> for Bounded<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        items.into_iter().for_each(|item| self.push(item));
    }
}

impl<T> Deref for Bounded<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T> DerefMut for Bounded<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<T> IntoIterator for Bounded<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Bounded<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<'a, T> IntoIterator for &'a mut Bounded<T> {
    type Item = &'a mut T;
    type IntoIter = std::slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClientName, LaunchEffect};

    fn launch(file: usize) -> Launch {
        Launch {
            client: ClientName("dino"),
            place: Place::of_file(FileNumber(file), "session"),
            word: "GIO_USE_TLS".to_owned(),
            effect: LaunchEffect::TlsOff,
            client_used: None,
        }
    }

    #[test]
    fn holds_no_more_than_it_may_and_says_which_files_had_more() {
        let mut list = Bounded::new(3);
        list.extend([0, 0, 1].map(launch));
        assert_eq!((list.len(), list.left_out()), (3, &[][..]));
        list.extend([1, 2, 1, 2].map(launch));
        list.push(launch(1));
        assert_eq!((list.len(), list.left_out()), (3, &[FileNumber(1), FileNumber(2)][..]));
        list.retain(|launch| launch.place.file == FileNumber(0));
        assert_eq!((list.len(), list.most(), list.left_out().len()), (2, 3, 2));
    }
}
