//! Settings that decide whether a connection is encrypted.

use super::Outcome;
use super::account::{Page, Wanted};
use crate::clients::pidgin::era::{Era, Switch};
use crate::clients::pidgin::settings::{Kind, Security, Settings};
use crate::model::{Splice, Unrepairable};

/// Where servers expect that encryption begins with the first byte.
const PORT_OF_DIRECT_TLS: i32 = 5223;

impl Page<'_> {
    /// Has the client insist on encryption.
    pub(super) fn require_encryption(&self, era: Era) -> Vec<Splice> {
        self.set(&required(&self.settings(), era))
    }

    /// Has the client send no password in the clear unless it asks.
    pub(super) fn forbid_cleartext_login(&self) -> Vec<Splice> {
        match self.settings().truth("auth_plain_in_clear") {
            Some((true, _)) => self.set(&[("auth_plain_in_clear", Kind::Bool, "0")]),
            _ => Vec::new(),
        }
    }

    /// Has the client connect by the server's own port, and there by encryption only. What the address of the web
    /// service kept out of force would be in force again, such as another server.
    ///
    /// `is_safe` is whether nothing is given away then that was not before.
    pub(super) fn leave_the_web(&self, era: Era, is_safe: bool) -> Outcome {
        let settings = self.settings();
        if settings.string("bosh_url").is_none() {
            return Ok(Vec::new());
        }
        if settings.string("connect_server").is_some() || !is_safe {
            return Err(Unrepairable::Choice);
        }
        let mut wanted = vec![("bosh_url", Kind::String, "")];
        wanted.extend(required(&settings, era));
        Ok(self.set(&wanted))
    }
}

/// What is to be written so that the client insists on encryption, in the version that reads it. What older versions
/// went by is not left to say otherwise.
fn required(settings: &Settings, era: Era) -> Vec<Wanted> {
    let security = settings.security(era.switch);
    let is_direct = match &security {
        Security::Written(word, _) => word == "old_ssl",
        Security::Migrated(word, _) => *word == "old_ssl",
        _ => false,
    };
    if is_required(&security) {
        return Vec::new();
    }
    let mut wanted = Vec::new();
    let requires = settings.truth("require_tls").map(|(requires, _)| requires);
    if era.switch == Switch::ConnectionSecurity {
        wanted.push(("connection_security", Kind::String, "require_tls"));
        wanted.extend((requires == Some(false)).then_some(("require_tls", Kind::Bool, "1")));
    } else if requires != Some(true) {
        wanted.push(("require_tls", Kind::Bool, "1"));
    }
    if settings.truth("old_ssl").is_some_and(|(is_on, _)| is_on) {
        wanted.push(("old_ssl", Kind::Bool, "0"));
    }
    // STARTTLS is spoken on another port.
    if is_direct && settings.number("port").is_some_and(|(port, _)| port == PORT_OF_DIRECT_TLS) {
        wanted.push(("port", Kind::Int, "5222"));
    }
    wanted
}

fn is_required(security: &Security) -> bool {
    match security {
        Security::Written(word, _) => word == "require_tls",
        Security::Migrated(word, _) => *word == "require_tls",
        Security::Default | Security::DefaultBoolean(true) => true,
        Security::DefaultBoolean(false) | Security::NotMigrated => false,
    }
}
