//! What is compared: a reader of ours, and the library that the client uses.

mod keyfile;
mod markup;
mod xml;

use std::panic::{AssertUnwindSafe, catch_unwind};

use clap::ValueEnum;
use fastrand::Rng;

use crate::generate;
use crate::record::Record;

/// A reader of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Subject {
    /// Key files: GLib's `GKeyFile`, as Profanity uses it.
    Keyfile,
    /// `accounts.xml` and the like: libxml2, as libpurple uses it.
    Xml,
    /// `prefs.xml`: GLib's `GMarkup`, as libpurple uses it.
    Markup,
}

/// What our reader makes of a file.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What it read.
    pub record: Record,
    /// Why it refuses the file, if it does.
    pub note: String,
}

impl Subject {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Keyfile, Self::Xml, Self::Markup];

    /// The program that asks the real library.
    pub const fn program(self) -> &'static str {
        match self {
            Self::Keyfile => "glib-keyfile",
            Self::Xml => "libxml2-accept",
            Self::Markup => "glib-markup",
        }
    }

    /// Reads a file. A panic is an outcome like any other, and never the one of the real library.
    pub fn read(self, file: &[u8]) -> Reading {
        let read = match self {
            Self::Keyfile => keyfile::read,
            Self::Xml => xml::read,
            Self::Markup => markup::read,
        };
        catch_unwind(AssertUnwindSafe(|| read(file))).unwrap_or_else(|_| {
            let mut record = Record::default();
            record.push('E', b"panic");
            Reading { record, note: "panic".to_owned() }
        })
    }

    /// Makes up a file.
    pub fn generate(self, rng: &mut Rng) -> Vec<u8> {
        match self {
            Self::Keyfile => generate::key_file(rng),
            Self::Xml | Self::Markup => generate::xml_file(rng),
        }
    }
}
