//! The oldest TLS, as the plugin "NSS Preferences" sets it (`nss-prefs.c`, 2.14); without the plugin its preferences
//! do nothing.

use super::in_force::InForce;
use super::plugins;
use super::preferences::Kind;
use crate::model::{Setting, TlsFloor};

/// The ciphers that use RC4, by their numbers in IANA's registry ("TLS Cipher Suites").
const RC4: [u64; 15] = [
    0x0003, 0x0004, 0x0005, 0x0017, 0x0018, 0x0020, 0x0024, 0x0064, 0x0066, 0xc002, 0xc007, 0xc00c, 0xc011, 0xc016,
    0xc033,
];

/// The oldest version that is accepted.
pub(super) const OLDEST: &str = "/plugins/core/nss_prefs/min_tls";
/// The newest version that is accepted.
pub(super) const NEWEST: &str = "/plugins/core/nss_prefs/max_tls";
/// The ciphers that are accepted.
pub(super) const CIPHERS: &str = "/plugins/core/nss_prefs/cipher_list";

/// TLS 1.2, as the plugin writes it.
pub(super) const TLS_1_2: i32 = 0x0303;

/// Whether a version is older than that. 0 stands for none.
pub(super) const fn is_old(version: i32) -> bool {
    0 < version && version < TLS_1_2
}

/// Whether an item of the list of ciphers is a broken one.
pub(super) fn is_weak(cipher: &str) -> bool {
    RC4.contains(&number(cipher))
}

/// What the plugin is told, if that is anything weak.
pub(super) fn read(preferences: &InForce) -> Option<Setting<TlsFloor>> {
    if !plugins::is_loaded(&preferences.preferences, "nss-prefs") {
        return None;
    }
    old_version(preferences).or_else(|| old_cipher(preferences))
}

/// The numbers are those of the TLS record layer: 0x0301 is TLS 1.0, 0 leaves it to the library.
fn old_version(preferences: &InForce) -> Option<Setting<TlsFloor>> {
    let (_, span) = [OLDEST, NEWEST]
        .iter()
        .find_map(|path| preferences.preferences.number(path).filter(|(version, _)| is_old(*version)))?;
    Some(Setting::written(TlsFloor::OldVersion, preferences.place(span, "TLS version")))
}

/// A list that is empty leaves the ciphers to the library; otherwise it names all that are allowed.
fn old_cipher(preferences: &InForce) -> Option<Setting<TlsFloor>> {
    let ciphers = preferences.preferences.items(CIPHERS, Kind::StringList);
    let weak = ciphers.iter().find(|cipher| is_weak(&cipher.value))?;
    Some(Setting::written(TlsFloor::OldCipher, preferences.place(weak.span, "TLS ciphers")))
}

/// C's `strtoull` with base 16; what is no number is 0.
fn number(text: &str) -> u64 {
    let text = text.trim_start();
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    let end = digits.find(|character: char| !character.is_ascii_hexdigit()).unwrap_or(digits.len());
    digits.get(..end).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn reads_numbers_as_c_does() {
        for (text, expected) in
            [("0x0005", 5), ("c011", 0xc011), (" 0XC007", 0xc007), ("0x0005;", 5), ("RC4", 0), ("", 0), ("0x", 0)]
        {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
