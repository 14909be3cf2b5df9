//! The index of the rule pages, `rules/README.md` and `rules/fr/README.md`: made of the pages, and never stale.
//!
//! After a change of the pages: `UPDATE=1 cargo test --test rule_index`, then read the difference.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use xmpp_audit::clients;
use xmpp_audit::finding::Severity;
use xmpp_audit::model::{ClientName, Language};
use xmpp_audit::rules::{Page, RuleSet};

/// The groups of the index, by the first tag of their pages, with their headings.
const GROUPS: [(&str, &str, &str); 11] = [
    ("transport", "Transport and login", "Transport et connexion"),
    ("secrets", "Passwords and keys", "Mots de passe et clés"),
    ("addresses", "Accounts and providers", "Comptes et fournisseurs"),
    ("rooms", "Rooms", "Salons"),
    ("tor", "Tor and proxies", "Tor et proxys"),
    ("end-to-end", "End-to-end encryption", "Chiffrement de bout en bout"),
    ("privacy", "Privacy", "Vie privée"),
    ("code", "Code that is run", "Code exécuté"),
    ("settings", "Settings", "Réglages"),
    ("files", "Files", "Fichiers"),
    ("updates", "Versions", "Versions"),
];

const HEAD: [&str; 2] = [
    "# Rules

Everything that xmpp-audit finds, a page a rule: what happens, when it is no problem, how to put it right in each
client, and sources. `xmpp-audit explain RULE` shows the same page in the terminal. [En français](fr/README.md)

The severity is what an attacker gains, other things being equal; in brackets, what it can be by the case. Policies
(`xmpp-audit policy list`) may see it otherwise. This list is made of the pages by
`UPDATE=1 cargo test --test rule_index`.
",
    "# Règles

Tout ce que xmpp-audit trouve, une page par règle : ce qui se passe, quand ce n’est pas un problème, comment y
remédier dans chaque client, et les sources. `xmpp-audit explain RÈGLE` montre la même page dans le terminal.
[In English](../README.md)

La gravité est ce qu’un attaquant y gagne, toutes choses égales par ailleurs ; entre parenthèses, ce qu’elle peut
être selon le cas. Les politiques (`xmpp-audit policy list`) peuvent en juger autrement. Cette liste est tirée des
pages par `UPDATE=1 cargo test --test rule_index`.
",
];

fn index(rules: &RuleSet, language: Language) -> String {
    let [english, french] = HEAD;
    let mut index = language.choose(english, french).to_owned();
    for (tag, english, french) in GROUPS {
        writeln!(index, "\n## {}\n", language.choose(english, french)).unwrap();
        index.push_str(language.choose(
            "| rule | severity | clients | what it finds |\n",
            "| règle | gravité | clients | ce qu’elle trouve |\n",
        ));
        index.push_str("| --- | --- | --- | --- |\n");
        let pages: Vec<&Page> = rules.pages().iter().filter(|page| page.tags[0] == tag).collect();
        assert!(!pages.is_empty(), "no page has “{tag}” as its first tag");
        for page in pages {
            index.push_str(&row(page, language));
        }
    }
    index
}

fn row(page: &Page, language: Language) -> String {
    let word = |severity| xmpp_audit::report::severity(severity, language);
    let mut others: Vec<Severity> = page.raise.iter().chain(&page.lower).map(|(severity, _)| *severity).collect();
    others.extend(page.step_down.is_some().then(|| page.severity.step_down()));
    others.retain(|severity| *severity != page.severity);
    others.sort_unstable_by(|left, right| right.cmp(left));
    others.dedup();
    let mut severity = word(page.severity).to_owned();
    if !others.is_empty() {
        write!(severity, " ({})", others.into_iter().map(word).collect::<Vec<_>>().join(", ")).unwrap();
    }
    let clients: Vec<_> = page.clients.iter().map(|client| title(*client, language)).collect();
    let title = &page.texts(language).title;
    assert!(!title.contains('|'), "{}: a | breaks the table", page.id);
    format!("| [{id}]({id}.md) | {severity} | {} | {title} |\n", clients.join(", "), id = page.id)
}

/// A client’s name as people write it. What starts clients has a name only here, where it is one of them.
fn title(client: ClientName, language: Language) -> &'static str {
    match (client.0, language) {
        ("startup", Language::French) => "Fichiers de démarrage",
        _ => clients::by_name(client.0).unwrap().title(),
    }
}

#[test]
fn the_index_of_the_rules_is_fresh() {
    let rules = RuleSet::embedded(Language::French).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    for (language, path) in [(Language::English, "README.md"), (Language::French, "fr/README.md")] {
        let (path, index) = (folder.join(path), index(&rules, language));
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, index).unwrap();
            continue;
        }
        let is = fs::read_to_string(&path).unwrap_or_default();
        let stale = index.lines().find(|line| !is.lines().any(|other| other == *line));
        let fresh = is == index;
        assert!(
            fresh,
            "{} is stale, for example at: {}\nrun UPDATE=1 cargo test --test rule_index",
            path.display(),
            stale.unwrap_or("(lines too many)")
        );
    }
}

#[test]
fn every_rule_has_a_place_in_the_index() {
    for page in RuleSet::embedded(Language::English).unwrap().pages() {
        let tag = page.tags.first().map(String::as_str).unwrap_or_default();
        let known = GROUPS.map(|(tag, ..)| tag).join(", ");
        assert!(GROUPS.iter().any(|(group, ..)| *group == tag), "{}: the first tag is one of {known}", page.id);
    }
}
