//! `app-overrides.json` of 1.4 and later: what the system's administrator lays over the client's options.

use std::path::{Path, PathBuf};

use super::kinds::OVERRIDES;
use super::options::Options;
use super::version::Knows;
use crate::clients::Found;
use crate::model::{Damage, Fault, FileNumber, Loss, Place, Profile, Setting, Text, Trouble};
use crate::source::Reader;
use crate::syntax::json::{self, Document, Value};

/// Where the overrides lie that count for these settings: `/etc/gajim` of the system whose home they were found
/// in. A sandbox has its own, which cannot be seen from outside.
pub(super) fn path_for(found: &[Found], settings: &Path) -> Option<PathBuf> {
    let home = found.iter().find(|found| found.path == settings)?.home.as_deref()?;
    if settings.strip_prefix(home).is_ok_and(|rest| rest.starts_with(".var") || rest.starts_with("snap")) {
        return None;
    }
    let above = home.parent()?;
    let system = if home.ends_with("root") {
        above
    } else if above.ends_with("home") {
        above.parent()?
    } else {
        return None;
    };
    Some(system.join("etc").join("gajim").join("app-overrides.json"))
}

/// What the overrides say. The client does not let its user change these.
pub(super) struct Overrides {
    file: FileNumber,
    document: Document,
}

/// Reads the overrides into the profile; none where there are none, or none that the client can read.
pub(super) fn read(profile: &mut Profile, path: &Path, reader: &Reader) -> Option<Overrides> {
    let (mut file, bytes) = match reader.read(path, OVERRIDES) {
        Ok(read) => read,
        Err(Trouble::Missing) => return None,
        Err(trouble) => {
            profile.note(path, OVERRIDES, trouble);
            return None;
        }
    };
    let number = FileNumber(profile.files.len());
    let document = str::from_utf8(&bytes).ok().map(json::parse);
    let is_sound = document.as_ref().is_some_and(|document| document.error.is_none());
    if !is_sound {
        let place = Place::of_file(number, OVERRIDES.0);
        file.damage = Some(Damage { fault: Fault::BrokenJson, place, loss: Loss::Start });
    }
    let mut text = Text::new(bytes);
    for (span, _) in document.iter().flat_map(|document| super::secrets::in_json(&document.root)) {
        text.hide(span);
    }
    file.text = Some(text);
    profile.add_file(file);
    document.filter(|_| is_sound).map(|document| Overrides { file: number, document })
}

/// The client's own options, and what is laid over them.
pub(super) struct ClientOptions<'a> {
    /// What is laid over them.
    pub overrides: Option<&'a Overrides>,
    /// The client's own.
    pub own: &'a dyn Options,
}

impl ClientOptions<'_> {
    fn over<T>(&self, name: &'static str, own: Setting<T>, read: impl Fn(&Value) -> T) -> Setting<T> {
        let over = self.overrides.filter(|_| self.knows(name) != Knows::No);
        let Some((over, member)) = over.and_then(|over| Some((over, over.document.root.member(name)?))) else {
            return own;
        };
        Setting::written(read(&member.value), Place::in_text(over.file, member.value.span, name))
    }
}

impl Options for ClientOptions<'_> {
    fn text(&self, name: &'static str) -> Setting<String> {
        self.over(name, self.own.text(name), |value| value.as_str().unwrap_or_default().to_owned())
    }

    fn flag(&self, name: &'static str) -> Setting<bool> {
        self.over(name, self.own.flag(name), Value::is_truthy)
    }

    fn number(&self, name: &'static str) -> Setting<i64> {
        self.own.number(name)
    }

    fn near(&self) -> &Place {
        self.own.near()
    }

    fn knows(&self, name: &'static str) -> Knows {
        self.own.knows(name)
    }

    fn words(&self, name: &str) -> String {
        self.own.words(name)
    }
}
