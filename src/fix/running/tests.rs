//! Made-up lists of processes.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::*;
use crate::clients::by_name;

/// The number of the process that asks.
const OWN: u32 = 400;

/// A home, and a list of processes.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(machine.processes()).unwrap();
        symlink(OWN.to_string(), machine.processes().join("self")).unwrap();
        Made::of(&machine, OWN, "xmpp-audit");
        fs::write(machine.processes().join("meminfo"), "").unwrap();
        machine
    }

    fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    fn processes(&self) -> PathBuf {
        self.root().join("proc")
    }

    fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    /// A file in the home, an hour old.
    fn file(&self, path: &str) -> PathBuf {
        let path = self.home().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "<account/>").unwrap();
        let file = fs::File::open(&path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
        path
    }

    fn ask(&self, client: &str, files: &[&Path]) -> Answer {
        let files: Vec<PathBuf> = files.iter().map(|file| (*file).to_owned()).collect();
        let asked = Asked { client: by_name(client).unwrap(), files: &files };
        running_by(&self.processes(), SystemTime::now(), &[asked]).remove(0)
    }

    /// The signs of those who run, by process.
    fn signs(&self, client: &str, files: &[&Path]) -> Vec<(u32, Sign)> {
        let answer = self.ask(client, files);
        assert!(answer.unsure.is_empty(), "{answer:?}");
        answer.running.into_iter().map(|running| (running.pid.unwrap(), running.how)).collect()
    }
}

/// A process in the list.
struct Made(PathBuf);

impl Made {
    fn of(machine: &Machine, pid: u32, name: &str) -> Self {
        let made = Self(machine.processes().join(pid.to_string()));
        fs::create_dir_all(made.0.join("fd")).unwrap();
        let user = fs::metadata(machine.folder.path()).unwrap().uid();
        made.state(name, "S (sleeping)", user);
        symlink("/", made.0.join("root")).unwrap();
        symlink(machine.root(), made.0.join("cwd")).unwrap();
        made.started(&[name]).variables(&[("HOME", machine.home().to_str().unwrap())])
    }

    fn state(&self, name: &str, state: &str, user: u32) {
        let text = format!("Name:\t{name}\nUmask:\t0022\nState:\t{state}\nUid:\t{user}\t{user}\t{user}\t{user}\n");
        fs::write(self.0.join("status"), text).unwrap();
    }

    fn started(self, words: &[&str]) -> Self {
        fs::write(self.0.join("cmdline"), words.iter().map(|word| format!("{word}\0")).collect::<String>())
            .unwrap();
        self
    }

    fn variables(self, variables: &[(&str, &str)]) -> Self {
        let text: String = variables.iter().map(|(name, value)| format!("{name}={value}\0")).collect();
        fs::write(self.0.join("environ"), text).unwrap();
        self
    }

    fn without(self, name: &str) -> Self {
        fs::remove_file(self.0.join(name)).unwrap();
        self
    }

    fn program(self, path: &str) -> Self {
        symlink(path, self.0.join("exe")).unwrap();
        self
    }

    fn opens(self, path: &Path) -> Self {
        let number = fs::read_dir(self.0.join("fd")).unwrap().count();
        symlink(path, self.0.join("fd").join(number.to_string())).unwrap();
        self
    }
}

#[test]
fn a_client_of_this_home_is_found_by_its_name() {
    let machine = Machine::new();
    let accounts = machine.file(".purple/accounts.xml");
    assert_eq!(machine.signs("pidgin", &[&accounts]), []);
    Made::of(&machine, 501, "pidgin");
    Made::of(&machine, 502, "bash").started(&["bash", "pidgin"]);
    Made::of(&machine, 503, "finch-like");
    Made::of(&machine, 504, "main").program("/usr/bin/finch (deleted)");
    Made::of(&machine, 505, "pidgin.exe");
    let mut signs = machine.signs("pidgin", &[&accounts]);
    signs.sort_by_key(|(pid, _)| *pid);
    assert_eq!(signs, [(501, Sign::Uses), (504, Sign::Uses), (505, Sign::Uses)]);
    // A client of another kind is none of this one's business.
    assert_eq!(machine.signs("profanity", &[&machine.file(".local/share/profanity/accounts")]), []);
}

#[test]
fn a_dead_process_does_not_run() {
    let machine = Machine::new();
    let accounts = machine.file(".purple/accounts.xml");
    let user = fs::metadata(&accounts).unwrap().uid();
    Made::of(&machine, 501, "pidgin").state("pidgin", "Z (zombie)", user);
    assert_eq!(machine.signs("pidgin", &[&accounts]), []);
}

