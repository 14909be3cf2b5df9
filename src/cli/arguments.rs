//! What was typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::{FalseyValueParser, PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::help;
use super::late::Late;
use crate::clients::CLIENTS;
use crate::finding::{Confidence, Day, Severity};
use crate::model::{ClientName, Language, Version};
use crate::report::{self, Format};

/// Finds the settings of XMPP chat clients that betray their owner.
///
/// Reads the files of Pidgin, Finch, Gajim, Dino and Profanity as the clients themselves do, and says what an
/// attacker gains from them and how to put it right; `fix` does. Nothing else changes anything, and nothing uses the
/// network.
#[derive(Debug, Parser)]
#[command(
    name = "xmpp-audit",
    version,
    max_term_width = 100,
    after_help = help::after()
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// Language of what is said: en or fr. By default that of the locale.
    #[arg(long, global = true, env = "XMPP_AUDIT_LANG", value_name = "LANGUAGE", value_parser = language_parser())]
    pub lang: Option<Language>,

    /// When to use colours.
    #[arg(long, global = true, env = "XMPP_AUDIT_COLOR", value_name = "WHEN", default_value = "auto")]
    pub color: When,

    /// When to hide addresses behind the words that they belong to (OSC 8). By default where the terminal is one that
    /// is known to do it.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub hyperlinks: When,

    /// A folder with further rule pages. A page of a known id takes the place of the built-in one.
    #[arg(long, global = true, env = "XMPP_AUDIT_RULES", value_name = "FOLDER")]
    pub rules: Vec<PathBuf>,

    /// A file with what is to be known about further XMPP providers, in the shape of rules/providers.toml.
    #[arg(long, global = true, env = "XMPP_AUDIT_PROVIDER_FILE", value_name = "FILE")]
    pub provider_file: Vec<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Audit a home, files or folders.
    Check(Late<Check>),
    /// Put right what was found: show what would change, ask, write it so that it can be taken back.
    Fix(Late<Fix>),
    /// Take back what `fix` has written.
    Undo(Undo),
    /// Explain everything about a rule.
    Explain(Explain),
    /// List the rules.
    Rules(Listing),
    /// List the policies, or show what one changes.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Show what an audit goes by, and where each value comes from.
    Settings(Late<ShowSettings>),
    /// Accept what there is, so that only what is new fails.
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// List the clients, what is read of them and where it lies.
    Clients(Clients),
    /// Print the JSON Schema of the JSON report, or of another output in JSON.
    Schema(Schema),
    /// Print what a shell needs to complete this program’s arguments.
    Completions(Completions),
    /// Print a manual page, or write all of them into a folder.
    Man(Man),
}

/// What to audit, and how to read it.
#[derive(Args, Debug)]
pub struct Places {
    /// Files, or folders to search; `-` for standard input. Without any, the known places of your own home.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Look at the known places of this home directory.
    #[arg(long, value_name = "FOLDER")]
    pub home: Vec<PathBuf>,

    /// Look at the known places of every home: those that /etc/passwd names and those in /home, or those below another
    /// root folder.
    #[arg(long, value_name = "ROOT", num_args = 0..=1, require_equals = true, default_missing_value = "/")]
    pub all_users: Option<PathBuf>,

    /// Look at the files that this list names, a line each or with a NUL behind each; `-` for standard input. What is
    /// not there, or no client’s, is passed over.
    #[arg(long, value_name = "FILE")]
    pub files_from: Option<PathBuf>,

    /// How far to look.
    #[command(flatten)]
    pub walk: Walk,

    /// The version of a client, where its files do not tell: pidgin=2.14.12. May be given several times.
    #[arg(long, env = "XMPP_AUDIT_CLIENT_VERSION", value_name = "CLIENT=VERSION", value_parser = client_version_parser)]
    pub client_version: Vec<(ClientName, Version)>,

    /// Take the versions of the clients from this machine’s package databases (dpkg, rpm, Flatpak), or from those
    /// below another root folder. Reads files, runs nothing.
    #[arg(long, value_name = "ROOT", num_args = 0..=1, require_equals = true, default_missing_value = "/")]
    pub installed: Option<PathBuf>,

