//! Which proxy an account really uses (libpurple's `proxy.c`).

use std::net::IpAddr;

use super::accounts::RawProxy;
use super::numbers;
use super::preferences::Preferences;
use super::secrets::Found;
use super::source::Source;
use crate::model::{
    Bypass, NameLeak, Place, Proxy, ProxyFault, ProxyKind, Secret, Setting, Span, StoredProxy, Tor, is_loopback,
};

/// The literals of an account's proxy type; any other reads as `global` (observed).
const KINDS: [(&str, ProxyKind); 6] = [
    ("none", ProxyKind::Direct),
    ("http", ProxyKind::Http),
    ("socks4", ProxyKind::Socks4),
    ("socks5", ProxyKind::Socks5),
    ("tor", ProxyKind::Tor),
    ("envvar", ProxyKind::Environment),
];

/// The kind of an account's proxy by its literal.
pub(super) fn kind_of(word: &str) -> Option<ProxyKind> {
    KINDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind)
}

/// Where Tor listens, by itself and in Tor Browser.
pub(super) const TOR_PORTS: [u16; 2] = [9050, 9150];

/// What an account looks up before it connects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    /// Whether it asks for the SRV records of its domain: not with `connect_server`, `old_ssl` or BOSH.
    pub looks_up_services: bool,
    /// Whether the host to connect to is written as an address.
    pub host_is_address: bool,
}

/// The proxy of the client as a whole.
#[derive(Debug)]
pub(super) struct GlobalProxy {
    proxy: Proxy,
    /// Where its type is written, if it is.
    place: Option<Place>,
    /// Whether SOCKS 4 proxies look names up.
    remote_names: bool,
}

impl GlobalProxy {
    /// The proxy where there are no preferences: none.
    pub(super) const fn unset() -> Self {
        Self { proxy: Proxy::direct(), place: None, remote_names: false }
    }

    /// Whether it is Tor's, working or not: of the type, or at one of its ports.
    fn is_tors(&self) -> bool {
        match self.proxy.kind {
            ProxyKind::Tor => true,
            ProxyKind::Socks5 => self.proxy.port.is_some_and(|port| TOR_PORTS.contains(&port)),
            _ => false,
        }
    }

    /// The proxy that the preferences name.
    pub(super) fn read(preferences: &Preferences, source: Source) -> Self {
        let remote_names = preferences.truth("/purple/proxy/socks4_remotedns").is_some_and(|(remote, _)| remote);
        let Some(span) = preferences.any("/purple/proxy/type") else {
            return Self { remote_names, ..Self::unset() };
        };
        let written = preferences.string("/purple/proxy/type").map(|(text, _)| text).unwrap_or_default();
        let host = preferences.string("/purple/proxy/host").map(|(text, _)| text).filter(|host| !host.is_empty());
        let port = preferences.number("/purple/proxy/port").and_then(|(port, _)| numbers::port(port));
        let proxy = match KINDS.iter().find(|(word, _)| *word == written) {
            Some((_, kind)) => build(*kind, written, host, port, remote_names),
            // The client then connects to nothing at all (observed), while an account's unknown type means none.
            None => Proxy {
                kind: ProxyKind::Misspelt,
                written: written.to_owned(),
                host: host.map(str::to_owned),
                port,
                tor: Tor::Refused,
                fault: ProxyFault::UnknownType,
                ..Proxy::direct()
            },
        };
        Self { proxy, place: Some(source.place(span, "preferences / proxy type")), remote_names }
    }
}

/// The proxy as it is written down, for the list of those.
pub(super) fn stored_globally(preferences: &Preferences, secrets: &[Found], source: Source) -> Option<StoredProxy> {
    let (host, span) = preferences.string("/purple/proxy/host").filter(|(host, _)| !host.is_empty())?;
    let place = source.place(span, "preferences / proxy");
    let kind = preferences.string("/purple/proxy/type").map(|(text, _)| text).unwrap_or_default();
    let password = preferences.string("/purple/proxy/password").map(|(_, span)| span).and_then(|span| {
        let secret = secrets.iter().find(|found| found.span == span)?.secret;
        let made_up = secret.is_clear() && matches!(kind, "tor" | "socks5") && is_loopback(host);
        let place = source.place(span, "preferences / proxy password");
        Some(Setting::written(if made_up { Secret::MadeUp } else { secret }, place))
    });
    Some(StoredProxy {
        name: String::new(),
        account: None,
        host: Some(host.to_owned()),
        port: preferences.number("/purple/proxy/port").and_then(|(port, _)| numbers::port(port)),
        password: password.unwrap_or_else(|| Setting::default(Secret::Absent, "", place.clone())),
        place,
    })
}

