//! What is to be put right, found out where nothing can be written.

use std::panic;
use std::thread;

use super::super::Failure;
use super::super::arguments::{Arguments, Choices, Places};
use super::super::confine::confine;
use super::super::given::Given;
use super::super::plan::{self, Plan};
use super::super::terminal::Terminal;
use crate::baseline::Baseline;
use crate::finding::{Audit, Finding};
use crate::model::Safety;
use crate::{Left, Mended, Search, Stray};

/// What was asked for.
pub(in crate::cli) struct Job<'a> {
    pub places: &'a Places,
    pub choices: &'a Choices,
    pub arguments: &'a Arguments,
    pub given: &'a Given<'a>,
    pub terminal: &'a Terminal,
    pub not_only_safe: bool,
}

/// What is to be put right.
pub(super) struct Planned {
    pub mended: Mended,
    /// What would change besides, had the repairs of some profiles not been left out for it.
    pub strays: Vec<Stray>,
    /// Findings that only an unsafe repair puts right, and that was not wanted.
    pub unsafe_ones: usize,
}

impl Planned {
    /// Whether something that was wanted cannot be done because of the program.
    pub(super) fn is_refused(&self) -> bool {
        !self.strays.is_empty() || self.mended.left.iter().any(|(_, why)| matches!(why, Left::Refused(_)))
    }
}

impl Job<'_> {
    /// Looks, judges and plans in a thread that has given up everything but reading what is audited: files may be
    /// hostile, and this program writes.
    pub(super) fn plan(&self) -> Result<Planned, Failure> {
        self.apart(|| {
            let (plan, search) = self.search()?;
            let first = self.mend(&plan, &search, &[])?;
            let strays = first.strays.clone();
            let mended = if strays.is_empty() { first } else { self.mend(&plan, &search, &strays)? };
            if !mended.strays.is_empty() {
                let stray = mended.strays.first().map(|stray| stray.what.clone()).unwrap_or_default();
                return Err(Failure::Internal(format!(
                    "a repair would change {stray} as well; nothing was written"
                )));
            }
            let is_unsafe = |finding: &&Finding| {
                finding
                    .repair
                    .as_ref()
                    .is_some_and(|repair| repair.safety == Safety::Unsafe && repair.edits().is_some())
            };
            let unsafe_ones =
                if self.not_only_safe { 0 } else { mended.after.findings.iter().filter(is_unsafe).count() };
            Ok(Planned { mended, strays, unsafe_ones })
        })
    }

    /// What there is to say about the files as they are now.
    pub(super) fn audit(&self) -> Result<Audit, Failure> {
        self.apart(|| {
            let (mut plan, search) = self.search()?;
            plan.request.repairs = true;
            plan.audit(&search, &crate::Untold)
        })
    }

    /// Does something in a thread of its own.
    fn apart<T: Send>(&self, work: impl FnOnce() -> Result<T, Failure> + Send) -> Result<T, Failure> {
        let joined = thread::scope(|scope| scope.spawn(work).join());
        joined.unwrap_or_else(|panic| panic::resume_unwind(panic))
    }

    fn search(&self) -> Result<(Plan, Search), Failure> {
        let targets = plan::targets(self.places)?;
        let mut plan = Plan::new(self.places, self.choices, &targets, self.arguments, self.given, self.terminal)?;
        plan.load_rules(self.terminal)?;
        // What somebody has accepted is left as it is.
        if let Some(file) = plan.settings.baseline.value.clone() {
            let baseline = Baseline::load(&file)?;
            plan.request.baseline = Some((file, baseline));
        }
        // What only the history of a repository holds cannot be put right.
        plan.request.history = false;
        let confined = confine(self.places, &targets, &plan, Vec::new());
        let mut search = Search::new(&targets, &plan.request);
        confined.map(|confined| confined.settle(&search)).transpose()?;
        plan.tighten(&mut search, self.choices);
        Ok((plan, search))
    }

    fn mend(&self, plan: &Plan, search: &Search, strays: &[Stray]) -> Result<Mended, Failure> {
        let is_stray = |finding: &Finding| {
            strays.iter().any(|stray| stray.client == finding.client && finding.path.starts_with(&stray.root))
        };
        plan.mend(search, &|finding| {
            let safety = finding.repair.as_ref().map(|repair| repair.safety);
            (safety == Some(Safety::Safe) || self.not_only_safe) && !is_stray(finding)
        })
    }
}
