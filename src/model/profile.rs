//! One client's files for one user, read together.

use std::path::{Path, PathBuf};

use super::limits::{self, Plenty};
use super::words::words;
use super::{
    Account, Bounded, ClientVersion, Command, Conversation, FileKind, FileNumber, Habit, Language, Place,
    ProfileFile, Published, Remark, Room, Setting, StoredProxy,
};

/// The name of a client, lower case: `pidgin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientName(pub &'static str);

/// One client's files for one user, read together: what decides stands in several of them.
#[derive(Debug)]
pub struct Profile {
    /// The client.
    pub client: ClientName,
    /// The folder of the profile, or its only file.
    pub root: PathBuf,
    /// Every file that was read or looked at, whether or not that worked.
    pub files: Vec<ProfileFile>,
    /// The accounts that speak XMPP.
    pub accounts: Bounded<Account>,
    /// The rooms that the client remembers.
    pub rooms: Bounded<Room>,
    /// The contacts that the client remembers.
    pub contacts: Bounded<Room>,
    /// Every proxy that is written down.
    pub proxies: Bounded<StoredProxy>,
    /// Certificates that the user once accepted.
    pub certificate_exceptions: Bounded<CertificateException>,
    /// A folder of certificate authorities that the client trusts besides the system's.
    pub extra_authority: Option<Setting<ExtraAuthority>>,
    /// The account whose weak policy infects the logins that follow it, by number.
    pub policy_spreads_from: Option<usize>,
    /// Settings that stand in a file and do nothing.
    pub idle_settings: Bounded<IdleSetting>,
    /// Ways of starting the client that betray the user.
    pub launches: Bounded<Launch>,
    /// What the client does beside logging in, and should perhaps not.
    pub habits: Bounded<Habit>,
    /// Commands kept for the user that betray him.
    pub commands: Bounded<Command>,
    /// The conversations that are open.
    pub conversations: Bounded<Conversation>,
    /// The version of the client, as far as it is known.
    pub version: Option<ClientVersion>,
    /// Whether some enabled accounts go through Tor and others do not, so that what belongs to none goes directly.
    pub proxies_mixed: bool,
    /// The secrets that a commit has published, where the files are versions out of a repository's history. Nothing
    /// else is judged then.
    pub published: Bounded<Published>,
    /// What could not be looked at, beside the profile's files.
    pub notices: Vec<Notice>,
}

impl Profile {
    /// A profile in which nothing was found yet.
    #[must_use]
    pub const fn new(client: ClientName, root: PathBuf) -> Self {
        Self {
            client,
            root,
            files: Vec::new(),
            accounts: Bounded::new(limits::ACCOUNTS),
            rooms: Bounded::new(limits::ROOMS),
            contacts: Bounded::new(limits::CONTACTS),
            proxies: Bounded::new(limits::ENTRIES),
            certificate_exceptions: Bounded::new(limits::ENTRIES),
            extra_authority: None,
            policy_spreads_from: None,
            idle_settings: Bounded::new(limits::ENTRIES),
            launches: Bounded::new(limits::ENTRIES),
            habits: Bounded::new(limits::ENTRIES),
            commands: Bounded::new(limits::ENTRIES),
            conversations: Bounded::new(limits::CONTACTS),
            version: None,
            proxies_mixed: false,
            published: Bounded::new(limits::ENTRIES),
            notices: Vec::new(),
        }
    }

    /// Adds a file and says its number.
    pub fn add_file(&mut self, file: ProfileFile) -> FileNumber {
        self.files.push(file);
        FileNumber(self.files.len() - 1)
    }

    /// Notes that a file could not be looked at.
    pub fn note(&mut self, path: &Path, kind: FileKind, trouble: Trouble) {
        self.notices.push(Notice { path: path.to_owned(), kind: Some(kind), trouble });
    }

    /// Notes that a file holds more than is looked at.
    pub fn note_plenty(&mut self, number: FileNumber, what: Plenty, most: usize) {
        let Some(file) = self.file(number) else { return };
        let trouble = Trouble::TooMany { what, most };
        let notice = Notice { path: file.path.clone(), kind: Some(file.kind), trouble };
        if !self.notices.contains(&notice) {
            self.notices.push(notice);
        }
    }

