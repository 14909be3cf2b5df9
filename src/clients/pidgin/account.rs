//! An account as libpurple understands it, in the vocabulary of the report.

use std::net::IpAddr;

use super::accounts::RawAccount;
use super::behaviour::Conduct;
use super::era::Era;
use super::idle::Found;
use super::in_force::InForce;
use super::numbers;
use super::proxy::{self, GlobalProxy, Route};
use super::settings::Security;
use super::source::Source;
use super::{end_to_end, overridden, tls_floor};
use crate::model::{
    Account, Address, CertificateCheck, CleartextLogin, Encryption, LoginKind, PasswordCommand, Place, Secret,
    Setting, Span, TlsFloor, Transport,
};
use crate::syntax::host_and_port;

/// What the account's client has in force for all accounts.
pub(super) struct ClientWide {
    /// The proxy.
    pub proxy: GlobalProxy,
    /// The oldest TLS that is accepted, where a plugin sets one.
    pub tls_floor: Option<Setting<TlsFloor>>,
    /// The preferences themselves, if there are any.
    pub preferences: Option<InForce>,
    /// What the version reads otherwise than today's.
    pub era: Era,
}

impl ClientWide {
    /// What is in force where there are no preferences.
    pub(super) const fn unset() -> Self {
        Self { proxy: GlobalProxy::unset(), tls_floor: None, preferences: None, era: Era::TODAY }
    }

    /// What the preferences say.
    pub(super) fn read(preferences: InForce) -> Self {
        Self {
            proxy: GlobalProxy::read(&preferences.preferences, preferences.source()),
            tls_floor: tls_floor::read(&preferences),
            preferences: Some(preferences),
            era: Era::TODAY,
        }
    }
}

/// The account, and the settings of its that do nothing.
pub(super) fn build(raw: &RawAccount, source: Source, client: &ClientWide) -> (Account, Vec<Found>) {
    let owner = words_of(raw);
    let builder = Builder { raw, source, owner: &owner, era: client.era };
    let near = builder.near();
    let (encryption, policy_misspelt) = builder.encryption();
    let transport = builder.transport();
    let plain_in_clear = raw.settings.truth("auth_plain_in_clear").is_some_and(|(allowed, _)| allowed);
    let conduct = Conduct { encryption: encryption.value, transport: transport.value, plain_in_clear };
    let (server, port) = builder.server(transport.value);
    let mut idle = raw.settings.idle.clone();
    let security = raw.settings.security(client.era.switch);
    idle.extend(overridden::find(&raw.settings, &security, encryption.value, transport.value));
    let route = Route {
        looks_up_services: transport.value == Transport::Tcp
            && encryption.value != Encryption::Direct
            && server.value.is_none(),
        host_is_address: server.value.as_deref().is_some_and(is_address),
    };
    let account = Account {
        name: raw.name.0.clone(),
        place: near.clone(),
        address: Setting::written(Address::parse(&raw.name.0), builder.place(raw.name.1, "name")),
        enabled: builder.enabled(),
        disabling_protects: true,
        login: LoginKind::Password,
        policy_misspelt,
        certificate_check: Setting::default(CertificateCheck::Asks, "", near.clone()),
        cleartext_login: builder.cleartext_login(conduct),
        legacy_login: Setting::default(false, "", near.clone()),
        tls_floor: client
            .tls_floor
            .clone()
            .unwrap_or_else(|| Setting::default(TlsFloor::Modern, "0", near.clone())),
        server,
        port,
        proxy: proxy::effective(raw.proxy.as_ref(), &client.proxy, route, source, &near, &owner),
        password: builder.password(),
        room_service: Setting::default(None, "", near.clone()),
        password_command: Setting::default(PasswordCommand::Absent, "", near.clone()),
        end_to_end: end_to_end::of_account(client.preferences.as_ref(), &raw.settings, &near),
        stronger_elsewhere: None,
        repeated: false,
        exposure: conduct.exposure(),
        encryption,
        transport,
    };
    (account, idle)
}

/// What the words of a place within an account begin with.
pub(super) fn words_of(raw: &RawAccount) -> String {
    format!("accounts[{}]", Address::parse(&raw.name.0).bare())
}

struct Builder<'a> {
    raw: &'a RawAccount,
    source: Source,
    owner: &'a str,
    era: Era,
}

