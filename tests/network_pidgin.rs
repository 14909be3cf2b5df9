//! Through which proxy Pidgin goes and what it looks up outside it, and what older versions read otherwise.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod pidgin;

use pidgin::{account, accounts_xml, at, idle, prefs_xml, read, read_as};
use xmpp_audit::model::{
    Bypass, Encryption, Idle, NameLeak, Origin, Outcome, Profile, Proxy, ProxyFault, ProxyKind, Transport, Version,
    VersionSource,
};

fn settings(all: &[(&str, &str, &str)]) -> String {
    let inner: String = all
        .iter()
        .map(|(name, kind, text)| format!("<setting name='{name}' type='{kind}'>{text}</setting>"))
        .collect();
    format!("<settings>{inner}</settings>")
}

mod proxies {
    use super::*;

    fn own(kind: &str, host: &str, port: &str) -> String {
        format!("<proxy><type>{kind}</type><host>{host}</host><port>{port}</port></proxy>")
    }

    fn of(body: &str, preferences: &[(&str, &str, &str)]) -> Proxy {
        let profile = read(&[
            (".purple/accounts.xml", accounts_xml(body).as_bytes()),
            (".purple/prefs.xml", prefs_xml(preferences).as_bytes()),
        ]);
        account(&profile).proxy.value.clone()
    }

    fn global<'a>(kind: &'a str, host: &'a str, port: &'a str) -> [(&'a str, &'a str, &'a str); 3] {
        [
            ("/purple/proxy/type", "string", kind),
            ("/purple/proxy/host", "string", host),
            ("/purple/proxy/port", "int", port),
        ]
    }

    #[test]
    fn have_their_faults() {
        for (kind, host, port, fault) in [
            ("tor", "127.0.0.1", "9050", ProxyFault::Sound),
            ("tor", "::1", "9050", ProxyFault::Sound),
            ("tor", "localhost", "9050", ProxyFault::HostByName),
            ("tor", "", "9050", ProxyFault::NoHost),
            ("tor", "127.0.0.1", "", ProxyFault::NoPort),
            ("tor", "127.0.0.1", "0", ProxyFault::NoPort),
            ("socks5", "localhost", "9050", ProxyFault::Sound),
            ("socks5", "localhost", "0", ProxyFault::NoPort),
            ("http", "", "8080", ProxyFault::NoHost),
            ("socks4", "proxy.example.org", "1080", ProxyFault::Sound),
            ("none", "", "", ProxyFault::Sound),
            ("envvar", "", "", ProxyFault::Sound),
        ] {
            let proxy = of(&format!("<settings/>{}", own(kind, host, port)), &[]);
            assert_eq!(proxy.fault, fault, "{kind} {host} {port}");
            let proxy = of("<settings/>", &global(kind, host, port));
            assert_eq!(proxy.fault, fault, "for all: {kind} {host} {port}");
        }
    }

    #[test]
    fn of_an_unknown_type_fail_closed_only_for_all() {
        let all = global("Tor", "127.0.0.1", "9050");
        let proxy = of("<settings/>", &all);
        assert_eq!(
            (proxy.kind, proxy.fault, proxy.leaks),
            (ProxyKind::Misspelt, ProxyFault::UnknownType, NameLeak::Nothing)
        );
        let proxy = of(&format!("<settings/>{}", own("Tor", "127.0.0.1", "9050")), &[]);
        assert_eq!((proxy.kind, proxy.fault), (ProxyKind::Misspelt, ProxyFault::Sound));
        let proxy = of(&format!("<settings/>{}", own("none", "", "")), &all);
        assert_eq!((proxy.kind, proxy.fault), (ProxyKind::Direct, ProxyFault::Sound), "it is not used");
    }

    /// The table of observed look-ups.
    #[test]
    fn leak_names() {
        let server = |host| settings(&[("connect_server", "string", host)]);
        let onion = server("examplexmpp.onion");
        let address = server("192.0.2.1");
        let ssl = settings(&[("connection_security", "string", "old_ssl")]);
        let bosh = |host| settings(&[("bosh_url", "string", &format!("https://{host}/bind"))]);
        let plain = settings(&[]);
        for (kind, body, leaks) in [
            ("none", &plain, NameLeak::Nothing),
            ("envvar", &plain, NameLeak::Undecided),
            ("tor", &plain, NameLeak::Nothing),
            ("socks5", &plain, NameLeak::SrvRecords),
            ("http", &plain, NameLeak::SrvRecords),
            ("socks4", &plain, NameLeak::HostNames),
            ("tor", &onion, NameLeak::Nothing),
            ("socks5", &onion, NameLeak::Nothing),
            ("http", &onion, NameLeak::Nothing),
            ("socks4", &onion, NameLeak::HostNames),
            ("socks4", &address, NameLeak::Nothing),
            // There are no service records for direct TLS and BOSH.
            ("socks5", &ssl, NameLeak::Nothing),
            ("socks4", &ssl, NameLeak::HostNames),
            ("socks5", &bosh("b.example.org"), NameLeak::Nothing),
            ("socks4", &bosh("b.example.org"), NameLeak::HostNames),
            ("socks4", &bosh("192.0.2.1"), NameLeak::Nothing),
        ] {
            let proxy = of(&format!("{body}{}", own(kind, "127.0.0.1", "9050")), &[]);
            assert_eq!(proxy.leaks, leaks, "{kind} {body}");
            let proxy = of(body, &global(kind, "127.0.0.1", "9050"));
            assert_eq!(proxy.leaks, leaks, "for all: {kind} {body}");
        }
        let [kind, host, port] = global("socks4", "127.0.0.1", "9050");
        let remote = [kind, host, port, ("/purple/proxy/socks4_remotedns", "bool", "1")];
        assert_eq!(of(&plain, &remote).leaks, NameLeak::SrvRecords);
        assert_eq!(of(&onion, &remote).leaks, NameLeak::Nothing);
        let misspelt = of(&format!("{plain}{}", own("Tor", "127.0.0.1", "9050")), &global("socks5", "h", "1"));
        assert_eq!((misspelt.kind, misspelt.leaks), (ProxyKind::Misspelt, NameLeak::SrvRecords));
        let unusable = of(&format!("{plain}{}", own("socks5", "127.0.0.1", "0")), &[]);
        assert_eq!(unusable.leaks, NameLeak::Undecided);
    }

    #[test]
    fn can_be_gone_round() {
        let tor = global("tor", "127.0.0.1", "9050");
        for (all, kind, bypass) in [
            (tor, "none", Bypass::OwnChoice),
            (tor, "envvar", Bypass::OwnChoice),
            (tor, "global", Bypass::Absent),
            (tor, "tor", Bypass::Absent),
            (tor, "socks5", Bypass::Absent),
            (tor, "None", Bypass::Absent),
            (global("tor", "localhost", "9050"), "none", Bypass::OwnChoice),
            (global("socks5", "127.0.0.1", "9150"), "none", Bypass::OwnChoice),
            (global("socks5", "proxy.example.org", "1080"), "none", Bypass::Absent),
            (global("http", "127.0.0.1", "9050"), "none", Bypass::Absent),
            (global("none", "127.0.0.1", "9050"), "none", Bypass::Absent),
            (global("Tor", "127.0.0.1", "9050"), "none", Bypass::Absent),
        ] {
            let proxy = of(&format!("<settings/>{}", own(kind, "127.0.0.1", "9050")), &all);
            assert_eq!(proxy.bypass, bypass, "{all:?} {kind}");
        }
        assert_eq!(of("<settings/>", &tor).bypass, Bypass::Absent);
    }
}

