//! Facts about profiles, proxies and ways of starting a client.

use minijinja::Value;

use super::FactKind::{Number, Text, Truth, Word};
use super::{Fact, Mark, SubjectKind, View};
use crate::clients;
use crate::model::{Launch, LaunchEffect, Secret, StoredProxy};
use crate::releases::{self, Release, VersionStanding};

/// The clients' names as words, in the order of [`clients::CLIENTS`]; a test holds the two together.
const CLIENT_WORDS: &[&str] = &["pidgin", "gajim", "dino", "profanity", "startup"];

/// What [`ExtraAuthority`](crate::model::ExtraAuthority) says, and that there is none.
const EXTRA_AUTHORITY_WORDS: &[&str] = &["absent", "system", "home", "writable", "missing", "empty"];

/// What [`VersionSource`](crate::model::VersionSource) says, and that no version is known.
const VERSION_SOURCES: &[&str] = &["unknown", "from_file", "from_package", "told"];

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
    Fact::new("profile.onion_accounts", Truth, "Whether an account connects to an onion address", |view| {
        Some(view.whole.reaches_onion(&view.profile).into())
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
    Fact::new("profile.version", Text, "The client's version, as far as it is known", |view| {
        Some(view.profile.version.as_ref()?.text().into())
    })
    .at(version_place),
    Fact::new("profile.version_source", Word(VERSION_SOURCES), "Where that is from", |view| {
        Some(view.profile.version.as_ref().map_or("unknown", |version| version.source.word()).into())
    }),
    Fact::new(
        "profile.version_standing",
        Word(VersionStanding::WORDS),
        "What is known about that version",
        |view| Some(known_version(view).0.word().into()),
    )
    .at(version_place),
    Fact::new("profile.version_hole", Text, "What is known against it, as the end of a sentence", |view| {
        Some(known_version(view).1?.text(view.language).into())
    }),
    Fact::new("profile.version_fixed_in", Text, "The first version of which that is not true", |view| {
        Some(known_version(view).1?.fixed().to_string().into())
    }),
    Fact::new("profile.version_source_of", Text, "Where that knowledge is from", |view| {
        Some(known_version(view).1?.source().into())
    }),
    Fact::new(
        "profile.proxies_mixed",
        Truth,
        "Whether some enabled accounts go through Tor and others do not",
        |view| Some(view.profile.proxies_mixed.into()),
    ),
    Fact::new("proxy.password_tracked", Truth, "Whether git keeps the file in which the password stands", |view| {
        Some(view.is_tracked(proxy(view)?.password.place()).into())
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

fn known_version(view: &View) -> (VersionStanding, Option<&'static Release>) {
    releases::judge(view.profile.client, view.profile.version.as_ref())
}

fn version_place(view: &View) -> Option<Mark<'_>> {
    view.profile.version.as_ref()?.place.as_ref().map(Mark::at)
}

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
    use crate::model::{ExtraAuthority, VersionSource};

    #[test]
    fn words_match_what_they_stand_for() {
        assert_eq!(CLIENT_WORDS, clients::CLIENTS.map(|client| client.name().0));
        assert_eq!(EXTRA_AUTHORITY_WORDS[1..], *ExtraAuthority::WORDS);
        assert_eq!(VERSION_SOURCES[1..], *VersionSource::WORDS);
    }
}
