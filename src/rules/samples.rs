//! Samples: files in a page that show when its rule is true and when it is not. They are the rule's tests.

use super::error::RuleError;

/// What a sample shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The rule is true of it.
    Fail,
    /// The rule is not true of it, although it nearly is.
    Pass,
}

/// A file of a made-up home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What it shows.
    pub verdict: Verdict,
    /// The files of one verdict and one case stand in one home together.
    pub case: String,
    /// Where it stands in the home.
    pub path: String,
    /// Its permission bits.
    pub mode: u32,
    /// Other rules that are true of it as well, for good reason.
    pub also: Vec<String>,
    /// The language of the block: `sql` is run into a database.
    pub language: String,
    /// Its content.
    pub content: String,
    /// The line of the page on which it begins, counted from 1.
    pub line: usize,
}

/// Reads the fenced blocks of the samples' section, whose heading stands on `heading_line`.
pub(super) fn parse(path: &str, heading_line: usize, text: &str) -> Result<Vec<Sample>, RuleError> {
    let mut samples: Vec<Sample> = Vec::new();
    let mut open: Option<Sample> = None;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let line_number = heading_line + 1 + number;
        match (&mut open, line.trim_end()) {
            (Some(_), "~~~") => samples.extend(open.take()),
            (Some(sample), _) => sample.content.push_str(line),
            (None, bare) if bare.starts_with("~~~") => {
                let info = bare.trim_start_matches('~');
                let mut sample = parse_info(path, line_number, info)?;
                if sample.case.is_empty() {
                    // Without a name, every block is a home of its own.
                    sample.case = format!("line {line_number}");
                }
                open = Some(sample);
            }
            (None, _) => {}
        }
    }
    match open {
        Some(sample) => Err(RuleError::new(path, sample.line, "this block is not closed by a line “~~~”")),
        None => Ok(samples),
    }
}

/// Reads the words behind the fence: `xml fail path=.purple/accounts.xml case=both also=other-rule mode=0644`.
fn parse_info(path: &str, line: usize, info: &str) -> Result<Sample, RuleError> {
    let wrong = |message: String| RuleError::new(path, line, message);
    let mut words = info.split_whitespace();
    let language = words.next().unwrap_or_default().to_owned();
    let verdict = match words.next() {
        Some("fail") => Verdict::Fail,
        Some("pass") => Verdict::Pass,
        other => return Err(wrong(format!("a sample is “fail” or “pass”, not “{}”", other.unwrap_or_default()))),
    };
    let mut sample = Sample {
        verdict,
        case: String::new(),
        path: String::new(),
        mode: 0o600,
        also: Vec::new(),
        language,
        content: String::new(),
        line,
    };
    for word in words {
        match word.split_once('=') {
            Some(("path", value)) => value.clone_into(&mut sample.path),
            Some(("case", value)) => value.clone_into(&mut sample.case),
            Some(("also", value)) => sample.also = value.split(',').map(str::to_owned).collect(),
            Some(("mode", value)) => {
                sample.mode =
                    u32::from_str_radix(value, 8).map_err(|_| wrong(format!("“{value}” is no mode in octal")))?;
            }
            _ => return Err(wrong(format!("“{word}” is none of path=, case=, also=, mode="))),
        }
    }
    let below_home = !sample.path.is_empty()
        && !sample.path.starts_with('/')
        && sample.path.split('/').all(|part| !part.is_empty() && part != "..");
    if below_home { Ok(sample) } else { Err(wrong("a sample needs path=, below the home directory".to_owned())) }
}
