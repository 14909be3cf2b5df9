//! `accounts.xml`: which accounts libpurple makes of it.

use std::collections::HashMap;

use super::idle::Found;
use super::secrets;
use super::settings::Settings;
use crate::model::{Address, AddressFault, Idle, Secret, Span, limits};
use crate::syntax::xml::{Document, Element};

/// The only protocol of libpurple 2.x that speaks XMPP to a server.
pub(super) const PROTOCOL: &str = "prpl-jabber";

/// An account as the file has it, duplicates merged.
#[derive(Debug)]
pub(super) struct RawAccount {
    /// What tells it from others; see [`key_of`].
    pub key: String,
    /// Where the name of its element stands.
    pub element: Span,
    /// Its name: a JID, as written, and where it stands.
    pub name: (String, Span),
    /// Its settings, migrated.
    pub settings: Settings,
    /// The password that counts, and where it stands.
    pub password: Option<(Secret, Span)>,
    /// The proxy that counts.
    pub proxy: Option<RawProxy>,
}

/// The `<proxy>` of an account.
#[derive(Clone, Debug)]
pub(super) struct RawProxy {
    /// Where the name of its element stands.
    pub element: Span,
    /// Its type, and where it stands.
    pub kind: Option<(String, Span)>,
    /// Its host.
    pub host: Option<String>,
    /// Its port.
    pub port: i32,
    /// Its password, and where it stands.
    pub password: Option<(Secret, Span)>,
}

/// What libpurple makes of the file.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    /// The accounts that speak XMPP.
    pub accounts: Vec<RawAccount>,
    /// What does nothing and belongs to none of them.
    pub idle: Vec<Found>,
    /// The number of each account by its key.
    numbers: HashMap<String, usize>,
}

impl Accounts {
    /// Reads the elements as `load_accounts` does.
    pub(super) fn read(document: &Document) -> Self {
        let mut accounts = Self::default();
        let Some(root) = document.root() else { return accounts };
        let mut read = root.twins("account").peekable();
        for element in root.children().filter(|child| child.name() == "account") {
            if read.next_if_eq(&element).is_some() {
                accounts.add(element);
            } else {
                // After an account in a namespace of its own libpurple passes over those that are not in it.
                accounts.idle.push(Found::new("account", element.name_span(), Idle::WrongPlace));
            }
        }
        accounts
    }

    fn add(&mut self, element: Element) {
        let protocol = element.child("protocol").and_then(Element::text);
        let (Some(protocol), Some(name)) = (protocol, name_of(element)) else {
            // Dropped with a message in the debug log (observed).
            self.idle.push(Found::new("account", element.name_span(), Idle::Unreadable));
            return;
        };
        if protocol.as_str() != PROTOCOL {
            return;
        }
        let key = key_of(&name.0);
        let number = self.numbers.get(&key).copied().unwrap_or(self.accounts.len());
        if let Some(account) = self.accounts.get_mut(number) {
            // The second account of the same JID is merged into the first, whose name stays (observed).
            account.settings.idle.push(Found::new("name", name.1, Idle::Duplicate));
            account.read(element);
            return;
        }
        // One more than a profile holds, so that it notices.
        if number > limits::ACCOUNTS {
            return;
        }
        let mut account = RawAccount {
            key,
            element: element.name_span(),
            name,
            settings: Settings::default(),
            password: None,
            proxy: None,
        };
        account.read(element);
        self.numbers.insert(account.key.clone(), number);
        self.accounts.push(account);
    }
}

/// The elements of which libpurple makes the account whose first one has its name at `first`, in their order.
pub(super) fn elements_of<'d>(document: &'d Document, first: Span) -> Vec<Element<'d>> {
    let Some(root) = document.root() else { return Vec::new() };
    let key = |element: Element| {
        element.child("protocol").and_then(Element::text).filter(|protocol| protocol.as_str() == PROTOCOL)?;
        Some(key_of(&name_of(element)?.0))
    };
    let Some(wanted) = root.twins("account").find(|element| element.name_span() == first).and_then(key) else {
        return Vec::new();
    };
    root.twins("account").filter(|element| key(*element).as_ref() == Some(&wanted)).collect()
}

impl RawAccount {
    fn read(&mut self, element: Element) {
        if let Some(password) = element.child("password") {
            let secret = secrets::of_element(password);
            // An empty one takes nothing away that an earlier duplicate of the account stored.
            if secret != Secret::Empty || self.password.is_none() {
                self.password = Some((secret, password.inner_span()));
            }
        }
        for settings in element.twins("settings") {
            self.settings.read(settings);
        }
        for setting in element.children().filter(|child| child.name() == "setting") {
            self.settings.note_stray(setting);
        }
        let proxy = element.child("proxy").map(RawProxy::read);
        self.proxy = proxy.filter(RawProxy::says_something).or(self.proxy.take());
    }
}

impl RawProxy {
    /// `parse_proxy_info`.
    pub(super) fn read(proxy: Element) -> Self {
        let text = |name| {
            let child = proxy.child(name)?;
            Some((child.text()?, child.inner_span()))
        };
        Self {
            element: proxy.name_span(),
            kind: text("type").map(|(kind, span)| (kind.as_str().to_owned(), span)),
            host: text("host").map(|(host, _)| host.as_str().to_owned()),
            port: text("port").map_or(0, |(port, _)| super::numbers::atoi(&port)),
            password: proxy
                .child("password")
                .map(|password| (secrets::of_element(password), password.inner_span()))
                .filter(|(secret, _)| *secret != Secret::Empty),
        }
    }

    /// A block in which everything is as by default is forgotten.
    pub(super) fn says_something(&self) -> bool {
        let kind_is_global = self.kind.as_ref().is_none_or(|(kind, _)| kind == "global");
        !kind_is_global || self.host.is_some() || self.port != 0 || self.password.is_some()
    }
}

/// The account's name: `name`, or `username` of an older version where that is missing or empty.
fn name_of(element: Element) -> Option<(String, Span)> {
    ["name", "username"].iter().find_map(|child| {
        let child = element.child(child)?;
        Some((child.text()?.as_str().to_owned(), child.inner_span()))
    })
}

/// A name as libpurple compares accounts: case-folded and without its resource. What is no JID is compared as it is.
pub(super) fn key_of(name: &str) -> String {
    let address = Address::parse(name);
    if matches!(address.fault, AddressFault::Sound | AddressFault::NoLocalPart) {
        name.split('/').next().unwrap_or_default().to_lowercase()
    } else {
        name.to_owned()
    }
}
