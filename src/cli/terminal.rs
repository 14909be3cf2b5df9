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
            links: false,
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
    use super::auto_color;

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
}
