//! A file of a profile: its text, its permissions, its state.

use std::path::PathBuf;

use super::words::words;
use super::{FileNumber, Language, Place, Text};

words! {
    /// Who, besides the superuser, can get at a file, parent folders considered; the most people last.
    Access {
        /// It cannot be said: a repository, standard input, another system.
        Unknown = "unknown",
        /// Its owner only.
        Owner = "owner",
        /// Members of its group.
        Group = "group",
        /// Every user of the machine.
        Everyone = "everyone",
    }
}

words! {
    /// What keeps a file from being read as a whole.
    Fault {
        /// Nothing.
        Sound = "sound",
        /// XML that is not well-formed.
        NotWellFormed = "not_well_formed",
        /// The file ends too early.
        Truncated = "truncated",
        /// Nothing is in it, although the client never writes it empty.
        Empty = "empty",
        /// Bytes that are not text in the encoding that the client expects.
        WrongEncoding = "wrong_encoding",
        /// A line that is neither a group, a key, a comment nor blank.
        StrayLine = "stray_line",
        /// A marker that a merge left behind.
        MergeMarker = "merge_marker",
        /// A line of a dotfiles manager's template.
        TemplateLine = "template_line",
        /// A byte-order mark where the client takes none.
        ByteOrderMark = "byte_order_mark",
        /// A key before the first group.
        KeyBeforeGroup = "key_before_group",
        /// JSON that does not parse.
        BrokenJson = "broken_json",
        /// A database that SQLite cannot read.
        BrokenDatabase = "broken_database",
        /// Tables or rows are missing without which the client does not start.
        MissingTables = "missing_tables",
        /// A line that makes the client stop at start-up.
        CrashesClient = "crashes_client",
    }
}

impl Fault {
    /// The fault as the end of a sentence: "the file cannot be read in full: ...".
    #[must_use]
    pub const fn phrase(self, language: Language) -> &'static str {
        let (english, french) = match self {
            Self::Sound => ("nothing is wrong with it", "rien à signaler"),
            Self::NotWellFormed => ("the XML is not well-formed", "le XML est mal formé"),
            Self::Truncated => ("it ends too early", "il se termine trop tôt"),
            Self::Empty => ("it is empty", "il est vide"),
            Self::WrongEncoding => (
                "it holds bytes that are not text in the encoding that the client expects",
                "il contient des octets qui ne sont pas du texte dans l’encodage attendu par le client",
            ),
            Self::StrayLine => (
                "a line is neither a group, a key, a comment nor blank",
                "une ligne n’est ni un groupe, ni une clé, ni un commentaire, ni vide",
            ),
            Self::MergeMarker => {
                ("a merge left its conflict markers", "une fusion y a laissé des marques de conflit")
            }
            Self::TemplateLine => (
                "a line belongs to a dotfiles manager’s template",
                "une ligne appartient à un modèle de gestionnaire de dotfiles",
            ),
            Self::ByteOrderMark => (
                "it begins with a byte-order mark, which the client does not take",
                "il commence par une marque d’ordre des octets, que le client refuse",
            ),
            Self::KeyBeforeGroup => ("a key stands before the first group", "une clé précède le premier groupe"),
            Self::BrokenJson => ("the JSON inside does not parse", "le JSON qu’il contient est invalide"),
            Self::BrokenDatabase => {
                ("SQLite cannot read the database", "SQLite ne peut pas lire la base de données")
            }
            Self::MissingTables => (
                "tables or rows are missing that the client needs",
                "il manque des tables ou des lignes dont le client a besoin",
            ),
            Self::CrashesClient => {
                ("a line makes the client stop at start-up", "une ligne fait échouer le client au démarrage")
            }
        };
        language.choose(english, french)
    }
}

words! {
    /// What a client loses by a fault in its file.
    Loss {
        /// Nothing.
        Nothing = "nothing",
        /// What stands after the fault has no effect, but stays in the file.
        Settings = "settings",
        /// What stands after the fault, or the whole file, has no effect, and the client deletes it with its next
        /// save.
        Rest = "rest",
        /// Accounts are dropped, and deleted with the client's next save.
        Accounts = "accounts",
        /// The client does not start.
        Start = "start",
    }
}

words! {
    /// Whether the format of a file is one that can be judged.
    Format {
        /// It is known.
        Known = "known",
        /// It is newer than what is known.
        Newer = "newer",
        /// It is encrypted.
        Encrypted = "encrypted",
        /// It comes from a fork of the client, with settings of its own.
        Fork = "fork",
    }
}

words! {
    /// What a file is good for.
    Purpose {
        /// The client reads its settings from it.
        Settings = "settings",
        /// A copy of settings that the client has left behind and reads no more.
        Leftover = "leftover",
        /// Private keys.
        Keys = "keys",
        /// Messages.
        History = "history",
        /// Files that were received or sent.
        Attachments = "attachments",
        /// Something that the client runs.
        Code = "code",
        /// A log of what the client does.
        Log = "log",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// Whether git keeps a file.
    Tracked {
        /// It is in the index of the repository around it.
        Tracked = "tracked",
        /// It is not.
        Untracked = "untracked",
        /// It cannot be said, or nobody looked.
        Unknown = "unknown",
    }
}

/// A fault of a file, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// What is wrong.
    pub fault: Fault,
    /// Where.
    pub place: Place,
    /// What the client loses by it.
    pub loss: Loss,
}

/// A file of a profile.
#[derive(Debug)]
pub struct ProfileFile {
    /// The path under which it was found.
    pub path: PathBuf,
    /// What it is to its client: `accounts`, `settings`, `room list`.
    pub kind: FileKind,
    /// Its permission bits, where they mean something; never in a repository or on standard input.
    pub mode: Option<u32>,
    /// Who can read it.
    pub readable_by: Access,
    /// Who can change it.
    pub writable_by: Access,
    /// Whether a secret stands in it in the clear.
    pub holds_secret: bool,
    /// Its text, as long as excerpts may be needed; none for databases.
    pub text: Option<Text>,
    /// What keeps it from being read in full; the first fault counts.
    pub damage: Option<Damage>,
    /// Whether its format is known.
    pub format: Format,
    /// The version that the file itself names, in words: `user_version 7`, `schema 26`, `0.16.3`.
    pub version: Option<String>,
    /// Whether git keeps it. The audit fills it in.
    pub tracked: Tracked,
    /// Whether it is a database whose newest content stands in a `-wal` file that is not there.
    pub journal_missing: bool,
    /// Further files for which it stands, that others can get at as well.
    pub alike: Vec<PathBuf>,
}

impl ProfileFile {
    /// A place for the file as a whole.
    #[must_use]
    pub fn place(&self, number: FileNumber) -> Place {
        Place::of_file(number, self.kind.0)
    }
}

/// What a file is to its client, in the client's own words, and what it is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileKind(pub &'static str, pub Purpose);

#[cfg(test)]
mod tests {
    use super::Fault;
    use crate::model::language::tests::check_phrases;

    #[test]
    fn every_fault_has_its_phrase() {
        check_phrases(Fault::ALL, Fault::phrase);
    }
}
