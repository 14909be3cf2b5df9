//! Arguments in, exit code out; nothing else.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    xmpp_audit::cli::run(std::env::args_os()).into()
}
