//! The authority of a URI: its user, host and port (RFC 3986, section 3.2).

/// Host and port of what stands behind the `://` of a URI. A port that is no number below 65536 is none; what does
/// not look like a port belongs to the host.
pub(crate) fn host_and_port(rest: &str) -> (&str, Option<u16>) {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match authority.rsplit_once(':') {
        // The colons within brackets are those of an IPv6 address.
        Some((host, port)) if !port.contains(']') => (host, port.parse().ok()),
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_host_and_port() {
        for (rest, host, port) in [
            ("127.0.0.1:5280/http-bind", "127.0.0.1", Some(5280)),
            ("bosh.example.org/", "bosh.example.org", None),
            ("alice:secret@bosh.example.org:443/x@y", "bosh.example.org", Some(443)),
            ("bosh.example.org:99999", "bosh.example.org", None),
            ("[::1]:80/", "[::1]", Some(80)),
            ("[::1]/", "[::1]", None),
            ("", "", None),
        ] {
            assert_eq!(host_and_port(rest), (host, port), "{rest}");
        }
    }
}
