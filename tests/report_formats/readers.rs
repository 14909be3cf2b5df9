//! For every format somebody who reads it: which rule is broken where, and how bad that is.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use quick_xml::events::{BytesStart, Event as Xml};
use regex::Regex;
use serde_json::Value;
use xmpp_audit::finding::Severity;
use xmpp_audit::report::Format;

/// A finding as a report tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    pub rule: String,
    pub path: String,
    /// What the report's word for the severity may mean: some formats know three of them.
    pub severities: Vec<Severity>,
}

/// A format, what reads it, and whether its reports leave the machine: then paths are relative.
pub struct Reader {
    pub format: &'static str,
    pub leaves: bool,
    pub read: fn(&str) -> Vec<Told>,
}

const fn reader(format: &'static str, leaves: bool, read: fn(&str) -> Vec<Told>) -> Reader {
    Reader { format, leaves, read }
}

const READERS: [Reader; 14] = [
    reader("full", false, full),
    reader("concise", false, concise),
    reader("narrated", false, narrated),
    reader("json", false, json),
    reader("ndjson", false, ndjson),
    reader("junit", true, junit),
    reader("checkstyle", true, checkstyle),
    reader("csv", true, csv),
    reader("markdown", true, markdown),
    reader("sarif", true, sarif),
    reader("github", true, github),
    reader("gitlab", true, gitlab),
    reader("rdjson", true, rdjson),
    reader("html", true, html),
];

/// Who reads a format.
pub fn of(format: &dyn Format) -> &'static Reader {
    let found = READERS.iter().find(|reader| reader.format == format.name());
    found.unwrap_or_else(|| panic!("nobody reads the format {}: give it a reader here", format.name()))
}

fn told(rule: &str, severity: &str, path: &str) -> Told {
    let severity = Severity::of_word(severity).unwrap_or_else(|| panic!("{severity} is no severity"));
    Told { rule: rule.to_owned(), path: path.to_owned(), severities: vec![severity] }
}

fn full(report: &str) -> Vec<Told> {
    let header = Regex::new(r"(?m)^([a-z]+)\[([a-z0-9-]+)\]: ").unwrap();
    let place = Regex::new(r"(?m)^ +(?:╭─|───)\[(.*?)(:[0-9]+:[0-9]+)?\]$").unwrap();
    let heads: Vec<_> = header.captures_iter(report).collect();
    let places: Vec<_> = place.captures_iter(report).collect();
    assert_eq!(heads.len(), places.len(), "every finding has one place");
    heads.iter().zip(places).map(|(head, place)| told(&head[2], &head[1], &place[1])).collect()
}

fn concise(report: &str) -> Vec<Told> {
    let line =
        Regex::new(r"(?m)^(.*?)(?::[0-9]+:[0-9]+|: [^\n]*?)?: (info|low|medium|high|critical)\[([a-z0-9-]+)\] ")
            .unwrap();
    line.captures_iter(report).map(|line| told(&line[3], &line[2], &line[1])).collect()
}

fn narrated(report: &str) -> Vec<Told> {
    let head = Regex::new(r"^Finding [0-9]+ of [0-9]+, ([a-z]+), rule ([a-z0-9-]+): ").unwrap();
    let place = Regex::new(r"^In the file (.*?)(?:, line [0-9]+, column [0-9]+)?\.$").unwrap();
    let (mut open, mut found) = (None, Vec::new());
    for line in report.lines() {
        if let Some(head) = head.captures(line) {
            assert!(open.replace((head[2].to_owned(), head[1].to_owned())).is_none(), "a finding without a place");
        } else if let (Some(place), Some((rule, severity))) = (place.captures(line), &open) {
            found.push(told(rule, severity, &place[1]));
            open = None;
        }
    }
    assert_eq!(open, None, "a finding without a place");
    found
}

fn of_object(finding: &Value) -> Told {
    let word = |key: &str| finding[key].as_str().unwrap();
    told(word("rule"), word("severity"), word("path"))
}

fn json(report: &str) -> Vec<Told> {
    let report: Value = serde_json::from_str(report).unwrap();
    report["findings"].as_array().unwrap().iter().map(of_object).collect()
}

fn ndjson(report: &str) -> Vec<Told> {
    let lines: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.last().unwrap()["type"], "summary");
    assert_eq!(lines.last().unwrap()["lines"], lines.len() - 1);
    lines.iter().filter(|line| line["type"] == "finding").map(of_object).collect()
}

