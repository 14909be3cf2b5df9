//! How far an audit has come, on a terminal, where it takes long.

use std::io::{IsTerminal, stderr};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{env, mem};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::arguments::Check;
use crate::Progress;
use crate::report::harmless;

/// How long somebody waits without wondering.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the picture moves, so that one sees that something still happens.
const TICK: Duration = Duration::from_millis(120);

/// Nothing is known of the number of files yet.
const SEARCHING: &str = "{spinner} {elapsed} {wide_msg}";

/// How many files there are is known.
const READING: &str = "{bar:24} {pos}/{len} {elapsed} {wide_msg}";

/// A bar on standard error. It shows itself only if the audit takes longer than [`PATIENCE`], and is gone without a
/// trace when it is dropped.
pub(super) struct Bar {
    bar: ProgressBar,
    /// Ends the wait before the bar shows itself; none where it never will.
    waiting: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Bar {
    /// A bar if one is wanted here.
    pub(super) fn new(check: &Check) -> Self {
        let unwanted = check.no_progress || check.quiet || check.narrated || check.output_format == "narrated";
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if unwanted || !is_for_eyes(stderr().is_terminal(), |name| env::var(name).ok()) {
            return Self { bar, waiting: None };
        }
        set_style(&bar, SEARCHING);
        let (end, ended) = mpsc::channel();
        let shown = bar.clone();
        let wait = move || {
            if ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(TICK);
            }
        };
        // Where no thread can be had, there is no bar.
        let waiting = thread::Builder::new().spawn(wait).ok().map(|thread| (end, thread));
        Self { bar, waiting }
    }
}

impl Progress for Bar {
    fn found(&self, files: usize) {
        self.bar.set_length(files as u64);
        set_style(&self.bar, READING);
    }

    fn reads(&self, path: &Path, files: usize) {
        self.bar.inc(files as u64);
        if self.waiting.is_some() {
            self.bar.set_message(harmless::path(path));
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some((end, thread)) = mem::take(&mut self.waiting) {
            // A thread that has done waiting hears nothing, which is well.
            let _ = end.send(());
            // Otherwise the bar might show itself after it has been taken away.
            let _ = thread.join();
            self.bar.finish_and_clear();
        }
    }
}

/// Without colours: there is nothing to tell apart.
fn set_style(bar: &ProgressBar, template: &str) {
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> ").tick_chars("|/-\\ "));
    }
}

/// Whether somebody looks on: a terminal that can move its cursor, outside of CI, where each picture would be a line
/// of the log.
fn is_for_eyes(is_terminal: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let can_move = variable("TERM").is_some_and(|term| !term.is_empty() && term != "dumb");
    is_terminal && can_move && !["CI", "GITHUB_ACTIONS", "GITLAB_CI"].into_iter().any(is_set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_for_eyes_only() {
        let with = |is_terminal, set: &'static [(&str, &str)]| {
            let variable =
                |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
            is_for_eyes(is_terminal, variable)
        };
        assert!(with(true, &[("TERM", "xterm")]));
        assert!(with(true, &[("TERM", "xterm"), ("CI", "")]));
        assert!(!with(false, &[("TERM", "xterm")]));
        assert!(!with(true, &[("TERM", "dumb")]));
        assert!(!with(true, &[]));
        assert!(!with(true, &[("TERM", "xterm"), ("CI", "true")]));
        assert!(!with(true, &[("TERM", "xterm"), ("GITLAB_CI", "true")]));
    }

    #[test]
    fn the_styles_are_sound() {
        for template in [SEARCHING, READING] {
            assert!(ProgressStyle::with_template(template).is_ok());
        }
    }
}
