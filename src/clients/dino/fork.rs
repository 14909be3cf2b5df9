//! What only DinoX knows: a server of one's own choice, a proxy, pinned certificates.
//!
//! Read from its source (`account.vala`, `stream_connect.vala`, `connection_manager.vala`, 2025 and 2026).

use super::accounts::built_in;
use super::cells::{ShownRow, c_string};
use super::schema::Schema;
use crate::model::{CertificateException, FileNumber, Format, Proxy, ProxyKind, Setting, Tor, limits};
use crate::source::sqlite::{Database, Row, Unreadable};

/// Columns of `account` that Dino itself does not have.
pub(super) const ACCOUNT_COLUMNS: [&str; 5] =
    ["custom_host", "custom_port", "proxy_type", "proxy_host", "proxy_port"];

/// Where DinoX looks for Tor if nothing else is said.
const TOR: (&str, u16) = ("127.0.0.1", 9050);

/// The server to connect to. Host and port count only together: one alone is as good as none.
pub(super) fn server(row: &Row<'_>, shown: &ShownRow) -> (Setting<Option<String>>, Setting<Option<u16>>) {
    match (host(row, "custom_host"), port(row, "custom_port")) {
        (Some(host), Some(port)) => (
            Setting::written(Some(host), shown.place("custom_host")),
            Setting::written(Some(port), shown.place("custom_port")),
        ),
        _ => (built_in(None, shown), built_in(None, shown)),
    }
}

/// The proxy: Dino itself has none of its own. Names are looked up by the proxy.
pub(super) fn proxy(row: &Row<'_>, shown: &ShownRow) -> Setting<Proxy> {
    let written = row.text("proxy_type").map(|kind| c_string(&kind).to_owned()).unwrap_or_default();
    let (host, port) = (host(row, "proxy_host"), port(row, "proxy_port"));
    let (host, port) = match written.as_str() {
        "tor" => (Some(host.unwrap_or_else(|| TOR.0.to_owned())), Some(port.unwrap_or(TOR.1))),
        "socks5" if host.is_some() => (host, port),
        _ => return built_in(Proxy::unsupported(), shown),
    };
    let proxy = Proxy { kind: ProxyKind::Socks5, written, host, port, tor: Tor::Reached, ..Proxy::direct() };
    Setting::written(proxy, shown.place("proxy_type"))
}

/// Adds the fork's columns to what is shown of an account, where it has them.
pub(super) fn show(row: &Row<'_>, shown: ShownRow, schema: Schema) -> ShownRow {
    if schema.format != Format::Fork {
        return shown;
    }
    ACCOUNT_COLUMNS.into_iter().fold(shown, |shown, column| match row.text(column) {
        Some(value) => shown.with(column, Some(&value)),
        None => shown,
    })
}

/// Certificates that the user once accepted. Each holds for one domain, whatever was wrong with it.
pub(super) fn pinned_certificates(
    database: &Database,
    file: FileNumber,
) -> (Vec<CertificateException>, Result<(), Unreadable>) {
    let mut pinned = Vec::new();
    let columns = ["id", "domain", "fingerprint_sha256", "issuer", "tls_flags"];
    let result = database.select("pinned_certificate", &columns, |row| {
        // One more than a profile holds, so that it notices.
        if pinned.len() > limits::ENTRIES {
            return;
        }
        let domain = row.text("domain").unwrap_or_default();
        let id = row.integer("id").unwrap_or(0);
        let mut shown = ShownRow::new(file, "pinned_certificate", id, domain.clone().into_owned());
        for column in ["domain", "fingerprint_sha256", "issuer", "tls_flags"] {
            shown = shown.with(column, row.text(column).as_deref());
        }
        let place = shown.place("domain");
        pinned.push(CertificateException {
            place,
            name: domain.into_owned(),
            every_host: false,
            self_signed: None,
        });
    });
    (pinned, result)
}

fn host(row: &Row<'_>, column: &str) -> Option<String> {
    row.text(column).map(|host| c_string(&host).to_owned()).filter(|host| !host.is_empty())
}

fn port(row: &Row<'_>, column: &str) -> Option<u16> {
    row.integer(column).and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0)
}
