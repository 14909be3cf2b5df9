//! What is written so that an account is as it is wanted, in each generation.

use super::super::options::Options;
use super::super::policy_old::{is_rc4, words_of_ciphers};
use super::super::proxies::{Proxies, asks_for_names, wants_socket};
use super::super::text::TextConfig;
use super::super::version::{Era, Knows};
use super::super::{end_to_end, habits, plugins};
use super::group::{Group, Order, Value};
use super::source::Source;
use crate::model::{Account, Edit, Encryption, EndToEnd, Profile, Tor, Transport, Unrepairable, Version};

const V0_12: Version = Version::new(0, 12, 0);
const V0_15: Version = Version::new(0, 15, 0);
const V1_0: Version = Version::new(1, 0, 0);

/// The edits after which a fact about an account is as it is wanted.
pub(super) fn write(
    profile: &Profile,
    source: &Source<'_>,
    number: usize,
    fact: &str,
    value: &str,
) -> Result<Vec<Edit>, Unrepairable> {
    let account = profile.accounts.get(number).ok_or(Unrepairable::Gone)?;
    let group = source.account(profile, number)?;
    let (era, options) = (source.era(), group.options());
    let orders = match (fact, value) {
        ("account.encryption", "required") => required(source, options, account)?,
        ("account.cleartext_login", "asks") => asked(era, options)?,
        ("account.certificate_check", "asks") => checked(options),
        ("account.transport", "websocket_tls") => over_tls(options, account)?,
        ("account.tls_floor", "modern") => modern(options),
        ("account.end_to_end", "default_on") => end_to_end_on(source, options, account)?,
        ("account.password", "absent") => return without_password(profile, source, &group),
        ("account.proxy.tor", "reached") => return through_tor(source, &group),
        _ => return Err(Unrepairable::Unwritten),
    };
    source.edits(vec![(&group, orders)])
}

/// Without encryption there is no connection any more.
fn required(source: &Source<'_>, options: &dyn Options, account: &Account) -> Result<Vec<Order>, Unrepairable> {
    if matches!(account.encryption.value, Encryption::Required | Encryption::Direct) {
        return Ok(Vec::new());
    }
    // There the address decides, not the options of the account.
    if account.transport.value != Transport::Tcp {
        return Err(Unrepairable::Choice);
    }
    match source {
        Source::Text(source) if !Era::Text(source.config.version).is_strict() => {
            strict_at_last(&source.config, options)
        }
        _ => Ok(strict(source.era(), options)),
    }
}

/// 0.12 to 1.1: no connection without TLS is tried, and none is made if it were.
fn strict_at_last(config: &TextConfig, options: &dyn Options) -> Result<Vec<Order>, Unrepairable> {
    let version = config.version;
    // 0.11 cannot insist on STARTTLS, and the port of direct TLS is another one.
    if version < V0_12 {
        return Err(Unrepairable::Unwritten);
    }
    let types = match version < V1_0 {
        true => ("connection_types", Value::Word(without_plain(&options.text("connection_types").value))),
        false => ("allow_plaintext_connection", Value::Flag(false)),
    };
    let guard = match version < V0_15 {
        true => ("warn_when_plaintext_connection", Value::Flag(true)),
        false => ("action_when_plaintext_connection", Value::Word("disconnect".to_owned())),
    };
    // The first alone is enough, and the second would speak for another version where no line names one.
    let is_sure = config.may_have(guard.0);
    Ok(std::iter::once(types).chain(is_sure.then_some(guard)).collect())
}

/// The list of types without `plain`; STARTTLS where no other one is left.
fn without_plain(types: &str) -> String {
    let kept: Vec<&str> = types.split_whitespace().filter(|word| *word != "plain").collect();
    let has_tls = kept.iter().any(|word| matches!(*word, "tls" | "ssl"));
    if has_tls { kept.join(" ") } else { "tls".to_owned() }
}

