//! Where libpurple keeps its files, and what it calls them.

use crate::clients::{Base, KnownPlace};
use crate::model::{FileKind, Purpose};

/// `accounts.xml`: accounts, passwords in the clear.
pub(super) const ACCOUNTS: FileKind = FileKind("accounts", Purpose::Settings);
/// `blist.xml`: contacts and rooms.
pub(super) const BUDDIES: FileKind = FileKind("buddy list", Purpose::Settings);
/// `prefs.xml`: settings of the client as a whole.
pub(super) const PREFERENCES: FileKind = FileKind("preferences", Purpose::Settings);
/// `status.xml`: saved statuses. Nothing in it matters here.
pub(super) const STATUSES: FileKind = FileKind("saved statuses", Purpose::Settings);
/// `pounces.xml`: what to do when a contact comes online. Only the commands in it matter here.
pub(super) const POUNCES: FileKind = FileKind("buddy pounces", Purpose::Settings);
/// A copy that libpurple does not read: `accounts.xml~`, `accounts.xml.save`, files of Gaim before 2.0.
pub(super) const LEFTOVER: FileKind = FileKind("leftover copy", Purpose::Leftover);
/// `otr.private_key`: the private keys of pidgin-otr.
pub(super) const OTR_KEYS: FileKind = FileKind("OTR keys", Purpose::Keys);
/// `*_axc_db.sqlite`: the private keys of lurch.
pub(super) const OMEMO_KEYS: FileKind = FileKind("OMEMO keys", Purpose::Keys);
/// `otr.fingerprints`: the contacts of pidgin-otr, and whose keys were verified.
pub(super) const OTR_FINGERPRINTS: FileKind = FileKind("OTR fingerprints", Purpose::Other);
/// `*_omemo_db.sqlite`: the contacts of lurch and their devices.
pub(super) const OMEMO_DEVICES: FileKind = FileKind("OMEMO devices", Purpose::Other);
/// `logs/jabber/ACCOUNT/CONTACT/*`: a conversation.
pub(super) const LOG: FileKind = FileKind("conversation log", Purpose::History);
/// `plugins/*`: code.
pub(super) const PLUGIN: FileKind = FileKind("plugin", Purpose::Code);
/// `certificates/x509/tls_peers/NAME`: a certificate that the user accepted.
pub(super) const CERTIFICATE: FileKind = FileKind("accepted certificate", Purpose::Other);

/// The names that libpurple itself gives its files.
pub(super) const FILE_NAMES: [(&str, FileKind); 5] = [
    ("accounts.xml", ACCOUNTS),
    ("blist.xml", BUDDIES),
    ("prefs.xml", PREFERENCES),
    ("status.xml", STATUSES),
    ("pounces.xml", POUNCES),
];

/// Where accepted certificates lie within the folder.
pub(super) const TLS_PEERS: [&str; 3] = ["certificates", "x509", "tls_peers"];

/// Every file of a folder of libpurple's, for each of these folders.
macro_rules! places {
    ($($base:ident $folder:literal,)+) => {
        &[$(
            KnownPlace::new(Base::$base, concat!($folder, "/accounts.xml"), ACCOUNTS),
            KnownPlace::new(Base::$base, concat!($folder, "/blist.xml"), BUDDIES),
            KnownPlace::new(Base::$base, concat!($folder, "/prefs.xml"), PREFERENCES),
            KnownPlace::new(Base::$base, concat!($folder, "/status.xml"), STATUSES),
            KnownPlace::new(Base::$base, concat!($folder, "/pounces.xml"), POUNCES),
            KnownPlace::new(Base::$base, concat!($folder, "/*.xml~"), LEFTOVER),
            KnownPlace::new(Base::$base, concat!($folder, "/*.xml.save"), LEFTOVER),
            KnownPlace::new(Base::$base, concat!($folder, "/otr.private_key"), OTR_KEYS),
            KnownPlace::new(Base::$base, concat!($folder, "/otr.fingerprints"), OTR_FINGERPRINTS),
            KnownPlace::new(Base::$base, concat!($folder, "/*_axc_db.sqlite"), OMEMO_KEYS),
            KnownPlace::new(Base::$base, concat!($folder, "/*_omemo_db.sqlite"), OMEMO_DEVICES),
        )+
        KnownPlace::new(Base::Home, ".gaim/accounts.xml", LEFTOVER),
        KnownPlace::new(Base::Home, ".gaim/blist.xml", LEFTOVER),
        KnownPlace::new(Base::Home, ".gaim/prefs.xml", LEFTOVER),
        KnownPlace::new(Base::Home, ".gaim/otr.private_key", OTR_KEYS),
        ]
    };
}

/// Where libpurple keeps its files below a home directory. Accepted certificates, logs and plugins are not
/// listed: the folder of a profile that was found is asked for them.
pub(super) const KNOWN: &[KnownPlace] = places! {
    Home ".purple",
    // im.pidgin.Pidgin on Flathub persists `.purple` within its own home.
    Home ".var/app/im.pidgin.Pidgin/.purple",
    // `current`, `common`, and the numbered folders of earlier revisions.
    Home "snap/*/*/.purple",
    // Windows, by its new and its old name.
    Home "AppData/Roaming/.purple",
    Home "Application Data/.purple",
    // Pidgin 3.
    Config "purple",
};
