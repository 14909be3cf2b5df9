//! Whether chats are end-to-end encrypted: the policies of OMEMO and OTR.
//!
//! Source: `omemo_automatic_start`, `src/omemo/omemo.c`, 0.7.0 to 0.18.2; `otr_get_policy`, `src/otr/otr.c`.

use std::collections::HashSet;
use std::ops::Range;

use super::effective::Effective;
use super::lists;
use super::source::Source;
use super::version::Known;
use crate::model::{
    Account, Address, Conversation, ConversationEncryption, EndToEnd, Habit, HabitKind, Place, Setting, Span,
};
use crate::syntax::keyfile::{self, Entry, Group};

/// What OMEMO does in a new chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Omemo {
    /// It encrypts, unless the contact is left out.
    Always,
    /// It waits to be started, at least once for each contact.
    Started,
    /// The client reads a variable that it never set (0.7.0 to 0.18.2).
    Undefined,
}

/// The policies of `profrc`; none where that could not be seen.
#[derive(Debug, Default)]
pub(super) struct Policies {
    omemo: Option<Setting<Omemo>>,
    /// Whether OTR refuses to send in the clear.
    otr: Option<Setting<bool>>,
}

impl Policies {
    pub(super) fn of(preferences: Effective<'_, '_>) -> Self {
        let omemo = |word: String| if word == "always" { Omemo::Always } else { Omemo::Started };
        Self {
            omemo: Some(preferences.word("omemo", "policy", "automatic").map(omemo)),
            otr: Some(preferences.word("otr", "policy", "manual").map(|word| word == "always")),
        }
    }
}

/// The policies that count for an account.
struct OfAccount {
    omemo: Option<Setting<Omemo>>,
    /// Whether the account has a policy of OMEMO of its own.
    has_own: bool,
    otr: Option<Setting<bool>>,
}

impl OfAccount {
    fn of(source: &Source<'_>, group: &Group, policies: &Policies, version: Known<'_>) -> Self {
        let own = |key: &str| {
            let entry = source.keys.effective(group, key.as_bytes())?;
            let word = keyfile::string(source.keys.raw(entry.value)).ok()?;
            Some(Setting::written(word, source.value_place(group, entry)))
        };
        let omemo = own("omemo.policy").map(|setting| {
            setting.map(|word| match word.as_str() {
                "always" => Omemo::Always,
                "manual" | "opportunistic" => Omemo::Started,
                _ => Omemo::Undefined,
            })
        });
        let has_own = omemo.is_some();
        let omemo = omemo.or_else(|| policies.omemo.clone()).filter(|_| !version.is_before(7, 0));
        let otr = own("otr.policy").map(|setting| setting.map(|word| word == "always"));
        Self { omemo, has_own, otr: otr.or_else(|| policies.otr.clone()) }
    }

    /// The policy of OTR, where that refuses to send in the clear.
    fn insists_by_otr(&self) -> Option<&Setting<bool>> {
        self.otr.as_ref().filter(|otr| otr.value)
    }

    fn judge(self, unseen: Place, version: Known<'_>) -> Setting<EndToEnd> {
        // OMEMO comes first; where it is not started, OTR decides.
        if let Some(otr) = self.insists_by_otr() {
            return otr.clone().map(|_| EndToEnd::DefaultOn);
        }
        match (self.omemo, self.otr) {
            (Some(omemo), _) if omemo.value == Omemo::Always => omemo.map(|_| EndToEnd::DefaultOn),
            (Some(omemo), _) if omemo.value == Omemo::Undefined => omemo.map(|_| EndToEnd::Undecided),
            (Some(omemo), Some(_)) => omemo.map(|_| EndToEnd::DefaultOff),
            (None, Some(otr)) if version.is_before(7, 0) => otr.map(|_| EndToEnd::DefaultOff),
            _ => Setting::default(EndToEnd::Undecided, "", unseen),
        }
    }
}

/// Whether new chats of the account are encrypted.
pub(super) fn of_account(
    source: &Source<'_>,
    group: &Group,
    policies: &Policies,
    version: Known<'_>,
) -> Setting<EndToEnd> {
    let near = source.group_place(group);
    if version.is_before(4, 0) {
        return Setting::default(EndToEnd::Unavailable, "", near);
    }
    OfAccount::of(source, group, policies, version).judge(near, version)
}

