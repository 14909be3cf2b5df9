//! What repairs make of Profanity's files: nothing is different but what was to be, and what cannot be done is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use xmpp_audit::clients::profanity::Profanity;
use xmpp_audit::clients::{Client, Found, HEAD};
use xmpp_audit::discover::{self, Target};
use xmpp_audit::finding::Severity;
use xmpp_audit::fix::{Content, spliced};
use xmpp_audit::model::{
    Account, CertificateCheck, Change, ClientVersion, CommandEffect, Encryption, EndToEnd, HabitKind, Idle,
    Language, Place, Profile, Secret, Splice, Step, Unrepairable, Version, VersionSource, Wish,
};
use xmpp_audit::rules::RuleSet;
use xmpp_audit::source::{Bounds, Reader};
use xmpp_audit::{Request, Search};
use zeroize::Zeroizing;

const ACCOUNTS: &str = ".local/share/profanity/accounts";
const PROFRC: &str = ".config/profanity/profrc";
const INPUTRC: &str = ".config/profanity/inputrc";
const SCRIPT: &str = ".local/share/profanity/scripts/evening";

/// Files of a home, and the version that reads them.
#[derive(Clone, Debug)]
struct Home {
    files: BTreeMap<&'static str, Vec<u8>>,
    version: Option<&'static str>,
}

