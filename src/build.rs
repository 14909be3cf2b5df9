//! Reads what is part of the program while it is built, so that no start has to: front matter and headings of the
//! pages in `rules/`, and the table of providers; and lists the policies. Adding a rule or a policy is adding a file.

#[path = "rules/source.rs"]
#[expect(dead_code, reason = "the program includes the texts itself")]
mod source;
#[path = "providers/table.rs"]
mod table;

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::de::DeserializeOwned;

use source::{FixSource, FrontMatter, Heading, Overlay, Source, Text, Word};
use table::{Document, Provider};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=rules/fr");
    println!("cargo::rerun-if-changed=rules/policies");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("pages.rs"), pages(&root)?)?;
    fs::write(out.join("policies.rs"), policies(&root.join("rules/policies"))?)?;
    fs::write(out.join("providers.rs"), providers(&fs::read_to_string(root.join("rules/providers.toml"))?)?)?;
    Ok(())
}

/// The names of the files of a kind, without what makes them of that kind. `README.md` is an index, no rule.
fn names(folder: &Path, extension: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) && !path.ends_with("README.md") {
            names.push(path.file_stem().ok_or("a file without a name")?.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn policies(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut list = String::from("const POLICIES: &[(&str, &str)] = &[\n");
    for name in names(folder, "toml")? {
        let policy = folder.join(format!("{name}.toml"));
        writeln!(list, "({name:?}, include_str!({policy:?})),")?;
    }
    list.push_str("];\n");
    Ok(list)
}

/// The pages, in the order of their ids, as Rust.
fn pages(root: &Path) -> Result<String, Box<dyn Error>> {
    let ids = names(&root.join("rules"), "md")?;
    let mut list = format!("static PAGES: [EmbeddedPage; {}] = [\n", ids.len());
    for id in ids {
        let english = read_page(root, format!("rules/{id}.md"), front_matter)?;
        let french = format!("rules/fr/{id}.md");
        let french = match root.join(&french).exists() {
            true => format!("Some({})", read_page(root, french, overlay)?),
            false => "None".to_owned(),
        };
        writeln!(list, "EmbeddedPage {{ id: {id:?}, english: {english}, french: {french} }},")?;
    }
    list.push_str("];\n");
    Ok(list)
}

/// A page as Rust.
fn read_page<T: DeserializeOwned>(
    root: &Path,
    path: String,
    front: fn(&T) -> String,
) -> Result<String, Box<dyn Error>> {
    let file = root.join(&path);
    let page: Source<T> = Source::read(path.clone().into(), fs::read_to_string(&file)?.into())
        .map_err(|fault| format!("{path}:{}: {}", fault.line, fault.message))?;
    Ok(format!(
        "Source {{ path: {}, text: Cow::Borrowed(include_str!({file:?})), front_start: {}, headings: {}, front: {} }}",
        text(&page.path),
        page.front_start,
        list(&page.headings, heading),
        front(&page.front)
    ))
}

fn heading(heading: &Heading) -> String {
    let Heading { is_lower, title, line, start, end } = heading;
    let title = text(title);
    format!("Heading {{ is_lower: {is_lower}, title: {title}, line: {line}, start: {start}, end: {end} }}")
}

fn front_matter(front: &FrontMatter) -> String {
    format!(
        "FrontMatter {{ subject: {}, clients: {}, when: {}, severity: {}, raise: {}, step_down: {}, lower: {}, \
         confidence: {}, confidence_when: {}, mark: {}, fix: {}, title: {}, message: {}, tags: {} }}",
        word(&front.subject),
        list(&front.clients, word),
        word(&front.when),
        word(&front.severity),
        list(&front.raise, pair),
        option(front.step_down.as_ref(), word),
        list(&front.lower, pair),
        word(&front.confidence),
        list(&front.confidence_when, pair),
        option(front.mark.as_ref(), word),
        list(&front.fix, fix),
        text(&front.title),
        word(&front.message),
        list(&front.tags, text),
    )
}

fn fix(fix: &FixSource) -> String {
    format!(
        "FixSource {{ clients: {}, when: {}, safety: {}, set: {}, remove: {} }}",
        list(&fix.clients, word),
        option(fix.when.as_ref(), word),
        word(&fix.safety),
        list(&fix.set, pair),
        fix.remove,
    )
}

fn overlay(front: &Overlay) -> String {
    format!("Overlay {{ title: {}, message: {} }}", text(&front.title), word(&front.message))
}

/// The table of providers as Rust.
fn providers(toml: &str) -> Result<String, Box<dyn Error>> {
    let list = toml::from_str::<Document>(toml).map_err(|error| format!("rules/providers.toml: {error}"))?.provider;
    let mut table = format!("static PROVIDERS: [Provider; {}] = [\n", list.len());
    for of in &list {
        writeln!(table, "{},", provider(of))?;
    }
    table.push_str("];\n");
    Ok(table)
}

fn provider(provider: &Provider) -> String {
    let some_text = |value: &Option<Text>| option(value.as_ref(), text);
    let texts = |values: &[Text]| list(values, text);
    format!(
        "Provider {{ domain: {}, name: {}, aliases: {}, kind: {}, muc: {}, muc_old: {}, muc_on_bare_domain: {}, \
         hosts: {}, ports: {}, onion: {}, onion_dead: {}, status: Status::{:?}, retired: {}, source: {}, \
         confidence: {}, note: {}, advice_en: {}, advice_fr: {} }}",
        text(&provider.domain),
        some_text(&provider.name),
        texts(&provider.aliases),
        some_text(&provider.kind),
        texts(&provider.muc),
        texts(&provider.muc_old),
        provider.muc_on_bare_domain,
        texts(&provider.hosts),
        list(&provider.ports, u16::to_string),
        texts(&provider.onion),
        texts(&provider.onion_dead),
        provider.status,
        some_text(&provider.retired),
        texts(&provider.source),
        some_text(&provider.confidence),
        some_text(&provider.note),
        some_text(&provider.advice_en),
        some_text(&provider.advice_fr),
    )
}

fn word(word: &Word) -> String {
    format!("Word {{ text: {}, at: {} }}", text(&word.text), word.at)
}

fn pair((left, right): &(Word, Word)) -> String {
    format!("({}, {})", word(left), word(right))
}

fn text(text: &Text) -> String {
    format!("Cow::Borrowed({text:?})")
}

fn list<T>(items: &[T], item: fn(&T) -> String) -> String {
    format!("Cow::Borrowed(&[{}])", items.iter().map(item).collect::<Vec<_>>().join(", "))
}

fn option<T>(value: Option<&T>, some: fn(&T) -> String) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({})", some(value)))
}
