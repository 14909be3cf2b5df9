//! With which files a process of a client's name was started.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::process::{Process, Variables};
use super::sought::{Identity, Sought, identity};
use crate::clients::Base;

/// Folders of sandboxed programs: what runs outside does not read them, and what runs inside is told of them by its
/// variables.
const SANDBOXES: [&str; 2] = [".var/", "snap/"];

/// Whether a process uses the files that are sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Yes,
    No,
    /// It cannot be told.
    Unknown,
}

/// What a client of that name uses that was started so.
pub(super) fn of(process: &Process, sought: &Sought<'_>) -> Use {
    by_options(process, sought).unwrap_or_else(|unknown| unknown)
}

/// The answer, or why there is none: where something cannot be read, nothing is known.
fn by_options(process: &Process, sought: &Sought<'_>) -> Result<Use, Use> {
    let arguments = process.arguments().ok_or(Use::Unknown)?;
    let arguments = arguments.get(1..).unwrap_or_default();
    let value_of = |options: &[&str]| last_value(arguments, options).map_err(|Unclear| Use::Unknown);
    if let Some(named) = sought.signs.profiles {
        let profiles = sought.profiles();
        let own = value_of(named.options)?.unwrap_or_default();
        if !profiles.is_empty() && !profiles.iter().any(|profile| OsStr::new(profile) == own) {
            return Ok(Use::No);
        }
    }
    if let Some(folder) = value_of(sought.signs.folder_options)? {
        return one_of(process, Path::new(folder), &sought.folders);
    }
    if let Some(file) = value_of(sought.signs.file_options)?
        && one_of(process, Path::new(file), &sought.files)? == Use::Yes
    {
        return Ok(Use::Yes);
    }
    by_places(process, sought)
}

/// Whether one of the usual places, as this process sees them, is one of the files or has them below.
fn by_places(process: &Process, sought: &Sought<'_>) -> Result<Use, Use> {
    let variables = process.variables().ok_or(Use::Unknown)?;
    let home = variables.get("HOME").ok_or(Use::Unknown)?;
    for place in sought.asked.client.known_places() {
        if SANDBOXES.iter().any(|folder| place.path.starts_with(folder)) {
            continue;
        }
        let path = folder_of(place.base, home, &variables).join(place.path);
        let folder = path.parent().filter(|_| place.path.contains('/'));
        if let Some(folder) = folder.filter(|folder| !has_star(folder))
            && one_of(process, folder, &sought.folders)? == Use::Yes
        {
            return Ok(Use::Yes);
        }
        if !has_star(&path) && one_of(process, &path, &sought.files)? == Use::Yes {
            return Ok(Use::Yes);
        }
    }
    Ok(Use::No)
}

fn has_star(path: &Path) -> bool {
    path.as_os_str().as_bytes().contains(&b'*')
}

fn folder_of(base: Base, home: &Path, variables: &Variables) -> PathBuf {
    let (variable, usual) = match base {
        Base::Home => return home.to_owned(),
        Base::Config => ("XDG_CONFIG_HOME", ".config"),
        Base::Data => ("XDG_DATA_HOME", ".local/share"),
        Base::Cache => ("XDG_CACHE_HOME", ".cache"),
    };
    variables.get(variable).map_or_else(|| home.join(usual), Path::to_owned)
}

/// Whether what the process calls `path` is one of these. What is not there is none.
fn one_of(process: &Process, path: &Path, sought: &std::collections::HashSet<Identity>) -> Result<Use, Use> {
    match fs::metadata(process.path(path)) {
        Ok(metadata) => {
            let is_one = identity(&metadata).is_some_and(|identity| sought.contains(&identity));
            Ok(if is_one { Use::Yes } else { Use::No })
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Use::No),
        Err(_) => Err(Use::Unknown),
    }
}

/// Options are written in a way that leaves open what they say.
#[derive(Debug, PartialEq, Eq)]
struct Unclear;

/// What the last of these options says, if there is one: `-c X`, `-cX`, `--config X`, `--config=X`, and with the name
/// cut short, as getopt(3) takes it.
fn last_value<'a>(arguments: &'a [impl AsRef<OsStr>], options: &[&str]) -> Result<Option<&'a OsStr>, Unclear> {
    let mut last = None;
    let mut rest = arguments.iter().map(AsRef::as_ref);
    while let Some(argument) = rest.next() {
        let bytes = argument.as_bytes();
        if bytes == b"--" {
            break;
        }
        let value = if bytes.starts_with(b"--") { of_long(bytes, options) } else { of_short(bytes, options)? };
        match value {
            Some(Value::Joined(value)) => last = Some(OsStr::from_bytes(value)),
            Some(Value::Next) => last = Some(rest.next().ok_or(Unclear)?),
            None => {}
        }
    }
    Ok(last)
}

enum Value<'a> {
    /// It stands in the same word.
    Joined(&'a [u8]),
    /// It is the next word.
    Next,
}

fn of_long<'a>(argument: &'a [u8], options: &[&str]) -> Option<Value<'a>> {
    let (name, value) = match argument.iter().position(|byte| *byte == b'=') {
        Some(at) => (argument.get(..at)?, argument.get(at + 1..)),
        None => (argument, None),
    };
    let is_meant = |option: &&str| option.starts_with("--") && option.as_bytes().starts_with(name);
    if !options.iter().any(is_meant) {
        return None;
    }
    Some(value.map_or(Value::Next, Value::Joined))
}

/// In a heap of options in one word nobody but the client knows which of them take a value.
fn of_short<'a>(argument: &'a [u8], options: &[&str]) -> Result<Option<Value<'a>>, Unclear> {
    let Some(letters) = argument.strip_prefix(b"-") else { return Ok(None) };
    let own: Vec<u8> = options
        .iter()
        .filter_map(|option| match option.as_bytes() {
            [b'-', letter] if *letter != b'-' => Some(*letter),
            _ => None,
        })
        .collect();
    match letters {
        [first, value @ ..] if own.contains(first) => {
            Ok(Some(if value.is_empty() { Value::Next } else { Value::Joined(value) }))
        }
        [_, rest @ ..] if rest.iter().any(|letter| own.contains(letter)) => Err(Unclear),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(line: &str) -> Result<Option<&str>, Unclear> {
        let words: &'static [&'static str] =
            line.split(' ').map(|word| &*word.to_owned().leak()).collect::<Vec<_>>().leak();
        last_value(words, &["-c", "--config"]).map(|value| value.map(|value| value.to_str().unwrap()))
    }

    #[test]
    fn options_are_read_as_the_clients_read_them() {
        for (line, expected) in [
            ("", Ok(None)),
            ("-m", Ok(None)),
            ("-c /a", Ok(Some("/a"))),
            ("-c/a", Ok(Some("/a"))),
            ("--config /a", Ok(Some("/a"))),
            ("--config=/a", Ok(Some("/a"))),
            ("--conf=/a", Ok(Some("/a"))),
            ("--configuration=/a", Ok(None)),
            ("-c /a -c /b", Ok(Some("/b"))),
            ("-- -c /a", Ok(None)),
            ("-c", Err(Unclear)),
            // Two options, or the name of an account?
            ("-mc /a", Err(Unclear)),
            ("-lalice", Err(Unclear)),
            ("room@conference.example.org", Ok(None)),
        ] {
            assert_eq!(value(line), expected, "{line}");
        }
    }
}
