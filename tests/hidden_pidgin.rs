//! What of Pidgin's files is never shown, what of it may be, and which proxies and switches count.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod pidgin;

use pidgin::{account, accounts_xml, at, idle, prefs_xml, profile_of, read};
use xmpp_audit::clients::pidgin::outcome;
use xmpp_audit::model::{
    Certificate, CleartextLogin, Login, Origin, Outcome, Profile, Purpose, Secret, Server, Span, TlsOffer,
};

/// Everything that excerpts of the profile's first file show.
fn shown(profile: &Profile) -> String {
    let text = profile.files[0].text.as_ref().unwrap();
    (0..text.bytes().len()).step_by(5).map(|at| text.excerpt(Span::at(at)).text).collect()
}

#[test]
fn logins_are_hidden_however_they_are_written() {
    for body in [
        "<settings><setting name='bosh_url' type='string'>alice:hunter2@b.example.org/bind</setting></settings>",
        "<settings><setting name='bosh_url' type='string'>https:&#47;/alice:hunter2@b.example.org/</setting></settings>",
        "<settings/><!-- <password>hunter2</password> -->",
        "<settings/><password>x</password><!-- <password>hunter2</password> -->",
    ] {
        let profile = profile_of(body);
        assert!(!shown(&profile).contains("hunter2"), "{body}");
        assert!(profile.files[0].holds_secret, "{body}");
    }
}

#[test]
fn what_is_no_secret_is_shown() {
    let profile = profile_of(
        "<settings><setting name='connect_server' type='string'>xmpp.example.org</setting>\
         <setting name='resource' type='string'>laptop@home</setting></settings>",
    );
    assert!(!profile.files[0].holds_secret);
    let text = shown(&profile);
    assert!(text.contains(">xmpp.example.org<") && text.contains(">laptop@home<"), "{text}");
    let preferences = prefs_xml(&[("/purple/conversations/im/title", "string", "good morning")]);
    let profile = read(&[(".purple/prefs.xml", preferences.as_bytes())]);
    assert!(shown(&profile).contains("good morning"));
}

#[test]
fn a_command_of_a_pounce_is_hidden_under_a_disguised_name() {
    let pounces = |name: &str, element: &str| {
        format!(
            "<?xml version='1.0'?><pounces><pounce ui='x'><actions><action type='execute-command'>\
             <{element} name='{name}'>notify hunter2</{element}></action></actions></pounce></pounces>"
        )
    };
    let accounts = accounts_xml("<settings/>");
    for (name, element, is_shown) in [
        ("command", "param", false),
        ("comm&#97;nd", "param", false),
        ("&#99;&#111;&#109;mand", "param", false),
        ("mess&#97;ge", "param", true),
        ("message", "param", true),
        ("comm&#97;nd", "other", true),
    ] {
        let pounces = pounces(name, element);
        let profile =
            read(&[(".purple/accounts.xml", accounts.as_bytes()), (".purple/pounces.xml", pounces.as_bytes())]);
        let text = profile.files.iter().find(|file| file.path.ends_with("pounces.xml")).unwrap().text.as_ref();
        let text = text.unwrap();
        let shows = |word: &str| (0..text.bytes().len()).any(|at| text.excerpt(Span::at(at)).text.contains(word));
        assert_eq!(shows("hunter2"), is_shown, "{name} {element}");
        assert_eq!(shows("notify"), is_shown || name == "command", "{name} {element}: the program");
    }
}

#[test]
fn a_value_that_does_nothing_is_hidden_in_its_own_file() {
    let accounts = accounts_xml("<settings><setting name='port' type='string'>hunter2</setting></settings>");
    let preferences = prefs_xml(&[]);
    let profile =
        read(&[(".purple/prefs.xml", preferences.as_bytes()), (".purple/accounts.xml", accounts.as_bytes())]);
    let file = profile.files.iter().find(|file| file.path.ends_with("accounts.xml")).unwrap();
    let text = file.text.as_ref().unwrap();
    assert!((0..text.bytes().len()).all(|at| !text.excerpt(Span::at(at)).text.contains("hunter2")));
}

