//! Looking for bytes in bytes.

/// Whether `part`, which must not be empty, stands in `bytes`.
pub(crate) fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(bytes, part).is_some()
}

/// The same, in whatever case.
pub(crate) fn contains_in_any_case(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_part_wherever_it_stands() {
        for whole in ["SQLite", "SQLite format 3", "an SQLite file", "no SQLite"] {
            assert!(contains(whole.as_bytes(), b"SQLite"), "{whole}");
        }
        for whole in ["", "SQLit", "sqlite", "SQL ite"] {
            assert!(!contains(whole.as_bytes(), b"SQLite"), "{whole}");
        }
    }

    #[test]
    fn looks_past_the_case_only_when_asked_to() {
        assert!(contains_in_any_case(b"-----begin Certificate-----", b"BEGIN CERTIFICATE"));
        assert!(!contains_in_any_case(b"-----BEGIN CERTIFICATE", b"CERTIFICATE-"));
        assert!(!contains_in_any_case(b"", b"x"));
    }
}
