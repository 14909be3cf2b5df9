//! What `benches/big_files.sh` and `benches/parse.sh` need: files as their clients write them, of any length.
//!
//! ```text
//! big_files blist FILE MIB          a list of contacts of libpurple's: groups, contacts, rooms, settings of their own
//! big_files accounts FILE GROUPS    Profanity's accounts
//! big_files gajim FILE MIB          Gajim's settings of old, as text
//! big_files json FILE MIB           Gajim's settings of one account, as JSON
//! ```
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

use std::env;
use std::fs::File;
use std::io::{self, BufWriter, Write};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [kind, path, size] = words.as_slice() else { return println!("benches/big_files.sh runs this") };
    let mut file = Counted { file: BufWriter::new(File::create(path).unwrap()), length: 0 };
    let size: usize = size.parse().unwrap();
    match *kind {
        "blist" => blist(&mut file, size << 20),
        "accounts" => accounts(&mut file, size),
        "gajim" => gajim(&mut file, size << 20),
        "json" => json(&mut file, size << 20),
        other => panic!("there is no kind {other}"),
    }
    .unwrap();
    file.flush().unwrap();
}

/// A file, and how much has been written to it.
struct Counted {
    file: BufWriter<File>,
    length: usize,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.file.write(bytes)?;
        self.length += length;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

const HOSTS: [&str; 12] = [
    "example.org",
    "riseup.net",
    "jabber.ccc.de",
    "dismail.de",
    "xmpp.example.com",
    "conversations.im",
    "yax.im",
    "movim.eu",
    "chat.example.net",
    "magicbroccoli.de",
    "trashserver.net",
    "5222.de",
];

/// One room to 150 contacts, and something of their own with every 50th of them.
fn blist(file: &mut Counted, length: usize) -> io::Result<()> {
    file.write_all(b"<?xml version='1.0' encoding='UTF-8' ?>\n\n<purple version='1.0'>\n\t<blist>\n")?;
    let mut number = 0_usize;
    while file.length < length {
        let group = number / 500;
        writeln!(
            file,
            "\t\t<group name='Group {group}'>\n\t\t\t<setting name='collapsed' type='bool'>0</setting>"
        )?;
        for _ in 0..500 {
            contact(file, number)?;
            if number.is_multiple_of(150) {
                room(file, number)?;
            }
            number += 1;
        }
        file.write_all(b"\t\t</group>\n")?;
    }
    file.write_all(b"\t</blist>\n\t<privacy>\n")?;
    file.write_all(b"\t\t<account proto='prpl-jabber' name='alice@example.org/' mode='1'/>\n")?;
    file.write_all(b"\t</privacy>\n</purple>\n")
}

fn contact(file: &mut Counted, number: usize) -> io::Result<()> {
    let host = HOSTS[number % HOSTS.len()];
    let seen = 1_600_000_000 + number * 37;
    writeln!(file, "\t\t\t<contact>\n\t\t\t\t<buddy account='alice@example.org/' proto='prpl-jabber'>")?;
    writeln!(file, "\t\t\t\t\t<name>person{number}@{host}</name>")?;
    if number.is_multiple_of(3) {
        writeln!(file, "\t\t\t\t\t<alias>Zoë &apos;{number}&apos; Müller</alias>")?;
    }
    writeln!(file, "\t\t\t\t\t<setting name='avatar_hash' type='string'>{:040x}</setting>", number * 7919)?;
    writeln!(file, "\t\t\t\t\t<setting name='icon_checksum' type='string'>{:040x}</setting>", number * 104_729)?;
    writeln!(file, "\t\t\t\t\t<setting name='buddy_icon' type='string'>{:040x}.png</setting>", number * 1_299_709)?;
    writeln!(file, "\t\t\t\t\t<setting name='last_seen' type='int'>{seen}</setting>")?;
    if number.is_multiple_of(50) {
        writeln!(file, "\t\t\t\t\t<setting name='enable-logging' type='bool'>{}</setting>", number / 50 % 2)?;
    }
    writeln!(file, "\t\t\t\t</buddy>\n\t\t\t</contact>")
}

fn room(file: &mut Counted, number: usize) -> io::Result<()> {
    writeln!(
        file,
        "\t\t\t<chat proto='prpl-jabber' account='alice@example.org/'>\n\t\t\t\t<alias>Room {number}</alias>"
    )?;
    writeln!(file, "\t\t\t\t<component name='handle'>alice</component>")?;
    writeln!(file, "\t\t\t\t<component name='server'>conference.example.org</component>")?;
    writeln!(file, "\t\t\t\t<component name='room'>room{number}</component>")?;
    writeln!(file, "\t\t\t\t<setting name='gtk-autojoin' type='bool'>1</setting>")?;
    writeln!(file, "\t\t\t\t<setting name='gtk-persistent' type='bool'>1</setting>\n\t\t\t</chat>")
}

fn accounts(file: &mut Counted, groups: usize) -> io::Result<()> {
    for number in 0..groups {
        let host = HOSTS[number % HOSTS.len()];
        writeln!(
            file,
            "[person{number}@{host}]\nenabled=true\njid=person{number}@{host}\nresource=profanity.{number}"
        )?;
        writeln!(file, "muc.service=conference.{host}\nmuc.nick=person{number}\npresence.last=online")?;
        writeln!(file, "presence.login=online\npriority.online=0\npriority.chat=0\npriority.away=0")?;
        writeln!(file, "tls.policy=force\nauth.policy=default\nomemo.policy=manual\n")?;
    }
    Ok(())
}

fn gajim(file: &mut Counted, length: usize) -> io::Result<()> {
    let mut number = 0;
    while file.length < length {
        let host = HOSTS[number % HOSTS.len()];
        for (key, value) in [
            ("name", format!("person{number}")),
            ("hostname", host.to_owned()),
            ("savepass", "False".to_owned()),
            ("resource", "gajim".to_owned()),
            ("use_ssl", "False".to_owned()),
            ("ssl_version", "NEGOTIATED".to_owned()),
            ("connection_types", "tls ssl plain".to_owned()),
            ("allow_plaintext_connection", "False".to_owned()),
        ] {
            writeln!(file, "accounts.account{number}.{key} = {value}")?;
        }
        number += 1;
    }
    Ok(())
}

fn json(file: &mut Counted, length: usize) -> io::Result<()> {
    file.write_all(br#"{"account": {"address": "alice@example.org", "active": true}, "contact": {"#)?;
    let mut number = 0;
    while file.length < length {
        let comma = if number == 0 { "" } else { ", " };
        let host = HOSTS[number % HOSTS.len()];
        write!(file, r#"{comma}"person{number}@{host}": {{"encryption": "OMEMO", "speech_enabled": false, "#)?;
        write!(file, r#""print_join_left": true, "note": "Zo\u00eb \"M\u00fcller\"", "timeout": {number}.5}}"#)?;
        number += 1;
    }
    file.write_all(b"}, \"group_chat\": {}}\n")
}