impl Builder<'_> {
    fn place(&self, span: Span, name: &str) -> Place {
        self.source.place(span, format!("{} / {name}", self.owner))
    }

    /// Where a setting would stand that is not written.
    fn near(&self) -> Place {
        self.source.place(self.raw.element, self.owner)
    }

    /// The encryption, and whether its word is one that libpurple does not know. It knows two: any other text,
    /// `opportunistic_tls` among them, means TLS if the server offers it (observed).
    fn encryption(&self) -> (Setting<Encryption>, bool) {
        let meaning = |word: &str| match word {
            "require_tls" => Encryption::Required,
            "old_ssl" => Encryption::Direct,
            _ => Encryption::Optional,
        };
        match self.raw.settings.security(self.era.switch) {
            Security::Written(word, span) => {
                let place = self.place(span, "connection_security");
                let known = matches!(word.as_str(), "require_tls" | "old_ssl" | "opportunistic_tls");
                (Setting::written(meaning(&word), place), !known)
            }
            Security::Migrated(word, span) => {
                let boolean = if word == "old_ssl" { "old_ssl" } else { "require_tls" };
                (Setting::written(meaning(word), self.place(span, boolean)), false)
            }
            Security::Default => (Setting::default(Encryption::Required, "require_tls", self.near()), false),
            Security::DefaultBoolean(true) => (Setting::default(Encryption::Required, "1", self.near()), false),
            Security::DefaultBoolean(false) => (Setting::default(Encryption::Optional, "0", self.near()), false),
            Security::NotMigrated => {
                // The default of the code, which compares it with other words only (observed).
                (Setting::default(Encryption::Optional, "require_starttls", self.near()), false)
            }
        }
    }

    /// A `bosh_url` with `https://` anywhere in it is reached by TLS, any other is not (observed).
    fn transport(&self) -> Setting<Transport> {
        match self.bosh_url() {
            None => Setting::default(Transport::Tcp, "", self.near()),
            Some((url, span)) => {
                let by_tls = url.to_ascii_lowercase().contains("https://");
                let transport = if by_tls { Transport::BoshTls } else { Transport::BoshClear };
                Setting::written(transport, self.place(span, "bosh_url"))
            }
        }
    }

    fn bosh_url(&self) -> Option<(&str, Span)> {
        self.raw.settings.string("bosh_url").filter(|_| self.era.knows_bosh)
    }

    /// Where the client connects to: the host of the BOSH URL, which beats `connect_server`.
    fn server(&self, transport: Transport) -> (Setting<Option<String>>, Setting<Option<u16>>) {
        let settings = &self.raw.settings;
        if let Some((url, span)) = self.bosh_url() {
            let (host, port) = host_of(url);
            let place = self.place(span, "bosh_url");
            return (Setting::written(Some(host), place.clone()), Setting::written(port, place));
        }
        let server = match settings.string("connect_server") {
            Some((host, span)) => Setting::written(Some(host.to_owned()), self.place(span, "connect_server")),
            None => Setting::default(None, "", self.near()),
        };
        let is_direct = transport == Transport::Tcp && self.encryption().0.value == Encryption::Direct;
        let port = match settings.number("port") {
            Some((port, span)) => Setting::written(numbers::port(port), self.place(span, "port")),
            None => Setting::default(None, if is_direct { "5223" } else { "5222" }, self.near()),
        };
        (server, port)
    }

    fn enabled(&self) -> Setting<bool> {
        match self.raw.settings.enabled() {
            Some((enabled, span)) => Setting::written(enabled, self.place(span, "auto-login")),
            None => Setting::default(false, "0", self.near()),
        }
    }

    /// Without `auth_plain_in_clear` the user is asked, wherever it can come to that.
    fn cleartext_login(&self, conduct: Conduct) -> Setting<CleartextLogin> {
        let otherwise = if conduct.can_speak_in_clear() { CleartextLogin::Asks } else { CleartextLogin::Never };
        match self.raw.settings.truth("auth_plain_in_clear") {
            Some((allowed, span)) => {
                let value = if allowed { CleartextLogin::Always } else { otherwise };
                Setting::written(value, self.place(span, "auth_plain_in_clear"))
            }
            None => Setting::default(otherwise, "0", self.near()),
        }
    }

    fn password(&self) -> Setting<Secret> {
        match self.raw.password {
            Some((secret, span)) => Setting::written(secret, self.place(span, "password")),
            None => Setting::default(Secret::Absent, "", self.near()),
        }
    }
}

/// Host and port of a BOSH URL, with or without a scheme.
fn host_of(url: &str) -> (String, Option<u16>) {
    let (host, port) = host_and_port(url.split_once("://").map_or(url, |(_, rest)| rest));
    (host.to_owned(), port)
}

/// Whether a host is given by its address, so that no name is looked up.
fn is_address(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_host_of_a_url() {
        for (url, host, port) in [
            ("http://127.0.0.1:5280/http-bind", "127.0.0.1", Some(5280)),
            ("127.0.0.1:5280/http-bind", "127.0.0.1", Some(5280)),
            ("HTTPS://bosh.example.org/", "bosh.example.org", None),
            ("https://alice:secret@bosh.example.org:443/x@y", "bosh.example.org", Some(443)),
            ("http://[::1]:80/", "[::1]", Some(80)),
            ("http://[::1]/", "[::1]", None),
            ("", "", None),
        ] {
            assert_eq!(host_of(url), (host.to_owned(), port), "{url}");
        }
    }
}
