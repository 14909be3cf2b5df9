//! What is wanted of a profile, and the edits that bring it about.

use super::words::words;
use super::{FileNumber, Language, Place, Span};

words! {
    /// Whether a repair needs its user.
    Safety {
        /// The client only becomes stricter and keeps working.
        Safe = "safe",
        /// Something may be missed afterwards: a password has to be typed again, a connection that worked does not.
        Unsafe = "unsafe",
    }
}

/// What is wanted of one subject of a profile: an account, a room, a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Which of its kind the subject is: an index into [`Profile::accounts`](super::Profile::accounts) and the like.
    pub number: usize,
    /// What is to be different.
    pub change: Change,
    /// The place at which the finding points.
    pub place: Place,
}

/// What is to be different about a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A fact is to have a value: `account.encryption` to be `required`. The first part of the fact's name is the
    /// kind of the subject.
    Set {
        /// The fact's name.
        fact: &'static str,
        /// The value, as rules write it.
        value: String,
    },
    /// The subject is to be gone.
    Remove {
        /// Its kind, as rules write it: `setting`.
        subject: &'static str,
    },
}

impl Change {
    /// The kind of the subject, as rules write it: `account`.
    #[must_use]
    pub fn subject(&self) -> &'static str {
        match self {
            Self::Set { fact, .. } => fact.split('.').next().unwrap_or_default(),
            Self::Remove { subject } => subject,
        }
    }
}

/// One change of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The file of the profile.
    pub file: FileNumber,
    /// What is to be done to it.
    pub step: Step,
}

impl Edit {
    /// Replaces a range of a file's text.
    #[must_use]
    pub const fn in_text(file: FileNumber, splice: Splice) -> Self {
        Self { file, step: Step::Text(splice) }
    }

    /// Changes a row of a database.
    #[must_use]
    pub const fn in_row(file: FileNumber, row: RowEdit) -> Self {
        Self { file, step: Step::Row(row) }
    }
}

/// What is done to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A range of its text is replaced.
    Text(Splice),
    /// A row of a database is changed.
    Row(RowEdit),
    /// Its permissions become these, nine bits.
    Mode(u32),
    /// It is deleted.
    Delete,
}

/// A range of a text, and what is to stand there instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// The range, in bytes of the text as it was read; empty where something is put in.
    pub span: Span,
    /// What is to stand there.
    pub new: String,
    /// Whether what is taken away is a secret, that must not be kept anywhere.
    pub forgets: bool,
}

impl Splice {
    /// Replaces what is no secret.
    #[must_use]
    pub fn replace(span: Span, new: impl Into<String>) -> Self {
        Self { span, new: new.into(), forgets: false }
    }

    /// Puts something in.
    #[must_use]
    pub fn insert(at: usize, new: impl Into<String>) -> Self {
        Self::replace(Span::at(at), new)
    }

    /// Takes away what is no secret.
    #[must_use]
    pub fn remove(span: Span) -> Self {
        Self::replace(span, "")
    }

    /// Takes a secret away.
    #[must_use]
    pub fn forget(span: Span) -> Self {
        Self { span, new: String::new(), forgets: true }
    }
}

/// A change of one row of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowEdit {
    /// The table.
    pub table: String,
    /// What tells the row from all others: columns and their values. Empty for a row that is put in.
    pub key: Vec<(String, Scalar)>,
    /// What is changed.
    pub change: RowChange,
}

/// What is done to a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowChange {
    /// A range of the text in one of its cells is replaced.
    Splice {
        /// The column.
        column: String,
        /// The range, in bytes of the cell's text.
        splice: Splice,
    },
    /// A cell gets another value, if it has the old one still.
    Set {
        /// The column.
        column: String,
        /// What stands there.
        old: Scalar,
        /// What is to stand there.
        new: Scalar,
    },
    /// The row is put in.
    Insert {
        /// Its columns and their values; of the others SQLite takes the defaults.
        values: Vec<(String, Scalar)>,
    },
    /// The row is taken away; it holds nothing but these columns and values, and no secret.
    Delete {
        /// Its columns and their values.
        values: Vec<(String, Scalar)>,
    },
}

/// A value of a cell, as far as edits write any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// None.
    Null,
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => formatter.write_str("NULL"),
            Self::Integer(number) => write!(formatter, "{number}"),
            Self::Text(text) => formatter.write_str(text),
        }
    }
}

/// Why a wish cannot be granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unrepairable {
    /// This program does not write such a setting in such a file.
    Unwritten,
    /// The client does not read the file as it stands, so nothing in it may be changed by itself.
    Damaged,
    /// The file is a template of a dotfiles manager.
    Template,
    /// The file is in an encoding that cannot be written back without a loss.
    Encoding,
    /// The layout of the database is not known.
    Schema,
    /// What decides does not stand in a file that may be written: a variable, a file of the system, a command line.
    Elsewhere,
    /// There are several ways to put it right, and only a person can choose.
    Choice,
    /// The version of the client that is in use has no setting for it, a newer one has.
    Outdated,
    /// The file in which it would stand is one that the client has not made yet.
    NotMade,
    /// The file is so long that only parts of it are held in memory.
    Long,
    /// There is more of it than is planned at once; of a file that is put right the rest comes in further rounds.
    Plenty,
    /// What was found is not there any more.
    Gone,
}

impl Unrepairable {
    /// The reason as a clause: `this has to be put right by hand: ...`.
    #[must_use]
    pub const fn phrase(self, language: Language) -> &'static str {
        let (english, french) = match self {
            Self::Unwritten => (
                "this setting is not one that is written automatically in this file",
                "ce réglage n’est pas de ceux qui s’écrivent automatiquement dans ce fichier",
            ),
            Self::Damaged => (
                "the client does not read the file as it stands; mend the file first",
                "le client ne lit pas le fichier tel qu’il est ; réparez d’abord le fichier",
            ),
            Self::Template => (
                "the file is a template of a dotfiles manager; change the template by hand",
                "le fichier est un modèle de gestionnaire de dotfiles ; modifiez le modèle à la main",
            ),
            Self::Encoding => (
                "the encoding of the file cannot be written back without a loss",
                "l’encodage du fichier ne peut pas être réécrit sans perte",
            ),
            Self::Schema => (
                "the layout of the database is not one that is known",
                "la structure de la base de données n’est pas connue",
            ),
            Self::Elsewhere => (
                "what decides does not stand in a file of the client",
                "ce qui décide ne se trouve pas dans un fichier du client",
            ),
            Self::Choice => (
                "there is more than one way to put it right, and the choice is yours",
                "il y a plusieurs façons de corriger, et le choix vous revient",
            ),
            Self::Outdated => (
                "this version of the client has no setting for it; a newer one has",
                "cette version du client n’a pas de réglage pour cela ; une plus récente en a un",
            ),
            Self::NotMade => (
                "the file in which it would be written does not exist yet; start the client once, and it makes the file",
                "le fichier où cela s’écrirait n’existe pas encore ; lancez le client une fois, et il le créera",
            ),
            Self::Long => (
                "the file is too long to be written automatically",
                "le fichier est trop long pour être écrit automatiquement",
            ),
            Self::Plenty => (
                "there is more of it than is put right at once; run it again for the rest",
                "il y en a plus que ce qui se corrige en une fois ; relancez pour le reste",
            ),
            Self::Gone => ("what was found is not there any more", "ce qui avait été trouvé n’y est plus"),
        };
        language.choose(english, french)
    }
}
