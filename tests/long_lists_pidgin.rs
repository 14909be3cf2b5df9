//! A list of contacts that is too long to be held in memory tells the same as one that is not.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test may fail"
)]

mod pidgin;

use std::path::{Path, PathBuf};

use pidgin::{accounts_xml, prefs_xml};
use proptest::prelude::*;
use xmpp_audit::clients::pidgin::Pidgin;
use xmpp_audit::clients::{Client, Found};
use xmpp_audit::model::{Damage, Place, Plenty, Profile, Room, Spot, Trouble, limits};
use xmpp_audit::source::{Bounds, Reader};
use zeroize::Zeroizing;

/// The bounds of a reader that holds no list in memory.
fn streaming() -> Bounds {
    Bounds { held_text: 0, ..Bounds::default() }
}

fn files(list: &[u8]) -> Vec<(PathBuf, Zeroizing<Vec<u8>>)> {
    let preferences = prefs_xml(&[
        ("/purple/logging/log_ims", "bool", "0"),
        ("/purple/logging/log_chats", "bool", "0"),
        ("/pidgin/plugins/loaded", "pathlist", "/usr/lib/purple-2/autoaccept.so|/usr/lib/pidgin/pidgin-otr.so"),
        ("/OTR/enabled", "bool", "1"),
        ("/OTR/automatic", "bool", "1"),
    ]);
    [
        ("accounts.xml", accounts_xml("<password>hunter2</password>").into_bytes()),
        ("prefs.xml", preferences.into_bytes()),
        ("blist.xml", list.to_vec()),
    ]
    .map(|(name, bytes)| (Path::new("/home/alice/.purple").join(name), Zeroizing::new(bytes)))
    .to_vec()
}

fn read(list: &[u8], bounds: Bounds) -> Profile {
    let files = files(list);
    let found: Vec<Found> = files
        .iter()
        .map(|(path, bytes)| Found { path: path.clone(), kind: Pidgin.recognise(path, bytes).unwrap(), home: None })
        .collect();
    let mut profile = Pidgin.read_as(&found, &Reader::of_files(bounds, files), None);
    profile.note_what_was_left_out();
    profile
}

/// Where a place is, and the line around it.
fn shown(profile: &Profile, place: &Place) -> String {
    let file = profile.file(place.file).unwrap();
    let Spot::Text(span) = place.spot else { return format!("{place:?}") };
    let text = file.text.as_ref().unwrap();
    let excerpt = text.excerpt(span);
    let marked = excerpt.text.get(excerpt.mark.start..excerpt.mark.end).expect("a mark that cuts the text");
    format!("{:?} {} {:?} {marked:?} {}", text.position(span), place.words, excerpt.text, file.path.display())
}

fn room(profile: &Profile, room: &Room) -> String {
    let Room { address, account, account_address, fault, autojoin, .. } = room;
    let place = |place: &Place| shown(profile, place);
    let (own, service, password) = (place(&room.place), place(&room.service_place), place(room.password.place()));
    let words = format!("{address:?} {account:?} {account_address:?} {fault:?} {autojoin}");
    format!("{words} {:?} {own} {service} {password}", room.password.value)
}

/// Everything that a profile tells of its list.
fn told(profile: &Profile) -> Vec<String> {
    let mut told: Vec<String> =
        profile.rooms.iter().chain(&profile.contacts).map(|one| room(profile, one)).collect();
    let habits = profile.habits.iter();
    told.extend(habits.map(|habit| format!("{:?} {}", habit.what.value, shown(profile, habit.what.place()))));
    let conversations = profile.conversations.iter();
    told.extend(conversations.map(|one| format!("{:?} {}", one.encryption, shown(profile, &one.place))));
    told.extend(profile.files.iter().map(|file| format!("{} {}", file.holds_secret, file.path.display())));
    told.extend(profile.notices.iter().map(|notice| format!("{notice:?}")));
    told
}

/// The faults, where they are, and what is shown of them.
fn damage(profile: &Profile) -> Vec<String> {
    let damages = profile.files.iter().filter_map(|file| {
        let damage = file.damage.as_ref()?;
        let Spot::Text(span) = damage.place.spot else { panic!("{damage:?}") };
        Some(format!("{:?} {:?} {:?}", damage.fault, damage.loss, file.text.as_ref()?.position(span)))
    });
    damages.collect()
}