    /// Notes every file of which something was left out because there was too much of it.
    pub fn note_what_was_left_out(&mut self) {
        let left_out: Vec<_> = [
            left_out(&self.accounts, Plenty::Accounts),
            left_out(&self.rooms, Plenty::Rooms),
            left_out(&self.contacts, Plenty::Contacts),
            left_out(&self.conversations, Plenty::Contacts),
            left_out(&self.proxies, Plenty::Entries),
            left_out(&self.certificate_exceptions, Plenty::Entries),
            left_out(&self.idle_settings, Plenty::Entries),
            left_out(&self.launches, Plenty::Entries),
            left_out(&self.habits, Plenty::Entries),
            left_out(&self.commands, Plenty::Entries),
            left_out(&self.published, Plenty::Entries),
        ]
        .concat();
        for (number, what, most) in left_out {
            self.note_plenty(number, what, most);
        }
    }

    /// The file of that number.
    #[must_use]
    pub fn file(&self, number: FileNumber) -> Option<&ProfileFile> {
        self.files.get(number.0)
    }

    /// The file of that number, to be changed.
    pub fn file_mut(&mut self, number: FileNumber) -> Option<&mut ProfileFile> {
        self.files.get_mut(number.0)
    }
}

fn left_out<T>(list: &Bounded<T>, what: Plenty) -> Vec<(FileNumber, Plenty, usize)> {
    list.left_out().iter().map(|number| (*number, what, list.most())).collect()
}

/// A certificate that the user once accepted, and that is trusted ever after.
#[derive(Clone, Debug)]
pub struct CertificateException {
    /// Where it stands.
    pub place: Place,
    /// The host or fingerprint that it is kept under.
    pub name: String,
    /// Whether it is accepted for every host name.
    pub every_host: bool,
    /// Whether the certificate names itself as its issuer; none where the certificate itself is not kept.
    pub self_signed: Option<bool>,
}

words! {
    /// Where a further folder of certificate authorities lies.
    ExtraAuthority {
        /// A system folder that only the superuser can change.
        System = "system",
        /// In a home directory.
        Home = "home",
        /// Others can write to it.
        Writable = "writable",
        /// There is no such folder: the setting has no effect.
        Missing = "missing",
        /// The setting is empty; the client's TLS cannot start.
        Empty = "empty",
    }
}

words! {
    /// Why a setting that stands in a file does nothing.
    Idle {
        /// The same setting stands again, with another value, and that one counts.
        Duplicate = "duplicate",
        /// It is of the wrong type.
        WrongType = "wrong_type",
        /// Its value is not one that the client can read.
        Unreadable = "unreadable",
        /// The client cannot read its value, and takes it for false.
        ReadAsFalse = "read_as_false",
        /// Another version of the client used it.
        OtherGeneration = "other_generation",
        /// It stands after a line at which the client stops reading.
        AfterFault = "after_fault",
        /// Another setting takes precedence.
        Overridden = "overridden",
        /// It stands in a place in which the client does not look for it.
        WrongPlace = "wrong_place",
    }
}

impl Idle {
    /// The reason as the end of a sentence: "... has no effect: ...".
    #[must_use]
    pub const fn phrase(self, language: Language) -> &'static str {
        let (english, french) = match self {
            Self::Duplicate => (
                "it is written twice, and the other one counts",
                "il est écrit deux fois et c’est l’autre qui compte",
            ),
            Self::WrongType => ("it is of the wrong type", "il n’est pas du bon type"),
            Self::Unreadable => ("the client cannot read its value", "le client ne peut pas lire sa valeur"),
            Self::ReadAsFalse => (
                "the client cannot read its value and takes it for “false”",
                "le client ne peut pas lire sa valeur et la prend pour « false »",
            ),
            Self::OtherGeneration => {
                ("this version of the client does not go by it", "cette version du client n’en tient pas compte")
            }
            Self::AfterFault => ("the client stops reading before it", "le client arrête de lire avant lui"),
            Self::Overridden => ("another setting takes precedence", "un autre réglage l’emporte"),
            Self::WrongPlace => {
                ("the client does not look for it there", "le client ne le cherche pas à cet endroit")
            }
        };
        language.choose(english, french)
    }
}

/// A setting that stands in a file and does nothing.
#[derive(Clone, Debug)]
pub struct IdleSetting {
    /// Its name, in the client's spelling.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// The account that it belongs to, by number.
    pub account: Option<usize>,
    /// Why it does nothing.
    pub reason: Idle,
}

