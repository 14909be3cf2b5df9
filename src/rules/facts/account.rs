//! Facts about an account.

use minijinja::Value;

use super::FactKind::{Number, Text, Truth, Word};
use super::{Fact, Mark, SubjectKind, View};
use crate::clients;
use crate::clients::dotfiles;
use crate::model::words::words;
use crate::model::{
    Access, Account, AddressFault, Bypass, CertificateCheck, CleartextLogin, Encryption, EndToEnd, LoginKind,
    NameLeak, Outcome, PasswordCommand, ProxyFault, ProxyKind, Secret, TlsFloor, Tor, Transport, is_loopback,
    normal_domain,
};
use crate::providers::{DomainUse, Onion, OnionOwner, Provider, RoomService, Standing};

words! {
    /// How the host that an account connects to relates to the domain of its JID.
    ServerRelation {
        /// None is written.
        Absent = "absent",
        /// It is the domain, or lies below it.
        SameDomain = "same_domain",
        /// It is one that the provider names as its own.
        KnownHost = "known_host",
        /// It is an onion service.
        OnionService = "onion_service",
        /// It is this machine.
        ThisMachine = "this_machine",
        /// It is a bare IP address.
        IpAddress = "ip_address",
        /// It is a host of another domain.
        OtherDomain = "other_domain",
    }
}

