//! Writing what was planned, and seeing that it is then as it was meant to be.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::super::arguments::Repairs;
use super::super::{Failure, say};
use super::plan::{Job, Planned};
use crate::clients::{self, Client};
use crate::finding::{Audit, Finding};
use crate::fix::running::{Asked, Unsure, running};
use crate::fix::{Applied, ApplyError, FileChange, Note, Options, apply};
use crate::model::{ClientName, Language};
use crate::report::harmless;
use crate::source::Reader;

/// What was written.
pub(super) struct Written {
    applied: Option<Applied>,
    /// How many findings were put right by it.
    findings: usize,
    /// Files that were not written, and why.
    refused: Vec<(PathBuf, String)>,
}

impl Written {
    /// Whether all was written that was to be.
    pub(super) const fn is_whole(&self) -> bool {
        self.refused.is_empty()
    }
}

/// Writes what was planned, but for files that a client uses and files that cannot be written. Looks at all of it
/// again afterwards, and takes it back if it is not as it was meant to be.
pub(super) fn write(job: &Job<'_>, planned: &Planned, repairs: &Repairs) -> Result<Written, Failure> {
    let language = job.terminal.language;
    let mut left: Vec<FileChange> = planned.mended.changes.clone();
    let mut refused = Vec::new();
    for (path, reason) in in_use(planned, repairs.even_if_running, language) {
        leave_out(&path, &reason, &mut left, planned, &mut refused);
    }
    let options = Options { state_folder: state_folder()?, keep_secrets: repairs.keep_secrets };
    let applied = loop {
        if left.is_empty() {
            return Ok(Written { applied: None, findings: 0, refused });
        }
        match apply(&left, &options, &notes(planned, &left)) {
            Ok(applied) => break applied,
            Err(ApplyError::File(error)) => {
                let count = left.len();
                leave_out(&error.path, &error.trouble.to_string(), &mut left, planned, &mut refused);
                if left.len() == count {
                    return Err(Failure::NotFixed(error.to_string()));
                }
            }
            Err(error) => return Err(Failure::NotFixed(error.to_string())),
        }
    };
    let written: BTreeSet<&Path> = left.iter().map(|change| change.path.as_path()).collect();
    let wrong = match job.audit() {
        Ok(now) => not_as_meant(planned, &now, &written, refused.is_empty()),
        Err(_) => Some("it could not be looked at again".to_owned()),
    };
    if let Some(wrong) = wrong {
        return Err(Failure::NotFixed(match applied.take_back(&options) {
            Ok(_) => format!("after writing, {wrong}; everything was taken back"),
            Err(error) => format!("after writing, {wrong}; and taking it back failed: {error}"),
        }));
    }
    let findings =
        planned.mended.done.iter().filter(|finding| paths_of(finding).all(|path| written.contains(path)));
    let findings = findings.count();
    Ok(Written { applied: Some(applied), findings, refused })
}