/// The proxy of an account as it is written down.
pub(super) fn stored_by(raw: &RawProxy, source: Source, account: usize, name: &str, owner: &str) -> StoredProxy {
    let place = source.place(raw.element, format!("{owner} / proxy"));
    let password = match raw.password {
        Some((secret, span)) => Setting::written(secret, source.place(span, format!("{owner} / proxy password"))),
        None => Setting::default(Secret::Absent, "", place.clone()),
    };
    StoredProxy {
        name: name.to_owned(),
        place,
        account: Some(account),
        host: raw.host.clone(),
        port: numbers::port(raw.port),
        password,
    }
}

/// The proxy that an account uses: its own, or that of the client as a whole.
pub(super) fn effective(
    raw: Option<&RawProxy>,
    global: &GlobalProxy,
    route: Route,
    source: Source,
    near: &Place,
    owner: &str,
) -> Setting<Proxy> {
    let place = |span: Span| source.place(span, format!("{owner} / proxy type"));
    let leaking = |proxy: Proxy, kind| {
        let leaks = leaks(kind, proxy.fault, global.remote_names, route);
        Proxy { leaks, ..proxy }
    };
    match raw.and_then(|raw| Some((raw, raw.kind.as_ref()?))) {
        Some((raw, (written, span))) if written != "global" => {
            let proxy = match KINDS.iter().find(|(word, _)| word == written) {
                Some((_, kind)) => {
                    let port = numbers::port(raw.port);
                    let own = build(*kind, written, raw.host.as_deref(), port, global.remote_names);
                    leaking(Proxy { bypass: bypass(*kind, global), ..own }, *kind)
                }
                None => {
                    let proxy = leaking(global.proxy.clone(), global.proxy.kind);
                    Proxy { kind: ProxyKind::Misspelt, written: written.clone(), ..proxy }
                }
            };
            Setting::written(proxy, place(*span))
        }
        _ => {
            let proxy = leaking(global.proxy.clone(), global.proxy.kind);
            match &global.place {
                Some(place) => Setting::written(proxy, place.clone()),
                None => Setting::default(proxy, "global", near.clone()),
            }
        }
    }
}

/// Whether an account goes round Tor, which is there for all: directly, or by what the environment names.
fn bypass(own: ProxyKind, global: &GlobalProxy) -> Bypass {
    let goes_round = matches!(own, ProxyKind::Direct | ProxyKind::Environment) && global.is_tors();
    if goes_round { Bypass::OwnChoice } else { Bypass::Absent }
}

/// What is looked up outside the proxy (observed). SRV records are asked for before anybody looks at the proxy, except
/// with the type `tor`.
const fn leaks(kind: ProxyKind, fault: ProxyFault, remote_names: bool, route: Route) -> NameLeak {
    match (kind, fault) {
        (ProxyKind::Environment, _) => NameLeak::Undecided,
        (ProxyKind::Direct | ProxyKind::Tor | ProxyKind::Misspelt, _) => NameLeak::Nothing,
        (_, ProxyFault::Sound) => match (kind, route) {
            (ProxyKind::Socks4, Route { host_is_address: false, .. }) if !remote_names => NameLeak::HostNames,
            (_, Route { looks_up_services: true, .. }) => NameLeak::SrvRecords,
            _ => NameLeak::Nothing,
        },
        _ => NameLeak::Undecided,
    }
}

/// A proxy of a kind that libpurple knows.
fn build(kind: ProxyKind, written: &str, host: Option<&str>, port: Option<u16>, remote_names: bool) -> Proxy {
    let fault = fault(kind, host, port);
    let tor = match kind {
        ProxyKind::Direct => Tor::Unreached,
        ProxyKind::Environment => Tor::Undecided,
        // "Invalid proxy settings": no connection, and no look-up either (observed for Tor).
        _ if fault != ProxyFault::Sound => Tor::Refused,
        ProxyKind::Tor | ProxyKind::Socks5 => Tor::Reached,
        ProxyKind::Socks4 if remote_names => Tor::Reached,
        ProxyKind::Socks4 => Tor::Unreached,
        // The name goes to the proxy (observed); whether that is one of Tor's, the file does not say.
        _ => Tor::Undecided,
    };
    let (host, port) =
        if kind == ProxyKind::Direct || kind == ProxyKind::Environment { (None, None) } else { (host, port) };
    Proxy { kind, written: written.to_owned(), host: host.map(str::to_owned), port, tor, fault, ..Proxy::direct() }
}

/// Why libpurple refuses a proxy. For Tor it takes no name, since it would have to look that up.
pub(super) fn fault(kind: ProxyKind, host: Option<&str>, port: Option<u16>) -> ProxyFault {
    match (kind, host, port) {
        (ProxyKind::Direct | ProxyKind::Environment, ..) => ProxyFault::Sound,
        (_, None, _) => ProxyFault::NoHost,
        (_, _, None) => ProxyFault::NoPort,
        (ProxyKind::Tor, Some(host), _) if host.parse::<IpAddr>().is_err() => ProxyFault::HostByName,
        _ => ProxyFault::Sound,
    }
}