/// 1.2 and later: both switches, of which one is idle today and one click away, and the question.
fn strict(era: Era, options: &dyn Options) -> Vec<Order> {
    let mut orders = Vec::new();
    if options.flag("use_plain_connection").value {
        orders.push(("use_plain_connection", Value::Default));
    }
    let kind = options.text("custom_type").value;
    let is_idle = !options.flag("use_custom_host").value;
    if !matches!(kind.as_str(), "START TLS" | "DIRECT TLS") && (!is_idle || kind == "PLAIN") {
        let is_direct = matches!(options.number("custom_port").value, 443 | 5223);
        let kind = if is_direct { Value::Word("DIRECT TLS".to_owned()) } else { Value::Default };
        orders.push(("custom_type", kind));
    }
    orders.extend(confirmation(era, options));
    orders
}

/// 1.2 and later: the question before a connection without encryption.
fn confirmation(era: Era, options: &dyn Options) -> Option<Order> {
    match era {
        Era::Text(_) => {
            let option = "action_when_plain_connection";
            (options.text(option).value != "warn").then_some((option, Value::Default))
        }
        Era::Database(_) => {
            let option = "confirm_unencrypted_connection";
            (!options.flag(option).value).then_some((option, Value::Default))
        }
    }
}

/// The user is asked before the password goes out in the clear.
fn asked(era: Era, options: &dyn Options) -> Result<Vec<Order>, Unrepairable> {
    let version = match era {
        Era::Text(version) if !era.is_strict() => version,
        _ => return Ok(confirmation(era, options).into_iter().collect()),
    };
    // 0.11 knows no such question.
    if version < V0_12 {
        return Err(Unrepairable::Unwritten);
    }
    let mut orders = Vec::new();
    if version < V0_15 {
        orders.push(("warn_when_plaintext_connection", Value::Flag(true)));
    } else if !matches!(options.text("action_when_plaintext_connection").value.as_str(), "warn" | "disconnect") {
        orders.push(("action_when_plaintext_connection", Value::Default));
    }
    // The second question, which 0.14 brought.
    if options.knows("warn_when_insecure_password") != Knows::No {
        orders.push(("warn_when_insecure_password", Value::Flag(true)));
    }
    Ok(orders)
}

/// No fault of a certificate is overlooked any more.
fn checked(options: &dyn Options) -> Vec<Order> {
    let is_empty = options.text("ignore_ssl_errors").value.is_empty();
    if is_empty { Vec::new() } else { vec![("ignore_ssl_errors", Value::Word(String::new()))] }
}

/// The web address is one with TLS. Only `DIRECT TLS` connects there.
fn over_tls(options: &dyn Options, account: &Account) -> Result<Vec<Order>, Unrepairable> {
    match account.transport.value {
        Transport::WebsocketTls => Ok(Vec::new()),
        Transport::WebsocketClear => {
            let mut orders = vec![("custom_host", Value::With("ws".len(), "s"))];
            if options.text("custom_type").value != "DIRECT TLS" {
                orders.push(("custom_type", Value::Word("DIRECT TLS".to_owned())));
            }
            Ok(orders)
        }
        _ => Err(Unrepairable::Unwritten),
    }
}

/// Neither RC4 nor a TLS older than 1.2.
fn modern(options: &dyn Options) -> Vec<Order> {
    let ciphers = options.text("cipher_list").value;
    let mut orders = Vec::new();
    if let Some(ciphers) = without_rc4(&ciphers) {
        orders.push(("cipher_list", Value::Word(ciphers)));
    }
    if !matches!(options.text("tls_version").value.as_str(), "1.2" | "1.3") {
        orders.push(("tls_version", Value::Word("1.2".to_owned())));
    }
    orders
}

/// A list of ciphers that names RC4, without it and with a word against it; none if it does not.
fn without_rc4(list: &str) -> Option<String> {
    super::super::policy_old::allows_rc4(list).then_some(())?;
    let kept: Vec<&str> = words_of_ciphers(list).filter(|word| !word.is_empty() && !is_rc4(word)).collect();
    let kept = if kept.is_empty() { vec!["HIGH", "!aNULL"] } else { kept };
    Some(format!("{}:!RC4", kept.join(":")))
}