/// Read in the source of 2.5.9, 2.6.3, 2.6.4 and 2.7.3.
mod older_versions {
    use super::*;

    fn in_version(version: &str, all: &[(&str, &str, &str)]) -> Profile {
        read_as(&[(".purple/accounts.xml", accounts_xml(&settings(all)).as_bytes())], version)
    }

    #[test]
    fn go_by_booleans() {
        let required = ("require_tls", "bool", "1");
        let optional = ("require_tls", "bool", "0");
        let ssl = ("old_ssl", "bool", "1");
        for (version, all, encryption) in [
            ("2.5.9", vec![], Encryption::Optional),
            ("2.6.3", vec![], Encryption::Optional),
            ("2.6.4", vec![], Encryption::Required),
            ("2.7.3", vec![], Encryption::Required),
            ("2.7.4", vec![], Encryption::Required),
            ("2.5.9", vec![required], Encryption::Required),
            ("2.5.9", vec![optional], Encryption::Optional),
            ("2.7.3", vec![optional], Encryption::Optional),
            ("2.14.12", vec![optional], Encryption::Optional),
            ("2.5.9", vec![ssl], Encryption::Direct),
            ("2.7.3", vec![optional, ssl], Encryption::Direct),
            ("2.7.3", vec![("require_tls", "int", "0")], Encryption::Required),
        ] {
            let profile = in_version(version, &all);
            assert_eq!(account(&profile).encryption.value, encryption, "{version} {all:?}");
            assert!(
                idle(&profile).iter().all(|(.., reason)| *reason == Idle::WrongType || *reason == Idle::Overridden)
            );
        }
    }

    #[test]
    fn have_other_defaults() {
        let of = |version| {
            let profile = in_version(version, &[]);
            let account = account(&profile);
            let Origin::Default { written_as, .. } = account.encryption.origin else { panic!("written") };
            (written_as, account.exposure.strips)
        };
        assert_eq!(of("2.5.9"), ("0", Outcome::Asks));
        assert_eq!(of("2.7.3"), ("1", Outcome::Safe));
        assert_eq!(of("2.14.12"), ("require_tls", Outcome::Safe));
        // An account without `<settings>` is no special case before the migration.
        let bare = |version| {
            let profile = read_as(&[(".purple/accounts.xml", accounts_xml("").as_bytes())], version);
            account(&profile).encryption.value
        };
        assert_eq!((bare("2.7.3"), bare("2.7.4")), (Encryption::Required, Encryption::Optional));
    }

    #[test]
    fn yield_to_what_the_file_tells() {
        let written = [("connection_security", "string", "require_tls"), ("require_tls", "bool", "0")];
        let profile = in_version("2.5.9", &written);
        assert_eq!(account(&profile).encryption.value, Encryption::Required);
        let version = profile.version.as_ref().unwrap();
        assert_eq!(
            (version.at_least, version.at_most, version.source),
            (Version::new(2, 7, 4), None, VersionSource::File)
        );
        assert_eq!(at(&profile, version.place.as_ref().unwrap()), "require_tls");
        let profile = in_version("2.14.12", &written);
        let version = profile.version.as_ref().unwrap();
        assert_eq!((version.at_least, version.source), (Version::new(2, 14, 12), VersionSource::Told));
        let empty = in_version("2.5.9", &[("connection_security", "string", "")]);
        assert_eq!(account(&empty).encryption.value, Encryption::Optional);
        assert_eq!(empty.version.unwrap().source, VersionSource::Told);
    }

    #[test]
    fn without_bosh_do_not_look_at_its_url() {
        let url = [("bosh_url", "string", "http://b.example.org/")];
        let of = |version| account(&in_version(version, &url)).transport.value;
        assert_eq!((of("2.5.9"), of("2.6.0")), (Transport::Tcp, Transport::BoshClear));
    }
}
