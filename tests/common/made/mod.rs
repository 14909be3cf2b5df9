//! Homes that never were: files as the clients write them, with settings as people may have set them, made out of
//! random bytes. Used by the property tests and by the fuzz targets alike.

pub mod databases;
mod dino;
mod gajim;
mod launch;
mod pidgin;
mod profanity;
mod words;

use std::path::{Path, PathBuf};

use arbitrary::{Arbitrary, Result, Unstructured};
use xmpp_audit::finding::{Audit, Severity};
use xmpp_audit::model::{Language, Trouble};
use xmpp_audit::report::{self, FORMATS, Format, Options};
use xmpp_audit::rules::RuleSet;
use xmpp_audit::syntax::xml;
use xmpp_audit::{Request, Search};
use zeroize::Zeroizing;

use super::canaries::Planted;

/// The home that all files lie in. There is none of that name.
pub const TOP: &str = "/home/somebody-made-up";

/// A home.
pub struct Home {
    /// Its files, by their paths below it.
    pub files: Vec<(String, Vec<u8>)>,
    /// The secrets that stand in them.
    pub planted: Planted,
    /// Whether a file was damaged. A secret may then stand where nobody can know it for one.
    pub is_damaged: bool,
}

/// What a home is made with.
struct Maker<'u, 'a> {
    random: &'u mut Unstructured<'a>,
    files: Vec<(String, Vec<u8>)>,
    planted: Planted,
}

impl Maker<'_, '_> {
    fn write(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.files.push((path.to_owned(), content.into()));
    }

    /// A secret, or what stands where there is none.
    fn password(&mut self) -> Result<String> {
        Ok(match self.random.int_in_range(0..=5)? {
            0 => String::new(),
            _ => self.planted.next_numbered(),
        })
    }

    /// As `times`, with how many there are to be.
    fn some(&mut self, most: usize) -> Result<std::ops::Range<usize>> {
        Ok(0..self.random.int_in_range(0..=most)?)
    }
}

impl<'a> Arbitrary<'a> for Home {
    fn arbitrary(random: &mut Unstructured<'a>) -> Result<Self> {
        let mut maker = Maker { random, files: Vec::new(), planted: Planted::default() };
        let clients: [fn(&mut Maker<'_, '_>) -> Result<()>; 5] =
            [pidgin::make, gajim::make, dino::make, profanity::make, launch::make];
        for _ in 0..maker.random.int_in_range(1..=2)? {
            let client = *maker.random.choose(&clients)?;
            client(&mut maker)?;
        }
        let is_damaged = maker.random.ratio(1, 4)?;
        if is_damaged {
            damage(&mut maker)?;
        }
        Ok(Self { files: maker.files, planted: maker.planted, is_damaged })
    }
}

/// Damages a file as disks, editors and attackers do.
fn damage(maker: &mut Maker<'_, '_>) -> Result<()> {
    if maker.files.is_empty() {
        return Ok(());
    }
    let number = maker.random.choose_index(maker.files.len())?;
    let bytes = &mut maker.files[number].1;
    for _ in 0..maker.random.int_in_range(1..=4)? {
        let at = if bytes.is_empty() { 0 } else { maker.random.choose_index(bytes.len())? };
        match maker.random.int_in_range(0..=3)? {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => bytes[at] = maker.random.arbitrary()?,
            2 => {
                let inserted: [u8; 4] = maker.random.arbitrary()?;
                bytes.splice(at..at, inserted);
            }
            _ => {
                let end = (at + maker.random.int_in_range(0..=64)?).min(bytes.len());
                let again: Vec<u8> = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    Ok(())
}

impl Home {
    /// Its files, as something to be looked at.
    pub fn search(&self, request: &Request) -> Search {
        let files =
            self.files.iter().map(|(path, bytes)| (Path::new(TOP).join(path), Zeroizing::new(bytes.clone())));
        Search::of_files(Path::new(TOP), files, request)
    }
}

/// Audits files, and sees that everything holds that must, whatever they are: a report in a format.
///
/// # Panics
/// If something does not hold.
pub fn checked(search: &Search, rules: &RuleSet, language: Language, format: &dyn Format) -> Vec<u8> {
    let request =
        Request { language, min_severity: Severity::Info, tells_rules: format.tells_rules(), ..Request::default() };
    let audit = search.audit(rules, &request).expect("a rule failed");
    check(&audit, search);
    let options = Options { language, ..Options::default() };
    let written = written(&audit, format, &options);
    assert!(written == self::written(&audit, format, &options), "the same report is written differently");
    let again = search.audit(rules, &request).expect("a rule failed");
    assert!(written == self::written(&again, format, &options), "the same files are judged differently");
    see_that_it_parses(&written, format.name());
    written
}

fn written(audit: &Audit, format: &dyn Format, options: &Options) -> Vec<u8> {
    let mut bytes = Vec::new();
    report::write(audit, format, options, &mut bytes).expect("memory takes every report");
    bytes
}

/// That programs can read what is written for them.
fn see_that_it_parses(written: &[u8], format: &str) {
    let text = std::str::from_utf8(written).expect("every report is UTF-8");
    let is_json = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
    match format {
        "json" | "sarif" | "gitlab" => assert!(is_json(text), "a report that is no JSON"),
        "ndjson" | "rdjson" => assert!(text.lines().all(is_json) || is_json(text), "a line that is no JSON"),
        "junit" | "checkstyle" => {
            let decoded = xml::decode(Zeroizing::new(written.to_vec()));
            assert_eq!(xml::parse(&decoded).fault, None, "a report that is no XML");
        }
        _ => {}
    }
}

fn check(audit: &Audit, search: &Search) {
    see_that_nothing_failed(audit);
    // Of start-up files only those are told of that have something to say about a client, and what may be Dino's by its
    // name leaves no trace if it is something else.
    let clients = search.groups().filter(|group| !["startup", "dino"].contains(&group.client.name().0));
    let known: Vec<&PathBuf> = clients.flat_map(|group| &group.files).map(|file| &file.path).collect();
    for finding in &audit.findings {
        // Some stand in a file beside one that was found, or in a folder that ought to hold one.
        assert!(finding.path.starts_with(TOP), "a finding in a file that nobody gave");
        assert!(!finding.place.is_empty(), "a finding without a place");
        assert!(!finding.title.is_empty() && !finding.message.is_empty(), "a finding without words");
        assert_eq!(finding.fingerprint.len(), 32, "a finding without a fingerprint");
        if let Some(position) = finding.position {
            assert!(position.line > 0 && position.column > 0, "lines and columns count from 1");
        }
    }
    for path in known {
        let is_told = audit.inputs.iter().any(|input| &input.path == path)
            || audit.notices.iter().any(|notice| &notice.path == path);
        assert!(is_told, "a file of which nothing is told");
    }
}

/// That the program has not failed on a file: one that it fails on is left out, with a word about it.
pub fn see_that_nothing_failed(audit: &Audit) {
    for notice in &audit.notices {
        if let Trouble::Failure { place } = &notice.trouble {
            panic!("the program has failed at {place}");
        }
    }
}

/// The format of that number, counted round and round.
pub fn format(number: usize) -> &'static dyn Format {
    FORMATS[number % FORMATS.len()]
}
