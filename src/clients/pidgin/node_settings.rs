//! Settings that `blist.xml` keeps with a contact or room of its own, and that outweigh those for all
//! (`gtkconv.c`, `autoaccept.c`, 2.14; pidgin-otr 4.0.2).

use std::collections::HashSet;

use super::habits::{ACCEPT, Logging};
use super::numbers::{atoi, numeric_truth};
use super::otr::{Otr, Policy};
use super::source::Source;
use crate::model::{
    Account, Address, Conversation, ConversationEncryption, Habit, HabitKind, Place, Setting, Span,
};
use crate::syntax::xml::Element;

/// A truth value or number that is kept with an entry, and where it stands.
type Kept<T> = Option<(T, Span)>;

/// What an entry of the list keeps for itself.
#[derive(Debug)]
pub(super) struct NodeSettings {
    /// The contact or room.
    pub address: Address,
    /// The number of its account.
    pub account: usize,
    /// Whether it is a room.
    pub is_room: bool,
    /// Whether the conversation is logged.
    logging: Kept<bool>,
    /// Whether files are accepted unasked; it is kept with the contact, which may have several addresses.
    autoaccept: Kept<i32>,
    otr: Option<OwnOtr>,
}

/// Settings of pidgin-otr for one contact; what is missing is off.
#[derive(Debug)]
struct OwnOtr {
    policy: Policy,
    avoids_logging: bool,
    /// Where it says that the plugin is off, or that it logs.
    enabled: Span,
    logs: Span,
}

impl NodeSettings {
    /// Those of a room.
    pub(super) fn of_room(chat: Element, address: Address, account: usize) -> Self {
        Self { address, account, is_room: true, logging: truth(chat, LOGGING), autoaccept: None, otr: None }
    }

    /// Those of a buddy in a contact.
    pub(super) fn of_buddy(buddy: Element, contact: Element, address: Address, account: usize) -> Self {
        Self {
            address,
            account,
            is_room: false,
            logging: truth(buddy, LOGGING),
            autoaccept: number(contact, AUTOACCEPT),
            otr: OwnOtr::read(buddy),
        }
    }

    /// Whether there are any.
    pub(super) const fn is_empty(&self) -> bool {
        self.logging.is_none() && self.autoaccept.is_none() && self.otr.is_none()
    }
}

const LOGGING: &str = "enable-logging";
const AUTOACCEPT: &str = "autoaccept";
const OVERRIDE: &str = "OTR/overridedefault";
const ENABLED: &str = "OTR/enabled";
const AVOIDS_LOGGING: &str = "OTR/avoidloggingotr";

impl OwnOtr {
    fn read(buddy: Element) -> Option<Self> {
        let (_, overrides) = truth(buddy, OVERRIDE).filter(|(overrides, _)| *overrides)?;
        let read = |name| truth(buddy, name).unwrap_or((false, overrides));
        let (enabled, enabled_at) = read(ENABLED);
        let (avoids_logging, logs) = read(AVOIDS_LOGGING);
        let policy = Policy::of(enabled, read("OTR/automatic").0, read("OTR/onlyprivate").0);
        Some(Self { policy, avoids_logging, enabled: enabled_at, logs })
    }
}

/// What the settings of all entries come to.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What the client does with single contacts and rooms.
    pub habits: Vec<Habit>,
    /// The conversations for which encryption was turned off.
    pub conversations: Vec<Conversation>,
}

/// Judges the settings of the entries of a list.
pub(super) fn judge(all: &[NodeSettings], logging: &Logging, accounts: &[Account], source: Source) -> Outcome {
    let mut outcome = Outcome::default();
    let mut seen = HashSet::new();
    let mut seen_contacts = HashSet::new();
    for node in all {
        let Some(account) = accounts.get(node.account) else { continue };
        let (owner, name) = (account.address.value.bare(), node.address.bare());
        // Of several entries for the same address libpurple finds one; nobody has a conversation with himself.
        if owner == name || !seen.insert((node.account, name.clone())) {
            continue;
        }
        let judge = Judge { node, logging, name, owner, source };
        outcome.habits.extend(judge.history());
        outcome.habits.extend(judge.decrypted());
        let span = node.autoaccept.map(|(_, span)| span);
        outcome.habits.extend(judge.files().filter(|_| seen_contacts.insert(span)));
        outcome.conversations.extend(judge.conversation());
    }
    outcome
}