impl Home {
    fn of<const N: usize>(files: [(&'static str, &str); N]) -> Self {
        Self { files: files.map(|(path, text)| (path, text.as_bytes().to_vec())).into(), version: None }
    }

    fn with_version(self, version: &'static str) -> Self {
        Self { version: Some(version), ..self }
    }

    fn read(&self) -> (Profile, Reader) {
        let top = Path::new("/home/alice");
        let files = self.files.iter().map(|(path, bytes)| (top.join(path), Zeroizing::new(bytes.clone())));
        let reader = Reader::of_files(Bounds::default(), files);
        let found = |(path, bytes): (&&str, &Vec<u8>)| {
            let path: PathBuf = top.join(path);
            let kind = Profanity.recognise(&path, bytes.get(..HEAD).unwrap_or(bytes))?;
            Some(Found { path, kind, home: Some(top.to_owned()) })
        };
        let found: Vec<_> = self.files.iter().filter(|(path, _)| **path != SCRIPT).filter_map(found).collect();
        let version = self
            .version
            .map(|version| ClientVersion::exactly(Version::parse(version).unwrap(), VersionSource::Told));
        (Profanity.read_as(&found, &reader, version.as_ref()), reader)
    }

    fn profile(&self) -> Profile {
        self.read().0
    }

    /// The home with a wish granted, and the splices.
    fn granted(&self, number: usize, change: Change) -> Result<(Self, Vec<Splice>), Unrepairable> {
        let (profile, reader) = self.read();
        let wish = Wish { number, change, place: Place::of_file(xmpp_audit::model::FileNumber(0), "") };
        let mut by_path: BTreeMap<PathBuf, Vec<Splice>> = BTreeMap::new();
        for edit in Profanity.write(&profile, &reader, &wish)? {
            let Step::Text(splice) = edit.step else { panic!("{edit:?}") };
            by_path.entry(profile.file(edit.file).unwrap().path.clone()).or_default().push(splice);
        }
        let mut home = self.clone();
        for (path, bytes) in &mut home.files {
            if let Some(splices) = by_path.get(&Path::new("/home/alice").join(path)) {
                *bytes = spliced(bytes, splices).unwrap().to_vec();
            }
        }
        Ok((home, by_path.into_values().flatten().collect()))
    }

    /// The text of a file after a wish.
    fn after(&self, path: &str, number: usize, change: Change) -> Result<String, Unrepairable> {
        let (home, _) = self.granted(number, change)?;
        Ok(String::from_utf8(home.files[path].clone()).unwrap())
    }
}

fn set(fact: &'static str, value: &str) -> Change {
    Change::Set { fact, value: value.to_owned() }
}

fn remove(subject: &'static str) -> Change {
    Change::Remove { subject }
}

/// Of accounts, the first.
fn account(text: &str, fact: &'static str, value: &str) -> Result<String, Unrepairable> {
    Home::of([(ACCOUNTS, text)]).after(ACCOUNTS, 0, set(fact, value))
}

#[test]
fn a_value_is_changed_where_it_counts() {
    let encryption = |text: &str| account(text, "account.encryption", "required");
    for (text, expected) in [
        ("[a@x.test]\ntls.policy=allow\n", "[a@x.test]\ntls.policy=force\n"),
        ("[a@x.test]\r\n tls.policy =  disable\r\n# c\r\n", "[a@x.test]\r\n tls.policy =  force\r\n# c\r\n"),
        ("[a@x.test]\ntls.policy=force\n# c\ntls.policy=allow", "[a@x.test]\n# c\ntls.policy=force"),
        (
            "[a@x.test]\ntls.policy=trust\n[b@x.test]\ntls.policy=allow\n[a@x.test]\ntls.policy=allow\n",
            "[a@x.test]\n[b@x.test]\ntls.policy=allow\n[a@x.test]\ntls.policy=force\n",
        ),
        ("[a@x.test]\ntls.policy=allow # no\n", "[a@x.test]\ntls.policy=force\n"),
        ("[a@x.test]\ntls.policy=Force\n", "[a@x.test]\ntls.policy=force\n"),
        // So it is already.
        ("[a@x.test]\ntls.policy=allow\ntls.policy=force\n", "[a@x.test]\ntls.policy=allow\ntls.policy=force\n"),
        ("[a@x.test]\ntls.policy[de]=allow\n", "[a@x.test]\ntls.policy[de]=allow\n"),
    ] {
        assert_eq!(encryption(text).as_deref(), Ok(expected), "{text}");
    }
    let bytes = Home {
        files: [(ACCOUNTS, b"# caf\xe9\n[a@x.test]\ntls.policy=\xe9\nx=\xe9\n".to_vec())].into(),
        version: None,
    };
    let (after, _) = bytes.granted(0, set("account.encryption", "required")).unwrap();
    assert_eq!(after.files[ACCOUNTS], b"# caf\xe9\n[a@x.test]\ntls.policy=force\nx=\xe9\n");
}

#[test]
fn lines_go_that_would_come_to_life() {
    for (key, fact, value) in [
        ("auth.policy", "account.legacy_login", "false"),
        ("password", "account.password", "absent"),
        ("muc.service", "account.room_service.standing", "unjudged"),
    ] {
        let text =
            format!("[a@x.test]\n{key}=1\njid=a@x.test\n# {key}=2\n\t{key} = 3\n{key}[de]=4\n[b]\n{key}=5\n");
        let expected = format!("[a@x.test]\njid=a@x.test\n# {key}=2\n{key}[de]=4\n[b]\n{key}=5\n");
        assert_eq!(account(&text, fact, value), Ok(expected), "{key}");
    }
}

#[test]
fn a_password_is_forgotten() {
    let home = Home::of([(ACCOUNTS, "[a@x.test]\npassword=old\npassword=hunter2\n")]);
    let (_, splices) = home.granted(0, set("account.password", "absent")).unwrap();
    assert!(splices.len() == 2 && splices.iter().all(|splice| splice.forgets));
    let duplicate = home.profile().idle_settings.iter().position(|setting| setting.reason == Idle::Duplicate);
    let (after, splices) = home.granted(duplicate.unwrap(), remove("setting")).unwrap();
    assert!(splices.len() == 1 && splices.iter().all(|splice| splice.forgets));
    assert_eq!(after.files[ACCOUNTS], b"[a@x.test]\npassword=hunter2\n");
}

#[test]
fn a_file_that_is_not_read_to_its_end_is_left_alone() {
    for text in ["[a@x.test]\ntls.policy=allow\nstray\n", "[a@x.test]\ntls.policy=allow\n[b]]\n"] {
        assert_eq!(account(text, "account.encryption", "required"), Err(Unrepairable::Damaged), "{text}");
    }
}

#[test]
fn what_a_version_cannot_do_is_said() {
    let allow = "[a@x.test]\ntls.policy=allow\n";
    let with = |text: &str, version| Home::of([(ACCOUNTS, text), (PROFRC, "")]).with_version(version);
    let required = || set("account.encryption", "required");
    assert_eq!(with(allow, "0.4.7").after(ACCOUNTS, 0, required()), Err(Unrepairable::Outdated));
    assert!(with(allow, "0.5.0").after(ACCOUNTS, 0, required()).is_ok());
    let direct = "[a@x.test]\ntls.policy=direct\n";
    assert_eq!(with(direct, "0.15.1").after(ACCOUNTS, 0, required()), Err(Unrepairable::Choice));
    let rooms = || set("account.room_service.standing", "unjudged");
    assert_eq!(
        with("[a@x.test]\nmuc.service=x.test\n", "0.5.0").after(ACCOUNTS, 0, rooms()),
        Err(Unrepairable::Outdated)
    );
    let home = with("[a@x.test]\n", "0.13.1");
    let kept = home.profile().habits.iter().position(|habit| habit.what.value == HabitKind::DecryptedKept);
    assert_eq!(home.after(PROFRC, kept.unwrap(), remove("habit")), Err(Unrepairable::Outdated));
}

#[test]
fn an_account_that_insists_on_tls_can_log_in() {
    let home = Home::of([
        (ACCOUNTS, "[a@x.test]\ntls.policy=allow\n"),
        (PROFRC, "[connection]\ntls.certpath=/etc/ssl/certs\n# c\ntls.certpath=\nreveal.os=false\n"),
    ]);
    let (after, _) = home.granted(0, set("account.encryption", "required")).unwrap();
    assert_eq!(after.files[PROFRC], b"[connection]\n# c\nreveal.os=false\n");
    let (only, _) = home.granted(0, set("profile.extra_authority", "system")).unwrap();
    assert_eq!((&only.files[PROFRC], &only.files[ACCOUNTS]), (&after.files[PROFRC], &home.files[ACCOUNTS]));
}

#[test]
fn the_policy_of_end_to_end_encryption_is_written_where_it_decides() {
    let on = || set("account.end_to_end", "default_on");
    for (accounts, profrc, path, version, expected) in [
        ("[a@x.test]\n", "", PROFRC, None, "[omemo]\npolicy=always\n"),
        ("[a@x.test]\n", "[omemo]\npolicy=manual\n", PROFRC, None, "[omemo]\npolicy=always\n"),
        ("[a@x.test]\nomemo.policy=manual\n", "", ACCOUNTS, None, "[a@x.test]\nomemo.policy=always\n"),
        ("[a@x.test]\n", "[otr]\n", PROFRC, Some("0.6.0"), "[otr]\npolicy=always\n"),
        ("[a@x.test]\notr.policy=manual\n", "", ACCOUNTS, Some("0.6.0"), "[a@x.test]\notr.policy=always\n"),
    ] {
        let home = Home { version, ..Home::of([(ACCOUNTS, accounts), (PROFRC, profrc)]) };
        assert_eq!(home.after(path, 0, on()).as_deref(), Ok(expected), "{accounts}{profrc}");
        let (after, _) = home.granted(0, on()).unwrap();
        assert_eq!(after.profile().accounts[0].end_to_end.value, EndToEnd::DefaultOn);
    }
    // What is to become of contacts that are left out is not for a program to say.
    let left_out = "[a@x.test]\n[b@x.test]\nomemo.disabled=c@x.test;\n";
    let home = Home::of([(ACCOUNTS, left_out), (PROFRC, "")]);
    assert_eq!(home.after(PROFRC, 0, on()), Err(Unrepairable::Choice));
    // Without preferences the account has its own.
    let home = Home::of([(ACCOUNTS, "[a@x.test]\nmuc.nick=a\n")]);
    assert_eq!(home.after(ACCOUNTS, 0, on()).as_deref(), Ok("[a@x.test]\nmuc.nick=a\nomemo.policy=always\n"));
}

#[test]
fn defaults_of_a_file_that_does_not_exist_wait_for_it() {
    let home = Home::of([(ACCOUNTS, "[a@x.test]\n")]);
    let habits = home.profile().habits.len();
    assert!(habits > 3);
    for number in 0..habits {
        assert_eq!(home.after(ACCOUNTS, number, remove("habit")), Err(Unrepairable::NotMade));
    }
}

#[test]
fn the_name_that_was_to_be_given_out_is_given_out() {
    let text = "[a@x.test]\nclient.name=Bot\\s\\\\ 1\n";
    let home = Home::of([(ACCOUNTS, text), (PROFRC, "")]);
    let shown =
        |home: &Home| home.profile().habits.iter().position(|habit| habit.what.value == HabitKind::ClientShown);
    let number = shown(&home).unwrap();
    let (after, _) = home.granted(number, remove("habit")).unwrap();
    assert_eq!(after.files[ACCOUNTS], format!("{text}client.account_name=Bot \\\\ 1\n").as_bytes());
    assert_eq!(shown(&after), None);
    let old = home.with_version("0.13.1");
    assert_eq!(old.after(ACCOUNTS, shown(&old).unwrap(), remove("habit")), Err(Unrepairable::Outdated));
}

#[test]
fn passwords_in_commands() {
    let account = "[a@x.test]\n";
    for (path, text, expected) in [
        (PROFRC, "[alias]\nr=/quit\nr=/account set a password hunter2\nq=/quit\n", Ok("[alias]\nq=/quit\n")),
        (PROFRC, "[alias]\ng = /join a@b password hunter2 nick c\n", Ok("[alias]\ng = /join a@b nick c\n")),
        (PROFRC, "[alias]\ng=/join a@b password hun\\\\\\\\ter2\n", Ok("[alias]\ng=/join a@b\n")),
        (PROFRC, "[alias]\ng=/join a@b\\spassword\\shunter2\n", Err(Unrepairable::Choice)),
        (PROFRC, "[alias]\ng=/join a@b password hunter2\nstray\n", Err(Unrepairable::Damaged)),
        (SCRIPT, "/quit\n/account set a password hunter2\n/away\n", Ok("/quit\n/away\n")),
        (SCRIPT, "/join xmpp:a@b?join;password=hunter2\r\n", Ok("/join xmpp:a@b?join\r\n")),
        (INPUTRC, "\"x\": \"/join a@b password hunter2\\n\"\n", Ok("\"x\": \"/join a@b\\n\"\n")),
        (INPUTRC, "\"x\": \"/account set a password hunter2\\n\"\n\"y\": \"/quit\"\n", Ok("\"y\": \"/quit\"\n")),
        (INPUTRC, "\"x\": \"/account set a password hunter2\\n/quit\\n\"\n", Err(Unrepairable::Choice)),
        (INPUTRC, "\"x\": \"/quit\"\n\"x\": \"/account set a password hunter2\\n\"\n", Err(Unrepairable::Choice)),
    ] {
        let home = Home::of([(ACCOUNTS, account), (PROFRC, ""), (path, text)]);
        let holds = |effect| matches!(effect, CommandEffect::HoldsPassword | CommandEffect::HoldsRoomPassword);
        let number = home.profile().commands.iter().position(|command| holds(command.effect)).expect(text);
        let after = home.after(path, number, remove("command"));
        assert_eq!(after, expected.map(str::to_owned), "{text}");
        if expected.is_ok() {
            let (_, splices) = home.granted(number, remove("command")).unwrap();
            assert!(splices.iter().any(|splice| splice.forgets), "{text}");
        }
    }
}

fn accounts() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(vec![
        "[a@x.test]",
        "[b@y.test]",
        " [c@x.test] ",
        "jid=a@x.test",
        "tls.policy=allow",
        "tls.policy=disable",
        "tls.policy=trust",
        "tls.policy = force",
        "tls.policy=Force",
        "tls.policy=direct",
        "auth.policy=legacy",
        "auth.policy=default",
        "password=hunter2",
        "\tpassword = x",
        "eval_password=pass",
        "muc.service=x.test",
        "omemo.policy=manual",
        "omemo.policy=bad",
        "otr.policy=manual",
        "otr.policy=always",
        "pgp.keyid=1",
        "client.name=Bot",
        "# password=z",
        "",
        "enabled=true",
        "port=5223",
        "server=localhost",
    ]);
    lines(line, "[a@x.test]")
}

fn preferences() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(vec![
        "[connection]",
        "[logging]",
        "[omemo]",
        "[otr]",
        "[ui]",
        "[alias]",
        "[pgp]",
        "[chatstates]",
        "tls.certpath=",
        "policy=always",
        "policy=manual",
        "trustmode=blind",
        "trustmode=firstusage",
        "log=on",
        " log = off",
        "dblog=on",
        "dblog=redact",
        "dblog=off",
        "chlog=true",
        "grlog=true",
        "chlog=false",
        "enc.warn=false",
        "enc.warn=on",
        "vercheck=true",
        "reveal.os=false",
        "receipts.send=1",
        "enabled=true",
        "outtype=true",
        "pgp.pubkey.autoimport=true",
        "# c",
        "",
        "r=/account set a password hunter2",
        "g=/join a@b password hunter2",
    ]);
    lines(line, "[ui]")
}

