//! What belongs to one user: the profiles that are read together, compared and graded.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use crate::clients::dotfiles::{self, Name};
use crate::discover::Group;
use crate::finding::{AccountGrade, AccountSummary, Finding, Grade, Severity};
use crate::model::{Account, ClientName, Outcome, Profile};

/// The folder of a user, and the groups of files that belong to him.
pub(super) type Batch<'a> = (PathBuf, Vec<&'a Group>);

/// The groups of files by the folder of the user to whom they belong, in the order in which they were found.
pub(super) fn by_owner<'a>(groups: impl IntoIterator<Item = &'a Group>) -> Vec<Batch<'a>> {
    let mut batches: Vec<Batch<'_>> = Vec::new();
    let mut known: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for group in groups {
        let owner = owner(group);
        let at = *known.entry(owner.clone()).or_insert(batches.len());
        match batches.get_mut(at) {
            Some((_, batch)) => batch.push(group),
            None => batches.push((owner, vec![group])),
        }
    }
    batches
}

fn owner(group: &Group) -> PathBuf {
    let Some(first) = group.files.first() else { return PathBuf::new() };
    first.home.clone().unwrap_or_else(|| named(owner_of(&first.path)))
}

/// The hidden folders in which clients' settings begin.
const HIDDEN: [&str; 8] = [".purple", ".gaim", ".gajim", ".profanity", ".config", ".local", ".cache", ".var"];

/// The folder in which somebody's settings begin: what stands before the first of [`HIDDEN`], be its dot written as
/// such or as dotfiles managers do. Elsewhere the file's own folder.
fn owner_of(path: &Path) -> PathBuf {
    let mut owner = PathBuf::new();
    for part in path.components() {
        if HIDDEN.contains(&Name::of(Path::new(&part)).plain.as_str()) {
            return owner;
        }
        owner.push(part);
    }
    path.parent().map(Path::to_owned).unwrap_or_default()
}

/// A folder that is not named is the one that one is in.
fn named(folder: PathBuf) -> PathBuf {
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder }
}

/// Marks the accounts that another client of the same user keeps safer, and those that were met before.
pub(super) fn compare(profiles: &mut [Profile]) {
    let mut safest: BTreeMap<String, (Outcome, ClientName)> = BTreeMap::new();
    for profile in profiles.iter() {
        let counts = |account: &&Account| account.enabled.value && is_known(profile, account);
        for account in profile.accounts.iter().filter(counts) {
            let candidate = (worst_on_the_way(account), profile.client);
            let kept = safest.entry(account.address.value.bare()).or_insert(candidate);
            if candidate.0 < kept.0 {
                *kept = candidate;
            }
        }
    }
    let mut said: BTreeSet<String> = BTreeSet::new();
    for profile in profiles {
        let client = profile.client;
        let known: Vec<bool> = profile.accounts.iter().map(|account| is_known(profile, account)).collect();
        for (account, is_known) in profile.accounts.iter_mut().zip(known) {
            account.repeated = !said.insert(account.address.value.bare());
            account.stronger_elsewhere = safest
                .get(&account.address.value.bare())
                .filter(|(outcome, other)| is_known && *other != client && *outcome < worst_on_the_way(account))
                .map(|(_, other)| *other);
        }
    }
}

/// Whether the account's encryption is written here, and not for a dotfiles manager to fill in.
fn is_known(profile: &Profile, account: &Account) -> bool {
    !dotfiles::is_unknown(profile, account.encryption.place())
}

/// The worst that becomes of the password on the way. That most clients ask about a forged certificate, and Dino does
/// not, is how they are and nothing that their settings betray.
fn worst_on_the_way(account: &Account) -> Outcome {
    let exposure = account.exposure;
    let forged = if exposure.forges == Outcome::Sent { Outcome::Sent } else { Outcome::Safe };
    exposure.listens.max(exposure.strips).max(exposure.strips_legacy).max(forged)
}