struct Judge<'a> {
    node: &'a NodeSettings,
    logging: &'a Logging,
    name: String,
    owner: String,
    source: Source,
}

impl Judge<'_> {
    fn place(&self, span: Span, setting: &str) -> Place {
        let kind = if self.node.is_room { "rooms" } else { "contacts" };
        self.source.place(span, format!("accounts[{}] / {kind}[{}] / {setting}", self.owner, self.name))
    }

    fn habit(&self, kind: HabitKind, span: Span, setting: &str) -> Habit {
        let what = Setting::written(kind, self.place(span, setting));
        Habit::of_account(what, self.node.account).with_detail(self.name.as_str())
    }

    /// Whether all conversations of the kind are logged; where that is not known, the entry's own setting counts.
    fn logs_all(&self) -> bool {
        let all = if self.node.is_room { self.logging.rooms } else { self.logging.contacts };
        all == Some(true)
    }

    /// The entry's own setting has it logged, while the others are not.
    fn history(&self) -> Option<Habit> {
        let (_, span) = self.node.logging.filter(|(logs, _)| *logs && !self.logs_all())?;
        Some(self.habit(HabitKind::HistoryKept, span, LOGGING))
    }

    /// A setting of its own has encrypted messages logged, while those of the others are not.
    fn decrypted(&self) -> Option<Habit> {
        let for_all = self.logging.otr.as_ref()?;
        let logs = self.node.logging.map_or_else(|| self.logs_all(), |(logs, _)| logs);
        if !logs || self.logging.keeps_decrypted() {
            return None;
        }
        match (&self.node.otr, self.node.logging) {
            (Some(own), _) if own.policy != Policy::Never && !own.avoids_logging => {
                Some(self.habit(HabitKind::DecryptedKept, own.logs, AVOIDS_LOGGING))
            }
            (None, Some((_, span))) if for_all.is_logged() && !self.node.is_room => {
                Some(self.habit(HabitKind::DecryptedKept, span, LOGGING))
            }
            _ => None,
        }
    }

    fn files(&self) -> Option<Habit> {
        let (_, span) =
            self.node.autoaccept.filter(|(choice, _)| self.logging.accepts_files && *choice == ACCEPT)?;
        Some(self.habit(HabitKind::FilesTakenUnasked, span, AUTOACCEPT))
    }

    fn conversation(&self) -> Option<Conversation> {
        let for_all = self.logging.otr.as_ref().map(Otr::policy)?;
        let own = self.node.otr.as_ref().filter(|own| own.policy == Policy::Never)?;
        let encryption = match for_all {
            Policy::Always | Policy::Opportunistic => ConversationEncryption::ChosenClear,
            Policy::Never | Policy::Manual => ConversationEncryption::Clear,
        };
        Some(Conversation {
            address: self.node.address.clone(),
            place: self.place(own.enabled, ENABLED),
            account: Some(self.node.account),
            group: false,
            encryption,
        })
    }
}

/// The text of a setting of that type. The last of a name counts, whatever its type; one without text, or of a type
/// that libpurple does not know, is passed over (`parse_setting` of `blist.c`).
fn kept(entry: Element, name: &str, kind: &str) -> Option<(String, Span)> {
    const KINDS: [&str; 3] = ["string", "bool", "int"];
    let usable = entry.twins("setting").filter_map(|setting| {
        setting.value("name").filter(|found| found.as_str() == name)?;
        let kind = setting.value("type").map_or_else(|| "string".to_owned(), |kind| kind.as_str().to_owned());
        KINDS.contains(&kind.as_str()).then_some((kind, setting.text()?, setting.inner_span()))
    });
    let (found, text, span) = usable.last()?;
    (found == kind).then(|| (text.as_str().to_owned(), span))
}

fn truth(entry: Element, name: &str) -> Kept<bool> {
    kept(entry, name, "bool").map(|(text, span)| (numeric_truth(&text), span))
}

fn number(entry: Element, name: &str) -> Kept<i32> {
    kept(entry, name, "int").map(|(text, span)| (atoi(&text), span))
}
