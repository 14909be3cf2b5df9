//! What a repair would change beside what it is meant to change. There should be nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::finding::{AccountSummary, Audit, Finding, Known};
use crate::model::{Change, ClientName, Outcome, Wish};

/// Something that would change although nobody wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The client whose profile it is in.
    pub client: ClientName,
    /// The folder of the profile.
    pub root: PathBuf,
    /// What would change: the name of a fact, or of a rule.
    pub what: String,
}

/// Facts, or the beginnings of their names, that change with another one: the prediction of what becomes of the
/// password is made of several settings, and some settings are several facts.
const FOLLOW: [(&str, &[&str]); 9] = [
    (
        "account.encryption",
        &[
            "account.policy_misspelt",
            "account.exposure.",
            "account.port",
            "account.cleartext_login",
            "account.certificate_check",
            "profile.extra_authority",
        ],
    ),
    ("account.certificate_check", &["account.encryption", "account.exposure.", "account.policy_misspelt"]),
    ("account.cleartext_login", &["account.exposure."]),
    ("account.legacy_login", &["account.exposure."]),
    (
        "account.transport",
        &[
            "account.encryption",
            "account.exposure.",
            "account.policy_misspelt",
            "account.cleartext_login",
            "account.server.",
            "account.port",
            "account.onion",
            "account.loopback",
        ],
    ),
    ("account.password", &["account.password_"]),
    ("account.proxy.", &["account.proxy.", "account.onion"]),
    ("account.room_service.", &["account.room_service."]),
    ("profile.extra_authority", &["account.encryption", "account.exposure."]),
];

/// Facts that sum up others, of whatever subject: they may change with anything.
const SUMS: [&str; 13] = [
    "contact.is_room",
    "account.stronger_",
    "account.password_readable_by",
    "file.holds_secret",
    "profile.policy_spreads",
    "profile.proxies_mixed",
    "profile.onion_accounts",
    "proxy.password_tracked",
    "room.answered",
    "room.standing",
    "room.documented",
    "room.instead",
    "room.provider",
];

/// Kinds of subjects that come and go with settings; what is left of them must have been there before.
const COMING_AND_GOING: [&str; 7] = ["setting", "habit", "launch", "command", "file", "proxy", "conversation"];

/// What would be different after these findings were put right, beside what they are about.
pub(super) fn strays(before: &Audit, after: &Audit, done: &[Finding]) -> Vec<Stray> {
    let mut strays = Vec::new();
    let (old, new) = (by_profile(&before.known), by_profile(&after.known));
    let mut wishes: BTreeMap<ClientName, Vec<&Wish>> = BTreeMap::new();
    for ((client, root), old) in &old {
        let Some(new) = new.get(&(*client, root.clone())) else { continue };
        let own = wishes.entry(*client).or_insert_with(|| {
            wishes_of(done.iter().filter(|finding| finding.client == *client || client.0 == "startup")).collect()
        });
        for what in differences(old, new, own) {
            strays.push(Stray { client: *client, root: root.clone(), what });
        }
    }
    strays.extend(worse(before, after, done));
    strays.extend(still_found(after, done));
    strays.extend(newly_found(before, after, done));
    strays
}

/// What was wanted for these findings.
fn wishes_of<'f>(findings: impl Iterator<Item = &'f Finding>) -> impl Iterator<Item = &'f Wish> {
    findings.filter_map(|finding| finding.repair.as_ref()).flat_map(|repair| &repair.wishes)
}

/// Findings that were to be put right and are found all the same.
fn still_found(after: &Audit, done: &[Finding]) -> Vec<Stray> {
    let found: BTreeSet<&str> = after.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    done.iter().filter(|finding| found.contains(finding.fingerprint.as_str())).map(of_finding).collect()
}

/// What may be found because of what was put right, and how the rules of that begin: what is encrypted is kept decrypted
/// as well, where rooms lie contacts may be rooms, and what is better in one client is worse in another by comparison.
const CONSEQUENCES: [(&str, &str); 3] =
    [("end-to-end-logged", "end-to-end-off"), ("room-as-contact", "room-"), ("weaker-elsewhere", "")];