/// New conversations are encrypted with OMEMO, if the version surely goes by such a default.
fn end_to_end_on(
    source: &Source<'_>,
    options: &dyn Options,
    account: &Account,
) -> Result<Vec<Order>, Unrepairable> {
    let is_known = match (account.end_to_end.value, options.knows(end_to_end::DEFAULT)) {
        (EndToEnd::DefaultOn, _) => return Ok(Vec::new()),
        (_, Knows::Surely) => true,
        (_, Knows::No) => false,
        // Gajim writes no option that it does not know.
        (EndToEnd::SwitchedOff, Knows::Perhaps) => true,
        // What made the reader sure that it has OMEMO is not the plugin, but then the version that is installed.
        (EndToEnd::DefaultOff, Knows::Perhaps) => !source.encrypts_by_plugin(),
        (_, Knows::Perhaps) => false,
    };
    let order = (end_to_end::DEFAULT, Value::Word("OMEMO".to_owned()));
    if is_known { Ok(vec![order]) } else { Err(Unrepairable::Unwritten) }
}

impl Source<'_> {
    /// Whether a plugin encrypts, in a version that may need one.
    fn encrypts_by_plugin(&self) -> bool {
        match self {
            Self::Text(_) => true,
            Self::Database(source) => {
                source.plugins().iter().any(|plugin| plugin.active.value && plugins::encrypts(&plugin.name))
            }
        }
    }
}

/// The password is forgotten, and the next one goes into the keyring: else it would stand there again soon.
fn without_password(profile: &Profile, source: &Source<'_>, group: &Group<'_>) -> Result<Vec<Edit>, Unrepairable> {
    let forgotten = vec![("password", Value::Forgotten)];
    let client = source.client();
    let path = profile.file(source.file()).map(|file| file.path.as_path());
    let is_portable = path.is_some_and(habits::is_portable);
    match &client {
        Ok(client) if !is_portable && habits::is_keyring_off(client.options()) => {
            source.edits(vec![(group, forgotten), (client, vec![("use_keyring", Value::Flag(true))])])
        }
        _ => source.edits(vec![(group, forgotten)]),
    }
}

/// The account goes through the proxy that each new profile has for Tor, which is put in where it is not there.
fn through_tor(source: &Source<'_>, group: &Group<'_>) -> Result<Vec<Edit>, Unrepairable> {
    let (era, options) = (source.era(), group.options());
    // Gajim opens no WebSocket through a proxy.
    if wants_socket(era, options) {
        return Err(Unrepairable::Choice);
    }
    let mut proxies = Proxies::default();
    for (name, group) in source.proxies() {
        proxies.add(era, name, group.options());
    }
    let leads_to_tor = proxies.get("Tor").map(|entry| entry.proxy(String::new()).tor == Tor::Reached);
    let mut orders = vec![("proxy", Value::Word("Tor".to_owned()))];
    if asks_for_names(era, options) {
        orders.push(("use_srv", Value::Flag(false)));
    }
    match leads_to_tor {
        Some(true) => source.edits(vec![(group, orders)]),
        // Somebody has called something else so.
        Some(false) => Err(Unrepairable::Choice),
        None => {
            let (proxy, entry) = source.new_tor(group)?;
            source.edits(vec![(group, orders), (&proxy, entry)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_plain_out_of_the_types() {
        for (types, expected) in [
            ("tls ssl plain", "tls ssl"),
            ("plain tls", "tls"),
            ("plain", "tls"),
            ("ssl plain", "ssl"),
            ("tls\tplain  ssl", "tls ssl"),
            ("plain plain foo", "tls"),
            ("tls plain\r", "tls"),
            ("", "tls"),
        ] {
            assert_eq!(without_plain(types), expected, "{types}");
        }
    }

    #[test]
    fn forbids_rc4_where_it_was_allowed() {
        for (list, expected) in [
            ("HIGH:!aNULL:RC4-SHA", Some("HIGH:!aNULL:!RC4")),
            ("RC4-SHA", Some("HIGH:!aNULL:!RC4")),
            ("HIGH RC4-MD5,AES", Some("HIGH:AES:!RC4")),
            ("HIGH:-RC4-SHA", None),
            ("HIGH:!aNULL:RC4-SHA:!RC4", None),
            ("HIGH:!aNULL", None),
        ] {
            assert_eq!(without_rc4(list).as_deref(), expected, "{list}");
        }
    }
}
