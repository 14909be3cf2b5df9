//! Which namespace a prefix stands for.

use std::collections::HashMap;
use std::rc::Rc;

/// The namespace of the prefix `xml`, which is always declared.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of the prefix `xmlns`, which nobody may declare.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// The declarations that are in force.
#[derive(Debug, Default)]
pub(super) struct Namespaces {
    /// By prefix, the empty one for the default; the innermost declaration last.
    in_force: HashMap<String, Vec<Option<Rc<str>>>>,
    /// The prefixes that each open element declares.
    declared: Vec<Vec<String>>,
}

/// A declaration that the parser refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused;

impl Namespaces {
    /// An element begins.
    pub(super) fn open(&mut self) {
        self.declared.push(Vec::new());
    }

    /// The element that was begun last ends.
    pub(super) fn close(&mut self) {
        for prefix in self.declared.pop().unwrap_or_default() {
            if let Some(stack) = self.in_force.get_mut(&prefix) {
                stack.pop();
            }
        }
    }

    /// The element that was begun last declares `prefix` (empty: the default) to stand for `uri`.
    pub(super) fn declare(&mut self, prefix: &str, uri: &str) -> Result<(), Refused> {
        if prefix == "xml" {
            return if uri == XML { Ok(()) } else { Err(Refused) };
        }
        let reserved = prefix == "xmlns" || uri == XML || uri == XMLNS;
        let undeclares = uri.is_empty() && !prefix.is_empty();
        if reserved || undeclares || !may_be_uri(uri) {
            return Err(Refused);
        }
        let namespace = (!uri.is_empty()).then(|| Rc::from(uri));
        self.in_force.entry(prefix.to_owned()).or_default().push(namespace);
        if let Some(declared) = self.declared.last_mut() {
            declared.push(prefix.to_owned());
        }
        Ok(())
    }

    /// The namespace of an element's prefix; none in the outer option where the prefix is not declared.
    pub(super) fn of_element(&self, prefix: Option<&str>) -> Option<Option<Rc<str>>> {
        match prefix {
            None => Some(self.in_force.get("").and_then(|stack| stack.last().cloned().flatten())),
            Some("xml") => Some(Some(Rc::from(XML))),
            Some(prefix) => self.in_force.get(prefix)?.last().cloned(),
        }
    }
}

/// Whether libxml2 takes the text for a URI reference (RFC 3986), which it wants a namespace to be.
fn may_be_uri(uri: &str) -> bool {
    let (body, fragment) = uri.split_once('#').unwrap_or((uri, ""));
    let before_path = body.split(['/', '?']).next().unwrap_or_default();
    let scheme_is_sound = before_path.split_once(':').is_none_or(|(scheme, _)| is_scheme(scheme));
    let hierarchy = body.split_once(':').filter(|_| before_path.contains(':')).map_or(body, |(_, rest)| rest);
    let (authority, rest) = match hierarchy.strip_prefix("//") {
        Some(rest) => rest.split_at_checked(rest.find(['/', '?']).unwrap_or(rest.len())).unwrap_or((rest, "")),
        None => ("", hierarchy),
    };
    scheme_is_sound && is_authority(authority) && has_uri_bytes(rest) && has_uri_bytes(fragment)
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn is_authority(authority: &str) -> bool {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    // libxml2 looks at nothing between brackets (`xmlParse3986Host`).
    if let Some((_, port)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return is_port(port);
    }
    let (name, port) = host.find(':').and_then(|at| host.split_at_checked(at)).unwrap_or((host, ""));
    has_uri_bytes(authority) && has_uri_bytes(name) && is_port(port)
}

/// Nothing, or a colon and digits.
fn is_port(port: &str) -> bool {
    port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether every byte may stand in the path, query or fragment of a URI.
fn has_uri_bytes(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
        _ => byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=".contains(byte),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_declarations_hide_outer_ones() {
        let mut namespaces = Namespaces::default();
        namespaces.open();
        namespaces.declare("", "urn:x").unwrap();
        namespaces.declare("p", "urn:p").unwrap();
        namespaces.open();
        namespaces.declare("", "").unwrap();
        assert_eq!(namespaces.of_element(None), Some(None));
        assert_eq!(namespaces.of_element(Some("p")).flatten().as_deref(), Some("urn:p"));
        namespaces.close();
        assert_eq!(namespaces.of_element(None).flatten().as_deref(), Some("urn:x"));
        namespaces.close();
        assert_eq!(namespaces.of_element(Some("p")), None);
    }

    #[test]
    fn refuses_what_libxml2_refuses() {
        let declare = |prefix, uri| {
            let mut namespaces = Namespaces::default();
            namespaces.open();
            namespaces.declare(prefix, uri)
        };
        assert_eq!(declare("xml", XML), Ok(()));
        for uri in ["a%20b", "//[::1]/", "//[::1]:5222/", "//[no address]/", "//alice@h:1/"] {
            assert_eq!(declare("", uri), Ok(()), "{uri}");
        }
        for (prefix, uri) in [
            ("xml", "u"),
            ("xmlns", "u"),
            ("x", ""),
            ("x", XML),
            ("", XMLNS),
            ("", "a b"),
            ("", "a%2"),
            ("", "1:x"),
            ("", "a[b"),
            ("", "//h:99x/"),
            ("", "//[::1]x/"),
            ("", "//[::1/"),
            ("", "a#b#c"),
        ] {
            assert_eq!(declare(prefix, uri), Err(Refused), "{prefix} {uri}");
        }
    }
}
