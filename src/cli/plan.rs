//! What an audit is to do: its settings from everywhere, what it looks at, and the rules that it judges by.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::arguments::{Arguments, Choices, FollowSymlinks, Places, Walk};
use super::given::Given;
use super::rules::unknown;
use super::terminal::Terminal;
use super::{Failure, load_rules_of, output};
use crate::configuration::{self, Glob, Layer, Located, Settings};
use crate::discover::{self, Home, Links, Reach, Target};
use crate::finding::{Audit, Confidence, Finding, Severity};
use crate::installed::Installed;
use crate::model::{ClientVersion, Version, VersionSource};
use crate::policy::Policy;
use crate::rules::RuleSet;
use crate::source::Bounds;
use crate::{Mended, Progress, Request, Search};

/// The settings of an audit, and the configurations that there are.
pub(super) struct Plan {
    pub settings: Settings,
    pub located: Located,
    pub request: Request,
    /// The rules, once something needs them.
    rules: RuleSet,
}

impl Plan {
    /// Puts together what was typed and what configurations say of these targets.
    pub(super) fn new(
        places: &Places,
        choices: &Choices,
        targets: &[Target],
        arguments: &Arguments,
        given: &Given<'_>,
        terminal: &Terminal,
    ) -> Result<Self, Failure> {
        let located = if choices.isolated { Located::default() } else { locate(choices, targets)? };
        let mut layer = Layer::default();
        for place in [&located.users, &located.own].into_iter().flatten() {
            layer = layer.under(configuration::load(&place.path, &place.folder)?);
        }
        if let Some(path) = &choices.config {
            layer = layer.under(configuration::load(path, &current_folder())?);
        }
        let mut settings = Settings::of(layer.under(typed(choices, arguments, given)?));
        if choices.no_ignores {
            settings.accept_nothing();
        }
        let request = Request {
            clients: settings.clients.value.clone(),
            select: settings.select.value.clone(),
            ignore: settings.ignore.value.clone(),
            exclude: settings.exclude.value.clone(),
            reach: reach(&places.walk),
            accepted: settings.accepted.clone(),
            language: terminal.language,
            bounds: bounds(places),
            client_versions: told(places),
            installed: places.installed.as_ref().map(|root| Installed::below(root, &homes(places))),
            history: places.history,
            base: output::workspace(),
            ..Request::default()
        };
        Ok(Self { settings, located, request, rules: RuleSet::empty() })
    }

    /// Whether rules are needed even if there is nothing to be judged: what somebody wrote has to be right. Where there
    /// are further files of rules, they can only be read before the rest of the file system is closed.
    pub(super) fn needs_rules(&self) -> bool {
        let settings = &self.settings;
        settings.need_rules() || !settings.select.value.is_empty() || !settings.ignore.value.is_empty()
    }

    /// Loads the rules and sees that what names them is right; once.
    pub(super) fn load_rules(&mut self, terminal: &Terminal) -> Result<(), Failure> {
        if !self.rules.pages().is_empty() {
            return Ok(());
        }
        let named = [&self.settings.select.value, &self.settings.ignore.value].into_iter().flatten();
        let (folders, files) = (&self.settings.rules.value, &self.settings.provider_files.value);
        self.rules = load_rules_of(folders, files, terminal.language)?;
        self.settings.check_names(&self.rules)?;
        see_that_rules_exist(&self.rules, named)?;
        let policy = self.settings.policy.value.as_ref();
        self.request.policy = policy.map(|name| Policy::load(name, &self.rules)).transpose()?;
        see_that_rules_are_on(&self.rules, &self.request)
    }

    /// Takes over what configurations make stricter that are not the caller's own, those among them that the search
    /// came across, and notes what becomes of each.
    pub(super) fn tighten(&mut self, search: &mut Search, choices: &Choices) {
        if !choices.isolated {
            self.located.add_walked(search.configurations());
        }
        let (rules, policy) = (&self.rules, self.request.policy.as_ref());
        let usual = |rule: &str| -> Option<(Severity, Confidence)> {
            let page = rules.page(rule)?;
            let by_policy = policy.and_then(|policy| policy.severities.get(rule).copied());
            Some((by_policy.unwrap_or(page.severity), page.confidence))
        };
        for path in &self.located.foreign {
            if let Some(notice) = self.settings.tighten(path, &usual) {
                search.note(notice);
            }
        }
        self.request.severities = self.settings.severities();
        self.request.confidences = self.settings.confidences();
        self.request.min_severity = self.settings.min_severity.value;
        self.request.min_confidence = self.settings.min_confidence.value;
    }

    /// Reads what was found and judges it.
    pub(super) fn audit(&self, search: &Search, progress: &dyn Progress) -> Result<Audit, Failure> {
        search
            .audit_telling(&self.rules, &self.request, progress)
            .map_err(|error| Failure::Internal(error.to_string()))
    }
}

impl Plan {
    /// Puts right what is wanted of what was found, in memory.
    pub(super) fn mend(&self, search: &Search, wanted: &dyn Fn(&Finding) -> bool) -> Result<Mended, Failure> {
        search.mend(&self.rules, &self.request, wanted).map_err(|error| Failure::Internal(error.to_string()))
    }
}

/// The named configuration is not looked for: neither does it count twice, nor is it anybody else's.
fn locate(choices: &Choices, targets: &[Target]) -> Result<Located, Failure> {
    let named = choices.config.as_deref().map(absolute);
    Located::of(targets, named.as_deref()).map_err(Failure::Usage)
}

