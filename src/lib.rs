//! Finds the settings of XMPP chat clients that betray their owner.
//!
//! Files become settings, settings become facts, rules judge facts, reports tell people: each step is one
//! module, and each module knows only the ones before it.
//!
//! | module | from | to |
//! | --- | --- | --- |
//! | [`discover`] | paths | which file is what |
//! | [`source`] | a path | its bytes, read without harm |
//! | [`syntax`] | bytes | values, each with its place |
//! | [`clients`] | values | what the client will do |
//! | [`model`] | | the vocabulary of all of them |
//! | `history` | commits | the secrets that they have published |
//! | `providers` | a domain | what is known about the service |
//! | [`rules`] | facts | findings |
//! | [`policy`] | a name | what is wanted beyond the rules, or short of them |
//! | [`configuration`] | files, variables | what is wanted of every audit |
//! | [`baseline`] | findings | which of them are new |
//! | [`report`] | findings | text and JSON |
//! | [`fix`] | findings | files put right |
//! | [`sandbox`] | what a run needs | everything else is given up |
#![forbid(unsafe_code)]

mod audit;
pub mod baseline;
pub mod cli;
pub mod clients;
pub mod configuration;
mod contained;
pub mod discover;
pub mod finding;
pub mod fix;
mod history;
pub mod installed;
pub mod model;
pub mod policy;
mod providers;
mod releases;
pub mod report;
pub mod repository;
pub mod rules;
pub mod sandbox;
pub mod source;
pub mod syntax;

pub use audit::{AuditError, Left, Mended, Progress, Request, Search, Stray, Untold, audit, needed};
