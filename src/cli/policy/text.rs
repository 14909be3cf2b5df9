//! Policies for people.

use std::io::Write;

use super::{Exit, Failure};
use crate::model::Language;
use crate::policy::Policy;
use crate::report::{self, Options, harmless};
use crate::rules::{Requirement, RuleSet};

/// What stands before the lines below a requirement.
const DETAIL: &str = "    ";

/// A line a policy.
pub(super) fn list(policies: &[Policy], language: Language, out: &mut dyn Write) -> Result<Exit, Failure> {
    let widest = policies.iter().map(|policy| policy.name.len()).max().unwrap_or_default();
    for policy in policies {
        writeln!(out, "{:widest$}  {}", policy.name, policy.title(language))?;
    }
    Ok(Exit::Clean)
}

/// Everything that a policy changes.
pub(super) fn show(
    policy: &Policy,
    rules: &RuleSet,
    options: &Options,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let say = |english, french| options.language.choose(english, french);
    head(policy, options, out)?;
    let sections = [
        (say("Other severities", "Autres gravités"), severities(policy, rules, options)),
        (say("Rules that are off", "Règles désactivées"), off(policy, rules, options)),
        (
            say("Required", "Exigences"),
            policy.requirements.iter().flat_map(|wanted| requirement(wanted, options)).collect(),
        ),
    ];
    for (heading, lines) in sections {
        if !lines.is_empty() {
            writeln!(out, "\n{}\n", report::heading(heading, options))?;
            lines.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
        }
    }
    if policy.changes_nothing() {
        writeln!(out, "\n{}", say("It changes nothing.", "Elle ne change rien."))?;
    }
    Ok(Exit::Clean)
}

fn head(policy: &Policy, options: &Options, out: &mut dyn Write) -> Result<(), Failure> {
    let (name, title) = (harmless::line(&policy.name), harmless::line(policy.title(options.language)));
    let title = if title.is_empty() { name } else { format!("{name}: {title}") };
    writeln!(out, "{}", report::heading(&title, options))?;
    if !policy.extends.is_empty() {
        let extends = options.language.choose("extends", "étend");
        writeln!(out, "{extends} {}", harmless::line(&policy.extends.join(", ")))?;
    }
    let about = harmless::lines(policy.about(options.language));
    if !about.trim().is_empty() {
        writeln!(out)?;
        report::prose(&about, options).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(())
}

/// `high      password-stored (low)  Password stored in the clear`.
fn severities(policy: &Policy, rules: &RuleSet, options: &Options) -> Vec<String> {
    let word = |severity| report::severity(severity, options.language);
    let rows: Vec<_> = policy
        .severities
        .iter()
        .filter_map(|(rule, severity)| Some((rules.page(rule)?, *severity)))
        .map(|(page, severity)| {
            let rule = format!("{} ({})", page.id, word(page.severity));
            (word(severity), rule, page.texts(options.language).title.as_ref())
        })
        .collect();
    let widest = rows.iter().map(|(_, rule, _)| rule.chars().count()).max().unwrap_or_default();
    rows.iter().map(|(severity, rule, title)| format!("{severity:8}  {rule:widest$}  {title}")).collect()
}

fn off(policy: &Policy, rules: &RuleSet, options: &Options) -> Vec<String> {
    let widest = policy.off.iter().map(String::len).max().unwrap_or_default();
    let title = |rule: &str| rules.page(rule).map_or("", |page| page.texts(options.language).title.as_ref());
    policy.off.iter().map(|rule| format!("{rule:widest$}  {}", title(rule))).collect()
}

/// What is required, then how bad it is otherwise, which page says why, and when it is required.
fn requirement(requirement: &Requirement, options: &Options) -> Vec<String> {
    let language = options.language;
    let (fact, wanted) = (requirement.fact.name, harmless::line(&requirement.wanted.phrase(language)));
    let verb = language.choose("is", "vaut");
    let severity = report::severity(requirement.severity, language);
    let when = requirement.when.as_ref().map_or_else(String::new, |when| {
        format!("; {} `{}`", language.choose("when", "si"), harmless::line(&when.source))
    });
    let room = Options { width: options.width.saturating_sub(DETAIL.len() + 2), ..*options };
    let detail = report::prose(&format!("{severity}, {}{when}", requirement.rule), &room);
    let detail = detail.into_iter().map(|line| format!("{DETAIL}{line}"));
    std::iter::once(format!("{fact} {verb} {wanted}")).chain(detail).collect()
}
