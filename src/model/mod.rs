//! The vocabulary: what clients' files say, in the field's own terms. No I/O, no judgement.

mod account;
mod address;
mod bounded;
mod command;
mod commit;
mod conversation;
mod exposure;
mod file;
mod habit;
mod imprint;
mod language;
pub mod limits;
pub(crate) mod packed;
mod place;
mod profile;
mod proxy;
mod published;
mod remark;
mod repair;
mod room;
mod secret;
mod setting;
mod text;
mod version;
pub(crate) mod words;

pub use account::{
    Account, CertificateCheck, CleartextLogin, Encryption, EndToEnd, LoginKind, PasswordCommand, TlsFloor,
    Transport,
};
pub use address::{Address, AddressFault, normal_domain};
pub use bounded::{Bounded, Placed};
pub use command::{Command, CommandEffect};
pub use commit::Commit;
pub use conversation::{Conversation, ConversationEncryption};
pub use exposure::{Certificate, Exposure, Login, Outcome, Server, TlsOffer};
pub use file::{Access, Damage, Fault, FileKind, Format, Loss, ProfileFile, Purpose, Tracked};
pub use habit::{Habit, HabitKind};
pub use imprint::Imprint;
pub use language::Language;
pub use limits::Plenty;
pub use place::{Cell, Excerpt, FileNumber, Place, Span, Spot};
pub use profile::{
    CertificateException, ClientName, ExtraAuthority, Idle, IdleSetting, Launch, LaunchEffect, Notice, Profile,
    Trouble,
};
pub use proxy::{Bypass, NameLeak, Proxy, ProxyFault, ProxyKind, StoredProxy, Tor, is_loopback};
pub use published::{Published, PublishedSecret, Standing};
pub use remark::Remark;
pub use repair::{Change, Edit, RowChange, RowEdit, Safety, Scalar, Splice, Step, Unrepairable, Wish};
pub use room::{Room, RoomFault};
pub use secret::Secret;
pub use setting::{Origin, Setting};
pub use text::{MASK, Position, Text, TextPart};
pub(crate) use text::{count_in_text, masked, whole_characters};
pub use version::{ClientVersion, Version, VersionSource};
