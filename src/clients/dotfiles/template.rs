//! Templates of dotfiles managers: Go's (chezmoi), Jinja's and yadm's own, dotdrop's, ERB.
//!
//! A template is read as what it may become: what only steers how it is filled in is blanked, what stands for a value
//! stays, and is no value that anybody could judge.

use crate::model::Secret;

/// How expressions begin and end.
const FRAMES: [(&[u8], &[u8]); 4] = [(b"{{", b"}}"), (b"{%", b"%}"), (b"{#", b"#}"), (b"<%", b"%>")];

/// Words of Go's templates that steer and are no value. `template` and the like stand for text.
const STEERING: [&[u8]; 8] = [b"if", b"else", b"end", b"range", b"with", b"define", b"block", b"break"];

/// Whether a text is, or has in it, something that only a dotfiles manager knows.
pub(super) fn has_expression(text: &str) -> bool {
    Secret::classify(text) == Secret::TemplatePlaceholder || Search::default().next(text.as_bytes(), 0).is_some()
}

/// Blanks what steers how a template is filled in, and lines that an expression stands for as a whole, so that every
/// byte else stays where it is. What stands under a condition stays, as if it were met.
pub(super) fn blank(text: &mut [u8]) {
    let mut at = 0;
    let mut search = Search::default();
    while let Some(first) = search.next(text, at) {
        let line = line_around(text, &first);
        at = line.end.max(first.end);
        let before = text.get(line.start..first.start).unwrap_or_default();
        if !before.trim_ascii().is_empty() {
            continue;
        }
        let on_line = search.all_between(text, first.start, line.end);
        at = on_line.last().map_or(at, |last| last.end.max(at));
        let is_whole = rest_is_blank(text, &on_line, line.end);
        for expression in on_line {
            if is_whole || expression.steers {
                blank_between(text, expression.start, expression.end);
            }
        }
    }
}

/// Blanks the declaration of a template of XML. It need not come first there, but the parser wants it to.
pub(super) fn blank_late_declaration(text: &mut [u8]) {
    let start = text.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let inner = text.get(start..).filter(|rest| start > 0 && rest.starts_with(b"<?xml"));
    if let Some(length) = inner.and_then(|rest| rest.windows(2).position(|pair| pair == b"?>")) {
        blank_between(text, start, start + length + 2);
    }
}

/// An expression of a template.
struct Expression {
    start: usize,
    end: usize,
    /// Whether it stands for nothing itself.
    steers: bool,
}

struct Line {
    start: usize,
    end: usize,
}

/// A search for expressions from the beginning of a text to its end.
#[derive(Default)]
struct Search {
    /// The frames that nothing closes any more. A text may open thousands of them.
    open_for_ever: [bool; FRAMES.len()],
}

impl Search {
    /// The next expression that is closed.
    fn next(&mut self, text: &[u8], from: usize) -> Option<Expression> {
        let mut at = from;
        loop {
            let (start, frame) = self.next_open(text, at)?;
            let (open, close) = FRAMES.get(frame)?;
            let inner = text.get(start + 2..)?;
            if let Some(length) = inner.windows(2).position(|pair| pair == *close) {
                let steers = steers(open, inner.get(..length).unwrap_or_default());
                return Some(Expression { start, end: start + 2 + length + 2, steers });
            }
            // No frame of this kind is closed any more; another kind may be.
            *self.open_for_ever.get_mut(frame)? = true;
            at = start + 2;
        }
    }

    /// Where the next frame opens that may be closed, and which of [`FRAMES`] it is.
    fn next_open(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        let mut at = from;
        while let Some(pair) = text.get(at..at.checked_add(2)?) {
            match FRAMES.iter().position(|(open, _)| *open == pair) {
                Some(frame) if self.open_for_ever.get(frame) == Some(&true) => at += 2,
                Some(frame) => return Some((at, frame)),
                None => at += 1,
            }
        }
        None
    }

    fn all_between(&mut self, text: &[u8], start: usize, end: usize) -> Vec<Expression> {
        let mut found = Vec::new();
        let mut at = start;
        while let Some(expression) = self.next(text, at).filter(|expression| expression.start < end) {
            at = expression.end;
            found.push(expression);
        }
        found
    }
}

