//! `accounts`: every group is an account.

use super::behaviour::Conduct;
use super::end_to_end::{self, Policies};
use super::password_command;
use super::policy::Policy;
use super::secrets;
use super::source::Source;
use super::version::Known;
use crate::model::{
    Account, Address, CertificateCheck, CleartextLogin, Encryption, Exposure, LoginKind, PasswordCommand, Place,
    Proxy, Secret, Setting, TlsFloor, Transport,
};
use crate::syntax::keyfile::{self, Entry, Group};

/// What stands outside `accounts` and decides about every account.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'s> {
    /// Whether OpenSSL starts.
    pub tls_starts: bool,
    /// What is known about the version that reads the file.
    pub version: Known<'s>,
    /// The policies of end-to-end encryption for accounts that have none of their own.
    pub policies: &'s Policies,
}

/// The accounts of the file, in the order of their groups.
pub(super) fn read(source: &Source<'_>, around: Surroundings<'_>) -> Vec<Account> {
    source.keys.groups().iter().map(|group| Reading { source, group }.account(around)).collect()
}

/// The account by which the policy of one login spreads to the next, if there is one to spread to. Counts from
/// the first of `accounts`. Only 0.13.0 and 0.13.1 have that fault.
pub(super) fn policy_spreads_from(accounts: &[Account], version: Known<'_>) -> Option<usize> {
    if version.is_before(13, 0) || version.is_since(14, 0) {
        return None;
    }
    let weak = |account: &Account| {
        matches!(account.encryption.value, Encryption::Optional | Encryption::Never)
            || account.certificate_check.value == CertificateCheck::Off
    };
    if accounts.len() < 2 { None } else { accounts.iter().position(weak) }
}

/// One group while it is read.
struct Reading<'s, 'a> {
    source: &'s Source<'a>,
    group: &'s Group,
}

/// The policy that is in force, and where it stands.
struct Written {
    policy: Policy,
    /// The word of the default.
    default: &'static str,
    /// Whether a word stands there that the client does not know.
    misspelt: bool,
    place: Option<Place>,
}

impl Reading<'_, '_> {
    fn account(&self, around: Surroundings<'_>) -> Account {
        let tls = self.policy(around.version);
        let address = self.address();
        let legacy_login = self.legacy_login();
        let server = self.text("server");
        let login = login_kind(&address.value);
        let conduct = Conduct {
            encryption: tls.policy.encryption(around.tls_starts),
            certificate_check: tls.policy.certificate_check(),
            legacy_login: legacy_login.value,
            login,
            tls_starts: around.tls_starts,
            has_host: server.value.as_deref() != Some(""),
        };
        let clear_text =
            if tls.policy.allows_clear_text() { CleartextLogin::Always } else { CleartextLogin::Never };
        Account {
            name: self.source.keys.lossy(self.group.name),
            place: self.near(),
            address,
            enabled: self.enabled(),
            disabling_protects: false,
            login,
            encryption: self.by_policy(&tls, conduct.encryption),
            policy_misspelt: tls.misspelt,
            transport: self.unwritten(Transport::Tcp),
            certificate_check: self.by_policy(&tls, conduct.certificate_check),
            cleartext_login: self.by_policy(&tls, clear_text),
            legacy_login,
            tls_floor: self.unwritten(TlsFloor::Modern),
            server,
            port: self.port(),
            proxy: self.unwritten(Proxy::unsupported()),
            password: self.password(),
            room_service: self.text("muc.service"),
            password_command: self.password_command(around.version),
            end_to_end: end_to_end::of_account(self.source, self.group, around.policies, around.version),
            stronger_elsewhere: None,
            repeated: false,
            exposure: Exposure::predict(|server| conduct.outcome(server, false)),
        }
    }

    fn entry(&self, key: &str) -> Option<Entry> {
        self.source.keys.effective(self.group, key.as_bytes())
    }

    fn raw(&self, entry: Entry) -> &[u8] {
        self.source.keys.raw(entry.value)
    }

    fn place(&self, entry: Entry) -> Place {
        self.source.value_place(self.group, entry)
    }

