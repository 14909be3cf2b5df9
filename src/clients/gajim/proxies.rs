//! Proxies: the entries of a file, and which of them an account really uses.

use std::collections::{HashMap, HashSet};

use super::options::Options;
use super::secrets;
use super::version::Era;
use crate::model::{Origin, Proxy, ProxyKind, Secret, Setting, Span, Spot, StoredProxy, Tor, is_loopback};

/// A proxy that is written in a file.
pub(super) struct Entry {
    kind: ProxyKind,
    host: String,
    port: Option<u16>,
    /// The address of a BOSH connection manager (0.13 to 1.1).
    pub bosh_uri: Setting<String>,
}

/// Every proxy of a file, by name.
#[derive(Default)]
pub(super) struct Proxies(HashMap<String, Entry>);

impl Proxies {
    /// Adds an entry. Says what is stored as its login, where there is one.
    pub(super) fn add(&mut self, name: &str, options: &dyn Options) -> Option<StoredProxy> {
        let entry = Entry {
            kind: kind(&options.text("type").value),
            host: options.text("host").value,
            port: u16::try_from(options.number("port").value).ok().filter(|port| *port != 0),
            bosh_uri: options.text("bosh_uri"),
        };
        let stored = stored_login(name, &entry, options);
        self.0.insert(name.to_owned(), entry);
        stored
    }

    /// The entry of that name.
    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.0.get(name)
    }

    /// The proxy that an account really uses, after all fallbacks.
    pub(super) fn effective(&self, era: Era, account: &dyn Options, global: &Setting<String>) -> Setting<Proxy> {
        let own = account.text("proxy");
        if !own.value.is_empty() {
            return self.named(era, own);
        }
        let environment = account.flag("use_env_http_proxy");
        if environment.value {
            return environment.map(|_| Proxy {
                kind: ProxyKind::Environment,
                tor: Tor::Undecided,
                ..Proxy::direct()
            });
        }
        if era.honours_global_proxy() && !global.value.is_empty() {
            return self.named(era, global.clone());
        }
        own.map(|_| Proxy::direct())
    }

    fn named(&self, era: Era, name: Setting<String>) -> Setting<Proxy> {
        name.map(|name| {
            let written = secrets::shown_name(&name);
            match self.get(&name) {
                Some(entry) => entry.proxy(written),
                None if name == "no-proxy" && era.knows_no_proxy() => Proxy { written, ..Proxy::direct() },
                None => Proxy { kind: ProxyKind::Dangling, written, ..Proxy::direct() },
            }
        })
    }
}

impl Entry {
    fn proxy(&self, written: String) -> Proxy {
        let host = (!self.host.is_empty()).then(|| self.host.clone());
        let reaches_tor = self.kind == ProxyKind::Socks5 && host.is_some() && self.port.is_some();
        let tor = if reaches_tor { Tor::Reached } else { Tor::Unreached };
        Proxy { kind: self.kind, written, host, port: self.port, tor, ..Proxy::direct() }
    }
}

fn kind(word: &str) -> ProxyKind {
    match word {
        "http" => ProxyKind::Http,
        "socks5" => ProxyKind::Socks5,
        "bosh" => ProxyKind::Bosh,
        _ => ProxyKind::Misspelt,
    }
}

fn stored_login(name: &str, entry: &Entry, options: &dyn Options) -> Option<StoredProxy> {
    let password = options.text("pass");
    if password.value.is_empty() && !options.flag("useauth").value {
        return None;
    }
    let loopback_tor = entry.kind == ProxyKind::Socks5 && is_loopback(&entry.host);
    let secret = match (secrets::of_password(&password.value), &password.origin) {
        (Secret::Clear, _) if loopback_tor => Secret::MadeUp,
        (Secret::Empty, Origin::Default { .. }) => Secret::Absent,
        (secret, _) => secret,
    };
    Some(StoredProxy {
        name: secrets::shown_name(name),
        place: options.near().clone(),
        account: None,
        host: (!entry.host.is_empty()).then(|| entry.host.clone()),
        port: entry.port,
        password: password.map(|_| secret),
    })
}

/// Where in a text the logins stand that are no secrets.
pub(super) fn made_up(stored: &[StoredProxy]) -> HashSet<Span> {
    let made_up = stored.iter().filter(|proxy| proxy.password.value == Secret::MadeUp);
    made_up
        .filter_map(|proxy| match proxy.password.place().spot {
            Spot::Text(span) => Some(span),
            _ => None,
        })
        .collect()
}
