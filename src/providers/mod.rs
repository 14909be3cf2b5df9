//! What is known about public XMPP services: where their rooms live, which are gone, which onions are theirs.
//!
//! The facts stand in `rules/providers.toml`, each with its sources.

mod onion;
mod service;
mod table;

use std::collections::HashMap;
use std::sync::OnceLock;

pub use onion::{Onion, OnionOwner};
pub use service::{RoomService, Standing};
pub use table::Provider;
use table::{Document, Status, Text};

use crate::model::packed::Packed;
use crate::model::words::words;
use crate::model::{Language, normal_domain};

// The facts that are part of the program, read and packed when it was built.
include!(concat!(env!("OUT_DIR"), "/providers.rs"));

impl Provider {
    /// The next of those that the build has packed, field by field in the order of `src/build.rs`.
    fn unpack(packed: &mut Packed) -> Self {
        let text = |packed: &mut Packed| Text::Borrowed(packed.text());
        Self {
            domain: text(packed),
            name: packed.option(text),
            aliases: packed.list(text),
            kind: packed.option(text),
            muc: packed.list(text),
            muc_old: packed.list(text),
            muc_on_bare_domain: packed.number() != 0,
            hosts: packed.list(text),
            ports: packed.list(|packed| u16::try_from(packed.number()).unwrap_or_default()),
            onion: packed.list(text),
            onion_dead: packed.list(text),
            status: match packed.number() {
                0 => Status::Alive,
                1 => Status::Retired,
                _ => Status::Unknown,
            },
            retired: packed.option(text),
            source: packed.list(text),
            confidence: packed.option(text),
            note: packed.option(text),
            advice_en: packed.option(text),
            advice_fr: packed.option(text),
        }
    }

    /// Whether the service has ended.
    #[must_use]
    pub fn is_retired(&self) -> bool {
        self.status == Status::Retired
    }

    /// Its name, or its domain.
    #[must_use]
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.domain)
    }

    /// Whether people have accounts with it, and not only rooms.
    #[must_use]
    pub fn has_accounts(&self) -> bool {
        self.kind.as_deref() != Some("rooms")
    }

    /// Whether an onion service is or was its own, or is its account domain.
    fn has_onion(&self, host: &str) -> bool {
        let host = normal_domain(host);
        self.onion
            .iter()
            .chain(self.onion_dead.iter())
            .chain(self.account_domains())
            .any(|own| normal_domain(own) == host)
    }

    /// What it advises its users, in a few sentences.
    #[must_use]
    pub fn advice(&self, language: Language) -> Option<&str> {
        match language {
            Language::English => self.advice_en.as_deref(),
            Language::French => self.advice_fr.as_deref().or(self.advice_en.as_deref()),
        }
    }

    fn account_domains(&self) -> impl Iterator<Item = &Text> {
        std::iter::once(&self.domain).chain(self.aliases.iter()).filter(|_| self.has_accounts())
    }
}

words! {
    /// What a domain is, as far as its providers say.
    DomainUse {
        /// Accounts live there.
        Accounts = "accounts",
        /// Rooms live there, and no accounts.
        Rooms = "rooms",
        /// A server answers there, and no accounts live there.
        Server = "server",
        /// Nothing is known.
        Unknown = "unknown",
    }
}

/// The numbers of providers, by a domain in its normal form.
type Index = HashMap<Text, usize>;

/// All providers, to be asked by domain.
#[derive(Debug, Default)]
pub struct Providers {
    list: Vec<Provider>,
    by_account_domain: Index,
    by_room_service: Index,
    by_old_room_service: Index,
    by_host: Index,
    by_dead_onion: Index,
}

