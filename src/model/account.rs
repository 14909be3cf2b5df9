//! An account as its client understands it.

use super::words::words;
use super::{Address, ClientName, Exposure, Place, Proxy, Secret, Setting};

words! {
    /// Whether the client insists on TLS.
    Encryption {
        /// STARTTLS or nothing.
        Required = "required",
        /// TLS from the first byte or nothing.
        Direct = "direct",
        /// TLS if the server offers it, otherwise in the clear.
        Optional = "optional",
        /// Never TLS, whatever the server offers.
        Never = "never",
        /// A value with which the client cannot connect at all.
        Invalid = "invalid",
    }
}

words! {
    /// What carries the XMPP stream.
    Transport {
        /// TCP, the rule; STARTTLS or direct TLS protect it.
        Tcp = "tcp",
        /// BOSH (XEP-0124) over HTTPS.
        BoshTls = "bosh_tls",
        /// BOSH over plain HTTP.
        BoshClear = "bosh_clear",
        /// WebSocket (RFC 7395) over TLS, `wss://`.
        WebsocketTls = "websocket_tls",
        /// WebSocket without TLS, `ws://`.
        WebsocketClear = "websocket_clear",
    }
}

words! {
    /// What the client does about a certificate that does not verify.
    CertificateCheck {
        /// It refuses, and nobody can talk it out of it.
        Strict = "strict",
        /// It asks the user.
        Asks = "asks",
        /// It overlooks some faults silently, but not those that every forger makes.
        Weakened = "weakened",
        /// It accepts any certificate silently.
        Off = "off",
    }
}

words! {
    /// Whether the client sends the password over a connection without TLS.
    CleartextLogin {
        /// Never.
        Never = "never",
        /// After asking the user.
        Asks = "asks",
        /// Without a word.
        Always = "always",
    }
}

words! {
    /// The oldest TLS that the client accepts.
    TlsFloor {
        /// TLS 1.2 or later, or whatever the system's library thinks right.
        Modern = "modern",
        /// TLS 1.0 or 1.1 are allowed.
        OldVersion = "old_version",
        /// RC4 is allowed.
        OldCipher = "old_cipher",
    }
}

words! {
    /// What the client proves itself with.
    LoginKind {
        /// A password.
        Password = "password",
        /// Nothing: SASL ANONYMOUS.
        Anonymous = "anonymous",
        /// Something that is not a password: GSSAPI, a client certificate.
        WithoutPassword = "without_password",
    }
}

words! {
    /// Whether new conversations are end-to-end encrypted.
    EndToEnd {
        /// They are, by default.
        DefaultOn = "default_on",
        /// They are not: the client could, but its own default is not to.
        DefaultOff = "default_off",
        /// They are not: the user turned the default off.
        SwitchedOff = "switched_off",
        /// They cannot be without a plugin that is not loaded.
        PluginMissing = "plugin_missing",
        /// This version of the client has no end-to-end encryption.
        Unavailable = "unavailable",
        /// It cannot be said.
        Undecided = "undecided",
    }
}

words! {
    /// A command that fetches the password.
    PasswordCommand {
        /// There is none.
        Absent = "absent",
        /// It holds no secret, and works.
        Sound = "sound",
        /// The secret stands in the command itself.
        HoldsSecret = "holds_secret",
        /// It needs a shell, and newer versions of the client run none.
        NeedsShell = "needs_shell",
    }
}

/// An account as its client understands it: effective values, each with its origin.
#[derive(Clone, Debug)]
pub struct Account {
    /// The client's own key: Profanity's group name, Gajim's account name, else the JID as written.
    pub name: String,
    /// The element, group or row that holds the account.
    pub place: Place,
    /// The account's JID.
    pub address: Setting<Address>,
    /// Whether the client connects it by itself.
    pub enabled: Setting<bool>,
    /// Whether being disabled keeps it from connecting. It does not in Profanity.
    pub disabling_protects: bool,
    /// What proves who the user is.
    pub login: LoginKind,
    /// Whether TLS is insisted on.
    pub encryption: Setting<Encryption>,
    /// Whether the word written for `encryption` is one that the client does not know.
    pub policy_misspelt: bool,
    /// What carries the stream.
    pub transport: Setting<Transport>,
    /// What happens on a certificate that does not verify.
    pub certificate_check: Setting<CertificateCheck>,
    /// Whether the password may go out without TLS.
    pub cleartext_login: Setting<CleartextLogin>,
    /// Whether `jabber:iq:auth` (XEP-0078) is used even where SASL is offered.
    pub legacy_login: Setting<bool>,
    /// The oldest TLS that is accepted.
    pub tls_floor: Setting<TlsFloor>,
    /// The host to connect to instead of what the JID's domain says, as written.
    pub server: Setting<Option<String>>,
    /// The port to connect to, where one is written.
    pub port: Setting<Option<u16>>,
    /// The proxy that the account really uses, after all fallbacks.
    pub proxy: Setting<Proxy>,
    /// What is stored as the password.
    pub password: Setting<Secret>,
    /// The host of rooms that are named without one (Profanity's `muc.service`).
    pub room_service: Setting<Option<String>>,
    /// The command that fetches the password, where there is one.
    pub password_command: Setting<PasswordCommand>,
    /// Whether new conversations are end-to-end encrypted.
    pub end_to_end: Setting<EndToEnd>,
    /// What becomes of the password under each attacker.
    pub exposure: Exposure,
    /// Another client of the same home that keeps the same account safer. The audit fills it in.
    pub stronger_elsewhere: Option<ClientName>,
    /// Whether another client of the same home that was looked at before keeps the same account, so that what is
    /// about the account alone has been said. The audit fills it in.
    pub repeated: bool,
}
