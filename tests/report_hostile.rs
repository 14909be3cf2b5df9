//! Hostile text in every field, through every format.
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "a test may fail")]

mod report_audits;

use proptest::prelude::*;
use report_audits::{HOSTILE, everything, hostile, text_finding, written};
use xmpp_audit::finding::Audit;
use xmpp_audit::model::{Excerpt, Language, Position, Span};
use xmpp_audit::report::{Detail, FORMATS, Options, harmless};

/// Every way to look at a report.
fn all_options() -> Vec<Options> {
    let mut all = Vec::new();
    for language in [Language::English, Language::French] {
        for colour in [false, true] {
            for width in [0, 20, 60, 80, 200] {
                for detail in [Detail::Quiet, Detail::Normal, Detail::Verbose] {
                    all.push(Options { language, colour, width, detail, links: colour, unicode: !colour });
                }
            }
        }
    }
    all
}

/// Takes out the escape sequences that this program writes itself; anything else that begins with ESC stays.
fn without_own_escapes(text: &str) -> String {
    let own = regex::Regex::new("\x1b\\[[0-9;]*m|\x1b\\]8;;[^\x1b\x07]*\x1b\\\\").unwrap();
    own.replace_all(text, "").into_owned()
}

#[test]
fn nothing_forbidden_comes_out() {
    let mut audit = hostile();
    for finding in &mut audit.findings {
        // A rule's name comes from the name of a file, too.
        finding.rule = HOSTILE.to_owned();
        finding.fingerprint = HOSTILE.to_owned();
    }
    for format in FORMATS {
        for options in all_options() {
            let text = without_own_escapes(&written(&audit, format.name(), &options));
            let forbidden: Vec<char> = text.chars().filter(|c| harmless::is_forbidden(*c) && *c != '\n').collect();
            assert!(forbidden.is_empty(), "{forbidden:?} {} {options:?}", format.name());
        }
    }
}

#[test]
fn without_colour_not_one_escape_is_written() {
    for format in FORMATS {
        for options in all_options().into_iter().filter(|options| !options.colour) {
            for audit in [everything(), hostile()] {
                assert!(
                    !written(&audit, format.name(), &options).contains('\x1b'),
                    "{} {options:?}",
                    format.name()
                );
            }
        }
    }
}

/// Whether the last style that a line sets is the plain one.
fn last_reset(line: &str) -> bool {
    let styles = regex::Regex::new("\x1b\\[[0-9;]*m").unwrap();
    styles.find_iter(line).last().is_none_or(|style| style.as_str() == "\x1b[0m")
}

#[test]
fn own_escapes_are_closed() {
    let opening = regex::Regex::new("\x1b\\[[0-9;]*[1-9][0-9;]*m").unwrap();
    let link = regex::Regex::new("\x1b\\]8;;[^\x1b]+\x1b").unwrap();
    for options in all_options().into_iter().filter(|options| options.colour) {
        let text = written(&hostile(), "full", &options);
        for line in text.lines() {
            let opened = opening.find_iter(line).count();
            let links = link.find_iter(line).count();
            let closed_links = line.matches("\x1b]8;;\x1b\\").count();
            assert!(opened == 0 || last_reset(line), "{line:?}");
            assert_eq!(links, closed_links, "{line:?}");
        }
    }
}

#[test]
fn one_line_a_finding_whatever_stands_in_it() {
    let quiet = Options { detail: Detail::Quiet, ..Options::default() };
    let audit = hostile();
    assert_eq!(written(&audit, "concise", &quiet).lines().count(), audit.findings.len());
}

#[test]
fn secrets_are_masked_in_every_format() {
    for format in FORMATS {
        for options in all_options() {
            assert!(!written(&everything(), format.name(), &options).contains("hunter2"));
        }
    }
}

#[test]
fn the_length_of_a_secret_is_not_told() {
    let secret = |secret: &str| {
        let mut finding = text_finding("/a", "x=hunter2", "hunter2");
        finding.position = finding.position.map(|position| Position { end_column: 3 + secret.len(), ..position });
        Audit { findings: vec![finding], ..Audit::default() }
    };
    for format in FORMATS {
        let of = |password| written(&secret(password), format.name(), &Options::default());
        assert_eq!(of("hunter2"), of("correct horse battery staple"), "{}", format.name());
    }
}

#[test]
fn rule_pages_are_the_only_ones_to_make_links() {
    let text = written(&hostile(), "full", &Options { colour: true, links: true, ..Options::default() });
    let links = regex::Regex::new("\x1b\\]8;;([^\x1b]+)\x1b").unwrap();
    for link in links.captures_iter(&text) {
        assert!(link[1].starts_with("https://"), "{link:?}");
    }
    assert!(!text.contains(HOSTILE));
}

proptest! {
    #[test]
    fn any_text_and_any_mark_is_drawn(
        line in any::<String>(),
        tail in "[\\PC\t]{0,200}",
        start in 0usize..300,
        length in 0usize..300,
        width in 0usize..140,
        numbered in any::<bool>(),
        default in any::<bool>(),
    ) {
        let mut finding = text_finding("/a", "x=y", "y");
        let text = format!("{line}{tail}");
        finding.excerpt = Some(Excerpt { text, mark: Span { start, end: start + length }, first_line: numbered.then_some(7) });
        finding.default_word = default.then_some("word");
        let audit = Audit { findings: vec![finding], ..Audit::default() };
        let options = Options { width, detail: Detail::Quiet, ..Options::default() };
        let shown = written(&audit, "full", &options);
        prop_assert!(shown.contains("╰────"), "{}", shown);
        prop_assert!(!shown.contains("Failed to read"), "{}", shown);
        // The mark is always drawn.
        prop_assert!(shown.lines().any(|line| line.contains('·') && (line.contains('─') || line.contains('┬') || line.contains('▲'))), "{}", shown);
    }
}