/// The grades of the accounts of one user, by JID: what was found about the account, and about the files and settings
/// of the clients that keep it.
pub(super) fn grades(owner: &Path, accounts: &[AccountSummary], findings: &[Finding]) -> Vec<AccountGrade> {
    let mut grades: BTreeMap<&str, AccountGrade> = BTreeMap::new();
    for account in accounts {
        let grade = grades.entry(&account.jid).or_insert_with(|| AccountGrade {
            jid: account.jid.clone(),
            owner: owner.to_owned(),
            user: None,
            clients: BTreeSet::new(),
            grade: Grade::A,
            worst: None,
        });
        grade.clients.insert(account.client);
    }
    let worst = Worst::of(findings);
    for grade in grades.values_mut() {
        let worst = worst.of_account(grade);
        grade.worst = worst.map(|finding| (finding.severity, finding.rule.clone()));
        grade.grade = Grade::of(grade.worst.as_ref().map(|(severity, _)| *severity));
    }
    grades.into_values().collect()
}

/// The worst findings, found in one go: of an account, and of what belongs to no account of a client.
#[derive(Default)]
struct Worst<'f> {
    of_accounts: HashMap<&'f str, &'f Finding>,
    of_clients: BTreeMap<ClientName, &'f Finding>,
}

impl<'f> Worst<'f> {
    fn of(findings: &'f [Finding]) -> Self {
        let mut worst = Self::default();
        for finding in findings.iter().filter(|finding| finding.severity > Severity::Info) {
            let kept = match &finding.account {
                Some(jid) => worst.of_accounts.entry(jid).or_insert(finding),
                None => worst.of_clients.entry(finding.client).or_insert(finding),
            };
            *kept = worse(kept, finding);
        }
        worst
    }

    fn of_account(&self, grade: &AccountGrade) -> Option<&'f Finding> {
        let of_clients = grade.clients.iter().filter_map(|client| self.of_clients.get(client));
        self.of_accounts.get(grade.jid.as_str()).into_iter().chain(of_clients).copied().reduce(worse)
    }
}

/// Of two that are equally bad, the first one by name: the same on every run.
fn worse<'f>(one: &'f Finding, other: &'f Finding) -> &'f Finding {
    std::cmp::max_by_key(one, other, |finding| (finding.severity, std::cmp::Reverse(&finding.rule)))
}

/// Takes a finding about the past of an account into its grade, whosever it is: the password is out.
pub(super) fn worsen(grades: &mut [AccountGrade], finding: &Finding) {
    let of_account = |grade: &&mut AccountGrade| Some(&grade.jid) == finding.account.as_ref();
    for grade in grades.iter_mut().filter(of_account) {
        if grade.worst.as_ref().is_none_or(|(severity, _)| *severity < finding.severity) {
            grade.worst =
                Some((finding.severity, finding.rule.clone())).filter(|(severity, _)| *severity > Severity::Info);
            grade.grade = Grade::of(grade.worst.as_ref().map(|(severity, _)| *severity));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_begin_at_the_first_hidden_folder() {
        for (path, owner) in [
            ("/home/alice/.purple/accounts.xml", "/home/alice"),
            ("/home/alice/.config/gajim/config", "/home/alice"),
            ("/home/alice/.var/app/im.pidgin.Pidgin/.purple/accounts.xml", "/home/alice"),
            ("/srv/.homes/alice/.purple/accounts.xml", "/srv/.homes/alice"),
            ("/home/alice/.bashrc", "/home/alice"),
            ("dotfiles/dot_purple/accounts.xml", "dotfiles"),
            ("dotfiles/private_dot_config/gajim/config", "dotfiles"),
            ("dotfiles/exact_private_dot_local/share/dino/dino.db", "dotfiles"),
            ("../copies/accounts.xml", "../copies"),
            ("./accounts.xml", "."),
            ("accounts.xml", ""),
        ] {
            assert_eq!(owner_of(Path::new(path)), Path::new(owner), "{path}");
        }
    }
}
