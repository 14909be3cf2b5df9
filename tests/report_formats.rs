//! What every format owes: the same findings as all others, nothing about whose machine it is, no secret, and no way
//! out of its syntax for what stands in a scanned file.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;
#[path = "report_formats/readers.rs"]
mod readers;
mod report_audits;

use std::fs;
use std::path::{Path, PathBuf};

use common::planted::{Planted, plant_everywhere};
use common::{MadeUpHome, track};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use readers::{Reader, Told, of};
use report_audits::{by_policy, clean, compared, everything, incomplete, judged, nothing, written};
use xmpp_audit::discover::{Home, Target};
use xmpp_audit::finding::{Audit, Base, Finding, Gone, Severity, Suppressed, Suppression};
use xmpp_audit::model::Language;
use xmpp_audit::policy::Policy;
use xmpp_audit::report::{FORMATS, Options, harmless};
use xmpp_audit::rules::RuleSet;
use xmpp_audit::{Request, audit};

/// GitHub takes ten annotations of a kind; the worst come first.
const LIMITED: &str = "github";

/// Wide enough that nothing is wrapped.
fn wide(language: Language) -> Options {
    Options { width: 2000, language, ..Options::default() }
}

fn report(audit: &Audit, format: &str) -> String {
    written(audit, format, &wide(Language::English))
}

fn really(targets: &[Target], language: Language) -> Audit {
    by(None, targets, language)
}

/// What an audit by a policy of one's own says.
fn by(policy: Option<&Path>, targets: &[Target], language: Language) -> Audit {
    let rules = RuleSet::embedded(language).unwrap();
    let policy = policy.map(|path| Policy::load(path.to_str().unwrap(), &rules).unwrap());
    let request =
        Request { min_severity: Severity::Info, language, tells_rules: true, policy, ..Request::default() };
    audit(targets, &rules, &request).unwrap()
}

/// The findings that a reader must find in a report.
fn expected(audit: &Audit, reader: &Reader) -> Vec<Told> {
    let path = |finding: &Finding| {
        let path = if reader.leaves { audit.relative(&finding.path) } else { finding.path.clone() };
        harmless::path(&path)
    };
    let told = |finding: &Finding| Told {
        rule: finding.rule.clone(),
        path: path(finding),
        severities: vec![finding.severity],
    };
    audit.findings.iter().map(told).collect()
}

/// That every format tells of every finding, and of nothing else.
fn all_tell_the_same(audit: &Audit, name: &str) {
    for format in FORMATS {
        let reader = of(format);
        let mut expected = expected(audit, reader);
        let mut told = (reader.read)(&report(audit, reader.format));
        if reader.format == LIMITED && told.len() < expected.len() {
            assert!(told.len() >= 10, "{name}: {} findings in {LIMITED}", told.len());
            for told in told {
                let same = |expected: &Told| (&expected.rule, &expected.path) == (&told.rule, &told.path);
                assert!(expected.iter().any(same), "{name}: {told:?} in {LIMITED}");
            }
            continue;
        }
        expected.sort();
        told.sort_by(|left, right| {
            (&left.rule, &left.path, &left.severities[0]).cmp(&(&right.rule, &right.path, &right.severities[0]))
        });
        assert_eq!(told.len(), expected.len(), "{name}: {}", reader.format);
        for (told, expected) in told.iter().zip(&expected) {
            assert_eq!((&told.rule, &told.path), (&expected.rule, &expected.path), "{name}: {}", reader.format);
            let severity = expected.severities[0];
            assert!(told.severities.contains(&severity), "{name}: {}: {told:?}, {severity:?}", reader.format);
        }
    }
}

#[test]
fn every_format_tells_the_same_findings() {
    for (name, audit) in [
        ("everything", everything()),
        ("by a policy", by_policy()),
        ("clean", clean()),
        ("nothing", nothing()),
        ("incomplete", incomplete()),
        ("at home", judged(everything())),
        ("compared", compared()),
    ] {
        all_tell_the_same(&audit, name);
    }
    let home = MadeUpHome::with_all_clients();
    let audit = really(&[Target::Home(Home::at(home.path()))], Language::English);
    assert!(audit.findings.len() > 30);
    all_tell_the_same(&audit, "real files");
}

