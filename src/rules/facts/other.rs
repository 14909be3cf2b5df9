//! Facts about profiles, proxies and ways of starting a client.

use minijinja::Value;

use super::FactKind::{Number, Text, Truth, Word};
use super::{Fact, Mark, SubjectKind, View};
use crate::clients;
use crate::model::{Launch, LaunchEffect, Secret, StoredProxy};

/// The clients' names as words, in the order of [`clients::CLIENTS`]; a test holds the two together.
const CLIENT_WORDS: &[&str] = &["pidgin", "gajim", "dino", "profanity", "startup"];

/// What [`ExtraAuthority`](crate::model::ExtraAuthority) says, and that there is none.
const EXTRA_AUTHORITY_WORDS: &[&str] = &["absent", "system", "home", "writable", "missing", "empty"];

/// Whether a client is in use in the home in which a way of starting it was found.
const USE_WORDS: &[&str] = &["used", "unused", "unknown"];

/// The facts.
pub(super) const FACTS: &[Fact] = &[
    Fact::new("client", Word(CLIENT_WORDS), "The client", |view| Some(view.profile.client.0.into())),
    Fact::new("client_title", Text, "The client's name as people write it", |view| {
        Some(view.client_title().into())
    }),
    Fact::new("profile.accounts", Number, "How many accounts there are", |view| {
        Some(view.profile.accounts.len().into())
    }),
    Fact::new(
        "profile.certificate_exceptions.count",
        Number,
        "How many certificates were accepted by hand",
        |view| Some(view.profile.certificate_exceptions.len().into()),
    )
    .at(|view| view.profile.certificate_exceptions.first().map(|exception| Mark::at(&exception.place))),
    Fact::new(
        "profile.certificate_exceptions.every_host",
        Truth,
        "Whether they are accepted for every host name",
        |view| Some(view.profile.certificate_exceptions.iter().any(|exception| exception.every_host).into()),
    ),
    Fact::new(
        "profile.certificate_exceptions.self_signed",
        Truth,
        "Whether one of them names itself as its issuer",
        |view| {
            Some(
                view.profile
                    .certificate_exceptions
                    .iter()
                    .any(|exception| exception.self_signed == Some(true))
                    .into(),
            )
        },
    ),
    Fact::new("profile.certificate_exceptions.names", Text, "What they are kept under, three at most", |view| {
        let names: Vec<_> =
            view.profile.certificate_exceptions.iter().take(3).map(|exception| exception.name.as_str()).collect();
        Some(names.join(", ").into())
    }),
    Fact::new(
        "profile.extra_authority",
        Word(EXTRA_AUTHORITY_WORDS),
        "Where a further folder of certificate authorities lies",
        |view| Some(view.profile.extra_authority.as_ref().map_or("absent", |setting| setting.value.word()).into()),
    )
    .at(|view| view.profile.extra_authority.as_ref().map(Mark::of)),
    Fact::new(
        "profile.policy_spreads",
        Truth,
        "Whether one account's weak policy can infect the logins that follow it",
        |view| Some(view.profile.policy_spreads_from.is_some().into()),
    )
    .at(|view| {
        let account = view.profile.accounts.get(view.profile.policy_spreads_from?)?;
        Some(Mark::of(&account.encryption))
    }),
    Fact::new("profile.policy_spreads_from", Text, "The JID of that account", |view| {
        Some(view.account_jid(view.profile.policy_spreads_from)?.into())
    }),
    Fact::new("proxy.name", Text, "The proxy's name, or the account that it belongs to", |view| {
        Some(proxy(view)?.name.clone().into())
    })
    .at(|view| Some(Mark::at(&proxy(view)?.place))),
    Fact::new("proxy.host", Text, "Its host", |view| Some(proxy(view)?.host.clone()?.into())),
    Fact::new("proxy.password", Word(Secret::WORDS), "What is stored as its password", |view| {
        Some(proxy(view)?.password.value.word().into())
    })
    .at(|view| Some(Mark::of(&proxy(view)?.password))),
    Fact::new("launch.client_title", Text, "The client that is started", |view| {
        let name = launch(view)?.client.0;
        Some(clients::by_name(name).map_or(name, clients::Client::title).into())
    }),
    Fact::new("launch.word", Text, "The variable or option", |view| Some(launch(view)?.word.clone().into()))
        .at(|view| Some(Mark::at(&launch(view)?.place))),
    Fact::new("launch.effect", Word(LaunchEffect::WORDS), "What it does", |view| {
        Some(launch(view)?.effect.word().into())
    })
    .at(|view| Some(Mark::at(&launch(view)?.place))),
    Fact::new("launch.client_use", Word(USE_WORDS), "Whether that client is in use in this home", |view| {
        Some(Value::from(match launch(view)?.client_used {
            Some(true) => "used",
            Some(false) => "unused",
            None => "unknown",
        }))
    }),
];

fn proxy(view: &View) -> Option<&StoredProxy> {
    if view.kind != SubjectKind::Proxy {
        return None;
    }
    view.profile.proxies.get(view.number)
}

fn launch(view: &View) -> Option<&Launch> {
    if view.kind != SubjectKind::Launch {
        return None;
    }
    view.profile.launches.get(view.number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ExtraAuthority;

    #[test]
    fn words_match_what_they_stand_for() {
        assert_eq!(CLIENT_WORDS, clients::CLIENTS.map(|client| client.name().0));
        assert_eq!(EXTRA_AUTHORITY_WORDS[1..], *ExtraAuthority::WORDS);
    }
}
