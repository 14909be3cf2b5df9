//! Changes to the bytes of a file.

use fastrand::Rng;

use super::characters::BAD_BYTES;
use super::draft::pick;

/// What means something in a key file.
pub const KEY_FILE: &[&str] = &[
    "[",
    "]",
    "=",
    ";",
    "#",
    "\\",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\t",
    "\0",
    "\u{b}",
    "\u{c}",
    "[de]",
    "\\;",
    "\\s",
    "-",
    "+",
    "0",
    "true",
    "Encoding=",
    "\u{feff}",
    "[a]\n",
    "k=v\n",
];

/// What means something in an XML file.
pub const XML: &[&str] = &[
    "<",
    ">",
    "/",
    "=",
    "'",
    "\"",
    "&",
    ";",
    "#",
    "!",
    "?",
    "-",
    "--",
    "[",
    "]",
    "]]>",
    ":",
    "%",
    "\n",
    "\r",
    " ",
    "\t",
    "\0",
    "\u{b}",
    "\u{feff}",
    "<a>",
    "</a>",
    "<a/>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?",
    "?>",
    "<?xml",
    "<!DOCTYPE",
    "&amp;",
    "&#38;",
    "&#x0;",
    "xmlns",
    "xmlns:x='u'",
    "x:",
    "xml:",
    "1",
    "\u{ffff}",
];

/// Changes a file once or a few times; `words` are what means something in it.
pub fn change(rng: &mut Rng, bytes: &mut Vec<u8>, words: &[&str]) {
    for _ in 0..=rng.u8(..4) {
        change_once(rng, bytes, words);
    }
}

fn change_once(rng: &mut Rng, bytes: &mut Vec<u8>, words: &[&str]) {
    let (start, end) = range(rng, bytes.len());
    match rng.u8(..8) {
        0 => replace(bytes, start, end, b""),
        1 => replace(bytes, start, start, pick(rng, words).as_bytes()),
        2 => replace(bytes, start, end, pick(rng, words).as_bytes()),
        3 => replace(bytes, start, start, pick(rng, &BAD_BYTES)),
        4 => replace(bytes, start, (start + 1).min(bytes.len()), &[rng.u8(..)]),
        5 => bytes.truncate(start),
        6 => repeat(rng, bytes, start, end),
        _ => displace(rng, bytes, start, end),
    }
}

/// A part of a file, seldom a long one.
fn range(rng: &mut Rng, length: usize) -> (usize, usize) {
    let start = rng.usize(..=length);
    let longest = pick(rng, &[1, 4, 16, 64, 1024]);
    (start, (start + rng.usize(..=longest)).min(length))
}

fn replace(bytes: &mut Vec<u8>, start: usize, end: usize, by: &[u8]) {
    bytes.splice(start..end, by.iter().copied());
}

fn repeat(rng: &mut Rng, bytes: &mut Vec<u8>, start: usize, end: usize) {
    let times = pick(rng, &[1, 2, 300]);
    if (end - start) * times < 20_000 {
        let part = bytes[start..end].repeat(times);
        replace(bytes, start, start, &part);
    }
}

fn displace(rng: &mut Rng, bytes: &mut Vec<u8>, start: usize, end: usize) {
    let part: Vec<u8> = bytes.drain(start..end).collect();
    let to = rng.usize(..=bytes.len());
    replace(bytes, to, to, &part);
}