/// Findings of rules that were true less often before. One may move, to the account for instance that is now the first
/// of its kind.
fn newly_found(before: &Audit, after: &Audit, done: &[Finding]) -> Vec<Stray> {
    let count = |audit: &Audit, rule: &str| audit.findings.iter().filter(|finding| finding.rule == rule).count();
    let follows = |rule: &str| {
        CONSEQUENCES
            .iter()
            .any(|(new, begins)| *new == rule && done.iter().any(|finding| finding.rule.starts_with(begins)))
    };
    let rules: BTreeSet<&str> = after.findings.iter().map(|finding| finding.rule.as_str()).collect();
    let more = rules.into_iter().filter(|rule| !follows(rule) && count(after, rule) > count(before, rule));
    let known: BTreeSet<&str> = before.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    let is_new = |finding: &&Finding| !known.contains(finding.fingerprint.as_str());
    more.flat_map(|rule| after.findings.iter().filter(move |finding| finding.rule == rule).filter(is_new))
        .map(of_finding)
        .collect()
}

fn of_finding(finding: &Finding) -> Stray {
    Stray { client: finding.client, root: finding.path.clone(), what: finding.rule.clone() }
}

type Profiles<'k> = BTreeMap<(ClientName, PathBuf), Vec<&'k Known>>;

fn by_profile(known: &[Known]) -> Profiles<'_> {
    let mut profiles = Profiles::new();
    for known in known {
        profiles.entry((known.client, known.root.clone())).or_default().push(known);
    }
    profiles
}

fn differences(old: &[&Known], new: &[&Known], wishes: &[&Wish]) -> Vec<String> {
    let mut differences = Vec::new();
    let coming = |known: &&&Known| COMING_AND_GOING.contains(&known.subject);
    let staying = |known: &&&Known| !COMING_AND_GOING.contains(&known.subject);
    let (old_staying, new_staying): (Vec<_>, Vec<_>) =
        (old.iter().filter(staying).collect(), new.iter().filter(staying).collect());
    if old_staying.len() != new_staying.len() {
        differences.push("the number of accounts, rooms or contacts".to_owned());
        return differences;
    }
    for (old, new) in old_staying.into_iter().zip(new_staying) {
        for (fact, value) in &new.facts {
            if old.facts.get(fact) != Some(value) && !may_change(fact, wishes) {
                differences.push((*fact).to_owned());
            }
        }
    }
    let mut left: Vec<BTreeMap<_, _>> = old.iter().filter(coming).map(|known| comparable(known)).collect();
    for known in new.iter().filter(coming) {
        let wanted = wishes.iter().any(|wish| makes(wish, known));
        let known = comparable(known);
        match left.iter().position(|other| *other == known) {
            Some(at) => drop(left.swap_remove(at)),
            None if wanted => {}
            None => differences.push(nearest(&known, &left)),
        }
    }
    differences
}

/// What is new about a subject: the fact in which it differs from the most similar one, or all of it.
fn nearest(known: &BTreeMap<&'static str, &str>, others: &[BTreeMap<&'static str, &str>]) -> String {
    let differing = |other: &BTreeMap<&'static str, &str>| {
        known.iter().filter(|(fact, value)| other.get(*fact) != Some(value)).map(|(fact, _)| *fact).collect()
    };
    let nearest: Option<Vec<&str>> = others.iter().map(differing).min_by_key(Vec::len);
    nearest
        .as_ref()
        .and_then(|facts| facts.first())
        .or_else(|| known.keys().next())
        .map_or_else(String::new, |fact| (*fact).to_owned())
}

