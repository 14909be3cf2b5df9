//! Running the program over the traps: as whom, for how long, with how much memory.

use std::fs;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The user that nobody is.
const NOBODY: u32 = 65_534;

/// Longer than any run may take, however busy the machine is.
const WATCHDOG: Duration = Duration::from_secs(300);

/// Who runs the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User {
    Own,
    /// Somebody who is not root, to whom everything belongs.
    Ordinary,
}

pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// A run that has ended.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    pub time: Duration,
    /// The most memory that it had, in KiB; none where the system does not say.
    pub memory: Option<u64>,
}

impl Ran {
    pub fn report(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stderr))
    }
}

/// The program with nothing in the environment but a home and a folder for temporary files.
pub fn command(user: User, temporary: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xmpp-audit"));
    command.env_clear().env("HOME", "/nowhere").env("TMPDIR", temporary).current_dir("/");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // Only root can become somebody else.
    if user == User::Ordinary && is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// Gives everything below a folder to the ordinary user.
pub fn give_away(folder: &Path) {
    let owner = format!("{NOBODY}:{NOBODY}");
    assert!(Command::new("chown").args(["-hR", &owner]).arg(folder).status().unwrap().success());
    super::kinds::estrange(folder, NOBODY);
}

/// Runs the program to its end and looks at its memory meanwhile.
pub fn run(command: &mut Command) -> Ran {
    let start = Instant::now();
    let mut child = command.spawn().unwrap();
    let reader = |mut pipe: Box<dyn Read + Send>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.read_to_end(&mut bytes).unwrap();
            String::from_utf8(bytes).unwrap()
        })
    };
    let stdout = reader(Box::new(child.stdout.take().unwrap()));
    let stderr = reader(Box::new(child.stderr.take().unwrap()));
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut memory = None;
    let code = loop {
        memory = memory.max(peak(&status));
        if let Some(ended) = child.try_wait().unwrap() {
            break ended.code();
        }
        if start.elapsed() > WATCHDOG {
            child.kill().unwrap();
            panic!("{command:?} goes on and on");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Ran { code, stdout: stdout.join().unwrap(), stderr: stderr.join().unwrap(), time: start.elapsed(), memory }
}

/// The most memory that a process has had until now, in KiB.
fn peak(status: &Path) -> Option<u64> {
    let status = fs::read_to_string(status).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
