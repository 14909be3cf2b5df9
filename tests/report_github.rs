//! GitHub's annotations, read as its runner reads them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod report_audits;

use std::collections::BTreeMap;
use std::path::PathBuf;

use proptest::prelude::*;
use report_audits::{
    accepted, at_home, clean, detail, everything, exchanged, french, hostile, incomplete, nothing, options,
    text_finding, written, written_setting,
};
use xmpp_audit::finding::{Audit, Finding, Severity};
use xmpp_audit::model::{Notice, Trouble};
use xmpp_audit::report::{Detail, harmless};

/// A workflow command.
#[derive(Debug, PartialEq)]
struct Command {
    name: String,
    properties: BTreeMap<String, String>,
    message: String,
}

/// Undoes what `escapeData` of the toolkit does, in the order of the runner (`ActionCommand.cs`).
fn unescaped(text: &str) -> String {
    text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
}

fn unescaped_property(text: &str) -> String {
    text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
}

/// As the runner does it: what begins with `::` and has another `::` is a command, its properties parted by commas.
fn command(line: &str) -> Option<Command> {
    let (head, message) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties.split(',').filter_map(|property| {
        let (name, value) = property.split_once('=')?;
        Some((name.to_owned(), unescaped_property(value)))
    });
    Some(Command { name: name.to_owned(), properties: properties.collect(), message: unescaped(message) })
}

/// The commands, and the other lines.
fn read(text: &str) -> (Vec<Command>, Vec<String>) {
    let others = text.lines().filter(|line| command(line).is_none()).map(str::to_owned);
    (text.lines().filter_map(command).collect(), others.collect())
}

fn of_kind<'a>(commands: &'a [Command], name: &str) -> Vec<&'a Command> {
    commands.iter().filter(|command| command.name == name).collect()
}

fn report(audit: &Audit) -> String {
    written(audit, "github", &options(80))
}

/// So many findings of each severity, from info to critical, and so many files that could not be read.
fn many(counts: [usize; 5], missing: usize) -> Audit {
    let mut audit = at_home(clean());
    for (severity, count) in Severity::ALL.iter().zip(counts).rev() {
        for number in 0..count {
            let path = PathBuf::from(format!("/home/alice/{}-{number}", severity.word()));
            audit.findings.push(Finding { severity: *severity, path, ..written_setting() });
        }
    }
    for number in 0..missing {
        let path = PathBuf::from(format!("/home/alice/missing-{number}"));
        audit.notices.push(Notice { path, kind: None, trouble: Trouble::PermissionDenied });
    }
    audit
}

#[test]
fn what_was_found_is_told() {
    let audit = Audit { notices: Vec::new(), inputs: Vec::new(), ..at_home(everything()) };
    let (commands, others) = read(&report(&audit));
    let told: Vec<(String, String)> = commands
        .iter()
        .map(|command| {
            let title = command.properties["title"].split(": ").next().unwrap().to_owned();
            (title, command.properties["file"].clone())
        })
        .collect();
    let expected: Vec<(String, String)> = audit
        .findings
        .iter()
        .map(|finding| {
            let path = audit.relative(&finding.path).to_str().unwrap().to_owned();
            (format!("{}[{}]", finding.severity.word(), finding.rule), path)
        })
        .collect();
    assert_eq!(told, expected);
    assert_eq!(others.len(), 1, "the summary");
}

#[test]
fn lines_and_columns_are_told_where_there_are_any() {
    let (commands, _) = read(&report(&everything()));
    let properties = &commands[1].properties;
    let keys: Vec<&str> = properties.keys().map(String::as_str).collect();
    assert_eq!(keys, ["col", "endColumn", "endLine", "file", "line", "title"]);
    let position = written_setting().position.unwrap();
    assert_eq!(properties["line"], position.line.to_string());
    assert_eq!(properties["endLine"], position.line.to_string());
    assert_eq!(properties["col"], position.column.to_string());
    assert_eq!(properties["endColumn"], position.end_column.to_string());
    let keys: Vec<&str> = commands[0].properties.keys().map(String::as_str).collect();
    assert_eq!(keys, ["file", "title"], "a database");
    assert!(commands[0].message.contains("(account_settings[example.org] / custom_type)"), "{commands:?}");
}

#[test]
fn worst_comes_first_and_levels_fit() {
    let (commands, _) = read(&report(&many([1, 1, 1, 1, 1], 1)));
    let told: Vec<(&str, &str)> =
        commands.iter().map(|command| (command.name.as_str(), command.properties["file"].as_str())).collect();
    assert_eq!(
        told,
        [
            ("error", "critical-0"),
            ("error", "high-0"),
            ("warning", "medium-0"),
            ("warning", "missing-0"),
            ("notice", "low-0"),
            ("notice", "info-0"),
        ]
    );
}

/// Counts of findings from info to critical and of missing files; of errors, warnings and notices; how many are left
/// out.
type Limit = ([usize; 5], usize, [usize; 3], usize);

#[test]
fn no_more_is_written_than_github_takes() {
    let limits: [Limit; 8] = [
        ([0, 10, 10, 10, 0], 0, [10, 10, 10], 0),
        ([10, 0, 0, 0, 0], 0, [0, 0, 10], 0),
        ([11, 0, 0, 0, 0], 0, [0, 0, 10], 2),
        ([0, 10, 0, 11, 0], 0, [10, 0, 10], 2),
        ([0, 0, 0, 5, 20], 0, [10, 0, 1], 15),
        ([0, 0, 12, 0, 0], 1, [0, 10, 1], 3),
        ([0, 0, 12, 0, 0], 20, [0, 10, 1], 22),
        ([0, 0, 2, 0, 0], 20, [0, 10, 1], 12),
    ];
    for (counts, missing, expected, left_out) in limits {
        let (commands, _) = read(&report(&many(counts, missing)));
        let kinds = ["error", "warning", "notice"].map(|kind| of_kind(&commands, kind).len());
        assert_eq!(kinds, expected, "{counts:?} {missing}");
        let last = commands.last().unwrap();
        assert_eq!(last.message.starts_with(&format!("{left_out} more ")), left_out > 0, "{counts:?} {last:?}");
    }
}

