//! `pounces.xml`: what libpurple does when a contact comes online or writes (`pounce.c`, `gtkpounce.c`, 2.14).

use super::accounts::{PROTOCOL, key_of};
use super::buddies::Numbers;
use super::source::Source;
use crate::model::{Account, Address, Habit, HabitKind, Setting, Span};
use crate::syntax::xml::{Document, Element};

/// The events that a pounce may wait for. One that waits for none does not exist.
const EVENTS: [&str; 10] = [
    "sign-on",
    "sign-off",
    "away",
    "return-from-away",
    "idle",
    "return-from-idle",
    "start-typing",
    "typed",
    "stop-typing",
    "message-received",
];

/// The commands that pounces run. Those of accounts that do not exist are dropped.
pub(super) fn commands(document: &Document, source: Source, numbers: &Numbers, accounts: &[Account]) -> Vec<Habit> {
    let pounces = document.elements().filter(|element| element.name() == "pounce");
    let habit = |pounce: Element| {
        let number = *numbers.get(&key_of(&account_of(pounce)?))?;
        let owner = accounts.get(number)?.address.value.bare();
        let contact = Address::parse(&pounce.child("pouncee")?.text()?).bare();
        let span = command(pounce)?;
        let place = source.place(span, format!("accounts[{owner}] / pounces[{contact}] / execute-command"));
        Some(Habit::of_account(Setting::written(HabitKind::CommandRun, place), number).with_detail(contact))
    };
    pounces.filter_map(habit).collect()
}

/// The account of a pounce that some user interface takes up.
fn account_of(pounce: Element) -> Option<String> {
    pounce.value("ui")?;
    let account = pounce.child("account")?;
    let is_xmpp = account.value("protocol").is_some_and(|protocol| protocol.as_str() == PROTOCOL);
    let waits = pounce.child("events").is_some_and(|events| {
        let mut types =
            events.children().filter(|event| event.name() == "event").filter_map(|event| event.value("type"));
        types.any(|kind| EVENTS.contains(&kind.as_str()))
    });
    let name = account.text().filter(|_| is_xmpp && waits)?;
    Some(name.as_str().to_owned())
}

/// Where the command stands that a pounce runs; of several the last counts.
fn command(pounce: Element) -> Option<Span> {
    let is_command = |element: &Element, attribute: &str, value: &str| {
        element.value(attribute).is_some_and(|found| found.as_str() == value)
    };
    let actions = pounce.child("actions")?;
    let parameters = actions
        .children()
        .filter(|action| action.name() == "action" && is_command(action, "type", "execute-command"))
        .flat_map(Element::children)
        .filter(|parameter| parameter.name() == "param" && is_command(parameter, "name", "command"));
    parameters.last().filter(|parameter| parameter.text().is_some()).map(Element::inner_span)
}
