//! What happens to the password of an account when somebody interferes.

use serde::Serialize;

use super::words::words;

words! {
    /// What becomes of the password, worst last.
    Outcome {
        /// The attacker gets nothing.
        Safe = "safe",
        /// The user is asked first: one click away.
        Asks = "asks",
        /// The attacker gets a challenge-response value from which the password can be guessed offline.
        Hash = "hash",
        /// The attacker gets the password itself, and nobody notices.
        Sent = "sent",
    }
}

/// The predicted outcome under each of the four attackers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Exposure {
    /// Listens on the wire; the server is honest, offers STARTTLS and PLAIN.
    pub listens: Outcome,
    /// Removes the offer of STARTTLS and offers SASL PLAIN only.
    pub strips: Outcome,
    /// Removes the offer of STARTTLS and offers nothing but `jabber:iq:auth` (XEP-0078).
    pub strips_legacy: Outcome,
    /// Speaks TLS with a certificate of his own.
    pub forges: Outcome,
}

/// How a server, honest or not, speaks TLS on the port that the client comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsOffer {
    /// Not at all.
    None,
    /// STARTTLS is offered, and logging in without it as well.
    StartTls,
    /// STARTTLS is offered and marked as required.
    StartTlsRequired,
    /// STARTTLS is offered, and answered with `<failure/>`.
    StartTlsRefused,
    /// TLS from the first byte.
    Direct,
}

/// The certificate that a server shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// Valid for the account's domain, from a known authority.
    Valid,
    /// The right name, from nobody that the machine trusts.
    SelfSigned,
    /// Another name, from nobody that the machine trusts.
    WrongName,
    /// Another name, from an authority that the machine trusts: everybody can get one for a domain of his own.
    OtherName,
}

/// A way to log in that a server offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Login {
    /// SASL PLAIN: the password itself.
    Plain,
    /// SASL LOGIN: the password itself.
    Login,
    /// SASL SCRAM-SHA-1 or better.
    Scram,
    /// SASL DIGEST-MD5.
    DigestMd5,
    /// SASL CRAM-MD5.
    CramMd5,
    /// SASL ANONYMOUS.
    Anonymous,
    /// `jabber:iq:auth` (XEP-0078) with the password itself.
    LegacyPassword,
    /// `jabber:iq:auth` (XEP-0078) with a digest.
    LegacyDigest,
}

/// A server as the client meets it: what the tables of real clients against hostile servers vary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server {
    /// How it speaks TLS.
    pub tls: TlsOffer,
    /// What it shows when it does.
    pub certificate: Certificate,
    /// What it accepts as a login, before TLS too.
    pub login: &'static [Login],
}

impl Server {
    /// An honest server of the plain kind, with somebody listening on the wire.
    pub const HONEST: Self =
        Self { tls: TlsOffer::StartTls, certificate: Certificate::Valid, login: &[Login::Plain] };
    /// An attacker who hides STARTTLS and asks for PLAIN.
    pub const STRIPPED: Self =
        Self { tls: TlsOffer::None, certificate: Certificate::Valid, login: &[Login::Plain] };
    /// An attacker who hides STARTTLS and SASL, and leaves `jabber:iq:auth`.
    pub const STRIPPED_LEGACY: Self =
        Self { tls: TlsOffer::None, certificate: Certificate::Valid, login: &[Login::LegacyPassword] };
    /// Attackers who show a certificate of their own, by STARTTLS and by direct TLS.
    pub const FORGED: [Self; 6] = [
        Self { tls: TlsOffer::StartTls, certificate: Certificate::SelfSigned, login: &[Login::Plain] },
        Self { tls: TlsOffer::StartTls, certificate: Certificate::WrongName, login: &[Login::Plain] },
        Self { tls: TlsOffer::StartTls, certificate: Certificate::OtherName, login: &[Login::Plain] },
        Self { tls: TlsOffer::Direct, certificate: Certificate::SelfSigned, login: &[Login::Plain] },
        Self { tls: TlsOffer::Direct, certificate: Certificate::WrongName, login: &[Login::Plain] },
        Self { tls: TlsOffer::Direct, certificate: Certificate::OtherName, login: &[Login::Plain] },
    ];

    /// Whether it offers this way to log in.
    #[must_use]
    pub fn offers(&self, login: Login) -> bool {
        self.login.contains(&login)
    }
}

impl Exposure {
    /// Asks `outcome`, a client's behaviour, about each of the four attackers; of the forgers, the one who
    /// fares best counts.
    pub fn predict(outcome: impl Fn(&Server) -> Outcome) -> Self {
        Self {
            listens: outcome(&Server::HONEST),
            strips: outcome(&Server::STRIPPED),
            strips_legacy: outcome(&Server::STRIPPED_LEGACY),
            forges: Server::FORGED.iter().map(outcome).max().unwrap_or(Outcome::Safe),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_the_forgers_the_one_who_fares_best_counts() {
        let exposure = Exposure::predict(|server| match (server.tls, server.certificate) {
            (TlsOffer::None, _) if server.offers(Login::LegacyPassword) => Outcome::Hash,
            (TlsOffer::None, _) => Outcome::Asks,
            // A client that looks at the authority and not at the name, on the port for direct TLS only.
            (TlsOffer::Direct, Certificate::OtherName) => Outcome::Sent,
            (_, Certificate::SelfSigned | Certificate::WrongName) => Outcome::Asks,
            _ => Outcome::Safe,
        });
        assert_eq!(
            exposure,
            Exposure {
                listens: Outcome::Safe,
                strips: Outcome::Asks,
                strips_legacy: Outcome::Hash,
                forges: Outcome::Sent,
            }
        );
    }
}
