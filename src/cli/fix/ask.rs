//! Asking whether to go on.

use std::io::{self, BufRead, IsTerminal, Write};

use crate::model::Language;

/// Whether there is somebody to be asked.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks; only a clear yes is one.
pub(super) fn is_wanted(question: &str, language: Language) -> io::Result<bool> {
    let mut error = io::stderr();
    write!(error, "{question} {} ", language.choose("[y/N]", "[o/N]"))?;
    error.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(is_yes(&answer, language))
}

fn is_yes(answer: &str, language: Language) -> bool {
    let answer = answer.trim().to_lowercase();
    let own: &[&str] = match language {
        Language::English => &["y", "yes"],
        Language::French => &["o", "oui", "y", "yes"],
    };
    own.contains(&answer.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_yes_is_one() {
        for yes in ["y", " Yes\n", "YES"] {
            assert!(is_yes(yes, Language::English) && is_yes(yes, Language::French), "{yes}");
        }
        assert!(is_yes("oui\n", Language::French) && is_yes("O", Language::French));
        for no in ["", "\n", "n", "no", "yep", "oui"] {
            assert!(!is_yes(no, Language::English), "{no}");
        }
    }
}