/// What was typed, and what variables say.
fn typed(choices: &Choices, arguments: &Arguments, given: &Given<'_>) -> Result<Layer, Failure> {
    let folder = current_folder();
    let glob = |pattern: &String| {
        Glob::new(pattern, &folder).map_err(|wrong| Failure::Usage(format!("--exclude {pattern}: {wrong}")))
    };
    let exclude = choices.exclude.iter().map(glob).collect::<Result<Vec<_>, _>>()?;
    Ok(Layer {
        policy: choices.policy.clone().and_then(|policy| given.chosen("policy", policy)),
        baseline: choices.baseline.clone().and_then(|baseline| given.chosen("baseline", baseline)),
        rules: given.chosen("rules", arguments.rules.clone()),
        provider_files: given.chosen("provider_file", arguments.provider_file.clone()),
        select: given.chosen("select", choices.select.clone()),
        ignore: given.chosen("ignore", choices.ignore.clone()),
        clients: given.chosen("client", choices.client.clone()),
        exclude: given.chosen("exclude", exclude),
        min_severity: given.chosen("min_severity", choices.min_severity),
        min_confidence: given.chosen("min_confidence", choices.min_confidence),
        fail_on: given.chosen("fail_on", choices.fail_on),
        ..Layer::default()
    })
}

/// How far to look.
fn reach(walk: &Walk) -> Reach {
    Reach {
        // Asked now: what the machine grants stands in files that are out of bounds later.
        threads: walk.threads.or_else(|| Some(Reach::usual_threads())),
        max_depth: walk.max_depth,
        one_file_system: walk.one_file_system,
        links: match walk.follow_symlinks {
            FollowSymlinks::Never => Links::Never,
            FollowSymlinks::Known => Links::Known,
            FollowSymlinks::Always => Links::Always,
        },
        all: walk.all,
    }
}

/// The versions that were told.
/// What was asked for, be it more or less than usual, counts for every text file.
fn bounds(places: &Places) -> Bounds {
    let usual = Bounds::default();
    places.max_file_size.map_or(usual, |size| Bounds { text: size << 20, long_text: size << 20, ..usual })
}

fn told(places: &Places) -> BTreeMap<crate::model::ClientName, ClientVersion> {
    let exactly = |version: &Version| ClientVersion::exactly(*version, VersionSource::Told);
    places.client_version.iter().map(|(client, version)| (*client, exactly(version))).collect()
}

/// The homes in which a user may have installed something of his own.
fn homes(places: &Places) -> Vec<PathBuf> {
    if places.home.is_empty() {
        Home::of_caller().map(|home| home.root).into_iter().collect()
    } else {
        places.home.clone()
    }
}

/// What is to be looked at.
pub(super) fn targets(places: &Places) -> Result<Vec<Target>, Failure> {
    let mut targets: Vec<Target> = Vec::new();
    for folder in &places.home {
        if !folder.is_dir() {
            return Err(Failure::Usage(format!("there is no home directory {}", folder.display())));
        }
        targets.push(Target::Home(Home::at(&absolute(folder))));
    }
    if let Some(root) = &places.all_users {
        let root = absolute(root);
        let homes = discover::all_users(&root)
            .map_err(|error| Failure::Usage(format!("--all-users: {}/etc/passwd: {error}", root.display())))?;
        targets.extend(homes.into_iter().map(Target::Home));
    }
    targets.extend(places.paths.iter().cloned().map(Target::Path));
    targets.extend(places.files_from.as_deref().map(listed).transpose()?);
    if targets.is_empty() {
        let home = Home::of_caller().ok_or_else(|| {
            Failure::Usage("there is no home directory: HOME is not set; give a path, or --home".to_owned())
        })?;
        targets.push(Target::Home(home));
    }
    Ok(targets)
}

/// The files that a list names.
fn listed(list: &Path) -> Result<Target, Failure> {
    let paths = if list == Path::new("-") {
        discover::read_list(io::stdin().lock())
    } else {
        fs::File::open(list).and_then(discover::read_list)
    };
    let wrong = |error| Failure::Usage(format!("--files-from {}: {error}", list.display()));
    paths.map(Target::List).map_err(wrong)
}

fn absolute(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn current_folder() -> PathBuf {
    env::current_dir().map_or_else(|_| PathBuf::new(), |folder| absolute(&folder))
}

/// A selection that picks nothing by a slip would look like a clean home.
fn see_that_rules_exist<'a>(rules: &RuleSet, names: impl Iterator<Item = &'a String>) -> Result<(), Failure> {
    for name in names {
        if !rules.pages().iter().any(|page| page.is_meant_by(name)) {
            return Err(unknown(rules, name, "no rule and no tag"));
        }
    }
    Ok(())
}

/// That nothing is said about a rule that the policy turns off says nothing about the home.
fn see_that_rules_are_on(rules: &RuleSet, request: &Request) -> Result<(), Failure> {
    let Some(policy) = &request.policy else { return Ok(()) };
    for name in &request.select {
        let mut meant = rules.pages().iter().filter(|page| page.is_meant_by(name));
        if meant.all(|page| policy.turns_off(&page.id)) {
            return Err(Failure::Usage(format!("the policy “{}” turns “{name}” off", policy.name)));
        }
    }
    Ok(())
}