/// The facts.
pub(super) const FACTS: &[Fact] = &[
    Fact::new("account.name", Text, "The client's own name of the account", |view| text(&account(view)?.name))
        .at(|view| Some(Mark::at(&account(view)?.place))),
    Fact::new("account.jid", Text, "The bare JID, or what is written where that is none", |view| {
        text(&account(view)?.address.value.bare())
    })
    .at(|view| Some(Mark::of(&account(view)?.address))),
    Fact::new("account.domain", Text, "The domain of the JID, in ASCII, lower case", |view| {
        text(&account(view)?.address.value.domain)
    })
    .at(|view| Some(Mark::of(&account(view)?.address))),
    Fact::new("account.fault", Word(AddressFault::WORDS), "What is wrong with the JID", |view| {
        word(account(view)?.address.value.fault.word())
    })
    .at(|view| Some(Mark::of(&account(view)?.address))),
    Fact::new("account.enabled", Truth, "Whether the client connects it by itself", |view| {
        Some(account(view)?.enabled.value.into())
    })
    .at(|view| Some(Mark::of(&account(view)?.enabled))),
    Fact::new("account.dormant", Truth, "Whether it is disabled, and that keeps it from connecting", |view| {
        let account = account(view)?;
        Some((!account.enabled.value && account.disabling_protects).into())
    }),
    Fact::new("account.login", Word(LoginKind::WORDS), "What it proves itself with", |view| {
        word(account(view)?.login.word())
    }),
    Fact::new("account.encryption", Word(Encryption::WORDS), "Whether the client insists on TLS", |view| {
        word(account(view)?.encryption.value.word())
    })
    .at(|view| Some(Mark::of(&account(view)?.encryption))),
    Fact::new(
        "account.policy_misspelt",
        Truth,
        "Whether the word written for the encryption is one that the client does not know",
        |view| Some(account(view)?.policy_misspelt.into()),
    )
    .at(|view| Some(Mark::of(&account(view)?.encryption))),
    Fact::new("account.transport", Word(Transport::WORDS), "What carries the stream", |view| {
        word(account(view)?.transport.value.word())
    })
    .at(|view| Some(Mark::of(&account(view)?.transport))),
    Fact::new(
        "account.certificate_check",
        Word(CertificateCheck::WORDS),
        "What the client does about a certificate that does not verify",
        |view| word(account(view)?.certificate_check.value.word()),
    )
    .at(|view| Some(Mark::of(&account(view)?.certificate_check))),
    Fact::new(
        "account.cleartext_login",
        Word(CleartextLogin::WORDS),
        "Whether the password may go out without TLS",
        |view| word(account(view)?.cleartext_login.value.word()),
    )
    .at(|view| Some(Mark::of(&account(view)?.cleartext_login))),
    Fact::new(
        "account.legacy_login",
        Truth,
        "Whether jabber:iq:auth (XEP-0078) is used even where SASL is offered",
        |view| Some(account(view)?.legacy_login.value.into()),
    )
    .at(|view| Some(Mark::of(&account(view)?.legacy_login))),
    Fact::new("account.tls_floor", Word(TlsFloor::WORDS), "The oldest TLS that is accepted", |view| {
        word(account(view)?.tls_floor.value.word())
    })
    .at(|view| Some(Mark::of(&account(view)?.tls_floor))),
    Fact::new(
        "account.exposure.listens",
        Word(Outcome::WORDS),
        "What a listener gets from an honest server",
        |view| word(account(view)?.exposure.listens.word()),
    )
    .at(|view| Some(Mark::of(&account(view)?.encryption))),
    Fact::new(
        "account.exposure.strips",
        Word(Outcome::WORDS),
        "What somebody gets who hides STARTTLS and asks for PLAIN",
        |view| word(account(view)?.exposure.strips.word()),
    )
    .at(|view| Some(Mark::of(&account(view)?.encryption))),
    Fact::new(
        "account.exposure.strips_legacy",
        Word(Outcome::WORDS),
        "What somebody gets who hides STARTTLS and leaves only jabber:iq:auth",
        |view| word(account(view)?.exposure.strips_legacy.word()),
    )
    .at(|view| Some(Mark::of(&account(view)?.encryption))),
    Fact::new(
        "account.exposure.forges",
        Word(Outcome::WORDS),
        "What somebody gets who shows a certificate of his own",
        |view| word(account(view)?.exposure.forges.word()),
    )
    .at(|view| Some(Mark::of(&account(view)?.certificate_check))),
    Fact::new("account.password", Word(Secret::WORDS), "What is stored as the password", |view| {
        word(account(view)?.password.value.word())
    })
    .at(|view| Some(Mark::of(&account(view)?.password))),
    Fact::new(
        "account.password_readable_by",
        Word(Access::WORDS),
        "Who can read the file in which the password stands",
        |view| {
            let file = view.profile.file(account(view)?.password.place().file)?;
            word(file.readable_by.word())
        },
    ),
    Fact::new(
        "account.password_tracked",
        Truth,
        "Whether git keeps the file in which the password stands",
        |view| Some(view.is_tracked(account(view)?.password.place()).into()),
    ),
    Fact::new(
        "account.password_applied_open",
        Truth,
        "Whether the file in which the password stands is one of chezmoi’s that other users may read once it is applied",
        |view| {
            let file = view.profile.file(account(view)?.password.place().file)?;
            Some((file.mode.is_none() && dotfiles::leaves_open(&file.path)).into())
        },
    ),
    Fact::new(
        "account.password_command",
        Word(PasswordCommand::WORDS),
        "What the command that fetches the password is like",
        |view| word(account(view)?.password_command.value.word()),
    )
    .at(|view| Some(Mark::of(&account(view)?.password_command))),
    Fact::new(
        "account.password_shadows_command",
        Truth,
        "Whether a password is stored, so that the command that would fetch it is never run",
        |view| {
            let account = account(view)?;
            let stored = account.password.value != Secret::Absent;
            Some((stored && account.password_command.value != PasswordCommand::Absent).into())
        },
    )
    .at(|view| Some(Mark::of(&account(view)?.password))),
    Fact::new(
        "account.end_to_end",
        Word(EndToEnd::WORDS),
        "Whether new conversations are end-to-end encrypted",
        |view| word(account(view)?.end_to_end.value.word()),
    )
    .at(|view| Some(Mark::of(&account(view)?.end_to_end))),
    Fact::new(
        "account.stronger_elsewhere",
        Truth,
        "Whether another client of the same home keeps the same account safer",
        |view| Some(account(view)?.stronger_elsewhere.is_some().into()),
    )
    .at(|view| Some(Mark::of(&account(view)?.encryption))),
    Fact::new("account.stronger_client", Text, "The name of that client as people write it", |view| {
        let name = account(view)?.stronger_elsewhere?;
        text(clients::by_name(name.0).map_or(name.0, clients::Client::title))
    }),
    Fact::new(
        "account.repeated",
        Truth,
        "Whether another client of the same home, looked at before, keeps the same account",
        |view| Some(account(view)?.repeated.into()),
    ),
    Fact::new("account.server.host", Text, "The host to connect to, if one is written", |view| {
        text(account(view)?.server.value.as_deref().unwrap_or_default())
    })
    .at(|view| Some(Mark::of(&account(view)?.server))),
    Fact::new(
        "account.server.relation",
        Word(ServerRelation::WORDS),
        "How that host relates to the domain of the JID",
        |view| word(server_relation(view)?.word()),
    )
    .at(|view| Some(Mark::of(&account(view)?.server))),
    Fact::new("account.port", Number, "The port to connect to; 0 where none is written", |view| {
        Some(account(view)?.port.value.unwrap_or_default().into())
    })
    .at(|view| Some(Mark::of(&account(view)?.port))),
    Fact::new("account.loopback", Truth, "Whether the server is this very machine", |view| {
        Some(is_loopback(connects_to(account(view)?)).into())
    }),
    Fact::new("account.onion", Word(Onion::WORDS), "What kind of onion address the server has", |view| {
        word(Onion::of(connects_to(account(view)?)).word())
    })
    .at(connect_place),
    Fact::new("account.onion_host", Text, "The host that the account really connects to", |view| {
        text(connects_to(account(view)?))
    })
    .at(connect_place),
    Fact::new(
        "account.onion_withdrawn",
        Truth,
        "Whether a provider once published the onion address and has withdrawn it",
        |view| Some(view.providers().of_dead_onion(connects_to(account(view)?)).is_some().into()),
    )
    .at(connect_place),
    Fact::new(
        "account.onion_owner",
        Word(OnionOwner::WORDS),
        "Whose onion service the account connects to",
        |view| word(onion_owner(view)?.word()),
    )
    .at(connect_place),
    Fact::new("account.proxy.kind", Word(ProxyKind::WORDS), "How the account reaches the network", |view| {
        word(account(view)?.proxy.value.kind.word())
    })
    .at(|view| Some(Mark::of(&account(view)?.proxy))),
    Fact::new("account.proxy.written", Text, "The proxy's name or type as written", |view| {
        text(&account(view)?.proxy.value.written)
    })
    .at(|view| Some(Mark::of(&account(view)?.proxy))),
    Fact::new("account.proxy.tor", Word(Tor::WORDS), "Whether the connection goes through Tor", |view| {
        word(account(view)?.proxy.value.tor.word())
    })
    .at(|view| Some(Mark::of(&account(view)?.proxy))),
    Fact::new("account.proxy.host", Text, "The proxy's host, if one is written", |view| {
        text(account(view)?.proxy.value.host.as_deref().unwrap_or_default())
    })
    .at(|view| Some(Mark::of(&account(view)?.proxy))),
    Fact::new("account.proxy.port", Number, "The proxy's port; 0 where none is written", |view| {
        Some(account(view)?.proxy.value.port.unwrap_or_default().into())
    })
    .at(|view| Some(Mark::of(&account(view)?.proxy))),
    Fact::new(
        "account.proxy.fault",
        Word(ProxyFault::WORDS),
        "Why nothing can be reached through the proxy, if that is so",
        |view| word(account(view)?.proxy.value.fault.word()),
    )
    .at(|view| Some(Mark::of(&account(view)?.proxy))),
    Fact::new("account.proxy.leaks", Word(NameLeak::WORDS), "What is looked up outside the proxy", |view| {
        word(account(view)?.proxy.value.leaks.word())
    })
    .at(|view| Some(Mark::of(&account(view)?.proxy))),
    Fact::new(
        "account.proxy.bypass",
        Word(Bypass::WORDS),
        "Whether the account goes round a Tor proxy of the client as a whole",
        |view| word(account(view)?.proxy.value.bypass.word()),
    )
    .at(bypass_place),
    Fact::new("account.domain_use", Word(DomainUse::WORDS), "What the domain of the JID is known as", |view| {
        word(domain_use(view)?.0.word())
    })
    .at(|view| Some(Mark::of(&account(view)?.address))),
    Fact::new("account.provider.name", Text, "The provider's name, if one is known", |view| {
        text(provider(view).map(Provider::title).unwrap_or_default())
    }),
    Fact::new(
        "account.provider.account_domain",
        Text,
        "The domain on which the provider's accounts live, if one is known",
        |view| {
            let provider = provider(view).filter(|provider| provider.has_accounts());
            text(provider.map(|provider| provider.domain.as_ref()).unwrap_or_default())
        },
    ),
    Fact::new("account.provider.retired", Truth, "Whether the provider's service has ended", |view| {
        Some(provider(view).is_some_and(Provider::is_retired).into())
    })
    .at(|view| Some(Mark::of(&account(view)?.address))),
    Fact::new("account.provider.retired_on", Text, "When it ended, as far as it is known", |view| {
        text(provider(view).and_then(|provider| provider.retired.as_deref()).unwrap_or_default())
    }),
    Fact::new("account.provider.source", Text, "Where that is from", |view| {
        text(provider(view).and_then(|provider| provider.source.first()).map(AsRef::as_ref).unwrap_or_default())
    }),
    Fact::new("account.provider.onion", Text, "A living onion service of the provider, if one is known", |view| {
        text(provider(view).and_then(|provider| provider.onion.first()).map_or("", AsRef::as_ref))
    }),
    Fact::new("account.provider.rooms", Text, "The provider's room service, if one is known", |view| {
        text(provider(view).and_then(|provider| provider.muc.first()).map_or("", AsRef::as_ref))
    }),
    Fact::new("account.provider.advice", Text, "What the provider advises its users, if that is known", |view| {
        text(provider(view)?.advice(view.language)?)
    }),
    Fact::new("account.room_service.host", Text, "The host of rooms that are named without one", |view| {
        text(account(view)?.room_service.value.as_deref().unwrap_or_default())
    })
    .at(|view| Some(Mark::of(&account(view)?.room_service))),
    Fact::new(
        "account.room_service.standing",
        Word(Standing::WORDS),
        "What is known about that host; unjudged where none is written",
        |view| word(room_service(view)?.standing.word()),
    )
    .at(|view| Some(Mark::of(&account(view)?.room_service))),
    Fact::new("account.room_service.instead", Text, "The host to use instead, if one is known", |view| {
        text(&room_service(view)?.instead.unwrap_or_default())
    }),
    Fact::new("account.room_service.documented", Truth, "Whether that host is documented", |view| {
        Some(room_service(view)?.documented.into())
    }),
    Fact::new(
        "account.room_service.malformed",
        Truth,
        "Whether an @, a / or a blank stands in the host of rooms",
        |view| {
            let host = account(view)?.room_service.value.as_deref().unwrap_or_default();
            Some(host.contains(|character: char| "@/".contains(character) || character.is_whitespace()).into())
        },
    )
    .at(|view| Some(Mark::of(&account(view)?.room_service))),
];