    /// Look also through the history of the git repositories around the paths, or of a home’s dotfiles: every version
    /// of every file in all commits. Nothing is run, nothing is written.
    #[arg(long, env = "XMPP_AUDIT_HISTORY", value_parser = FalseyValueParser::new())]
    pub history: bool,

    /// Give up, before anything is looked at, whatever the audit does not need: other files, network, programs. `auto`
    /// takes what the system has; `require` ends with exit code 2 where it does not have all.
    #[arg(long, env = "XMPP_AUDIT_SANDBOX", value_name = "WHETHER", default_value = "auto")]
    pub sandbox: Sandbox,

    /// The largest text file that is read, in MiB; by default 1, and 1024 for lists of contacts.
    #[arg(long, env = "XMPP_AUDIT_MAX_FILE_SIZE", value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..=4096))]
    pub max_file_size: Option<u64>,
}

/// How far a search goes.
#[derive(Args, Debug)]
pub struct Walk {
    /// Go into folders, too, that cannot hold a client’s files: caches, packages, what git keeps its objects in.
    #[arg(long)]
    pub all: bool,

    /// Follow symbolic links below a folder: never, those that a client would follow, or always.
    #[arg(long, env = "XMPP_AUDIT_FOLLOW_SYMLINKS", value_name = "WHICH", default_value = "known")]
    pub follow_symlinks: FollowSymlinks,

    /// Go so many folders deep at most; 1 is what lies in the folder itself.
    #[arg(long, env = "XMPP_AUDIT_MAX_DEPTH", value_name = "FOLDERS")]
    pub max_depth: Option<NonZeroUsize>,

    /// Stay out of other file systems. With --home and --all-users that is so unless =false is said.
    #[arg(long, env = "XMPP_AUDIT_ONE_FILE_SYSTEM", value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true")]
    pub one_file_system: Option<bool>,

    /// Search, read and judge with so many threads. By default as many as there are processors.
    #[arg(long, env = "XMPP_AUDIT_THREADS", value_name = "COUNT", value_parser = threads_parser)]
    pub threads: Option<NonZeroUsize>,
}

/// Which symbolic links are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FollowSymlinks {
    /// None.
    Never,
    /// Those whose name is a client’s file’s, or that lie on the way to one.
    Known,
    /// All.
    Always,
}

/// What can also be said in a configuration.
#[derive(Args, Debug)]
pub struct Choices {
    /// Go by this configuration, too; it counts for more than those that are found.
    #[arg(long, env = "XMPP_AUDIT_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Look for no configurations: neither your own, nor beside what is audited.
    #[arg(long, env = "XMPP_AUDIT_ISOLATED", value_parser = FalseyValueParser::new())]
    pub isolated: bool,

    /// Judge as if nothing had been accepted: neither by what a configuration ignores nor by a baseline.
    #[arg(long, env = "XMPP_AUDIT_NO_IGNORES", value_parser = FalseyValueParser::new())]
    pub no_ignores: bool,

    /// Show findings of at least this severity: info, low, medium, high, critical.
    #[arg(long, env = "XMPP_AUDIT_MIN_SEVERITY", value_name = "SEVERITY", default_value = "low",
          value_parser = severity_parser())]
    pub min_severity: Severity,

    /// Leave out findings whose rules are less sure than this: low, medium, high.
    #[arg(long, env = "XMPP_AUDIT_MIN_CONFIDENCE", value_name = "CONFIDENCE", default_value = "low",
          value_parser = confidence_parser())]
    pub min_confidence: Confidence,

    /// End with exit code 1 if there is a finding of at least this severity, shown or not.
    #[arg(long, env = "XMPP_AUDIT_FAIL_ON", value_name = "SEVERITY", default_value = "low",
          value_parser = severity_parser())]
    pub fail_on: Severity,

    /// Look only at this client’s files. May be given several times.
    #[arg(long, env = "XMPP_AUDIT_CLIENT", value_name = "CLIENT", value_delimiter = ',',
          value_parser = client_parser())]
    pub client: Vec<ClientName>,

    /// Judge only by these rules or tags, separated by commas.
    #[arg(long, env = "XMPP_AUDIT_SELECT", value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,

    /// Do not judge by these rules or tags, separated by commas.
    #[arg(long, env = "XMPP_AUDIT_IGNORE", value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,

    /// Do not look at files that fit this pattern, as in .gitignore, below the current folder. May be given several
    /// times.
    #[arg(long, env = "XMPP_AUDIT_EXCLUDE", value_name = "PATTERN")]
    pub exclude: Vec<String>,

    /// Compare with this baseline: what it knows is accepted, and only what is new fails. `baseline` makes one,
    /// xmpp-audit-baseline.json if no name is given.
    #[arg(long, env = "XMPP_AUDIT_BASELINE", value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Judge by this policy: a name that `policy list` lists, or a TOML file of your own. Without it, or with
    /// `baseline`, the rules are judged by as they are.
    #[arg(long, env = "XMPP_AUDIT_POLICY", value_name = "NAME|FILE")]
    pub policy: Option<String>,
}