    /// Where a value would stand that is not written.
    fn near(&self) -> Place {
        self.source.group_place(self.group)
    }

    /// A value that no key of Profanity can change.
    fn unwritten<T>(&self, value: T) -> Setting<T> {
        Setting::default(value, "", self.near())
    }

    fn policy(&self, version: Known<'_>) -> Written {
        if !Policy::is_looked_at(version) {
            return Written { policy: Policy::Allow, default: "", misspelt: false, place: None };
        }
        let Some(entry) = self.entry("tls.policy") else {
            return Written { policy: Policy::Force, default: "force", misspelt: false, place: None };
        };
        let place = Some(self.place(entry));
        // What cannot be decoded is to the client as if it were absent, but somebody meant something by it.
        let word = keyfile::string(self.raw(entry)).ok();
        let policy = word.as_deref().and_then(|word| Policy::of(word, version));
        let misspelt = policy.is_none() && word.is_none_or(|word| !word.is_empty());
        Written { policy: policy.unwrap_or(Policy::Force), default: "force", misspelt, place }
    }

    fn by_policy<T>(&self, written: &Written, value: T) -> Setting<T> {
        match &written.place {
            Some(place) => Setting::written(value, place.clone()),
            None => Setting::default(value, written.default, self.near()),
        }
    }

    /// The JID; the group's name where none is written that can be read.
    fn address(&self) -> Setting<Address> {
        let jid = self.entry("jid").and_then(|entry| {
            let jid = keyfile::string(self.raw(entry)).ok()?;
            Some(Setting::written(Address::parse(&jid), self.place(entry)))
        });
        jid.unwrap_or_else(|| {
            Setting::written(Address::parse(&self.source.keys.lossy(self.group.name)), self.near())
        })
    }

    fn enabled(&self) -> Setting<bool> {
        match self.entry("enabled") {
            Some(entry) => Setting::written(keyfile::boolean(self.raw(entry)).unwrap_or(false), self.place(entry)),
            None => Setting::default(false, "false", self.near()),
        }
    }

    fn legacy_login(&self) -> Setting<bool> {
        match self.entry("auth.policy") {
            Some(entry) => Setting::written(
                keyfile::string(self.raw(entry)).is_ok_and(|word| word == "legacy"),
                self.place(entry),
            ),
            None => Setting::default(false, "default", self.near()),
        }
    }

    fn text(&self, key: &str) -> Setting<Option<String>> {
        match self.entry(key) {
            Some(entry) => Setting::written(keyfile::string(self.raw(entry)).ok(), self.place(entry)),
            None => self.unwritten(None),
        }
    }

    fn port(&self) -> Setting<Option<u16>> {
        match self.entry("port") {
            Some(entry) => {
                let port = keyfile::integer(self.raw(entry)).ok();
                let port = port.and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0);
                Setting::written(port, self.place(entry))
            }
            None => self.unwritten(None),
        }
    }

    fn password(&self) -> Setting<Secret> {
        match self.entry("password") {
            Some(entry) => Setting::written(secrets::classify(self.raw(entry)), self.place(entry)),
            None => self.unwritten(Secret::Absent),
        }
    }
    /// `eval_password` is looked at only if there is no password, even an empty one.
    fn password_command(&self, version: Known<'_>) -> Setting<PasswordCommand> {
        let Some(entry) = self.entry("eval_password") else { return self.unwritten(PasswordCommand::Absent) };
        let Ok(command) = keyfile::string(self.raw(entry)).map(zeroize::Zeroizing::new) else {
            return self.unwritten(PasswordCommand::Absent);
        };
        let judged = match password_command::judge(&command) {
            PasswordCommand::NeedsShell if version.is_before(17, 0) || self.entry("password").is_some() => {
                PasswordCommand::Sound
            }
            judged => judged,
        };
        Setting::written(judged, self.place(entry))
    }
}

/// A JID without a local part logs in by SASL ANONYMOUS, and no password is asked for.
fn login_kind(address: &Address) -> LoginKind {
    let nobody = address.local.is_none() && !address.domain.is_empty() && !address.raw.contains('@');
    if nobody { LoginKind::Anonymous } else { LoginKind::Password }
}
