//! Many files, and each kind of difference once.

use std::collections::BTreeMap;
use std::io::Result;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use fastrand::Rng;

use crate::explained::{EXPLAINED, Explained};
use crate::minimise::minimise;
use crate::oracle::{Answer, Answers, Oracle, Questions};
use crate::record::{first_difference, show};
use crate::subject::{Reading, Subject};

/// How many files are on their way at a time.
const IN_FLIGHT: usize = 512;
/// After how many of them the program is asked for its answers.
const BATCH: u64 = 64;

/// A file on which the two sides differ.
pub struct Difference<'d> {
    /// Who reads it.
    pub subject: Subject,
    /// The file.
    pub file: &'d [u8],
    /// What we make of it.
    pub ours: &'d Reading,
    /// What the real library makes of it.
    pub theirs: &'d Answer,
}

impl Difference<'_> {
    /// Files that differ in the same way are shown once.
    fn kind(&self) -> String {
        let (ours, theirs) = first_difference(&self.ours.record, &self.theirs.record);
        let token = |token: Option<(char, &[u8])>| token.map_or("nothing".to_owned(), |(kind, _)| kind.to_string());
        let (our_outcome, their_outcome) = (self.ours.record.outcome(), self.theirs.record.outcome());
        let same = format!("{} {}", self.ours.note, self.theirs.note);
        if our_outcome == their_outcome {
            return format!("{} / {} ({our_outcome} {same})", token(ours), token(theirs));
        }
        format!("{our_outcome} {} / {their_outcome} {}", self.ours.note, self.theirs.note)
    }

    fn explanation(&self) -> Option<&'static Explained> {
        EXPLAINED.iter().find(|explained| explained.subject == self.subject && (explained.holds)(self))
    }
}

/// A comparison that is under way.
pub struct Campaign {
    subject: Subject,
    program: PathBuf,
    /// For single files, beside those that are on their way.
    oracle: Oracle,
    cases: u64,
    accepted: u64,
    explained: BTreeMap<&'static str, u64>,
    unexplained: BTreeMap<String, u64>,
}

impl Campaign {
    /// Starts one.
    pub fn start(subject: Subject, programs: &Path) -> Result<Self> {
        let program = programs.join(subject.program());
        let oracle = Oracle::start(&program)?;
        let (explained, unexplained) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { subject, program, oracle, cases: 0, accepted: 0, explained, unexplained })
    }

    /// Compares made-up files.
    pub fn run(&mut self, seed: u64, first: u64, cases: u64) -> Result<()> {
        let began = Instant::now();
        let (questions, mut answers, mut child) = Oracle::start(&self.program)?.split();
        let (sender, receiver) = sync_channel(IN_FLIGHT);
        let subject = self.subject;
        let writer = std::thread::spawn(move || make_up(subject, seed, first..first + cases, questions, &sender));
        self.compare_all(&receiver, &mut answers)?;
        writer.join().unwrap_or_else(|_| Err(std::io::Error::other("making up files failed")))?;
        child.wait()?;
        let seconds = began.elapsed().as_secs_f64();
        println!(
            "{subject:?}: {cases} files of seed {seed} from number {first} in {seconds:.0} s, {} accepted",
            self.accepted
        );
        Ok(())
    }

    fn compare_all(&mut self, files: &Receiver<(u64, Vec<u8>)>, answers: &mut Answers) -> Result<()> {
        while let Ok((number, file)) = files.recv() {
            let theirs = answers.next()?;
            self.compare(&file, &theirs, Some(number))?;
        }
        Ok(())
    }

    /// Compares one file and shows what both sides make of it.
    pub fn show(&mut self, file: &[u8]) -> Result<()> {
        let theirs = self.oracle.ask(file)?;
        let ours = self.subject.read(file);
        println!("{:?}\n  ours {}\n{}", self.subject, ours.note, ours.record.shown());
        println!("  theirs {}\n{}", theirs.note, theirs.record.shown());
        self.compare(file, &theirs, None)
    }

    fn compare(&mut self, file: &[u8], theirs: &Answer, number: Option<u64>) -> Result<()> {
        self.cases += 1;
        let ours = self.subject.read(file);
        self.accepted += u64::from(matches!(theirs.record.outcome().as_str(), "" | "accepted"));
        if ours.record == theirs.record {
            return Ok(());
        }
        let difference = Difference { subject: self.subject, file, ours: &ours, theirs };
        if let Some(explained) = difference.explanation() {
            *self.explained.entry(explained.name).or_default() += 1;
            return Ok(());
        }
        let kind = difference.kind();
        let count = self.unexplained.entry(kind.clone()).or_default();
        *count += 1;
        if *count > 1 {
            return Ok(());
        }
        self.report(&kind, file, number)
    }

    /// Shows a kind of difference, with a file as small as can be.
    fn report(&mut self, kind: &str, file: &[u8], number: Option<u64>) -> Result<()> {
        let (subject, oracle) = (self.subject, &mut self.oracle);
        let small = minimise(file, |candidate| {
            let theirs = oracle.ask(candidate)?;
            let ours = subject.read(candidate);
            let difference = Difference { subject, file: candidate, ours: &ours, theirs: &theirs };
            let differs = ours.record != theirs.record;
            Ok(differs && difference.explanation().is_none() && difference.kind() == kind)
        })?;
        let theirs = self.oracle.ask(&small)?;
        let ours = subject.read(&small);
        let (our_token, their_token) = first_difference(&ours.record, &theirs.record);
        let token = |token: Option<(char, &[u8])>| {
            token.map_or("nothing".to_owned(), |(kind, bytes)| format!("{kind} {}", show(bytes)))
        };
        let number = number.map_or_else(String::new, |number| format!(", number {number}"));
        println!("{subject:?} differs ({kind}){number}\n  file   {}", show(&small));
        println!("  ours   {} {}", token(our_token), ours.note);
        println!("  theirs {} {}", token(their_token), theirs.note);
        Ok(())
    }

    /// Sums up: whether every difference is explained.
    pub fn finish(self) -> Result<bool> {
        self.oracle.stop()?;
        for explained in EXPLAINED.iter().filter(|explained| explained.subject == self.subject) {
            let count = self.explained.get(explained.name).copied().unwrap_or_default();
            println!("  explained {count:7}  {}: {}", explained.name, explained.why);
        }
        for (kind, count) in &self.unexplained {
            println!("  UNEXPLAINED {count:5}  {kind}");
        }
        let sum: u64 = self.unexplained.values().sum();
        println!("  {} files, {sum} unexplained differences of {} kinds", self.cases, self.unexplained.len());
        Ok(self.unexplained.is_empty())
    }
}

/// Makes up files, and hands each to the program and to whom it may concern. A file follows from the seed and its
/// number alone.
fn make_up(
    subject: Subject,
    seed: u64,
    numbers: std::ops::Range<u64>,
    mut questions: Questions,
    files: &SyncSender<(u64, Vec<u8>)>,
) -> Result<()> {
    for number in numbers {
        let mut rng = Rng::with_seed(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(number));
        let file = subject.generate(&mut rng);
        questions.put(&file)?;
        if files.send((number, file)).is_err() {
            return Ok(());
        }
        if (number + 1).is_multiple_of(BATCH) {
            questions.flush()?;
        }
    }
    questions.flush()
}
