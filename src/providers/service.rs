//! Whether rooms can live where a client looks for them.

use super::{Providers, normal_domain};
use crate::model::is_loopback;
use crate::model::words::words;

/// First labels that room services go by, from the defaults of ejabberd, Prosody, Snikket, MongooseIM, Tigase
/// and Openfire and from the services that providers document.
const ROOM_LABELS: [&str; 17] = [
    "conference",
    "conf",
    "muc",
    "mucs",
    "chat",
    "chats",
    "rooms",
    "room",
    "groups",
    "group",
    "groupchat",
    "channels",
    "salas",
    "sala",
    "salons",
    "grupos",
    "mix",
];

words! {
    /// What is known about the host of a room.
    Standing {
        /// Rooms live there.
        Rooms = "rooms",
        /// Accounts of a known provider live there, whose rooms live elsewhere.
        ProviderDomain = "provider_domain",
        /// The provider's room service had this name once.
        Outdated = "outdated",
        /// Accounts of a known provider live there; where its rooms live is not known.
        ProviderWithoutRooms = "provider_without_rooms",
        /// An account of the same profile lives there.
        OwnDomain = "own_domain",
        /// A gateway to another network, which has rules of its own.
        Gateway = "gateway",
        /// Nothing is known that speaks for or against it.
        Unjudged = "unjudged",
    }
}

/// What is known about the host of a room, and where the room might live instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomService {
    /// What is known.
    pub standing: Standing,
    /// The host to use instead.
    pub instead: Option<String>,
    /// Whether `instead` is documented, and not only likely.
    pub documented: bool,
    /// The provider's name, if one is known.
    pub provider: Option<String>,
}

impl RoomService {
    const fn plain(standing: Standing) -> Self {
        Self { standing, instead: None, documented: false, provider: None }
    }
}

impl Providers {
    /// Judges the host of a room `local@host`, given whether an account of the profile lives on a host; that is asked
    /// by its normal form.
    ///
    /// XEP-0045 says that a room service is a host that is often, but not necessarily, a sub-domain. So only
    /// what is known is judged, and of the unknown only the account's own domain.
    #[must_use]
    pub fn judge_room(&self, local: Option<&str>, host: &str, is_own: &dyn Fn(&str) -> bool) -> RoomService {
        if local.is_some_and(is_gateway_local_part) {
            return RoomService::plain(Standing::Gateway);
        }
        let host = normal_domain(host);
        if let Some(provider) = self.of_room_service(&host) {
            return RoomService {
                provider: Some(provider.title().to_owned()),
                ..RoomService::plain(Standing::Rooms)
            };
        }
        if let Some(provider) = self.of_old_room_service(&host) {
            return RoomService {
                standing: Standing::Outdated,
                instead: provider.muc.first().map(ToString::to_string),
                documented: true,
                provider: Some(provider.title().to_owned()),
            };
        }
        if let Some(provider) = self.of_account_domain(&host) {
            if provider.muc_on_bare_domain {
                return RoomService {
                    provider: Some(provider.title().to_owned()),
                    ..RoomService::plain(Standing::Rooms)
                };
            }
            let instead = provider.muc.first().map(ToString::to_string);
            return RoomService {
                standing: if instead.is_some() { Standing::ProviderDomain } else { Standing::ProviderWithoutRooms },
                // An alias shares the operator, but may have a room service of its own.
                documented: instead.is_some() && provider.domain == host,
                instead,
                provider: Some(provider.title().to_owned()),
            };
        }
        Self::judge_unknown(&host, is_own)
    }

    fn judge_unknown(host: &str, is_own: &dyn Fn(&str) -> bool) -> RoomService {
        let is_name = host.contains('.') && !is_loopback(host) && host.parse::<std::net::IpAddr>().is_err();
        if !is_name || looks_like_room_service(host) {
            return RoomService::plain(if is_name { Standing::Rooms } else { Standing::Unjudged });
        }
        if is_own(host) {
            return RoomService {
                instead: Some(format!("conference.{host}")),
                ..RoomService::plain(Standing::OwnDomain)
            };
        }
        RoomService::plain(Standing::Unjudged)
    }
}

/// Whether a host's first label is one that room services go by, with a domain behind it.
fn looks_like_room_service(host: &str) -> bool {
    host.split_once('.').is_some_and(|(label, rest)| ROOM_LABELS.contains(&label) && rest.contains('.'))
}

/// Whether a local part is that of a room on a gateway: biboumi's `#channel%server`, Spectrum's
/// `group%service`, Matrix bridges' `#room#server`.
fn is_gateway_local_part(local: &str) -> bool {
    local.starts_with(['#', '&', '+', '!']) || local.contains(['%', '#']) || local.contains("\\40")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(local: &str, host: &str, own: &[&str]) -> RoomService {
        Providers::embedded()
            .judge_room(Some(local), host, &|host| own.iter().any(|own| normal_domain(own) == host))
    }

    #[test]
    fn names_the_right_address_of_known_providers() {
        let riseup = judge("garden", "riseup.net", &["riseup.net"]);
        assert_eq!(riseup.standing, Standing::ProviderDomain);
        assert_eq!(riseup.instead.as_deref(), Some("conference.riseup.net"));
        assert!(riseup.documented);
        assert_eq!(judge("garden", "chat.riseup.net", &[]).standing, Standing::Outdated);
        assert_eq!(judge("riseup.net", "conference.riseup.net", &[]).standing, Standing::Rooms);
        assert_eq!(judge("hello", "jabber.fr", &[]).instead.as_deref(), Some("chat.jabberfr.org"));
    }

    #[test]
    fn does_not_guess_about_the_unknown() {
        assert_eq!(judge("room", "talk.corp.example", &["corp.example"]).standing, Standing::Unjudged);
        assert_eq!(judge("room", "conference.corp.example", &[]).standing, Standing::Rooms);
        assert_eq!(judge("room", "localhost", &["localhost"]).standing, Standing::Unjudged);
        assert_eq!(judge("room", "192.168.1.2", &["192.168.1.2"]).standing, Standing::Unjudged);
        assert_eq!(judge("room", "conference.local", &[]).standing, Standing::Unjudged);
    }

    #[test]
    fn suspects_the_accounts_own_domain() {
        let own = judge("room", "corp.example", &["corp.example"]);
        assert_eq!((own.standing, own.documented), (Standing::OwnDomain, false));
        assert_eq!(own.instead.as_deref(), Some("conference.corp.example"));
    }

    #[test]
    fn leaves_bare_domains_and_gateways_alone() {
        assert_eq!(judge("support", "joinjabber.org", &["joinjabber.org"]).standing, Standing::Rooms);
        assert_eq!(
            judge("#chan%irc.example.org", "gateway.example.com", &["gateway.example.com"]).standing,
            Standing::Gateway
        );
        assert_eq!(
            judge("group%conference.localhost", "transport.example", &["transport.example"]).standing,
            Standing::Gateway
        );
    }

    #[test]
    fn chat_as_a_first_label_may_be_an_account_domain() {
        let providers = Providers::embedded();
        let is_room_service = |host| {
            matches!(providers.judge_room(None, host, &|_| false).standing, Standing::Rooms | Standing::Outdated)
                && providers.of_account_domain(host).is_none()
        };
        assert!(!is_room_service("chat.facebook.com"));
        assert!(!is_room_service("chat.between-us.online"));
        assert!(is_room_service("conference.riseup.net"));
        assert!(is_room_service("chat.riseup.net"));
    }
}
