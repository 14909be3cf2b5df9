//! Edits of single elements of a document.

use super::layout::{Indentation, New, with_lines};
use crate::model::{Span, Splice};
use crate::syntax::xml::Element;

/// Puts another text into an element; comments and elements inside it stay. The text must need no references.
pub(super) fn set_text(text: &str, element: Element, new: &str) -> Vec<Splice> {
    if element.text().as_deref().map_or("", String::as_str) == new {
        return Vec::new();
    }
    if element.is_empty_tag() {
        return vec![opened(text, element, new)];
    }
    let spans = element.text_spans();
    let Some((first, rest)) = spans.split_first() else {
        return vec![Splice::insert(element.inner_span().start, new)];
    };
    let first = Splice::replace(*first, new);
    std::iter::once(first).chain(rest.iter().map(|span| Splice::remove(*span))).collect()
}

/// Takes an element away.
pub(super) fn remove(text: &str, element: Element) -> Splice {
    Splice::remove(with_lines(text, element.span()))
}

/// Puts something in behind an element.
pub(super) fn insert_behind(text: &str, element: Element, new: &[New]) -> Splice {
    let Span { start, end } = element.span();
    let at = Indentation::of(text, start, start_of_parent(element));
    Splice::insert(end, lines(new, &at))
}

/// Puts something in before an element.
pub(super) fn insert_before(text: &str, element: Element, new: &New) -> Splice {
    let start = element.span().start;
    let at = Indentation::of(text, start, start_of_parent(element));
    Splice::insert(start, format!("{}{}", new.text(&at), at.own))
}

/// Puts something in before everything that stands in an element.
pub(super) fn insert_first(text: &str, element: Element, new: &[New]) -> Splice {
    let Some(first) = element.children().next() else {
        return insert_only(text, element, new);
    };
    let start = first.span().start;
    let at = Indentation::of(text, start, Some(element.span().start));
    Splice::insert(element.inner_span().start, lines(new, &at))
}

/// Puts something into an element that holds no others.
fn insert_only(text: &str, element: Element, new: &[New]) -> Splice {
    let around = Indentation::of(text, element.span().start, start_of_parent(element));
    let content = format!("{}{}", lines(new, &around.deeper()), around.own);
    if element.is_empty_tag() {
        return opened(text, element, &content);
    }
    let inner = element.inner_span();
    let is_blank = text.get(inner.start..inner.end).is_some_and(|inner| inner.trim().is_empty());
    if is_blank { Splice::replace(inner, content) } else { Splice::insert(inner.start, content) }
}

fn lines(new: &[New], at: &Indentation) -> String {
    new.iter().map(|new| format!("{}{}", at.own, new.text(at))).collect()
}

/// Makes two tags of an empty one.
fn opened(text: &str, element: Element, content: &str) -> Splice {
    let end = element.span().end;
    let name = element.name_span();
    let name = text.get(name.start..name.end).unwrap_or_default();
    Splice::replace(Span::new(end.saturating_sub(2), end), format!(">{content}</{name}>"))
}

fn start_of_parent(element: Element) -> Option<usize> {
    element.parent().map(|parent| parent.span().start)
}
