//! Proxies, and whether they reach Tor.

use super::words::words;
use super::{Place, Secret, Setting};

words! {
    /// How an account reaches the network.
    ProxyKind {
        /// Directly.
        Direct = "direct",
        /// HTTP CONNECT.
        Http = "http",
        /// SOCKS 4.
        Socks4 = "socks4",
        /// SOCKS 5.
        Socks5 = "socks5",
        /// Pidgin's own type for Tor: SOCKS 5 without any name look-up outside the proxy.
        Tor = "tor",
        /// Gajim's BOSH connection manager.
        Bosh = "bosh",
        /// Whatever an environment variable says when the client runs.
        Environment = "environment",
        /// The account names a proxy that does not exist: the client connects directly.
        Dangling = "dangling",
        /// The type is a word that the client does not know.
        Misspelt = "misspelt",
        /// The client has no proxy setting; a wrapper such as torsocks may be in use.
        Unsupported = "unsupported",
    }
}

words! {
    /// Whether the account's connection goes through Tor.
    Tor {
        /// It does: a SOCKS 5 or Tor proxy to which names are passed on.
        Reached = "reached",
        /// It does not.
        Unreached = "unreached",
        /// Something outside the file decides: the environment, a wrapper, the proxy itself.
        Undecided = "undecided",
        /// Nothing goes out at all: the proxy's settings are invalid, and the client connects nowhere rather than
        /// round it.
        Refused = "refused",
    }
}

words! {
    /// Why nothing can be reached through a proxy.
    ProxyFault {
        /// Nothing is known against it.
        Sound = "sound",
        /// Its host is missing.
        NoHost = "no_host",
        /// Its port is missing.
        NoPort = "no_port",
        /// Its host is a name where the client takes only an IP address.
        HostByName = "host_by_name",
        /// Its type is a word that the client does not know, and the client then connects nowhere.
        UnknownType = "unknown_type",
        /// Its type is one that this version of the client no longer has.
        RemovedType = "removed_type",
        /// The account uses a WebSocket, which the client does not open through a proxy.
        Websocket = "websocket",
    }
}

words! {
    /// What is looked up outside the proxy.
    NameLeak {
        /// Nothing.
        Nothing = "nothing",
        /// The SRV records of the JID's domain.
        SrvRecords = "srv_records",
        /// The very host that is connected to.
        HostNames = "host_names",
        /// It cannot be said.
        Undecided = "undecided",
    }
}

words! {
    /// Whether an account goes round the Tor proxy of the client as a whole.
    Bypass {
        /// It does not, or there is none.
        Absent = "absent",
        /// It names another proxy, or none, for itself.
        OwnChoice = "own_choice",
        /// This version of the client does not use the client-wide proxy for accounts.
        Ignored = "ignored",
    }
}

/// The proxy that an account really uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its kind after all fallbacks, except that `Dangling` and `Misspelt` stay visible.
    pub kind: ProxyKind,
    /// The name or type as written, for messages; empty where none is.
    pub written: String,
    /// Its host, if any.
    pub host: Option<String>,
    /// Its port, if any.
    pub port: Option<u16>,
    /// Whether an onion address can be reached through it.
    pub tor: Tor,
    /// Why nothing can be reached through it, if that is so.
    pub fault: ProxyFault,
    /// What is looked up outside it.
    pub leaks: NameLeak,
    /// Whether it goes round a Tor proxy of the client as a whole.
    pub bypass: Bypass,
}

impl Proxy {
    /// A direct connection.
    #[must_use]
    pub const fn direct() -> Self {
        Self {
            kind: ProxyKind::Direct,
            written: String::new(),
            host: None,
            port: None,
            tor: Tor::Unreached,
            fault: ProxyFault::Sound,
            leaks: NameLeak::Nothing,
            bypass: Bypass::Absent,
        }
    }

    /// A client without any proxy setting of its own.
    #[must_use]
    pub fn unsupported() -> Self {
        Self { kind: ProxyKind::Unsupported, tor: Tor::Undecided, leaks: NameLeak::Undecided, ..Self::direct() }
    }
}

/// A proxy that is written in a file, whoever uses it.
#[derive(Clone, Debug)]
pub struct StoredProxy {
    /// Its name, or the account that it belongs to, or empty for the client-wide one.
    pub name: String,
    /// The element or row that holds it.
    pub place: Place,
    /// The number of the account that it belongs to, where it belongs to one.
    pub account: Option<usize>,
    /// Its host, if any.
    pub host: Option<String>,
    /// Its port, if any.
    pub port: Option<u16>,
    /// The password that is sent to it. A login to a loopback SOCKS proxy is [`Secret::MadeUp`]:
    /// Tor takes any and uses it to keep streams apart.
    pub password: Setting<Secret>,
}

/// Whether `host` is this machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    if host == "localhost" || host.ends_with(".localhost") {
        return true;
    }
    host.parse::<std::net::IpAddr>().is_ok_and(|address| match address {
        std::net::IpAddr::V4(v4) => v4.is_loopback(),
        std::net::IpAddr::V6(v6) => v6.is_loopback() || v6.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_client_has_no_proxy_nothing_can_be_said() {
        let proxy = Proxy::unsupported();
        assert_eq!(
            (proxy.kind, proxy.tor, proxy.leaks),
            (ProxyKind::Unsupported, Tor::Undecided, NameLeak::Undecided,)
        );
        let direct = Proxy::direct();
        assert_eq!((direct.kind, direct.tor, direct.leaks), (ProxyKind::Direct, Tor::Unreached, NameLeak::Nothing));
    }

    #[test]
    fn knows_this_machine() {
        for host in [
            "localhost",
            "LOCALHOST.",
            "xmpp.localhost",
            "127.0.0.1",
            "127.8.9.1",
            "::1",
            "[::1]",
            "::ffff:127.0.0.1",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example.org", "192.168.0.1", "10.0.0.1", "example.org", "", "1270.0.0.1"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
