//! What is said about repairs.

use std::io::{self, Write};

use super::plan::Planned;
use super::preview::Style;
use crate::Left;
use crate::finding::Finding;
use crate::model::{Language, Safety};
use crate::report::{self, harmless};

/// What is to be put right, a line each.
pub(super) fn planned(planned: &Planned, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let language = style.language;
    if planned.mended.done.is_empty() {
        let sentence = language.choose("There is nothing to put right.", "Il n’y a rien à corriger.");
        return writeln!(out, "{sentence}");
    }
    writeln!(out, "{}", language.choose("To be put right:", "À corriger :"))?;
    each_by_file(planned.mended.done.iter().map(|finding| (finding, None)), language, out)?;
    writeln!(out)
}

/// Findings, each with a reason where there is one, under the names of their files.
fn each_by_file<'f>(
    findings: impl Iterator<Item = (&'f Finding, Option<String>)>,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut findings: Vec<_> = findings.collect();
    // The worst of each file first: the sort is stable.
    findings.sort_by(|(one, _), (other, _)| one.path.cmp(&other.path));
    let mut file = None;
    for (finding, reason) in findings {
        if file.replace(&finding.path) != Some(&finding.path) {
            writeln!(out, "  {}", harmless::path(&finding.path))?;
        }
        writeln!(out, "    {}", about(finding, language))?;
        if let Some(reason) = reason {
            writeln!(out, "        {reason}")?;
        }
    }
    Ok(())
}

/// What is not put right, and why.
pub(super) fn left(planned: &Planned, language: Language, out: &mut dyn Write) -> io::Result<()> {
    let mended = &planned.mended;
    if !mended.left.is_empty() {
        writeln!(out, "{}", language.choose("Not by this program:", "Pas par ce programme :"))?;
    }
    let left = mended.left.iter().map(|(finding, why)| (finding, Some(reason(why, language))));
    each_by_file(left, language, out)?;
    for stray in &planned.strays {
        let root = harmless::path(&stray.root);
        let what = harmless::line(&stray.what);
        let sentence = match language {
            Language::English => format!("{root} is left alone: a repair there would change {what} as well"),
            Language::French => format!("{root} reste tel quel : une correction y changerait aussi {what}"),
        };
        writeln!(out, "  {sentence}")?;
    }
    if planned.unsafe_ones > 0 {
        let count = planned.unsafe_ones;
        let sentence = match (language, count) {
            (Language::English, 1) => "1 more finding can be put right with --unsafe.".to_owned(),
            (Language::English, _) => format!("{count} more findings can be put right with --unsafe."),
            (Language::French, 1) => "1 autre constat peut être corrigé avec --unsafe.".to_owned(),
            (Language::French, _) => format!("{count} autres constats peuvent être corrigés avec --unsafe."),
        };
        writeln!(out, "{sentence}")?;
    }
    let by_hand = mended.after.findings.iter().filter(|finding| finding.repair.is_none()).count();
    if by_hand > 0 {
        let sentence = match (language, by_hand) {
            (Language::English, 1) => {
                "1 finding has to be put right by hand; `xmpp-audit check` says how.".to_owned()
            }
            (Language::English, _) => {
                format!("{by_hand} findings have to be put right by hand; `xmpp-audit check` says how.")
            }
            (Language::French, 1) => "1 constat se corrige à la main ; `xmpp-audit check` dit comment.".to_owned(),
            (Language::French, _) => {
                format!("{by_hand} constats se corrigent à la main ; `xmpp-audit check` dit comment.")
            }
        };
        writeln!(out, "{sentence}")?;
    }
    Ok(())
}

fn about(finding: &Finding, language: Language) -> String {
    let severity = report::severity(finding.severity, language);
    let is_unsafe = finding.repair.as_ref().is_some_and(|repair| repair.safety == Safety::Unsafe);
    let mark = if is_unsafe { language.choose(" (unsafe)", " (à vérifier)") } else { "" };
    format!("{severity} {}{mark}: {}", finding.rule, harmless::line(&finding.message))
}

fn reason(why: &Left, language: Language) -> String {
    match why {
        Left::Unrepairable(reason) => reason.phrase(language).to_owned(),
        Left::Refused(refused) => harmless::line(&refused.to_string()),
    }
}
