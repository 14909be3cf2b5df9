//! The page for browsers: its structure held fast in `fixtures/report`, and what no text in it may bring about.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod report_audits;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use regex::Regex;
use report_audits::{by_policy, clean, everything, expected, french, in_french, incomplete, nothing, options};
use sha2::{Digest, Sha256};
use xmpp_audit::finding::{
    Audit, Base, BaselineState, Confidence, Finding, Gone, RuleSummary, Severity, Suppressed, Suppression,
    SuppressionKind, Wanted,
};
use xmpp_audit::model::{ClientName, Excerpt, Language, Notice, Span, Trouble};
use xmpp_audit::report::{Detail, Options};

fn written(audit: &Audit, options: &Options) -> String {
    report_audits::written(audit, "html", options)
}

/// The page without its script and style, which are files of their own.
fn picture(name: &str, audit: &Audit, options: &Options) {
    let page = written(audit, options).replace(env!("CARGO_PKG_VERSION"), "[version]");
    let page = Regex::new("(?s)<(style|script)>.*?</(style|script)>").unwrap().replace_all(&page, "<$1>[...]</$1>");
    let page = Regex::new("sha256-[A-Za-z0-9+/=&#;x]+?(&#x27;)").unwrap().replace_all(&page, "sha256-[...]$1");
    insta::with_settings!({ snapshot_path => "../fixtures/report", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, page);
    });
}

fn rule(id: &str, title: &str) -> RuleSummary {
    RuleSummary {
        id: id.to_owned(),
        title: title.to_owned(),
        reason: "Whoever listens has the *password*.".to_owned(),
        help: "## What happens\n\nWhoever listens has it.\n\n1. one\n2. `two`\n\n## How to put it right\n\n### Gajim\n\n~~~sh\n\tgajim --quit\n~~~\n\n## Sources\n\n- [RFC 7590](https://www.rfc-editor.org/rfc/rfc7590)\n- [no link](http://example.org/)".to_owned(),
        severity: Severity::High,
        worst: Severity::Critical,
        confidence: Confidence::High,
        tags: vec!["transport".to_owned(), "cwe-319".to_owned()],
        clients: vec![ClientName("pidgin"), ClientName("gajim")],
    }
}

fn accepted(finding: Finding, kind: SuppressionKind, expires: Option<&str>) -> Suppressed {
    let by = Suppression {
        kind,
        reason: "The server is in the cellar.".to_owned(),
        expires: expires.map(str::to_owned),
        file: PathBuf::from("/home/alice/xmpp-audit.toml"),
    };
    Suppressed { finding, by }
}

/// An audit in which nothing is missing that the page can show.
fn whole() -> Audit {
    let mut audit = everything();
    audit.bases = vec![Base { searched: PathBuf::from("/home/alice"), name: PathBuf::new() }];
    audit.findings.push(expected());
    audit.findings[0].baseline = Some(BaselineState::New);
    audit.findings[1].baseline = Some(BaselineState::Unchanged);
    audit.findings[2].commit = Some("0123abcd".to_owned());
    audit.policy = Some("ours.toml".to_owned());
    audit.rules = vec![rule("encryption-disabled", "No encryption"), rule("quiet-rule", "Something else")];
    audit.suppressed = vec![
        accepted(report_audits::stored_password(), SuppressionKind::Ignore, Some("2030-01-31")),
        accepted(report_audits::whole_file(), SuppressionKind::Baseline, None),
    ];
    audit.gone = vec![Gone {
        rule: "legacy-login".to_owned(),
        client: ClientName("pidgin"),
        path: PathBuf::from(".purple/accounts.xml"),
        place: "accounts[bob@example.org] / auth".to_owned(),
        fingerprint: "0".repeat(32),
    }];
    audit
}

#[test]
fn looks_as_it_should() {
    picture("html", &whole(), &options(80));
    picture("html-french", &in_french(), &french(80));
    picture("html-policy", &by_policy(), &options(80));
    picture("html-clean", &clean(), &options(80));
    picture("html-incomplete", &incomplete(), &options(80));
    picture("html-nothing", &nothing(), &french(80));
}

