//! The proxies of accounts.

use std::net::IpAddr;

use super::Outcome;
use super::account::Page;
use super::elements::{insert_before, insert_behind, insert_first, remove, set_text};
use super::layout::New;
use crate::clients::pidgin::accounts::RawProxy;
use crate::clients::pidgin::numbers;
use crate::clients::pidgin::proxy::{TOR_PORTS, fault, kind_of};
use crate::clients::pidgin::secrets;
use crate::model::{Account, Encryption, ProxyFault, ProxyKind, Splice, Tor, Transport, Unrepairable, is_loopback};
use crate::syntax::xml::Element;

/// Where Tor listens on this machine.
const TOR_HOST: &str = "127.0.0.1";
const TOR_PORT: &str = "9050";

/// Has an account go through Tor: by a proxy of its own, whatever that of all accounts is.
pub(super) fn through_tor(page: &Page) -> Outcome {
    let Some(proxy) = own(page) else {
        return Ok(vec![insert(page)]);
    };
    let raw = RawProxy::read(proxy);
    if is_tors(&raw) {
        return Ok(set(page, proxy, &[("type", "tor")]));
    }
    // The login was that of the proxy that was used before.
    let is_login = |child: &Element| matches!(child.name(), "username" | "password");
    let mut splices: Vec<_> = proxy.children().filter(is_login).map(|child| remove(page.text, child)).collect();
    splices.extend(set(page, proxy, &[("type", "tor"), ("host", TOR_HOST), ("port", TOR_PORT)]));
    Ok(splices)
}

/// What an account depends on its proxy for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needs {
    /// It goes through Tor as it is.
    has_tor: bool,
    /// It can be reached through Tor only.
    is_onion: bool,
    /// It asks for the servers of its domain, by way of the ordinary name servers unless the proxy's type is Tor.
    looks_up_services: bool,
}

/// Whether an account gives nothing away once no address of a web service says where it connects to: no onion address
/// to name servers, and no name to those round a proxy.
pub(super) fn is_safe_without_the_web(account: &Account) -> bool {
    matches!(account.proxy.value.kind, ProxyKind::Tor | ProxyKind::Direct)
        && !is_onion(&account.address.value.domain)
}

/// Whether nothing is looked up round a proxy once an account does not encrypt from the first byte: until then it asks
/// for no servers of its domain.
pub(super) fn is_safe_without_direct_tls(account: &Account) -> bool {
    account.encryption.value != Encryption::Direct
        || account.server.value.is_some()
        || matches!(account.proxy.value.kind, ProxyKind::Tor | ProxyKind::Direct)
}

fn is_onion(host: &str) -> bool {
    host.trim_end_matches('.').to_ascii_lowercase().ends_with(".onion")
}

impl Needs {
    /// Those of an account.
    pub(super) fn of(account: &Account) -> Self {
        let server = account.server.value.as_deref();
        Self {
            has_tor: account.proxy.value.tor == Tor::Reached,
            is_onion: is_onion(server.unwrap_or(&account.address.value.domain)),
            looks_up_services: account.transport.value == Transport::Tcp
                && account.encryption.value != Encryption::Direct
                && server.is_none(),
        }
    }

    /// Whether a proxy of that kind gives away nothing that the account keeps to itself now.
    const fn allow(self, kind: ProxyKind) -> bool {
        match kind {
            ProxyKind::Tor => true,
            ProxyKind::Socks5 => !self.looks_up_services,
            ProxyKind::Http => !self.looks_up_services && !self.has_tor && !self.is_onion,
            ProxyKind::Direct => !self.has_tor && !self.is_onion,
            // Who looks names up is not known.
            _ => false,
        }
    }
}

