//! What could not be looked into: not more of it than anybody can read.

use std::path::Path;

use crate::model::{Notice, Trouble};

/// So many of the things that could not be looked at are named. Where there are more, they are counted.
const NAMED: usize = 1000;

/// Notices, of which those that tell of something unseen are bounded: the first ones by their paths stay, whatever the
/// order in which they came.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    told: Vec<Notice>,
    unseen: Vec<Notice>,
    unnamed: usize,
}

impl Troubles {
    pub(super) fn add(&mut self, notice: Notice) {
        if !notice.trouble.makes_incomplete() {
            return self.told.push(notice);
        }
        self.unseen.push(notice);
        if self.unseen.len() >= 2 * NAMED {
            self.settle();
        }
    }

    /// All of them, in the order of their paths; how many more there are is said of `searched`.
    pub(super) fn take(&mut self, searched: &Path) -> Vec<Notice> {
        self.settle();
        let mut all = std::mem::take(&mut self.told);
        all.append(&mut self.unseen);
        let count = std::mem::take(&mut self.unnamed);
        if count > 0 {
            all.push(Notice { path: searched.to_owned(), kind: None, trouble: Trouble::Further { count } });
        }
        all.sort_by(order);
        all
    }

    fn settle(&mut self) {
        self.unseen.sort_by(order);
        self.unnamed += self.unseen.len().saturating_sub(NAMED);
        self.unseen.truncate(NAMED);
    }
}

/// By path; two of one path in an order that is the same on every run.
fn order(one: &Notice, other: &Notice) -> std::cmp::Ordering {
    let by_trouble = || format!("{:?}", one.trouble).cmp(&format!("{:?}", other.trouble));
    one.path.cmp(&other.path).then_with(by_trouble)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(number: usize, trouble: Trouble) -> Notice {
        Notice { path: format!("/{number:06}").into(), kind: None, trouble }
    }

    #[test]
    fn the_first_ones_stay_whatever_the_order() {
        let of = |numbers: &mut dyn Iterator<Item = usize>| {
            let mut troubles = Troubles::default();
            numbers.for_each(|number| troubles.add(notice(number, Trouble::PermissionDenied)));
            troubles.add(notice(7, Trouble::InNixText));
            troubles.take(Path::new("/"))
        };
        let count = 5 * NAMED + 3;
        let forwards = of(&mut (0..count));
        assert_eq!(forwards.len(), NAMED + 2);
        assert_eq!(forwards.first().unwrap().trouble, Trouble::Further { count: count - NAMED });
        assert_eq!(forwards.last().unwrap().path, Path::new("/000999"));
        assert_eq!(forwards, of(&mut (0..count).rev()));
        assert_eq!(of(&mut (0..3)).len(), 4);
    }
}