fn setting() -> impl Strategy<Value = String> {
    let names = proptest::sample::select(vec![
        "last_seen",
        "buddy_icon",
        "enable-logging",
        "autoaccept",
        "OTR/overridedefault",
        "OTR/enabled",
        "gtk-autojoin",
        "token",
        "enable&#x2d;logging",
    ]);
    let values = proptest::sample::select(vec!["0", "1", "true", "CANARY", "", "<![CDATA[1]]>"]);
    let kinds = proptest::sample::select(vec!["bool", "int", "string"]);
    (names, kinds, values)
        .prop_map(|(name, kind, value)| format!("<setting name='{name}' type='{kind}'>{value}</setting>"))
}

fn entry() -> impl Strategy<Value = String> {
    let protocols = proptest::sample::select(vec!["prpl-jabber", "prpl-irc", "prpl&#45;jabber"]);
    let names = proptest::sample::select(vec![
        "bob@example.org",
        "garden@conference.example.org",
        "Zoë@example.org/x",
        "nobody",
        "b<!-- -->ob@example.org",
        "<![CDATA[bob@example.net]]>",
    ]);
    let settings = || proptest::collection::vec(setting(), 0..4).prop_map(|settings| settings.join("\n\t\t\t\t\t"));
    prop_oneof![
        (protocols.clone(), names, settings(), settings()).prop_map(|(protocol, name, own, around)| format!(
            "<contact>\n\t\t\t\t<buddy account='alice@example.org/' proto='{protocol}'>\n\t\t\t\t\t<name>{name}</name>\
             {own}\n\t\t\t\t</buddy>\n\t\t\t\t{around}\n\t\t\t</contact>"
        )),
        (protocols, proptest::sample::select(vec!["", "CANARY"]), settings()).prop_map(|(protocol, password, own)| {
            let password = if password.is_empty() {
                String::new()
            } else {
                format!("<component name='password'>{password}</component>")
            };
            format!(
                "<chat account='alice@example.org/' proto='{protocol}'>\n\t\t\t\t<component name='room'>garden</component>\
                 \n\t\t\t\t<component name='server'>example.org</component>{password}\n\t\t\t\t{own}\n\t\t\t</chat>"
            )
        }),
        Just("<!-- a comment -->".to_owned()),
        Just("<setting name='collapsed' type='bool'>0</setting>".to_owned()),
        Just("<other><chat account='alice@example.org/' proto='prpl-jabber'/></other>".to_owned()),
    ]
}

fn lists() -> impl Strategy<Value = String> {
    let group = proptest::collection::vec(entry(), 0..5).prop_map(|entries| {
        let entries: String = entries.iter().map(|entry| format!("\t\t\t{entry}\n")).collect();
        format!("\t\t<group name='Büddies'>\n{entries}\t\t</group>\n")
    });
    let groups = proptest::collection::vec(group, 0..4).prop_map(|groups| groups.concat());
    let ends = proptest::sample::select(vec!["\n", "\r\n"]);
    (groups, any::<bool>(), ends).prop_map(|(groups, is_latin, end)| {
        let encoding = if is_latin { " encoding='ISO-8859-1'" } else { "" };
        let privacy = "\t<privacy>\n\t\t<account proto='prpl-jabber' name='alice@example.org/' mode='1'/>\n\t</privacy>";
        let list = format!(
            "<?xml version='1.0'{encoding}?>\n<purple version='1.0'>\n\t<blist>\n{groups}\t</blist>\n{privacy}\n</purple>\n"
        );
        list.replace('\n', end)
    })
}

