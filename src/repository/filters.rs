//! Filters that git puts between the work tree and what it keeps (gitattributes(5)): git-crypt and its like encrypt.

use std::path::Path;

use gix_glob::pattern::Case;
use gix_glob::wildmatch::Mode;

use super::{KIND, in_index};
use crate::source::Reader;

/// The one filter in common use that does not encrypt.
const LARGE_FILES: &str = "lfs";

/// Whether git keeps something else of a file than what stands in the work tree. `path` is relative to `work_tree`;
/// `folder` is the repository's own.
pub(super) fn hide(work_tree: &Path, folder: &Path, path: &Path, reader: &Reader) -> bool {
    let mut filter = None;
    let mut below = Path::new("").to_owned();
    let mut parts = path.components();
    parts.next_back();
    // What stands nearer to the file goes before what stands further up, and the repository's own before all.
    apply(&work_tree.join(".gitattributes"), path, &mut filter, reader);
    for part in parts {
        below.push(part);
        let Ok(inner) = path.strip_prefix(&below) else { continue };
        apply(&work_tree.join(&below).join(".gitattributes"), inner, &mut filter, reader);
    }
    apply(&folder.join("info").join("attributes"), path, &mut filter, reader);
    filter.is_some_and(|name| name != LARGE_FILES)
}

/// Takes over what a file of attributes says of the filter for `path`, which is relative to the file's folder.
fn apply(attributes: &Path, path: &Path, filter: &mut Option<String>, reader: &Reader) {
    let Ok((_, bytes)) = reader.read(attributes, KIND) else { return };
    let Some(path) = in_index(path) else { return };
    let name_starts = path.iter().rposition(|byte| *byte == b'/').map(|at| at + 1);
    for line in String::from_utf8_lossy(&bytes).lines() {
        let mut words = line.split_ascii_whitespace();
        let Some(pattern) = words.next().filter(|word| !word.starts_with('#')).and_then(gix_glob::parse) else {
            continue;
        };
        let case = Case::Sensitive;
        let mode = Mode::NO_MATCH_SLASH_LITERAL;
        if !pattern.matches_repo_relative_path(path.as_slice().into(), name_starts, Some(false), case, mode) {
            continue;
        }
        for word in words {
            match word.strip_prefix("filter=") {
                Some(name) => *filter = Some(name.to_owned()),
                None if matches!(word, "-filter" | "!filter") => *filter = None,
                None => {}
            }
        }
    }
}