/// The elements of a well-formed document, each with the names of those around it.
pub fn elements(report: &str) -> Vec<(Vec<String>, BytesStart<'static>)> {
    let mut reader = quick_xml::Reader::from_str(report);
    reader.config_mut().check_end_names = true;
    let (mut around, mut found) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Xml::Start(element) => {
                found.push((around.clone(), element.clone().into_owned()));
                around.push(name(&element));
            }
            Xml::Empty(element) => found.push((around.clone(), element.into_owned())),
            Xml::End(_) => drop(around.pop().unwrap()),
            Xml::Text(text) => {
                assert!(!around.is_empty() || text.trim_ascii().is_empty(), "text outside of the document");
            }
            Xml::Decl(_) | Xml::GeneralRef(_) => {}
            Xml::Eof => break,
            other => panic!("nobody writes {other:?}"),
        }
    }
    assert!(around.is_empty());
    found
}

pub fn name(element: &BytesStart<'_>) -> String {
    element.name().as_ref().to_owned()
}

pub fn attribute(element: &BytesStart<'_>, key: &str) -> Option<String> {
    let attribute = element.attributes().map(Result::unwrap).find(|attribute| attribute.key.as_ref() == key)?;
    Some(quick_xml::escape::unescape(&attribute.value).unwrap().into_owned())
}

fn junit(report: &str) -> Vec<Told> {
    let (mut suite, mut path, mut found) = (String::new(), String::new(), Vec::new());
    for (around, element) in elements(report) {
        match (name(&element).as_str(), around.len()) {
            ("testsuites", 0) | ("properties" | "error" | "skipped", _) | ("property", 3) => {}
            ("testsuite", 1) => suite = attribute(&element, "name").unwrap(),
            ("testcase", 2) => path = attribute(&element, "file").unwrap_or_default(),
            ("failure", 3) => found.push(told(&suite, &attribute(&element, "type").unwrap(), &path)),
            other => panic!("{other:?} has no place in a report"),
        }
    }
    found
}

fn checkstyle(report: &str) -> Vec<Told> {
    let (mut path, mut found) = (String::new(), Vec::new());
    for (around, element) in elements(report) {
        match (name(&element).as_str(), around.len()) {
            ("checkstyle", 0) => {}
            ("file", 1) => path = attribute(&element, "name").unwrap(),
            ("error", 2) => {
                let source = attribute(&element, "source").unwrap();
                let message = attribute(&element, "message").unwrap();
                if let Some((_, rule)) = source.strip_prefix("xmpp-audit.").unwrap().split_once('.') {
                    found.push(told(rule, message.split(':').next().unwrap(), &path));
                }
            }
            other => panic!("{other:?} has no place in a report"),
        }
    }
    found
}

/// The rows of a table, each with as many cells as the first.
pub fn rows(report: &str) -> Vec<Vec<String>> {
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(false).from_reader(report.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn csv(report: &str) -> Vec<Told> {
    let rows = rows(report);
    let column = |name: &str| rows[0].iter().position(|column| column == name).unwrap();
    let plain = |cell: &str| match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) => rest.to_owned(),
        _ => cell.to_owned(),
    };
    let open = rows.iter().skip(1).filter(|row| row[column("status")] == "open");
    open.map(|row| told(&row[column("rule")], &row[column("severity")], &plain(&row[column("path")]))).collect()
}

/// The tables of a Markdown page: the heading before each, and the text of its cells.
pub fn tables(report: &str) -> Vec<(String, Vec<Vec<String>>)> {
    let (mut tables, mut heading, mut cell): (Vec<(String, Vec<Vec<String>>)>, _, _) =
        (Vec::new(), String::new(), String::new());
    for event in Parser::new_ext(report, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::TableCell) => cell.clear(),
            Event::Start(Tag::Table(_)) => tables.push((heading.clone(), Vec::new())),
            Event::Start(Tag::TableRow) => tables.last_mut().unwrap().1.push(Vec::new()),
            Event::End(TagEnd::Heading(_)) => heading.clone_from(&cell),
            Event::End(TagEnd::TableCell) => {
                if let Some(row) = tables.last_mut().unwrap().1.last_mut() {
                    row.push(std::mem::take(&mut cell));
                }
            }
            Event::Text(text) | Event::Code(text) => cell.push_str(&text),
            Event::InlineHtml(html) if &*html == "<br>" => cell.push('\n'),
            _ => {}
        }
    }
    tables
}

