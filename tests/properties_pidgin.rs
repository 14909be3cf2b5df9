//! What must hold of Pidgin's files whatever is in them: nothing panics, every place lies in its text, and no secret
//! gets out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod pidgin;
#[path = "pidgin/written.rs"]
mod written;

use pidgin::{accounts_xml, at};
use proptest::prelude::*;
use xmpp_audit::clients::pidgin::Pidgin;
use xmpp_audit::model::{Place, Profile, Span, Spot};
use xmpp_audit::source::Reader;

/// Pieces of which random files are made.
const PIECES: [&str; 46] = [
    "<account version='1.0'>",
    "</account>",
    "<account>",
    "<protocol>prpl-jabber</protocol>",
    "<name>a@x.test/</name>",
    "<password>",
    "</password>",
    "CANARY",
    "<settings>",
    "<settings ui='gtk-gaim'>",
    "</settings>",
    "<setting name='connection_security' type='string'>",
    "<setting name='auth_plain_in_clear' type='bool'>",
    "<setting name='token' type='string'>",
    "<setting name='bosh_url' type='string'>http://u:CANARY@h/",
    "</setting>",
    "require_tls",
    "1",
    "<proxy>",
    "</proxy>",
    "<type>tor</type>",
    "<purple version='1.0'><blist><group>",
    "<chat account='a@x.test' proto='prpl-jabber'>",
    "<component name='password'>",
    "<component name='room'>",
    "</component>",
    "</chat>",
    "<pref name='/'>",
    "<pref name='turn_password' type='string' value='CANARY'/>",
    "<pref name='purple'><pref name='network'>",
    "<pref name='pidgin'><pref name='plugins'><pref name='loaded' type='pathlist'>",
    "<item value='/h/pidgin-otr.so'/>",
    "<item value='/h/autoaccept.so'/>",
    "<pref name='OTR'>",
    "<pref name='enabled' type='bool' value='1'/>",
    "<pref name='browsers'><pref name='browser' type='string' value='custom'/>",
    "<pref name='manual_command' type='string' value='x CANARY'/>",
    "</pref>",
    "<contact>",
    "<buddy account='a@x.test' proto='prpl-jabber'><name>b@x.test</name>",
    "<setting name='OTR/overridedefault' type='bool'>1</setting>",
    "<setting name='autoaccept' type='int'>1</setting>",
    "</buddy></contact>",
    "<pounces><pounce ui='x'><account protocol='prpl-jabber'>a@x.test</account><pouncee>b@x.test</pouncee>\
     <events><event type='away'/></events><actions><action type='execute-command'><param name='command'>",
    "</param></action></actions></pounce></pounces>",
    "&",
];

fn files() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..300),
        proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..40)
            .prop_map(|pieces| pieces.concat().into_bytes()),
    ]
}

/// Every place that a profile speaks of.
fn places(profile: &Profile) -> Vec<&Place> {
    let mut places = Vec::new();
    for account in &profile.accounts {
        places.extend([
            &account.place,
            account.address.place(),
            account.enabled.place(),
            account.encryption.place(),
            account.transport.place(),
            account.certificate_check.place(),
            account.cleartext_login.place(),
            account.tls_floor.place(),
            account.server.place(),
            account.port.place(),
            account.proxy.place(),
            account.password.place(),
        ]);
    }
    for room in profile.rooms.iter().chain(&profile.contacts) {
        places.extend([&room.place, &room.service_place, room.password.place()]);
    }
    places.extend(profile.idle_settings.iter().map(|idle| &idle.place));
    places.extend(profile.proxies.iter().flat_map(|proxy| [&proxy.place, proxy.password.place()]));
    places.extend(profile.habits.iter().map(|habit| habit.what.place()));
    places.extend(profile.conversations.iter().map(|conversation| &conversation.place));
    places.extend(profile.accounts.iter().map(|account| account.end_to_end.place()));
    places.extend(profile.files.iter().filter_map(|file| file.damage.as_ref().map(|damage| &damage.place)));
    places
}