/// `says_something`: a block in which everything is as by default is forgotten (`parse_proxy_info`).
#[test]
fn an_accounts_own_proxy_is_one_if_it_says_something() {
    for (block, is_one) in [
        ("", false),
        ("<type>global</type>", false),
        ("<type>global</type><port>0</port>", false),
        ("<type>global</type><password></password>", false),
        ("<type>none</type>", true),
        ("<type>global</type><host>proxy.example.org</host>", true),
        ("<type>global</type><port>3128</port>", true),
        ("<type>global</type><password>hunter2</password>", true),
    ] {
        let profile = profile_of(&format!("<settings/><proxy>{block}</proxy>"));
        assert_eq!(profile.proxies.len(), usize::from(is_one), "{block}");
    }
}

#[test]
fn the_proxy_for_all_is_listed_with_its_password() {
    let of = |kind: &str, host: &str| {
        let preferences = prefs_xml(&[
            ("/purple/network/turn_password", "string", ""),
            ("/purple/proxy/type", "string", kind),
            ("/purple/proxy/host", "string", host),
            ("/purple/proxy/port", "int", "3128"),
            ("/purple/proxy/password", "string", "hunter2"),
        ]);
        let profile = read(&[(".purple/prefs.xml", preferences.as_bytes())]);
        assert!(!shown(&profile).contains("hunter2"), "{kind} {host}");
        profile.proxies.first().map(|proxy| (proxy.account, proxy.port, proxy.password.value))
    };
    let listed = |secret| Some((None, Some(3128), secret));
    for (kind, host, secret) in [
        ("http", "proxy.example.org", Secret::Clear),
        ("http", "127.0.0.1", Secret::Clear),
        ("socks5", "proxy.example.org", Secret::Clear),
        // Tor takes any login.
        ("socks5", "127.0.0.1", Secret::MadeUp),
        ("tor", "127.0.0.1", Secret::MadeUp),
    ] {
        assert_eq!(of(kind, host), listed(secret), "{kind} {host}");
    }
    assert_eq!(of("http", ""), None);
}

#[test]
fn a_proxy_that_is_not_used_has_no_host() {
    for kind in ["none", "envvar"] {
        let profile = profile_of(&format!(
            "<settings/><proxy><type>{kind}</type><host>127.0.0.1</host><port>9050</port></proxy>"
        ));
        let proxy = &account(&profile).proxy.value;
        assert_eq!((proxy.host.as_deref(), proxy.port), (None, None), "{kind}");
    }
}

#[test]
fn only_auto_login_switches_an_account_on() {
    for (name, enabled) in [("auto-login", true), ("check-mail", false)] {
        let profile = profile_of(&format!(
            "<settings/><settings ui='gtk-gaim'><setting name='{name}' type='bool'>1</setting></settings>"
        ));
        assert_eq!(account(&profile).enabled.value, enabled, "{name}");
    }
}

#[test]
fn the_port_by_default_follows_the_way_to_connect() {
    for (security, port) in [("old_ssl", "5223"), ("require_tls", "5222"), ("opportunistic_tls", "5222")] {
        let profile = profile_of(&format!(
            "<settings><setting name='connection_security' type='string'>{security}</setting></settings>"
        ));
        let Origin::Default { written_as, .. } = account(&profile).port.origin else { panic!("written") };
        assert_eq!(written_as, port, "{security}");
    }
}