/// A start tag: its name, and its attributes with their values unescaped.
#[derive(Debug)]
struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// The start tags and the text of a page, read as HTML says, short of what the page has no use for: comments and
/// attributes without quotes, which are taken for faults. Script and style are left out.
fn parsed(page: &str) -> (Vec<Tag>, String) {
    let page = Regex::new("(?s)(<(?:style|script)>).*?(</)").unwrap().replace_all(page, "$1$2").into_owned();
    let attribute = Regex::new(r#"^\s+([a-zA-Z-]+)(?:="([^"<>]*)")?"#).unwrap();
    let (mut tags, mut text, mut open) = (Vec::new(), String::new(), Vec::new());
    let mut rest = page.strip_prefix("<!DOCTYPE html>").unwrap();
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        if let Some(closing) = after.strip_prefix('/') {
            let end = closing.find('>').unwrap();
            assert_eq!(open.pop().as_deref(), Some(&closing[..end]), "closed in the wrong order");
            rest = &closing[end + 1..];
            continue;
        }
        let end = after.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap();
        let mut tag = Tag { name: after[..end].to_owned(), attributes: BTreeMap::new() };
        assert!(!tag.name.is_empty(), "no tag: {}", &after[..after.len().min(60)]);
        rest = &after[end..];
        while let Some(found) = attribute.captures(rest) {
            let value = found.get(2).map_or("", |value| value.as_str());
            let twice = tag.attributes.insert(found[1].to_owned(), unescaped(value));
            assert!(twice.is_none(), "{tag:?} has an attribute twice");
            rest = &rest[found[0].len()..];
        }
        let empty = matches!(tag.name.as_str(), "meta" | "input" | "path");
        rest = rest
            .strip_prefix("/>")
            .or_else(|| rest.strip_prefix('>'))
            .unwrap_or_else(|| panic!("{tag:?}: {rest:.80}"));
        if !empty {
            open.push(tag.name.clone());
        }
        tags.push(tag);
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    (tags, unescaped(&text))
}

/// Every audit worth a look.
fn audits() -> Vec<Audit> {
    vec![whole(), in_french(), by_policy(), clean(), incomplete(), nothing(), report_audits::hostile()]
}

#[test]
fn the_policy_admits_this_script_and_this_style_only() {
    for audit in audits() {
        let page = written(&audit, &options(80));
        let hash = |name: &str| {
            let (opening, closing) = (format!("<{name}>"), format!("</{name}>"));
            assert_eq!((page.matches(&format!("<{name}")).count(), page.matches(&closing).count()), (1, 1));
            let (_, rest) = page.split_once(&opening).unwrap();
            STANDARD.encode(Sha256::digest(rest.split_once(&closing).unwrap().0))
        };
        let (style, script) = (hash("style"), hash("script"));
        let (tags, _) = parsed(&page);
        let policy = tags.iter().find(|tag| tag.attribute("http-equiv").is_some()).unwrap();
        assert_eq!(policy.attribute("http-equiv"), Some("Content-Security-Policy"));
        assert_eq!(
            policy.attribute("content").unwrap(),
            format!(
                "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"
            )
        );
        let position = |name: &str| tags.iter().position(|tag| tag.name == name).unwrap();
        let policy = tags.iter().position(|tag| tag.attribute("http-equiv").is_some()).unwrap();
        assert!(policy < position("style") && policy < position("script"), "a policy counts from where it stands");
    }
}

#[test]
fn nothing_is_loaded_and_only_rule_pages_lead_away() {
    for audit in audits() {
        let page = written(&audit, &options(80));
        assert!(!page.contains("url(") && !page.contains("@import"));
        let (tags, _) = parsed(&page);
        let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.attribute("id")).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id stands twice");
        for tag in &tags {
            for loading in ["src", "srcset", "data", "poster", "action", "ping", "style", "background"] {
                assert!(tag.attribute(loading).is_none(), "{tag:?}");
            }
            assert!(!tag.attributes.keys().any(|name| name.starts_with("on")), "{tag:?}");
            assert!(
                !matches!(tag.name.as_str(), "link" | "base" | "iframe" | "img" | "object" | "form"),
                "{tag:?}"
            );
            for name in ["for", "aria-labelledby"] {
                assert!(tag.attribute(name).is_none_or(|id| ids.contains(&id)), "{tag:?}");
            }
            match tag.attribute("href").map(|address| (address, address.strip_prefix('#'))) {
                Some((_, Some(id))) => assert!(ids.contains(&id), "{tag:?} leads nowhere"),
                Some((address, None)) => {
                    assert!(address.starts_with("https://"), "{tag:?}");
                    assert_eq!(tag.attribute("rel"), Some("noreferrer"), "{tag:?}");
                }
                None => {}
            }
        }
    }
    let away = |page: String| {
        parsed(&page)
            .0
            .iter()
            .filter_map(|tag| tag.attribute("href").map(str::to_owned))
            .filter(|href| !href.starts_with('#'))
            .collect::<BTreeSet<_>>()
    };
    let links = away(written(&whole(), &options(80)));
    let sources = ["https://www.rfc-editor.org/rfc/rfc7590", "https://www.rfc-editor.org/rfc/rfc7590#section-3.1"];
    assert_eq!(links.iter().map(String::as_str).collect::<Vec<_>>(), sources);
}