/// What there is to say about an account's policies.
pub(super) struct Said {
    pub habits: Vec<Habit>,
    pub conversations: Vec<Conversation>,
}

/// Policies that the client cannot read, policies that do not insist, and contacts that are left out. The accounts
/// of the file are those of `accounts` from `first` on.
pub(super) fn said(
    source: &Source<'_>,
    accounts: &[Account],
    first: usize,
    policies: &Policies,
    version: Known<'_>,
) -> Said {
    let mut said = Said { habits: Vec::new(), conversations: Vec::new() };
    for (number, group) in (first..).zip(source.keys.groups()) {
        let Some(account) = accounts.get(number) else { break };
        let own = OfAccount::of(source, group, policies, version);
        if own.insists_by_otr().is_some() {
            continue;
        }
        let Some(omemo) = own.omemo else { continue };
        let habit = |kind| Habit::of_account(Setting::written(kind, omemo.place().clone()), number);
        match omemo.value {
            Omemo::Always => said.conversations.extend(left_out(source, group, account, number)),
            Omemo::Undefined => said.habits.push(habit(HabitKind::PolicyUndefined)),
            Omemo::Started if own.has_own => said.habits.push(habit(HabitKind::ChatsMayBeClear)),
            Omemo::Started => {}
        }
    }
    said
}

/// The policy of `profrc`, where it does not insist and an account goes by it.
pub(super) fn optional(policies: &Policies, accounts: &[Account]) -> Option<Habit> {
    let (omemo, otr) = (policies.omemo.as_ref()?, policies.otr.as_ref()?);
    let goes_by_it = |account: &Account| {
        account.end_to_end.value == EndToEnd::DefaultOff && account.end_to_end.place() == omemo.place()
    };
    let is_optional = match accounts {
        [] => omemo.value != Omemo::Always && !otr.value,
        accounts => accounts.iter().any(goes_by_it),
    };
    is_optional.then(|| Habit::of_client(omemo.clone().map(|_| HabitKind::ChatsMayBeClear)))
}

/// Contacts that are left out of a policy that encrypts to everybody. Rooms can hardly be encrypted, and what another
/// kind of encryption is started for is not in the clear.
fn left_out(source: &Source<'_>, group: &Group, account: &Account, number: usize) -> Vec<Conversation> {
    let list = |key: &str| {
        let entry = source.keys.effective(group, key.as_bytes())?;
        Some((entry, lists::elements(source.keys.raw(entry.value))))
    };
    let encrypted: HashSet<String> = ["otr.always", "ox.enabled", "pgp.enabled"]
        .into_iter()
        .filter_map(list)
        .flat_map(|(_, elements)| elements.into_iter().map(|(text, _)| text))
        .collect();
    let Some((entry, elements)) = list("omemo.disabled") else { return Vec::new() };
    let conversation = |(text, range): (String, Range<usize>)| {
        let address = Address::parse(&text);
        let is_room = is_room_service(&address.domain, account);
        let is_own = account.address.value.same_bare(&address);
        if is_room || is_own || address.local.is_none() || encrypted.contains(&text) {
            return None;
        }
        let words = format!("{} / omemo.disabled / {}", source.group_words(group), address.bare());
        let place = source.place(span(entry, &range), &words);
        let encryption = ConversationEncryption::ChosenClear;
        Some(Conversation { address, place, account: Some(number), group: false, encryption })
    };
    elements.into_iter().filter_map(conversation).collect()
}

fn span(entry: Entry, range: &Range<usize>) -> Span {
    Span::new(range.start, range.end).moved_by(entry.value.start)
}

/// Whether a domain is one of rooms, to judge by its name.
fn is_room_service(domain: &str, account: &Account) -> bool {
    const FIRST_LABELS: &[&str] =
        &["conference", "muc", "chat", "rooms", "room", "groups", "groupchat", "channels"];
    let first = domain.split('.').next().unwrap_or_default();
    FIRST_LABELS.contains(&first)
        || account.room_service.value.as_deref().is_some_and(|service| service.eq_ignore_ascii_case(domain))
}