words! {
    /// What a way of starting a client does to its user.
    LaunchEffect {
        /// The client is kept from finding its TLS library and goes on without.
        TlsOff = "tls_off",
        /// The stanzas, passwords among them, are written to a log.
        StanzasLogged = "stanzas_logged",
        /// A proxy is set that the client does not look at.
        ProxyIgnored = "proxy_ignored",
        /// Code is loaded from a folder that a variable names.
        PluginFolder = "plugin_folder",
        /// TLS is turned off for the whole run.
        TlsDisabled = "tls_disabled",
    }
}

/// A line in a shell profile, desktop entry, unit or override that changes how a client starts.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The client that is meant.
    pub client: ClientName,
    /// Where the line stands.
    pub place: Place,
    /// The variable or option that does it: `GIO_USE_TLS`, `--print-xmpp`.
    pub word: String,
    /// What it does.
    pub effect: LaunchEffect,
    /// Whether a profile of that client was found as well; none where nobody looked.
    pub client_used: Option<bool>,
}

/// Something that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The path it is about.
    pub path: PathBuf,
    /// What it is to its client, where that is known.
    pub kind: Option<FileKind>,
    /// Why it could not be looked at.
    pub trouble: Trouble,
}

/// Why something could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The system refused.
    PermissionDenied,
    /// It is no regular file: a folder, pipe, socket or device.
    NotRegular,
    /// It is larger than the bound, in bytes.
    TooLarge {
        /// Its size.
        size: u64,
        /// The bound.
        bound: u64,
    },
    /// There is more of something in it than is looked at.
    TooMany {
        /// Of what.
        what: Plenty,
        /// How many are looked at.
        most: usize,
    },
    /// It changed while it was being read, several times.
    KeepsChanging,
    /// A symbolic link leads to nothing.
    DanglingLink,
    /// A symbolic link leads to itself.
    LinkLoop,
    /// A symbolic link of one user leads to a file of another, which not everybody may read.
    ForeignLink,
    /// It lies in more folders than [`super::limits::DEPTH`].
    TooDeep,
    /// Its permissions allow to read it, and yet it must not be: it lies outside of what this run may see.
    OutOfBounds,
    /// It was made to keep its reader busy, or is larger than anybody's.
    TakesTooLong,
    /// The program itself failed on it, at this place of its own source.
    Failure {
        /// File and line.
        place: String,
    },
    /// It does not exist.
    Missing,
    /// It is empty, binary or something else that is not this client's file.
    Foreign,
    /// It is encrypted.
    Encrypted,
    /// It is kept encrypted on purpose, by what is named: nothing can be said about it.
    KeptEncrypted(&'static str),
    /// A client's settings stand in a text of Nix, for home-manager to write out.
    InNixText,
    /// A journal beside the database says that its last write did not end.
    HotJournal,
    /// It was asked to be left out.
    Excluded,
    /// It is a configuration or a baseline, and says something in vain.
    Remark(Remark),
    /// It lies in no git repository, so there is no history to look through.
    NoRepository,
    /// The git repository is of a kind that cannot be read.
    UnknownRepository,
    /// The git repository holds only the newest part of its history.
    Shallow,
    /// Objects of the git repository are not there.
    MissingObjects {
        /// How many were looked for in vain.
        count: usize,
    },
    /// Objects of the git repository cannot be read.
    BrokenObjects {
        /// How many.
        count: usize,
    },
    /// Versions of files in a git repository are larger than the bound.
    LargeVersions {
        /// How many.
        count: usize,
    },
    /// The same folders stand at so many paths of a git repository that not all were looked at.
    TooManyPaths,
    /// It is a symbolic link, and such links are not followed.
    NotFollowed,
    /// It lies on another file system than the home.
    OtherFileSystem,
    /// More could not be looked at than is named.
    Further {
        /// How much more.
        count: usize,
    },
    /// Another error of the system, in its words.
    System(String),
}

impl Trouble {
    /// Whether something stays unseen because of it that should have been looked at.
    #[must_use]
    pub const fn makes_incomplete(&self) -> bool {
        !matches!(
            self,
            Self::Foreign
                | Self::KeptEncrypted(_)
                | Self::InNixText
                | Self::Excluded
                | Self::NotFollowed
                | Self::Remark(_)
        )
    }

