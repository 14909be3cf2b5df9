//! Numbers and truth values as C reads them.

/// C's `atoi`: blanks, a sign, digits; whatever follows is passed over, and 0 is what there is without digits.
pub(super) fn atoi(text: &str) -> i32 {
    let text = text.trim_start_matches([' ', '\t', '\n', '\u{b}', '\u{c}', '\r']);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let number = digits
        .bytes()
        .take_while(u8::is_ascii_digit)
        .fold(0_i64, |number, digit| number.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    // On overflow the low half is kept (observed).
    let signed = if negative { -number } else { number };
    let [a, b, c, d, ..] = signed.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

/// A port as libpurple keeps one, if it can be one.
pub(super) fn port(number: i32) -> Option<u16> {
    u16::try_from(number).ok().filter(|port| *port != 0)
}

/// A truth value of `accounts.xml`: false only if the first character is a zero (observed). `false`, `no` and
/// ` 0` are true.
pub(super) fn account_truth(text: &str) -> bool {
    !text.starts_with('0')
}

/// A truth value of `blist.xml` and `prefs.xml`: a number that is not zero. `true` is false.
pub(super) fn numeric_truth(text: &str) -> bool {
    atoi(text) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_as_c_does() {
        for (text, number) in [
            ("5222", 5222),
            ("5222abc", 5222),
            ("abc", 0),
            ("0x10", 0),
            ("", 0),
            (" \n42", 42),
            ("-7", -7),
            ("+7", 7),
            ("--7", 0),
            ("4294967297", 1),
            ("99999999999999999999", -1),
        ] {
            assert_eq!(atoi(text), number, "{text}");
        }
    }

    #[test]
    fn truth_differs_by_file() {
        for (text, in_accounts, elsewhere) in [
            ("0", false, false),
            ("00", false, false),
            ("0x", false, false),
            ("1", true, true),
            ("true", true, false),
            ("false", true, false),
            ("no", true, false),
            (" 0", true, false),
            ("\n0", true, false),
            ("-0", true, false),
        ] {
            assert_eq!(account_truth(text), in_accounts, "{text}");
            assert_eq!(numeric_truth(text), elsewhere, "{text}");
        }
    }
}
