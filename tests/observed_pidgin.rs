//! Holds the prediction against what Pidgin and Finch 2.14.12 did: each row is written out as the client's files,
//! read with the public interface, and asked about the row's server.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail"
)]

mod pidgin;

use serde::Deserialize;
use xmpp_audit::clients::pidgin::outcome;
use xmpp_audit::model::{
    Account, Certificate, Login, NameLeak, Outcome, Profile, ProxyKind, Server, TlsOffer, Tor,
};

/// Rows that are left out, by case, and why.
const LEFT_OUT: [(&str, &str); 6] = [
    ("no password saved", "the client waits for the user to type the password, which nobody did"),
    ("prompt: plaintext dialog, Enter (default button = No)", "shows what an answer to the dialog does"),
    ("prompt: plaintext dialog, Right Enter (= Yes)", "shows what an answer to the dialog does"),
    ("prompt: cert, Enter", "shows what an answer to the dialog does"),
    ("proxy=socks4, domain only (SRV?)", "the proxy of the laboratory does not connect to an address"),
    ("proxy=http, domain only (SRV?)", "the proxy of the laboratory does not answer CONNECT"),
];

/// What the servers of the laboratory offered. BOSH is spoken over HTTP, which is to the client what the stream is to
/// TCP; HTTPS is TLS from the first byte.
const SERVERS: [(&str, Server); 18] = [
    ("no-tls/PLAIN", clear(&[Login::Plain])),
    ("no-tls/LOGIN", clear(&[Login::Login])),
    ("no-tls/SCRAM-SHA-1", clear(&[Login::Scram])),
    ("no-tls/SCRAM-SHA-1+PLAIN", clear(&[Login::Scram, Login::Plain])),
    ("no-tls/DIGEST-MD5", clear(&[Login::DigestMd5])),
    ("no-tls/CRAM-MD5", clear(&[Login::CramMd5])),
    ("no-tls/iq-auth-password", clear(&[Login::LegacyPassword])),
    ("no-tls/iq-auth-digest", clear(&[Login::LegacyDigest])),
    ("no-tls/pre-1.0-iq-auth-password", clear(&[Login::LegacyPassword])),
    ("starttls-optional-selfsigned/PLAIN", tls(TlsOffer::StartTls, Certificate::SelfSigned)),
    ("starttls-then-failure/PLAIN", tls(TlsOffer::StartTlsRefused, Certificate::SelfSigned)),
    ("direct-tls-selfsigned/PLAIN", tls(TlsOffer::Direct, Certificate::SelfSigned)),
    ("bosh-http starttls=none", clear(&[Login::Plain])),
    ("bosh-http starttls=optional", tls(TlsOffer::StartTls, Certificate::SelfSigned)),
    ("bosh-http", clear(&[Login::Plain])),
    ("bosh-https", tls(TlsOffer::Direct, Certificate::SelfSigned)),
    // The certificate equals the one that the user had accepted before.
    ("starttls-selfsigned", tls(TlsOffer::StartTls, Certificate::Valid)),
    // The servers of the rows about rooms, names and proxies.
    ("muc", clear(&[Login::Scram])),
];

const fn clear(login: &'static [Login]) -> Server {
    Server { tls: TlsOffer::None, certificate: Certificate::SelfSigned, login }
}

const fn tls(tls: TlsOffer, certificate: Certificate) -> Server {
    Server { tls, certificate, login: &[Login::Plain] }
}

#[derive(Deserialize)]
struct Row {
    client: String,
    config: Config,
    server: String,
    outcome: String,
    password_exposed: serde_json::Value,
    credential_forms: Vec<String>,
    note: String,
}

#[derive(Deserialize)]
struct Config {
    case: String,
    #[serde(default)]
    settings: Vec<Setting>,
    also: Option<String>,
    account_xml_extra: Option<String>,
    prefs_xml: Option<String>,
    accounts_xml: Option<String>,
    account_name: Option<String>,
    order: Option<String>,
}

#[derive(Deserialize)]
struct Setting {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    text: String,
}

impl Setting {
    fn xml(&self) -> String {
        format!("<setting name='{}' type='{}'>{}</setting>", self.name, self.kind, self.text)
    }
}

impl Row {
    /// The profile as the client had it.
    fn profile(&self) -> Profile {
        let accounts = self.config.accounts_xml.clone().unwrap_or_else(|| self.accounts_xml());
        let accounts = accounts.replace("PORT", "5222");
        let preferences = self.config.prefs_xml.as_deref().unwrap_or_default().replace("PORT", "5222");
        let mut files = vec![(".purple/accounts.xml", accounts.as_bytes())];
        if !preferences.is_empty() {
            files.push((".purple/prefs.xml", preferences.as_bytes()));
        }
        if self.config.case.starts_with("pinned") {
            files.push((".purple/certificates/x509/tls_peers/127.0.0.1", b"-----BEGIN CERTIFICATE-----\n"));
        }
        pidgin::read(&files)
    }