    /// What happened and what to do about it, as a sentence.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let french = language == Language::French;
        match self {
            Self::TooLarge { size, bound } if french => format!(
                "Le fichier est trop grand pour être lu ({size} octets, {bound} au plus) : vérifiez que c’est bien celui du client, ou relevez la limite avec --max-file-size."
            ),
            Self::TooLarge { size, bound } => format!(
                "The file is too large to be read ({size} bytes, {bound} at most): see whether it really is the client’s, or raise the bound with --max-file-size."
            ),
            Self::TooMany { what, most } => what.sentence(*most, language),
            Self::KeptEncrypted(by) if french => format!(
                "Il est chiffré ({by}) et n’a pas été examiné : auditez le fichier déchiffré pour en savoir plus."
            ),
            Self::KeptEncrypted(by) => {
                format!("It is kept encrypted ({by}) and was not looked at: audit the decrypted file to know more.")
            }
            Self::MissingObjects { count } if french => format!(
                "Des objets du dépôt git manquent ({count}), l’historique n’a donc été examiné qu’en partie : récupérez-les (`git fetch`, ou `git fsck` pour savoir lesquels)."
            ),
            Self::MissingObjects { count } => format!(
                "Objects of the git repository are missing ({count}), so the history was looked at only in part: fetch them (`git fetch`; `git fsck` names them)."
            ),
            Self::BrokenObjects { count } if french => format!(
                "Des objets du dépôt git sont illisibles ({count}), l’historique n’a donc été examiné qu’en partie : `git fsck` dit lesquels."
            ),
            Self::BrokenObjects { count } => format!(
                "Objects of the git repository cannot be read ({count}), so the history was looked at only in part: `git fsck` names them."
            ),
            Self::LargeVersions { count } if french => format!(
                "Des versions de fichiers dans le dépôt git sont trop grandes pour être lues ({count}) : relevez la limite avec --max-file-size."
            ),
            Self::LargeVersions { count } => format!(
                "Versions of files in the git repository are too large to be read ({count}): raise the bound with --max-file-size."
            ),
            Self::Further { count } if french => format!(
                "Ici ou plus bas, {count} autres fichiers ou dossiers n’ont pas pu être examinés : lancez l’audit en root, ou dossier par dossier."
            ),
            Self::Further { count } => format!(
                "Here or further down, {count} more files or folders could not be looked at: run the audit as root, or folder by folder."
            ),
            Self::Failure { place } if french => format!(
                "Le programme lui-même a échoué sur ce fichier ({place}) ; le reste a été examiné. Merci de signaler cet endroit, sans le fichier."
            ),
            Self::Failure { place } => format!(
                "The program itself failed on this file ({place}); the rest was looked at. Please report this place, without the file."
            ),
            Self::System(error) if french => format!("Le système n’a pas pu le lire : {error}."),
            Self::System(error) => format!("The system could not read it: {error}."),
            Self::Remark(remark) => remark.sentence(language),
            plain => plain.plain_sentence(language).to_owned(),
        }
    }

    const fn plain_sentence(&self, language: Language) -> &'static str {
        let (english, french) = match self {
            Self::PermissionDenied => (
                "Permission denied: run the audit as the user who owns it, or as root.",
                "Permission refusée : lancez l’audit avec l’utilisateur à qui il appartient, ou en root.",
            ),
            Self::NotRegular => (
                "It is not a regular file (a folder, pipe, socket or device) and was not opened.",
                "Ce n’est pas un fichier ordinaire (dossier, tube, socket ou périphérique) ; il n’a pas été ouvert.",
            ),
            Self::KeepsChanging => (
                "It kept changing while it was read: close the client and audit again.",
                "Il changeait sans cesse pendant la lecture : fermez le client et relancez l’audit.",
            ),
            Self::DanglingLink => (
                "It is a symbolic link to something that does not exist: repair or remove the link.",
                "C’est un lien symbolique vers quelque chose qui n’existe pas : réparez-le ou supprimez-le.",
            ),
            Self::InNixText => (
                "A client’s settings stand in a text of Nix here and were not looked at: audit what home-manager makes of them, in the home directory.",
                "Les réglages d’un client se trouvent ici dans un texte Nix et n’ont pas été examinés : auditez ce que home-manager en fait, dans le dossier personnel.",
            ),
            Self::LinkLoop => (
                "It is a symbolic link that leads back to itself: remove the link.",
                "C’est un lien symbolique qui tourne en rond : supprimez-le.",
            ),
            Self::ForeignLink => (
                "A symbolic link of one user leads to a file of another user, which not everybody may read, so it was not followed: audit that file as its owner, or by its own path.",
                "Un lien symbolique d’un utilisateur mène à un fichier d’un autre, que tout le monde n’a pas le droit de lire ; il n’a pas été suivi : auditez ce fichier avec son propriétaire, ou par son propre chemin.",
            ),
            Self::TooDeep => (
                "It lies more than 256 folders deep, where no client keeps anything, and was not opened: see whether somebody put it there to keep readers busy.",
                "Il se trouve à plus de 256 dossiers de profondeur, où aucun client ne garde rien, et n’a pas été ouvert : voyez si quelqu’un l’y a mis pour occuper ses lecteurs.",
            ),
            Self::OutOfBounds => (
                "It lies outside of what this run may read, most likely behind a link: give its own folder as a further path, or say --sandbox off if you trust what you audit.",
                "Il se trouve hors de ce que cette exécution peut lire, sans doute derrière un lien : donnez aussi son propre dossier, ou --sandbox off si vous faites confiance à ce que vous auditez.",
            ),
            Self::TakesTooLong => (
                "Reading it took so long that it was ended: see whether it was made to keep its readers busy.",
                "Sa lecture durait si longtemps qu’elle a été interrompue : voyez s’il n’a pas été fait pour occuper ses lecteurs.",
            ),
            Self::Missing => ("It does not exist.", "Il n’existe pas."),
            Self::Foreign => (
                "It is no file of the clients that were looked for, so it was passed over: `xmpp-audit clients` lists what is read.",
                "Ce n’est pas un fichier des clients recherchés, il a donc été ignoré : `xmpp-audit clients` énumère ce qui est lu.",
            ),
            Self::Encrypted => (
                "It is encrypted, so nothing can be said about it: audit the decrypted file.",
                "Il est chiffré, on ne peut donc rien en dire : auditez le fichier déchiffré.",
            ),
            Self::HotJournal => (
                "A rollback journal beside it says that its last write did not end: start and quit the client, then audit again.",
                "Un journal d’annulation à côté indique que sa dernière écriture ne s’est pas terminée : lancez puis quittez le client, et relancez l’audit.",
            ),
            Self::Excluded => (
                "An `exclude` of the configuration, or --exclude, leaves it out.",
                "Un `exclude` de la configuration, ou --exclude, l’écarte.",
            ),
            Self::NotFollowed => (
                "It is a symbolic link, and --follow-symlinks never leaves it alone.",
                "C’est un lien symbolique, et --follow-symlinks never n’y touche pas.",
            ),
            Self::OtherFileSystem => (
                "It lies on another file system than the home and was not looked at: --one-file-system=false looks there, too.",
                "Il se trouve sur un autre système de fichiers que le dossier personnel et n’a pas été examiné : --one-file-system=false l’examine aussi.",
            ),
            Self::NoRepository => (
                "There is no git repository around it, so there is no history to look through: give a path in one.",
                "Aucun dépôt git ne l’entoure, il n’y a donc pas d’historique à examiner : donnez un chemin dans un dépôt.",
            ),
            Self::UnknownRepository => (
                "The git repository cannot be read (references in a “reftable”, unknown kind of hash, links or devices in its folder): audit a fresh clone of it.",
                "Le dépôt git ne peut pas être lu (références dans une « reftable », hachage inconnu, liens ou périphériques dans son dossier) : auditez-en un clone récent.",
            ),
            Self::Shallow => (
                "The clone is shallow, so only the newest part of the history was looked at: `git fetch --unshallow` gets the rest (with actions/checkout: `fetch-depth: 0`).",
                "Le clone est superficiel, seule la partie la plus récente de l’historique a donc été examinée : `git fetch --unshallow` récupère le reste (avec actions/checkout : `fetch-depth: 0`).",
            ),
            Self::TooManyPaths => (
                "The same folders stand at very many paths of the git repository, and not all of them were looked at: see whether it was made to keep its readers busy.",
                "Les mêmes dossiers se trouvent à de très nombreux chemins du dépôt git, qui n’ont pas tous été examinés : voyez s’il n’a pas été fait pour occuper ses lecteurs.",
            ),
            Self::TooLarge { .. }
            | Self::TooMany { .. }
            | Self::KeptEncrypted(_)
            | Self::System(_)
            | Self::Failure { .. }
            | Self::Remark(_)
            | Self::MissingObjects { .. }
            | Self::BrokenObjects { .. }
            | Self::LargeVersions { .. }
            | Self::Further { .. } => ("", ""),
        };
        language.choose(english, french)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::language::tests::check_phrases;
    use crate::model::{Access, Format, Purpose, Tracked};

    const KIND: FileKind = FileKind("accounts", Purpose::Settings);

    fn file(path: &str) -> ProfileFile {
        ProfileFile {
            path: path.into(),
            kind: KIND,
            mode: None,
            readable_by: Access::Unknown,
            writable_by: Access::Unknown,
            holds_secret: false,
            text: None,
            damage: None,
            format: Format::Known,
            version: None,
            tracked: Tracked::Unknown,
            journal_missing: false,
            alike: Vec::new(),
        }
    }

    #[test]
    fn a_file_is_found_by_the_number_it_was_given() {
        let mut profile = Profile::new(ClientName("pidgin"), "/home/alice/.purple".into());
        let numbers = ["accounts.xml", "blist.xml", "prefs.xml"].map(|path| profile.add_file(file(path)));
        assert_eq!(numbers, [FileNumber(0), FileNumber(1), FileNumber(2)]);
        assert_eq!(profile.file(FileNumber(1)).unwrap().path, Path::new("blist.xml"));
        profile.file_mut(FileNumber(1)).unwrap().holds_secret = true;
        assert!(profile.file(FileNumber(1)).unwrap().holds_secret);
        assert!(profile.file(FileNumber(3)).is_none() && profile.file_mut(FileNumber(3)).is_none());
    }

    #[test]
    fn a_file_that_could_not_be_read_is_noted_and_no_file() {
        let mut profile = Profile::new(ClientName("pidgin"), "/home/alice/.purple".into());
        profile.note(Path::new("accounts.xml"), KIND, Trouble::PermissionDenied);
        let notice = Notice { path: "accounts.xml".into(), kind: Some(KIND), trouble: Trouble::PermissionDenied };
        assert_eq!(profile.notices, [notice]);
        assert!(profile.files.is_empty());
    }

    #[test]
    fn every_reason_has_its_phrase() {
        check_phrases(Idle::ALL, Idle::phrase);
    }

    #[test]
    fn every_trouble_is_a_sentence_in_each_language() {
        let troubles = [
            Trouble::PermissionDenied,
            Trouble::NotRegular,
            Trouble::TooLarge { size: 70_000_000, bound: 64_000_000 },
            Trouble::TooMany { what: Plenty::Rooms, most: 5_000 },
            Trouble::KeepsChanging,
            Trouble::DanglingLink,
            Trouble::LinkLoop,
            Trouble::ForeignLink,
            Trouble::OutOfBounds,
            Trouble::TooDeep,
            Trouble::TakesTooLong,
            Trouble::Failure { place: "src/syntax/xml.rs:7".into() },
            Trouble::Missing,
            Trouble::Foreign,
            Trouble::Encrypted,
            Trouble::KeptEncrypted("git-crypt"),
            Trouble::InNixText,
            Trouble::HotJournal,
            Trouble::Excluded,
            Trouble::Remark(Remark::Broken("line 1".into())),
            Trouble::NoRepository,
            Trouble::UnknownRepository,
            Trouble::Shallow,
            Trouble::MissingObjects { count: 3 },
            Trouble::BrokenObjects { count: 3 },
            Trouble::LargeVersions { count: 3 },
            Trouble::TooManyPaths,
            Trouble::System("Input/output error (os error 5)".into()),
        ];
        let mut seen = std::collections::HashSet::new();
        for trouble in &troubles {
            for language in Language::ALL {
                let sentence = trouble.sentence(*language);
                assert!(sentence.starts_with(char::is_uppercase) && sentence.ends_with('.'), "{sentence}");
                assert!(seen.insert(sentence), "{trouble:?} says what another says");
            }
            let on_purpose = matches!(
                trouble,
                Trouble::Foreign
                    | Trouble::KeptEncrypted(_)
                    | Trouble::InNixText
                    | Trouble::Excluded
                    | Trouble::Remark(_)
            );
            assert_eq!(trouble.makes_incomplete(), !on_purpose);
        }
        for (language, word) in [(Language::English, "bytes"), (Language::French, "octets")] {
            let sentence = Trouble::TooLarge { size: 70_000_000, bound: 64_000_000 }.sentence(language);
            assert!(sentence.contains("70000000") && sentence.contains("64000000") && sentence.contains(word));
            let sentence = Trouble::System("os error 5".into()).sentence(language);
            assert!(sentence.contains("os error 5"));
            assert_eq!(sentence.starts_with("Le système"), language == Language::French);
        }
    }
}
