//! The set of rules that an audit judges by.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use minijinja::Environment;
use serde::de::DeserializeOwned;

use super::error::RuleError;
use super::expression::{check_condition, check_message, environment};
use super::facts::SubjectKind;
use super::page::{Condition, Page};
use super::source::{FrontMatter, Overlay, Source, line_of};
use crate::model::Language;
use crate::model::packed::Packed;
use crate::providers::Providers;

/// A page that is part of the program. It was read when the program was built.
struct EmbeddedPage {
    /// Its id, and what its front matter says in both languages.
    front: &'static str,
    english: &'static str,
    french: Option<&'static str>,
}

include!(concat!(env!("OUT_DIR"), "/pages.rs"));

impl EmbeddedPage {
    /// The page, with its texts in a language.
    fn read(&self, language: Language) -> Result<Page, RuleError> {
        let mut front = Packed::new(self.front);
        let id = front.text();
        let english = Source::known(front.text().into(), self.english.into(), FrontMatter::unpack(&mut front));
        let french = self.french.filter(|_| language == Language::French);
        let french =
            french.map(|text| Source::known(front.text().into(), text.into(), Overlay::unpack(&mut front)));
        Page::new(id, &english, french.as_ref())
    }
}

/// Rules, checked, in the order of their ids.
#[derive(Debug)]
pub struct RuleSet {
    pages: Vec<Page>,
    /// What conditions and messages are compiled in, once one is.
    environment: OnceLock<Environment<'static>>,
    own_providers: Option<Arc<Providers>>,
}

impl RuleSet {
    /// No rules.
    #[must_use]
    pub const fn empty() -> Self {
        Self { pages: Vec::new(), environment: OnceLock::new(), own_providers: None }
    }

    /// The rules that are part of the program, with their texts in a language.
    ///
    /// Their conditions and messages are checked in builds for tests only, and by every test that loads them:
    /// what has passed those need not be checked at each start.
    ///
    /// # Errors
    /// Says what is wrong with a page. None is to be expected.
    pub fn embedded(language: Language) -> Result<Self, RuleError> {
        let pages = PAGES.iter().map(|page| page.read(language)).collect::<Result<_, _>>()?;
        let set = Self { pages, ..Self::empty() };
        if cfg!(debug_assertions) {
            set.check()?;
        }
        Ok(set)
    }

    /// Adds the pages of a folder, with the translations in its sub-folder `fr`. A page of an id that is known
    /// already takes the place of the other.
    ///
    /// # Errors
    /// Says what is wrong with a page, or that the folder cannot be read.
    pub fn add_folder(&mut self, folder: &Path) -> Result<(), RuleError> {
        for path in pages_in(folder)? {
            let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let french_path = folder.join("fr").join(format!("{id}.md"));
            let english = read_page(&path)?;
            let french = if french_path.exists() { Some(read_page(&french_path)?) } else { None };
            let page = Page::new(&id, &english, french.as_ref())?;
            self.check_page(&page)?;
            page.texts(Language::English).prose.samples()?;
            self.insert(page);
        }
        Ok(())
    }

    /// Adds what a file of one's own says about providers. Where it speaks of a domain that is known already, the
    /// file is believed.
    ///
    /// # Errors
    /// Says what is wrong with the file.
    pub fn add_providers(&mut self, path: &Path) -> Result<(), RuleError> {
        let shown = path.display().to_string();
        let text = read(path)?;
        let known = self.own_providers.as_deref().unwrap_or_else(|| Providers::embedded());
        let providers = known.preceded_by(&text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            RuleError::new(&shown, line_of(&text, offset), error.message().to_owned())
        })?;
        self.own_providers = Some(Arc::new(providers));
        Ok(())
    }

    pub(super) const fn own_providers(&self) -> Option<&Arc<Providers>> {
        self.own_providers.as_ref()
    }

    /// Sees that every rule can be true and can say so: what folders add is checked when it is added, what is part of
    /// the program by its tests.
    ///
    /// # Errors
    /// Says what is wrong with a page, and on which line.
    pub fn check(&self) -> Result<(), RuleError> {
        self.pages.iter().try_for_each(|page| self.check_page(page))
    }

    fn check_page(&self, page: &Page) -> Result<(), RuleError> {
        page.check_prose()?;
        let english = page.texts(Language::English);
        for condition in page.conditions() {
            check_condition(self.environment(), &english.path, page.subject, condition)?;
        }
        for fix in &page.fixes {
            fix.check(self.environment(), &english.path, page.subject)?;
        }
        let french = page.speaks(Language::French).then(|| page.texts(Language::French));
        for texts in std::iter::once(english).chain(french) {
            check_message(self.environment(), &texts.path, page.subject, &texts.message)?;
        }
        Ok(())
    }

    /// Puts a page in its place among the others; one of the same id gives way.
    fn insert(&mut self, page: Page) {
        match self.pages.binary_search_by(|other| other.id.cmp(&page.id)) {
            Ok(at) => {
                if let Some(other) = self.pages.get_mut(at) {
                    *other = page;
                }
            }
            Err(at) => self.pages.insert(at, page),
        }
    }

    /// The pages, in the order of their ids.
    #[must_use]
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The page of that id.
    #[must_use]
    pub fn page(&self, id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// Sees that a condition over facts of a subject can be true. The path is only named in errors.
    ///
    /// # Errors
    /// Says what is wrong with the condition, and on which line.
    pub fn check_condition(
        &self,
        path: &str,
        subject: SubjectKind,
        condition: &Condition,
    ) -> Result<(), RuleError> {
        check_condition(self.environment(), path, subject, condition)
    }

    pub(super) fn environment(&self) -> &Environment<'static> {
        self.environment.get_or_init(environment)
    }
}

