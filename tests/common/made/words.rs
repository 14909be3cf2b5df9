//! Words out of which made-up files are made: mostly such as clients write, sometimes such as nobody expects.

use arbitrary::{Result, Unstructured};

/// Addresses, good and bad.
const JIDS: [&str; 16] = [
    "alice@example.org",
    "alice@example.org/laptop",
    "bob@riseup.net",
    "room@conference.riseup.net",
    "room@riseup.net",
    "dave@examplexmppexamplexmppexamplexmppexamplexmppexamplexmpp2.onion",
    "ALICE@Example.ORG",
    "älice@münchen.example",
    "example.org",
    "@example.org",
    "alice@",
    "",
    "alice@@example.org",
    "alice@localhost",
    "alice@[::1]",
    "alice@127.0.0.1:5222/a/b",
];

const HOSTS: [&str; 10] = [
    "xmpp.example.org",
    "localhost",
    "127.0.0.1",
    "::1",
    "example.onion",
    "",
    "talk.google.com",
    "proxy.example.org",
    "[2001:db8::1]",
    "10.0.0.256",
];

const NUMBERS: [&str; 14] = [
    "0",
    "1",
    "-1",
    "5222",
    "5223",
    "9050",
    "65535",
    "65536",
    "99999999999999999999",
    "0x10",
    "1.5",
    " 7",
    "",
    "-0",
];

const BOOLEANS: [&str; 12] = ["1", "0", "true", "false", "True", "False", "TRUE", "yes", "", "2", "null", "truely"];

/// What people and machines put into texts that were not made for it.
const ODD: [&str; 24] = [
    "<",
    ">",
    "&",
    "&amp;",
    "'",
    "\"",
    "\\",
    "\n",
    "\r\n",
    "\t",
    "=",
    "[",
    "]",
    ";",
    "#",
    "{{ x }}",
    "{% if %}",
    "${HOME}",
    "é",
    "\u{202e}",
    "\u{1b}[31m",
    "%s",
    ",",
    "😀",
];

/// A word of a list, and rarely any other.
pub fn word(random: &mut Unstructured<'_>, words: &[&str]) -> Result<String> {
    if random.ratio(1, 12)? { odd(random) } else { Ok((*random.choose(words)?).to_owned()) }
}

/// A text that nobody expects.
pub fn odd(random: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    for _ in 0..random.int_in_range(0..=6)? {
        text.push_str(random.choose(&ODD)?);
        if random.ratio(1, 3)? {
            text.push(random.arbitrary::<char>()?);
        }
    }
    Ok(text)
}

/// An address.
pub fn jid(random: &mut Unstructured<'_>) -> Result<String> {
    word(random, &JIDS)
}

/// A host.
pub fn host(random: &mut Unstructured<'_>) -> Result<String> {
    word(random, &HOSTS)
}

/// A number.
pub fn number(random: &mut Unstructured<'_>) -> Result<String> {
    word(random, &NUMBERS)
}

/// A truth, in one of the many ways to write one.
pub fn boolean(random: &mut Unstructured<'_>) -> Result<String> {
    word(random, &BOOLEANS)
}

/// A value of whatever kind.
pub fn value(random: &mut Unstructured<'_>) -> Result<String> {
    match random.int_in_range(0..=4)? {
        0 => jid(random),
        1 => host(random),
        2 => number(random),
        3 => boolean(random),
        _ => odd(random),
    }
}
