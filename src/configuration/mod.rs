//! Configurations: what a user, a team or a machine wants of every audit.
//!
//! A configuration is a TOML file, `xmpp-audit.toml` or `.xmpp-audit.toml`. What counts, the last first: the user's
//! own file, the nearest one at or above what is audited, the one named with `--config`, the variables `XMPP_AUDIT_*`,
//! the command line. A value that stands in several of them counts as the strongest says; `[[ignore]]` adds up.
//!
//! Whoever is audited must not be able to hide anything: a configuration that is not the caller's own, or that lies
//! inside of what is audited, can only make things stricter, and a notice lists what else it wanted.

mod file;
mod find;
mod glob;
mod ignore;
mod layer;
mod read;
mod settings;
mod shape;
mod tighten;

pub use file::load;
pub use find::{Located, Place};
pub use glob::{FilePath, Glob};
pub use ignore::Ignore;
pub use layer::{Chosen, Layer, Mention, Origin};
pub use settings::Settings;
pub use tighten::Usual;

/// The JSON Schema (draft 2020-12) of a configuration, read as JSON.
pub const SCHEMA: &str = include_str!("configuration.schema.json");
