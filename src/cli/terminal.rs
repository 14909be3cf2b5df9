//! Where the output goes, and in which language.

use std::env;
use std::io::{IsTerminal, stdout};

use super::arguments::{Arguments, When};
use crate::model::Language;
use crate::report::Options;

/// The width of output that does not go to a terminal.
const DEFAULT_WIDTH: usize = 80;

/// The widest output that is pleasant to read.
const MOST_WIDTH: usize = 120;

/// Where the output goes, and in which language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    /// Whether to use colours.
    pub color: bool,
    /// Whether addresses may be hidden behind words (OSC 8).
    pub links: bool,
    /// Whether characters beyond ASCII can be shown.
    pub unicode: bool,
    /// How many columns there are.
    pub width: usize,
    /// The language of what is said.
    pub language: Language,
}

impl Terminal {
    /// How a report is to look here.
    pub(super) fn options(&self) -> Options {
        Options {
            language: self.language,
            colour: self.color,
            width: self.width,
            unicode: self.unicode,
            links: self.links,
            ..Options::default()
        }
    }

    pub(super) fn of(arguments: &Arguments) -> Self {
        let is_terminal = stdout().is_terminal();
        Self {
            color: match arguments.color {
                When::Always => true,
                When::Never => false,
                When::Auto => {
                    auto_color(is_terminal, |name| env::var_os(name).map(|value| !value.is_empty() && value != "0"))
                }
            },
            links: match arguments.hyperlinks {
                When::Always => true,
                When::Never => false,
                When::Auto => is_terminal && knows_links(|name| env::var(name).ok()),
            },
            unicode: !is_terminal || locale().to_ascii_uppercase().replace('-', "").contains("UTF8"),
            width: width(is_terminal),
            language: arguments.lang.unwrap_or_else(|| Language::of_locale(&locale())),
        }
    }
}

/// What the environment wants: `NO_COLOR`, `FORCE_COLOR`, `CLICOLOR_FORCE`, `TERM=dumb`. `is_set` says whether a
/// variable is there, and then whether it is neither empty nor 0.
fn auto_color(is_terminal: bool, is_set: impl Fn(&str) -> Option<bool>) -> bool {
    if is_set("NO_COLOR").is_some_and(|value| value) {
        return false;
    }
    if is_set("FORCE_COLOR") == Some(true) || is_set("CLICOLOR_FORCE") == Some(true) {
        return true;
    }
    is_terminal && is_set("CLICOLOR") != Some(false) && env::var_os("TERM").is_some_and(|term| term != "dumb")
}

/// Terminals that can hide an address behind words, by the variable that they set and, where others set it too, how
/// its value begins.
const KNOW_LINKS: [(&str, &[&str]); 11] = [
    ("DOMTERM", &[]),
    ("KITTY_WINDOW_ID", &[]),
    ("KONSOLE_VERSION", &[]),
    ("WT_SESSION", &[]),
    ("WEZTERM_PANE", &[]),
    ("GHOSTTY_RESOURCES_DIR", &[]),
    ("TERM_PROGRAM", &["iTerm", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "zed"]),
    ("TERM", &["xterm-kitty", "alacritty", "foot", "xterm-ghostty", "contour"]),
    ("COLORTERM", &["xfce4-terminal"]),
    // GNOME Terminal, Tilix and others; before 0.50 some of them crashed.
    ("VTE_VERSION", &["5", "6", "7", "8", "9"]),
    ("FORCE_HYPERLINK", &["1"]),
];

/// Whether the terminal hides addresses behind words rather than swallow or print them. In doubt it does not: an
/// address that is written out can always be followed. Within CI the log is shown by something else.
fn knows_links(variable: impl Fn(&str) -> Option<String>) -> bool {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    // Those that run in others may or may not pass links on.
    let is_nested = variable("TERM").is_some_and(|term| term.starts_with("screen") || term == "dumb");
    if is_nested || variable("CI").is_some() {
        return false;
    }
    KNOW_LINKS.iter().any(|(name, begins)| {
        variable(name).is_some_and(|value| begins.is_empty() || begins.iter().any(|begin| value.starts_with(begin)))
    })
}

fn width(is_terminal: bool) -> usize {
    let columns = || env::var("COLUMNS").ok()?.parse::<usize>().ok();
    let asked = || terminal_columns().or_else(columns);
    let width = if is_terminal { asked() } else { columns() };
    width.unwrap_or(DEFAULT_WIDTH).clamp(40, MOST_WIDTH)
}

#[cfg(unix)]
fn terminal_columns() -> Option<usize> {
    rustix::termios::tcgetwinsize(stdout()).ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

#[cfg(not(unix))]
fn terminal_columns() -> Option<usize> {
    None
}

/// The locale for messages; empty where none is set.
fn locale() -> String {
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{auto_color, knows_links};

    #[test]
    fn colours_follow_the_environment() {
        let with = |set: &'static [(&str, bool)]| {
            move |name: &str| set.iter().find(|(variable, _)| *variable == name).map(|(_, value)| *value)
        };
        assert!(!auto_color(true, with(&[("NO_COLOR", true), ("FORCE_COLOR", true)])));
        assert!(auto_color(false, with(&[("FORCE_COLOR", true)])));
        assert!(auto_color(false, with(&[("NO_COLOR", false), ("CLICOLOR_FORCE", true)])));
        assert!(!auto_color(false, with(&[("CLICOLOR_FORCE", false)])));
        assert!(!auto_color(false, with(&[])));
    }
    #[test]
    fn links_are_for_terminals_that_know_them() {
        let with = |set: &'static [(&str, &str)]| {
            knows_links(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        };
        assert!(with(&[("KONSOLE_VERSION", "230800")]));
        assert!(with(&[("TERM_PROGRAM", "WezTerm"), ("TERM", "xterm-256color")]));
        assert!(with(&[("VTE_VERSION", "6800")]));
        assert!(!with(&[("VTE_VERSION", "")]));
        assert!(!with(&[("VTE_VERSION", "4601")]));
        assert!(!with(&[("TERM", "xterm-256color")]));
        assert!(!with(&[("TERM", "dumb"), ("KONSOLE_VERSION", "1")]));
        assert!(!with(&[("TERM", "screen-256color"), ("VTE_VERSION", "6800")]));
        assert!(!with(&[("CI", "true"), ("TERM", "xterm-kitty")]));
        assert!(!with(&[]));
    }
}
