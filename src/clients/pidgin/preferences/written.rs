//! Where each preference is written, with its tags: what whoever changes one has to know.

use super::Kind;
use super::tags::{Attributes, Names};
use crate::model::Span;
use crate::syntax::xml::gmarkup::{Markup, Tag};

/// An element of `prefs.xml` that libpurple makes something of.
#[derive(Debug)]
pub(in crate::clients::pidgin) struct Element {
    /// What it is.
    pub what: What,
    /// The path under which libpurple keeps it, or the list that it is an item of; empty for the first element.
    pub path: String,
    /// The number of the element around it, if that is among those that are told.
    pub parent: Option<usize>,
    /// Its value, and where it stands.
    pub value: Option<(String, Span)>,
    /// Where that stands, or its name where it has none: the place that is told of it.
    pub place: Span,
    /// Where its start tag stands.
    pub tag: Span,
    /// Where all of it stands.
    pub span: Span,
    /// Whether its start tag is its end tag as well.
    pub is_empty_tag: bool,
}

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::clients::pidgin) enum What {
    /// That which holds all others.
    Root,
    /// A preference of this type.
    Preference(Kind),
    /// An item of a list.
    Item,
    /// A preference that libpurple passes over.
    Skipped,
}

/// Every element, in the order of the start tags.
pub(in crate::clients::pidgin) fn all(markup: &Markup, text: &str) -> Vec<Element> {
    let mut reading = Reading { markup, text, elements: Vec::new(), open: Vec::new(), kept: Names::default() };
    for tag in markup.tags() {
        match tag {
            Tag::Start { name, attributes } => reading.start(*name, attributes),
            Tag::End { name } => reading.end(*name),
        }
    }
    reading.elements
}

struct Reading<'m> {
    markup: &'m Markup<'m>,
    text: &'m str,
    elements: Vec<Element>,
    /// The numbers of the open elements; none for one of another name.
    open: Vec<Option<usize>>,
    kept: Names,
}

impl Reading<'_> {
    fn start(&mut self, name: Span, attributes: &[(Span, Span)]) {
        let read = Attributes::of(self.markup, attributes);
        let what = match (self.markup.slice(name), read.kept()) {
            ("pref", Some((name, kind))) => {
                self.kept.push(Some(name));
                What::Preference(kind)
            }
            ("pref", None) if read.is_root() => What::Root,
            ("pref", None) => What::Skipped,
            ("item", _) => What::Item,
            _ => {
                self.open.push(None);
                return;
            }
        };
        // Behind the last value there is its quote, and nothing but blanks and a slash up to the end of the tag.
        let behind = attributes.last().map_or(name.end, |(_, value)| value.end + 1);
        let tag = Span::new(name.start.saturating_sub(1), self.end_of_tag(behind));
        let number = self.elements.len();
        self.elements.push(Element {
            what,
            path: self.kept.path.clone(),
            parent: self.open.last().copied().flatten(),
            value: read.value().map(|(value, span)| (value.to_owned(), span)),
            place: read.span(),
            tag,
            span: Span::new(tag.start, self.text.len()),
            is_empty_tag: false,
        });
        self.open.push(Some(number));
    }

    fn end(&mut self, name: Span) {
        if self.markup.slice(name) == "pref" {
            self.kept.pop();
        }
        let end = self.end_of_tag(name.end);
        let Some(element) = self.open.pop().flatten().and_then(|number| self.elements.get_mut(number)) else {
            return;
        };
        // The end of an empty element is told with the name in its only tag.
        element.is_empty_tag = name.start == element.tag.start + 1;
        element.span.end = if element.is_empty_tag { element.tag.end } else { end };
    }

    fn end_of_tag(&self, from: usize) -> usize {
        let length = self.text.get(from..).and_then(|rest| rest.find('>'));
        length.map_or(self.text.len(), |length| from + length + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::xml::gmarkup;
    use zeroize::Zeroizing;

    #[test]
    fn tells_where_each_preference_stands() {
        let text = "<pref version='1' name='/'>\n<pref name='a'><pref name='b' type='bool'/><pref name='c' type='int' \
                    value='1'></pref ></pref>\n<pref name='l' type='pathlist'><item value='>'/></pref><x/></pref>";
        let decoded = gmarkup::decode(Zeroizing::new(text.as_bytes().to_vec()));
        let elements = all(&gmarkup::parse(&decoded), text);
        let told: Vec<_> = elements
            .iter()
            .map(|element| {
                (element.what, element.path.as_str(), text.get(element.span.start..element.span.end).unwrap())
            })
            .collect();
        let inner =
            "<pref name='a'><pref name='b' type='bool'/><pref name='c' type='int' value='1'></pref ></pref>";
        assert_eq!(
            told,
            [
                (What::Root, "", text),
                (What::Preference(Kind::Folder), "/a", inner),
                (What::Skipped, "/a", "<pref name='b' type='bool'/>"),
                // One level too high, as the end tag of what is passed over takes a name away.
                (What::Preference(Kind::Int), "/c", "<pref name='c' type='int' value='1'></pref >"),
                (What::Preference(Kind::PathList), "/l", "<pref name='l' type='pathlist'><item value='>'/></pref>"),
                (What::Item, "/l", "<item value='>'/>"),
            ]
        );
        assert_eq!(
            elements.iter().map(|element| element.parent).collect::<Vec<_>>(),
            [None, Some(0), Some(1), Some(1), Some(0), Some(4)]
        );
    }
}
