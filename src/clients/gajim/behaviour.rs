//! What Gajim 1.2 and later does with the password, as a pure function.
//!
//! It is strict: STARTTLS, direct TLS, or an explicit "plain", which is never upgraded. Observed with 1.7.3;
//! the functions that decide are the same in 2.5.0 (`gajim/common/helpers.py`, nbxmpp `client.py`, `smacks.py`).

use crate::model::{Certificate, Login, Outcome, Server, TlsOffer};

/// How an account of 1.2 or later connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// STARTTLS or nothing.
    StartTls,
    /// TLS from the first byte or nothing.
    DirectTls,
    /// No host is set: DNS names one for STARTTLS or for direct TLS.
    Either,
    /// Without TLS, whatever is offered.
    Plain,
    /// WebSocket without TLS.
    ClearSocket,
    /// WebSocket with TLS.
    TlsSocket,
    /// It cannot connect or cannot log in at all.
    Nowhere,
}

/// What decides over the password of an account of 1.2 or later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Strict {
    /// How it connects.
    pub way: Way,
    /// Whether the user is asked before a connection without TLS, when nothing was sent yet.
    pub confirm: bool,
    /// An unknown issuer is overlooked silently (1.2.0 and 1.2.1 only).
    pub overlooks_issuer: bool,
    /// A wrong name is overlooked silently (1.2.0 and 1.2.1 only).
    pub overlooks_name: bool,
}

impl Strict {
    /// What becomes of the password at this server.
    pub(super) fn outcome(&self, server: &Server) -> Outcome {
        let offers_starttls = matches!(server.tls, TlsOffer::StartTls | TlsOffer::StartTlsRequired);
        let offers_direct = server.tls == TlsOffer::Direct;
        match self.way {
            Way::StartTls if offers_starttls => self.over_tls(server),
            Way::DirectTls | Way::TlsSocket if offers_direct => self.over_tls(server),
            Way::Either if offers_starttls || offers_direct => self.over_tls(server),
            Way::Plain if matches!(server.tls, TlsOffer::StartTlsRequired | TlsOffer::Direct) => Outcome::Safe,
            Way::Plain | Way::ClearSocket => self.in_the_clear(server),
            _ => Outcome::Safe,
        }
    }

    fn over_tls(&self, server: &Server) -> Outcome {
        match server.certificate {
            Certificate::Valid => Outcome::Safe,
            Certificate::SelfSigned if self.overlooks_issuer => login(server),
            Certificate::WrongName if self.overlooks_issuer && self.overlooks_name => login(server),
            Certificate::OtherName if self.overlooks_name => login(server),
            // The dialog has a way to go on for an unknown issuer, and none for a wrong name.
            Certificate::OtherName => Outcome::Safe,
            Certificate::WrongName if !self.overlooks_name => Outcome::Safe,
            Certificate::SelfSigned | Certificate::WrongName => Outcome::Asks,
        }
    }

    fn in_the_clear(&self, server: &Server) -> Outcome {
        match login(server) {
            Outcome::Safe => Outcome::Safe,
            _ if self.confirm => Outcome::Asks,
            outcome => outcome,
        }
    }
}

/// What logging in gives to the server. The strongest mechanism wins; DIGEST-MD5 and XEP-0078 are not known.
fn login(server: &Server) -> Outcome {
    if server.offers(Login::Scram) {
        Outcome::Hash
    } else if server.offers(Login::Plain) {
        Outcome::Sent
    } else {
        Outcome::Safe
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{Asks, Safe, Sent};
    use TlsOffer::{Direct, None, StartTls, StartTlsRefused, StartTlsRequired};

    fn strict(way: Way, overlooks_issuer: bool, overlooks_name: bool) -> Strict {
        Strict { way, confirm: false, overlooks_issuer, overlooks_name }
    }

    /// A forged certificate shows whether the client has come as far as TLS: then it asks.
    #[test]
    fn each_way_leads_to_what_it_is_for_and_nowhere_else() {
        for (way, expected) in [
            (Way::StartTls, [Safe, Asks, Asks, Safe, Safe]),
            (Way::DirectTls, [Safe, Safe, Safe, Safe, Asks]),
            (Way::TlsSocket, [Safe, Safe, Safe, Safe, Asks]),
            (Way::Either, [Safe, Asks, Asks, Safe, Asks]),
            (Way::Plain, [Sent, Sent, Safe, Sent, Safe]),
            (Way::ClearSocket, [Sent, Sent, Sent, Sent, Sent]),
            (Way::Nowhere, [Safe, Safe, Safe, Safe, Safe]),
        ] {
            let outcome = |tls| {
                let server = Server { tls, certificate: Certificate::SelfSigned, login: &[Login::Plain] };
                strict(way, false, false).outcome(&server)
            };
            assert_eq!(
                [None, StartTls, StartTlsRequired, StartTlsRefused, Direct].map(outcome),
                expected,
                "{way:?}"
            );
        }
    }

    #[test]
    fn each_fault_of_a_certificate_must_be_overlooked() {
        for (issuer, name, expected) in [
            (false, false, [Safe, Asks, Safe, Safe]),
            (true, false, [Safe, Sent, Safe, Safe]),
            (false, true, [Safe, Asks, Asks, Sent]),
            (true, true, [Safe, Sent, Sent, Sent]),
        ] {
            let outcome = |certificate| {
                let server = Server { tls: StartTls, certificate, login: &[Login::Plain] };
                strict(Way::StartTls, issuer, name).outcome(&server)
            };
            let certificates =
                [Certificate::Valid, Certificate::SelfSigned, Certificate::WrongName, Certificate::OtherName];
            assert_eq!(certificates.map(outcome), expected, "{issuer} {name}");
        }
    }
}
