//! What is written in Gajim's files, generation by generation, byte for byte; and what is not written.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod written;

use written::{Files, at, database, gone, opened, wants};
use xmpp_audit::clients::gajim::{Gajim, kinds};
use xmpp_audit::model::{Change, HabitKind, RowChange, Step, Unrepairable, Wish};

fn text(content: &str) -> Files {
    Files { client: &Gajim, files: vec![(at(".config/gajim/config"), kinds::TEXT, content.as_bytes().to_vec())] }
}

fn after(files: &Files, wish: &Wish) -> Result<String, Unrepairable> {
    let profile = files.read();
    let edits = files.write(&profile, wish)?;
    Ok(files.after(&profile, &edits).text())
}

fn encryption() -> Wish {
    wants(0, "account.encryption", "required")
}

/// A wish about the first habit of a kind.
fn habit(files: &Files, kind: HabitKind) -> Wish {
    let number = files.read().habits.iter().position(|habit| habit.what.value == kind);
    gone(number.expect("no such habit"), "habit")
}

#[test]
fn every_generation_gets_its_own_words() {
    for (version, before, expected) in [
        // 0.12 to 0.14: the list, and a question.
        (
            "0.14.4",
            "accounts.a.connection_types = tls ssl plain\naccounts.a.warn_when_plaintext_connection = False\n",
            "accounts.a.connection_types = tls ssl\naccounts.a.warn_when_plaintext_connection = True\n",
        ),
        // What is as the client would have it anyway need not be written.
        ("0.14.4", "accounts.a.connection_types = plain\n", "accounts.a.connection_types = tls\n"),
        // The default counts where nothing is written.
        (
            "0.16.5",
            "accounts.a.name = a\n",
            "accounts.a.name = a\naccounts.a.connection_types = tls ssl\n\
             accounts.a.action_when_plaintext_connection = disconnect\n",
        ),
        (
            "1.1.3",
            "accounts.a.allow_plaintext_connection = 1\naccounts.a.action_when_plaintext_connection = x\n",
            "accounts.a.allow_plaintext_connection = False\n\
             accounts.a.action_when_plaintext_connection = disconnect\n",
        ),
        ("1.2.2", "accounts.a.use_plain_connection = True\n", "accounts.a.use_plain_connection = False\n"),
        (
            "1.2.2",
            "accounts.a.use_custom_host = True\naccounts.a.custom_type = PLAIN\naccounts.a.custom_port = 443\n",
            "accounts.a.use_custom_host = True\naccounts.a.custom_type = DIRECT TLS\naccounts.a.custom_port = 443\n",
        ),
    ] {
        let head = format!("version = {version}\ntime_stamp = x\n");
        let files = text(&format!("{head}{before}"));
        assert_eq!(after(&files, &encryption()).unwrap(), format!("{head}{expected}"), "{version} {before}");
    }
}

#[test]
fn lines_are_changed_where_they_count() {
    for (before, expected) in [
        // The last that the client honours, and those that would say something else; no other.
        (
            "accounts.a.use_plain_connection = True\naccounts.a.use_plain_connection = 1\n\
             accounts.a.use_plain_connection = true\n",
            "accounts.a.use_plain_connection = False\naccounts.a.use_plain_connection = False\n\
             accounts.a.use_plain_connection = true\n",
        ),
        // A comment, a stray line and a tab as the blank stay.
        (
            "# accounts.a.use_plain_connection = True\n\naccounts.a.use_plain_connection\t=\tTrue\nstray",
            "# accounts.a.use_plain_connection = True\n\naccounts.a.use_plain_connection\t=\tFalse\nstray",
        ),
        // Only the account that is meant.
        (
            "accounts.a.use_plain_connection = True\naccounts.b.use_plain_connection = True\n",
            "accounts.a.use_plain_connection = False\naccounts.b.use_plain_connection = True\n",
        ),
    ] {
        let head = "version = 1.2.2\n";
        let files = text(&format!("{head}{before}"));
        assert_eq!(after(&files, &encryption()).unwrap(), format!("{head}{expected}"), "{before}");
    }
}

