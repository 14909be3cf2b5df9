//! What each file is to Gajim.

use crate::model::FileKind;

/// `settings.sqlite` of 1.3 and later.
pub const SETTINGS: FileKind = FileKind("settings");
/// The text file `config` of 0.11 to 1.2.
pub const TEXT: FileKind = FileKind("text settings");
/// A file of settings that nothing reads any more: `config.old`, a backup, a temporary file.
pub const LEFTOVER: FileKind = FileKind("leftover copy");
/// `app-overrides.json` of the system.
pub const OVERRIDES: FileKind = FileKind("app overrides");
/// A certificate that the user accepted.
pub const CERTIFICATE: FileKind = FileKind("accepted certificate");
/// The private keys of OMEMO.
pub const OMEMO: FileKind = FileKind("OMEMO keys");
/// The private keys of OTR.
pub const OTR: FileKind = FileKind("OTR keys");
/// The secrets of ended encrypted sessions (0.12 to 1.0).
pub const SESSIONS: FileKind = FileKind("session secrets");
/// The private key of file transfers (up to 1.2).
pub const TRANSFER_KEY: FileKind = FileKind("file transfer key");
/// The history of messages.
pub const HISTORY: FileKind = FileKind("message history");