#[test]
fn headings_are_in_order() {
    for audit in audits() {
        let (tags, _) = parsed(&written(&audit, &options(80)));
        let levels: Vec<usize> =
            tags.iter().filter_map(|tag| tag.name.strip_prefix('h').and_then(|level| level.parse().ok())).collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    }
}

#[test]
fn every_finding_is_there_once_with_what_programs_ask_for() {
    let audit = whole();
    let (tags, text) = parsed(&written(&audit, &options(80)));
    let places = tags.iter().filter(|tag| tag.attribute("class") == Some("place"));
    let mut shown: Vec<_> = places
        .map(|tag| {
            let value = |name: &str| tag.attribute(name).unwrap().to_owned();
            assert_eq!(value("data-automatic-fix"), "none");
            (value("data-severity"), value("data-rule"), value("data-path"), value("data-fingerprint"))
        })
        .collect();
    let mut expected: Vec<_> = audit
        .findings
        .iter()
        .map(|of| {
            let path = audit.relative(&of.path).display().to_string();
            (of.severity.word().to_owned(), of.rule.clone(), path, of.fingerprint.clone())
        })
        .collect();
    shown.sort();
    expected.sort();
    assert_eq!(shown, expected);
    for finding in &audit.findings {
        assert!(text.contains(&finding.message.replace('`', "")), "{}", finding.message);
    }
    assert!(text.contains("The server is in the cellar.") && text.contains("2030-01-31"));
}

#[test]
fn the_worst_comes_first() {
    let (tags, _) = parsed(&written(&everything(), &options(80)));
    let places = tags.iter().filter_map(|tag| tag.attribute("data-severity")).filter(|word| !word.is_empty());
    let severities: Vec<_> = places.filter_map(Severity::of_word).collect();
    let tiles = severities.iter().position(|severity| *severity == Severity::Info).unwrap() + 1;
    assert!(severities[tiles..].windows(2).all(|pair| pair[0] >= pair[1]), "{severities:?}");
}

#[test]
fn tells_neither_secrets_nor_whose_home_it_was() {
    let mut audit = whole();
    audit.notices.push(Notice {
        path: PathBuf::from("/home/alice/.purple/x"),
        kind: None,
        trouble: Trouble::Foreign,
    });
    for language in [Language::English, Language::French] {
        let page = written(&audit, &Options { language, ..options(80) });
        let (_, text) = parsed(&page);
        for told in ["hunter2", "aHVudGVyMg", "f3bbbd66a63d4bf1747940578ec3d0103530e21d", "/home", "alice/"] {
            assert!(!text.contains(told) && !page.contains(told), "{told}");
        }
        assert!(text.contains(".purple/accounts.xml") && text.contains("********"));
    }
}

