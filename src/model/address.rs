//! Addresses (JIDs, RFC 7622): what a client wrote, and what it means.

use super::limits;
use super::words::words;

words! {
    /// What is wrong with an address.
    AddressFault {
        /// Nothing.
        Sound = "sound",
        /// Nothing is written.
        Empty = "empty",
        /// The domain is written twice: `alice@example.org@example.org`.
        DomainTwice = "domain_twice",
        /// There is no part before the `@`.
        NoLocalPart = "no_local_part",
        /// There is no domain.
        NoDomain = "no_domain",
        /// It begins or ends with a blank, or has one inside.
        Blank = "blank",
        /// A port or a scheme stands in it.
        PortOrScheme = "port_or_scheme",
        /// It breaks another rule of RFC 7622.
        NotAllowed = "not_allowed",
    }
}

/// An address: the text as written beside its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// As written.
    pub raw: String,
    /// The part before the `@`, case-folded; none where there is none.
    pub local: Option<String>,
    /// The domain in its ASCII form, lower case, without a final dot; empty where there is none.
    pub domain: String,
    /// The resource, where one is written.
    pub resource: Option<String>,
    /// What is wrong with it.
    pub fault: AddressFault,
}

impl Address {
    /// Reads `raw` as a JID. Never fails: what cannot be read is in `fault`, and the parts are then
    /// those that the eye sees.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        if raw.len() > limits::ADDRESS {
            return Self { fault: AddressFault::NotAllowed, ..Self::parse(&limits::shortened(raw)) };
        }
        let (bare, resource) = match raw.split_once('/') {
            Some((bare, resource)) => (bare, Some(resource)),
            None => (raw, None),
        };
        let (local, domain) = match bare.rsplit_once('@') {
            Some((local, domain)) => (Some(local), domain),
            None => (None, bare),
        };
        let fault = find_fault(raw, bare, local, domain);
        let parsed = jid::BareJid::new(bare).ok();
        let local = parsed
            .as_ref()
            .and_then(|jid| jid.node().map(|node| node.as_str().to_owned()))
            .or_else(|| local.map(|local| local.trim().to_lowercase()));
        Self {
            raw: raw.to_owned(),
            local: local.filter(|local| !local.is_empty()),
            domain: normal_domain(domain),
            resource: resource.filter(|resource| !resource.is_empty()).map(str::to_owned),
            fault,
        }
    }

    /// `local@domain`, or the domain alone; the raw text where the address is not sound.
    #[must_use]
    pub fn bare(&self) -> String {
        if self.fault != AddressFault::Sound && self.fault != AddressFault::NoLocalPart {
            return self.raw.clone();
        }
        match &self.local {
            Some(local) => format!("{local}@{}", self.domain),
            None => self.domain.clone(),
        }
    }

    /// Whether two addresses name the same account or room, whatever their resource.
    #[must_use]
    pub fn same_bare(&self, other: &Self) -> bool {
        self.local == other.local && self.domain == other.domain
    }
}

fn find_fault(raw: &str, bare: &str, local: Option<&str>, domain: &str) -> AddressFault {
    if raw.trim().is_empty() {
        return AddressFault::Empty;
    }
    if bare.contains(char::is_whitespace) {
        return AddressFault::Blank;
    }
    if raw.contains("://") || domain_has_port(domain) {
        return AddressFault::PortOrScheme;
    }
    if domain.is_empty() {
        // `alice@riseup.net@` is a slip that a help page once printed: the domain stands there, once too much.
        return if local.is_some_and(|local| local.contains('@')) {
            AddressFault::DomainTwice
        } else {
            AddressFault::NoDomain
        };
    }
    match local {
        Some("") => AddressFault::NoLocalPart,
        Some(local) if local.contains('@') => AddressFault::DomainTwice,
        None => match jid::BareJid::new(bare) {
            Ok(_) => AddressFault::NoLocalPart,
            Err(_) => AddressFault::NotAllowed,
        },
        Some(_) if jid::BareJid::new(bare).is_err() => AddressFault::NotAllowed,
        Some(_) => AddressFault::Sound,
    }
}

