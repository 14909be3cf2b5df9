//! Where the reports of an audit go: standard output, files, and what a CI system provides.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Failure;
use super::arguments::Check;
use crate::report::{self, Detail, Format, Options, Shown};

/// A report that was asked for.
pub(super) struct Output {
    pub format: &'static dyn Format,
    goes_to: Goal,
}

enum Goal {
    StandardOutput,
    NewFile(PathBuf),
    EndOfFile(PathBuf),
}

/// The reports that were asked for; that on standard output comes last, when the files are complete.
pub(super) fn asked(check: &Check) -> Result<Vec<Output>, Failure> {
    let mut outputs = Vec::new();
    for report in &check.report {
        let (format, file) = report.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or_else(|| {
            Failure::Usage(format!("--report takes a format and a file: sarif=results.sarif, not “{report}”"))
        })?;
        outputs.push(Output { format: format_called(format)?, goes_to: Goal::NewFile(PathBuf::from(file)) });
    }
    let format = format_called(if check.narrated { "narrated" } else { &check.output_format })?;
    outputs.extend(step_summary(format));
    outputs.push(Output { format, goes_to: Goal::StandardOutput });
    Ok(outputs)
}

/// Annotations on GitHub are few; the page of the job has room for all.
fn step_summary(format: &dyn Format) -> Option<Output> {
    let path = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty())?;
    let markdown = report::by_name("markdown").filter(|_| format.name() == "github")?;
    Some(Output { format: markdown, goes_to: Goal::EndOfFile(PathBuf::from(path)) })
}

fn format_called(name: &str) -> Result<&'static dyn Format, Failure> {
    report::by_name(name).ok_or_else(|| {
        let known: Vec<&str> = report::FORMATS.iter().map(|format| format.name()).collect();
        Failure::Usage(format!("there is no format “{name}”; there are: {}", known.join(", ")))
    })
}

/// The folder that a CI system takes paths in reports to start from.
pub(super) fn workspace() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
    set("GITHUB_WORKSPACE").or_else(|| set("CI_PROJECT_DIR"))
}

impl Output {
    /// The file that it is written to; none for standard output.
    pub(super) fn file(&self) -> Option<&Path> {
        match &self.goes_to {
            Goal::StandardOutput => None,
            Goal::NewFile(path) | Goal::EndOfFile(path) => Some(path),
        }
    }

    /// Writes the report. That nobody reads standard output to its end is no failure: what the run found out stands.
    pub(super) fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> Result<(), Failure> {
        // Whoever reads a file has neither this terminal nor asked for less.
        let plain = Options { colour: false, links: false, unicode: true, detail: Detail::Normal, ..*options };
        let (path, file) = match &self.goes_to {
            Goal::StandardOutput => {
                return match report::write_shown(audit, self.format, options, out) {
                    Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
                    _ => Ok(()),
                };
            }
            Goal::NewFile(path) => (path, File::create(path)),
            Goal::EndOfFile(path) => (path, OpenOptions::new().append(true).create(true).open(path)),
        };
        file.and_then(|mut file| report::write_shown(audit, self.format, &plain, &mut file))
            .map_err(|error| Failure::Usage(format!("the report cannot be written to {}: {error}", path.display())))
    }
}
