//! An account, from its options.

use super::behaviour::Strict;
use super::behaviour_old::Opportunistic;
use super::options::Options;
use super::plugins::Plugin;
use super::policy::{self, Policy};
use super::proxies::Proxies;
use super::version::Era;
use super::{end_to_end, policy_old, secrets};
use crate::model::{
    Account, Address, ClientVersion, Exposure, LoginKind, Origin, Outcome, PasswordCommand, Place, Proxy, Secret,
    Server, Setting,
};
use crate::syntax::host_and_port;

/// What decides over the password of an account, and nothing else.
#[derive(Clone, Debug)]
pub(super) struct Conduct {
    /// What proves who the user is.
    pub login: LoginKind,
    /// How it connects.
    pub manner: Manner,
}

/// The two ways in which Gajim ever connected.
#[derive(Clone, Debug)]
pub(super) enum Manner {
    /// 1.2 and later.
    Strict(Strict),
    /// 0.11 to 1.1.
    Opportunistic(Opportunistic),
}

impl Conduct {
    /// What becomes of the password at this server.
    pub(super) fn outcome(&self, server: &Server) -> Outcome {
        if self.login != LoginKind::Password {
            return Outcome::Safe;
        }
        match &self.manner {
            Manner::Strict(strict) => strict.outcome(server),
            Manner::Opportunistic(opportunistic) => opportunistic.outcome(server),
        }
    }
}

/// Where an account stands, and what it depends on.
pub(super) struct Context<'a> {
    /// Who wrote the file.
    pub era: Era,
    /// The version that is at work, as far as that is known.
    pub version: &'a ClientVersion,
    /// The account's options.
    pub options: &'a dyn Options,
    /// Every proxy of the file.
    pub proxies: &'a Proxies,
    /// The global proxy.
    pub global_proxy: &'a Setting<String>,
    /// Every plugin that the file names.
    pub plugins: &'a [Plugin],
    /// The client's own name of the account.
    pub name: &'a str,
}

impl Context<'_> {
    /// The place of the account.
    pub(super) fn near(&self) -> Place {
        self.options.near().clone()
    }
}

/// Builds the account with all its effective values.
pub(super) fn build(context: &Context) -> (Account, Conduct) {
    let options = context.options;
    let proxy = context.proxies.effective(context.era, options, context.global_proxy);
    let policy = if context.era.is_strict() {
        policy::strict(context, &proxy.value)
    } else {
        policy_old::opportunistic(context, &proxy.value)
    };
    let Policy { encryption, policy_misspelt, transport, certificate_check, cleartext_login, tls_floor, manner } =
        policy;
    let conduct = Conduct { login: login(options), manner };
    let account = Account {
        name: secrets::shown_name(context.name),
        place: context.near(),
        address: address(context),
        enabled: options.flag("active"),
        disabling_protects: true,
        login: conduct.login,
        encryption,
        policy_misspelt,
        transport,
        certificate_check,
        cleartext_login,
        legacy_login: Setting::default(false, "", context.near()),
        tls_floor,
        server: server(options),
        port: port(options),
        proxy,
        password: password(options),
        room_service: Setting::default(None, "", context.near()),
        password_command: Setting::default(PasswordCommand::Absent, "", context.near()),
        end_to_end: end_to_end::judge(options, context.version, context.plugins),
        stronger_elsewhere: None,
        repeated: false,
        exposure: Exposure::predict(|server| conduct.outcome(server)),
    };
    (account, conduct)
}

/// The JID: `address` since 1.9.1 (`user_version` 6), before that and without it `name` and `hostname`.
fn address(context: &Context) -> Setting<Address> {
    if matches!(context.era, Era::Database(6..)) {
        let address = context.options.text("address");
        if !address.value.is_empty() {
            return address.map(|raw| Address::parse(&raw));
        }
    }
    let name = context.options.text("name");
    let host = context.options.text("hostname");
    let raw = match (name.value.as_str(), host.value.as_str()) {
        ("", "") => String::new(),
        (name, host) => format!("{name}@{host}"),
    };
    let origin = if matches!(host.origin, Origin::Written(_)) { host.origin } else { name.origin };
    Setting { value: Address::parse(&raw), origin }
}

fn login(options: &dyn Options) -> LoginKind {
    if options.flag("anonymous_auth").value {
        LoginKind::Anonymous
    } else if options.flag("enable_gssapi").value {
        LoginKind::WithoutPassword
    } else {
        LoginKind::Password
    }
}

fn password(options: &dyn Options) -> Setting<Secret> {
    let password = options.text("password");
    match password.origin {
        Origin::Written(_) => password.map(|text| secrets::of_password(&text)),
        Origin::Default { .. } => password.map(|_| Secret::Absent),
    }
}

/// The host that is set, without the rest of a WebSocket's URI.
fn server(options: &dyn Options) -> Setting<Option<String>> {
    if !options.flag("use_custom_host").value {
        return Setting::default(None, "", options.near().clone());
    }
    options.text("custom_host").map(|host| {
        let (host, _) = socket_host(&host).unwrap_or((host, None));
        (!host.is_empty()).then_some(host)
    })
}

fn port(options: &dyn Options) -> Setting<Option<u16>> {
    if !options.flag("use_custom_host").value {
        return Setting::default(None, "", options.near().clone());
    }
    let host = options.text("custom_host");
    match socket_host(&host.value) {
        Some((_, port)) => host.map(|_| port),
        None => options.number("custom_port").map(|port| u16::try_from(port).ok()),
    }
}

/// Host and port of a WebSocket's URI; none if it is no such URI.
fn socket_host(uri: &str) -> Option<(String, Option<u16>)> {
    let rest = uri.strip_prefix("ws://").or_else(|| uri.strip_prefix("wss://"))?;
    let (host, port) = host_and_port(rest);
    Some((host.to_owned(), port))
}

/// Whether the account belongs to the local network (XEP-0174): no server, no password.
pub(super) fn is_local_network(options: &dyn Options) -> bool {
    options.flag("is_zeroconf").value
}

/// Whether an account goes out directly although a global proxy is set that its version ignores.
pub(super) fn misses_global_proxy(era: Era, account: &Account, global: &Setting<String>) -> bool {
    let Proxy { kind, written, .. } = &account.proxy.value;
    account.enabled.value
        && !era.honours_global_proxy()
        && !global.value.is_empty()
        && *kind == crate::model::ProxyKind::Direct
        && written.is_empty()
}