fn account(view: &View) -> Option<&Account> {
    if view.kind != SubjectKind::Account {
        return None;
    }
    view.profile.accounts.get(view.number)
}

fn text(text: &str) -> Option<Value> {
    Some(Value::from(text))
}

fn word(word: &'static str) -> Option<Value> {
    Some(Value::from(word))
}

/// The host that the account connects to: the one written, else the domain of its JID.
pub(super) fn connects_to(account: &Account) -> &str {
    account.server.value.as_deref().filter(|host| !host.is_empty()).unwrap_or(&account.address.value.domain)
}

fn connect_place(view: &View) -> Option<Mark<'_>> {
    let account = account(view)?;
    let written = account.server.value.as_deref().is_some_and(|host| !host.is_empty());
    Some(if written { Mark::of(&account.server) } else { Mark::of(&account.address) })
}

fn domain_use(view: &View) -> Option<(DomainUse, Option<&Provider>)> {
    Some(view.providers().domain_use(&account(view)?.address.value.domain))
}

/// The provider of the JID's domain, else of the host that is connected to.
fn provider(view: &View) -> Option<&Provider> {
    let account = account(view)?;
    domain_use(view)?.1.or_else(|| view.providers().of_host(account.server.value.as_deref()?))
}

/// Where it stands that an account goes round the client-wide proxy: in its own, or, where this version of the client
/// passes over that proxy for all accounts, there.
fn bypass_place(view: &View) -> Option<Mark<'_>> {
    let proxy = &account(view)?.proxy;
    let passed_over = || view.profile.idle_settings.iter().find(|setting| setting.name == "global_proxy");
    match proxy.value.bypass {
        Bypass::Ignored => passed_over().map(|setting| Mark::at(&setting.place)),
        _ => None,
    }
    .or_else(|| Some(Mark::of(proxy)))
}

