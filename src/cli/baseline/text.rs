//! What is said about a baseline.

use std::io::Write;
use std::path::Path;

use crate::baseline::{Baseline, Changes, Entry};
use crate::cli::Failure;
use crate::cli::terminal::Terminal;
use crate::model::Language;
use crate::report::{self, harmless};

type Said = Result<(), Failure>;

pub(super) fn nothing(terminal: &Terminal, out: &mut dyn Write) -> Said {
    let text = "Nothing was found that could be audited, so the baseline stays as it is.";
    let french = "Rien à auditer n’a été trouvé ; l’état de référence reste tel quel.";
    Ok(writeln!(out, "{}", terminal.language.choose(text, french))?)
}

pub(super) fn created(file: &Path, changes: Changes, terminal: &Terminal, out: &mut dyn Write) -> Said {
    let accepted = counted(
        changes.added,
        terminal.language,
        ["finding accepted", "findings accepted"],
        ["problème accepté", "problèmes acceptés"],
    );
    say(file, &[accepted], out)
}

pub(super) fn updated(file: &Path, changes: Changes, terminal: &Terminal, out: &mut dyn Write) -> Said {
    let language = terminal.language;
    let mut parts = vec![
        counted(changes.added, language, ["added", "added"], ["ajouté", "ajoutés"]),
        counted(changes.changed, language, ["changed", "changed"], ["modifié", "modifiés"]),
        counted(changes.kept, language, ["kept", "kept"], ["conservé", "conservés"]),
    ];
    if changes.expired > 0 {
        parts.push(counted(
            changes.expired,
            language,
            ["expired: renew it with --expires", "expired: renew them with --expires"],
            ["expiré : renouvelez-le avec --expires", "expirés : renouvelez-les avec --expires"],
        ));
    }
    say(file, &parts, out)
}

pub(super) fn pruned(file: &Path, pruned: usize, kept: usize, terminal: &Terminal, out: &mut dyn Write) -> Said {
    let language = terminal.language;
    let taken_out = counted(pruned, language, ["taken out", "taken out"], ["retiré", "retirés"]);
    let kept = counted(kept, language, ["kept", "kept"], ["conservé", "conservés"]);
    say(file, &[taken_out, kept], out)
}

/// Every entry, with its reason below it.
pub(super) fn show(baseline: &Baseline, terminal: &Terminal, out: &mut dyn Write) -> Said {
    let language = terminal.language;
    for entry in baseline.entries() {
        let severity = report::severity(entry.severity, language);
        let (path, place) = (harmless::path(&entry.path), harmless::line(&entry.place));
        writeln!(out, "{path}: {severity}[{}] {place}", harmless::line(&entry.rule))?;
        writeln!(out, "    {}", harmless::line(&reason(entry, language)))?;
    }
    let count = baseline.entries().len();
    let count = counted(
        count,
        language,
        ["finding accepted", "findings accepted"],
        ["problème accepté", "problèmes acceptés"],
    );
    Ok(writeln!(out, "{count}")?)
}

/// `the disk is encrypted (alice, since 2026-11-23, until 2027-01-31)`.
fn reason(entry: &Entry, language: Language) -> String {
    let since = format!("{} {}", language.choose("since", "depuis le"), entry.added.word());
    let until =
        entry.expires.as_ref().map(|day| format!("{} {}", language.choose("until", "jusqu’au"), day.word()));
    let details: Vec<String> = entry.owner.clone().into_iter().chain([since]).chain(until).collect();
    format!("{} ({})", entry.reason, details.join(", "))
}

fn say(file: &Path, parts: &[String], out: &mut dyn Write) -> Said {
    Ok(writeln!(out, "{}: {}", harmless::path(file), parts.join(", "))?)
}

/// So many of something; none are many in English and one in French.
fn counted(count: usize, language: Language, english: [&str; 2], french: [&str; 2]) -> String {
    let is_one = count == 1 || (count == 0 && language == Language::French);
    let [one, many] = match language {
        Language::English => english,
        Language::French => french,
    };
    format!("{count} {}", if is_one { one } else { many })
}
