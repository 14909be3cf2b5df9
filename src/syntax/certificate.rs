//! Certificates (X.509, RFC 5280) in PEM.

use x509_cert::Certificate;
use x509_cert::der::DecodePem;

/// Whether the first certificate of a PEM file names itself as its issuer; none where there is no certificate.
#[must_use]
pub fn is_self_signed(pem: &[u8]) -> Option<bool> {
    let begin = pem.windows(BEGIN.len()).position(|window| window == BEGIN)?;
    let rest = pem.get(begin..)?;
    let end = rest.windows(END.len()).position(|window| window == END)? + END.len();
    let certificate = Certificate::from_pem(rest.get(..end)?).ok()?;
    let signed = certificate.tbs_certificate();
    Some(signed.issuer() == signed.subject())
}

/// How a certificate begins in PEM.
pub(crate) const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const END: &[u8] = b"-----END CERTIFICATE-----";

#[cfg(test)]
mod tests {
    use super::is_self_signed;

    const SELF_SIGNED: &str = include_str!("../../fixtures/pidgin/certificates/self-signed.pem");
    const BY_AN_AUTHORITY: &str = include_str!("../../fixtures/pidgin/certificates/by-an-authority.pem");

    #[test]
    fn tells_who_signed() {
        assert_eq!(is_self_signed(SELF_SIGNED.as_bytes()), Some(true));
        assert_eq!(is_self_signed(BY_AN_AUTHORITY.as_bytes()), Some(false));
        assert_eq!(is_self_signed(format!("text before\n{SELF_SIGNED}text behind").as_bytes()), Some(true));
    }

    #[test]
    fn makes_nothing_of_what_is_none() {
        for pem in
            ["", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
        {
            assert_eq!(is_self_signed(pem.as_bytes()), None);
        }
        assert_eq!(is_self_signed(&SELF_SIGNED.as_bytes()[..200]), None);
    }
}
