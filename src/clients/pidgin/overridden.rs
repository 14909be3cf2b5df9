//! Settings of an account that another of its settings takes precedence over.

use super::idle::Found;
use super::settings::{Security, Settings};
use crate::model::{Encryption, Idle, Transport};

/// Those that disagree with what is in force.
pub(super) fn find(
    settings: &Settings,
    security: &Security,
    encryption: Encryption,
    transport: Transport,
) -> Vec<Found> {
    let mut found = Vec::new();
    let reason = match security {
        Security::Written(..) => Idle::Overridden,
        Security::Migrated("old_ssl", _) => Idle::Overridden,
        _ => Idle::OtherGeneration,
    };
    let disagrees = |name: &str, value: bool| match (name, value) {
        ("require_tls", true) => encryption == Encryption::Optional,
        ("require_tls", false) => encryption != Encryption::Optional,
        (_, value) => value && encryption != Encryption::Direct,
    };
    for name in ["require_tls", "old_ssl"] {
        if let Some((value, span)) = settings.truth(name)
            && disagrees(name, value)
        {
            found.push(Found::new(name, span, reason));
        }
    }
    if let Some((_, span)) = settings.truth("use_tls") {
        found.push(Found::new("use_tls", span, Idle::OtherGeneration));
    }
    if transport == Transport::Tcp {
        return found;
    }
    if let Some((_, span)) = settings.string("connect_server") {
        found.push(Found::new("connect_server", span, Idle::Overridden));
    }
    if let (Encryption::Direct, Security::Written(_, span)) = (encryption, security) {
        found.push(Found::new("connection_security", *span, Idle::Overridden));
    }
    found
}
