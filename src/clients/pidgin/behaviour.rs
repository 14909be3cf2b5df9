//! What becomes of the password: libpurple's `jabber.c`, `auth.c` and `auth_plain.c` of 2.14, held against 522
//! observations of Pidgin and Finch 2.14.12 with Cyrus SASL (`tests/observed_pidgin.rs`).

use crate::model::{
    Account, Certificate, CleartextLogin, Encryption, Exposure, Login, Outcome, Server, TlsOffer, Transport,
};

/// What decides about the password of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Conduct {
    /// Whether TLS is insisted on.
    pub encryption: Encryption,
    /// What carries the stream.
    pub transport: Transport,
    /// Whether the password may go out in the clear without a question (`auth_plain_in_clear`).
    pub plain_in_clear: bool,
}

/// What becomes of the password of `account`, stored and right, when it comes to `server`.
#[must_use]
pub fn outcome(account: &Account, server: &Server) -> Outcome {
    let conduct = Conduct {
        encryption: account.encryption.value,
        transport: account.transport.value,
        plain_in_clear: account.cleartext_login.value == CleartextLogin::Always,
    };
    conduct.outcome(server)
}

impl Conduct {
    /// The prediction for each of the four attackers.
    pub(super) fn exposure(self) -> Exposure {
        let exposure = Exposure::predict(|server| self.outcome(server));
        if self.transport == Transport::BoshClear {
            // No certificate is ever looked at: what is lost there, is lost to whoever listens.
            return Exposure { forges: Outcome::Safe, ..exposure };
        }
        exposure
    }

    /// Whether the password can go out in the clear at all.
    pub(super) fn can_speak_in_clear(self) -> bool {
        match self.transport {
            Transport::BoshClear => self.encryption != Encryption::Required,
            Transport::Tcp => !matches!(self.encryption, Encryption::Required | Encryption::Direct),
            _ => false,
        }
    }

    fn outcome(self, server: &Server) -> Outcome {
        match (self.transport, self.encryption) {
            // `bosh_url` beats everything else: `old_ssl` is not even looked at, and STARTTLS is no longer tried
            // inside BOSH.
            (Transport::BoshClear, Encryption::Required) => Outcome::Safe,
            (Transport::BoshClear, _) if server.tls == TlsOffer::Direct => Outcome::Safe,
            (Transport::BoshClear, _) => self.in_clear(server),
            (Transport::Tcp, Encryption::Direct) | (Transport::BoshTls, _) => direct(server),
            _ => self.starttls(server),
        }
    }

    /// A stream that begins in the clear. STARTTLS is used wherever it is offered, whatever the setting says.
    fn starttls(self, server: &Server) -> Outcome {
        match server.tls {
            TlsOffer::StartTls | TlsOffer::StartTlsRequired => over_tls(server),
            // The client waits for ever, and sends nothing.
            TlsOffer::StartTlsRefused | TlsOffer::Direct => Outcome::Safe,
            TlsOffer::None if self.encryption == Encryption::Required => Outcome::Safe,
            TlsOffer::None => self.in_clear(server),
        }
    }

    /// The login without TLS. What hides the password is preferred; the server has the say over what there is.
    fn in_clear(self, server: &Server) -> Outcome {
        let offers = |logins: &[Login]| logins.iter().any(|login| server.offers(*login));
        if offers(&[Login::Scram, Login::DigestMd5, Login::CramMd5]) {
            Outcome::Hash
        } else if offers(&[Login::Plain, Login::Login]) {
            self.password_in_clear()
        } else if offers(&[Login::LegacyDigest]) {
            Outcome::Hash
        } else if offers(&[Login::LegacyPassword]) {
            self.password_in_clear()
        } else {
            Outcome::Safe
        }
    }

    const fn password_in_clear(self) -> Outcome {
        if self.plain_in_clear { Outcome::Sent } else { Outcome::Asks }
    }
}

/// TLS from the first byte. A server that speaks something else is refused.
fn direct(server: &Server) -> Outcome {
    if server.tls == TlsOffer::Direct { over_tls(server) } else { Outcome::Safe }
}

/// No setting turns the check of the certificate off; one that does not verify is shown to the user.
fn over_tls(server: &Server) -> Outcome {
    if server.certificate == Certificate::Valid { Outcome::Safe } else { Outcome::Asks }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(encryption: Encryption, transport: Transport, plain_in_clear: bool) -> [Outcome; 4] {
        let exposure = Conduct { encryption, transport, plain_in_clear }.exposure();
        [exposure.listens, exposure.strips, exposure.strips_legacy, exposure.forges]
    }

    #[test]
    fn over_tcp_only_optional_encryption_gives_the_password_away() {
        use Outcome::{Asks, Safe, Sent};
        for plain in [false, true] {
            assert_eq!(of(Encryption::Required, Transport::Tcp, plain), [Safe, Safe, Safe, Asks]);
            assert_eq!(of(Encryption::Direct, Transport::Tcp, plain), [Safe, Safe, Safe, Asks]);
        }
        assert_eq!(of(Encryption::Optional, Transport::Tcp, false), [Safe, Asks, Asks, Asks]);
        assert_eq!(of(Encryption::Optional, Transport::Tcp, true), [Safe, Sent, Sent, Asks]);
    }

    #[test]
    fn bosh_in_the_clear_betrays_even_direct_tls() {
        use Outcome::{Asks, Safe, Sent};
        assert_eq!(of(Encryption::Required, Transport::BoshClear, true), [Safe; 4]);
        for encryption in [Encryption::Direct, Encryption::Optional] {
            assert_eq!(of(encryption, Transport::BoshClear, true), [Sent, Sent, Sent, Safe]);
            assert_eq!(of(encryption, Transport::BoshClear, false), [Asks, Asks, Asks, Safe]);
            assert_eq!(of(encryption, Transport::BoshTls, true), [Safe, Safe, Safe, Asks]);
        }
    }
}
