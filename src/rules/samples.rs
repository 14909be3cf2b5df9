//! Samples: files in a page that show when its rule is true and when it is not. They are the rule's tests.

use super::error::RuleError;
use crate::clients;
use crate::model::Version;

/// What a sample shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The rule is true of it.
    Fail,
    /// The rule is not true of it, although it nearly is.
    Pass,
    /// What the fix makes of the sample of the same path and case of which the rule is true; of the last such sample
    /// before it, where no case is named.
    Fixed,
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
    /// Whether the home is the work tree of a git repository whose index holds the file.
    pub tracked: bool,
    /// The commit of the home's repository that holds the file, counted from 1; it then stands nowhere else. A commit
    /// holds what is said to be in it and nothing more, and the last one is `HEAD`.
    pub commit: Option<usize>,
    /// The client and its version, where the caller tells it: `pidgin` and `2.14.12`.
    pub client_version: Option<(String, String)>,
    /// Other rules that are true of it as well, for good reason.
    pub also: Vec<String>,
    /// Whether the fix has deleted the file.
    pub gone: bool,
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
                    sample.case = match sample.verdict {
                        Verdict::Fixed => case_before(path, &sample, &samples)?,
                        _ => format!("line {line_number}"),
                    };
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

/// The case of the last sample of the same file of which the rule is true.
fn case_before(path: &str, fixed: &Sample, samples: &[Sample]) -> Result<String, RuleError> {
    let before = |sample: &&Sample| sample.verdict == Verdict::Fail && sample.path == fixed.path;
    let before = samples.iter().rev().find(before).map(|sample| sample.case.clone());
    before.ok_or_else(|| RuleError::new(path, fixed.line, "there is no “fail” sample of this file before it"))
}

/// Reads the words behind the fence: `xml fail path=.purple/accounts.xml case=both also=other-rule mode=0644`, and
/// `tracked`, `commit=1`, `client-version=pidgin=2.14.12` and, of what the fix has deleted, `gone` where they matter.
fn parse_info(path: &str, line: usize, info: &str) -> Result<Sample, RuleError> {
    let wrong = |message: String| RuleError::new(path, line, message);
    let mut words = info.split_whitespace();
    let language = words.next().unwrap_or_default().to_owned();
    let verdict = match words.next() {
        Some("fail") => Verdict::Fail,
        Some("pass") => Verdict::Pass,
        Some("fixed") => Verdict::Fixed,
        other => {
            return Err(wrong(format!(
                "a sample is “fail”, “fixed” or “pass”, not “{}”",
                other.unwrap_or_default()
            )));
        }
    };
    let mut sample = Sample {
        verdict,
        case: String::new(),
        path: String::new(),
        mode: 0o600,
        tracked: false,
        commit: None,
        client_version: None,
        also: Vec::new(),
        gone: false,
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
            Some(("commit", value)) => {
                let number = value.parse().ok().filter(|number| *number > 0);
                sample.commit = Some(number.ok_or_else(|| wrong(format!("“{value}” is no number of a commit")))?);
            }
            Some(("client-version", value)) => {
                sample.client_version =
                    Some(client_version(value).ok_or_else(|| {
                        wrong(format!("“{value}” is no client and version, such as pidgin=2.14.12"))
                    })?);
            }
            None if word == "tracked" => sample.tracked = true,
            None if word == "gone" && sample.verdict == Verdict::Fixed => sample.gone = true,
            _ => {
                return Err(wrong(format!(
                    "“{word}” is none of path=, case=, also=, mode=, client-version=, commit=, tracked, gone"
                )));
            }
        }
    }
    let below_home = !sample.path.is_empty()
        && !sample.path.starts_with('/')
        && sample.path.split('/').all(|part| !part.is_empty() && part != "..");
    if below_home { Ok(sample) } else { Err(wrong("a sample needs path=, below the home directory".to_owned())) }
}

/// `pidgin=2.14.12`, taken apart.
fn client_version(value: &str) -> Option<(String, String)> {
    let (client, version) = value.split_once('=')?;
    let is_known = clients::by_name(client).is_some() && Version::parse(version).is_some();
    is_known.then(|| (client.to_owned(), version.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(info: &str) -> Result<Sample, String> {
        parse("rules/x.md", 6, &format!("{info}\ncontent\n~~~\n"))
            .map(|mut samples| samples.remove(0))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_words_behind_the_fence_are_read() {
        let plain = read("~~~ini fail path=.config/profanity/profrc").unwrap();
        assert_eq!(
            (plain.verdict, plain.mode, plain.tracked, plain.client_version),
            (Verdict::Fail, 0o600, false, None)
        );
        assert_eq!((plain.case.as_str(), plain.content.as_str()), ("line 7", "content\n"));
        let full = "~~~xml pass path=.purple/prefs.xml case=a also=b,c mode=0644 tracked commit=2 client-version=pidgin=2.14.12";
        let full = read(full).unwrap();
        assert_eq!((full.verdict, full.mode, full.tracked, full.commit), (Verdict::Pass, 0o644, true, Some(2)));
        assert_eq!(full.client_version, Some(("pidgin".to_owned(), "2.14.12".to_owned())));
        assert_eq!(full.also, ["b", "c"]);
    }

    #[test]
    fn wrong_words_are_refused_with_their_line() {
        for (info, expected) in [
            ("~~~xml maybe path=x", "“fail”, “fixed” or “pass”"),
            ("~~~xml fixed path=x", "no “fail” sample of this file"),
            ("~~~xml fail path=x gone", "“gone” is none of"),
            ("~~~xml fail path=x traked", "“traked” is none of"),
            ("~~~xml fail path=x tracked=yes", "“tracked=yes” is none of"),
            ("~~~xml fail path=x client-version=2.14", "“2.14” is no client and version"),
            ("~~~xml fail path=x client-version=adium=1.5", "“adium=1.5”"),
            ("~~~xml fail path=x client-version=pidgin=new", "“pidgin=new”"),
            ("~~~xml fail path=x client-version=pidgin=", "“pidgin=”"),
            ("~~~xml fail path=x commit=0", "“0” is no number of a commit"),
            ("~~~xml fail path=x commit=HEAD", "“HEAD” is no number"),
            ("~~~xml fail path=../x", "below the home"),
            ("~~~xml fail path=x mode=9", "no mode in octal"),
        ] {
            let error = read(info).expect_err(info);
            assert!(error.starts_with("rules/x.md:7: ") && error.contains(expected), "{info}: {error}");
        }
    }
}
