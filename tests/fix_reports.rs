//! What reports tell editors and review tools to write: it keeps to their schemas, tells no secret, and made to the files
//! it is what `fix` writes.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod common;

use std::fs;

use common::{MadeUpHome, run};
use serde_json::Value;

const PIDGIN: &str = ".purple/accounts.xml";
const PROFANITY: &str = ".local/share/profanity/accounts";

fn home() -> MadeUpHome {
    let home = MadeUpHome::new();
    let accounts = "<?xml version='1.0' encoding='UTF-8' ?>\n<account version='1.0'>\n\t<account>\n\t\t\
        <protocol>prpl-jabber</protocol>\n\t\t<name>żółw@example.org/</name>\n\t\t<password>hunter2</password>\n\t\t\
        <settings>\n\t\t\t<setting name='connection_security' type='string'>opportunistic_tls</setting> <!-- ż -->\n\
        \t\t</settings>\n\t</account>\n</account>\n";
    home.write(PIDGIN, accounts);
    home.write(PROFANITY, "[bob@example.org]\r\njid=bob@example.org\r\n# ż\r\ntls.policy=allow\r\n");
    home
}

fn report(home: &MadeUpHome, format: &str) -> (Value, String) {
    let ran = run(home.program().args(["check", "--output-format", format, "."]));
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    (serde_json::from_str(&ran.stdout).unwrap(), ran.stdout)
}

/// Where a line and a column, in characters or bytes, counted from 1, stand in a text.
fn offset(text: &str, line: u64, column: u64, in_bytes: bool) -> usize {
    let start: usize = text.split_inclusive('\n').take(usize::try_from(line).unwrap() - 1).map(str::len).sum();
    let before = usize::try_from(column).unwrap() - 1;
    match in_bytes {
        true => start + before,
        false => start + text[start..].chars().take(before).map(char::len_utf8).sum::<usize>(),
    }
}

/// The text with the ranges replaced, the last one first.
fn replaced(text: &str, mut ranges: Vec<(usize, usize, String)>) -> String {
    ranges.sort();
    ranges.dedup();
    let mut text = text.to_owned();
    for (start, end, new) in ranges.into_iter().rev() {
        text.replace_range(start..end, &new);
    }
    text
}

/// What `fix` makes of the files.
fn fixed(home: &MadeUpHome) -> [String; 2] {
    assert_eq!(run(home.program().args(["fix", "--yes", "--unsafe", "."])).code, 0);
    [PIDGIN, PROFANITY].map(|path| fs::read_to_string(home.at(path)).unwrap())
}

#[test]
fn sarif_tells_what_is_to_be_written() {
    let home = home();
    let (report, text) = report(&home, "sarif");
    assert!(!text.contains("hunter2"));
    let (first, corrected) = ("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let schema = include_str!("../fixtures/schemas/sarif-2.1.0.json").replace(first, corrected);
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());

    let results = report["runs"][0]["results"].as_array().unwrap();
    let fixes = results.iter().filter_map(|result| result["fixes"].as_array()).flatten();
    let changes: Vec<&Value> = fixes.flat_map(|fix| fix["artifactChanges"].as_array().unwrap()).collect();
    let made = [PIDGIN, PROFANITY].map(|path| {
        let old = fs::read_to_string(home.at(path)).unwrap();
        let of_file = changes.iter().filter(|change| change["artifactLocation"]["uri"] == path);
        let ranges = of_file.flat_map(|change| change["replacements"].as_array().unwrap()).map(|replacement| {
            let region = &replacement["deletedRegion"];
            let at = |line: &str, column: &str| {
                offset(&old, region[line].as_u64().unwrap(), region[column].as_u64().unwrap(), false)
            };
            let new = replacement["insertedContent"]["text"].as_str().unwrap_or_default();
            (at("startLine", "startColumn"), at("endLine", "endColumn"), new.to_owned())
        });
        replaced(&old, ranges.collect())
    });
    assert_eq!(made, fixed(&home));
    assert!(
        made[0].contains("require_tls") && !made[0].contains("hunter2") && made[1].contains("tls.policy=force\r\n")
    );
}

#[test]
fn rdjson_suggests_what_is_to_be_written() {
    let home = home();
    let (report, text) = report(&home, "rdjson");
    assert!(!text.contains("hunter2"));
    let schema = serde_json::from_str(include_str!("../fixtures/schemas/rdjson.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());

    let diagnostics = report["diagnostics"].as_array().unwrap();
    let made = [PIDGIN, PROFANITY].map(|path| {
        let old = fs::read_to_string(home.at(path)).unwrap();
        let of_file = diagnostics.iter().filter(|diagnostic| diagnostic["location"]["path"] == path);
        let suggestions = of_file.filter_map(|diagnostic| diagnostic["suggestions"].as_array()).flatten();
        let ranges = suggestions.map(|suggestion| {
            let at = |point: &Value| {
                offset(&old, point["line"].as_u64().unwrap(), point["column"].as_u64().unwrap(), true)
            };
            let range = &suggestion["range"];
            (at(&range["start"]), at(&range["end"]), suggestion["text"].as_str().unwrap().to_owned())
        });
        replaced(&old, ranges.collect())
    });
    assert_eq!(made, fixed(&home));
}
