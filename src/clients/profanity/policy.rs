//! The words of `tls.policy`.

use super::version::Known;
use crate::model::{CertificateCheck, Encryption};

/// What a word of `tls.policy` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    /// STARTTLS or nothing.
    Force,
    /// STARTTLS if it is offered.
    Allow,
    /// STARTTLS or nothing, with any certificate.
    Trust,
    /// STARTTLS if it is offered, with any certificate: what came of `trust` up to 0.8.1, where its second flag
    /// replaced the first.
    TrustIfOffered,
    /// Never TLS.
    Disable,
    /// TLS from the first byte.
    Direct,
}

/// Every word, and the release (0.X.0) since which it is known. Case matters, blanks too.
/// Source: `accounts_get_account`, `src/config/accounts.c`, 0.5.0 to 0.18.2.
const WORDS: &[(&str, Policy, u32)] = &[
    ("force", Policy::Force, 5),
    ("allow", Policy::Allow, 5),
    ("disable", Policy::Disable, 5),
    ("trust", Policy::Trust, 6),
    ("legacy", Policy::Direct, 6),
    ("direct", Policy::Direct, 16),
];

impl Policy {
    /// What the word means to that version; nothing if it does not know it, and then does as for `force`.
    pub(super) fn of(word: &str, version: Known<'_>) -> Option<Self> {
        let (_, policy, since) = WORDS.iter().find(|(known, ..)| *known == word)?;
        match policy {
            _ if version.is_before(*since, 0) => None,
            Self::Trust if version.is_before(9, 0) => Some(Self::TrustIfOffered),
            policy => Some(*policy),
        }
    }

    /// Whether that version looks at policies at all: up to 0.4.7, STARTTLS is used if it is offered, whatever is
    /// written.
    pub(super) fn is_looked_at(version: Known<'_>) -> bool {
        !version.is_before(5, 0)
    }

    /// Whether the client insists on TLS. If OpenSSL cannot start, what is optional is left out.
    pub(super) const fn encryption(self, tls_starts: bool) -> Encryption {
        match self {
            Self::Force | Self::Trust => Encryption::Required,
            Self::Allow | Self::TrustIfOffered if tls_starts => Encryption::Optional,
            Self::Allow | Self::TrustIfOffered | Self::Disable => Encryption::Never,
            Self::Direct => Encryption::Direct,
        }
    }

    /// What happens on a certificate that does not verify.
    pub(super) const fn certificate_check(self) -> CertificateCheck {
        match self {
            Self::Trust | Self::TrustIfOffered => CertificateCheck::Off,
            Self::Force | Self::Allow | Self::Disable | Self::Direct => CertificateCheck::Asks,
        }
    }

    /// Whether the password may go out without TLS.
    pub(super) const fn allows_clear_text(self) -> bool {
        matches!(self, Self::Allow | Self::TrustIfOffered | Self::Disable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ClientVersion, Version, VersionSource};

    #[test]
    fn only_the_exact_word_counts() {
        let now = |word| Policy::of(word, Known::default());
        assert_eq!(now("allow"), Some(Policy::Allow));
        assert_eq!(now("trust"), Some(Policy::Trust));
        assert_eq!(now("direct"), Some(Policy::Direct));
        assert_eq!(now("legacy"), Some(Policy::Direct));
        for unknown in ["", "FORCE", "Allow", "disable ", "disable # no", "\"disable\"", "\u{a0}allow", "bogus"] {
            assert_eq!(now(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn versions_know_different_words() {
        for (version, word, policy) in [
            ("0.5.1", "disable", Some(Policy::Disable)),
            ("0.5.1", "trust", None),
            ("0.5.1", "legacy", None),
            ("0.6.0", "trust", Some(Policy::TrustIfOffered)),
            ("0.8.1", "trust", Some(Policy::TrustIfOffered)),
            ("0.9.0", "trust", Some(Policy::Trust)),
            ("0.15.1", "direct", None),
            ("0.15.1", "legacy", Some(Policy::Direct)),
            ("0.16.0", "direct", Some(Policy::Direct)),
        ] {
            let told = ClientVersion::exactly(Version::parse(version).unwrap(), VersionSource::Told);
            assert_eq!(Policy::of(word, Known(Some(&told))), policy, "{version} {word}");
        }
    }
}
