//! `baseline`: accept what there is, so that only what is new fails.

mod text;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use super::arguments::{Arguments, BaselineCommand, ChangeBaseline, ListFormat, Scope};
use super::confine::{confine, folder_of};
use super::given::Given;
use super::plan::{self, Plan};
use super::terminal::Terminal;
use super::{Exit, Failure};
use crate::baseline::{Acceptance, Baseline, DEFAULT_NAME};
use crate::finding::{Audit, Day, Severity};
use crate::{Search, Untold};

pub(super) fn run(
    command: &BaselineCommand,
    arguments: &Arguments,
    given: &Given<'_>,
    terminal: &Terminal,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let run = Run { arguments, given, terminal };
    match command {
        BaselineCommand::Create(change) => run.create(change, out),
        BaselineCommand::Update(change) => run.update(change, out),
        BaselineCommand::Prune(scope) => run.prune(scope, out),
        BaselineCommand::Show(show) => run.show(&show.scope, show.output_format, out),
    }
}

/// What every command needs.
struct Run<'a> {
    arguments: &'a Arguments,
    given: &'a Given<'a>,
    terminal: &'a Terminal,
}

impl Run<'_> {
    fn create(&self, change: &ChangeBaseline, out: &mut dyn Write) -> Result<Exit, Failure> {
        let (mut plan, mut search, file) = self.plan(&change.scope)?;
        if file.symlink_metadata().is_ok() {
            let message = format!(
                "there is a baseline {} already: `baseline update` adds to it, `baseline prune` takes out what is gone",
                file.display()
            );
            return Err(Failure::Usage(message));
        }
        let audit = self.audit(&mut plan, &mut search, &change.scope)?;
        if audit.inputs.is_empty() {
            text::nothing(self.terminal, out)?;
            return Ok(end(&audit));
        }
        let mut baseline = Baseline::default();
        let changes = baseline.update(&audit, least(&plan), &change.acceptance());
        baseline.save(&file)?;
        text::created(&file, changes, self.terminal, out)?;
        Ok(end(&audit))
    }

    fn update(&self, change: &ChangeBaseline, out: &mut dyn Write) -> Result<Exit, Failure> {
        let (mut plan, mut search, file) = self.plan(&change.scope)?;
        let before = Baseline::load(&file)?;
        let mut baseline = before.clone();
        let audit = self.audit(&mut plan, &mut search, &change.scope)?;
        let changes = baseline.update(&audit, least(&plan), &change.acceptance());
        if baseline != before {
            baseline.save(&file)?;
        }
        text::updated(&file, changes, self.terminal, out)?;
        Ok(end(&audit))
    }

    fn prune(&self, scope: &Scope, out: &mut dyn Write) -> Result<Exit, Failure> {
        let (mut plan, mut search, file) = self.plan(scope)?;
        let mut baseline = Baseline::load(&file)?;
        plan.request.baseline = Some((file.clone(), baseline.clone()));
        let audit = self.audit(&mut plan, &mut search, scope)?;
        // An entry is gone only if something was looked at: a wrong folder is no clean one.
        if audit.inputs.is_empty() {
            text::nothing(self.terminal, out)?;
            return Ok(end(&audit));
        }
        let pruned = baseline.prune(&audit);
        if pruned > 0 {
            baseline.save(&file)?;
        }
        text::pruned(&file, pruned, baseline.entries().len(), self.terminal, out)?;
        Ok(end(&audit))
    }

    fn show(&self, scope: &Scope, format: ListFormat, out: &mut dyn Write) -> Result<Exit, Failure> {
        let (_, _, file) = self.plan(scope)?;
        let baseline = Baseline::load(&file)?;
        match format {
            ListFormat::Text => text::show(&baseline, self.terminal, out)?,
            ListFormat::Json => {
                let json = baseline.to_json().map_err(|error| Failure::Internal(error.to_string()))?;
                out.write_all(json.as_bytes())?;
            }
        }
        Ok(Exit::Clean)
    }

    /// What is to be audited, and the baseline's file.
    fn plan(&self, scope: &Scope) -> Result<(Plan, Search, PathBuf), Failure> {
        let (places, choices) = (&scope.places, &scope.choices);
        let targets = plan::targets(places)?;
        let mut plan = Plan::new(places, choices, &targets, self.arguments, self.given, self.terminal)?;
        if plan.needs_rules() {
            plan.load_rules(self.terminal)?;
        }
        let file = plan.settings.baseline.value.clone().unwrap_or_else(|| PathBuf::from(DEFAULT_NAME));
        // A new one is written beside the old one, links followed, before it takes its place.
        let real = fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
        let confined = confine(places, &targets, &plan, vec![folder_of(&real).to_owned()]);
        let search = Search::new(&targets, &plan.request);
        confined.map(|confined| confined.settle(&search)).transpose()?;
        Ok((plan, search, file))
    }

    /// Everything that there is, however mild: an entry is to know how bad its finding has become.
    fn audit(&self, plan: &mut Plan, search: &mut Search, scope: &Scope) -> Result<Audit, Failure> {
        if !search.is_empty() {
            plan.load_rules(self.terminal)?;
        }
        plan.tighten(search, &scope.choices);
        plan.request.min_severity = Severity::Info;
        plan.audit(search, &Untold)
    }
}

/// The mildest findings that are accepted: those that `check` shows, or ends with exit code 1 for.
fn least(plan: &Plan) -> Severity {
    plan.settings.min_severity.value.min(plan.settings.fail_on.value)
}

/// What was accepted is no reason to fail; what could not be read is.
fn end(audit: &Audit) -> Exit {
    match (audit.is_complete(), audit.inputs.is_empty()) {
        (false, _) => Exit::Incomplete,
        (true, true) => Exit::NothingToAudit,
        (true, false) => Exit::Clean,
    }
}

impl ChangeBaseline {
    fn acceptance(&self) -> Acceptance {
        Acceptance {
            reason: self.reason.clone(),
            owner: self.owner.clone(),
            today: Day::today(),
            expires: self.expires.clone(),
        }
    }
}
