//! Reads what is part of the program while it is built, so that no start has to: the front matter of the pages in
//! `rules/`, and the table of providers; and lists the policies. Adding a rule or a policy is adding a file.

#[path = "rules/source.rs"]
#[expect(dead_code, reason = "the program includes the texts itself")]
mod source;
#[path = "providers/table.rs"]
mod table;

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use serde::de::DeserializeOwned;

use source::{FixSource, FrontMatter, Overlay, Source, Text, Word};
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
    unwind_by_own_means();
    Ok(())
}

/// On GNU systems, takes what unwinds the stack after a panic from the compiler's own archive, so that no start has to
/// load a library for it. Where the linker knows no such archive, the library is loaded.
fn unwind_by_own_means() {
    let is = |variable: &str, value: &str| env::var(variable).is_ok_and(|is| is == value);
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") {
        return;
    }
    // Another system's linker is only known where it was named.
    let linker =
        env::var("RUSTC_LINKER").ok().or_else(|| (env::var("HOST") == env::var("TARGET")).then(|| "cc".into()));
    let Some(linker) = linker else { return };
    let asked = Command::new(linker).arg("-print-file-name=libgcc_eh.a").output();
    // What it does not find, it names without a folder.
    let is_found = |output: Output| output.stdout.starts_with(b"/");
    if asked.is_ok_and(is_found) {
        println!("cargo::rustc-link-lib=gcc_eh");
    }
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
        let mut front = Packer::default();
        front.text(&id);
        let english = root.join(format!("rules/{id}.md"));
        front_matter(&mut front, &read_page(root, &english)?);
        let french = Some(root.join(format!("rules/fr/{id}.md"))).filter(|path| path.exists());
        if let Some(path) = &french {
            overlay(&mut front, &read_page(root, path)?);
        }
        let french = french.map_or_else(|| "None".to_owned(), |path| format!("Some(include_str!({path:?}))"));
        let front = front.literal();
        writeln!(list, "EmbeddedPage {{ front: {front}, english: include_str!({english:?}), french: {french} }},")?;
    }
    list.push_str("];\n");
    Ok(list)
}

fn read_page<T: DeserializeOwned>(root: &Path, file: &Path) -> Result<Source<T>, Box<dyn Error>> {
    let path = file.strip_prefix(root)?.components().map(|part| part.as_os_str().to_string_lossy());
    let path = path.collect::<Vec<_>>().join("/");
    let page = Source::read(path.clone().into(), fs::read_to_string(file)?.into());
    Ok(page.map_err(|fault| format!("{path}:{}: {}", fault.line, fault.message))?)
}

fn front_matter(packer: &mut Packer, page: &Source<FrontMatter>) {
    let word = |packer: &mut Packer, word: &Word| packer.word(page, word);
    let pair = |packer: &mut Packer, (left, right): &(Word, Word)| {
        word(packer, left);
        word(packer, right);
    };
    let fix = |packer: &mut Packer, fix: &FixSource| {
        packer.list(&fix.clients, word);
        packer.list(fix.when.as_slice(), word);
        word(packer, &fix.safety);
        packer.list(&fix.set, pair);
        packer.number(fix.remove.into());
    };
    let front = &page.front;
    packer.text(&page.path);
    word(packer, &front.subject);
    packer.list(&front.clients, word);
    word(packer, &front.when);
    word(packer, &front.severity);
    packer.list(&front.raise, pair);
    packer.list(front.step_down.as_slice(), word);
    packer.list(&front.lower, pair);
    word(packer, &front.confidence);
    packer.list(&front.confidence_when, pair);
    packer.list(front.mark.as_slice(), word);
    packer.list(&front.fix, fix);
    packer.text(&front.title);
    word(packer, &front.message);
    packer.texts(&front.tags);
}

fn overlay(packer: &mut Packer, page: &Source<Overlay>) {
    packer.text(&page.path);
    packer.text(&page.front.title);
    packer.word(page, &page.front.message);
}

/// The table of providers as Rust.
fn providers(toml: &str) -> Result<String, Box<dyn Error>> {
    let list = toml::from_str::<Document>(toml).map_err(|error| format!("rules/providers.toml: {error}"))?.provider;
    let mut packer = Packer::default();
    packer.list(&list, provider);
    Ok(format!("const PROVIDERS: &str = {};\n", packer.literal()))
}

fn provider(packer: &mut Packer, provider: &Provider) {
    packer.text(&provider.domain);
    packer.texts(provider.name.as_slice());
    packer.texts(&provider.aliases);
    packer.texts(provider.kind.as_slice());
    packer.texts(&provider.muc);
    packer.texts(&provider.muc_old);
    packer.number(provider.muc_on_bare_domain.into());
    packer.texts(&provider.hosts);
    packer.list(&provider.ports, |packer, port| packer.number((*port).into()));
    packer.texts(&provider.onion);
    packer.texts(&provider.onion_dead);
    packer.number(provider.status as usize);
    packer.texts(provider.retired.as_slice());
    packer.texts(&provider.source);
    packer.texts(provider.confidence.as_slice());
    packer.texts(provider.note.as_slice());
    packer.texts(provider.advice_en.as_slice());
    packer.texts(provider.advice_fr.as_slice());
}

/// Puts fields one behind the other, as `src/model/packed.rs` takes them out.
#[derive(Default)]
struct Packer {
    packed: String,
}

impl Packer {
    /// All that was packed, as Rust.
    fn literal(&self) -> String {
        format!("\"{}\"", self.packed.escape_default())
    }

    /// The character of a number. There is none for some numbers, which are larger than what is packed.
    fn number(&mut self, number: usize) {
        let character = u32::try_from(number).ok().and_then(char::from_u32);
        assert!(character.is_some(), "{number} cannot be packed");
        self.packed.extend(character);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.packed.push_str(text);
    }

    /// A text, and the line on which it stands.
    fn word<T>(&mut self, page: &Source<T>, word: &Word) {
        self.text(&word.text);
        self.number(page.line(word));
    }

    fn list<T>(&mut self, items: &[T], item: impl Fn(&mut Self, &T)) {
        self.number(items.len());
        items.iter().for_each(|each| item(self, each));
    }

    fn texts(&mut self, texts: &[Text]) {
        self.list(texts, |packer, text| packer.text(text));
    }
}
