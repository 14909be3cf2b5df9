//! One proxy of a file: what the client makes of its type, host and port.
//!
//! Up to 1.1 Gajim knew three words. From 1.2 on it hands `type://host:port` to GLib, which knows more, refuses a word
//! that it does not know, and takes an address that it cannot read for none: the connection is then direct, without a
//! word (observed with GLib 2.74.6, `GSimpleProxyResolver`).

use super::options::Options;
use super::version::Era;
use crate::model::{NameLeak, Proxy, ProxyFault, ProxyKind, Setting, Tor, Version};

/// A proxy that is written in a file.
pub(super) struct Entry {
    /// Its kind.
    pub kind: ProxyKind,
    /// Its host; empty where none is written.
    pub host: String,
    /// Its port, where that is one.
    pub port: Option<u16>,
    /// Why nothing is reached through it.
    pub fault: ProxyFault,
    /// The address of a BOSH connection manager (0.13 to 1.1).
    pub bosh_uri: Setting<String>,
    /// Whether it passes the names on.
    names: NameLeak,
}

/// A type: its word, its kind, and whether names are looked up elsewhere.
type Word = (&'static str, ProxyKind, NameLeak);

/// The types up to 1.1. The last one came with 0.13.
const WORDS: &[Word] = &[
    ("http", ProxyKind::Http, NameLeak::Nothing),
    ("socks5", ProxyKind::Socks5, NameLeak::Nothing),
    ("bosh", ProxyKind::Bosh, NameLeak::Nothing),
];

/// The types that GLib knows. `socks` tries version 5, 4a and 4 in turn, the last of which asks DNS itself.
const WORDS_OF_GLIB: &[Word] = &[
    ("http", ProxyKind::Http, NameLeak::Nothing),
    ("https", ProxyKind::Http, NameLeak::Nothing),
    ("socks5", ProxyKind::Socks5, NameLeak::Nothing),
    ("socks", ProxyKind::Socks5, NameLeak::Undecided),
    ("socks4a", ProxyKind::Socks4, NameLeak::Nothing),
    ("socks4", ProxyKind::Socks4, NameLeak::HostNames),
    ("direct", ProxyKind::Direct, NameLeak::Nothing),
];

impl Entry {
    /// Reads an entry as this version does.
    pub(super) fn read(era: Era, options: &dyn Options) -> Self {
        let word = options.text("type").value;
        let host = options.text("host").value;
        let number = options.number("port").value;
        let port = u16::try_from(number).ok().filter(|port| *port != 0);
        let unreadable = era.is_strict() && !is_readable(&word, &host, &spelled_port(era, options));
        let (kind, names) =
            kind(era, &word).filter(|_| !unreadable).unwrap_or((ProxyKind::Misspelt, NameLeak::Nothing));
        let fault = match kind {
            ProxyKind::Direct => ProxyFault::Sound,
            // Read as none at all.
            _ if unreadable => ProxyFault::Sound,
            ProxyKind::Bosh if era.is_strict() => ProxyFault::RemovedType,
            ProxyKind::Bosh => ProxyFault::Sound,
            ProxyKind::Misspelt => ProxyFault::UnknownType,
            _ if host.is_empty() => ProxyFault::NoHost,
            _ if port.is_none() => ProxyFault::NoPort,
            _ => ProxyFault::Sound,
        };
        Self { kind, host, port, fault, names, bosh_uri: options.text("bosh_uri") }
    }

    /// What an account gets that uses it.
    pub(super) fn proxy(&self, written: String) -> Proxy {
        let passes_names_on = self.names != NameLeak::HostNames;
        let tor = match self.kind {
            _ if self.fault != ProxyFault::Sound => Tor::Refused,
            ProxyKind::Socks5 | ProxyKind::Socks4 if passes_names_on => Tor::Reached,
            _ => Tor::Unreached,
        };
        Proxy {
            kind: self.kind,
            written,
            host: (!self.host.is_empty()).then(|| self.host.clone()),
            port: self.port,
            tor,
            fault: self.fault,
            leaks: self.names,
            ..Proxy::direct()
        }
    }
}

fn kind(era: Era, word: &str) -> Option<(ProxyKind, NameLeak)> {
    let words = if era.is_strict() { WORDS_OF_GLIB } else { WORDS };
    let known = words.iter().find(|(known, ..)| *known == word).map(|(_, kind, names)| (*kind, *names));
    match (era, known) {
        (Era::Text(version), Some((ProxyKind::Bosh, _))) if version < Version::new(0, 13, 0) => None,
        // Migrations leave it behind.
        (_, None) if word == "bosh" => Some((ProxyKind::Bosh, NameLeak::Nothing)),
        (_, known) => known,
    }
}

/// The port as it stands in the address.
fn spelled_port(era: Era, options: &dyn Options) -> String {
    match era {
        Era::Text(_) => options.number("port").value.to_string(),
        Era::Database(_) => options.text("port").value,
    }
}

/// Whether GLib can read `type://host:port`.
fn is_readable(word: &str, host: &str, port: &str) -> bool {
    let is_scheme = word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let address = format!("{host}:{port}");
    let authority = address.split(['/', '?', '#']).next().unwrap_or_default();
    let rest = match authority.strip_prefix('[') {
        Some(literal) => literal.split_once(']').map(|(_, rest)| rest),
        None => authority.find(':').map_or(Some(""), |colon| authority.get(colon..)),
    };
    let is_port = |rest: &str| match rest.strip_prefix(':') {
        Some(port) => {
            port.bytes().all(|byte| byte.is_ascii_digit()) && (port.is_empty() || port.parse::<u16>().is_ok())
        }
        None => rest.is_empty(),
    };
    is_scheme && rest.is_some_and(is_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses_as_glib_does() {
        // Each was handed to GLib 2.74.6: the first ones came to the proxy or failed, the others went round it.
        for (word, host, port) in [
            ("socks5", "localhost", "9050"),
            ("socks5", "", "9050"),
            ("socks5", "localhost", "0"),
            ("socks5", "localhost", ""),
            ("socks5", "127.0.0.1 ", "9050"),
            ("socks5", "[::1]", "9050"),
            ("socks5", "http://localhost", "9050"),
            ("socks5", "127.0.0.1/", "9050"),
            ("socks5", "loc_al", "9050"),
            ("Socks5", "localhost", "9050"),
            ("none", "x", "1"),
        ] {
            assert!(is_readable(word, host, port), "{word}://{host}:{port}");
        }
        for (word, host, port) in [
            ("socks5", "::1", "9050"),
            ("socks5", "localhost:9050", "9050"),
            ("socks5", "localhost", "None"),
            ("socks5", "localhost", "99999"),
            ("socks5", "localhost", "-1"),
            ("socks5", "localhost", "9050.0"),
            ("socks 5", "127.0.0.1", "9050"),
            ("socks5 ", "127.0.0.1", "9050"),
            (" socks5", "127.0.0.1", "9050"),
            ("5socks", "127.0.0.1", "9050"),
            ("socks_5", "127.0.0.1", "9050"),
            ("", "127.0.0.1", "9050"),
        ] {
            assert!(!is_readable(word, host, port), "{word}://{host}:{port}");
        }
    }
}
