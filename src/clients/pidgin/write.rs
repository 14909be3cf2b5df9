//! What is written into libpurple's files to put something right.
//!
//! Each edit is of the bytes as they stand there: quotes, tabs, order, comments and line ends stay. What is put in looks
//! as libpurple would write it, in the style of what stands around it.

mod account;
mod contacts;
mod elements;
mod encryption;
mod layout;
mod preferences;
mod proxies;

use zeroize::Zeroizing;

use self::account::Page;
use super::era::Era;
use super::in_force::path_at;
use super::places::{ACCOUNTS, BUDDIES, PREFERENCES};
use super::secrets;
use crate::model::{
    Account, Change, Edit, FileKind, FileNumber, HabitKind, Idle, Place, Profile, Span, Splice, Spot, Text,
    Unrepairable, Wish,
};
use crate::syntax::xml::{self, Decoded, Document, gmarkup};

type Outcome = Result<Vec<Splice>, Unrepairable>;

/// The edits that bring about what is wanted of a profile.
pub(super) fn write(profile: &Profile, wish: &Wish) -> Result<Vec<Edit>, Unrepairable> {
    let (number, splices) = match &wish.change {
        Change::Set { fact, value } => set(profile, wish.number, fact, value)?,
        Change::Remove { subject: "setting" } => idle(profile, wish.number)?,
        Change::Remove { subject: "habit" } => habit(profile, wish.number)?,
        Change::Remove { .. } => return Err(Unrepairable::Unwritten),
    };
    Ok(splices.into_iter().map(|splice| Edit::in_text(number, splice)).collect())
}

type InFile = Result<(FileNumber, Vec<Splice>), Unrepairable>;

fn set(profile: &Profile, number: usize, fact: &str, value: &str) -> InFile {
    let account = || profile.accounts.get(number).ok_or(Unrepairable::Gone);
    let room = || profile.rooms.get(number).ok_or(Unrepairable::Gone);
    let era = Era::of(profile.version.as_ref());
    match (fact, value) {
        ("account.encryption", "required") if !proxies::is_safe_without_direct_tls(account()?) => {
            Err(Unrepairable::Choice)
        }
        ("account.encryption", "required") => {
            of_account(profile, account()?, |page| Ok(page.require_encryption(era)))
        }
        ("account.cleartext_login", "never" | "asks") => {
            of_account(profile, account()?, |page| Ok(page.forbid_cleartext_login()))
        }
        ("account.transport", "tcp") => {
            let account = account()?;
            let is_safe = proxies::is_safe_without_the_web(account);
            of_account(profile, account, |page| page.leave_the_web(era, is_safe))
        }
        ("account.password", "absent") => of_account(profile, account()?, |page| Ok(page.forget_password())),
        ("account.proxy.tor", "reached") => of_account(profile, account()?, proxies::through_tor),
        ("account.proxy.fault", "sound") => proxy_sound(profile, account()?),
        ("account.tls_floor", "modern") => {
            of_preferences(profile, account()?.tls_floor.place(), |page| Ok(page.raise_tls_floor()))
        }
        ("proxy.password", "absent") => proxy_password(profile, number),
        ("room.password", "absent") => {
            of_room(profile, &room()?.place, |text, chat| Ok(contacts::forget_password(text, chat)))
        }
        ("room.fault", "sound") => {
            let own = room()?.account_address.iter().chain(profile.accounts.iter().map(|own| &own.address.value));
            let own: Vec<_> = own.map(|address| address.domain.as_str()).collect();
            of_room(profile, &room()?.place, |text, chat| contacts::sound(text, chat, &own))
        }
        ("room.address", address) => {
            of_room(profile, &room()?.place, |text, chat| contacts::set_address(text, chat, address))
        }
        _ => Err(Unrepairable::Unwritten),
    }
}

/// A proxy that is not what it should be: the account's own, or that of all accounts.
fn proxy_sound(profile: &Profile, account: &Account) -> InFile {
    let place = account.proxy.place();
    if profile.file(place.file).is_some_and(|file| file.kind == PREFERENCES) {
        return of_preferences(profile, place, |page| page.proxy_host_by_number());
    }
    of_account(profile, account, |page| proxies::sound(page, proxies::Needs::of(account)))
}

fn proxy_password(profile: &Profile, number: usize) -> InFile {
    let proxy = profile.proxies.get(number).ok_or(Unrepairable::Gone)?;
    match proxy.account {
        Some(account) => {
            let account = profile.accounts.get(account).ok_or(Unrepairable::Gone)?;
            of_account(profile, account, proxies::forget_passwords)
        }
        None => of_preferences(profile, &proxy.place, |page| page.set(preferences::PROXY_PASSWORD, "")),
    }
}