/// Makes of a proxy that libpurple cannot use the one that is meant.
pub(super) fn sound(page: &Page, needs: Needs) -> Outcome {
    let proxy = own(page).ok_or(Unrepairable::Gone)?;
    let raw = RawProxy::read(proxy);
    let (written, _) = raw.kind.as_ref().ok_or(Unrepairable::Gone)?;
    let word = literal(written).ok_or(Unrepairable::Choice)?;
    let Some(kind) = kind_of(&word) else {
        // The proxy of all accounts, which is used already.
        return Ok(set(page, proxy, &[("type", "global")]));
    };
    // Tor's own type asks nobody else for names.
    let kind = if kind == ProxyKind::Socks5 && is_tors(&raw) { ProxyKind::Tor } else { kind };
    let (mut host, mut port) = (raw.host.clone(), numbers::port(raw.port));
    let is_tor = kind == ProxyKind::Tor;
    let mut wanted = vec![("type", if is_tor { "tor" } else { word.as_str() })];
    if is_tor && host.as_deref().is_none_or(|host| is_loopback(host) && host.parse::<IpAddr>().is_err()) {
        host = Some(TOR_HOST.to_owned());
        wanted.push(("host", TOR_HOST));
    }
    if is_tor && port.is_none() {
        port = TOR_PORT.parse().ok();
        wanted.push(("port", TOR_PORT));
    }
    if !needs.allow(kind) || fault(kind, host.as_deref(), port) != ProxyFault::Sound {
        return Err(Unrepairable::Choice);
    }
    Ok(set(page, proxy, &wanted))
}

/// Whether a proxy is where Tor listens on this machine, by its number.
fn is_tors(raw: &RawProxy) -> bool {
    let host = raw.host.as_deref().and_then(|host| host.parse::<IpAddr>().ok());
    host.is_some_and(|host| host.is_loopback())
        && numbers::port(raw.port).is_some_and(|port| TOR_PORTS.contains(&port))
}

/// Takes away the passwords of the account's proxies that can be read.
pub(super) fn forget_passwords(page: &Page) -> Outcome {
    let speaks = |proxy: Element| RawProxy { password: None, ..RawProxy::read(proxy) }.says_something();
    let firsts = || page.elements.iter().filter_map(|account| account.child("proxy"));
    if own(page).is_some_and(|own| !speaks(own)) && firsts().any(speaks) {
        // Another element of the account would have its proxy used instead.
        return Err(Unrepairable::Choice);
    }
    let proxies =
        page.elements.iter().flat_map(|account| account.children()).filter(|child| child.name() == "proxy");
    let passwords = proxies.flat_map(Element::children).filter(|child| child.name() == "password");
    let clear = passwords.filter(|password| secrets::of_element(*password).is_clear());
    Ok(clear.map(|password| remove(page.text, password)).collect())
}

/// The literal of a type that is spelt in capitals or with blanks around it.
fn literal(written: &str) -> Option<String> {
    let word = written.trim().to_ascii_lowercase();
    (word == "global" || kind_of(&word).is_some()).then_some(word)
}

/// The element that decides: of each element of the account the first proxy, and of those the last that says something.
fn own<'d>(page: &Page<'d>) -> Option<Element<'d>> {
    let proxies = || page.elements.iter().filter_map(|account| account.child("proxy"));
    proxies().rfind(|proxy| RawProxy::read(*proxy).says_something()).or_else(|| proxies().next())
}

/// Writes the parts of a proxy.
fn set(page: &Page, proxy: Element, wanted: &[(&str, &str)]) -> Vec<Splice> {
    let mut splices = Vec::new();
    let mut missing = Vec::new();
    for (name, value) in wanted {
        match proxy.child(name) {
            Some(part) => splices.extend(set_text(page.text, part, value)),
            None => missing.push(part(name, value)),
        }
    }
    splices.extend((!missing.is_empty()).then(|| insert_first(page.text, proxy, &missing)));
    splices
}

/// Puts a proxy in where there is none: libpurple writes it behind the settings and before the last error.
fn insert(page: &Page) -> Splice {
    let inside = vec![part("type", "tor"), part("host", TOR_HOST), part("port", TOR_PORT)];
    let block = New::Block { open: "<proxy>".to_owned(), close: "</proxy>".to_owned(), inside };
    let children = || page.elements.first().into_iter().flat_map(|account| account.children());
    if let Some(settings) = children().filter(|child| child.name() == "settings").last() {
        return insert_behind(page.text, settings, &[block]);
    }
    match children().find(|child| child.name() == "current_error") {
        Some(next) => insert_before(page.text, next, &block),
        None => page.insert_last(&block),
    }
}

fn part(name: &str, value: &str) -> New {
    New::Leaf(format!("<{name}>{value}</{name}>"))
}