impl Providers {
    /// The providers that are part of the program.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static INDEXED: OnceLock<Providers> = OnceLock::new();
        INDEXED.get_or_init(|| Self::of(Packed::new(PROVIDERS).list(Provider::unpack)))
    }

    /// These and, before them, what a file of the same shape says.
    ///
    /// # Errors
    /// Says what is wrong with the file, and where.
    pub fn preceded_by(&self, text: &str) -> Result<Self, toml::de::Error> {
        let mut list = toml::from_str::<Document>(text)?.provider;
        list.extend(self.list.iter().cloned());
        Ok(Self::of(list))
    }

    fn of(list: Vec<Provider>) -> Self {
        let mut providers = Self::default();
        for (number, provider) in list.iter().enumerate() {
            enter(&mut providers.by_account_domain, provider.account_domains(), number);
            enter(&mut providers.by_room_service, provider.muc.iter(), number);
            enter(&mut providers.by_old_room_service, provider.muc_old.iter(), number);
            enter(&mut providers.by_host, provider.hosts.iter(), number);
            enter(&mut providers.by_dead_onion, provider.onion_dead.iter(), number);
        }
        providers.list = list;
        providers
    }

    /// The provider of the accounts of a domain.
    #[must_use]
    pub fn of_account_domain(&self, domain: &str) -> Option<&Provider> {
        self.find(&self.by_account_domain, domain)
    }

    /// The provider whose rooms live on a host.
    #[must_use]
    pub fn of_room_service(&self, host: &str) -> Option<&Provider> {
        self.find(&self.by_room_service, host)
    }

    /// The provider whose rooms once lived on a host.
    #[must_use]
    pub fn of_old_room_service(&self, host: &str) -> Option<&Provider> {
        self.find(&self.by_old_room_service, host)
    }

    /// The provider whose server answers on a host.
    #[must_use]
    pub fn of_host(&self, host: &str) -> Option<&Provider> {
        self.find(&self.by_host, host)
    }

    /// The provider of an onion service that is gone.
    #[must_use]
    pub fn of_dead_onion(&self, host: &str) -> Option<&Provider> {
        self.find(&self.by_dead_onion, host)
    }

    /// Whose onion service `host` is, for an account of that provider.
    #[must_use]
    pub fn onion_owner(&self, host: &str, provider: Option<&Provider>) -> OnionOwner {
        let kind = Onion::of(host);
        let Some(provider) = provider else {
            return if kind == Onion::Absent { OnionOwner::Absent } else { OnionOwner::Unknown };
        };
        if kind == Onion::Absent {
            OnionOwner::Absent
        } else if provider.has_onion(host) {
            OnionOwner::Own
        } else if self.list.iter().any(|other| other.has_onion(host)) {
            OnionOwner::Stranger
        } else if kind == Onion::Version3 && !provider.onion.is_empty() {
            OnionOwner::Unlisted
        } else {
            OnionOwner::Unknown
        }
    }

    /// What a domain that stands in an account's JID is, and the provider that says so.
    #[must_use]
    pub fn domain_use(&self, domain: &str) -> (DomainUse, Option<&Provider>) {
        if let Some(provider) = self.of_account_domain(domain) {
            return (DomainUse::Accounts, Some(provider));
        }
        if let Some(provider) = self.of_room_service(domain).or_else(|| self.of_old_room_service(domain)) {
            // Where rooms live on the domain itself, accounts may as well.
            let shared = if provider.muc_on_bare_domain { DomainUse::Unknown } else { DomainUse::Rooms };
            return (shared, Some(provider));
        }
        if let Some(provider) = self.of_host(domain) {
            return (DomainUse::Server, Some(provider));
        }
        (DomainUse::Unknown, None)
    }

    fn find(&self, index: &Index, domain: &str) -> Option<&Provider> {
        let domain = normal_domain(domain);
        let any_first_label =
            || domain.split_once('.').and_then(|(_, rest)| index.get(format!("*.{rest}").as_str()));
        index.get(domain.as_str()).or_else(any_first_label).and_then(|number| self.list.get(*number))
    }
}

/// Enters the domains into an index; of two providers that claim one domain, the first counts.
fn enter<'a>(index: &mut Index, domains: impl Iterator<Item = &'a Text>, number: usize) {
    for domain in domains {
        let domain = if is_normal(domain) { domain.clone() } else { normal_domain(domain).into() };
        index.entry(domain).or_insert(number);
    }
}