fn onion_owner(view: &View) -> Option<OnionOwner> {
    Some(view.providers().onion_owner(connects_to(account(view)?), domain_use(view)?.1))
}

fn room_service(view: &View) -> Option<RoomService> {
    let account = account(view)?;
    let host = account.room_service.value.as_deref().unwrap_or_default();
    let domain = normal_domain(&account.address.value.domain);
    Some(view.providers().judge_room(None, host, &|host| host == domain))
}

fn server_relation(view: &View) -> Option<ServerRelation> {
    let account = account(view)?;
    let Some(host) = account.server.value.as_deref().filter(|host| !host.trim().is_empty()) else {
        return Some(ServerRelation::Absent);
    };
    let host = normal_domain(host);
    let domain = &account.address.value.domain;
    let known = || {
        view.providers().of_account_domain(domain).is_some_and(|provider| {
            provider.hosts.iter().chain(provider.aliases.iter()).chain([&provider.domain]).any(|own| *own == host)
        })
    };
    Some(if is_loopback(&host) {
        ServerRelation::ThisMachine
    } else if Onion::of(&host) != Onion::Absent {
        ServerRelation::OnionService
    } else if host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok() {
        ServerRelation::IpAddress
    } else if host == *domain || host.ends_with(&format!(".{domain}")) {
        ServerRelation::SameDomain
    } else if known() {
        ServerRelation::KnownHost
    } else {
        ServerRelation::OtherDomain
    })
}
