//! Holds the readers of xmpp-audit against the libraries that the clients use: the same made-up files to both, and
//! what they make of them compared. See `README.md` beside.

mod campaign;
mod explained;
mod generate;
mod minimise;
mod oracle;
mod record;
mod subject;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use self::campaign::Campaign;
use self::subject::Subject;

/// Compares the readers of xmpp-audit with GLib and libxml2.
#[derive(Parser)]
struct Arguments {
    /// What all made-up files follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many files each reader gets.
    #[arg(long, default_value_t = 100_000)]
    cases: u64,
    /// The number of the first of them.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// What to compare; everything, if not said.
    #[arg(long, value_enum)]
    only: Vec<Subject>,
    /// The folder of the programs that `install.sh` built.
    #[arg(long)]
    programs: PathBuf,
    /// Compare these files instead of made-up ones, and show what both sides make of them.
    files: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // A panic of ours is a difference like any other, and is shown as one.
    std::panic::set_hook(Box::new(|_| {}));
    let subjects = if arguments.only.is_empty() { Subject::ALL.to_vec() } else { arguments.only.clone() };
    match run(&arguments, &subjects) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error} (has install.sh been run?)");
            ExitCode::from(2)
        }
    }
}

/// Whether every difference is explained.
fn run(arguments: &Arguments, subjects: &[Subject]) -> std::io::Result<bool> {
    let mut agrees = true;
    for subject in subjects {
        let mut campaign = Campaign::start(*subject, &arguments.programs)?;
        if arguments.files.is_empty() {
            campaign.run(arguments.seed, arguments.first, arguments.cases)?;
        }
        for path in &arguments.files {
            campaign.show(&std::fs::read(path)?)?;
        }
        agrees &= campaign.finish()?;
    }
    Ok(agrees)
}
