//! URI references (RFC 3986) as libxml2 reads them: it wants the name of a namespace to be one.

/// Whether libxml2 takes the text for one.
pub(super) fn is_reference(text: &str) -> bool {
    let bytes = text.as_bytes();
    is_absolute(bytes).or_else(|| is_relative(bytes)).is_some()
}

fn is_absolute(bytes: &[u8]) -> Option<()> {
    let [first, rest @ ..] = bytes else { return None };
    let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
    let rest = rest.get(length..)?.strip_prefix(b":").filter(|_| first.is_ascii_alphabetic())?;
    ends(behind_hierarchy(rest)?)
}

fn is_relative(bytes: &[u8]) -> Option<()> {
    let first_segment = bytes.split(|byte| matches!(byte, b'/' | b'?' | b'#')).next()?;
    if first_segment.contains(&b':') {
        return None;
    }
    ends(behind_hierarchy(bytes)?)
}

/// What follows authority and path.
fn behind_hierarchy(bytes: &[u8]) -> Option<&[u8]> {
    let Some(rest) = bytes.strip_prefix(b"//") else { return Some(behind(bytes, b":@/")) };
    let rest = behind_authority(rest)?;
    Some(if rest.starts_with(b"/") { behind(rest, b":@/") } else { rest })
}

fn behind_authority(bytes: &[u8]) -> Option<&[u8]> {
    let host = behind(bytes, b":").strip_prefix(b"@").unwrap_or(bytes);
    let rest = match host.strip_prefix(b"[") {
        // What stands between the brackets is not looked at.
        Some(address) => address.get(address.iter().position(|byte| *byte == b']')? + 1..)?,
        None => behind(host, b""),
    };
    let Some(port) = rest.strip_prefix(b":") else { return Some(rest) };
    let length = port.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = port.split_at_checked(length)?;
    std::str::from_utf8(digits).ok()?.parse::<i32>().ok()?;
    Some(rest)
}

/// Whether nothing but a query and a fragment comes.
fn ends(bytes: &[u8]) -> Option<()> {
    let rest = bytes.strip_prefix(b"?").map_or(bytes, |query| behind(query, b":@/?"));
    let rest = rest.strip_prefix(b"#").map_or(rest, |fragment| behind(fragment, b":@/?[]"));
    rest.is_empty().then_some(())
}

/// What follows the bytes that may stand anywhere in a URI, and those of `more`.
fn behind<'u>(mut bytes: &'u [u8], more: &[u8]) -> &'u [u8] {
    loop {
        bytes = match bytes {
            [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => rest,
            [first, rest @ ..] if is_plain(*first) || more.contains(first) => rest,
            _ => return bytes,
        }
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_libxml2_reads() {
        for sound in [
            "",
            "a",
            "/",
            "?",
            "#",
            "a%20b",
            "urn:x",
            "a:b:c",
            "a:",
            "http://example.org/a?b#c",
            "//[::1]/",
            "//[::1]:5222/",
            "//[no address]/",
            "//alice@h:1/",
            "//h:2147483647",
            "//",
            "/a//b",
            "#[",
            "?a/b?c",
            "a?b:c",
            "//a:b@h",
            "//h@",
        ] {
            assert!(is_reference(sound), "{sound}");
        }
    }

    #[test]
    fn refuses_what_libxml2_refuses() {
        for wrong in [
            " ",
            "a b",
            "a%2",
            "a%2g",
            "1:x",
            ":",
            "::",
            "a[b",
            "?[",
            "//h:99x/",
            "//h:",
            "//:",
            "//h:2147483648",
            "//[::1]x/",
            "//[::1/",
            "a#b#c",
            "é",
            "a\\b",
            "//a@b@h",
            "1:x/y",
        ] {
            assert!(!is_reference(wrong), "{wrong}");
        }
    }
}
