//! Proxies: the entries of a file, and which of them an account really uses.

use std::collections::{HashMap, HashSet};

use super::options::Options;
use super::proxy_entry::Entry;
use super::secrets;
use super::version::Era;
use crate::model::{
    Bypass, NameLeak, Origin, Proxy, ProxyFault, ProxyKind, Secret, Setting, Span, Spot, StoredProxy, Tor, Version,
    is_loopback,
};

/// Every proxy of a file, by name.
#[derive(Default)]
pub(super) struct Proxies(HashMap<String, Entry>);

impl Proxies {
    /// Adds an entry. Says what is stored as its login, where there is one.
    pub(super) fn add(&mut self, era: Era, name: &str, options: &dyn Options) -> Option<StoredProxy> {
        let entry = Entry::read(era, options);
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
        let mut proxy = self.chosen(era, account, global);
        if proxy.value.fault == ProxyFault::Sound && is_proxy(proxy.value.kind) && wants_socket(era, account) {
            proxy.value.fault = ProxyFault::Websocket;
            proxy.value.tor = Tor::Refused;
        }
        let leaves_names_alone = proxy.value.leaks == NameLeak::Nothing;
        if leaves_names_alone
            && proxy.value.kind != ProxyKind::Dangling
            && asks_for_service(era, account, &proxy.value)
        {
            proxy.value.leaks = NameLeak::SrvRecords;
        }
        proxy
    }

    fn chosen(&self, era: Era, account: &dyn Options, global: &Setting<String>) -> Setting<Proxy> {
        let of_all = self.named(era, global.clone()).value;
        let leads_to_tor = of_all.tor == Tor::Reached;
        let round_tor = |proxy: Proxy| {
            let is_choice = era.honours_global_proxy()
                && leads_to_tor
                && proxy.tor != Tor::Reached
                && proxy.fault == ProxyFault::Sound
                && !matches!(proxy.kind, ProxyKind::Dangling | ProxyKind::Misspelt);
            Proxy { bypass: if is_choice { Bypass::OwnChoice } else { Bypass::Absent }, ..proxy }
        };
        let own = account.text("proxy");
        if !own.value.is_empty() {
            return self.named(era, own).map(round_tor);
        }
        let environment = account.flag("use_env_http_proxy");
        if environment.value {
            let proxy = Proxy { kind: ProxyKind::Environment, tor: Tor::Undecided, ..Proxy::direct() };
            return environment.map(|_| round_tor(proxy));
        }
        if global.value.is_empty() {
            return own.map(|_| Proxy::direct());
        }
        if era.honours_global_proxy() {
            return self.named(era, global.clone());
        }
        let bypass = if is_proxy(of_all.kind) { Bypass::Ignored } else { Bypass::Absent };
        own.map(|_| Proxy { bypass, ..Proxy::direct() })
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

const fn is_proxy(kind: ProxyKind) -> bool {
    !matches!(kind, ProxyKind::Direct | ProxyKind::Dangling)
}

/// Whether the account connects by WebSocket, which Gajim never opens through a proxy.
pub(super) fn wants_socket(era: Era, account: &dyn Options) -> bool {
    let host = account.text("custom_host").value;
    era.is_strict()
        && account.flag("use_custom_host").value
        && (host.starts_with("ws://") || host.starts_with("wss://"))
}

/// Whether the SRV records of the domain are asked for although there is a proxy: before 1.0 they were, and not by
/// the proxy.
fn asks_for_service(era: Era, account: &dyn Options, proxy: &Proxy) -> bool {
    is_proxy(proxy.kind) && asks_for_names(era, account)
}

/// The same of an account that has any proxy.
pub(super) fn asks_for_names(era: Era, account: &dyn Options) -> bool {
    let Era::Text(version) = era else { return false };
    version < Version::new(1, 0, 0)
        && account.flag("use_srv").value
        && !account.flag("use_custom_host").value
        && !account.flag("usessl").value
}

/// Whether some enabled accounts go through Tor and others do not, while nothing says what the client as a whole does:
/// what belongs to no account then goes directly.
pub(super) fn are_mixed(accounts: &[crate::model::Account], global: &Setting<String>) -> bool {
    let enabled = || accounts.iter().filter(|account| account.enabled.value).map(|account| &account.proxy.value);
    global.value.is_empty()
        && enabled().any(|proxy| proxy.tor == Tor::Reached)
        && enabled().any(|proxy| matches!(proxy.kind, ProxyKind::Direct | ProxyKind::Dangling))
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