    fn accounts_xml(&self) -> String {
        let name = self.config.account_name.as_deref().unwrap_or("alice@pidgin.lab.test/lab");
        let mut settings: String = self.config.settings.iter().map(Setting::xml).collect();
        if let Some(also) = &self.config.also {
            assert_eq!(also, "connect_server=127.0.0.1, port=PORT");
            settings += "<setting name='connect_server' type='string'>127.0.0.1</setting>\
                         <setting name='port' type='int'>PORT</setting>";
        }
        let plain = format!("<settings>{settings}</settings>");
        let interface = if self.client == "finch" { "gnt-purple" } else { "gtk-gaim" };
        let own =
            format!("<settings ui='{interface}'><setting name='auto-login' type='bool'>1</setting></settings>");
        let blocks = if self.config.order.is_some() { own + &plain } else { plain + &own };
        let extra = self.config.account_xml_extra.as_deref().unwrap_or_default();
        format!(
            "<?xml version='1.0' encoding='UTF-8' ?>\n\n<account version='1.0'><account>\
             <protocol>prpl-jabber</protocol><name>{name}</name><password>hunter2</password>\
             {blocks}{extra}</account></account>"
        )
    }

    /// What happened to the password.
    fn observed(&self) -> Outcome {
        let is_clear_hash =
            |form: &String| form.ends_with("/clear") && !form.contains("plain") && !form.contains("password");
        if self.password_exposed == true {
            Outcome::Sent
        } else if self.password_exposed == "prompt" || self.outcome.starts_with("prompt:") {
            Outcome::Asks
        } else if self.credential_forms.iter().any(is_clear_hash) {
            Outcome::Hash
        } else {
            Outcome::Safe
        }
    }

    /// What is predicted, where the row is about the password.
    fn check_password(&self, account: &Account) -> Result<(), String> {
        let name = match self.server.as_str() {
            "srv" | "onion" | "proxy" => "muc",
            name => name,
        };
        let server = SERVERS.iter().find(|(known, _)| *known == name).map(|(_, server)| server);
        let server = server.unwrap_or_else(|| panic!("unknown server {name}"));
        let (predicted, observed) = (outcome(account, server), self.observed());
        if predicted == observed { Ok(()) } else { Err(format!("predicted {predicted:?}, observed {observed:?}")) }
    }

    /// Where the row is about an onion behind a proxy: whether the client got there, and whether it asked for the
    /// onion's name in the clear.
    fn check_proxy(&self, account: &Account) -> Result<(), String> {
        let proxy = &account.proxy.value;
        let leaks = self.note.contains("DNS queries seen: A exampleonion");
        let sound = match (self.outcome.as_str(), leaks) {
            ("connected", false) => proxy.tor == Tor::Reached,
            ("refused", true) => {
                proxy.tor == Tor::Unreached || (proxy.kind, proxy.tor) == (ProxyKind::Environment, Tor::Undecided)
            }
            ("refused", false) => {
                proxy.tor == Tor::Refused || (proxy.kind, proxy.tor) == (ProxyKind::Http, Tor::Undecided)
            }
            _ => false,
        };
        if sound { Ok(()) } else { Err(format!("{proxy:?}, but {}, names asked for: {leaks}", self.outcome)) }
    }

    /// Where there is a proxy: whether names were asked for outside it, and which.
    fn check_leaks(&self, account: &Account) -> Result<(), String> {
        let proxy = &account.proxy.value;
        let is_proxy =
            matches!(proxy.kind, ProxyKind::Http | ProxyKind::Socks4 | ProxyKind::Socks5 | ProxyKind::Tor)
                || proxy.tor == Tor::Refused;
        let Some((_, seen)) = self.note.split_once("DNS queries seen: ").filter(|_| is_proxy) else {
            return Ok(());
        };
        let observed = match seen {
            seen if seen.starts_with("A ") || seen.contains("; A ") => NameLeak::HostNames,
            seen if seen.starts_with("SRV ") => NameLeak::SrvRecords,
            _ => NameLeak::Nothing,
        };
        if proxy.leaks == observed { Ok(()) } else { Err(format!("{proxy:?}, but names asked for: {observed:?}")) }
    }

    fn check(&self) -> Result<(), String> {
        let profile = self.profile();
        let account = pidgin::account(&profile);
        if !account.enabled.value && self.config.accounts_xml.is_none() {
            return Err("the account should be enabled".to_owned());
        }
        if self.config.case.starts_with("pinned") && profile.certificate_exceptions.len() != 1 {
            return Err("the accepted certificate was not found".to_owned());
        }
        let about_proxy = self.server == "proxy" && self.config.case.contains("onion");
        if about_proxy || self.config.case == "proxy=tor port=0" {
            self.check_proxy(account)
        } else {
            self.check_password(account)
        }
    }
}

#[test]
fn predicts_what_was_observed() {
    let rows: Vec<Row> = serde_json::from_slice(&pidgin::fixture("observed.json")).unwrap();
    let mut wrong = Vec::new();
    let mut checked = 0;
    let mut left_out = 0;
    let mut names = 0;
    for row in &rows {
        if row.note.contains("DNS queries seen") {
            names += 1;
            if let Err(why) = row.check_leaks(pidgin::account(&row.profile())) {
                wrong.push(format!("{} / {}: {why}", row.config.case, row.server));
            }
        }
        if LEFT_OUT.iter().any(|(case, _)| *case == row.config.case) {
            left_out += 1;
            continue;
        }
        checked += 1;
        if let Err(why) = row.check() {
            wrong.push(format!("{} / {}: {why}", row.config.case, row.server));
        }
    }
    println!("{checked} rows checked, {left_out} left out");
    assert!(wrong.is_empty(), "{} of {checked} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!((rows.len(), checked, left_out, names), (522, 516, 6, 33));
}
