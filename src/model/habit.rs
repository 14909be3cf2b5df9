//! What a client does beside logging in: what it shows, keeps, trusts and runs.

use super::words::words;
use super::{Access, Language, Setting};

words! {
    /// Something that a client does because of a setting, or because nothing tells it not to.
    HabitKind {
        /// It answers which program and version it is (XEP-0092).
        ClientShown = "client_shown",
        /// It answers which operating system it runs on.
        SystemShown = "system_shown",
        /// It tells how long the user has been away (XEP-0012, XEP-0319).
        IdleTimeShown = "idle_time_shown",
        /// It tells when the user is typing (XEP-0085).
        TypingShown = "typing_shown",
        /// It tells when a message has arrived or was read (XEP-0184, XEP-0333).
        ReceiptsSent = "receipts_sent",
        /// It tells the local time (XEP-0202).
        LocalTimeShown = "local_time_shown",
        /// It publishes where the user is (XEP-0080).
        PlaceShown = "place_shown",
        /// It publishes what the user listens to (XEP-0118).
        TuneShown = "tune_shown",
        /// It sends the machine's own IP addresses to whom a file is exchanged with (XEP-0065).
        AddressesShown = "addresses_shown",
        /// It signs its presence with an OpenPGP key (XEP-0027).
        KeyShown = "key_shown",
        /// It asks a server of its project something at each start.
        ProjectAsked = "project_asked",
        /// It loads pictures from any server that a message names.
        MediaFetched = "media_fetched",
        /// It trusts every new key unseen.
        NewKeysTrusted = "new_keys_trusted",
        /// It trusts the first key that it sees.
        FirstKeyTrusted = "first_key_trusted",
        /// It imports the keys that strangers send.
        KeysImported = "keys_imported",
        /// It uploads the secret key, encrypted, to the server (XEP-0373).
        KeyBackedUp = "key_backed_up",
        /// It can encrypt end to end and does not insist on it.
        ChatsMayBeClear = "chats_may_be_clear",
        /// Its policy for end-to-end encryption is a word that it does not know, so that anything may happen.
        PolicyUndefined = "policy_undefined",
        /// It writes messages to the disk.
        HistoryKept = "history_kept",
        /// It writes messages to the disk, decrypted, that came end-to-end encrypted.
        DecryptedKept = "decrypted_kept",
        /// It sends files outside the encryption of the chat.
        FilesSentClear = "files_sent_clear",
        /// It accepts files without asking.
        FilesTakenUnasked = "files_taken_unasked",
        /// It does not check certificates where it loads previews.
        PreviewUnverified = "preview_unverified",
        /// It does not check certificates where it uploads files.
        UploadUnverified = "upload_unverified",
        /// It is told not to use the system's keyring.
        KeyringOff = "keyring_off",
        /// It keeps the password of a helper, such as a TURN server, in the clear.
        HelperPassword = "helper_password",
        /// It loads a plugin from a folder of the user's.
        PluginLoaded = "plugin_loaded",
        /// It starts a program that its configuration names.
        CommandRun = "command_run",
        /// It hands what others send to a shell, or starts a program that others can replace.
        ShellRun = "shell_run",
        /// Other programs of the session can make it act.
        RemoteControlled = "remote_controlled",
        /// It is told not to warn of a missing encryption.
        WarningOff = "warning_off",
        /// It keeps keys and messages of accounts that were removed.
        RemovedAccountKept = "removed_account_kept",
        /// A device of a contact is neither trusted nor rejected.
        DeviceUndecided = "device_undecided",
    }
}

/// Something that a client does, and where it is told to.
#[derive(Clone, Debug)]
pub struct Habit {
    /// What it does.
    pub what: Setting<HabitKind>,
    /// The number of the account that it is about; none where it is about the client as a whole.
    pub account: Option<usize>,
    /// Something harmless that tells it from others of its kind: a plugin, a folder, a contact. Never a secret.
    pub detail: Option<String>,
    /// Where it runs code: who can change that.
    pub writable_by: Access,
}

impl Habit {
    /// A habit of the client as a whole.
    #[must_use]
    pub const fn of_client(what: Setting<HabitKind>) -> Self {
        Self { what, account: None, detail: None, writable_by: Access::Unknown }
    }

    /// A habit of an account.
    #[must_use]
    pub const fn of_account(what: Setting<HabitKind>, account: usize) -> Self {
        Self { what, account: Some(account), detail: None, writable_by: Access::Unknown }
    }

    /// The same with what tells it from others of its kind.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
}