fn domain_has_port(domain: &str) -> bool {
    !domain.starts_with('[')
        && domain.rsplit_once(':').is_some_and(|(host, port)| {
            !host.contains(':') && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// A domain as it is compared: trimmed, lower case, ASCII form, without a final dot.
#[must_use]
pub fn normal_domain(domain: &str) -> String {
    let domain = domain.trim().trim_end_matches('.');
    idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_longer_than_any_address_is_remembered_by_its_beginning() {
        let long = |length: usize| Address::parse(&format!("{}@example.org", "a".repeat(length)));
        assert_eq!(long(limits::ADDRESS).fault, AddressFault::NotAllowed);
        assert!(long(limits::ADDRESS).raw.len() < 2000 && long(1 << 20).local.is_none());
        assert_eq!(long(1000).raw.len(), 1012);
    }

    #[test]
    fn reads_sound_addresses() {
        let address = Address::parse("Alice@Example.ORG./desk top");
        assert_eq!(address.fault, AddressFault::Sound);
        assert_eq!(address.bare(), "alice@example.org");
        assert_eq!(address.resource.as_deref(), Some("desk top"));
        assert_eq!(Address::parse("alice@münchen.de").domain, "xn--mnchen-3ya.de");
        assert_eq!(Address::parse("alice@example.org/").resource, None);
    }

    #[test]
    fn names_what_is_wrong() {
        let fault = |raw| Address::parse(raw).fault;
        assert_eq!(fault(""), AddressFault::Empty);
        assert_eq!(fault("  "), AddressFault::Empty);
        assert_eq!(fault("example.org"), AddressFault::NoLocalPart);
        assert_eq!(fault("@example.org"), AddressFault::NoLocalPart);
        assert_eq!(fault("alice@"), AddressFault::NoDomain);
        assert_eq!(fault("alice@riseup.net@"), AddressFault::DomainTwice);
        assert_eq!(fault("alice@riseup.net@riseup.net"), AddressFault::DomainTwice);
        assert_eq!(fault(" alice@riseup.net"), AddressFault::Blank);
        assert_eq!(fault("alice@riseup.net:5222"), AddressFault::PortOrScheme);
        assert_eq!(fault("xmpp://alice@riseup.net"), AddressFault::PortOrScheme);
        assert_eq!(fault("ali<ce@riseup.net"), AddressFault::NotAllowed);
        assert_eq!(fault("alice@riseup.net:"), AddressFault::NotAllowed);
        assert_eq!(fault("alice@riseup.net:xmpp"), AddressFault::NotAllowed);
    }

    #[test]
    fn what_is_not_sound_is_shown_as_written() {
        assert_eq!(Address::parse("Example.ORG.").bare(), "example.org");
        assert_eq!(Address::parse("Alice@Riseup.net:5222").bare(), "Alice@Riseup.net:5222");
        assert_eq!(Address::parse("Alice@").bare(), "Alice@");
    }

    #[test]
    fn domains_are_compared_in_one_form() {
        for (written, normal) in [
            ("example.org", "example.org"),
            (" Example.ORG. ", "example.org"),
            ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
            ("München.de", "xn--mnchen-3ya.de"),
            // What is no domain is compared all the same.
            ("xn--A.test", "xn--a.test"),
            ("a..b", "a..b"),
            ("-a_b", "-a_b"),
            ("[2001:DB8::1]", "[2001:db8::1]"),
            ("", ""),
        ] {
            assert_eq!(normal_domain(written), normal, "{written}");
        }
    }

    #[test]
    fn compares_whatever_the_resource() {
        assert!(Address::parse("A@x.test/one").same_bare(&Address::parse("a@X.test/two")));
        assert!(!Address::parse("a@x.test").same_bare(&Address::parse("b@x.test")));
    }
}
