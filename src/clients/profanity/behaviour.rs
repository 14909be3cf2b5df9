//! What Profanity does with the password, server by server.
//!
//! Observed with 0.13.1 (libstrophe 0.12.2) and 0.18.2 (libstrophe 0.14.0) against hostile servers; read in
//! `src/xmpp/connection.c` and libstrophe's `src/auth.c` and `src/tls_openssl.c`.

use crate::model::{
    Account, Certificate, CertificateCheck, Encryption, ExtraAuthority, Login, LoginKind, Outcome, Profile, Server,
    TlsOffer,
};

/// What becomes of the password of `account` when it meets `server`.
///
/// `fingerprint` is that of the certificate that the server shows, as the client writes it: in lower-case
/// hexadecimal digits, SHA-1 up to 0.15.1, SHA-256 since 0.16.0. A certificate that stands in `tlscerts` is
/// accepted whoever shows it.
#[must_use]
pub fn outcome(profile: &Profile, account: &Account, server: &Server, fingerprint: Option<&str>) -> Outcome {
    let known = &profile.certificate_exceptions;
    let accepted = fingerprint.is_some_and(|shown| known.iter().any(|exception| exception.name == shown));
    Conduct::of(profile, account).outcome(server, accepted)
}

/// What decides about a login, besides the server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Conduct {
    pub encryption: Encryption,
    pub certificate_check: CertificateCheck,
    pub legacy_login: bool,
    pub login: LoginKind,
    /// Whether OpenSSL starts at all: it does not with an empty `tls.certpath`.
    pub tls_starts: bool,
    /// Whether there is a host to connect to: an empty `server` is none, and the client does not fall back.
    pub has_host: bool,
}

impl Conduct {
    fn of(profile: &Profile, account: &Account) -> Self {
        Self {
            encryption: account.encryption.value,
            certificate_check: account.certificate_check.value,
            legacy_login: account.legacy_login.value,
            login: account.login,
            tls_starts: !matches!(&profile.extra_authority, Some(path) if path.value == ExtraAuthority::Empty),
            has_host: account.server.value.as_deref() != Some(""),
        }
    }

    /// What becomes of the password; `accepted` says whether the user accepted the server's certificate for ever.
    pub(super) fn outcome(self, server: &Server, accepted: bool) -> Outcome {
        if !self.has_host {
            return Outcome::Safe;
        }
        match (self.encryption, server.tls) {
            // One of the two waits for TLS, the other for plain text.
            (Encryption::Direct, TlsOffer::Direct) => self.inside_tls(server, accepted),
            (Encryption::Direct, _) | (_, TlsOffer::Direct) => Outcome::Safe,
            (Encryption::Required | Encryption::Optional, TlsOffer::StartTls | TlsOffer::StartTlsRequired) => {
                self.inside_tls(server, accepted)
            }
            // After a refusal libstrophe waits for an answer that never comes.
            (Encryption::Required | Encryption::Optional, TlsOffer::StartTlsRefused) => Outcome::Safe,
            (Encryption::Required | Encryption::Invalid, _) => Outcome::Safe,
            (Encryption::Optional | Encryption::Never, _) => self.gives(server),
        }
    }

    fn inside_tls(self, server: &Server, accepted: bool) -> Outcome {
        if !self.tls_starts || (server.certificate == Certificate::Valid && !accepted) {
            return Outcome::Safe;
        }
        let given = self.gives(server);
        if accepted || self.certificate_check == CertificateCheck::Off {
            return given;
        }
        given.min(Outcome::Asks)
    }

    /// What a server gets that the client is ready to log in to.
    ///
    /// libstrophe takes the strongest mechanism that it knows and drops PLAIN beside any other; with legacy
    /// login it falls back to `jabber:iq:auth`, always with the password itself, when SASL fails or is absent.
    fn gives(self, server: &Server) -> Outcome {
        if self.login != LoginKind::Password || server.login.is_empty() {
            return Outcome::Safe;
        }
        if self.legacy_login {
            return Outcome::Sent;
        }
        if server.offers(Login::Scram) || server.offers(Login::DigestMd5) {
            return Outcome::Hash;
        }
        if server.offers(Login::Plain) { Outcome::Sent } else { Outcome::Safe }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Exposure;

    const FORCE: Conduct = Conduct {
        encryption: Encryption::Required,
        certificate_check: CertificateCheck::Asks,
        legacy_login: false,
        login: LoginKind::Password,
        tls_starts: true,
        has_host: true,
    };

    fn exposure(conduct: Conduct) -> [Outcome; 4] {
        let exposure = Exposure::predict(|server| conduct.outcome(server, false));
        [exposure.listens, exposure.strips, exposure.strips_legacy, exposure.forges]
    }

    #[test]
    fn the_four_attackers() {
        use Outcome::{Asks, Safe, Sent};
        let allow = Conduct { encryption: Encryption::Optional, ..FORCE };
        let never = Conduct { encryption: Encryption::Never, ..FORCE };
        assert_eq!(exposure(FORCE), [Safe, Safe, Safe, Asks]);
        assert_eq!(exposure(allow), [Safe, Sent, Safe, Asks]);
        assert_eq!(exposure(Conduct { legacy_login: true, ..allow }), [Safe, Sent, Sent, Asks]);
        assert_eq!(exposure(never), [Sent, Sent, Safe, Sent]);
        assert_eq!(exposure(Conduct { encryption: Encryption::Direct, ..FORCE }), [Safe, Safe, Safe, Asks]);
        let trust = Conduct { certificate_check: CertificateCheck::Off, ..FORCE };
        assert_eq!(exposure(trust), [Safe, Safe, Safe, Sent]);
        assert_eq!(exposure(Conduct { tls_starts: false, ..trust }), [Safe, Safe, Safe, Safe]);
        assert_eq!(exposure(Conduct { login: LoginKind::Anonymous, ..never }), [Safe, Safe, Safe, Safe]);
        assert_eq!(exposure(Conduct { has_host: false, ..never }), [Safe, Safe, Safe, Safe]);
    }

    #[test]
    fn an_accepted_certificate_is_accepted_from_anybody() {
        let [server, ..] = Server::FORGED;
        assert_eq!(FORCE.outcome(&server, true), Outcome::Sent);
        assert_eq!(FORCE.outcome(&server, false), Outcome::Asks);
    }
}