fn lines(line: impl Strategy<Value = &'static str>, first: &'static str) -> impl Strategy<Value = Vec<u8>> {
    (proptest::collection::vec(line, 0..14), prop::sample::select(vec!["\n", "\r\n"]), any::<bool>()).prop_map(
        move |(lines, end, ends)| {
            let mut text = [vec![first], lines].concat().join(end);
            text.push_str(if ends { end } else { "" });
            text.into_bytes()
        },
    )
}

fn home() -> impl Strategy<Value = Home> {
    let version = prop::sample::select(vec![
        None,
        None,
        None,
        Some("0.4.7"),
        Some("0.6.0"),
        Some("0.8.1"),
        Some("0.13.1"),
        Some("0.15.1"),
        Some("0.18.2"),
    ]);
    (accounts(), proptest::option::weighted(0.8, preferences()), version).prop_map(|(accounts, profrc, version)| {
        let files = [(ACCOUNTS, accounts)].into_iter().chain(profrc.map(|profrc| (PROFRC, profrc)));
        Home { files: files.collect(), version }
    })
}

/// What an account is but for the facts of one repair.
fn rest(account: &Account, fact: &str) -> String {
    let policy = (account.encryption.value, account.certificate_check.value, account.cleartext_login.value);
    let facts = [
        ("account.encryption", format!("{policy:?} {}", account.policy_misspelt)),
        ("account.legacy_login", format!("{}", account.legacy_login.value)),
        ("account.password", format!("{:?} {:?}", account.password.value, account.password_command.value)),
        ("account.room_service.standing", format!("{:?}", account.room_service.value)),
        ("account.end_to_end", format!("{:?}", account.end_to_end.value)),
    ];
    let others: Vec<_> = facts.into_iter().filter(|(name, _)| *name != fact).map(|(_, value)| value).collect();
    format!(
        "{} {:?} {:?} {:?} {others:?}",
        account.name, account.enabled.value, account.server.value, account.port.value
    )
}