#[test]
fn the_worst_are_kept_and_so_are_some_files_that_could_not_be_read() {
    let (commands, _) = read(&report(&many([0, 0, 12, 5, 20], 5)));
    let files = |kind| of_kind(&commands, kind).into_iter().map(|command| command.properties["file"].clone());
    assert!(files("error").all(|file| file.starts_with("critical-")));
    let missing: Vec<String> = files("warning").filter(|file| file.starts_with("missing-")).collect();
    assert_eq!(missing, ["missing-0", "missing-1", "missing-2"]);
    assert_eq!(files("warning").count(), 10);
}

#[test]
fn nothing_breaks_out() {
    let text = "%0A::error::x%0a::error file=/etc/passwd,line=1::y ##[error]z ]]> ::stop-commands::t , : % %25 %2C";
    let mut audit = at_home(hostile());
    for finding in &mut audit.findings {
        finding.rule = text.to_owned();
        finding.title = text.into();
        finding.message = text.to_owned();
        finding.remedy = format!("{text}\n::error::x\n\n~~~\n::error::x\n~~~").into();
        finding.path = PathBuf::from(format!("{}/{text}", audit.searched[0].display()));
        finding.expected = None;
        finding.position = None;
    }
    let (commands, others) = read(&report(&audit));
    let findings = commands.iter().filter(|command| command.properties["title"].contains("##[error]"));
    assert_eq!(findings.clone().count(), audit.findings.len());
    for command in findings {
        assert!(command.message.starts_with(text), "{command:?}");
        assert!(command.properties["title"].ends_with(text), "{command:?}");
        assert!(["error", "warning", "notice"].contains(&command.name.as_str()));
        assert_eq!(command.properties.len(), 2, "{command:?}");
    }
    assert_eq!(others.len(), 1);
    assert!(!others[0].contains("##["));
}

#[test]
fn only_counts_stand_beside_the_commands() {
    let summary = regex::Regex::new(r"^[0-9]+ findings?( \([a-z0-9, ]+\))? in [a-z0-9, ]+; [0-9]+ files? \([a-z0-9, ]+\)(; [0-9]+ hidden)?(; [0-9]+ accepted by the (configuration|baseline))*(; [0-9]+ of the baseline (is|are) gone: `baseline prune` takes (it|them) out)?$|^Nothing was audited: ").unwrap();
    for (name, audit) in exchanged() {
        let text = report(&audit);
        let (commands, others) = read(&text);
        assert!(commands.len() <= 30, "{name}");
        assert_eq!(others.len(), 1, "{name}: {others:?}");
        assert!(summary.is_match(&others[0]), "{name}: {others:?}");
        assert!(!text.contains("/home") && !text.contains("hunter2"), "{name}");
    }
    let (_, others) = read(&written(&accepted(), "github", &options(80)));
    assert!(others[0].contains(" accepted by the "), "{others:?}");
    let (_, others) = read(&written(&everything(), "github", &detail(Detail::Quiet)));
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn what_could_not_be_read_is_a_warning() {
    let (commands, _) = read(&report(&at_home(incomplete())));
    let files: Vec<&str> = commands.iter().map(|command| command.properties["file"].as_str()).collect();
    assert_eq!(files, [".purple/prefs.xml", ".purple/blist.xml"], "not what was passed over on purpose");
    assert!(commands.iter().all(|command| command.name == "warning"));
    let (commands, _) = read(&report(&nothing()));
    assert_eq!(commands.len(), 1);
    assert!(commands[0].message.starts_with("Nothing was audited: "), "a green job would be a lie");
    assert!(read(&report(&clean())).0.is_empty());
}

#[test]
fn the_language_changes_sentences_only() {
    let french = written(&everything(), "github", &french(80));
    let (english, french) = (read(&report(&everything())).0, read(&french).0);
    let told = |commands: &[Command]| -> Vec<(String, Option<String>)> {
        commands.iter().map(|one| (one.name.clone(), one.properties.get("file").cloned())).collect()
    };
    assert_eq!(told(&english), told(&french));
    assert!(french[0].message.contains("à la main"), "{:?}", french[0]);
}

proptest! {
    #[test]
    fn any_text_is_read_back(message in "(%0A|%0D|%25|::|[%:,=]|\\PC|[\r\n\t]){0,40}", title in "(%2C|%3A|%25|[%,:=]|\\PC){0,20}", name in "[%,:=a-z]{1,20}") {
        let mut finding = text_finding(&format!("/home/alice/{name}"), "x=y", "y");
        finding.message = message.clone();
        finding.title = title.clone().into();
        let audit = Audit { findings: vec![finding], ..at_home(clean()) };
        let text = report(&audit);
        let (commands, others) = read(&text);
        prop_assert_eq!(commands.len(), 1);
        prop_assert_eq!(others.len(), 1);
        prop_assert!(commands[0].message.starts_with(&harmless::line(&message)));
        prop_assert!(commands[0].properties["title"].ends_with(&harmless::line(&title)));
        prop_assert_eq!(&commands[0].properties["file"], &name);
    }
}
