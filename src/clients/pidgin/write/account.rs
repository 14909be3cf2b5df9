//! The settings and the password of an account, in all elements of which libpurple makes it.

use zeroize::Zeroizing;

use super::Outcome;
use super::elements::{insert_before, insert_behind, insert_first, remove, set_text};
use super::layout::New;
use crate::clients::pidgin::accounts::elements_of;
use crate::clients::pidgin::secrets;
use crate::clients::pidgin::settings::{Kind, Settings};
use crate::model::{Span, Splice, Unrepairable};
use crate::syntax::xml::{Document, Element};

/// An account in its file.
pub(super) struct Page<'d> {
    /// The text of the file.
    pub text: &'d str,
    /// The elements of the account, in their order; there is at least one.
    pub elements: Vec<Element<'d>>,
    first: Element<'d>,
}

/// A setting that is to have another value.
pub(super) type Wanted = (&'static str, Kind, &'static str);

/// A setting that libpurple keeps, until another one of its name comes.
struct Usable<'d> {
    element: Element<'d>,
    kind: Kind,
    text: Zeroizing<String>,
}

impl<'d> Page<'d> {
    /// The account whose first element has its name at `span`.
    pub(super) fn of(text: &'d str, document: &'d Document, span: Span) -> Result<Self, Unrepairable> {
        let elements = elements_of(document, span);
        let first = *elements.first().ok_or(Unrepairable::Gone)?;
        Ok(Self { text, elements, first })
    }

    /// The settings, as libpurple reads them.
    pub(super) fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        self.blocks().for_each(|block| settings.read(block));
        settings
    }

    /// Writes settings so that they are in force: each into the last one of its name, which is the one that counts.
    pub(super) fn set(&self, wanted: &[Wanted]) -> Vec<Splice> {
        let mut splices = Vec::new();
        let mut missing = Vec::new();
        for (name, kind, value) in wanted {
            let mut usable = self.usable(name);
            match usable.pop() {
                Some(last) if last.kind == *kind => {
                    let others = usable.iter().filter(|other| other.kind == *kind && other.text.as_str() != *value);
                    splices.extend(others.map(|other| remove(self.text, other.element)));
                    splices.extend(set_text(self.text, last.element, value));
                }
                _ => missing.push((*name, *kind, *value)),
            }
        }
        splices.extend((!missing.is_empty()).then(|| self.insert(&missing)));
        splices
    }

    /// Takes away the passwords that can be read.
    pub(super) fn forget_password(&self) -> Vec<Splice> {
        let children = self.elements.iter().flat_map(|account| account.children());
        let passwords = children.filter(|child| child.name() == "password");
        let clear = passwords.filter(|password| secrets::of_element(*password).is_clear());
        clear.map(|password| remove(self.text, password)).collect()
    }

    /// Takes away a setting that another one of its name has taken the effect of.
    pub(super) fn remove_setting_at(&self, span: Span) -> Outcome {
        // The name of an account that is there twice: one of the two is to go, with all that it says.
        let element =
            self.plain_settings().find(|setting| setting.inner_span() == span).ok_or(Unrepairable::Choice)?;
        // The migration went by it before another one came.
        if self.settings().is_migrated_from(span) {
            return Err(Unrepairable::Choice);
        }
        Ok(vec![remove(self.text, element)])
    }

    fn blocks(&self) -> impl Iterator<Item = Element<'d>> {
        self.elements.iter().flat_map(|account| account.twins("settings"))
    }

    fn plain_blocks(&self) -> impl Iterator<Item = Element<'d>> {
        self.blocks().filter(|block| block.attribute("ui").is_none())
    }

    fn plain_settings(&self) -> impl Iterator<Item = Element<'d>> {
        self.plain_blocks().flat_map(|block| block.twins("setting"))
    }

    fn usable(&self, name: &str) -> Vec<Usable<'d>> {
        let of_name = |setting: &Element| setting.value("name").is_some_and(|found| found.as_str() == name);
        let usable = |element| Some(Usable { element, kind: Kind::of(element)?, text: element.text()? });
        self.plain_settings().filter(of_name).filter_map(usable).collect()
    }

    /// Puts settings in behind all others.
    fn insert(&self, missing: &[Wanted]) -> Splice {
        let Some(block) = self.plain_blocks().last() else {
            return self.insert_block(missing);
        };
        match block.twins("setting").last() {
            Some(last) => {
                let new: Vec<_> = missing.iter().map(|wanted| self.setting(*wanted, Some(last))).collect();
                insert_behind(self.text, last, &new)
            }
            None => {
                let new: Vec<_> = missing.iter().map(|wanted| self.setting(*wanted, None)).collect();
                insert_first(self.text, block, &new)
            }
        }
    }

    /// Puts settings in where there is no element for them: libpurple writes it before those of user interfaces, the
    /// proxy and the last error.
    fn insert_block(&self, missing: &[Wanted]) -> Splice {
        let inside = missing.iter().map(|wanted| self.setting(*wanted, None)).collect();
        let of_interface = self.blocks().next();
        let name = of_interface.map_or("settings", |block| self.slice(block.name_span()));
        let block = New::Block { open: format!("<{name}>"), close: format!("</{name}>"), inside };
        let is_behind = |child: &Element| matches!(child.name(), "proxy" | "current_error");
        match of_interface.or_else(|| self.first.children().find(is_behind)) {
            Some(next) => insert_before(self.text, next, &block),
            None => self.insert_last(&block),
        }
    }

    /// Puts something in behind all that the account's first element holds.
    pub(super) fn insert_last(&self, new: &New) -> Splice {
        let new = std::slice::from_ref(new);
        match self.first.children().last() {
            Some(last) => insert_behind(self.text, last, new),
            None => insert_first(self.text, self.first, new),
        }
    }

    /// A setting in the style of another one.
    fn setting(&self, (name, kind, value): Wanted, like: Option<Element>) -> New {
        let tag = like.map_or("setting", |like| self.slice(like.name_span()));
        let quote = like.map_or("'", |like| self.quote(like));
        let kind = kind.word();
        New::Leaf(format!("<{tag} name={quote}{name}{quote} type={quote}{kind}{quote}>{value}</{tag}>"))
    }

    /// The quote that an element's attribute stands in.
    fn quote(&self, element: Element) -> &'d str {
        let value = element.attribute("name").map(|attribute| attribute.value_span().start);
        let quote = value.and_then(|start| self.text.get(start.checked_sub(1)?..start));
        quote.filter(|quote| *quote == "\"").unwrap_or("'")
    }

    fn slice(&self, span: Span) -> &'d str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }
}
