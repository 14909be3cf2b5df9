//! Stress, code and links within a line of Markdown.

use std::borrow::Cow;

/// A stretch of text of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Ordinary text.
    Text(Cow<'a, str>),
    /// Stressed text.
    Strong(Cow<'a, str>),
    /// What is to be typed or looked for as it stands.
    Code(&'a str),
    /// A link.
    Link {
        /// What stands for it, its own marks taken out.
        text: String,
        /// Where it leads.
        address: &'a str,
    },
}

/// Cuts a line into its pieces. Marks without a partner are text.
#[must_use]
pub fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut text = Cow::Borrowed("");
    let mut strong = false;
    let mut rest = source;
    loop {
        let (plain, marked_up) = rest.split_at_checked(plain_length(rest)).unwrap_or((rest, ""));
        if text.is_empty() {
            text = Cow::Borrowed(plain);
        } else {
            text.to_mut().push_str(plain);
        }
        rest = marked_up;
        let Some(next) = rest.chars().next() else { break };
        if let Some(after) = rest.strip_prefix("**")
            && (strong || after.contains("**"))
        {
            flush(&mut pieces, &mut text, strong);
            strong = !strong;
            rest = after;
            continue;
        }
        if let Some((piece, after)) = marked(rest) {
            flush(&mut pieces, &mut text, strong);
            pieces.push(piece);
            rest = after;
            continue;
        }
        let after = rest.get(next.len_utf8()..).unwrap_or_default();
        rest = match after.chars().next() {
            Some(escaped) if next == '\\' && escaped.is_ascii_punctuation() => {
                text.to_mut().push(escaped);
                after.get(1..).unwrap_or_default()
            }
            _ => {
                text.to_mut().push(next);
                after
            }
        };
    }
    flush(&mut pieces, &mut text, strong);
    pieces
}

/// How much of a text stands before the first character that may be a mark.
fn plain_length(text: &str) -> usize {
    text.bytes().position(|byte| matches!(byte, b'*' | b'`' | b'[' | b'<' | b'\\')).unwrap_or(text.len())
}

fn flush<'a>(pieces: &mut Vec<Piece<'a>>, text: &mut Cow<'a, str>, strong: bool) {
    if !text.is_empty() {
        let text = std::mem::take(text);
        pieces.push(if strong { Piece::Strong(text) } else { Piece::Text(text) });
    }
}

/// Code, a link or light stress at the beginning of `rest`, and what follows it.
fn marked(rest: &str) -> Option<(Piece<'_>, &str)> {
    if let Some(after) = rest.strip_prefix("``") {
        let (code, after) = after.split_once("``")?;
        return Some((Piece::Code(code.trim()), after));
    }
    if let Some(after) = rest.strip_prefix('`') {
        let (code, after) = after.split_once('`')?;
        return Some((Piece::Code(code), after));
    }
    if let Some(after) = rest.strip_prefix('[') {
        let (text, after) = after.split_once("](")?;
        let (address, after) = after.split_once(')')?;
        let plausible = !text.contains(['[', ']']) && !address.contains(' ');
        return plausible.then(|| (Piece::Link { text: text.replace(['*', '`'], ""), address }, after));
    }
    if let Some(after) = rest.strip_prefix('<') {
        let (address, after) = after.split_once('>')?;
        let plausible = address.contains("://") && !address.contains(' ');
        return plausible.then(|| (Piece::Link { text: address.to_owned(), address }, after));
    }
    if let Some(after) = rest.strip_prefix('*') {
        let (stressed, after) = after.split_once('*')?;
        let plausible = !stressed.is_empty() && stressed.trim() == stressed;
        return plausible.then(|| (Piece::Strong(Cow::Borrowed(stressed)), after));
    }
    None
}