#[test]
fn is_the_same_whoever_asks() {
    let page = written(&whole(), &options(80));
    let other =
        Options { width: 200, colour: true, links: true, unicode: false, detail: Detail::Quiet, ..options(80) };
    assert_eq!(page, written(&whole(), &other));
}

/// The same audit, with `text` wherever a scanned file or a rule has a say.
fn saying(text: &str) -> Audit {
    let mut audit = whole();
    let say = || text.to_owned();
    let suppressed = audit.suppressed.iter_mut().map(|suppressed| &mut suppressed.finding);
    for finding in audit.findings.iter_mut().chain(suppressed) {
        finding.account = Some(say());
        finding.room = Some(say());
        finding.path = PathBuf::from(text);
        finding.rule = say();
        finding.place = say();
        finding.title = say().into();
        finding.message = say();
        finding.why = format!("x {text}").into();
        finding.remedy = format!("x {text}").into();
        finding.fingerprint = say();
        finding.commit = Some(say());
        finding.excerpt = Some(Excerpt {
            text: format!("x{text}x{text}x"),
            mark: Span::new(1 + text.len(), 2 + text.len()),
            first_line: Some(1),
        });
        if let Some(expected) = &mut finding.expected {
            expected.policy = say();
            expected.actual = say();
            expected.wanted = Wanted::NoneOf(vec![say()]);
        }
    }
    for suppressed in &mut audit.suppressed {
        suppressed.by.reason = say();
        suppressed.by.expires = Some(say());
    }
    for account in &mut audit.accounts {
        account.jid = say();
        account.path = PathBuf::from(text);
    }
    for grade in &mut audit.grades {
        grade.jid = say();
        grade.owner = PathBuf::from(text);
    }
    for input in &mut audit.inputs {
        input.path = PathBuf::from(text);
    }
    audit.notices[0].trouble = Trouble::System(say());
    audit.gone[0].place = say();
    audit.gone[0].rule = say();
    audit.policy = Some(say());
    for rule in &mut audit.rules {
        rule.title = say();
        rule.reason = format!("x {text}");
        rule.tags = vec![say()];
    }
    audit
}

/// The names of the tags and of their attributes: what text must have no say in.
fn skeleton(page: &str) -> Vec<(String, Vec<String>)> {
    let (tags, _) = parsed(page);
    tags.into_iter().map(|tag| (tag.name, tag.attributes.into_keys().collect())).collect()
}

#[test]
fn no_text_breaks_out() {
    let harmless = skeleton(&written(&saying("harmless"), &options(80)));
    for text in [
        "</code></p><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "\" autofocus onfocus=\"alert(1)",
        "<!-- ]]> -->",
        "</style></script></title></textarea>",
        "{{ 7 * 7 }}{% include \"page.html.jinja\" %}{# x #}",
        "&lt;script&gt;&#60;&#x3c;&amp;",
        "javascript:alert(1)",
        "<svg/onload=alert(1)>",
        "=cmd()",
        "\u{1b}[2J\u{202e}\u{0}",
        "{shown}{total}",
    ] {
        let page = written(&saying(text), &options(80));
        assert_eq!(skeleton(&page), harmless, "{text}");
        let shown = xmpp_audit::report::harmless::line(text);
        assert!(parsed(&page).1.contains(&shown), "{text} is not shown as it is");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_text_at_all_breaks_out(text in "[a-z<>\"'&=/ {}%#;!-]{1,24}[a-z]") {
        // What begins a list, code or a link of a page is Markdown, not text.
        let page = written(&saying(&format!("x{}", text.replace("//", "/"))), &options(80));
        prop_assert_eq!(skeleton(&page), skeleton(&written(&saying("harmless"), &options(80))));
    }
}

#[test]
fn every_language_says_which_it_is() {
    assert!(written(&everything(), &options(80)).contains("<html lang=\"en\">"));
    let page = written(&in_french(), &french(80));
    assert!(page.contains("<html lang=\"fr\">"));
    // French punctuation does not begin a line.
    let (_, text) = parsed(&page);
    assert!(text.contains("«\u{a0}Avancé\u{a0}»"), "no-break spaces are missing");
}
