//! What Gajim 0.11 to 1.1 does with the password, as a pure function.
//!
//! Observed with 1.1.3, read in the source for the others (`common/connection.py`, nbxmpp `auth_nb.py`).

use crate::model::{Certificate, Login, Outcome, Server, TlsOffer};

/// A kind of connection that is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Candidate {
    /// STARTTLS; a server without it counts as a failure.
    StartTls,
    /// TLS from the first byte.
    DirectTls,
    /// Without TLS, whatever is offered.
    Plain,
}

/// What happens before a connection without TLS is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// The user is asked.
    Asks,
    /// Nothing: it is used.
    Silent,
    /// It is not used.
    Refuses,
}

/// What decides over the password of an account of 0.11 to 1.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opportunistic {
    /// What is tried, in this order.
    pub candidates: Vec<Candidate>,
    /// Whether the order is left to chance (1.0 and 1.1).
    pub at_random: bool,
    /// What happens before a connection without TLS is used.
    pub guard: Guard,
    /// Whether the user is asked before SASL PLAIN without TLS. XEP-0078 slips through.
    pub asks_before_plain: bool,
    /// The mechanisms that are allowed; empty for all.
    pub mechanisms: Vec<String>,
    /// Whether DIGEST-MD5 works: 1.1.3 gave up at it.
    pub knows_digest: bool,
    /// A certificate of an unknown issuer is overlooked silently.
    pub overlooks_issuer: bool,
    /// A certificate for another name is overlooked silently.
    pub overlooks_name: bool,
}

impl Opportunistic {
    /// What becomes of the password at this server.
    pub(super) fn outcome(&self, server: &Server) -> Outcome {
        let mut outcomes = self.candidates.iter().filter_map(|candidate| self.attempt(*candidate, server));
        if self.at_random { outcomes.max() } else { outcomes.next() }.unwrap_or(Outcome::Safe)
    }

    /// What one kind of connection leads to; none if it fails, so that the next one is tried.
    fn attempt(&self, candidate: Candidate, server: &Server) -> Option<Outcome> {
        match (candidate, server.tls) {
            (Candidate::StartTls, TlsOffer::StartTls | TlsOffer::StartTlsRequired)
            | (Candidate::DirectTls, TlsOffer::Direct) => Some(self.over_tls(server)),
            (Candidate::Plain, TlsOffer::None | TlsOffer::StartTls | TlsOffer::StartTlsRefused) => {
                Some(self.in_the_clear(server))
            }
            _ => None,
        }
    }

    fn over_tls(&self, server: &Server) -> Outcome {
        match server.certificate {
            Certificate::Valid => Outcome::Safe,
            Certificate::SelfSigned if self.overlooks_issuer => self.login(server, false),
            Certificate::WrongName if self.overlooks_issuer && self.overlooks_name => self.login(server, false),
            Certificate::OtherName if self.overlooks_name => self.login(server, false),
            Certificate::SelfSigned | Certificate::WrongName | Certificate::OtherName => Outcome::Asks,
        }
    }

    fn in_the_clear(&self, server: &Server) -> Outcome {
        match (self.guard, self.login(server, self.asks_before_plain)) {
            (Guard::Refuses, _) | (_, Outcome::Safe) => Outcome::Safe,
            (Guard::Asks, _) => Outcome::Asks,
            (Guard::Silent, outcome) => outcome,
        }
    }

    /// What logging in gives to the server. The strongest mechanism wins; XEP-0078 comes last.
    fn login(&self, server: &Server, asks_before_plain: bool) -> Outcome {
        if server.offers(Login::Scram) && self.allows("SCRAM-SHA-1") {
            Outcome::Hash
        } else if server.offers(Login::DigestMd5) && self.allows("DIGEST-MD5") {
            if self.knows_digest { Outcome::Hash } else { Outcome::Safe }
        } else if server.offers(Login::Plain) && self.allows("PLAIN") {
            if asks_before_plain { Outcome::Asks } else { Outcome::Sent }
        } else if server.offers(Login::LegacyDigest) && self.allows("XEP-0078") {
            Outcome::Hash
        } else if server.offers(Login::LegacyPassword) && self.allows("XEP-0078") {
            Outcome::Sent
        } else {
            Outcome::Safe
        }
    }

    fn allows(&self, mechanism: &str) -> bool {
        self.mechanisms.is_empty() || self.mechanisms.iter().any(|allowed| allowed == mechanism)
    }

    /// Whether XEP-0078, which no second question guards, is allowed.
    pub(super) fn allows_legacy(&self) -> bool {
        self.allows("XEP-0078")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{Asks, Hash, Safe, Sent};

    fn tried(overlooks_issuer: bool, overlooks_name: bool) -> Opportunistic {
        Opportunistic {
            candidates: vec![Candidate::StartTls],
            at_random: false,
            guard: Guard::Silent,
            asks_before_plain: false,
            mechanisms: Vec::new(),
            knows_digest: true,
            overlooks_issuer,
            overlooks_name,
        }
    }

    #[test]
    fn each_fault_of_a_certificate_must_be_overlooked() {
        for (issuer, name, expected) in [
            (false, false, [Safe, Asks, Asks, Asks]),
            (true, false, [Safe, Sent, Asks, Asks]),
            (false, true, [Safe, Asks, Asks, Sent]),
            (true, true, [Safe, Sent, Sent, Sent]),
        ] {
            let outcome = |certificate| {
                let server = Server { tls: TlsOffer::StartTls, certificate, login: &[Login::Plain] };
                tried(issuer, name).outcome(&server)
            };
            let certificates =
                [Certificate::Valid, Certificate::SelfSigned, Certificate::WrongName, Certificate::OtherName];
            assert_eq!(certificates.map(outcome), expected, "{issuer} {name}");
        }
    }

    #[test]
    fn the_digest_that_failed_ends_the_attempt() {
        let server =
            Server { tls: TlsOffer::StartTls, certificate: Certificate::SelfSigned, login: &[Login::DigestMd5] };
        assert_eq!(tried(true, false).outcome(&server), Hash);
        assert_eq!(Opportunistic { knows_digest: false, ..tried(true, false) }.outcome(&server), Safe);
    }
}