/// Whether a wish may bring up, or change, a subject that comes and goes.
fn makes(wish: &Wish, known: &Known) -> bool {
    match (&wish.change, known.subject) {
        (Change::Set { fact, .. }, "proxy") => fact.starts_with("account.proxy.") || fact.starts_with("proxy."),
        (Change::Set { fact, .. }, "file") => fact.starts_with("file."),
        // What is encrypted is kept decrypted, and needs keys to be trusted.
        (Change::Set { fact, .. }, "habit") => *fact == "account.end_to_end",
        (Change::Set { fact, .. }, "conversation") => {
            *fact == "account.end_to_end" || fact.starts_with("conversation.")
        }
        _ => false,
    }
}

/// The facts of a subject that tell it from others, whatever else changes.
fn comparable(known: &Known) -> BTreeMap<&'static str, &str> {
    let is_own = |fact: &str| !SUMS.iter().any(|sum| fact.starts_with(sum));
    known.facts.iter().filter(|(fact, _)| is_own(fact)).map(|(fact, value)| (*fact, value.as_str())).collect()
}

fn may_change(fact: &str, wishes: &[&Wish]) -> bool {
    let is_sum = SUMS.iter().any(|sum| fact.starts_with(sum));
    is_sum || wishes.iter().any(|wish| follows(fact, &wish.change))
}

/// Whether a fact changes with what is wanted. A setting of the client as a whole is a fact of every account.
fn follows(fact: &str, change: &Change) -> bool {
    match change {
        Change::Set { fact: wanted, .. } => {
            let group = wanted.split('.').next().unwrap_or_default();
            let of_room = group == "room" && fact.starts_with("room.");
            let list = FOLLOW.iter().filter(|(of, _)| wanted.starts_with(of)).flat_map(|(_, facts)| *facts);
            fact == *wanted || of_room || list.into_iter().any(|other| fact.starts_with(other))
        }
        // What a client does about encryption or certificates may hang on a switch of its own.
        Change::Remove { subject: "habit" | "setting" | "launch" } => {
            ["account.exposure.", "account.cleartext_login", "account.end_to_end"]
                .iter()
                .any(|other| fact.starts_with(other))
        }
        // What a command holds may be known as something else as well.
        Change::Remove { subject: "command" } => fact == "room.password",
        Change::Remove { .. } => false,
    }
}

/// Facts whose repair lets a client connect that could not, or not in this way: it then meets attackers that it could not
/// meet before.
const LETS_CONNECT: [&str; 2] = ["profile.extra_authority", "account.transport"];

/// What is known about the folders of certificate authorities of all profiles: an empty one keeps TLS from starting, and
/// goes along with what else is put right.
fn authorities(audit: &Audit) -> Vec<&String> {
    audit.known.iter().filter_map(|known| known.facts.get("profile.extra_authority")).collect()
}

/// Accounts whose password would be in more danger than before.
fn worse(before: &Audit, after: &Audit, done: &[Finding]) -> Vec<Stray> {
    let lets_connect = wishes_of(done.iter())
        .any(|wish| matches!(&wish.change, Change::Set { fact, .. } if LETS_CONNECT.contains(fact)))
        || authorities(before) != authorities(after);
    let bears = |was: Outcome, is: Outcome| is <= was || (lets_connect && is <= Outcome::Asks);
    let key = |account: &AccountSummary| (account.client, account.path.clone(), account.name.clone());
    // Of several of one name the first.
    let known: BTreeMap<_, &AccountSummary> =
        before.accounts.iter().rev().map(|account| (key(account), account)).collect();
    let mut strays = Vec::new();
    for account in &after.accounts {
        let Some(was) = known.get(&key(account)) else { continue };
        let pairs = [
            (was.exposure.listens, account.exposure.listens),
            (was.exposure.strips, account.exposure.strips),
            (was.exposure.strips_legacy, account.exposure.strips_legacy),
            (was.exposure.forges, account.exposure.forges),
        ];
        if !pairs.into_iter().all(|(was, is)| bears(was, is)) {
            let what = "account.exposure".to_owned();
            strays.push(Stray { client: account.client, root: account.path.clone(), what });
        }
    }
    strays
}
