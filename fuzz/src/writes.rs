//! Repairs of what a client has read: whatever is wanted, nothing fails, and the client reads what comes of it.

use xmpp_audit::discover::Group;
use xmpp_audit::fix::spliced;
use xmpp_audit::model::{Change, Edit, FileNumber, Place, Profile, Step, Wish};
use xmpp_audit::source::{Bounds, Reader};

/// What rules want of accounts.
const FACTS: [(&str, &str); 7] = [
    ("account.encryption", "required"),
    ("account.certificate_check", "asks"),
    ("account.legacy_login", "false"),
    ("account.password", "absent"),
    ("account.room_service.host", "conference.example.org"),
    ("account.room_service.standing", "unjudged"),
    ("account.end_to_end", "default_on"),
];

/// How many subjects of each kind are tried: more of them are more of the same.
const SUBJECTS: usize = 8;

/// Grants every wish by itself.
pub fn grant_all(group: &Group, profile: &Profile, reader: &Reader) {
    for wish in wishes(profile) {
        if let Ok(edits) = group.client.write(profile, reader, &wish) {
            see(group, profile, &edits);
        }
    }
}

fn wishes(profile: &Profile) -> Vec<Wish> {
    let wish = |number, change| Wish { number, change, place: Place::of_file(FileNumber(0), "") };
    let accounts = profile.accounts.len().min(SUBJECTS);
    let facts = FACTS.into_iter().flat_map(|(fact, value)| {
        (0..accounts).map(move |number| wish(number, Change::Set { fact, value: value.to_owned() }))
    });
    let counts = [
        ("habit", profile.habits.len()),
        ("setting", profile.idle_settings.len()),
        ("command", profile.commands.len()),
        ("launch", profile.launches.len()),
    ];
    let removals = counts.into_iter().flat_map(|(subject, count)| {
        (0..count.min(SUBJECTS)).map(move |number| wish(number, Change::Remove { subject }))
    });
    let of_profile = Change::Set { fact: "profile.extra_authority", value: "system".to_owned() };
    facts.chain(removals).chain([wish(0, of_profile)]).collect()
}

/// Makes the edits, and has the client read the files again.
fn see(group: &Group, profile: &Profile, edits: &[Edit]) {
    let changed = profile.files.iter().enumerate().filter_map(|(number, file)| {
        let of_file = edits.iter().filter(|edit| edit.file == FileNumber(number));
        let splices: Vec<_> = of_file
            .map(|edit| match &edit.step {
                Step::Text(splice) => splice.clone(),
                other => panic!("{other:?} of a text"),
            })
            .collect();
        let text = file.text.as_ref()?;
        let changed = spliced(text.bytes(), &splices).expect("edits of one wish agree");
        Some((file.path.clone(), changed))
    });
    let again = group.client.read(&group.files, &Reader::of_files(Bounds::default(), changed));
    let sound = |profile: &Profile| profile.files.iter().filter(|file| file.damage.is_some()).count();
    assert!(sound(&again) <= sound(profile), "a repair has damaged a file");
}