/// Says what was written and what was not.
pub(super) fn tell(written: &Written, language: Language, out: &mut dyn io::Write) -> io::Result<()> {
    for (path, reason) in &written.refused {
        say(&match language {
            Language::English => format!("{} was not written: {reason}", path.display()),
            Language::French => format!("{} n’a pas été écrit : {reason}", path.display()),
        });
    }
    let Some(applied) = &written.applied else {
        return writeln!(out, "{}", language.choose("Nothing was written.", "Rien n’a été écrit."));
    };
    let (findings, files, id) = (written.findings, applied.files.len(), &applied.id);
    let done = match language {
        Language::English => format!("Put right: {}, {}.", counted(findings, "finding"), counted(files, "file")),
        Language::French => {
            format!("Corrigé : {}, {}.", counted(findings, "constat"), counted(files, "fichier"))
        }
    };
    writeln!(out, "{done}")?;
    let back = language.choose("takes it back.", "revient en arrière.");
    writeln!(out, "`xmpp-audit undo {id}` {back}")?;
    for file in applied.files.iter().filter(|file| file.has_traces) {
        let path = harmless::path(&file.path);
        let sentence = language.choose(
            "old copies of the password may be left in its free pages, because another program uses it",
            "d’anciennes copies du mot de passe peuvent rester dans ses pages libres, car un autre programme l’utilise",
        );
        writeln!(out, "{path}: {sentence}")?;
    }
    Ok(())
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The files that a client uses, and how that is known. What speaks against being sure is said and no reason.
fn in_use(planned: &Planned, even_if_running: bool, language: Language) -> Vec<(PathBuf, String)> {
    let profiles = profiles(planned);
    let asked: Vec<Asked<'_>> =
        profiles.iter().map(|profile| Asked { client: profile.client, files: &profile.files }).collect();
    let mut used = Vec::new();
    for (profile, answer) in profiles.iter().zip(running(&asked)) {
        for unsure in answer.unsure.iter().filter(|unsure| !is_being_edited(unsure)) {
            say(&unsure.sentence(profile.client.title(), language));
        }
        let Some(running) = answer.running.first() else { continue };
        let sentence = running.sentence(language);
        if even_if_running {
            say(&sentence);
            continue;
        }
        let advice = language.choose(
            "Quit it first: it would write its own settings over this. --even-if-running writes all the same.",
            "Quittez-le d’abord : il récrirait ses propres réglages. --even-if-running écrit malgré tout.",
        );
        used.extend(profile.changed.iter().map(|path| (path.clone(), format!("{sentence} {advice}"))));
    }
    used
}

/// Whether it is a file in a work tree that was just written: people edit those, and git writes them.
fn is_being_edited(unsure: &Unsure) -> bool {
    matches!(unsure, Unsure::JustWritten(path) if Reader::default().in_work_tree(path).is_some())
}

/// The files of one client in one folder.
struct Profile {
    client: &'static dyn Client,
    /// The files themselves, those that do not change among them.
    files: Vec<PathBuf>,
    /// The files that change, by the paths that they were found under.
    changed: Vec<PathBuf>,
}

fn profiles(planned: &Planned) -> Vec<Profile> {
    let clients: BTreeMap<&Path, ClientName> =
        planned.mended.before.inputs.iter().map(|input| (input.path.as_path(), input.client)).collect();
    let mut profiles: BTreeMap<(ClientName, PathBuf), Profile> = BTreeMap::new();
    for change in &planned.mended.changes {
        let Some(client) = clients.get(change.path.as_path()).and_then(|name| clients::by_name(name.0)) else {
            continue;
        };
        let folder = change.real.parent().unwrap_or(&change.real).to_owned();
        let new = || Profile { client, files: Vec::new(), changed: Vec::new() };
        let profile = profiles.entry((client.name(), folder)).or_insert_with(new);
        profile.files.push(change.real.clone());
        profile.changed.push(change.path.clone());
    }
    for (path, client) in clients {
        let Ok(real) = fs::canonicalize(path) else { continue };
        let folder = real.parent().unwrap_or(&real).to_owned();
        if let Some(profile) = profiles.get_mut(&(client, folder)).filter(|profile| !profile.files.contains(&real))
        {
            profile.files.push(real);
        }
    }
    profiles.into_values().collect()
}

/// Leaves a file out, and with it all that belongs to the same repairs: half of one is none.
fn leave_out(
    path: &Path,
    reason: &str,
    left: &mut Vec<FileChange>,
    planned: &Planned,
    refused: &mut Vec<(PathBuf, String)>,
) {
    let is_same = |change: &FileChange| change.path == path || change.real == path;
    let found = left.iter().find(|change| is_same(change)).map_or(path, |change| change.path.as_path()).to_owned();
    let mut out = BTreeSet::from([found.clone()]);
    loop {
        let touched = planned.mended.done.iter().filter(|finding| paths_of(finding).any(|path| out.contains(path)));
        let more: BTreeSet<PathBuf> = touched.flat_map(paths_of).map(Path::to_owned).collect();
        let before = out.len();
        out.extend(more);
        if out.len() == before {
            break;
        }
    }
    for change in left.extract_if(.., |change| out.contains(&change.path)) {
        let reason = if change.path == found {
            reason.to_owned()
        } else {
            format!("it belongs together with {}", found.display())
        };
        refused.push((change.path, reason));
    }
}

/// The files that the repair of a finding changes.
fn paths_of(finding: &Finding) -> impl Iterator<Item = &Path> {
    let edits = finding.repair.as_ref().and_then(|repair| repair.edits()).unwrap_or_default();
    edits.iter().map(|edit| edit.path.as_path())
}

/// What is not as it was meant to be in the files that were written. Where some were not, what was found before may be
/// found there still.
fn not_as_meant(planned: &Planned, now: &Audit, written: &BTreeSet<&Path>, is_whole: bool) -> Option<String> {
    let before = planned.mended.before.findings.iter().filter(|_| !is_whole);
    let known = planned.mended.after.findings.iter().chain(before);
    let known: BTreeSet<&str> = known.map(|finding| finding.fingerprint.as_str()).collect();
    let unexpected = now
        .findings
        .iter()
        .find(|finding| written.contains(finding.path.as_path()) && !known.contains(finding.fingerprint.as_str()));
    unexpected.map(|finding| format!("{} was found in {}", finding.rule, finding.path.display()))
}

/// What the entry in the journal is about.
fn notes(planned: &Planned, left: &[FileChange]) -> Vec<Note> {
    let is_left = |path: &Path| left.iter().any(|change| change.path == path);
    let done = planned.mended.done.iter().filter(|finding| paths_of(finding).all(is_left));
    let note = |finding: &Finding| Note {
        rule: finding.rule.clone(),
        path: harmless::path(&finding.path),
        words: finding.place.clone(),
    };
    done.map(note).collect()
}

/// Where the journal is kept.
pub(in crate::cli) fn state_folder() -> Result<PathBuf, Failure> {
    let set = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = set("XDG_STATE_HOME").or_else(|| Some(set("HOME")?.join(".local/state")));
    let state = state.ok_or_else(|| {
        Failure::Usage("there is no place for the journal: neither XDG_STATE_HOME nor HOME is set".to_owned())
    })?;
    Ok(state.join("xmpp-audit"))
}
