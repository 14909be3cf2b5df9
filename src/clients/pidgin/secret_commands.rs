//! Commands among libpurple's settings, of which only the program is shown: a password may be among the rest.

use super::arguments;
use super::secrets::{Found, attribute, local_name, next_tag};
use crate::model::{Secret, Span};
use crate::syntax::xml::Element;

/// What the settings are called that hold commands: that for links, and those for sounds and of buddy pounces.
const NAMES: [&str; 2] = ["manual_command", COMMAND];
const COMMAND: &str = "command";

/// Whether a setting of that name holds a command.
pub(super) fn is_name(name: &str) -> bool {
    NAMES.contains(&name)
}

/// What of a command is not shown that stands at `span`.
pub(super) fn hidden(span: Span, command: &str) -> Option<Found> {
    let range = arguments::hidden(command)?;
    Some(opaque(Span::new(range.start, range.end).moved_by(span.start)))
}

const fn opaque(span: Span) -> Found {
    Found { span, secret: Secret::Opaque }
}

/// The command of a pounce whose name is written with references, so that a search of the text does not see it.
pub(super) fn disguised(element: Element) -> Option<Found> {
    let name = element.attribute("name").filter(|_| element.name() == "param")?;
    let Span { start, end } = name.value_span();
    let is_disguised = name.value().as_str() == COMMAND && end - start != COMMAND.len();
    is_disguised.then(|| opaque(element.inner_span()))
}

/// What is not shown of everything in a text that looks like a command.
pub(super) fn in_text(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((start, tag)) = next_tag(text, at) {
        at = start + tag.len();
        if !tag.contains(COMMAND) {
            continue;
        }
        match local_name(tag) {
            "pref" => found.extend(
                attribute(text, start, tag, "value")
                    .and_then(|value| hidden(value.span, text.get(value.span.start..value.span.end)?)),
            ),
            "param" if !tag.ends_with('/') => {
                let content = text.get(at + 1..).unwrap_or_default();
                let content = content.find("</param").and_then(|end| content.get(..end)).unwrap_or(content);
                let span = Span::new(at + 1, at + 1 + content.len());
                at = span.end;
                found.extend(if content.contains('<') { Some(opaque(span)) } else { hidden(span, content) });
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let mut shown = text.to_owned();
        for found in in_text(text).iter().rev() {
            shown.replace_range(found.span.start..found.span.end, "*");
        }
        shown
    }

    #[test]
    fn shows_nothing_behind_the_program() {
        for (text, expected) in [
            ("<pref name='manual_command' value='a %s'/>", "<pref name='manual_command' value='a %s'/>"),
            ("<pref name='manual_command' value='a hunter2'/>", "<pref name='manual_command' value='a *'/>"),
            ("<pref value='a hunter2' name='command'/>", "<pref value='a *' name='command'/>"),
            ("<pref name='command' value='a hunter2", "<pref name='command' value='a *"),
            ("<param name='command'>a hunter2</param>", "<param name='command'>a *</param>"),
            ("<param name='command'>a hunter2", "<param name='command'>a *"),
            ("<param name='command'><![CDATA[a hunter2]]></param>", "<param name='command'>*</param>"),
            ("<!-- <param name='command'>a b</param> -->", "<!-- <param name='command'>a *</param> -->"),
            (
                "<param name='command'/><param name='message'>good morning</param>",
                "<param name='command'/><param name='message'>good morning</param>",
            ),
            ("<param name='message'>good morning</param>", "<param name='message'>good morning</param>"),
            ("<pref name='type' value='a b'/>", "<pref name='type' value='a b'/>"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn takes_linear_time() {
        let start = std::time::Instant::now();
        in_text(&"<param name='command'>".repeat(200_000));
        in_text(&"<pref name='command' value='".repeat(100_000));
        in_text(&"<param name='command'>x</param>".repeat(100_000));
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }
}
