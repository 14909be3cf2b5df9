//! Secrets that nobody can have written by chance, and what would give them away.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha1::Digest;

/// A secret that nobody can have written by chance.
struct Canary(String);

impl Canary {
    fn new() -> Self {
        Self::of_digits((0..2_u8).map(|number| format!("{:016x}", RandomState::new().hash_one(number))).collect())
    }

    /// The same on every run.
    fn numbered(number: usize) -> Self {
        Self::of_digits(hex(&sha2::Sha256::digest(number.to_string()))[..32].to_owned())
    }

    fn of_digits(digits: String) -> Self {
        // Letters only, so that no number in a report can be a part of it by chance.
        let letter = |digit: char| char::from(b'g' + u8::try_from(digit.to_digit(16).unwrap()).unwrap());
        Self(digits.chars().map(letter).collect())
    }

    /// Every piece of text that would give the secret away.
    fn traces(&self) -> Vec<String> {
        let secret = self.0.as_str();
        let mut traces: Vec<String> =
            secret.as_bytes().windows(8).map(|part| String::from_utf8(part.to_vec()).unwrap()).collect();
        for text in [secret.to_owned(), format!("\0alice\0{secret}"), format!("alice\0alice\0{secret}")] {
            // What base64 makes of the middle depends on where the secret begins: all three ways are looked for.
            traces.extend((0..3).map(|skip| {
                let encoded = BASE64_STANDARD.encode(&text.as_bytes()[skip..]);
                encoded.chars().skip(4).take(16).collect()
            }));
        }
        traces.push(hex(secret.as_bytes()));
        traces.push(secret.bytes().map(|byte| format!("%{byte:02X}")).collect());
        traces.push(secret.bytes().map(|byte| format!("%{byte:02x}")).collect());
        traces.push(hex(&sha1::Sha1::digest(secret)));
        traces.push(hex(&sha2::Sha256::digest(secret)));
        traces.push(hex(&sha2::Sha256::digest(secret))[..32].to_owned());
        traces
    }
}

/// The secrets that have been planted, one a file: so a trace says which file it comes from, and one that two
/// files share does not hide that only one of them is read with care.
#[derive(Default)]
pub struct Planted(Vec<Canary>);

impl Planted {
    pub fn next(&mut self) -> String {
        self.0.push(Canary::new());
        self.0[self.0.len() - 1].0.clone()
    }

    /// One that is the same on every run that plants as many before it.
    pub fn next_numbered(&mut self) -> String {
        self.0.push(Canary::numbered(self.0.len()));
        self.0[self.0.len() - 1].0.clone()
    }

    /// The one that stands in a text.
    pub fn of(&self, text: &str) -> String {
        self.0.iter().find(|canary| text.contains(&canary.0)).unwrap().0.clone()
    }

    /// Every piece of text that would give one of them away.
    pub fn traces(&self) -> Traces {
        let mut traces = Traces::default();
        for trace in self.0.iter().flat_map(Canary::traces) {
            let begin = trace.as_bytes()[..BEGIN].try_into().unwrap();
            traces.0.entry(begin).or_default().push(trace);
        }
        traces
    }
}

/// The length of the shortest trace.
const BEGIN: usize = 8;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What would give secrets away, by how it begins: there are thousands, and reports are long.
#[derive(Default)]
pub struct Traces(HashMap<[u8; BEGIN], Vec<String>>);

impl Traces {
    /// The number of the first line that gives a secret away. The line itself would be in the test's own log.
    pub fn line_in(&self, text: &str) -> Option<usize> {
        let bytes = text.as_bytes();
        let at = bytes.windows(BEGIN).enumerate().find_map(|(at, window)| {
            let traces = self.0.get(window)?;
            traces.iter().any(|trace| bytes[at..].starts_with(trace.as_bytes())).then_some(at)
        })?;
        Some(bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1)
    }
}