/// What to do about a baseline.
#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    /// Accept everything that there is now.
    Create(Late<ChangeBaseline>),
    /// Accept what is new, too, and keep the reasons of what is known.
    Update(Late<ChangeBaseline>),
    /// Take out what is not found any more.
    Prune(Late<Scope>),
    /// List what is accepted.
    Show(Late<ShowBaseline>),
}

/// What to audit, and how.
#[derive(Args, Debug)]
pub struct Scope {
    /// What to audit.
    #[command(flatten)]
    pub places: Places,

    /// What can also be said in a configuration.
    #[command(flatten)]
    pub choices: Choices,
}

/// Arguments of `baseline create` and `baseline update`.
#[derive(Args, Debug)]
pub struct ChangeBaseline {
    /// What to audit, and how.
    #[command(flatten)]
    pub scope: Scope,

    /// Why it is accepted.
    #[arg(long, value_name = "TEXT", value_parser = reason_parser)]
    pub reason: Option<String>,

    /// Who looks after it.
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,

    /// The last day on which it is accepted: 2027-01-31.
    #[arg(long, value_name = "DAY", value_parser = day_parser)]
    pub expires: Option<Day>,
}

/// Arguments of `baseline show`.
#[derive(Args, Debug)]
pub struct ShowBaseline {
    /// Where the baseline is looked for.
    #[command(flatten)]
    pub scope: Scope,

    /// How to show it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: ListFormat,
}

/// Arguments of `settings`.
#[derive(Args, Debug)]
pub struct ShowSettings {
    /// What would be audited.
    #[command(flatten)]
    pub places: Places,

    /// What can also be said in a configuration.
    #[command(flatten)]
    pub choices: Choices,

    /// How to show them.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: ListFormat,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
pub struct Check {
    /// What to audit.
    #[command(flatten)]
    pub places: Places,

    /// What can also be said in a configuration.
    #[command(flatten)]
    pub choices: Choices,

    /// The path that the file on standard input stands for.
    #[arg(long = "as", value_name = "PATH")]
    pub stdin_path: Option<PathBuf>,

    /// How to say it.
    #[arg(long, env = "XMPP_AUDIT_OUTPUT_FORMAT", value_name = "FORMAT", default_value = "full",
          value_parser = format_parser())]
    pub output_format: String,

    /// For screen readers: sentences only. The same as --output-format narrated.
    #[arg(long, conflicts_with = "output_format")]
    pub narrated: bool,

    /// Write the report also in this format to this file, which is made anew. May be given several times.
    #[arg(long, env = "XMPP_AUDIT_REPORT", value_name = "FORMAT=FILE")]
    pub report: Vec<String>,

    /// End with exit code 0 in spite of findings.
    #[arg(long, env = "XMPP_AUDIT_EXIT_ZERO", value_parser = FalseyValueParser::new())]
    pub exit_zero: bool,

    /// End with exit code 0 where there is nothing to audit, instead of 3.
    #[arg(long, env = "XMPP_AUDIT_ALLOW_EMPTY", value_parser = FalseyValueParser::new())]
    pub allow_empty: bool,

    /// End as if everything had been looked at where something could not be read, instead of with exit code 4.
    #[arg(long, env = "XMPP_AUDIT_ALLOW_INCOMPLETE", value_parser = FalseyValueParser::new())]
    pub allow_incomplete: bool,

    /// List the files that would be audited, and end.
    #[arg(long)]
    pub show_files: bool,

    /// First put right what can be put right safely, without asking; with --unsafe all that can. `fix` shows it before.
    #[arg(long, env = "XMPP_AUDIT_FIX", value_parser = FalseyValueParser::new())]
    pub fix: bool,

    /// How far to go with it.
    #[command(flatten)]
    pub repairs: Repairs,

    /// Do not show how far the audit has come. It is shown on terminals only, and only if it takes long.
    #[arg(long)]
    pub no_progress: bool,

    /// Say nothing but the findings.
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// List every file that was looked at.
    #[arg(short, long)]
    pub verbose: bool,
}

