//! Configurations as they lie on the disk, put together with the ones that they extend.

use std::fs;
use std::path::{Path, PathBuf};

use super::layer::Layer;
use super::read::{self, Read};
use crate::model::{FileKind, Language, Purpose};
use crate::rules::RuleError;
use crate::source::{Bounds, Reader};

/// What a configuration is to the reader of files.
const KIND: FileKind = FileKind("configuration", Purpose::Other);

/// The largest configuration that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// How many configurations a chain may have.
const LONGEST_CHAIN: usize = 8;

/// A configuration with the ones that it extends. Its patterns are for the files below `folder`, those of what it
/// extends for the files below where that lies.
///
/// # Errors
/// Says what is wrong with it or one that it extends, and on which line.
pub fn load(path: &Path, folder: &Path) -> Result<Layer, RuleError> {
    let mut seen = vec![real(path)];
    let mut read = read_file(path, folder).map_err(|wrong| wrong.into_error(path))?;
    let mut layer = read.layer;
    let mut from = path.to_owned();
    while let Some((extended, line)) = read.extends {
        let wrong = |message: String| RuleError::new(&from.display().to_string(), line, message);
        if seen.contains(&real(&extended)) {
            return Err(wrong(format!("{} extends this configuration, directly or by others", extended.display())));
        }
        if seen.len() == LONGEST_CHAIN {
            return Err(wrong(format!("more than {LONGEST_CHAIN} configurations extend each other")));
        }
        seen.push(real(&extended));
        let folder = real(&extended).parent().unwrap_or(Path::new("")).to_owned();
        read = read_file(&extended, &folder).map_err(|error| match error {
            Wrong::Unreadable(why) => wrong(format!("{} cannot be read: {why}", extended.display())),
            Wrong::Content(error) => error,
        })?;
        layer = read.layer.under(layer);
        from = extended;
    }
    Ok(layer)
}

/// A configuration by itself, and whether it would extend another one.
///
/// # Errors
/// Says what is wrong with it, and on which line.
pub(super) fn load_alone(path: &Path) -> Result<(Layer, bool), RuleError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let read = read_file(path, folder).map_err(|wrong| wrong.into_error(path))?;
    Ok((read.layer, read.extends.is_some()))
}

/// Why there is nothing to go by.
enum Wrong {
    Unreadable(String),
    Content(RuleError),
}

impl Wrong {
    fn into_error(self, path: &Path) -> RuleError {
        match self {
            Self::Unreadable(why) => {
                RuleError::of_path(path, format!("the configuration {} cannot be read: {why}", path.display()))
            }
            Self::Content(error) => error,
        }
    }
}

fn read_file(path: &Path, folder: &Path) -> Result<Read, Wrong> {
    let reader = Reader::new(Bounds { text: LARGEST, ..Bounds::default() });
    let (_, bytes) = reader.read(path, KIND).map_err(|trouble| {
        Wrong::Unreadable(trouble.sentence(Language::English).trim_end_matches('.').to_owned())
    })?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Wrong::Unreadable("it is no UTF-8".to_owned()))?;
    read::read(path, text, folder).map_err(Wrong::Content)
}

fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
