//! What becomes of the password in front of a server, honest or not.
//!
//! Observed with Dino 0.4.2 (GLib 2.74, GnuTLS); the code of 0.3.0 to 0.5.1 is the same in this. The older
//! ones insist on STARTTLS too.

use crate::model::{Certificate, Exposure, Login, Outcome, Server, TlsOffer};

/// What decides how Dino meets a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// Whether the account's domain ends in `.onion` and the version makes an exception for those: then a
    /// certificate whose only fault is an unknown authority is accepted.
    pub trusts_onion: bool,
    /// Whether a certificate that does not verify can be pinned when the user is asked: DinoX.
    pub can_pin: bool,
    /// Whether GLib finds its TLS library in the environment that Dino is started in. The database knows
    /// nothing of that; start-up files do.
    pub has_tls: bool,
}

/// The outcome for the password of an account in front of `server`.
#[must_use]
pub fn outcome(conditions: Conditions, server: &Server) -> Outcome {
    if !conditions.has_tls {
        return without_tls(server);
    }
    match server.tls {
        // The handshake is begun in any case, whatever the server offered or answered; without it nothing is said.
        TlsOffer::None | TlsOffer::StartTlsRefused => Outcome::Safe,
        TlsOffer::StartTls | TlsOffer::StartTlsRequired | TlsOffer::Direct => behind_tls(conditions, server),
    }
}

/// The outcome under each of the four attackers.
#[must_use]
pub fn exposure(conditions: Conditions) -> Exposure {
    Exposure::predict(|server| outcome(conditions, server))
}

fn behind_tls(conditions: Conditions, server: &Server) -> Outcome {
    match server.certificate {
        Certificate::Valid => Outcome::Safe,
        Certificate::SelfSigned if conditions.trusts_onion => proof(server),
        Certificate::SelfSigned | Certificate::WrongName if conditions.can_pin => Outcome::Asks,
        Certificate::SelfSigned | Certificate::WrongName => Outcome::Safe,
    }
}

/// Without TLS Dino says so on its standard error output, and goes on in the clear. Direct TLS fails.
fn without_tls(server: &Server) -> Outcome {
    if server.tls == TlsOffer::Direct { Outcome::Safe } else { proof(server) }
}

/// What the server is given as a proof: SCRAM-SHA-1 where it is offered, else PLAIN, else nothing.
fn proof(server: &Server) -> Outcome {
    if server.offers(Login::Scram) {
        Outcome::Hash
    } else if server.offers(Login::Plain) {
        Outcome::Sent
    } else {
        Outcome::Safe
    }
}
