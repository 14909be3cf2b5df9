//! Rooms and contacts, and what is kept with them.

use super::Outcome;
use super::elements::{insert_behind, remove, set_text};
use super::layout::New;
use crate::clients::pidgin::buddies::fault;
use crate::clients::pidgin::secrets;
use crate::model::{Address, AddressFault, RoomFault, Span, Splice, Unrepairable};
use crate::syntax::xml::{Document, Element};

/// The room whose place is `span`: its name, or its element where it has none.
pub(super) fn chat_at<'d>(document: &'d Document, span: Span) -> Option<Element<'d>> {
    let is_meant = |chat: &Element| {
        chat.name_span() == span || component(*chat, "room").is_some_and(|name| name.inner_span() == span)
    };
    document.elements().filter(|element| element.name() == "chat").find(is_meant)
}

/// Takes away the passwords of a room that can be read.
pub(super) fn forget_password(text: &str, chat: Element) -> Vec<Splice> {
    let passwords = components(chat, "password").filter(|password| secrets::of_element(*password).is_clear());
    passwords.map(|password| remove(text, password)).collect()
}

/// Gives a room an address that the client can enter, if there is no doubt which. `own` are the domains
/// of accounts, where there are no rooms.
pub(super) fn sound(text: &str, chat: Element, own: &[&str]) -> Outcome {
    let written = |name| component(chat, name).and_then(Element::text).map(|text| text.as_str().to_owned());
    let (name, service) = (written("room").unwrap_or_default(), written("server").unwrap_or_default());
    let (name, service) = meant(&name, &service, own).ok_or(Unrepairable::Choice)?;
    set(text, chat, &[("room", &name), ("server", &service)])
}

/// Gives a room that can be entered another address.
pub(super) fn set_address(text: &str, chat: Element, address: &str) -> Outcome {
    let address = Address::parse(address);
    let local = address.local.as_deref().filter(|_| address.fault == AddressFault::Sound);
    let local = local.ok_or(Unrepairable::Choice)?;
    let is_same = component(chat, "room")
        .and_then(Element::text)
        .is_some_and(|name| Address::parse(&format!("{}@{}", name.as_str(), address.domain)).same_bare(&address));
    let name = Some(("room", local)).filter(|_| !is_same);
    let wanted: Vec<_> = name.into_iter().chain([("server", address.domain.as_str())]).collect();
    set(text, chat, &wanted)
}

/// Writes a setting that is kept with a room or contact.
pub(super) fn set_setting(text: &str, document: &Document, span: Span, value: &str) -> Outcome {
    let is_meant = |element: &Element| element.name() == "setting" && element.inner_span() == span;
    let setting = document.elements().find(is_meant).ok_or(Unrepairable::Gone)?;
    Ok(set_text(text, setting, value))
}

/// Name and service of the room that is meant, where a field holds more than its own.
fn meant(name: &str, service: &str, own: &[&str]) -> Option<(String, String)> {
    let (name, service) = (name.trim(), service.trim());
    let (name, service) = match name.split_once('@') {
        Some(whole) => whole,
        None => of_service(name, service)?,
    };
    let address = Address::parse(&format!("{name}@{service}"));
    if own.contains(&address.domain.as_str()) {
        return None;
    }
    (fault(name, service, &address) == RoomFault::Sound).then(|| (name.to_owned(), service.to_owned()))
}

/// Name and service where the latter may be an address: `garden@conference.example.org/alice`.
fn of_service<'t>(name: &'t str, service: &'t str) -> Option<(&'t str, &'t str)> {
    let bare = service.split('/').next().unwrap_or_default();
    match bare.split_once('@') {
        None => Some((name, bare)),
        Some((local, domain)) if name.is_empty() || local.eq_ignore_ascii_case(name) => Some((local, domain)),
        Some(_) => None,
    }
}

fn set(text: &str, chat: Element, wanted: &[(&str, &str)]) -> Outcome {
    // Nothing that is an address needs references, and in CDATA there are none.
    if wanted.iter().any(|(_, value)| value.contains(['&', '<', '>'])) {
        return Err(Unrepairable::Choice);
    }
    let mut splices = Vec::new();
    let mut missing = Vec::new();
    for (name, value) in wanted {
        match component(chat, name) {
            Some(component) => splices.extend(set_text(text, component, value)),
            None => missing.push(New::Leaf(format!("<component name='{name}'>{value}</component>"))),
        }
    }
    if !missing.is_empty() {
        let last = chat.twins("component").last().ok_or(Unrepairable::Choice)?;
        splices.push(insert_behind(text, last, &missing));
    }
    Ok(splices)
}

/// The components of that name, as libpurple comes by them.
fn components<'d>(chat: Element<'d>, name: &str) -> impl Iterator<Item = Element<'d>> {
    chat.twins("component").filter(move |part| part.value("name").is_some_and(|value| value.as_str() == name))
}

/// The component of that name that counts: the last one.
fn component<'d>(chat: Element<'d>, name: &str) -> Option<Element<'d>> {
    components(chat, name).last()
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn finds_the_room_that_is_meant() {
        let own = &["example.org"];
        for (name, service, expected) in [
            ("garden@conference.example.org", "", Some(("garden", "conference.example.org"))),
            ("garden@Conference.example.org", "conference.example.org", Some(("garden", "Conference.example.org"))),
            ("garden@muc.example.net", "conference.example.org", Some(("garden", "muc.example.net"))),
            ("garden@example.org", "conference.example.org", None),
            ("garden ", "example.org", None),
            ("garden@a@b", "conference.example.org", None),
            ("garden@conference.example.org/alice", "", None),
            (" garden ", "conference.example.org\n", Some(("garden", "conference.example.org"))),
            ("garden", "garden@conference.example.org", Some(("garden", "conference.example.org"))),
            ("", "garden@conference.example.org", Some(("garden", "conference.example.org"))),
            ("kitchen", "garden@conference.example.org", None),
            ("garden", "conference.example.org/alice", Some(("garden", "conference.example.org"))),
            ("garden", "https://conference.example.org", None),
            ("garden", "", None),
            ("", "conference.example.org", None),
            ("a b", "conference.example.org", None),
        ] {
            let found = meant(name, service, own);
            let found = found.as_ref().map(|(name, service)| (name.as_str(), service.as_str()));
            assert_eq!(found, expected, "{name}, {service}");
        }
    }
}
