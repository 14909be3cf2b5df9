//! What the help and the manual pages both say: how a run ends, what to type, what the environment may set.

use std::fmt::Write;

use super::Exit;

/// How a run may end.
pub(super) const EXITS: [(Exit, &str); 7] = [
    (Exit::Clean, "everything was looked at, and nothing was found"),
    (Exit::Findings, "there are findings at or above --fail-on"),
    (Exit::Usage, "wrong arguments, or a rule page or policy that is not sound"),
    (Exit::NothingToAudit, "nothing to audit was found"),
    (Exit::Incomplete, "something could not be read, and nothing was found in the rest"),
    (Exit::NotFixed, "something was to be put right, and could not be"),
    (Exit::InternalError, "internal error"),
];

/// What to type, and what it does. Behind the program's name stands a command's.
pub(super) const EXAMPLES: [(&str, &str); 10] = [
    ("xmpp-audit check", "the known places of your own home"),
    ("xmpp-audit check ~/dotfiles", "everything below a folder"),
    ("xmpp-audit check --home /home/alice", "the known places of somebody’s home"),
    ("xmpp-audit check --policy strict", "by more than the rules themselves want"),
    ("xmpp-audit check --report sarif=out.sarif .", "also a report for another tool"),
    ("xmpp-audit fix", "shows what it would put right, asks, and writes it"),
    ("xmpp-audit undo", "takes back what fix did last"),
    ("xmpp-audit explain encryption-optional", "everything about a rule"),
    ("xmpp-audit completions fish", "what fish needs to complete the arguments"),
    ("xmpp-audit man check | man -l -", "the manual page of a command"),
];

/// What the environment may set, and what for.
pub(super) const ENVIRONMENT: [(&str, &str); 9] = [
    ("HOME", "the home whose known places are looked at where no path is given"),
    ("XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_CACHE_HOME", "where the clients of that home keep their files"),
    ("XDG_STATE_HOME", "where fix keeps what undo needs; ~/.local/state without it"),
    ("XMPP_AUDIT_*", "as the option of that name: XMPP_AUDIT_FAIL_ON=high; the command line counts for more"),
    ("LC_ALL, LC_MESSAGES, LANG", "the language, where --lang says none, and whether a terminal shows UTF-8"),
    (
        "NO_COLOR, FORCE_COLOR, CLICOLOR, CLICOLOR_FORCE, TERM",
        "whether to use colours, where --color leaves it open",
    ),
    (
        "FORCE_HYPERLINK, CI, TERM_PROGRAM, COLORTERM, VTE_VERSION, DOMTERM, KITTY_WINDOW_ID, KONSOLE_VERSION, \
         WT_SESSION, WEZTERM_PANE, GHOSTTY_RESOURCES_DIR",
        "whether the terminal can hide addresses behind words, where --hyperlinks leaves it open",
    ),
    ("COLUMNS", "how wide the output is, where no terminal tells"),
    (
        "GITHUB_STEP_SUMMARY, GITHUB_WORKSPACE, CI_PROJECT_DIR",
        "set by GitHub and GitLab: where the summary of a job goes, and the folder that paths in reports start from",
    ),
];

/// What the help ends with.
pub(super) fn after() -> String {
    let mut text = String::from("Exit codes:\n");
    for (exit, meaning) in EXITS {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "  {:2}  {meaning}", exit.number());
    }
    let widest = EXAMPLES.iter().map(|(typed, _)| typed.chars().count()).max().unwrap_or_default();
    text.push_str("\nExamples:\n");
    for (typed, does) in EXAMPLES {
        let _ = writeln!(text, "  {typed:widest$}  {does}");
    }
    text.truncate(text.trim_end().len());
    text
}