/// The pages of a folder, in the order of their names. A wrong folder holds none, and rules that are not there would
/// look like a clean home.
fn pages_in(folder: &Path) -> Result<Vec<PathBuf>, RuleError> {
    let shown = folder.display();
    let closed = |error| RuleError::of_path(folder, format!("the folder of rules {shown} cannot be read: {error}"));
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder).map_err(closed)? {
        let path = entry.map_err(closed)?.path();
        if path.extension().is_some_and(|extension| extension == "md") && !path.ends_with("README.md") {
            pages.push(path);
        }
    }
    if pages.is_empty() {
        return Err(RuleError::of_path(folder, format!("in the folder {shown} there is no rule page: RULE.md")));
    }
    pages.sort();
    Ok(pages)
}

fn read_page<T: DeserializeOwned>(path: &Path) -> Result<Source<T>, RuleError> {
    let shown = path.display().to_string();
    Source::read(shown.clone().into(), read(path)?.into())
        .map_err(|fault| RuleError::new(&shown, fault.line, fault.message))
}

fn read(path: &Path) -> Result<String, RuleError> {
    fs::read_to_string(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &std::io::Error) -> RuleError {
    RuleError::new(&path.display().to_string(), 1, format!("it cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use super::super::fix::Fix;
    use super::*;

    #[test]
    fn what_is_part_of_the_program_is_checked_as_well() {
        let mut set = RuleSet::embedded(Language::English).unwrap();
        set.pages[0].when.source = "account.encription == optional".into();
        let error = set.check().unwrap_err().to_string();
        assert!(error.contains("did you mean “account.encryption”?"), "{error}");
    }

    #[test]
    fn the_build_reads_pages_as_the_program_does() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let fixed = |page: &Page| {
            let set =
                |fix: &Fix| fix.set.iter().map(|(fact, to)| format!("{} {to:?}", fact.name)).collect::<Vec<_>>();
            page.fixes
                .iter()
                .map(|fix| format!("{:?} {:?}", (&fix.clients, &fix.when, fix.safety, fix.remove), set(fix)))
                .collect::<Vec<_>>()
        };
        let judged_by = |page: &Page| {
            let severity = (page.severity, &page.raise, &page.step_down, &page.lower);
            let confidence = (page.confidence, &page.confidence_when);
            let mark = page.mark.map(|fact| fact.name);
            format!(
                "{:?}",
                (&page.id, page.subject, &page.clients, &page.when, severity, confidence, mark, fixed(page))
            )
        };
        let said = |page: &Page, language| {
            let texts = page.texts(language);
            format!("{:?}", (&page.tags, &texts.title, &texts.message, texts.prose.reason()))
        };
        for embedded in RuleSet::embedded(Language::French).unwrap().pages() {
            let name = format!("{}.md", embedded.id);
            let english = read_page(&folder.join(&name)).unwrap();
            let french = read_page(&folder.join("fr").join(&name)).unwrap();
            let read = Page::new(&embedded.id, &english, Some(&french)).unwrap();
            assert_eq!(judged_by(&read), judged_by(embedded));
            for language in [Language::English, Language::French] {
                assert_eq!(said(&read, language), said(embedded, language));
            }
        }
    }
}