#[test]
fn a_program_for_python_is_found_by_its_script() {
    let machine = Machine::new();
    let settings = machine.file(".config/gajim/config");
    Made::of(&machine, 501, "python3.11").started(&["python3", "-OO", "/usr/share/gajim/gajim.py"]);
    Made::of(&machine, 502, "python3.11").started(&["python3", "/usr/bin/other", "gajim"]);
    assert_eq!(machine.signs("gajim", &[&settings]), [(501, Sign::Uses)]);
}

#[test]
fn a_client_of_another_home_or_folder_is_another_matter() {
    let machine = Machine::new();
    let accounts = machine.file(".purple/accounts.xml");
    let other = machine.file("other/.purple/accounts.xml");
    let other_home = machine.home().join("other");
    let work = machine.file("work/accounts.xml");
    let work_folder = work.parent().unwrap().to_str().unwrap().to_owned();
    let made = |pid| Made::of(&machine, pid, "pidgin");
    made(501).variables(&[("HOME", other_home.to_str().unwrap())]);
    made(502).started(&["pidgin", "-c", &work_folder]);
    made(503).started(&["pidgin", "--config=home/work"]);
    made(504).started(&["finch", "-c", "/nowhere/at/all"]);
    assert_eq!(machine.signs("pidgin", &[&accounts]), []);
    assert_eq!(machine.signs("pidgin", &[&other]), [(501, Sign::Uses)]);
    let mut signs = machine.signs("pidgin", &[&work]);
    signs.sort_by_key(|(pid, _)| *pid);
    assert_eq!(signs, [(502, Sign::Uses), (503, Sign::Uses)]);
}

#[test]
fn a_linked_file_is_the_clients_own() {
    let machine = Machine::new();
    let real = machine.file("dotfiles/purple/accounts.xml");
    fs::create_dir(machine.home().join(".purple")).unwrap();
    Made::of(&machine, 501, "pidgin");
    assert_eq!(machine.signs("pidgin", &[&real]), []);
    symlink(&real, machine.home().join(".purple/accounts.xml")).unwrap();
    assert_eq!(machine.signs("pidgin", &[&real]), [(501, Sign::Uses)]);
}

#[test]
fn the_folders_of_the_process_count() {
    let machine = Machine::new();
    let usual = machine.file(".local/share/dino/dino.db");
    let sandboxed = machine.file(".var/app/im.dino.Dino/data/dino/dino.db");
    let home = machine.home();
    Made::of(&machine, 501, "dino-im");
    let data = home.join(".var/app/im.dino.Dino/data");
    let data = data.to_str().unwrap();
    Made::of(&machine, 502, "dino").variables(&[("HOME", home.to_str().unwrap()), ("XDG_DATA_HOME", data)]);
    assert_eq!(machine.signs("dino", &[&usual]), [(501, Sign::Uses)]);
    assert_eq!(machine.signs("dino", &[&sandboxed]), [(502, Sign::Uses)]);
}

#[test]
fn profiles_of_one_folder_are_told_apart_by_name() {
    let machine = Machine::new();
    let usual = machine.file(".config/gajim/settings.sqlite");
    let work = machine.file(".config/gajim/settings.sqlite.work");
    // Both keep their messages in one database.
    let messages = machine.file(".local/share/gajim/logs.db");
    let started = |pid, words: &[&str]| {
        let words = [&["/usr/bin/python3", "/usr/bin/gajim"], words].concat();
        Made::of(&machine, pid, "gajim").started(&words).opens(&messages);
    };
    started(501, &["-p", "work"]);
    started(502, &[]);
    assert_eq!(machine.signs("gajim", &[&usual]), [(502, Sign::Uses)]);
    assert_eq!(machine.signs("gajim", &[&work]), [(501, Sign::Uses)]);
}

#[test]
fn a_file_that_is_named_on_the_command_line_counts_besides_the_usual_ones() {
    let machine = Machine::new();
    let accounts = machine.file(".local/share/profanity/accounts");
    let own = machine.file("my-settings");
    let others = machine.file("her-settings");
    Made::of(&machine, 501, "profanity").started(&["profanity", "--config", own.to_str().unwrap()]);
    assert_eq!(machine.signs("profanity", &[&accounts]), [(501, Sign::Uses)]);
    assert_eq!(machine.signs("profanity", &[&own]), [(501, Sign::Uses)]);
    assert_eq!(machine.signs("profanity", &[&others]), []);
}

