//! What the options of 0.11 to 1.1 mean for the connection.

use super::account::{Context, Manner};
use super::behaviour_old::{Candidate, Guard, Opportunistic};
use super::policy::{Policy, numbers_in};
use super::version::{self, Era};
use crate::model::Version;
use crate::model::{
    CertificateCheck, CleartextLogin, Encryption, Proxy, ProxyFault, ProxyKind, Setting, TlsFloor, Transport,
};

const V0_12: Version = Version::new(0, 12, 0);
const V0_15: Version = Version::new(0, 15, 0);
const V1_0: Version = Version::new(1, 0, 0);

/// What is tried, and the setting that says so.
struct Plan {
    candidates: Vec<Candidate>,
    at_random: bool,
    encryption: Setting<Encryption>,
    misspelt: bool,
}

/// Judges an account of 0.11 to 1.1.
pub(super) fn opportunistic(context: &Context, proxy: &Proxy) -> Policy {
    let version = match context.era {
        Era::Text(version) => version,
        Era::Database(_) => version::LAST_TEXT,
    };
    let bosh = bosh(context, proxy);
    let mut plan = match &bosh {
        Some(transport) => over_bosh(context, version, transport),
        None => plan(context, version),
    };
    if proxy.fault != ProxyFault::Sound {
        plan.candidates.clear();
    }
    let (guard, guard_setting) = guard(context, version);
    let ignored = context.options.text("ignore_ssl_errors").map(|numbers| numbers_in(&numbers));
    let overlooks_issuer = ignored.value.iter().any(|number| UNKNOWN_ISSUER.contains(number));
    let conduct = Opportunistic {
        candidates: plan.candidates,
        at_random: plan.at_random,
        guard,
        asks_before_plain: context.options.flag("warn_when_insecure_password").value,
        mechanisms: mechanisms(context),
        knows_digest: version < V1_0,
        overlooks_issuer,
        // Before 0.15 there was no number for a wrong name.
        overlooks_name: ignored.value.contains(&WRONG_NAME),
    };
    Policy {
        cleartext_login: cleartext_login(&conduct, &plan.encryption, guard_setting),
        encryption: plan.encryption,
        policy_misspelt: plan.misspelt,
        transport: bosh.unwrap_or_else(|| Setting::default(Transport::Tcp, "", context.near())),
        certificate_check: ignored.map(|numbers| certificate_check(&numbers)),
        tls_floor: tls_floor(context, version),
        manner: Manner::Opportunistic(conduct),
    }
}

fn plan(context: &Context, version: Version) -> Plan {
    use Candidate::{DirectTls, Plain, StartTls};
    if version < V0_12 {
        // Without direct TLS it carries on in the clear where STARTTLS is missing.
        let direct = context.options.flag("usessl");
        let candidates = if direct.value { vec![DirectTls] } else { vec![StartTls, Plain] };
        let encryption = direct.map(|direct| if direct { Encryption::Direct } else { Encryption::Optional });
        return Plan { candidates, at_random: false, encryption, misspelt: false };
    }
    if version < V1_0 {
        return listed_types(context.options.text("connection_types"));
    }
    let plain = context.options.flag("allow_plaintext_connection");
    let candidates = if plain.value { vec![StartTls, DirectTls, Plain] } else { vec![StartTls, DirectTls] };
    let encryption = plain.map(|plain| if plain { Encryption::Optional } else { Encryption::Required });
    Plan { candidates, at_random: true, encryption, misspelt: false }
}

