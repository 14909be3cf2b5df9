//! Text from scanned files inside Markdown that GitHub, GitLab, Forgejo and wikis render.
//!
//! It may neither become markup nor talk to the system: no mention of people, no reference to issues, no link, no
//! emoji, no command of a CI system.

use super::super::markdown::{Block, Piece, blocks, pieces};

/// The text as Markdown that shows it, wherever within a line it stands, table cells included.
pub fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + text.len() / 8);
    let mut before = "";
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let (this, after) = rest.split_at(character.len_utf8());
        match character {
            '&' if after.starts_with(|next: char| next.is_ascii_digit()) => shown.push_str("<span>&amp;</span>"),
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '\n' | '\t' => shown.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '"' | '\'' => shown.extend(['\\', character]),
            // What gives them a meaning looks for them together with what follows: an element between hides it.
            '@' | '#' | '!' | '$' | '%' | '~' => alone(this, &mut shown),
            ':' if !after.is_empty() && !after.starts_with(' ') => alone(this, &mut shown),
            '.' if is_www(before) => alone(this, &mut shown),
            _ => shown.push(character),
        }
        before = text.get(..text.len() - after.len()).unwrap_or_default();
        rest = after;
    }
    shown
}

fn alone(character: &str, shown: &mut String) {
    shown.push_str("<span>");
    shown.push_str(character);
    shown.push_str("</span>");
}

fn is_www(before: &str) -> bool {
    before.get(before.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// The text as code. Not between backticks, whose rules differ inside of tables.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// The Markdown of a rule page with nothing in it but what such pages use: paragraphs, lists, code, stress, links.
pub fn page(source: &str) -> String {
    let mut shown = String::new();
    for block in blocks(source) {
        match block {
            Block::Paragraph(text) => shown.push_str(&paragraph(&text)),
            Block::Item { indent, mark, text } => {
                shown.push_str(&format!("{}{mark} {}", " ".repeat(indent.min(8)), inline(&text)));
            }
            Block::Heading { text, .. } => shown.push_str(&format!("<strong>{}</strong>\n", inline(text))),
            Block::Code(lines) => {
                let lines: Vec<String> = lines.into_iter().map(preformatted).collect();
                shown.push_str(&format!("\n<pre><code>{}</code></pre>\n", lines.join("\n")));
            }
            Block::Gap => {}
        }
        shown.push('\n');
    }
    shown
}

fn paragraph(text: &str) -> String {
    let text = inline(text);
    // What would make a rule or a list of it, or a heading of the line before.
    if text.starts_with(['-', '+', '=']) { format!("\\{text}") } else { text }
}

fn inline(source: &str) -> String {
    let shown = pieces(source).into_iter().map(|piece| match piece {
        Piece::Text(text) => escaped(&text),
        Piece::Strong(text) => format!("<strong>{}</strong>", escaped(&text)),
        Piece::Code(text) => code(text),
        Piece::Link { text, address } if is_plain_address(address) => format!("[{}]({address})", escaped(&text)),
        Piece::Link { text, address } => format!("{} ({})", escaped(&text), code(address)),
    });
    shown.collect()
}

/// Whether an address can stand in a link as it is.
fn is_plain_address(address: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#=&%+,".contains(&byte);
    address.starts_with("https://") && address.bytes().all(plain)
}

/// A line of code inside an element, where Markdown has no say but HTML has.
fn preformatted(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            // CI systems and forges look for what they know in the source, too.
            ':' => shown.push_str("&#58;"),
            '#' => shown.push_str("&#35;"),
            '@' => shown.push_str("&#64;"),
            '\t' => shown.push_str("    "),
            _ => shown.push(character),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_shows_itself() {
        for (text, shown) in [
            ("a | b", "a \\| b"),
            ("`x` *y* _z_ [t](u)", "\\`x\\` \\*y\\* \\_z\\_ \\[t\\](u)"),
            ("<script>&amp;", "&lt;script&gt;&amp;amp;"),
            ("@all #1 !2", "<span>@</span>all <span>#</span>1 <span>!</span>2"),
            ("::error::x", "<span>:</span><span>:</span>error<span>:</span><span>:</span>x"),
            ("key: value", "key: value"),
            ("https://e.test www.e.test", "https<span>:</span>//e.test www<span>.</span>e.test"),
        ] {
            assert_eq!(escaped(text), shown);
        }
    }

    #[test]
    fn pages_keep_what_they_use() {
        assert_eq!(
            page("Type **up** `a|b`:\n- one [RFC](https://e.test/a#b)\n  - two\n~~~sh\n::a <b>\n~~~\n--- x"),
            "Type <strong>up</strong> <code>a\\|b</code>:\n- one [RFC](https://e.test/a#b)\n  - two\n\n\
             <pre><code>&#58;&#58;a &lt;b&gt;</code></pre>\n\n\\--- x\n"
        );
        assert_eq!(
            page("[x](javascript:alert(1)) </details>"),
            "x (<code>javascript<span>:</span>alert(1</code>)) &lt;/details&gt;\n"
        );
    }
}
