//! JUnit's XML, which GitLab, Jenkins and most CI systems show as a table of tests.
//!
//! A suite a rule, not a suite a file: Jenkins cuts class names at their dots, which tears paths apart, and GitLab
//! shows the class where it says “suite” and knows a test by class and name. With the rule as the class, both show
//! how many places break a rule, and a rule that is kept is a test that has passed. The names of tests hold no line
//! numbers, so that a system that compares runs takes a test for the same when lines move. Which files the verdict
//! rests on stands in a suite of its own, where each file is a test.

mod suites;

use std::io::{self, Write};

use quick_junit::Report;

use super::{Format, Options, Shown, phrases};
use crate::model::Language;

/// The format `junit`.
pub struct Junit;

impl Format for Junit {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_JUNIT.text(language)
    }

    fn tells_rules(&self) -> bool {
        true
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        // No time and no identifier: two runs over the same files are to say the same.
        let mut report = Report::new(env!("CARGO_PKG_NAME"));
        report.add_test_suite(suites::of_files(audit, options.language));
        for rule in suites::rules(audit) {
            report.add_test_suite(suites::of_rule(&rule, audit, options.language));
        }
        // Not straight to `out`: the crate's error would hide that the reader has gone away.
        let text = report.to_string().map_err(io::Error::other)?;
        out.write_all(text.as_bytes())
    }
}
