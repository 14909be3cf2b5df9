//! What the options of 1.2 and later mean for the connection.

use super::account::{Context, Manner};
use super::behaviour::{Strict, Way};
use super::version::Era;
use crate::model::{
    CertificateCheck, CleartextLogin, Encryption, Proxy, ProxyFault, ProxyKind, Setting, TlsFloor, Transport,
};

/// Everything about an account that its transport options decide.
pub(super) struct Policy {
    pub encryption: Setting<Encryption>,
    pub policy_misspelt: bool,
    pub transport: Setting<Transport>,
    pub certificate_check: Setting<CertificateCheck>,
    pub cleartext_login: Setting<CleartextLogin>,
    pub tls_floor: Setting<TlsFloor>,
    pub manner: Manner,
}

/// The way that the two plain switches lead. With a host of one's own only `custom_type` counts, without one
/// only `use_plain_connection` does.
struct Route {
    way: Way,
    encryption: Setting<Encryption>,
    misspelt: bool,
    /// A WebSocket without TLS that the client takes for direct TLS: not even a question is asked.
    unguarded: bool,
}

/// Judges an account of 1.2 or later.
pub(super) fn strict(context: &Context, proxy: &Proxy) -> Policy {
    let transport = transport(context);
    let route = route(context, transport.value, proxy);
    let confirm = confirmation(context);
    let cleartext_login = if route.unguarded {
        route.encryption.clone().map(|_| CleartextLogin::Always)
    } else if route.encryption.value == Encryption::Never {
        confirm.clone().map(|confirm| if confirm { CleartextLogin::Asks } else { CleartextLogin::Always })
    } else {
        route.encryption.clone().map(|_| CleartextLogin::Never)
    };
    let ignored = ignored_flags(context);
    let manner = Manner::Strict(Strict {
        way: if proxy.fault == ProxyFault::Sound { route.way } else { Way::Nowhere },
        confirm: confirm.value && !route.unguarded,
        overlooks_issuer: ignored.value.contains(&UNKNOWN_ISSUER),
        overlooks_name: ignored.value.contains(&WRONG_NAME),
    });
    Policy {
        encryption: route.encryption,
        policy_misspelt: route.misspelt,
        transport,
        certificate_check: ignored.map(|flags| certificate_check(&flags)),
        cleartext_login,
        tls_floor: Setting::default(TlsFloor::Modern, "", context.near()),
        manner,
    }
}

fn route(context: &Context, transport: Transport, proxy: &Proxy) -> Route {
    let options = context.options;
    if !options.flag("use_custom_host").value {
        let plain = options.flag("use_plain_connection");
        let through_proxy = !matches!(proxy.kind, ProxyKind::Direct | ProxyKind::Dangling);
        let way = match plain.value {
            true => Way::Plain,
            // Through a proxy DNS is not asked: it is the domain itself, by STARTTLS.
            false if through_proxy => Way::StartTls,
            false => Way::Either,
        };
        let encryption = plain.map(|plain| if plain { Encryption::Never } else { Encryption::Required });
        return Route { way, encryption, misspelt: false, unguarded: false };
    }
    let written = options.text("custom_type");
    let misspelt = !matches!(written.value.as_str(), "DIRECT TLS" | "START TLS" | "PLAIN");
    let (way, value) = match (transport, written.value.as_str()) {
        (Transport::Tcp, "START TLS") => (Way::StartTls, Encryption::Required),
        (Transport::Tcp, "DIRECT TLS") => (Way::DirectTls, Encryption::Direct),
        (Transport::Tcp, "PLAIN") => (Way::Plain, Encryption::Never),
        // STARTTLS is never offered on a WebSocket, and without it there is no login.
        (_, "START TLS") => (Way::Nowhere, Encryption::Required),
        (Transport::WebsocketClear, "DIRECT TLS" | "PLAIN") => (Way::ClearSocket, Encryption::Never),
        (_, "DIRECT TLS" | "PLAIN") => (Way::TlsSocket, Encryption::Direct),
        _ => (Way::Nowhere, Encryption::Invalid),
    };
    let unguarded = way == Way::ClearSocket && written.value == "DIRECT TLS";
    // What takes the encryption away is then the host, not the type.
    let encryption = if unguarded { options.text("custom_host").map(|_| value) } else { written.map(|_| value) };
    Route { way, encryption, misspelt, unguarded }
}

fn transport(context: &Context) -> Setting<Transport> {
    if !context.options.flag("use_custom_host").value {
        return Setting::default(Transport::Tcp, "", context.near());
    }
    context.options.text("custom_host").map(|host| {
        if host.starts_with("ws://") {
            Transport::WebsocketClear
        } else if host.starts_with("wss://") {
            Transport::WebsocketTls
        } else {
            Transport::Tcp
        }
    })
}

/// Whether the user is asked before a connection without TLS. In 1.2 any word but `warn` is silence.
fn confirmation(context: &Context) -> Setting<bool> {
    match context.era {
        Era::Text(_) => context.options.text("action_when_plain_connection").map(|word| word == "warn"),
        Era::Database(_) => context.options.flag("confirm_unencrypted_connection"),
    }
}

/// `TlsCertificateFlags` of GLib: the issuer is not known.
const UNKNOWN_ISSUER: i64 = 1;
/// `TlsCertificateFlags` of GLib: the certificate is for another name.
const WRONG_NAME: i64 = 2;
/// The other single flags; a number that is not one flag has no effect.
const OTHER_FLAGS: [i64; 5] = [4, 8, 16, 32, 64];

/// The faults that are overlooked: 1.2.0 and 1.2.1 only.
fn ignored_flags(context: &Context) -> Setting<Vec<i64>> {
    context.options.text("ignore_ssl_errors").map(|numbers| numbers_in(&numbers))
}

fn certificate_check(flags: &[i64]) -> CertificateCheck {
    // For a wrong name it takes no more than a certificate for a domain of the forger's own.
    if flags.contains(&UNKNOWN_ISSUER) || flags.contains(&WRONG_NAME) {
        CertificateCheck::Off
    } else if flags.iter().any(|flag| OTHER_FLAGS.contains(flag)) {
        CertificateCheck::Weakened
    } else {
        CertificateCheck::Asks
    }
}

/// The numbers of a list that blanks separate.
pub(super) fn numbers_in(list: &str) -> Vec<i64> {
    list.split_whitespace().filter_map(super::options::python_int).collect()
}
