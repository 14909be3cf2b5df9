//! What clients write to put their files right, whatever is in those: it never panics, the edits of a wish fit
//! together, and the file can be read afterwards as it could before.

use xmpp_audit::clients::Client;
use xmpp_audit::fix::spliced;
use xmpp_audit::model::{Change, Edit, FileNumber, Place, Profile, Step, Wish};
use xmpp_audit::source::Reader;
use xmpp_audit::syntax::xml::{self, gmarkup};
use zeroize::Zeroizing;

/// How many subjects of each kind are tried.
const MOST: usize = 3;

/// Everything that rules want of Pidgin's accounts, rooms and proxies.
const PIDGIN: [(&str, &str); 10] = [
    ("account.encryption", "required"),
    ("account.cleartext_login", "never"),
    ("account.transport", "tcp"),
    ("account.password", "absent"),
    ("account.proxy.tor", "reached"),
    ("account.proxy.fault", "sound"),
    ("account.tls_floor", "modern"),
    ("room.fault", "sound"),
    ("room.address", "garden@conference.example.org"),
    ("room.password", "absent"),
];

/// Tries every wish on a profile of Pidgin's.
pub fn pidgin(client: &dyn Client, profile: &Profile, reader: &Reader) {
    let set = |(fact, value): (&'static str, &str)| Change::Set { fact, value: value.to_owned() };
    let changes = PIDGIN.into_iter().map(set).chain([
        set(("proxy.password", "absent")),
        Change::Remove { subject: "setting" },
        Change::Remove { subject: "habit" },
    ]);
    for change in changes {
        for number in 0..MOST {
            let wish = Wish { number, change: change.clone(), place: Place::of_file(FileNumber(0), "") };
            if let Ok(edits) = client.write(profile, reader, &wish) {
                check(profile, &edits);
            }
        }
    }
}

fn check(profile: &Profile, edits: &[Edit]) {
    let Some(first) = edits.first() else { return };
    let file = profile.file(first.file).expect("edits are of a file");
    let text = file.text.as_ref().expect("edits are of a text").bytes();
    let splice = |edit: &Edit| match &edit.step {
        Step::Text(splice) if edit.file == first.file => splice.clone(),
        _ => panic!("an edit of something else than the one text"),
    };
    let splices: Vec<_> = edits.iter().map(splice).collect();
    let new = spliced(text, &splices).expect("edits of one wish share no byte");
    let new = Zeroizing::new(new.to_vec());
    if file.kind.0 == "preferences" {
        let decoded = gmarkup::decode(new);
        let markup = gmarkup::parse(&decoded);
        assert!(markup.fault.is_none() && !markup.is_cut_off, "preferences are broken");
    } else {
        let decoded = xml::decode(new);
        assert!(xml::parse(&decoded).fault.is_none(), "a file is broken");
    }
}