/// A setting that another one of its name has taken the effect of.
fn idle(profile: &Profile, number: usize) -> InFile {
    let idle = profile.idle_settings.get(number).ok_or(Unrepairable::Gone)?;
    if idle.reason != Idle::Duplicate {
        return Err(Unrepairable::Unwritten);
    }
    let span = span_at(&idle.place)?;
    if kind_is(profile, &idle.place, PREFERENCES) {
        return of_preferences(profile, &idle.place, |page| page.remove_at(span));
    }
    let account = idle.account.and_then(|account| profile.accounts.get(account)).ok_or(Unrepairable::Unwritten)?;
    of_account(profile, account, |page| page.remove_setting_at(span))
}

/// What is written where a client is not to do something.
fn habit(profile: &Profile, number: usize) -> InFile {
    let habit = profile.habits.get(number).ok_or(Unrepairable::Gone)?;
    let place = habit.what.place();
    let off = match habit.what.value {
        HabitKind::TypingShown | HabitKind::HistoryKept | HabitKind::FilesTakenUnasked => "0",
        HabitKind::IdleTimeShown => "none",
        HabitKind::HelperPassword => "",
        _ => return Err(Unrepairable::Unwritten),
    };
    if kind_is(profile, place, BUDDIES) {
        let span = span_at(place)?;
        return of_document(profile, place, |text, document| contacts::set_setting(text, document, span, off));
    }
    let path = path_at(place).ok_or(Unrepairable::Unwritten)?;
    of_preferences(profile, place, |page| page.set(path, off))
}

fn of_account(profile: &Profile, account: &Account, edit: impl FnOnce(&Page) -> Outcome) -> InFile {
    let span = span_at(&account.place)?;
    if !kind_is(profile, &account.place, ACCOUNTS) {
        return Err(Unrepairable::Unwritten);
    }
    of_document(profile, &account.place, |text, document| edit(&Page::of(text, document, span)?))
}

fn of_room(profile: &Profile, place: &Place, edit: impl FnOnce(&str, xml::Element) -> Outcome) -> InFile {
    let span = span_at(place)?;
    of_document(profile, place, |text, document| {
        edit(text, contacts::chat_at(document, span).ok_or(Unrepairable::Gone)?)
    })
}

fn of_document(profile: &Profile, place: &Place, edit: impl FnOnce(&str, &Document) -> Outcome) -> InFile {
    let decoded = opened(profile, place.file, xml::decode)?;
    let document = xml::parse(&decoded);
    if document.fault.is_some() {
        return Err(Unrepairable::Damaged);
    }
    if document.is_cut {
        return Err(Unrepairable::Unwritten);
    }
    let splices = edit(decoded.text(), &document)?;
    Ok((place.file, forgetting(splices, decoded.text(), &secrets::in_document(&document))))
}

fn of_preferences(profile: &Profile, place: &Place, edit: impl FnOnce(&preferences::Page) -> Outcome) -> InFile {
    if !kind_is(profile, place, PREFERENCES) {
        return Err(Unrepairable::Unwritten);
    }
    let decoded = opened(profile, place.file, gmarkup::decode)?;
    let markup = gmarkup::parse(&decoded);
    if markup.fault.is_some() || markup.is_cut_off {
        return Err(Unrepairable::Damaged);
    }
    if markup.is_cut {
        return Err(Unrepairable::Unwritten);
    }
    let splices = edit(&preferences::Page::of(decoded.text(), &markup))?;
    Ok((place.file, forgetting(splices, decoded.text(), &secrets::in_markup(&markup))))
}

/// The text of a file, to be read once more.
fn opened(
    profile: &Profile,
    number: FileNumber,
    decode: fn(Zeroizing<Vec<u8>>) -> Decoded,
) -> Result<Decoded, Unrepairable> {
    let file = profile.file(number).ok_or(Unrepairable::Gone)?;
    if file.damage.is_some() {
        return Err(Unrepairable::Damaged);
    }
    let bytes = file.text.as_ref().map(Text::bytes).ok_or(Unrepairable::Gone)?;
    let decoded = decode(Zeroizing::new(bytes.to_vec()));
    // A file in another encoding was converted when it was read, and names that encoding still.
    if decoded.text().as_bytes() == bytes { Ok(decoded) } else { Err(Unrepairable::Encoding) }
}

/// The edits; what takes a secret away keeps it nowhere.
fn forgetting(mut splices: Vec<Splice>, text: &str, known: &[secrets::Found]) -> Vec<Splice> {
    if splices.is_empty() {
        return splices;
    }
    let further = secrets::in_text(text);
    for splice in &mut splices {
        let mut secrets = known.iter().chain(&further);
        splice.forgets |= secrets.any(|found| found.span.overlaps(splice.span));
    }
    splices
}

fn kind_is(profile: &Profile, place: &Place, kind: FileKind) -> bool {
    profile.file(place.file).is_some_and(|file| file.kind == kind)
}

fn span_at(place: &Place) -> Result<Span, Unrepairable> {
    match place.spot {
        Spot::Text(span) => Ok(span),
        _ => Err(Unrepairable::Gone),
    }
}