#[test]
fn in_doubt_a_client_of_the_owner_runs() {
    let machine = Machine::new();
    let accounts = machine.file(".purple/accounts.xml");
    let user = fs::metadata(&accounts).unwrap().uid();
    Made::of(&machine, 501, "pidgin").without("environ");
    Made::of(&machine, 502, "pidgin").without("cmdline");
    Made::of(&machine, 503, "pidgin").variables(&[("PATH", "/bin")]);
    Made::of(&machine, 504, "pidgin").started(&["pidgin", "-nc", "/nowhere"]);
    // Somebody else's.
    Made::of(&machine, 505, "pidgin").without("environ").state("pidgin", "S", user + 1);
    let mut signs = machine.signs("pidgin", &[&accounts]);
    signs.sort_by_key(|(pid, _)| *pid);
    assert_eq!(signs, [501, 502, 503, 504].map(|pid| (pid, Sign::MayUse)));
}

#[test]
fn whoever_has_one_of_its_files_open_uses_the_profile() {
    let machine = Machine::new();
    let accounts = machine.file(".local/share/profanity/accounts");
    let chats = machine.file(".local/share/profanity/database/alice_at_example.org/chatlog.db");
    let log = machine.file(".local/share/profanity/logs/profanity4711.log");
    let cache = machine.file(".local/share/profanity/database/alice_at_example.org/other.db");
    let elsewhere = machine.file("backup/profanity/accounts");
    Made::of(&machine, 501, "tail").opens(Path::new("/dev/null")).opens(&accounts);
    Made::of(&machine, 502, "prof-wrapped").opens(&chats);
    Made::of(&machine, 503, "prof-wrapped").opens(&log);
    Made::of(&machine, 504, "other").opens(&cache).opens(&elsewhere).opens(Path::new("pipe:[4711]"));
    let mut signs = machine.signs("profanity", &[&accounts]);
    signs.sort_by_key(|(pid, _)| *pid);
    assert_eq!(signs, [(501, Sign::Open(accounts)), (502, Sign::Open(chats)), (503, Sign::Open(log))]);
}

#[test]
fn an_open_file_is_the_same_by_another_path() {
    let machine = Machine::new();
    let accounts = machine.file(".purple/accounts.xml");
    symlink(machine.home(), machine.root().join("mounted-elsewhere")).unwrap();
    let other = machine.root().join("mounted-elsewhere/.purple/accounts.xml");
    Made::of(&machine, 501, "less").opens(&other);
    assert_eq!(machine.signs("pidgin", &[&accounts]), [(501, Sign::Open(other))]);
}

#[test]
fn the_one_who_asks_does_not_count() {
    let machine = Machine::new();
    let accounts = machine.file(".purple/accounts.xml");
    let number = machine.processes().join(OWN.to_string());
    symlink(&accounts, number.join("fd/9")).unwrap();
    assert_eq!(machine.signs("pidgin", &[&accounts]), []);
}

#[test]
fn one_pass_answers_for_all() {
    let machine = Machine::new();
    let accounts = [machine.file(".purple/accounts.xml")];
    let database = [machine.file(".local/share/dino/dino.db")];
    let launchers = [machine.file(".profile")];
    Made::of(&machine, 501, "pidgin");
    let asked = [("dino", &database), ("pidgin", &accounts), ("startup", &launchers)];
    let asked = asked.map(|(client, files)| Asked { client: by_name(client).unwrap(), files });
    let answers = running_by(&machine.processes(), SystemTime::now(), &asked);
    let numbers: Vec<usize> = answers.iter().map(|answer| answer.running.len()).collect();
    assert_eq!(numbers, [0, 1, 0]);
    assert!(running_by(&machine.processes(), SystemTime::now(), &[]).is_empty());
}

#[test]
fn where_no_processes_are_listed_nobody_can_be_sure() {
    let machine = Machine::new();
    let accounts = machine.file(".purple/accounts.xml");
    fs::remove_file(machine.processes().join("self")).unwrap();
    assert_eq!(machine.ask("pidgin", &[&accounts]).unsure, [Unsure::Unlisted]);
    // A file that no program reads while it runs needs no list.
    assert_eq!(machine.ask("startup", &[&machine.file(".profile")]), Answer::default());
}

#[test]
fn a_process_of_the_owner_that_is_closed_leaves_doubt() {
    let machine = Machine::new();
    let accounts = machine.file(".purple/accounts.xml");
    let made = Made::of(&machine, 501, "something");
    fs::remove_dir(made.0.join("fd")).unwrap();
    assert_eq!(machine.ask("pidgin", &[&accounts]).unsure, [Unsure::Hidden]);
    // One that is shown as somebody else’s than its user’s has secrets of its own; no client does so.
    let user = fs::metadata(&accounts).unwrap().uid();
    made.state("keeps-secrets", "S (sleeping)", user + 1);
    assert_eq!(machine.ask("pidgin", &[&accounts]).unsure, []);
}

