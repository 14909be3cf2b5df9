//! Which contacts may matter: of each host so many, and everything that is not written as clients write it.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::clients::pidgin::accounts::PROTOCOL;
use crate::model::limits;

/// How deep in a contact its buddies stand, and their names.
const BUDDY: usize = 1;
const NAME: usize = 2;

/// Counts the contacts of each host.
#[derive(Default)]
pub(super) struct Contacts {
    /// How many of each host are kept, by a number that stands for it.
    of_host: HashMap<u64, usize, RandomState>,
    hasher: RandomState,
    kept: usize,
    entry: Entry,
}

/// The contact that is being read.
#[derive(Default)]
struct Entry {
    /// Whether it is one of which too many are known already.
    hosts: Vec<u64>,
    /// Whether there is anything unusual about it.
    is_odd: bool,
    /// Whether the buddy that is being read is one of XMPP, and has had a name.
    is_xmpp: bool,
    has_name: bool,
    is_in_name: bool,
    name: String,
}

/// The longest name that is looked at here.
const LONGEST: usize = 1024;

/// The most buddies of a contact that are counted one by one.
const MOST: usize = 64;

impl Contacts {
    /// A contact begins.
    pub(super) fn begin(&mut self) {
        self.entry.hosts.clear();
        self.entry.is_odd = false;
        self.entry.is_in_name = false;
    }

    /// An element begins in it, inside of `depth` others.
    pub(super) fn start(&mut self, name: &str, tag: &str, depth: usize) {
        let entry = &mut self.entry;
        match depth {
            BUDDY if name == "buddy" => {
                entry.is_xmpp = tag.contains('&') || tag.contains(PROTOCOL);
                entry.has_name = false;
            }
            NAME if name == "name" && !entry.has_name => {
                (entry.has_name, entry.is_in_name) = (true, true);
                entry.name.clear();
            }
            _ => {}
        }
    }

    /// Text stands inside of `depth` elements of it.
    pub(super) fn text(&mut self, text: &str, depth: usize, is_plain: bool) {
        let entry = &mut self.entry;
        if !entry.is_in_name || depth != NAME + 1 {
            return;
        }
        if is_plain && entry.name.len() + text.len() <= LONGEST {
            entry.name.push_str(text);
        } else {
            entry.is_odd = true;
        }
    }

    /// An element ends in it.
    pub(super) fn end(&mut self, depth: usize) {
        let entry = &mut self.entry;
        if depth != NAME || !std::mem::replace(&mut entry.is_in_name, false) || !entry.is_xmpp {
            return;
        }
        match host_of(&entry.name) {
            Some(host) if entry.hosts.len() < MOST => entry.hosts.push(self.hasher.hash_one(host)),
            _ => entry.is_odd = true,
        }
    }

    /// Whether the contact that was read last may matter.
    pub(super) fn take(&mut self) -> bool {
        let Self { of_host, kept, entry, .. } = self;
        if *kept > limits::CONTACTS {
            return false;
        }
        let mut matters = entry.is_odd;
        for host in &entry.hosts {
            let count = of_host.entry(*host).or_default();
            matters |= *count < limits::CONTACTS_OF_HOST;
            *count += 1;
        }
        *kept += usize::from(matters) * entry.hosts.len().max(1);
        matters
    }
}

/// What stands in an address from its `@` on, where it is sure that this is followed by the host and nothing else: two
/// contacts of which it is the same live on the same host.
fn host_of(name: &str) -> Option<&str> {
    let at = name.find('@')?;
    let begins_well = name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
    (begins_well && !name.contains('/')).then(|| name.get(at..)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(contacts: &mut Contacts, name: &str) -> bool {
        contacts.begin();
        contacts.start("buddy", "<buddy account='a@b' proto='prpl-jabber'>", BUDDY);
        contacts.start("name", "<name>", NAME);
        contacts.text(name, NAME + 1, true);
        contacts.end(NAME);
        contacts.end(BUDDY);
        contacts.take()
    }

    #[test]
    fn of_each_host_so_many_are_kept() {
        let mut contacts = Contacts::default();
        let kept = |contacts: &mut Contacts, host: &str| {
            (0..1000).filter(|number| contact(contacts, &format!("a{number}@{host}"))).count()
        };
        assert_eq!(kept(&mut contacts, "example.org"), limits::CONTACTS_OF_HOST);
        assert_eq!(kept(&mut contacts, "conference.example.org"), limits::CONTACTS_OF_HOST);
        assert_eq!(kept(&mut contacts, "example.org"), 0);
        assert!(contact(&mut contacts, "b@example.org/resource"), "odd");
        assert!(contact(&mut contacts, "nobody"), "odd");
    }

    #[test]
    fn the_number_of_all_is_bounded_and_so_is_what_is_remembered() {
        let mut contacts = Contacts::default();
        let kept = (0..50_000).filter(|number| contact(&mut contacts, &format!("a@h{number}.example.org"))).count();
        assert_eq!(kept, limits::CONTACTS + 1);
        assert!(contacts.of_host.len() <= limits::CONTACTS + 1);
        let odd = (0..50_000).filter(|_| contact(&mut contacts, "/")).count();
        assert_eq!(odd, 0);
    }
}