#[test]
fn new_lines_stand_beside_those_of_their_account_and_end_as_they_do() {
    let windows = text(
        "version = 1.1.3\r\ntime_stamp = x\r\naccounts.a.allow_plaintext_connection = True\r\nverbose = True\r\n",
    );
    assert_eq!(
        after(&windows, &encryption()).unwrap(),
        "version = 1.1.3\r\ntime_stamp = x\r\naccounts.a.allow_plaintext_connection = False\r\n\
         accounts.a.action_when_plaintext_connection = disconnect\r\nverbose = True\r\n"
    );
    let unended = text("version = 1.1.3\ntime_stamp = x\naccounts.a.allow_plaintext_connection = True");
    assert_eq!(
        after(&unended, &encryption()).unwrap(),
        "version = 1.1.3\ntime_stamp = x\naccounts.a.allow_plaintext_connection = False\n\
         accounts.a.action_when_plaintext_connection = disconnect"
    );
    // Python 2 takes the carriage return for a part of the value, so that it must go from what is to be honoured.
    let old = text("version = 0.16.9\r\ntime_stamp = x\r\naccounts.a.connection_types = plain\r\n");
    assert_eq!(
        after(&old, &encryption()).unwrap(),
        "version = 0.16.9\r\ntime_stamp = x\r\naccounts.a.connection_types = tls\n\
         accounts.a.action_when_plaintext_connection = disconnect\n"
    );
}

#[test]
fn where_the_line_feed_is_the_blank_one_is_put_in() {
    let files = text(
        "version = 1.2.1\naccounts.a.ignore_ssl_errors = 1\naccounts.a.custom_type =\naccounts.a.use_custom_host = True\n",
    );
    let expected = "version = 1.2.1\naccounts.a.ignore_ssl_errors = 1\naccounts.a.custom_type = START TLS\naccounts.a.use_custom_host = True\n";
    assert_eq!(after(&files, &encryption()).unwrap(), expected);
}

#[test]
fn a_password_is_forgotten_wherever_it_stands() {
    let files = text(
        "version = 1.1.3\ntime_stamp = x\naccounts.a.password = one\naccounts.a.savepass = True\naccounts.a.password =  two \n",
    );
    let profile = files.read();
    let edits = files.write(&profile, &wants(0, "account.password", "absent")).unwrap();
    assert!(edits.iter().all(|edit| matches!(&edit.step, Step::Text(splice) if splice.forgets)));
    assert_eq!(
        files.after(&profile, &edits).text(),
        "version = 1.1.3\ntime_stamp = x\naccounts.a.password = \naccounts.a.savepass = True\naccounts.a.password = \n"
    );
    // One that is outweighed is not kept either.
    let duplicate = text("version = 1.2.2\naccounts.a.password = one\naccounts.a.password = \n");
    let profile = duplicate.read();
    let edits = duplicate.write(&profile, &gone(0, "setting")).unwrap();
    assert!(edits.iter().all(|edit| matches!(&edit.step, Step::Text(splice) if splice.forgets)));
    assert_eq!(
        duplicate.after(&profile, &edits).text(),
        "version = 1.2.2\naccounts.a.password = \naccounts.a.password = \n"
    );
}

#[test]
fn an_account_keeps_its_place_among_the_others() {
    let files = text("version = 1.2.2\naccounts.a.active = False\naccounts.b.name = b\naccounts.a.active = True\n");
    let expected = "version = 1.2.2\naccounts.a.active = True\naccounts.b.name = b\naccounts.a.active = True\n";
    assert_eq!(after(&files, &gone(0, "setting")).unwrap(), expected);
    // No secret is written a second time for that.
    let secret = text("version = 1.2.2\naccounts.a.password = x\naccounts.b.name = b\naccounts.a.password = y\n");
    let expected = "version = 1.2.2\naccounts.b.name = b\naccounts.a.password = y\n";
    assert_eq!(after(&secret, &gone(0, "setting")).unwrap(), expected);
}

#[test]
fn a_web_address_keeps_all_but_its_scheme() {
    let files = text(
        "version = 1.2.2\naccounts.a.use_custom_host = True\naccounts.a.custom_host = ws://u:pw@h.test:80/x\n",
    );
    assert_eq!(
        after(&files, &wants(0, "account.transport", "websocket_tls")).unwrap(),
        "version = 1.2.2\naccounts.a.use_custom_host = True\naccounts.a.custom_host = wss://u:pw@h.test:80/x\n\
         accounts.a.custom_type = DIRECT TLS\n"
    );
}

