//! Which proxy an account really uses (libpurple's `proxy.c`).

use std::net::IpAddr;

use super::accounts::RawProxy;
use super::numbers;
use super::preferences::Preferences;
use super::secrets::Found;
use super::source::Source;
use crate::model::{Place, Proxy, ProxyKind, Secret, Setting, Span, StoredProxy, Tor, is_loopback};

/// The literals of an account's proxy type; any other reads as `global` (observed).
const KINDS: [(&str, ProxyKind); 6] = [
    ("none", ProxyKind::Direct),
    ("http", ProxyKind::Http),
    ("socks4", ProxyKind::Socks4),
    ("socks5", ProxyKind::Socks5),
    ("tor", ProxyKind::Tor),
    ("envvar", ProxyKind::Environment),
];

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

    /// The proxy that the preferences name.
    pub(super) fn read(preferences: &Preferences, source: Source) -> Self {
        let remote_names = preferences.truth("/purple/proxy/socks4_remotedns").unwrap_or(false);
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
    source: Source,
    near: &Place,
    owner: &str,
) -> Setting<Proxy> {
    let place = |span: Span| source.place(span, format!("{owner} / proxy type"));
    match raw.and_then(|raw| Some((raw, raw.kind.as_ref()?))) {
        Some((raw, (written, span))) if written != "global" => {
            let proxy = match KINDS.iter().find(|(word, _)| word == written) {
                Some((_, kind)) => {
                    let port = numbers::port(raw.port);
                    build(*kind, written, raw.host.as_deref(), port, global.remote_names)
                }
                None => Proxy { kind: ProxyKind::Misspelt, written: written.clone(), ..global.proxy.clone() },
            };
            Setting::written(proxy, place(*span))
        }
        _ => match &global.place {
            Some(place) => Setting::written(global.proxy.clone(), place.clone()),
            None => Setting::default(global.proxy.clone(), "global", near.clone()),
        },
    }
}

/// A proxy of a kind that libpurple knows.
fn build(kind: ProxyKind, written: &str, host: Option<&str>, port: Option<u16>, remote_names: bool) -> Proxy {
    let is_complete = host.is_some() && port.is_some();
    let is_literal = host.is_some_and(|host| host.parse::<IpAddr>().is_ok());
    let tor = match kind {
        ProxyKind::Direct => Tor::Unreached,
        ProxyKind::Environment => Tor::Undecided,
        // "Invalid proxy settings": no connection, and no look-up either (observed for Tor).
        _ if !is_complete => Tor::Refused,
        ProxyKind::Tor if !is_literal => Tor::Refused,
        ProxyKind::Tor | ProxyKind::Socks5 => Tor::Reached,
        ProxyKind::Socks4 if remote_names => Tor::Reached,
        ProxyKind::Socks4 => Tor::Unreached,
        // The name goes to the proxy (observed); whether that is one of Tor's, the file does not say.
        _ => Tor::Undecided,
    };
    let (host, port) =
        if kind == ProxyKind::Direct || kind == ProxyKind::Environment { (None, None) } else { (host, port) };
    Proxy { kind, written: written.to_owned(), host: host.map(str::to_owned), port, tor, ..Proxy::direct() }
}
