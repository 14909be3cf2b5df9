//! Files of Profanity.

use std::fmt::Write;

use arbitrary::Result;

use super::{Maker, words};

const ACCOUNT: [&str; 18] = [
    "enabled",
    "jid",
    "server",
    "port",
    "resource",
    "tls.policy",
    "auth.policy",
    "muc.service",
    "muc.nick",
    "otr.policy",
    "omemo.policy",
    "ox.policy",
    "pgp.keyid",
    "pgp.enabled",
    "presence.login",
    "script.start",
    "theme",
    "client.name",
];

const POLICIES: [&str; 7] = ["force", "allow", "trust", "disable", "legacy", "direct", ""];

const PREFERENCES: [(&str, &str); 22] = [
    ("connection", "account"),
    ("connection", "defaccount"),
    ("connection", "tls.certpath"),
    ("connection", "tls.show"),
    ("connection", "reveal.os"),
    ("connection", "carbons"),
    ("connection", "autoping"),
    ("chatstates", "enabled"),
    ("logging", "chlog"),
    ("logging", "dblog"),
    ("logging", "grlog"),
    ("omemo", "policy"),
    ("omemo", "log"),
    ("omemo", "trustmode"),
    ("otr", "policy"),
    ("otr", "log"),
    ("pgp", "log"),
    ("ox", "log"),
    ("notifications", "message.text"),
    ("ui", "history"),
    ("presence", "autoaway.mode"),
    ("plugins", "load"),
];

pub(super) fn make(maker: &mut Maker<'_, '_>) -> Result<()> {
    accounts(maker)?;
    if maker.random.arbitrary()? {
        preferences(maker)?;
    }
    if maker.random.ratio(1, 3)? {
        certificates(maker)?;
    }
    if maker.random.ratio(1, 3)? {
        let secret = maker.planted.next_numbered();
        let policy = words::word(maker.random, &POLICIES)?;
        maker.write(
            ".config/profanity/inputrc",
            format!("\"\\C-x\": \"/connect alice tls {policy}\\n/account set alice password {secret}\\n\"\n$include {policy}\n"),
        );
    }
    Ok(())
}

/// A value as GLib writes it.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t")
}

fn accounts(maker: &mut Maker<'_, '_>) -> Result<()> {
    let mut text = String::new();
    for _ in maker.some(4)? {
        let name = words::jid(maker.random)?.replace(['[', ']', '\n', '\r'], "");
        let _ = writeln!(text, "[{name}]");
        match maker.random.int_in_range(0..=3)? {
            0 => {}
            1 => {
                let _ = writeln!(text, "eval_password=echo {}", maker.planted.next_numbered());
            }
            _ => {
                let _ = writeln!(text, "password={}", maker.password()?);
            }
        }
        for _ in maker.some(8)? {
            let key = *maker.random.choose(&ACCOUNT)?;
            let value = match key {
                "tls.policy" | "otr.policy" | "omemo.policy" => words::word(maker.random, &POLICIES)?,
                "jid" => words::jid(maker.random)?,
                "server" | "muc.service" => words::host(maker.random)?,
                _ => words::value(maker.random)?,
            };
            let _ = writeln!(text, "{key}={}", escaped(&value));
        }
        text.push('\n');
    }
    maker.write(".local/share/profanity/accounts", text);
    Ok(())
}

fn preferences(maker: &mut Maker<'_, '_>) -> Result<()> {
    let mut text = String::new();
    for _ in maker.some(10)? {
        let (group, key) = *maker.random.choose(&PREFERENCES)?;
        let value = words::value(maker.random)?;
        let _ = write!(text, "[{group}]\n{key}={}\n\n", escaped(&value));
    }
    let (secret, room) = (maker.planted.next_numbered(), words::jid(maker.random)?);
    let room = escaped(&room).replace(' ', "");
    let _ = write!(
        text,
        "[alias]\nwork=/join {room} password {secret}\nset=/account set alice@example.org password {secret}\n\n[executables]\nurl.open.cmd=TOKEN={secret} firefox %u\n"
    );
    maker.write(".config/profanity/profrc", text);
    Ok(())
}

fn certificates(maker: &mut Maker<'_, '_>) -> Result<()> {
    let mut text = String::new();
    for number in maker.some(3)? {
        let _ = write!(
            text,
            "[{number:064x}]\nversion={}\nsubjectname=/CN={}\nissuername=/CN={}\nstart=Nov 22 15:42:07 2026 GMT\nend={}\n\n",
            escaped(&words::number(maker.random)?),
            escaped(&words::host(maker.random)?),
            escaped(&words::host(maker.random)?),
            escaped(&words::odd(maker.random)?)
        );
    }
    maker.write(".local/share/profanity/tlscerts", text);
    Ok(())
}