/// Whether a domain can be told at a glance to be in its normal form, or begins with any label.
fn is_normal(domain: &str) -> bool {
    let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
    domain.starts_with("*.") || domain.bytes().all(is_plain) && !domain.ends_with('.') && !domain.contains("xn--")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_table_is_read_in_full() {
        let providers = Providers::embedded();
        let written: Document = toml::from_str(include_str!("../../rules/providers.toml")).unwrap();
        assert_eq!(*providers.list, *written.provider, "not what the build made of it");
        assert_eq!(providers.list.len(), 178);
        assert!(providers.list.iter().all(|provider| !provider.source.is_empty()));
        let known = ["high", "medium", "low"];
        assert!(providers.list.iter().all(|provider| known.contains(&provider.confidence.as_deref().unwrap())));
        let domains = providers.list.iter().flat_map(|provider| {
            let services = [&provider.muc, &provider.muc_old, &provider.hosts];
            provider.account_domains().chain(services.into_iter().flat_map(|list| list.iter()))
        });
        for domain in domains.filter(|domain| !domain.starts_with("*.")) {
            assert_eq!(*domain, normal_domain(domain), "not in the form in which domains are compared");
        }
    }

    #[test]
    fn knows_riseup() {
        let providers = Providers::embedded();
        let riseup = providers.of_account_domain("Riseup.NET.").unwrap();
        assert!(riseup.is_retired());
        assert_eq!(*riseup.muc, ["conference.riseup.net"]);
        assert_eq!(providers.domain_use("conference.riseup.net").0, DomainUse::Rooms);
        assert_eq!(providers.domain_use("xmpp.riseup.net").0, DomainUse::Server);
        assert_eq!(providers.domain_use("riseup.net").0, DomainUse::Accounts);
        assert_eq!(providers.domain_use("team.xmpp.slack.com").0, DomainUse::Accounts);
        assert_eq!(providers.domain_use("xmpp.slack.com").0, DomainUse::Unknown);
        assert_eq!(providers.domain_use("joinjabber.org").0, DomainUse::Unknown);
        assert_eq!(providers.domain_use("example.org").0, DomainUse::Unknown);
    }

    #[test]
    fn every_known_provider_has_its_rooms_named() {
        let providers = Providers::embedded();
        let (mut named, mut retired) = (0, 0);
        for provider in providers.list.iter() {
            for domain in provider.account_domains().filter(|domain| !domain.starts_with("*.")) {
                let judged = providers.judge_room(Some("garden"), domain, &|_| false);
                match provider.muc.first() {
                    _ if provider.muc_on_bare_domain || provider.muc.contains(domain) => {
                        assert_eq!(judged.standing, Standing::Rooms, "{domain}");
                    }
                    Some(rooms) => {
                        assert_eq!(
                            (judged.standing, judged.instead.as_deref()),
                            (Standing::ProviderDomain, Some(rooms.as_ref()))
                        );
                        named += 1;
                    }
                    None => assert_eq!(judged.standing, Standing::ProviderWithoutRooms, "{domain}"),
                }
            }
            for rooms in provider.muc.iter() {
                assert_eq!(
                    providers.judge_room(Some("garden"), rooms, &|_| false).standing,
                    Standing::Rooms,
                    "{rooms}"
                );
            }
            if provider.is_retired() {
                assert!(provider.source.first().is_some_and(|source| !source.is_empty()), "{}", provider.domain);
                retired += 1;
            }
        }
        assert!(named > 80 && retired > 10, "{named} {retired}");
    }

    #[test]
    fn a_file_of_ones_own_is_believed() {
        let own = "[[provider]]\ndomain = \"corp.example\"\nmuc = [\"talk.corp.example\"]\n\
                   [[provider]]\ndomain = \"riseup.net\"\nmuc = [\"rooms.riseup.net\"]\n";
        let providers = Providers::embedded().preceded_by(own).unwrap();
        assert_eq!(*providers.of_account_domain("corp.example").unwrap().muc, ["talk.corp.example"]);
        assert!(!providers.of_account_domain("riseup.net").unwrap().is_retired());
        assert!(providers.of_account_domain("disroot.org").is_some());
        for wrong in
            ["provider = 1", "[[provider]]\nname = \"x\"", "[[provider]]\ndomain = \"a.example\"\nrooms = []"]
        {
            assert!(Providers::embedded().preceded_by(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn knows_whose_an_onion_is() {
        let providers = Providers::embedded();
        let of = |host, domain| providers.onion_owner(host, providers.of_account_domain(domain));
        let own = "fzdx522fvinbaqgwxdet45wryluchpplrkkzkry33um5tufkjd3wdaqd.onion";
        let unlisted = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.onion";
        assert_eq!(of("xmpp.5222.de", "5222.de"), OnionOwner::Absent);
        assert_eq!(of(own, "5222.de"), OnionOwner::Own);
        assert_eq!(of("jtovcabr2vhflcqg.onion", "5222.de"), OnionOwner::Own);
        assert_eq!(of(own, "riseup.net"), OnionOwner::Stranger);
        assert_eq!(of(own, "example.org"), OnionOwner::Unknown);
        assert_eq!(of(unlisted, "5222.de"), OnionOwner::Unlisted);
        assert_eq!(of("abcdefghijklmnop.onion", "5222.de"), OnionOwner::Unknown);
        assert_eq!(of(unlisted, "07f.de"), OnionOwner::Unknown);
    }

    #[test]
    fn account_domains_win_over_what_their_name_looks_like() {
        let providers = Providers::embedded();
        assert_eq!(providers.domain_use("chat.facebook.com").0, DomainUse::Accounts);
        assert_eq!(providers.domain_use("chat.hipchat.com").0, DomainUse::Accounts);
        assert_eq!(providers.domain_use("chat.between-us.online").0, DomainUse::Accounts);
    }
}