/// 0.12 to 0.16: the types stand in a list, and are tried in its order.
fn listed_types(types: Setting<String>) -> Plan {
    let words: Vec<&str> = types.value.split_whitespace().collect();
    let candidates: Vec<Candidate> = words
        .iter()
        .filter_map(|word| match *word {
            "tls" => Some(Candidate::StartTls),
            "ssl" => Some(Candidate::DirectTls),
            "plain" => Some(Candidate::Plain),
            _ => None,
        })
        .collect();
    let misspelt = candidates.len() < words.len();
    let has = |candidate| candidates.contains(&candidate);
    let value = match candidates.first() {
        None => Encryption::Invalid,
        Some(Candidate::Plain) => Encryption::Never,
        Some(_) if has(Candidate::Plain) => Encryption::Optional,
        Some(_) if has(Candidate::StartTls) => Encryption::Required,
        Some(_) => Encryption::Direct,
    };
    Plan { encryption: types.map(|_| value), candidates, at_random: false, misspelt }
}

/// The transport of an account whose proxy is a BOSH connection manager (0.13 to 1.1).
fn bosh(context: &Context, proxy: &Proxy) -> Option<Setting<Transport>> {
    if proxy.kind != ProxyKind::Bosh {
        return None;
    }
    let uri = context.proxies.get(&proxy.written)?.bosh_uri.clone();
    Some(uri.map(|uri| if uri.starts_with("https:") { Transport::BoshTls } else { Transport::BoshClear }))
}

/// The scheme of a BOSH connection manager decides alone, but that 1.0 and 1.1 go without encryption only where they
/// may.
fn over_bosh(context: &Context, version: Version, transport: &Setting<Transport>) -> Plan {
    let encrypted = transport.value == Transport::BoshTls;
    let may_be_clear = version < V1_0 || context.options.flag("allow_plaintext_connection").value;
    let candidates = match encrypted {
        true => vec![Candidate::DirectTls],
        false if may_be_clear => vec![Candidate::Plain],
        false => Vec::new(),
    };
    Plan {
        candidates,
        at_random: false,
        encryption: transport.clone().map(|_| if encrypted { Encryption::Direct } else { Encryption::Never }),
        misspelt: false,
    }
}

/// What happens before a connection without TLS, and the setting that says so.
fn guard(context: &Context, version: Version) -> (Guard, Option<Setting<()>>) {
    if version < V0_12 {
        return (Guard::Silent, None);
    }
    if version < V0_15 {
        let warn = context.options.flag("warn_when_plaintext_connection");
        return (if warn.value { Guard::Asks } else { Guard::Silent }, Some(warn.map(|_| ())));
    }
    let action = context.options.text("action_when_plaintext_connection");
    // Only two words are compared; any other one is silence.
    let guard = match action.value.as_str() {
        "warn" => Guard::Asks,
        "disconnect" => Guard::Refuses,
        _ => Guard::Silent,
    };
    (guard, Some(action.map(|_| ())))
}

fn cleartext_login(
    conduct: &Opportunistic,
    encryption: &Setting<Encryption>,
    guard: Option<Setting<()>>,
) -> Setting<CleartextLogin> {
    // A guard means nothing where no connection without TLS is tried.
    let guard = guard.filter(|_| conduct.candidates.contains(&Candidate::Plain));
    let Some(guard) = guard else {
        let always = conduct.candidates.contains(&Candidate::Plain);
        let value = if always { CleartextLogin::Always } else { CleartextLogin::Never };
        return encryption.clone().map(|_| value);
    };
    // The second question covers SASL PLAIN only: XEP-0078 slips through.
    let silent = !conduct.asks_before_plain || conduct.allows_legacy();
    guard.map(|()| match conduct.guard {
        Guard::Refuses => CleartextLogin::Never,
        Guard::Silent if silent => CleartextLogin::Always,
        Guard::Silent | Guard::Asks => CleartextLogin::Asks,
    })
}

fn mechanisms(context: &Context) -> Vec<String> {
    let allowed = context.options.text("authentication_mechanisms").value;
    allowed.split_whitespace().map(str::to_owned).collect()
}

/// Verify codes of OpenSSL that every certificate of a forger's own making has one of: self-signed, alone and
/// in a chain, issuer not found, first certificate not verified.
const UNKNOWN_ISSUER: [i64; 4] = [18, 19, 20, 21];
/// Gajim's own number for a wrong name.
const WRONG_NAME: i64 = 100;

