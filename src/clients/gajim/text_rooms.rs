//! The rooms, contacts and conversations in a text file.

use std::collections::HashMap;

use super::conversations::{self, Chat};
use super::options::Options;
use super::rooms::{Gathering, Sighting, What, bare_and_domain, has_room_label, list};
use super::text::{Section, TextOptions, read as read_span};
use super::text_file::Reading;
use super::{habits, options_text, secrets};
use crate::model::{Origin, Place, Span};

impl<'a> Reading<'a> {
    /// Gathers the rooms and contacts.
    pub(super) fn rooms(&mut self, client: &TextOptions, numbers: &HashMap<&'a str, usize>) {
        let mut sightings = self.rooms_of_accounts(numbers);
        sightings.extend(self.end_to_end(numbers));
        for (kind, what) in [("rooms", What::Room), ("contacts", What::Contact)] {
            for section in self.config.of_kind(kind) {
                sightings.push(self.in_key(what, None, section, &section.name, 0));
            }
        }
        for name in ["recently_groupchat", "confirm_close_muc_rooms", "noconfirm_close_muc_rooms"] {
            sightings.extend(self.listed(client, name, None));
        }
        let mut gathering = Gathering::default();
        for sighting in sightings {
            gathering.add(self.profile, sighting);
        }
    }

    fn rooms_of_accounts(&self, numbers: &HashMap<&'a str, usize>) -> Vec<Sighting> {
        let mut sightings = Vec::new();
        for section in self.config.of_kind("accounts") {
            let Some(number) = numbers.get(section.name.as_str()) else { continue };
            let options = self.section_options(section, options_text::ACCOUNT);
            for name in ["recent_groupchats", "minimized_gc", "non_minimized_gc"] {
                sightings.extend(self.listed(&options, name, Some(*number)));
            }
        }
        sightings
    }

    /// The rooms in a list that blanks separate.
    fn listed(&self, options: &TextOptions, name: &'static str, account: Option<usize>) -> Vec<Sighting> {
        let value = options.text(name);
        let crate::model::Spot::Text(whole) = value.place().spot else { return Vec::new() };
        // The places must be those of the bytes, which a replacement would shift.
        if value.default_word().is_some() || read_span(self.text.bytes(), whole).len() != whole.end - whole.start {
            return Vec::new();
        }
        let words = &value.place().words;
        list(&value.value)
            .map(|(part, address)| {
                let span = part.moved_by(whole.start);
                self.sighting(What::Room, account, address, span.start, words)
            })
            .collect()
    }

    /// `encryption.<account>-<jid>`: a room where the service's name says so, as the migration to 1.3 judges.
    fn end_to_end(&self, numbers: &HashMap<&'a str, usize>) -> Vec<Sighting> {
        let chats = self.chats(numbers).into_iter();
        chats
            .map(|(what, number, section, at)| {
                let address = section.name.get(at..).unwrap_or_default();
                self.in_key(what, Some(number), section, address, at)
            })
            .collect()
    }

    /// The sections of chats: what each is, its account, and where in the key its address begins.
    fn chats(&self, numbers: &HashMap<&'a str, usize>) -> Vec<(What, usize, &'a Section, usize)> {
        /// Longer than the names and addresses of people. Each dash is tried.
        const BOUND: usize = 512;
        let sections = self.config.of_kind("encryption").filter(|section| section.name.len() <= BOUND);
        let chats = sections.filter_map(|section| {
            let mut dashes = section.name.match_indices('-').rev();
            let (at, number) = dashes.find_map(|(at, _)| Some((at, numbers.get(section.name.get(..at)?)?)))?;
            let is_room = has_room_label(section.name.get(at + 1..).unwrap_or_default());
            Some((if is_room { What::Room } else { What::Contact }, *number, section, at + 1))
        });
        chats.collect()
    }

    /// Notes the chats whose encryption is written down, and what follows from them for their accounts.
    pub(super) fn conversations(&mut self, numbers: &HashMap<&'a str, usize>) {
        let mut gathering = conversations::Gathering::default();
        let mut uses: HashMap<usize, habits::Uses> = HashMap::new();
        for (what, account, section, at) in self.chats(numbers) {
            let encryption = self.section_options(section, options_text::CHAT).text("encryption");
            let Origin::Written(place) = encryption.origin else { continue };
            let known = uses.entry(account).or_default();
            *known = known.and(&encryption.value);
            let address = section.name.get(at..).unwrap_or_default().to_owned();
            let encryption = Some(encryption.value);
            gathering.add(self.profile, Chat { what, account, address, encryption, place });
        }
        for section in self.config.of_kind("accounts") {
            let number = numbers.get(section.name.as_str());
            let Some((number, uses)) = number.and_then(|number| Some((*number, uses.get(number)?))) else {
                continue;
            };
            let options = self.section_options(section, options_text::ACCOUNT);
            habits::of_encryption(self.profile, &options, number, &section.name, *uses);
        }
    }

    /// An address in the key of a section, `offset` bytes from its start.
    fn in_key(
        &self,
        what: What,
        account: Option<usize>,
        section: &Section,
        address: &str,
        offset: usize,
    ) -> Sighting {
        self.sighting(what, account, address, section.name_span.start + offset, &section.kind)
    }

    fn sighting(&self, what: What, account: Option<usize>, address: &str, start: usize, words: &str) -> Sighting {
        let (end, domain) = bare_and_domain(address);
        let bare = address.get(..end).unwrap_or_default();
        let words = format!("{words} / {}", secrets::shown_name(bare));
        let place = |from: usize| {
            Place::in_text(self.number, Span::new(start + from, start + end.max(from)), words.clone())
        };
        Sighting { what, account, address: bare.to_owned(), place: place(0), service_place: place(domain) }
    }
}