/// All that is found, at once, in a home of several accounts: nothing stays, nothing comes, and one that insists on TLS
/// lives with one that was let go without by the same empty setting.
#[test]
fn a_whole_home_is_put_right_at_once() {
    let accounts = "[a@x.test]\njid=a@x.test\ntls.policy=allow\nauth.policy=legacy\npassword=hunter2\n\n\
        [b@y.test]\njid=b@y.test\ntls.policy=force\ntls.policy=trust\nmuc.service=y.test\n\n\
        [c@z.test]\njid=c@z.test\ntls.policy=Force\npgp.keyid=1\neval_password=pass\npassword=\n";
    let profrc = "[connection]\ntls.certpath=\n\n[ui]\nenc.warn=on\n\n[logging]\nchlog=true\n\n[omemo]\ntrustmode=blind\n\n\
        [alias]\ng=/join a@rooms.test password hunter2\nq=/quit\n";
    let top = tempfile::tempdir().unwrap();
    for (path, text) in [(ACCOUNTS, accounts), (PROFRC, profrc)] {
        let path = top.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let rules = RuleSet::embedded(Language::English).unwrap();
    let request = Request { min_severity: Severity::Info, repairs: true, ..Request::default() };
    let search = Search::new(&[Target::Home(discover::Home::at(top.path()))], &request);
    let mended = search.mend(&rules, &request, &|_| true).unwrap();
    assert!(mended.strays.is_empty(), "{:?}", mended.strays);
    let left: Vec<_> = mended.left.iter().map(|(finding, why)| (&finding.rule, &finding.place, why)).collect();
    assert!(left.is_empty(), "{left:?}");
    let repairable = mended.after.findings.iter().filter(|finding| finding.repair.is_some());
    assert_eq!(repairable.map(|finding| finding.rule.as_str()).collect::<Vec<_>>(), Vec::<&str>::new());
    let text = |name: &str| {
        let change = mended.changes.iter().find(|change| change.real.ends_with(name)).unwrap();
        let Content::Text { new, .. } = &change.content else { panic!("{name}") };
        String::from_utf8(new.to_vec()).unwrap()
    };
    assert_eq!(
        text("accounts"),
        "[a@x.test]\njid=a@x.test\ntls.policy=force\n\n\
        [b@y.test]\njid=b@y.test\ntls.policy=force\n\n\
        [c@z.test]\njid=c@z.test\ntls.policy=force\neval_password=pass\n"
    );
    let profrc = text("profrc");
    let lines: Vec<_> = profrc.lines().collect();
    for line in [
        "enc.warn=true",
        "chlog=false",
        "trustmode=manual",
        "policy=always",
        "dblog=redact",
        "g=/join a@rooms.test",
        "q=/quit",
    ] {
        assert!(lines.contains(&line), "{line}: {profrc}");
    }
    assert!(!profrc.contains("certpath") && !profrc.contains("hunter2"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn an_account_gets_its_fact_and_nothing_else(home in home(), number: prop::sample::Index, which in 0_usize..6) {
        let (fact, value, group) = [
            ("account.encryption", "required", "account.encryption"),
            ("account.certificate_check", "asks", "account.encryption"),
            ("account.legacy_login", "false", "account.legacy_login"),
            ("account.password", "absent", "account.password"),
            ("account.room_service.standing", "unjudged", "account.room_service.standing"),
            ("account.end_to_end", "default_on", "account.end_to_end"),
        ][which];
        let before = home.profile();
        let number = number.index(before.accounts.len());
        let Ok((home, splices)) = home.granted(number, set(fact, value)) else { return Ok(()) };
        let after = home.profile();
        let account = &after.accounts[number];
        let direct = before.accounts[number].encryption.value == Encryption::Direct;
        match fact {
            "account.encryption" if !direct => {
                prop_assert_eq!(account.encryption.value, Encryption::Required);
                prop_assert!(!account.policy_misspelt);
            }
            "account.certificate_check" => prop_assert_eq!(account.certificate_check.value, CertificateCheck::Asks),
            "account.legacy_login" => prop_assert!(!account.legacy_login.value),
            "account.password" => prop_assert_eq!(account.password.value, Secret::Absent),
            "account.room_service.standing" => prop_assert_eq!(&account.room_service.value, &None),
            "account.end_to_end" => prop_assert_eq!(account.end_to_end.value, EndToEnd::DefaultOn),
            _ => {}
        }
        prop_assert_eq!(before.accounts.len(), after.accounts.len());
        let starts_tls = before.extra_authority.is_some() != after.extra_authority.is_some();
        for (at, (was, is)) in before.accounts.iter().zip(&after.accounts).enumerate() {
            // Preferences are those of all accounts; and where TLS starts again, it does for all.
            let is_shared = fact == "account.end_to_end" || starts_tls;
            let group = if at == number || is_shared { group } else { "" };
            prop_assert_eq!(rest(was, group), rest(is, group));
        }
        if fact == "account.password" {
            prop_assert!(splices.iter().all(|splice| splice.forgets));
        }
        let (_, again) = home.granted(number, set(fact, value)).unwrap();
        prop_assert_eq!(again, Vec::new());
    }

    #[test]
    fn a_habit_is_left_off_and_none_is_taken_up(home in home(), number: prop::sample::Index) {
        let before = home.profile();
        if before.habits.is_empty() {
            return Ok(());
        }
        let number = number.index(before.habits.len());
        let habit = &before.habits[number];
        let Ok((home, splices)) = home.granted(number, remove("habit")) else { return Ok(()) };
        prop_assert!(!splices.is_empty());
        let after = home.profile();
        let known = |profile: &Profile| -> Vec<_> {
            let habits = profile.habits.iter();
            habits.map(|habit| (habit.what.value, habit.what.place().words.clone(), habit.account)).collect()
        };
        let (was, is) = (known(&before), known(&after));
        let gone = (habit.what.value, habit.what.place().words.clone(), habit.account);
        prop_assert!(!is.contains(&gone), "{gone:?}");
        prop_assert!(is.iter().all(|habit| was.contains(habit)), "{was:?}\nbecame\n{is:?}");
        prop_assert_eq!(before.accounts.len(), after.accounts.len());
        for (was, is) in before.accounts.iter().zip(&after.accounts) {
            prop_assert_eq!(rest(was, ""), rest(is, ""));
        }
    }

    #[test]
    fn a_duplicate_or_a_command_goes_and_nothing_else(home in home(), number in 0_usize..5, of_commands: bool) {
        let before = home.profile();
        let subject = if of_commands { "command" } else { "setting" };
        let Ok((home, splices)) = home.granted(number, remove(subject)) else { return Ok(()) };
        prop_assert!(!splices.is_empty());
        let after = home.profile();
        if of_commands {
            prop_assert!(after.commands.len() < before.commands.len());
        } else {
            prop_assert!(after.idle_settings.len() < before.idle_settings.len());
            prop_assert_eq!(before.commands.len(), after.commands.len());
        }
        prop_assert_eq!(before.habits.len(), after.habits.len());
        for (was, is) in before.accounts.iter().zip(&after.accounts) {
            prop_assert_eq!(rest(was, ""), rest(is, ""));
        }
    }
}