#[test]
fn traces_are_worth_a_word() {
    let machine = Machine::new();
    let settings = machine.file(".config/gajim/settings.sqlite");
    assert_eq!(machine.ask("gajim", &[&settings]).unsure, []);
    let journal = machine.file(".local/share/gajim/logs.db-wal");
    let other = machine.file(".config/gajim/cache.db-wal");
    let journals = [Unsure::Journal(other.clone()), Unsure::Journal(journal.clone())];
    assert_eq!(machine.ask("gajim", &[&settings]).unsure, journals);
    fs::remove_file(journal).unwrap();
    fs::remove_file(other).unwrap();
    fs::write(&settings, "new").unwrap();
    assert_eq!(machine.ask("gajim", &[&settings]).unsure, [Unsure::JustWritten(settings.clone())]);
    // Who runs is enough.
    Made::of(&machine, 501, "gajim");
    let answer = machine.ask("gajim", &[&settings]);
    assert_eq!((answer.running.len(), answer.unsure), (1, Vec::new()));
}

#[test]
fn a_journal_that_stays_behind_tells_nothing() {
    let machine = Machine::new();
    let database = machine.file(".local/share/dino/dino.db");
    machine.file(".local/share/dino/dino.db-wal");
    assert_eq!(machine.ask("dino", &[&database]).unsure, []);
}

#[test]
fn a_database_in_another_folder_is_of_the_same_profile() {
    let machine = Machine::new();
    let settings = machine.file(".config/gajim/settings.sqlite");
    let messages = machine.file(".local/share/gajim/logs.db");
    let other = machine.file("other/.local/share/gajim/logs.db");
    Made::of(&machine, 501, "some-wrapper").opens(&messages);
    Made::of(&machine, 502, "some-wrapper").opens(&other);
    assert_eq!(machine.signs("gajim", &[&settings]), [(501, Sign::Open(messages))]);
}

#[test]
fn every_sign_is_a_sentence() {
    let path = PathBuf::from("/home/alice/.purple/accounts.xml");
    let signs = [Sign::Uses, Sign::MayUse, Sign::Open(path.clone()), Sign::Locked(path.clone())];
    let running = |how, pid| Running { client: ClientName("pidgin"), title: "Pidgin", how, pid };
    let unsure = [Unsure::Unlisted, Unsure::Hidden, Unsure::Journal(path.clone()), Unsure::JustWritten(path)];
    let mut said = Vec::new();
    for language in Language::ALL {
        for sign in &signs {
            said.push(running(sign.clone(), Some(4711)).sentence(*language));
            assert!(said.last().unwrap().contains("4711"));
            said.push(running(sign.clone(), None).sentence(*language));
        }
        said.extend(unsure.iter().map(|unsure| unsure.sentence("Pidgin", *language)));
    }
    insta::assert_snapshot!(said.join("\n"), @r"
    Pidgin is running with this profile (process 4711).
    Pidgin is running with this profile.
    Pidgin is running (process 4711), and with which profile cannot be told.
    Pidgin is running, and with which profile cannot be told.
    /home/alice/.purple/accounts.xml is open in a program (process 4711).
    /home/alice/.purple/accounts.xml is open in a program.
    /home/alice/.purple/accounts.xml is in use by a program that has locked it (process 4711).
    /home/alice/.purple/accounts.xml is in use by a program that has locked it.
    This system does not show its processes: make sure that Pidgin is not running.
    Not every process can be looked at: make sure that Pidgin is not running.
    /home/alice/.purple/accounts.xml is there: Pidgin is running out of sight, or was not quit properly.
    /home/alice/.purple/accounts.xml was written less than a minute ago: make sure that Pidgin is not running.
    Pidgin est en cours d’exécution avec ce profil (processus 4711).
    Pidgin est en cours d’exécution avec ce profil.
    Pidgin est en cours d’exécution (processus 4711), sans qu’on sache avec quel profil.
    Pidgin est en cours d’exécution, sans qu’on sache avec quel profil.
    /home/alice/.purple/accounts.xml est ouvert dans un programme (processus 4711).
    /home/alice/.purple/accounts.xml est ouvert dans un programme.
    /home/alice/.purple/accounts.xml est utilisé par un programme qui l’a verrouillé (processus 4711).
    /home/alice/.purple/accounts.xml est utilisé par un programme qui l’a verrouillé.
    Ce système ne montre pas ses processus : assurez-vous que Pidgin n’est pas lancé.
    Tous les processus ne sont pas visibles : assurez-vous que Pidgin n’est pas lancé.
    /home/alice/.purple/accounts.xml est présent : Pidgin tourne sans être visible, ou n’a pas été quitté correctement.
    /home/alice/.purple/accounts.xml a été écrit il y a moins d’une minute : assurez-vous que Pidgin n’est pas lancé.
    ");
}