/// `old_ssl` is not looked at over BOSH, where a server that speaks TLS only answers nothing.
#[test]
fn bosh_in_the_clear_asks_before_the_password_goes_out() {
    let of = |url: &str, security: &str| {
        profile_of(&format!(
            "<settings><setting name='bosh_url' type='string'>{url}</setting>\
             <setting name='connection_security' type='string'>{security}</setting></settings>"
        ))
    };
    for (url, security, login) in [
        ("http://b.example.org/", "opportunistic_tls", CleartextLogin::Asks),
        ("http://b.example.org/", "old_ssl", CleartextLogin::Asks),
        ("http://b.example.org/", "require_tls", CleartextLogin::Never),
        ("https://b.example.org/", "opportunistic_tls", CleartextLogin::Never),
    ] {
        assert_eq!(account(&of(url, security)).cleartext_login.value, login, "{url} {security}");
    }
    let server = Server { tls: TlsOffer::Direct, certificate: Certificate::Valid, login: &[Login::Plain] };
    let profile = of("http://b.example.org/", "opportunistic_tls");
    assert_eq!(outcome(account(&profile), &server), Outcome::Safe);
    assert_eq!(outcome(account(&profile), &Server::STRIPPED), Outcome::Asks);
}

#[test]
fn a_preference_without_a_type_takes_no_value_away() {
    let twice = "<?xml version='1.0'?><pref version='1' name='/'><pref name='purple'><pref name='logging'>\
                 <pref name='log_ims' type='bool' value='1'/><pref name='log_ims'/></pref></pref></pref>";
    let profile = read(&[(".purple/prefs.xml", twice.as_bytes())]);
    assert!(idle(&profile).is_empty(), "{:?}", idle(&profile));
}

#[test]
fn what_is_written_twice_does_nothing_only_where_it_differs() {
    for (second, count) in [("1", 0), ("0", 1)] {
        let twice = prefs_xml(&[
            ("/purple/logging/log_ims", "bool", "1"),
            ("/purple/logging/log_ims", "bool", second),
            ("/purple/of/somebody", "string", "a"),
            ("/purple/of/somebody", "string", "b"),
        ]);
        let profile = read(&[(".purple/prefs.xml", twice.as_bytes())]);
        assert_eq!(idle(&profile).len(), count, "{:?}", idle(&profile));
        let accounts = accounts_xml(&format!(
            "<settings><setting name='port' type='int'>1</setting><setting name='port' type='int'>{second}</setting>\
             <setting name='of_somebody' type='string'>a</setting>\
             <setting name='of_somebody' type='string'>b</setting></settings>"
        ));
        let profile = read(&[(".purple/accounts.xml", accounts.as_bytes())]);
        assert_eq!(idle(&profile).len(), count, "{:?}", idle(&profile));
    }
}

#[test]
fn preferences_that_end_too_early_are_pointed_at_where_they_end() {
    let sound = prefs_xml(&[("/purple/logging/log_ims", "bool", "1")]);
    let cut = sound.trim_end().strip_suffix("</pref>").unwrap();
    let profile = read(&[(".purple/prefs.xml", cut.as_bytes())]);
    let damage = profile.files[0].damage.as_ref().unwrap();
    assert_eq!(at(&profile, &damage.place), ">");
}

#[test]
fn a_plugin_of_the_system_that_exists_is_not_the_users() {
    let accounts = accounts_xml("<settings/>");
    let preferences = prefs_xml(&[("/pidgin/plugins/loaded", "pathlist", "/usr/bin/env")]);
    let profile =
        read(&[(".purple/accounts.xml", accounts.as_bytes()), (".purple/prefs.xml", preferences.as_bytes())]);
    assert!(profile.habits.iter().all(|habit| habit.detail.as_deref() != Some("env")));
}

#[test]
fn an_accepted_certificate_is_read_once() {
    let accounts = accounts_xml("<settings/>");
    // Its name has what makes it look like a file of Pidgin's.
    let certificate = ".purple/certificates/x509/tls_peers/pidgin.xml.example.org";
    let profile =
        read(&[(".purple/accounts.xml", accounts.as_bytes()), (certificate, b"-----BEGIN CERTIFICATE-----\n")]);
    let files = profile.files.iter().filter(|file| file.kind.1 == Purpose::Other).count();
    assert_eq!((files, profile.certificate_exceptions.len()), (1, 1));
}