#[test]
fn no_report_that_leaves_the_machine_says_whose_it_is() {
    const USER: &str = "uniqueuser";
    let folder = tempfile::Builder::new().prefix("machine").tempdir().unwrap();
    let home = folder.path().join("homes").join(USER);
    let files = MadeUpHome::with_all_clients();
    for entry in walkdir::WalkDir::new(files.path()).into_iter().map(Result::unwrap) {
        let copy = home.join(entry.path().strip_prefix(files.path()).unwrap());
        match entry.file_type().is_dir() {
            true => fs::create_dir_all(copy).unwrap(),
            false => drop(fs::copy(entry.path(), copy).unwrap()),
        }
    }
    fs::write(home.join(".purple/accounts-copy.xml"), "").unwrap();
    fs::write(home.join(".purple/blist.xml"), "<purple").unwrap();
    let own = home.join("ours.toml");
    fs::write(&own, "extends = \"strict\"\n\n[title]\nen = \"Ours\"\nfr = \"Le nôtre\"\n").unwrap();
    for (target, name) in [
        (Target::Home(Home::at(&home)), "home"),
        (Target::Path(home.clone()), "folder"),
        (Target::Path(home.join(".purple")), "folder within"),
        (Target::Path(home.join(".purple/accounts.xml")), "file"),
    ] {
        for language in [Language::English, Language::French] {
            let found = by(Some(&own), std::slice::from_ref(&target), language);
            assert_eq!(found.policy.as_deref(), Some("ours.toml"));
            for format in FORMATS.into_iter().filter(|format| of(*format).leaves) {
                let report = written(&found, format.name(), &wide(language));
                for traitor in [USER, "homes", &*folder.path().to_string_lossy(), "file:///", "/home/"] {
                    let line = report.lines().find(|line| line.contains(traitor));
                    assert_eq!(line, None, "{name}: {} says {traitor}", format.name());
                }
            }
            // The others say it, or this test would look for what nobody writes.
            assert!(report(&found, "json").contains(USER));
        }
    }
}

#[test]
fn no_report_of_a_repository_gives_a_secret_away() {
    let home = MadeUpHome::new();
    let mut planted = Planted::default();
    plant_everywhere(&home, &mut planted);
    track(home.path(), &[".purple/accounts.xml", ".local/share/profanity/accounts", ".config/gajim/config"]);
    let traces = planted.traces();
    let accounts = fs::read_to_string(home.at(".purple/accounts.xml")).unwrap();
    assert!(traces.line_in(&accounts).is_some(), "the traces are those of what was planted");
    for language in [Language::English, Language::French] {
        for target in [Target::Path(home.path().to_owned()), Target::Home(Home::at(home.path()))] {
            let found = really(&[target], language);
            assert!(found.findings.iter().any(|finding| finding.rule == "password-stored"));
            for format in FORMATS {
                let report = written(&found, format.name(), &wide(language));
                assert_eq!(traces.line_in(&report), None, "{}", format.name());
            }
        }
    }
}

/// What could break out of each syntax, in one text.
const HOSTILE: &str = "=cmd()|' /C calc'!A0`]]>%0A::error file=x::out\n::error::out\r\n##[error]out</script><script>alert(1)</script></details></td>\x1b[2J\x1b]0;out\x07\u{9b}31m\u{202e}\u{2066}-->\"'&amp;&#10;@all #1 [l](https://out.test) ![i](https://out.test/i) <https://out.test> www.out.test\u{2028}\\|\0\t{{ out }}, a:b";

