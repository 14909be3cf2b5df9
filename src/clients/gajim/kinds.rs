//! What each file is to Gajim.

use crate::model::{FileKind, Purpose};

/// `settings.sqlite` of 1.3 and later.
pub const SETTINGS: FileKind = FileKind("settings", Purpose::Settings);
/// The text file `config` of 0.11 to 1.2.
pub const TEXT: FileKind = FileKind("text settings", Purpose::Settings);
/// A file of settings that nothing reads any more: `config.old`, a backup, a temporary file.
pub const LEFTOVER: FileKind = FileKind("leftover copy", Purpose::Leftover);
/// `app-overrides.json` of the system.
pub const OVERRIDES: FileKind = FileKind("app overrides", Purpose::Settings);
/// A certificate that the user accepted.
pub const CERTIFICATE: FileKind = FileKind("accepted certificate", Purpose::Other);
/// The private keys of OMEMO.
pub const OMEMO: FileKind = FileKind("OMEMO keys", Purpose::Keys);
/// The private keys of OTR.
pub const OTR: FileKind = FileKind("OTR keys", Purpose::Keys);
/// The secrets of ended encrypted sessions (0.12 to 1.0).
pub const SESSIONS: FileKind = FileKind("session secrets", Purpose::Keys);
/// The private key of file transfers (up to 1.2).
pub const TRANSFER_KEY: FileKind = FileKind("file transfer key", Purpose::Keys);
/// The key ring of OpenPGP.
pub const OPENPGP: FileKind = FileKind("OpenPGP keys", Purpose::Keys);
/// Whose OpenPGP key belongs to which contact.
pub const OPENPGP_CONTACTS: FileKind = FileKind("OpenPGP contacts", Purpose::Other);
/// The settings of a plugin, a pickle of Python's that nobody should open.
pub const PLUGIN_SETTINGS: FileKind = FileKind("plugin settings", Purpose::Settings);
/// A plugin that the user installed.
pub const PLUGIN: FileKind = FileKind("plugin", Purpose::Code);
/// A file that was received.
pub const DOWNLOAD: FileKind = FileKind("received file", Purpose::Attachments);
/// A log of stanzas.
pub const DEBUG_LOG: FileKind = FileKind("debug log", Purpose::Log);
/// The history of messages.
pub const HISTORY: FileKind = FileKind("message history", Purpose::History);