impl HabitKind {
    /// What the client does, as the end of a sentence: "Pidgin ...".
    #[must_use]
    pub const fn phrase(self, language: Language) -> &'static str {
        let (english, french) = self.phrases();
        language.choose(english, french)
    }

    const fn phrases(self) -> (&'static str, &'static str) {
        match self {
            Self::ClientShown => (
                "tells whoever asks which program and version it is",
                "indique à qui le demande son nom et sa version",
            ),
            Self::SystemShown => (
                "tells whoever asks which operating system it runs on",
                "indique à qui le demande le système d’exploitation utilisé",
            ),
            Self::IdleTimeShown => (
                "tells contacts how long you have been away",
                "indique aux contacts depuis combien de temps vous êtes absent",
            ),
            Self::TypingShown => {
                ("tells contacts when you are typing", "indique aux contacts que vous êtes en train d’écrire")
            }
            Self::ReceiptsSent => (
                "tells contacts when their message has arrived or was read",
                "indique aux contacts que leur message est arrivé ou a été lu",
            ),
            Self::LocalTimeShown => {
                ("tells contacts your local time", "indique aux contacts l’heure qu’il est chez vous")
            }
            Self::PlaceShown => ("publishes where you are", "publie l’endroit où vous êtes"),
            Self::TuneShown => ("publishes what you are listening to", "publie ce que vous écoutez"),
            Self::AddressesShown => (
                "sends this machine’s own IP addresses to whom you exchange files with",
                "envoie les adresses IP de cette machine aux contacts avec qui vous échangez des fichiers",
            ),
            Self::KeyShown => (
                "signs your presence with your OpenPGP key, for everybody to see",
                "signe votre présence avec votre clé OpenPGP, au vu de tous",
            ),
            Self::ProjectAsked => {
                ("asks a web server of its project at start", "interroge un serveur web de son projet au démarrage")
            }
            Self::MediaFetched => (
                "loads pictures from any server that a message names",
                "charge des images de n’importe quel serveur cité dans un message",
            ),
            Self::NewKeysTrusted => {
                ("trusts every new key unseen", "fait confiance à toute nouvelle clé sans vérification")
            }
            Self::FirstKeyTrusted => {
                ("trusts the first key that it sees", "fait confiance à la première clé qu’il voit")
            }
            Self::KeysImported => {
                ("imports the keys that strangers send", "importe les clés que des inconnus envoient")
            }
            Self::KeyBackedUp => (
                "uploads your secret key, encrypted, to the server",
                "dépose votre clé secrète, chiffrée, sur le serveur",
            ),
            Self::ChatsMayBeClear => (
                "can encrypt end to end but does not insist on it",
                "sait chiffrer de bout en bout mais ne l’exige pas",
            ),
            Self::PolicyUndefined => (
                "does not know the word that stands as its policy for end-to-end encryption",
                "ne connaît pas le mot qui sert de politique de chiffrement de bout en bout",
            ),
            Self::HistoryKept => ("writes your messages to the disk", "écrit vos messages sur le disque"),
            Self::DecryptedKept => (
                "writes end-to-end encrypted messages to the disk, decrypted",
                "écrit sur le disque, déchiffrés, les messages chiffrés de bout en bout",
            ),
            Self::FilesSentClear => (
                "sends files outside the encryption of the chat",
                "envoie les fichiers hors du chiffrement de la conversation",
            ),
            Self::FilesTakenUnasked => ("accepts files without asking", "accepte les fichiers sans rien demander"),
            Self::PreviewUnverified => (
                "does not check certificates when it loads previews",
                "ne vérifie pas les certificats en chargeant les aperçus",
            ),
            Self::UploadUnverified => (
                "does not check certificates when it uploads files",
                "ne vérifie pas les certificats en envoyant des fichiers",
            ),
            Self::KeyringOff => ("does not use the system’s keyring", "n’utilise pas le trousseau du système"),
            Self::HelperPassword => (
                "keeps the password of a helper server in the clear",
                "garde en clair le mot de passe d’un serveur auxiliaire",
            ),
            Self::PluginLoaded => {
                ("loads a plugin from a folder of yours", "charge un greffon depuis l’un de vos dossiers")
            }
            Self::CommandRun => {
                ("starts a program that its configuration names", "lance un programme que sa configuration désigne")
            }
            Self::ShellRun => (
                "hands what others send to a shell, or starts what others can replace",
                "transmet à un shell ce que d’autres envoient, ou lance ce que d’autres peuvent remplacer",
            ),
            Self::RemoteControlled => (
                "lets every program of the session act in your name",
                "laisse tout programme de la session agir en votre nom",
            ),
            Self::WarningOff => {
                ("does not warn you where encryption is missing", "ne vous avertit pas quand le chiffrement manque")
            }
            Self::RemovedAccountKept => (
                "still keeps keys or messages of an account that was removed",
                "garde encore des clés ou des messages d’un compte supprimé",
            ),
            Self::DeviceUndecided => (
                "knows a device of a contact that you have neither trusted nor rejected",
                "connaît un appareil d’un contact que vous n’avez ni accepté ni rejeté",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::language::tests::check_phrases;
    use crate::model::{FileNumber, Place};

    #[test]
    fn every_habit_has_its_phrase() {
        check_phrases(HabitKind::ALL, HabitKind::phrase);
    }

    #[test]
    fn a_detail_changes_nothing_else() {
        let place = Place::of_file(FileNumber(0), "prefs");
        let habit = Habit::of_account(Setting::written(HabitKind::PluginLoaded, place), 3).with_detail("otr");
        assert_eq!((habit.detail.as_deref(), habit.account), (Some("otr"), Some(3)));
        assert_eq!(habit.what.value, HabitKind::PluginLoaded);
    }
}
