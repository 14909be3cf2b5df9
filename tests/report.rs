//! What the reports look like, held fast as pictures in `fixtures/report`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "a test may fail")]

mod report_audits;

use report_audits::{
    by_policy, clean, default_setting, detail, everything, french, hostile, in_french, incomplete, nothing,
    options, written,
};
use xmpp_audit::finding::Audit;
use xmpp_audit::model::{Language, Trouble};
use xmpp_audit::report::{Detail, Options};

fn picture(name: &str, audit: &Audit, format: &str, options: &Options) {
    let shown = written(audit, format, options).replace('\x1b', "␛");
    let shown = shown.replace(env!("CARGO_PKG_VERSION"), "[version]");
    insta::with_settings!({ snapshot_path => "../fixtures/report", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, shown);
    });
}

#[test]
fn full_at_three_widths() {
    for width in [60, 80, 120] {
        picture(&format!("full-{width}"), &everything(), "full", &options(width));
    }
}

#[test]
fn full_in_colour_with_links() {
    let options = Options { colour: true, links: true, ..options(80) };
    picture("full-colour", &everything(), "full", &options);
}

#[test]
fn full_in_ascii() {
    let audit = Audit { findings: vec![default_setting(), report_audits::long_line()], ..everything() };
    picture("full-ascii", &audit, "full", &Options { unicode: false, ..options(80) });
}

#[test]
fn full_in_french() {
    picture("full-french", &in_french(), "full", &french(80));
    picture("full-french-nothing", &nothing(), "full", &french(60));
}

#[test]
fn full_without_findings() {
    picture("full-clean", &clean(), "full", &options(80));
    picture("full-nothing", &nothing(), "full", &options(80));
    picture("full-incomplete", &incomplete(), "full", &options(80));
    picture("full-hidden", &Audit { below_severity: 1, ..clean() }, "full", &options(80));
}

#[test]
fn full_verbose() {
    picture("full-verbose", &incomplete(), "full", &detail(Detail::Verbose));
}

#[test]
fn full_of_hostile_text() {
    picture("full-hostile", &hostile(), "full", &options(80));
}

#[test]
fn by_a_policy() {
    picture("full-policy", &by_policy(), "full", &options(80));
    picture("full-policy-french", &by_policy(), "full", &french(60));
    picture("concise-policy", &by_policy(), "concise", &options(80));
    picture("json-policy", &by_policy(), "json", &options(80));
}

#[test]
fn formats_for_programs() {
    for format in ["ndjson", "junit", "checkstyle", "csv"] {
        picture(format, &report_audits::compared(), format, &options(80));
    }
    picture("junit-nothing", &report_audits::judged(nothing()), "junit", &options(80));
    picture("csv-incomplete-french", &incomplete(), "csv", &french(80));
}

#[test]
fn narrated() {
    picture("narrated", &report_audits::compared(), "narrated", &options(80));
    picture("narrated-french", &in_french(), "narrated", &french(80));
    picture("narrated-policy", &by_policy(), "narrated", &detail(Detail::Quiet));
    picture("narrated-clean", &clean(), "narrated", &detail(Detail::Verbose));
    picture("narrated-nothing", &nothing(), "narrated", &options(80));
}

#[test]
fn markdown() {
    picture("markdown", &report_audits::compared(), "markdown", &options(80));
    picture("markdown-french", &in_french(), "markdown", &french(80));
    picture("markdown-policy", &by_policy(), "markdown", &options(80));
    picture("markdown-clean", &clean(), "markdown", &options(80));
    picture("markdown-nothing", &nothing(), "markdown", &options(80));
    picture("markdown-incomplete", &incomplete(), "markdown", &options(80));
}

#[test]
fn concise() {
    picture("concise", &everything(), "concise", &options(80));
    picture("concise-french", &everything(), "concise", &french(80));
    picture("concise-verbose", &incomplete(), "concise", &detail(Detail::Verbose));
    picture("concise-nothing", &nothing(), "concise", &options(80));
    picture("concise-hostile", &hostile(), "concise", &options(80));
}

#[test]
fn json() {
    picture("json", &everything(), "json", &options(80));
    picture("json-nothing", &nothing(), "json", &options(80));
}

#[test]
fn quiet_is_quiet() {
    let quiet = detail(Detail::Quiet);
    for format in ["full", "concise"] {
        assert_eq!(written(&clean(), format, &quiet), "");
        assert_eq!(written(&nothing(), format, &quiet), "");
        assert_eq!(written(&incomplete(), format, &quiet), "");
        let loud = written(&everything(), format, &options(80));
        let findings = written(&everything(), format, &quiet);
        assert!(loud.starts_with(&findings) && loud.len() > findings.len());
        assert!(!findings.contains("Permission denied"));
    }
}

#[test]
fn findings_stay_in_order_and_separate() {
    let audit = everything();
    let shown = written(&audit, "full", &options(80));
    let mut rest = shown.as_str();
    for finding in &audit.findings {
        let header = format!("{}[{}]: {}", finding.severity.word(), finding.rule, finding.title);
        rest = &rest[rest.find(&header).unwrap_or_else(|| panic!("{header}")) + header.len()..];
    }
    assert_eq!(written(&audit, "concise", &options(80)).lines().take(7).count(), 7);
}

#[test]
fn only_prose_that_cannot_be_broken_is_too_wide() {
    for (audit, language) in [(everything(), Language::English), (in_french(), Language::French)] {
        for width in [60, 80, 100, 120] {
            let shown = written(&audit, "full", &Options { language, ..options(width) });
            for line in shown.lines() {
                let columns = unicode_width::UnicodeWidthStr::width(line);
                let unbroken = line.trim_start_matches([' ', '│', '─', '╭', '╰', '·']).split(' ').count() <= 2;
                let command = line.trim_start().starts_with("chmod");
                assert!(columns <= width || unbroken || command, "{width}: {line}");
            }
        }
    }
}

#[test]
fn long_lists_are_cut_unless_asked_for() {
    let mut audit = incomplete();
    let notice = audit.notices[1].clone();
    audit.notices = (0..50)
        .map(|number| {
            let mut notice = notice.clone();
            notice.path = format!("/home/alice/{number}/config").into();
            notice.trouble = Trouble::Foreign;
            notice
        })
        .collect();
    let shown = written(&audit, "full", &options(80));
    assert!(shown.contains("/19/config") && !shown.contains("/45/config"), "{shown}");
    assert!(shown.contains("31 more; -v"), "{shown}");
    assert!(written(&audit, "full", &detail(Detail::Verbose)).contains("/45/config"));
}

#[test]
fn errors_of_the_writer_come_back() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for format in xmpp_audit::report::FORMATS {
        let error = xmpp_audit::report::write(&everything(), format, &options(80), &mut Closed).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
    }
}
