//! Passwords that stand in start-up files: other programs', but in the lines that we show they may be.

use crate::model::Span;

/// A word with one of these in it names a secret.
const NAMES: [&str; 8] = ["pass", "pwd", "secret", "token", "key", "credential", "auth", "cookie"];

/// A quote that does not end within this many bytes is none.
const LONGEST: usize = 4096;

/// Everything in the text that may be a secret: what stands behind the name of one, and the login of an
/// address. Rather too much than too little.
pub(super) fn in_text(text: &str) -> Vec<Span> {
    let mut secrets = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.find(|character| !is_of_name(character)).unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or_default();
        let behind = rest.get(length..).unwrap_or_default();
        at += length;
        if let Some(login) = behind.strip_prefix("://") {
            let end = login.find(|character: char| character.is_whitespace() || character == '/');
            let login = login.get(..end.unwrap_or(login.len())).unwrap_or_default();
            secrets.extend(login.rfind('@').map(|end| Span::new(at + 3, at + 3 + end)));
        } else if is_of_secret(name) {
            let value = value(behind);
            secrets.push(value.moved_by(at));
            at += value.end;
        }
        at += text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .filter(|next| !is_of_name(*next))
            .map_or(0, char::len_utf8);
    }
    secrets
}

const fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

fn is_of_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|part| name.contains(part))
}

/// Where in `behind`, which follows a name, its value stands: behind a sign or a blank, in quotes or not.
fn value(behind: &str) -> Span {
    let is_between = |character: char| matches!(character, '=' | ':' | ' ' | '\t' | '"' | '\'');
    let signs = behind.find(|character| !is_between(character)).unwrap_or(behind.len());
    let (between, rest) = behind.split_at_checked(signs).unwrap_or_default();
    let bare = || rest.find(|character: char| character.is_whitespace() || character == ';').unwrap_or(rest.len());
    let length = match between.chars().next_back() {
        // The quote may end in another line.
        Some(quote @ ('"' | '\'')) => rest
            .char_indices()
            .take(LONGEST)
            .find(|(_, character)| *character == quote)
            .map_or_else(bare, |(at, _)| at),
        _ => bare(),
    };
    Span::new(signs, signs + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(line: &str) -> String {
        let mut shown = line.to_owned();
        for span in in_text(line).into_iter().rev() {
            shown.replace_range(span.start..span.end, "*");
        }
        shown
    }

    #[test]
    fn finds_values_behind_names_of_secrets() {
        assert_eq!(masked("PASSWORD=hunter2 dino --print-xmpp all"), "PASSWORD=* dino --print-xmpp all");
        assert_eq!(masked("x --password hunter2 dino"), "x --password * dino");
        assert_eq!(masked("x --password=hunter2; dino"), "x --password=*; dino");
        assert_eq!(masked("{\"password\": \"hunter2\"}"), "{\"password\": \"*\"}");
        assert_eq!(masked("curl https://alice:hunter2@example.org/"), "curl https://*@example.org/");
        assert_eq!(masked("export GIO_USE_TLS=dummy"), "export GIO_USE_TLS=dummy");
        assert_eq!(masked("dino https://example.org/@x"), "dino https://example.org/@x");
    }

    #[test]
    fn a_secret_in_quotes_is_hidden_to_its_end() {
        assert_eq!(masked("API_TOKEN=\"hun ter\n2\" dino"), "API_TOKEN=\"*\" dino");
        assert_eq!(masked("login --pass 'hunter2 2' && dino"), "login --pass '*' && dino");
        assert_eq!(masked("# don't use a key 'hunter2\ndino"), "# don't use a key '*\ndino");
    }

    #[test]
    fn takes_linear_time() {
        for part in ["key='", "key \n", "://", "pass", "é"] {
            in_text(&part.repeat(50_000));
        }
    }
}