/// Arguments of `fix`.
#[derive(Args, Debug)]
pub struct Fix {
    /// What to put right.
    #[command(flatten)]
    pub scope: Scope,

    /// How far to go.
    #[command(flatten)]
    pub repairs: Repairs,

    /// Write without asking.
    #[arg(short, long)]
    pub yes: bool,

    /// Show the differences and nothing else, write nothing; end with exit code 1 if there are any.
    #[arg(long, conflicts_with_all = ["yes", "dry_run"])]
    pub diff: bool,

    /// Show what would be written, and write nothing.
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,

    /// Say instead what a person is to do in the clients, step by step: for a helpdesk.
    #[arg(long, requires = "dry_run")]
    pub as_script: bool,
}

/// How far repairs go.
#[derive(Args, Debug)]
pub struct Repairs {
    /// Do also what may need its user afterwards: take passwords away, change ports, rooms and proxies, delete what
    /// was left behind.
    #[arg(long = "unsafe", env = "XMPP_AUDIT_UNSAFE", value_parser = FalseyValueParser::new())]
    pub not_only_safe: bool,

    /// Write even into the files of a client that is running. It may undo that, or lose what it has not saved yet.
    #[arg(long)]
    pub even_if_running: bool,

    /// Keep the passwords that are taken away, in the clear, beside what `undo` needs, so that it can put them back.
    #[arg(long)]
    pub keep_secrets: bool,
}

/// Arguments of `undo`.
#[derive(Args, Debug)]
pub struct Undo {
    /// What to take back: an id that `fix` has told and `--list` lists. Without any, what was done last.
    pub id: Option<String>,

    /// List what can be taken back, and what has been.
    #[arg(long, conflicts_with = "id")]
    pub list: bool,
}

/// Arguments of `explain`.
#[derive(Args, Debug)]
pub struct Explain {
    /// The rule’s id.
    pub rule: String,
}

/// Arguments of `clients`.
#[derive(Args, Debug)]
pub struct Clients {
    /// State instead what the program may and may not do, and how far this machine holds it to that.
    #[arg(long)]
    pub privacy: bool,
}

/// Arguments of a command that lists something.
#[derive(Args, Debug)]
pub struct Listing {
    /// How to list them.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: ListFormat,
}

/// How to list something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people.
    Text,
    /// One JSON object, for programs; `schema` prints its schema.
    Json,
}

/// What to do about policies.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// List the policies that are part of the program.
    List(Listing),
    /// Show what a policy changes, with all that it has from the ones that it extends.
    Show(ShowPolicy),
}

/// Arguments of `policy show`.
#[derive(Args, Debug)]
pub struct ShowPolicy {
    /// The policy’s name, or a TOML file of your own.
    #[arg(value_name = "NAME|FILE")]
    pub policy: String,

    /// How to show it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output_format: ListFormat,
}

/// Arguments of `schema`.
#[derive(Args, Debug)]
pub struct Schema {
    /// What the schema is of.
    #[arg(value_name = "OUTPUT", default_value = "report")]
    pub output: SchemaOf,
}

