//! How Profanity is started: its options (`src/main.c`), and what they do to its user.

use super::programs::PROFANITY;
use super::scan::Word;
use super::verdict::{Verdict, stanzas_logged};
use crate::model::LaunchEffect;

/// Options that take the next word as their value.
const WITH_VALUE: [&str; 12] =
    ["-l", "--log", "-a", "--account", "-r", "--cmd", "-c", "--config", "-f", "--logfile", "-t", "--theme"];

/// What the options do, in their order.
pub(super) fn verdicts(arguments: &[Word], place: &str) -> impl Iterator<Item = Verdict> {
    debug_log(arguments, place).into_iter().chain(tls_disabled(arguments, place))
}

/// Profanity takes `-l LEVEL`, `-lLEVEL`, `--log LEVEL` and `--log=LEVEL`.
fn debug_log(arguments: &[Word], place: &str) -> Option<Verdict> {
    let joined = arguments.iter().find(|word| matches!(word.text.as_str(), "-lDEBUG" | "--log=DEBUG"));
    let following = || {
        let pair = arguments.windows(2).find(|pair| {
            matches!(pair, [option, level] if matches!(option.text.as_str(), "-l" | "--log") && level.text == "DEBUG")
        });
        pair.and_then(<[Word]>::last)
    };
    let word = joined.or_else(following)?;
    Some(stanzas_logged(PROFANITY, word, "-l DEBUG", place))
}

/// `-d` and `--disable-tls`, which Profanity knew up to 0.4.7.
fn tls_disabled(arguments: &[Word], place: &str) -> Option<Verdict> {
    let word = options(arguments).find(|word| matches!(word.text.as_str(), "-d" | "--disable-tls"))?;
    Some(Verdict {
        client: PROFANITY,
        effect: LaunchEffect::TlsDisabled,
        word: word.text.clone(),
        span: word.span_from(0),
        place: format!("{place} / --disable-tls"),
    })
}

/// The options, without the values of those that take one, up to a `--`.
fn options(arguments: &[Word]) -> impl Iterator<Item = &Word> {
    let mut is_value = false;
    let before_end = arguments.iter().take_while(|word| word.text != "--");
    before_end.filter(move |word| {
        let was_value = std::mem::replace(&mut is_value, false);
        is_value = !was_value && WITH_VALUE.contains(&word.text.as_str());
        !was_value
    })
}