#[test]
fn options_of_the_client_stand_with_those_of_the_client() {
    let files = text("verbose = False\nversion = 0.15.4\ntime_stamp = x\naccounts.a.connection_types = tls\n");
    assert_eq!(
        after(&files, &habit(&files, HabitKind::RemoteControlled)).unwrap(),
        "verbose = False\nversion = 0.15.4\ntime_stamp = x\nremote_control = False\naccounts.a.connection_types = tls\n"
    );
    let left_out = text("version = 1.2.2\naccounts.a.no_log_for = b@c.test \n");
    let expected = "version = 1.2.2\naccounts.a.no_log_for = b@c.test a\n";
    assert_eq!(after(&left_out, &habit(&left_out, HabitKind::HistoryKept)).unwrap(), expected);
}

#[test]
fn what_cannot_be_done_well_is_not_done() {
    let refused = |files: &Files, wish: &Wish| after(files, wish).expect_err("it was written");
    // 0.11 cannot insist on STARTTLS.
    let oldest = text("version = 0.11.4\ntime_stamp = x\naccounts.a.name = a\n");
    assert_eq!(refused(&oldest, &encryption()), Unrepairable::Unwritten);
    // A name with a blank cannot stand in a list that blanks separate.
    let blank = text("version = 1.2.2\naccounts.a b.name = a\n");
    assert_eq!(refused(&blank, &habit(&blank, HabitKind::HistoryKept)), Unrepairable::Unwritten);
    // A name that is a password is not written once more.
    let phantom =
        text("version = 1.1.3\ntime_stamp = x\naccounts.a.password = pw.allow_plaintext_connection = True\n");
    assert_eq!(refused(&phantom, &encryption()), Unrepairable::Unwritten);
    // The client crashes at the file.
    let crash = text("version = 1.2.2\naccounts.c = z\naccounts.a.use_plain_connection = True\n");
    assert_eq!(refused(&crash, &encryption()), Unrepairable::Damaged);
    // A proxy called so that leads elsewhere.
    let other = text("version = 1.2.2\naccounts.a.name = a\nproxies.Tor.type = http\nproxies.Tor.host = h\n");
    assert_eq!(refused(&other, &wants(0, "account.proxy.tor", "reached")), Unrepairable::Choice);
    // An address of BOSH decides, and nobody knows another one.
    let bosh = "version = 1.1.3\ntime_stamp = x\naccounts.a.proxy = B\nproxies.B.type = bosh\nproxies.B.bosh_uri = http://h/b\n";
    assert_eq!(refused(&text(bosh), &encryption()), Unrepairable::Choice);
    assert_eq!(refused(&text(bosh), &wants(0, "account.transport", "websocket_tls")), Unrepairable::Unwritten);
    let any = text("version = 1.2.2\naccounts.a.name = a\n");
    assert_eq!(refused(&any, &wants(0, "account.legacy_login", "false")), Unrepairable::Unwritten);
    assert_eq!(refused(&any, &wants(7, "account.password", "absent")), Unrepairable::Gone);
    assert_eq!(refused(&any, &gone(0, "room")), Unrepairable::Unwritten);
}

fn settings(user_version: i64, app: &str, account: &str) -> Files {
    let bytes = database(&format!(
        "PRAGMA user_version = {user_version};
         CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
         CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);
         INSERT INTO settings VALUES ('app', '{app}'), ('proxies', '{{}}'), ('workspaces', '{{}}'), ('plugins', '{{}}');
         INSERT INTO account_settings VALUES ('a', '{account}');"
    ));
    Files { client: &Gajim, files: vec![(at(".config/gajim/settings.sqlite"), kinds::SETTINGS, bytes)] }
}