/// What a schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// `check --output-format json`.
    Report,
    /// A line of `check --output-format ndjson`.
    Ndjson,
    /// `rules --output-format json`.
    Rules,
    /// `policy list` and `policy show` with `--output-format json`.
    Policies,
    /// A configuration: xmpp-audit.toml, read as JSON.
    Configuration,
    /// `settings --output-format json`.
    Settings,
    /// A baseline, and `baseline show --output-format json`.
    Baseline,
}

/// Arguments of `completions`.
#[derive(Args, Debug)]
pub struct Completions {
    /// The shell.
    pub shell: Shell,
}

/// A shell that completes arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// `xmpp-audit completions bash > ~/.local/share/bash-completion/completions/xmpp-audit`
    Bash,
    /// `xmpp-audit completions elvish > ~/.config/elvish/lib/xmpp-audit.elv`, and `use xmpp-audit` in `rc.elv`
    Elvish,
    /// `xmpp-audit completions fish > ~/.config/fish/completions/xmpp-audit.fish`
    Fish,
    /// `xmpp-audit completions nushell > xmpp-audit.nu` in a folder of `$nu.vendor-autoload-dirs`
    Nushell,
    /// `xmpp-audit completions powershell | Out-String | Invoke-Expression` in `$PROFILE`
    Powershell,
    /// `xmpp-audit completions zsh > _xmpp-audit` in a folder of `$fpath`
    Zsh,
}

/// Arguments of `man`.
#[derive(Args, Debug)]
pub struct Man {
    /// The command that the page is about: `check`, `policy show`. Without any, the page of the program.
    #[arg(value_name = "COMMAND", conflicts_with = "all")]
    pub command: Vec<String>,

    /// Write the pages of all commands into this folder, which is made where it is missing.
    #[arg(long, value_name = "FOLDER")]
    pub all: Option<PathBuf>,
}

/// When to do something that depends on where the output goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// If the output goes to a terminal, and the environment does not say otherwise.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Whether to give up what the audit does not need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sandbox {
    /// As far as the system can enforce it.
    Auto,
    /// All of it, or nothing is audited.
    Require,
    /// No.
    Off,
}

fn severity_parser() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(Severity::WORDS).map(|word| Severity::of_word(&word).unwrap_or(Severity::Low))
}

fn day_parser(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a day is written as 2027-01-31".to_owned())
}

/// More than anybody has processors would only take memory.
fn threads_parser(text: &str) -> Result<NonZeroUsize, String> {
    const MOST: usize = 256;
    let count = text.parse::<NonZeroUsize>().map_err(|error| error.to_string())?;
    if count.get() > MOST { Err(format!("{MOST} are the most")) } else { Ok(count) }
}

fn reason_parser(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("say why".to_owned()) } else { Ok(text.to_owned()) }
}

fn confidence_parser() -> impl TypedValueParser<Value = Confidence> {
    PossibleValuesParser::new(Confidence::WORDS).map(|word| Confidence::of_word(&word).unwrap_or(Confidence::Low))
}

fn language_parser() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(Language::WORDS).map(|word| Language::of_locale(&word))
}

fn client_parser() -> impl TypedValueParser<Value = ClientName> {
    PossibleValuesParser::new(CLIENTS.map(|client| client.name().0)).map(|word| {
        CLIENTS.into_iter().map(crate::clients::Client::name).find(|name| name.0 == word).unwrap_or(ClientName(""))
    })
}

fn client_version_parser(text: &str) -> Result<(ClientName, Version), String> {
    let (client, version) = text.split_once('=').ok_or("write it as pidgin=2.14.12")?;
    let known = CLIENTS.into_iter().map(crate::clients::Client::name).find(|name| name.0 == client);
    let client = known.ok_or_else(|| format!("there is no client “{client}”; `xmpp-audit clients` lists them"))?;
    let is_number = version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let version = Version::parse(version).filter(|_| is_number);
    Ok((client, version.ok_or("a version is numbers with dots between them: 2.14.12")?))
}

fn format_parser() -> PossibleValuesParser {
    let about =
        |format: &&'static dyn Format| PossibleValue::new(format.name()).help(format.about(Language::English));
    PossibleValuesParser::new(report::FORMATS.iter().map(about).collect::<Vec<_>>())
}
