//! Variables that decide what becomes of Dino's user, and what their values do.

use std::path::{Component, Path};

use super::verdict::Assignment;
use crate::model::{LaunchEffect, is_loopback};
use crate::source::Reader;

/// Every variable that matters.
pub(super) const VARIABLES: [&str; 9] = [
    "GIO_USE_TLS",
    "GIO_MODULE_DIR",
    "DINO_PLUGIN_DIR",
    "all_proxy",
    "ALL_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "http_proxy",
    "HTTP_PROXY",
];

/// Something about each of [`VARIABLES`].
pub(super) type Variables<T> = [Option<T>; VARIABLES.len()];

/// The only ones by which Dino finds a proxy in its environment (observed with 0.4.2).
pub(super) const HEEDED_PROXIES: [&str; 2] = ["http_proxy", "HTTP_PROXY"];

/// Those by which other programs do (curl(1)).
const IGNORED_PROXIES: [&str; 4] = ["all_proxy", "ALL_PROXY", "https_proxy", "HTTPS_PROXY"];

/// The ports at which Tor and Tor Browser wait.
const TOR_PORTS: [&str; 2] = ["9050", "9150"];

/// Folders of the system, to which only the superuser writes. No others are looked into: what a file names may
/// be on somebody else's machine.
const SYSTEM_ROOTS: [&str; 8] =
    ["/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib", "/lib64", "/app/lib", "/nix/store", "/gnu/store"];

/// What Dino does to its user because a variable is given this value.
pub(super) fn effect(assignment: Assignment<'_>, reader: &Reader) -> Option<LaunchEffect> {
    let Assignment { name, value, is_dynamic, .. } = assignment;
    // `$GIO_MODULE_DIR` in its own value sets nothing new.
    let names_folder = !value.is_empty() && (!is_dynamic || !value.contains(name));
    match name {
        // Any other name, known or not, leaves TLS on.
        "GIO_USE_TLS" => (value == "dummy").then_some(LaunchEffect::TlsOff),
        "GIO_MODULE_DIR" => {
            (names_folder && (is_dynamic || !has_tls_module(value, reader))).then_some(LaunchEffect::TlsOff)
        }
        "DINO_PLUGIN_DIR" => {
            (names_folder && (is_dynamic || !is_of_system(value))).then_some(LaunchEffect::PluginFolder)
        }
        _ if is_ignored_proxy(name) && !is_dynamic => is_local_socks(value).then_some(LaunchEffect::ProxyIgnored),
        _ => None,
    }
}

/// Whether it is a variable for a proxy, heeded or not.
pub(super) fn is_proxy(name: &str) -> bool {
    is_ignored_proxy(name) || HEEDED_PROXIES.contains(&name)
}

fn is_ignored_proxy(name: &str) -> bool {
    IGNORED_PROXIES.contains(&name)
}

/// Whether it is a folder of this system in which GLib finds a TLS module after all.
fn has_tls_module(folder: &str, reader: &Reader) -> bool {
    is_of_system(folder)
        && reader
            .list(Path::new(folder))
            .iter()
            .any(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_tls_module))
}

/// Whether a file of that name is one of the modules of glib-networking that bring TLS.
fn is_tls_module(name: &str) -> bool {
    name.starts_with("libgiognutls.") || name.starts_with("libgioopenssl.")
}

fn is_of_system(folder: &str) -> bool {
    let folder = Path::new(folder);
    SYSTEM_ROOTS.iter().any(|root| folder.starts_with(root))
        && !folder.components().any(|part| part == Component::ParentDir)
}

/// Whether it is a SOCKS proxy of this machine, as Tor is. A company's proxy is no sign that anybody relies on it.
fn is_local_socks(value: &str) -> bool {
    let (scheme, rest) = value.split_once("://").unwrap_or(("", value));
    let authority = rest.split('/').next().unwrap_or_default();
    let address = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
        _ => (address, ""),
    };
    let is_socks = scheme.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("socks"));
    is_loopback(host) && (is_socks || TOR_PORTS.contains(&port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;

    fn effect_of(name: &str, value: &str) -> Option<LaunchEffect> {
        let is_dynamic = value.contains('$');
        effect(Assignment { name, value, is_dynamic, span: Span::at(0) }, &Reader::default())
    }

    #[test]
    fn only_a_socks_proxy_of_this_machine_is_relied_upon() {
        for value in [
            "socks5://127.0.0.1:9050",
            "socks5h://localhost:9150/",
            "socks://127.0.0.1:1080",
            "SOCKS4A://127.0.0.1:9050",
            "socks5h://user:secret@127.0.0.1:9050",
            "socks5://[::1]:9050",
            "socks5://[::1]",
            "127.0.0.1:9050",
            "http://localhost:9150",
        ] {
            for name in IGNORED_PROXIES {
                assert_eq!(effect_of(name, value), Some(LaunchEffect::ProxyIgnored), "{name} {value}");
            }
            assert_eq!(effect_of("http_proxy", value), None);
        }
        for value in [
            "",
            "http://proxy.example.org:3128",
            "http://127.0.0.1:3128",
            "socks5://proxy.example.org:1080",
            "socks5://192.0.2.7:9050",
            "socks5://127.0.0.1.example.org:9050",
            "socks5://$HOST:9050",
            "://",
            "socks5://",
        ] {
            assert_eq!(effect_of("all_proxy", value), None, "{value}");
        }
    }

    #[test]
    fn two_modules_bring_tls() {
        for name in ["libgiognutls.so", "libgioopenssl.so"] {
            assert!(is_tls_module(name), "{name}");
        }
        for name in ["libgiolibproxy.so", "libgiognomeproxy.so", "libdconfsettings.so", "giomodule.cache"] {
            assert!(!is_tls_module(name), "{name}");
        }
    }

    #[test]
    fn folders_of_the_system_are_nobodys_own_code() {
        for value in ["/home/alice/plugins", "/tmp/p", "$HOME/p", "plugins", "/usr/lib/../../tmp/p"] {
            assert_eq!(effect_of("DINO_PLUGIN_DIR", value), Some(LaunchEffect::PluginFolder), "{value}");
        }
        for value in ["", "/usr/lib/x86_64-linux-gnu/dino/plugins", "/nix/store/x/lib", "$DINO_PLUGIN_DIR"] {
            assert_eq!(effect_of("DINO_PLUGIN_DIR", value), None, "{value}");
        }
    }
}