fn of_account(account: &str) -> String {
    format!(r#"{{"account": {account}, "contact": {{}}, "group_chat": {{}}}}"#)
}

fn cells(files: &Files) -> (String, String) {
    let connection = opened(&files.files[0].2);
    let ask = |sql: &str| connection.query_row(sql, [], |row| row.get(0)).unwrap();
    (ask("SELECT settings FROM settings WHERE name = 'app'"), ask("SELECT settings FROM account_settings"))
}

fn mended(files: &Files, wish: &Wish) -> Result<(String, String), Unrepairable> {
    let profile = files.read();
    let edits = files.write(&profile, wish)?;
    Ok(cells(&files.after(&profile, &edits)))
}

#[test]
fn members_are_changed_where_they_count() {
    let password = wants(0, "account.password", "absent");
    for (wish, before, expected) in [
        (
            encryption(),
            r#"{"active": true, "use_plain_connection": true, "x": [1]}"#,
            r#"{"active": true, "x": [1]}"#,
        ),
        (encryption(), r#"{"use_plain_connection": "False"}"#, "{}"),
        (
            encryption(),
            r#"{"use_custom_host": true, "custom_type": "PLAIN", "custom_port": 5223, "confirm_unencrypted_connection": 0}"#,
            r#"{"use_custom_host": true, "custom_type": "DIRECT TLS", "custom_port": 5223}"#,
        ),
        // The switch that is idle today, too.
        (encryption(), r#"{"use_plain_connection": true, "custom_type": "PLAIN", "z": 1}"#, r#"{"z": 1}"#),
        (
            password.clone(),
            r#"{"password": "a\u2019b", "savepass": true}"#,
            r#"{"password": "", "savepass": true}"#,
        ),
        (password.clone(), r#"{"password": ["x"], "password": "y"}"#, r#"{"password": "", "password": ""}"#),
        (
            wants(0, "account.transport", "websocket_tls"),
            r#"{"use_custom_host": true, "custom_host": "ws://h.test/w", "custom_type": "PLAIN"}"#,
            r#"{"use_custom_host": true, "custom_host": "wss://h.test/w", "custom_type": "DIRECT TLS"}"#,
        ),
        (
            wants(0, "account.end_to_end", "default_on"),
            r#"{"address": "a@b.test"}"#,
            r#"{"address": "a@b.test", "encryption_default": "OMEMO"}"#,
        ),
    ] {
        let files = settings(7, "{}", &of_account(before));
        assert_eq!(mended(&files, &wish).unwrap(), ("{}".to_owned(), of_account(expected)), "{before}");
    }
    // Else the next password would stand there soon.
    let open = settings(7, r#"{"use_keyring": false}"#, &of_account(r#"{"password": "x"}"#));
    let expected = (r#"{"use_keyring": true}"#.to_owned(), of_account(r#"{"password": ""}"#));
    assert_eq!(mended(&open, &password).unwrap(), expected);
    let profile = open.read();
    let edits = open.write(&profile, &password).unwrap();
    let forgets = edits.iter().any(|edit| match &edit.step {
        Step::Row(row) => matches!(&row.change, RowChange::Splice { splice, .. } if splice.forgets),
        _ => false,
    });
    assert!(forgets);
}

/// An empty `app` makes 1.3 to 1.9 take over an old text file: its last member must not go.
#[test]
fn options_of_the_client_are_never_taken_out() {
    let files = settings(5, r#"{"remote_control": true}"#, &of_account("{}"));
    let wish = habit(&files, HabitKind::RemoteControlled);
    assert_eq!(mended(&files, &wish).unwrap().0, r#"{"remote_control": false}"#);
}

#[test]
fn databases_that_are_not_known_or_not_read_are_left_alone() {
    let account = of_account(r#"{"use_plain_connection": true, "active": true}"#);
    // Nothing is judged in one of a later version; were it, nothing would be written.
    let newer = settings(8, "{}", &account);
    let known = settings(7, "{}", &account).read();
    let mut profile = newer.read();
    assert!(profile.accounts.is_empty());
    for account in &known.accounts {
        profile.accounts.push(account.clone());
    }
    assert_eq!(newer.write(&profile, &encryption()), Err(Unrepairable::Schema));
    let broken = settings(7, "{", &account);
    assert_eq!(mended(&broken, &encryption()), Err(Unrepairable::Damaged));
    let incomplete = settings(7, "{}", r#"{"account": {"use_plain_connection": true}}"#);
    assert_eq!(mended(&incomplete, &encryption()), Err(Unrepairable::Damaged));
    // Gajim would delete what it has kept.
    let kept = settings(7, "{}", &of_account(r#"{"active": true}"#));
    assert_eq!(mended(&kept, &habit(&kept, HabitKind::HistoryKept)), Err(Unrepairable::Choice));
    // It is not known whether the version goes by it.
    let perhaps = settings(3, "{}", &of_account(r#"{"active": true, "address": "a@b.test"}"#));
    assert_eq!(mended(&perhaps, &wants(0, "account.end_to_end", "default_on")), Err(Unrepairable::Unwritten));
}

#[test]
fn what_the_system_lays_over_the_settings_is_not_the_users_to_write() {
    let mut files = settings(7, "{}", &of_account("{}"));
    let bytes = br#"{"remote_control": true}"#.to_vec();
    files.files.push(("/etc/gajim/app-overrides.json".into(), kinds::OVERRIDES, bytes));
    let wish = habit(&files, HabitKind::RemoteControlled);
    assert!(matches!(wish.change, Change::Remove { .. }));
    assert_eq!(mended(&files, &wish), Err(Unrepairable::Elsewhere));
}
