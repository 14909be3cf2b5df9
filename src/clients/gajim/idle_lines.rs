//! Lines of a text file that look like an option and are none, because there is no blank on each side of the `=`.

use std::collections::HashMap;

use super::options::GUARDS;
use super::secrets;
use super::text::read;
use crate::model::{FileNumber, Idle, IdleSetting, Place, Profile, Span};
use crate::syntax::gajim_text::{self, LineEnds};

/// Options of an account, besides the guards, whose owner believes himself protected by them.
const OTHERS: &[&str] =
    &["active", "proxy", "use_custom_host", "custom_host", "use_srv", "encryption_default", "use_keyring"];

/// Notes such lines about the accounts in `numbers`, and about the proxy of all.
pub(super) fn note(
    profile: &mut Profile,
    text: &[u8],
    ends: LineEnds,
    file: FileNumber,
    numbers: &HashMap<&str, usize>,
) {
    for (line, terminated) in gajim_text::lines(text, ends) {
        let Some(bytes) = text.get(line.start..line.end) else { continue };
        if gajim_text::match_line(bytes, terminated).is_some() {
            continue;
        }
        let Some(found) = take_apart(bytes) else { continue };
        let account = match found.account.as_deref() {
            None if found.option == "global_proxy" => None,
            Some(account) if matters(&found.option) && numbers.contains_key(account) => {
                numbers.get(account).copied()
            }
            _ => continue,
        };
        let words = match &found.account {
            Some(account) => format!("accounts[{}] / {}", secrets::shown_name(account), found.option),
            None => found.option.clone(),
        };
        let place = Place::in_text(file, found.value.moved_by(line.start), words);
        profile.idle_settings.push(IdleSetting { name: found.option, place, account, reason: Idle::Unreadable });
    }
}

fn matters(option: &str) -> bool {
    GUARDS.contains(&option) || OTHERS.contains(&option)
}

/// What a line was meant to say.
struct Meant {
    account: Option<String>,
    option: String,
    value: Span,
}

fn take_apart(line: &[u8]) -> Option<Meant> {
    let equals = line.iter().position(|byte| *byte == b'=')?;
    let name = read(line, Span::new(0, equals));
    let name = name.trim_end();
    let behind = line.get(equals + 1..)?;
    let blanks = behind.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let value = Span::new(equals + 1 + blanks, line.len());
    match name.strip_prefix("accounts.") {
        Some(rest) => {
            let (account, option) = rest.rsplit_once('.')?;
            Some(Meant { account: Some(account.to_owned()), option: option.to_owned(), value })
        }
        None => Some(Meant { account: None, option: name.to_owned(), value }),
    }
}