fn markdown(report: &str) -> Vec<Told> {
    let tables = tables(report);
    let findings = tables.iter().filter(|(heading, _)| heading == "Findings").flat_map(|(_, rows)| rows);
    let line = Regex::new(r":[0-9]+$").unwrap();
    findings
        .map(|row| {
            let place = row[2].split('\n').next().unwrap();
            told(&row[1], row[0].split(' ').next().unwrap(), &line.replace(place, ""))
        })
        .collect()
}

/// Of three or four severities, those that each may stand for.
fn of_few(rule: &str, severity: &str, path: &str) -> Told {
    let severities = match severity.to_ascii_lowercase().as_str() {
        "error" => vec![Severity::Critical, Severity::High],
        "warning" => vec![Severity::Medium, Severity::Low],
        "note" | "notice" | "info" => vec![Severity::Low, Severity::Info],
        other => panic!("{other} is no severity"),
    };
    Told { rule: rule.to_owned(), path: path.to_owned(), severities }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn sarif(report: &str) -> Vec<Told> {
    let report: Value = serde_json::from_str(report).unwrap();
    let results = report["runs"][0]["results"].as_array().unwrap().iter();
    let is_open = |result: &&Value| result["suppressions"].as_array().is_none_or(Vec::is_empty);
    let open = results.filter(|result| is_open(result) && result["baselineState"] != "absent");
    open.map(|result| {
        let locations = result["locations"].as_array().unwrap();
        assert_eq!(locations.len(), 1);
        let uri = locations[0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        let (rule, path) = (result["ruleId"].as_str().unwrap(), percent_decoded(uri));
        match result["properties"]["severity"].as_str() {
            Some(severity) => told(rule, severity, &path),
            None => of_few(rule, result["level"].as_str().unwrap(), &path),
        }
    })
    .collect()
}

fn github(report: &str) -> Vec<Told> {
    let command = Regex::new(r"(?m)^::(error|warning|notice) ([^\n]*?)::").unwrap();
    let commands = report.lines().filter(|line| line.trim_start().starts_with("::")).count();
    let found: Vec<_> = command.captures_iter(report).collect();
    assert_eq!(found.len(), commands, "every command is one that can be read");
    let title = Regex::new(r"^(info|low|medium|high|critical)\[([a-z0-9-]+)\]: ").unwrap();
    let property = |properties: &str, name: &str| {
        let found = properties.split(',').find_map(|property| property.strip_prefix(name)?.strip_prefix('='));
        percent_decoded(found.unwrap_or_default())
    };
    let findings = found.iter().filter_map(|command| {
        let heading = property(&command[2], "title");
        let heading = title.captures(&heading)?;
        Some(told(&heading[2], &heading[1], &property(&command[2], "file")))
    });
    findings.collect()
}

fn gitlab(report: &str) -> Vec<Told> {
    let issues: Vec<Value> = serde_json::from_str(report).unwrap();
    let of_rules = issues.iter().filter(|issue| issue["check_name"] != "not-audited");
    of_rules
        .map(|issue| {
            let severity = match issue["severity"].as_str().unwrap() {
                "blocker" => "critical",
                "critical" => "high",
                "major" => "medium",
                "minor" => "low",
                other => other,
            };
            told(issue["check_name"].as_str().unwrap(), severity, issue["location"]["path"].as_str().unwrap())
        })
        .collect()
}

fn rdjson(report: &str) -> Vec<Told> {
    let report: Value = serde_json::from_str(report).unwrap();
    let of_rules = report["diagnostics"].as_array().unwrap().iter();
    of_rules
        .filter(|diagnostic| diagnostic["code"]["value"] != "not-audited")
        .map(|diagnostic| {
            let word = |pointer: &str| diagnostic.pointer(pointer).unwrap().as_str().unwrap();
            of_few(word("/code/value"), word("/severity"), word("/location/path"))
        })
        .collect()
}

fn html(report: &str) -> Vec<Told> {
    let element = Regex::new(r#"<[a-z]+ [^<>]*?data-rule="([^"]*)"[^<>]*?>"#).unwrap();
    let attribute = |element: &str, name: &str| {
        let found = Regex::new(&format!(r#" {name}="([^"]*)""#)).unwrap().captures(element)?[1].to_owned();
        let plain =
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#39;", "'"), ("&#x2f;", "/")];
        let found = plain.into_iter().fold(found, |text, (entity, character)| text.replace(entity, character));
        Some(found.replace("&amp;", "&"))
    };
    let elements = element.captures_iter(report);
    let findings = elements.filter_map(|element| {
        let [rule, severity, path] =
            ["data-rule", "data-severity", "data-path"].map(|name| attribute(&element[0], name));
        Some(told(&rule?, &severity?, &path?))
    });
    findings.collect()
}