fn steers(open: &[u8], inner: &[u8]) -> bool {
    match open {
        b"{{" => {
            let inner = inner.strip_prefix(b"-").unwrap_or(inner).trim_ascii();
            let is_assignment = inner.starts_with(b"$") && inner.windows(1).any(|byte| byte == b"=");
            let word = inner.split(|byte| !byte.is_ascii_alphabetic()).next().unwrap_or_default();
            is_assignment || inner.starts_with(b"/*") || inner.starts_with(b"!") || STEERING.contains(&word)
        }
        b"<%" => !inner.starts_with(b"="),
        _ => true,
    }
}

/// The lines on which an expression begins and ends.
fn line_around(text: &[u8], expression: &Expression) -> Line {
    let before = text.get(..expression.start).unwrap_or_default();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let behind = text.get(expression.end..).unwrap_or_default();
    let end = behind.iter().position(|byte| *byte == b'\n').map_or(text.len(), |newline| expression.end + newline);
    Line { start, end }
}

fn rest_is_blank(text: &[u8], expressions: &[Expression], end: usize) -> bool {
    let starts = expressions.iter().skip(1).map(|next| next.start).chain([end]);
    expressions.iter().zip(starts).all(|(expression, next)| {
        text.get(expression.end..next).is_none_or(|between| between.trim_ascii().is_empty())
    })
}

fn blank_between(text: &mut [u8], start: usize, end: usize) {
    for byte in text.get_mut(start..end).unwrap_or_default() {
        if *byte != b'\n' && *byte != b'\r' {
            *byte = b' ';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn blanked(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        blank(&mut bytes);
        assert_eq!(bytes.len(), text.len());
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn blanks_what_steers_and_keeps_what_stands_for_a_value() {
        for (template, text) in [
            ("{{ if .work }}\n[a]\n{{ end -}}\n", "              \n[a]\n          \n"),
            ("{%- if x %}\na=b\n{% endif %}", "           \na=b\n           "),
            ("{{- /* a\nb */ -}}\nx", "        \n        \nx"),
            ("{{ $a := \"b\" }}\nx", "               \nx"),
            ("{{ include \"accounts\" }}\nx", "                        \nx"),
            ("  {{ if a }}k=v{{ end }}\n", "            k=v         \n"),
            ("k={{ .policy }}\n", "k={{ .policy }}\n"),
            ("k={{ if a }}force{{ else }}allow{{ end }}\n", "k={{ if a }}force{{ else }}allow{{ end }}\n"),
            ("{{ .name }}=v\n", "{{ .name }}=v\n"),
            ("<% if a %>\n<%= b %>\n", "          \n        \n"),
            ("{# note #}\nx{{\n", "          \nx{{\n"),
            ("<password>{{ pass }}</password>", "<password>{{ pass }}</password>"),
        ] {
            assert_eq!(blanked(template), text, "{template}");
        }
    }

    #[test]
    fn what_is_opened_and_never_closed_takes_no_longer_than_it_must() {
        let start = std::time::Instant::now();
        for piece in ["{{", "{%\n", "{#{{}}\n", "<%{{}}", "{{\n{%\n"] {
            blanked(&piece.repeat(200_000));
        }
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }

    #[test]
    fn a_declaration_may_come_late() {
        let declared = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            blank_late_declaration(&mut bytes);
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(declared(" \n<?xml version='1.0'?>\n<a/>"), " \n                     \n<a/>");
        assert_eq!(declared("<?xml version='1.0'?>\n<a/>"), "<?xml version='1.0'?>\n<a/>");
        assert_eq!(declared(" \n<?xml"), " \n<?xml");
        assert_eq!(declared(""), "");
    }

    #[test]
    fn knows_what_nobody_can_judge() {
        for unknown in ["{{ .policy }}", "a{{ b }}c", "{% if a %}b{% endif %}", "${POLICY}", "<%= x %>"] {
            assert!(has_expression(unknown), "{unknown}");
        }
        for known in ["", "require_tls", "{{", "}}{{", "a$b", "<%"] {
            assert!(!has_expression(known), "{known}");
        }
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_length_and_lines(parts in proptest::collection::vec(
            prop_oneof![Just("{{"), Just("}}"), Just("{%"), Just("%}"), Just("\n"), Just(" if "), Just("é"), Just("k=v"), Just("<%=")],
            0..40,
        )) {
            let text = parts.concat();
            let mut bytes = text.clone().into_bytes();
            blank(&mut bytes);
            prop_assert_eq!(bytes.len(), text.len());
            let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
            prop_assert_eq!(lines(&bytes), lines(text.as_bytes()));
        }
    }
}
