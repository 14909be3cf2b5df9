//! `app-overrides.json` of 1.4 and later: what the system's administrator lays over the client's options.

use std::path::{Path, PathBuf};

use super::kinds::OVERRIDES;
use crate::clients::Found;
use crate::model::{Damage, Fault, Loss, Place, Profile, Setting, Text, Trouble};
use crate::source::Reader;
use crate::syntax::json;

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

/// Reads the overrides into the profile, and says what they make of the global proxy.
pub(super) fn global_proxy(profile: &mut Profile, path: &Path, reader: &Reader) -> Option<Setting<String>> {
    let (mut file, bytes) = match reader.read(path, OVERRIDES) {
        Ok(read) => read,
        Err(Trouble::Missing) => return None,
        Err(trouble) => {
            profile.note(path, OVERRIDES, trouble);
            return None;
        }
    };
    let number = crate::model::FileNumber(profile.files.len());
    let document = str::from_utf8(&bytes).ok().map(json::parse);
    let is_sound = document.as_ref().is_some_and(|document| document.error.is_none());
    if !is_sound {
        let place = Place::of_file(number, OVERRIDES.0);
        file.damage = Some(Damage { fault: Fault::BrokenJson, place, loss: Loss::Start });
    }
    let member = document.as_ref().filter(|_| is_sound).and_then(|document| document.root.member("global_proxy"));
    let overridden = member.and_then(|member| {
        let place = Place::in_text(number, member.value.span, "global_proxy");
        Some(Setting::written(member.value.as_str()?.to_owned(), place))
    });
    let mut text = Text::new(bytes);
    for (span, _) in document.iter().flat_map(|document| super::secrets::in_json(&document.root)) {
        text.hide(span);
    }
    file.text = Some(text);
    profile.add_file(file);
    overridden
}