fn hostile() -> Audit {
    let audit = compared();
    let path = PathBuf::from(format!("/home/alice/{}", HOSTILE.replace(['\0', '/'], "")));
    let hostile_finding = |finding: Finding, number: usize| Finding {
        account: Some(HOSTILE.to_owned()),
        room: Some(HOSTILE.to_owned()),
        path: path.join(format!("={number}")),
        place: format!("{HOSTILE}{number}"),
        title: HOSTILE.into(),
        message: format!("{HOSTILE}{number}"),
        why: HOSTILE.into(),
        remedy: format!("{HOSTILE}\n\n- {HOSTILE}\n\n~~~\n{HOSTILE}\n~~~").into(),
        commit: Some(HOSTILE.to_owned()),
        ..finding
    };
    let findings = audit.findings.into_iter().enumerate();
    let suppressed = audit.suppressed.into_iter().enumerate().map(|(number, suppressed)| Suppressed {
        finding: hostile_finding(suppressed.finding, 100 + number),
        by: Suppression {
            reason: HOSTILE.to_owned(),
            expires: Some(HOSTILE.to_owned()),
            file: path.clone(),
            ..suppressed.by
        },
    });
    Audit {
        findings: findings.map(|(number, finding)| hostile_finding(finding, number)).collect(),
        suppressed: suppressed.collect(),
        gone: audit
            .gone
            .into_iter()
            .map(|gone| Gone { path: path.clone(), place: HOSTILE.to_owned(), ..gone })
            .collect(),
        policy: Some(HOSTILE.to_owned()),
        bases: vec![Base { searched: PathBuf::from("/home/alice"), name: PathBuf::new() }],
        ..report_audits::hostile()
    }
}

#[test]
fn hostile_text_cannot_break_out() {
    let audit = hostile();
    all_tell_the_same(&audit, "hostile");
}

#[test]
fn hostile_cells_are_no_formulas() {
    let rows = readers::rows(&report(&hostile(), "csv"));
    let audit = hostile();
    let of_findings = rows.iter().filter(|row| ["open", "accepted"].contains(&row[0].as_str())).count();
    assert_eq!(of_findings, audit.findings.len() + audit.suppressed.len());
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    assert!(rows.iter().flatten().any(|cell| cell.starts_with("'=cmd()")));
}

#[test]
fn hostile_text_is_no_markup_in_comments() {
    let audit = hostile();
    let text = report(&audit, "markdown");
    let own = regex::Regex::new("</?(span|code|br|details|summary|strong|em|pre)>").unwrap();
    let mut in_table = false;
    for event in Parser::new_ext(&text, pulldown_cmark::Options::all()) {
        match event {
            Event::Start(Tag::Table(_)) => in_table = true,
            Event::End(TagEnd::Table) => in_table = false,
            Event::Html(html) | Event::InlineHtml(html) => {
                assert!(!own.replace_all(&html, "").contains('<'), "{html}");
            }
            // The pages of rules may have links, and nothing else has any.
            Event::Start(Tag::Link { .. }) if !in_table => {}
            Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_))) => panic!("{tag:?}"),
            _ => {}
        }
    }
    for mark in ["@all", "#1", "::error", "##["] {
        assert!(!text.contains(mark), "{mark} has a meaning where comments are shown");
    }
    assert!(
        !text.lines().any(|line| line.starts_with('|') && (line.contains("https://") || line.contains("www.out")))
    );
    let tables = readers::tables(&text);
    let rows = |heading: &str| {
        let table = tables.iter().find(|(found, _)| found == heading).unwrap_or_else(|| panic!("no {heading}"));
        table.1.clone()
    };
    assert_eq!(rows("Findings").len(), audit.findings.len());
    assert_eq!(rows("2 accepted findings").len(), audit.suppressed.len());
    for (number, row) in rows("Findings").iter().enumerate() {
        // What the cell says is the message itself, nothing left out and nothing put in.
        let message = harmless::line(&audit.findings[number].message);
        let shown = row[3].replace("&amp;", "&");
        assert!(shown.starts_with(&message.replace("&amp;", "&")), "{shown}\n{message}");
    }
}

#[test]
fn two_runs_over_the_same_files_say_the_same() {
    let home = MadeUpHome::with_all_clients();
    let target = || [Target::Home(Home::at(home.path()))];
    for format in FORMATS {
        let [first, second] = [(); 2].map(|()| report(&really(&target(), Language::English), format.name()));
        assert_eq!(first, second, "{}", format.name());
    }
}