/// Everything that could be shown of a profile: the places with their words and excerpts, and every line.
fn shown(profile: &Profile) -> String {
    let mut shown = String::new();
    for place in places(profile) {
        shown += &place.words;
        if let (Spot::Text(span), Some(text)) = (&place.spot, &profile.files[place.file.0].text) {
            shown += &text.excerpt(*span).text;
        }
    }
    for text in profile.files.iter().filter_map(|file| file.text.as_ref()) {
        let starts = text.bytes().iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        for start in std::iter::once(0).chain(starts) {
            shown += &text.excerpt(Span::at(start)).text;
        }
    }
    shown
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_files_are_read(accounts in files(), list in files(), preferences in files()) {
        let profile = pidgin::read(&[
            (".purple/accounts.xml", &accounts),
            (".purple/blist.xml", &list),
            (".purple/prefs.xml", &preferences),
            (".purple/pounces.xml", &preferences),
            (".purple/accounts.xml~", &accounts),
        ]);
        for place in places(&profile) {
            if place.spot != Spot::File {
                at(&profile, place);
            }
        }
        written::pidgin(&Pidgin, &profile, &Reader::default());
    }

    /// A password is hidden wherever the file is cut off, or damaged by a stray byte.
    #[test]
    fn no_password_is_shown(canary in "[A-Za-z0-9]{12}", cut in 0_usize..900, byte in any::<u8>(), stray in 0_usize..900) {
        let body = format!(
            "<password>{canary}</password><settings><setting name='token' type='string'>{canary}</setting>\
             <setting name='bosh_url' type='string'>http://alice:{canary}@h/</setting></settings>\
             <proxy><type>http</type><host>h</host><port>1</port><password>{canary}</password></proxy>\
             <!-- <password>{canary}</password> -->"
        );
        let sound = accounts_xml(&body).into_bytes();
        let cut_off = sound[..cut.min(sound.len())].to_vec();
        // A stray byte may break a tag's own name, and then nothing tells a password from any other text. It is put
        // in front of the first one.
        let mut damaged = sound.clone();
        let before = String::from_utf8_lossy(&sound).find("<password>").unwrap();
        damaged.insert(stray % before, byte);
        for bytes in [sound, cut_off, damaged] {
            let profile = pidgin::read(&[(".purple/accounts.xml", &bytes)]);
            prop_assert!(!shown(&profile).contains(&canary), "shown");
            prop_assert!(!format!("{profile:?}").contains(&canary), "in Debug");
            let complete = String::from_utf8_lossy(&bytes).contains(&format!(">{canary}<"));
            prop_assert!(!complete || profile.files[0].holds_secret);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// The same of the other files.
    #[test]
    fn no_other_password_is_shown(canary in "[A-Za-z0-9]{12}", cut in 0_usize..400) {
        let list = format!(
            "<purple version='1.0'><blist><group name='g'><chat account='a@x.test' proto='prpl-jabber'>\
             <component name='room'>r</component><component name='server'>s</component>\
             <component name='password'>{canary}</component></chat></group></blist></purple>"
        );
        let preferences = format!(
            "<pref version='1' name='/'><pref name='purple'><pref name='proxy'>\
             <pref name='host' type='string' value='h'/><pref name='password' type='string' value='{canary}'/>\
             <pref value=\"{canary}\" type='string' name='turn_password'/></pref></pref>\
             <pref name='pidgin'><pref name='browsers'><pref name='browser' type='string' value='custom'/>\
             <pref name='manual_command' type='string' value='notify {canary}'/></pref></pref></pref>"
        );
        for cut in [usize::MAX, cut] {
            let list = &list.as_bytes()[..cut.min(list.len())];
            let preferences = &preferences.as_bytes()[..cut.min(preferences.len())];
            let profile = pidgin::read(&[
                (".purple/blist.xml", list),
                (".purple/prefs.xml", preferences),
                (".purple/blist.xml~", list),
                (".purple/prefs.xml.save", preferences),
            ]);
            prop_assert!(!shown(&profile).contains(&canary), "shown");
            prop_assert!(!format!("{profile:?}").contains(&canary), "in Debug");
        }
    }
}

/// A finding points at a fault, or at a setting that does nothing, and shows the line: what stands there may be a
/// password that nothing tells as one.
#[test]
fn what_may_be_a_password_is_not_shown_either() {
    let canary = "kxqvzhwj";
    let sound = accounts_xml("<settings/>");
    for text in [
        accounts_xml(&format!("<pasword>{canary}</password><settings/>")),
        accounts_xml(&format!("<pasword>{canary}<settings/>")),
        format!("{canary}\n{sound}"),
        format!("{sound}{canary}"),
        format!("{sound}<{canary}>"),
        accounts_xml(&format!("{canary}&<settings/>")),
        accounts_xml(&format!(
            "<settings><setting name='connection_security' type='bool'>{canary}</setting></settings>"
        )),
        accounts_xml(&format!(
            "<settings><setting name='connection_security' type='string' value='{canary}'/></settings>"
        )),
    ] {
        let profile = pidgin::read(&[(".purple/accounts.xml", text.as_bytes())]);
        let damaged = profile.files[0].damage.is_some();
        assert!(damaged || !profile.idle_settings.is_empty(), "{text}");
        let shown: String = places(&profile)
            .iter()
            .filter_map(|place| match place.spot {
                Spot::Text(span) => Some(profile.files[0].text.as_ref()?.excerpt(span).text),
                _ => None,
            })
            .collect();
        assert!(!shown.is_empty() && !shown.contains(canary), "{text}");
    }
}

/// Neither a huge nor a deep nor a repetitive file makes the reader crawl.
#[test]
fn bears_hostile_files() {
    let start = std::time::Instant::now();
    let one = "<account><protocol>prpl-jabber</protocol><name>a@x.test</name><settings/></account>";
    let setting = "<setting name='connection_security' type='string'>x</setting>";
    let numbered: String = (0..2_000)
        .map(|n| format!("<account><protocol>prpl-jabber</protocol><name>a{n}@x.test</name><settings/></account>"))
        .collect();
    let entries: String = (0..5_000)
        .map(|n| {
            format!("<chat account='b{n}@x.test' proto='prpl-jabber'><component name='room'>r</component></chat>")
        })
        .collect();
    for accounts in [
        format!("<account>{}</account>", one.repeat(20_000)),
        format!("<account>{numbered}</account>"),
        accounts_xml(&format!("<settings>{}</settings>", setting.repeat(20_000))),
        accounts_xml(&"<settings>".repeat(5_000)),
        accounts_xml(&"<password>".repeat(100_000)),
    ] {
        let list = format!("<purple><blist><group>{entries}</group></blist></purple>");
        let preferences = "<pref name='a'>".repeat(20_000);
        pidgin::read(&[
            (".purple/accounts.xml", accounts.as_bytes()),
            (".purple/blist.xml", list.as_bytes()),
            (".purple/prefs.xml", preferences.as_bytes()),
        ]);
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
