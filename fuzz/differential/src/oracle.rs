//! The programs in `c/`, which ask the real libraries.

use std::io::{BufReader, BufWriter, Read, Result, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::record::Record;

/// The locale that GLib is asked in, for translated keys; [`LANGUAGES`] are its languages.
const LOCALE: &str = "de_DE.UTF-8";

/// What `g_get_language_names` gives in that locale.
pub const LANGUAGES: [&str; 5] = ["de_DE.UTF-8", "de_DE", "de.UTF-8", "de", "C"];

/// Asks for what has been answered so far.
const FLUSH: u32 = u32::MAX;

/// What the library makes of a file.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What it read.
    pub record: Record,
    /// The library's own number for why it refuses the file.
    pub note: u32,
}

/// The end of a running program to which files go.
pub struct Questions(BufWriter<ChildStdin>);

/// The end from which answers come.
pub struct Answers(BufReader<ChildStdout>);

/// A running program.
pub struct Oracle {
    child: Child,
    questions: Questions,
    answers: Answers,
}

impl Oracle {
    /// Starts it.
    pub fn start(program: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .env("LC_ALL", LOCALE)
            .env_remove("LANGUAGE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let questions = Questions(BufWriter::with_capacity(1 << 16, stdin.expect("it was asked for")));
        let answers = Answers(BufReader::with_capacity(1 << 16, stdout.expect("it was asked for")));
        Ok(Self { child, questions, answers })
    }

    /// Asks about one file.
    pub fn ask(&mut self, file: &[u8]) -> Result<Answer> {
        self.questions.put(file)?;
        self.questions.flush()?;
        self.answers.next()
    }

    /// The two ends, for one thread each, and the process.
    pub fn split(self) -> (Questions, Answers, Child) {
        (self.questions, self.answers, self.child)
    }

    /// Ends it.
    pub fn stop(self) -> Result<()> {
        let (questions, answers, mut child) = self.split();
        drop((questions, answers));
        child.wait().map(|_| ())
    }
}

impl Questions {
    /// Asks about a file; the answer comes at the next [`flush`](Self::flush) or earlier.
    pub fn put(&mut self, file: &[u8]) -> Result<()> {
        let length = u32::try_from(file.len()).map_err(std::io::Error::other)?;
        self.0.write_all(&length.to_le_bytes())?;
        self.0.write_all(file)
    }

    /// Has everything answered that was asked.
    pub fn flush(&mut self) -> Result<()> {
        self.0.write_all(&FLUSH.to_le_bytes())?;
        self.0.flush()
    }
}

impl Answers {
    /// The answer to the next file.
    pub fn next(&mut self) -> Result<Answer> {
        let mut head = [0; 8];
        self.0.read_exact(&mut head)?;
        let [a, b, c, d, note @ ..] = head;
        let mut record = vec![0; u32::from_le_bytes([a, b, c, d]) as usize];
        self.0.read_exact(&mut record)?;
        Ok(Answer { record: Record(record), note: u32::from_le_bytes(note) })
    }
}