fn bytes_of(list: &str) -> Vec<u8> {
    if list.contains("ISO-8859-1") { list.chars().map(|character| character as u8).collect() } else { list.into() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_list_that_is_not_held_tells_the_same(list in lists()) {
        let bytes = bytes_of(&list);
        let whole = read(&bytes, Bounds::default());
        let streamed = read(&bytes, streaming());
        prop_assert_eq!(told(&streamed), told(&whole), "{}", list);
        prop_assert_eq!(damage(&whole), Vec::<String>::new());
    }

    #[test]
    fn a_fault_is_told_at_the_same_place_and_nothing_secret_with_it(
        list in lists(),
        at in any::<proptest::sample::Index>(),
        piece in proptest::sample::select(vec!["<", "&", "</x>", "\0", "é\u{1}", "<password>CANARY", "<<<<<<< CANARY\n", "="]),
    ) {
        let at = boundary(&list, at.index(list.len()));
        let bytes = bytes_of(&format!("{}{piece}{}", &list[..at], &list[at..]));
        let whole = read(&bytes, Bounds::default());
        let streamed = read(&bytes, streaming());
        prop_assert_eq!(damage(&streamed), damage(&whole), "{}", list);
        for (one, other) in streamed.files.iter().zip(&whole.files) {
            prop_assert!(one.holds_secret || !other.holds_secret);
            let Some(damage) = &one.damage else { continue };
            let is_shown = |profile, damage: &Damage| shown(profile, &damage.place).contains("CANARY");
            let is_shown_of_whole = other.damage.as_ref().is_some_and(|damage| is_shown(&whole, damage));
            prop_assert!(!is_shown(&streamed, damage) || is_shown_of_whole, "{}", list);
        }
    }
}

/// A list of so many entries.
fn list_of(count: usize, entry: impl Fn(usize) -> String) -> Vec<u8> {
    let entries: String = (0..count).map(|number| format!("\t\t\t{}\n", entry(number))).collect();
    let (head, tail) = ("<purple>\n\t<blist>\n\t\t<group>\n", "\t\t</group>\n\t</blist>\n</purple>\n");
    format!("{head}{entries}{tail}").into_bytes()
}

fn contact_of(number: usize, setting: &str) -> String {
    format!(
        "<contact><buddy account='alice@example.org/' proto='prpl-jabber'><name>p{number}@example.org</name>{setting}\
         </buddy></contact>"
    )
}

fn plenty(profile: &Profile) -> Vec<Plenty> {
    let plenty = profile.notices.iter().filter_map(|notice| match notice.trouble {
        Trouble::TooMany { what, .. } => Some(what),
        _ => None,
    });
    plenty.collect()
}

#[test]
fn what_matters_is_found_wherever_it_stands_in_a_long_list() {
    let last = 59_999;
    let list = list_of(last + 1, |number| {
        contact_of(
            number,
            if number == last { "<setting name='enable-logging' type='bool'>1</setting>" } else { "" },
        )
    });
    assert!(list.len() as u64 > limits::HELD);
    let profile = read(&list, Bounds::default());
    assert_eq!(profile.contacts.len(), limits::CONTACTS_OF_HOST + 1);
    let place = &profile.contacts.last().unwrap().place;
    let shown = shown(&profile, place);
    assert!(shown.contains(&format!("line: {}", last + 4)) && shown.contains("p59999@example.org"), "{shown}");
    assert_eq!(plenty(&profile), []);
}

#[test]
fn a_list_with_more_than_is_kept_says_so() {
    let room = |number| {
        format!(
            "<chat account='alice@example.org/' proto='prpl-jabber'><component name='room'>r{number}</component>\
             <component name='server'>conference.example.org</component></chat>"
        )
    };
    let list = list_of(40_000, room);
    assert!(list.len() as u64 > limits::HELD);
    let profile = read(&list, Bounds::default());
    assert_eq!((profile.rooms.len(), plenty(&profile)), (limits::ROOMS, vec![Plenty::Rooms]));
}

#[test]
fn an_entry_or_a_tag_that_is_too_long_is_said_and_not_kept() {
    let long = "x".repeat(5 << 20);
    for entry in [
        contact_of(1, &format!("<alias>{long}</alias>")),
        contact_of(1, &format!("<alias a='{long}'/>")),
        format!("<!-- {long} -->"),
        contact_of(1, &"<b/>".repeat(2 << 20)),
    ] {
        let list = list_of(3, |number| if number == 1 { entry.clone() } else { contact_of(number, "") });
        let profile = read(&list, Bounds::default());
        assert_eq!(plenty(&profile), [Plenty::Bytes]);
        let kept = profile.files.iter().filter_map(|file| file.text.as_ref()).map(|text| text.bytes().len());
        assert!(kept.sum::<usize>() < 10_000);
    }
}

#[test]
fn a_secret_that_is_not_kept_is_known_all_the_same() {
    for (secret, is_one) in [
        ("<setting name='token' type='string'>hunter2</setting>", true),
        ("<setting name='tok&#101;n' type='string'>hunter2</setting>", true),
        ("<!-- <password>hunter2</password> -->", true),
        ("<alias>https://alice:hunter2@example.org</alias>", true),
        ("<alias>nothing</alias>", false),
    ] {
        let list = list_of(60_000, |number| contact_of(number, if number == 50_000 { secret } else { "" }));
        let profile = read(&list, Bounds::default());
        let holds = profile.files.iter().find(|file| file.path.ends_with("blist.xml")).unwrap().holds_secret;
        assert_eq!(holds, is_one, "{secret}");
    }
}

#[test]
fn a_list_is_refused_that_is_larger_than_was_asked_for() {
    let list = list_of(60_000, |number| contact_of(number, ""));
    let profile = read(&list, Bounds { long_text: 5 << 20, ..Bounds::default() });
    assert!(profile.contacts.is_empty());
    assert!(matches!(profile.notices[0].trouble, Trouble::TooLarge { bound: 5_242_880, .. }));
}

/// The next place from there on at which no character is cut in two.
fn boundary(text: &str, at: usize) -> usize {
    (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap()
}