fn certificate_check(ignored: &[i64]) -> CertificateCheck {
    // For a wrong name it takes no more than a certificate for a domain of the forger's own.
    if ignored.iter().any(|number| UNKNOWN_ISSUER.contains(number) || *number == WRONG_NAME) {
        CertificateCheck::Off
    } else if ignored.is_empty() {
        CertificateCheck::Asks
    } else {
        CertificateCheck::Weakened
    }
}

/// The oldest TLS. Before 0.16 nothing could be set, and the library decided.
fn tls_floor(context: &Context, version: Version) -> Setting<TlsFloor> {
    if version < Version::new(0, 16, 0) {
        return Setting::default(TlsFloor::Modern, "", context.near());
    }
    let ciphers = context.options.text("cipher_list");
    if allows_rc4(&ciphers.value) {
        return ciphers.map(|_| TlsFloor::OldCipher);
    }
    context.options.text("tls_version").map(|version| match version.as_str() {
        "1.2" | "1.3" => TlsFloor::Modern,
        _ => TlsFloor::OldVersion,
    })
}

/// Whether an OpenSSL cipher list names RC4 without forbidding it.
pub(super) fn allows_rc4(list: &str) -> bool {
    let forbidden = words_of_ciphers(list).any(|word| word.eq_ignore_ascii_case("!RC4"));
    !forbidden && words_of_ciphers(list).any(is_rc4)
}

/// The words of an OpenSSL cipher list.
pub(super) fn words_of_ciphers(list: &str) -> impl Iterator<Item = &str> {
    list.split([':', ',', ' ']).map(str::trim)
}

/// Whether a word of such a list allows RC4.
pub(super) fn is_rc4(word: &str) -> bool {
    !word.starts_with(['!', '-']) && word.to_ascii_uppercase().contains("RC4")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(list: &str) -> (Encryption, bool) {
        let place = crate::model::Place::of_file(crate::model::FileNumber(0), "");
        let plan = listed_types(Setting::written(list.to_owned(), place));
        (plan.encryption.value, plan.misspelt)
    }

    #[test]
    fn judges_lists_of_connection_types() {
        assert_eq!(types("tls ssl plain"), (Encryption::Optional, false));
        assert_eq!(types("ssl tls plain"), (Encryption::Optional, false));
        assert_eq!(types("plain tls"), (Encryption::Never, false));
        assert_eq!(types("plain"), (Encryption::Never, false));
        assert_eq!(types("tls ssl"), (Encryption::Required, false));
        assert_eq!(types("ssl tls"), (Encryption::Required, false));
        assert_eq!(types("tls"), (Encryption::Required, false));
        assert_eq!(types("ssl"), (Encryption::Direct, false));
        assert_eq!(types("tls starttls"), (Encryption::Required, true));
        assert_eq!(types("TLS"), (Encryption::Invalid, true));
        assert_eq!(types(""), (Encryption::Invalid, false));
    }

    #[test]
    fn knows_when_rc4_is_allowed() {
        assert!(allows_rc4("HIGH:!aNULL:RC4-SHA"));
        assert!(!allows_rc4("HIGH:!aNULL"));
        assert!(!allows_rc4("HIGH:!RC4"));
        assert!(!allows_rc4("HIGH:-RC4-SHA"));
        assert!(!allows_rc4("HIGH:RC4-SHA:!RC4"));
    }

    #[test]
    fn numbers_mean_what_openssl_means_by_them() {
        for (numbers, check) in [
            ("", CertificateCheck::Asks),
            ("10", CertificateCheck::Weakened),
            ("100", CertificateCheck::Off),
            ("18", CertificateCheck::Off),
            ("10 20 100", CertificateCheck::Off),
        ] {
            assert_eq!(certificate_check(&numbers_in(numbers)), check, "{numbers}");
        }
    }
}
