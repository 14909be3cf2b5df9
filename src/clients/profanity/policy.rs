//! The words of `tls.policy`.

use crate::model::{CertificateCheck, Encryption};

/// The releases that read the same file differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Release {
    /// 0.9.0 to 0.15.1.
    Before0_16,
    /// 0.16.0 and later: `direct` is a word for direct TLS.
    #[default]
    Since0_16,
}

/// What a word of `tls.policy` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    /// STARTTLS or nothing.
    Force,
    /// STARTTLS if it is offered.
    Allow,
    /// STARTTLS or nothing, with any certificate.
    Trust,
    /// Never TLS.
    Disable,
    /// TLS from the first byte.
    Direct,
}

/// Every word, and the release since which it is known. Case matters, blanks too.
/// Source: `accounts_get_account`, `src/config/accounts.c`, 0.6.0 to 0.18.2.
const WORDS: &[(&str, Policy, Release)] = &[
    ("force", Policy::Force, Release::Before0_16),
    ("allow", Policy::Allow, Release::Before0_16),
    ("trust", Policy::Trust, Release::Before0_16),
    ("disable", Policy::Disable, Release::Before0_16),
    ("legacy", Policy::Direct, Release::Before0_16),
    ("direct", Policy::Direct, Release::Since0_16),
];

impl Policy {
    /// What the word means to that release; nothing if it does not know it, and then does as for `force`.
    pub(super) fn of(word: &str, release: Release) -> Option<Self> {
        WORDS.iter().find(|(known, _, since)| *known == word && *since <= release).map(|(_, policy, _)| *policy)
    }

    /// Whether the client insists on TLS. If OpenSSL cannot start, what is optional is left out.
    pub(super) const fn encryption(self, tls_starts: bool) -> Encryption {
        match self {
            Self::Force | Self::Trust => Encryption::Required,
            Self::Allow if tls_starts => Encryption::Optional,
            Self::Allow | Self::Disable => Encryption::Never,
            Self::Direct => Encryption::Direct,
        }
    }

    /// What happens on a certificate that does not verify.
    pub(super) const fn certificate_check(self) -> CertificateCheck {
        match self {
            Self::Trust => CertificateCheck::Off,
            Self::Force | Self::Allow | Self::Disable | Self::Direct => CertificateCheck::Asks,
        }
    }

    /// Whether the password may go out without TLS.
    pub(super) const fn allows_clear_text(self) -> bool {
        matches!(self, Self::Allow | Self::Disable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_word_counts() {
        let now = |word| Policy::of(word, Release::Since0_16);
        assert_eq!(now("allow"), Some(Policy::Allow));
        assert_eq!(now("direct"), Some(Policy::Direct));
        assert_eq!(now("legacy"), Some(Policy::Direct));
        for unknown in ["", "FORCE", "Allow", "disable ", "disable # no", "\"disable\"", "\u{a0}allow", "bogus"] {
            assert_eq!(now(unknown), None, "{unknown}");
        }
        assert_eq!(Policy::of("direct", Release::Before0_16), None);
    }
}
