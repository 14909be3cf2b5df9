//! Names of files as dotfiles managers spell them: chezmoi's attributes, yadm's alternates, stow's `dot-`.
//!
//! Sources: the reference of chezmoi 2 ("Source state attributes"), yadm(1), stow(8) with `--dotfiles`.

mod chezmoi;
mod encrypted;
mod nix;
mod template;

use std::path::{Path, PathBuf};

pub(crate) use chezmoi::leaves_open;
pub(crate) use encrypted::{encrypted_by, plain_path};
pub(crate) use nix::{NIX, holds_settings, may_be_nix};

use crate::model::{Place, Profile, Spot};
use crate::source::Reader;

/// Attributes that chezmoi reads off a name in its source folder; what is behind them is a copy of the file.
const ATTRIBUTES: [&str; 9] =
    ["create_", "empty_", "encrypted_", "exact_", "executable_", "external_", "literal_", "private_", "readonly_"];

/// Attributes of files that hold a script or the target of a link instead of what their name says.
const OTHER_CONTENT: [&str; 4] = ["modify_", "remove_", "run_", "symlink_"];

/// What chezmoi writes behind the name of a template, and of a file whose further marks are part of its name.
const SUFFIXES: [&str; 2] = [".tmpl", ".literal"];

/// Ends of the names of encrypted files.
const ENCRYPTED: [&str; 3] = [".age", ".asc", ".gpg"];

/// What the name of a file or folder says, alone or in a repository of dotfiles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Name {
    /// What it is called where the client looks for it. Of files with other content, what is written.
    pub plain: String,
    /// yadm's conditions, `##os.Linux`; empty where there are none.
    pub conditions: String,
    /// Whether the marks say that it is encrypted.
    pub is_encrypted: bool,
    /// Whether it is a template, which need not be well-formed before it is filled in.
    pub is_template: bool,
    /// Whether the marks say that it holds something else: a script, a link's target.
    pub is_other_content: bool,
    /// Whether chezmoi keeps it from other users.
    pub is_private: bool,
    /// Whether its dot is written as chezmoi writes it, `dot_`.
    pub is_dot_of_chezmoi: bool,
}

impl Name {
    /// The name of what lies at `path`; empty for a root.
    pub(crate) fn of(path: &Path) -> Self {
        Self::read(&path.file_name().unwrap_or_default().to_string_lossy())
    }

    /// Reads the marks off a name.
    pub(super) fn read(written: &str) -> Self {
        let mark = written.as_bytes().windows(2).position(|pair| pair == b"##");
        let (mut rest, conditions) =
            written.split_at_checked(mark.unwrap_or(written.len())).unwrap_or((written, ""));
        let mut name = Self {
            conditions: conditions.to_owned(),
            is_template: names_template(conditions),
            is_other_content: OTHER_CONTENT.iter().any(|prefix| rest.starts_with(prefix)),
            ..Self::default()
        };
        while let Some((shorter, prefix)) = cut(rest, &ATTRIBUTES, str::strip_prefix) {
            name.is_encrypted |= prefix == "encrypted_";
            name.is_private |= prefix == "private_";
            rest = shorter;
        }
        loop {
            if let Some((shorter, suffix)) = cut(rest, &SUFFIXES, str::strip_suffix) {
                name.is_template |= suffix == ".tmpl";
                rest = shorter;
            } else if let Some((shorter, _)) = cut(rest, &ENCRYPTED, str::strip_suffix) {
                name.is_encrypted = true;
                rest = shorter;
            } else {
                break;
            }
        }
        name.is_dot_of_chezmoi = rest.starts_with("dot_");
        let hidden = rest.strip_prefix("dot_").or_else(|| rest.strip_prefix("dot-"));
        name.plain = hidden.map_or_else(|| rest.to_owned(), |rest| format!(".{rest}"));
        name
    }
}

/// Makes the bytes of a template such as they may be once it is filled in; other files stay as they are.
pub(crate) fn prepare(path: &Path, text: &mut [u8]) {
    if Name::of(path).is_template {
        template::blank(text);
        template::blank_late_declaration(text);
    }
}

/// Whether what stands at a place is for a dotfiles manager to fill in. In a living home, what stands in a file is what
/// its client reads.
pub(crate) fn is_unknown(profile: &Profile, place: &Place) -> bool {
    let (Some(file), Spot::Text(span)) = (profile.file(place.file), &place.spot) else { return false };
    let bytes = || file.text.as_ref()?.bytes().get(span.start..span.end);
    let written = || std::str::from_utf8(bytes()?).ok();
    file.mode.is_none() && written().is_some_and(template::has_expression)
}

/// The file or folder in `folder` that is called `name` where a client looks for it.
pub(super) fn child(folder: &Path, name: &str, reader: &Reader) -> Option<PathBuf> {
    let plain = folder.join(name);
    if reader.exists(&plain) {
        return Some(plain);
    }
    reader.list(folder).into_iter().find(|path| Name::of(path).plain == name)
}

/// Cuts the first of the marks off that is there.
fn cut<'a>(
    name: &'a str,
    marks: &[&'static str],
    strip: impl Fn(&'a str, &'static str) -> Option<&'a str>,
) -> Option<(&'a str, &'static str)> {
    marks.iter().find_map(|mark| Some((strip(name, mark)?, *mark)))
}

/// Whether one of yadm's conditions makes the file a template: `##template`, `##t.j2`, `##os.Linux,template`.
fn names_template(conditions: &str) -> bool {
    let mut attributes = conditions.trim_start_matches('#').split(',');
    attributes.any(|attribute| matches!(attribute.split('.').next(), Some("t" | "template")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_names_behind_the_marks() {
        for (written, plain) in [
            ("accounts", "accounts"),
            ("private_accounts.tmpl", "accounts"),
            ("exact_private_dot_config", ".config"),
            ("dot-local", ".local"),
            ("accounts##hostname.laptop", "accounts"),
            ("accounts-0.13.1-plain", "accounts-0.13.1-plain"),
            ("encrypted_private_accounts.tmpl.age", "accounts"),
            ("modify_accounts", "modify_accounts"),
            ("", ""),
        ] {
            assert_eq!(Name::read(written).plain, plain, "{written}");
        }
    }

    #[test]
    fn reads_what_the_marks_say() {
        let all = |name: &Name| (name.is_encrypted, name.is_template, name.is_other_content);
        for (written, said) in [
            ("private_accounts", (false, false, false)),
            ("encrypted_private_accounts.age", (true, false, false)),
            ("accounts.gpg", (true, false, false)),
            ("accounts.tmpl", (false, true, false)),
            ("accounts##template", (false, true, false)),
            ("accounts##os.Linux,t.j2", (false, true, false)),
            ("accounts##hostname.t", (false, false, false)),
            ("modify_accounts", (false, false, true)),
            ("symlink_private_profrc", (false, false, true)),
        ] {
            assert_eq!(all(&Name::read(written)), said, "{written}");
        }
        assert_eq!(Name::read("config##class.work").conditions, "##class.work");
        assert_eq!(Name::of(Path::new("/")), Name::default());
    }

    #[test]
    fn finds_what_a_manager_has_renamed() {
        let folder = tempfile::tempdir().unwrap();
        // A reader remembers what it has listed.
        let found = || child(folder.path(), "log", &Reader::default());
        std::fs::write(folder.path().join("other"), "").unwrap();
        assert_eq!(found(), None);
        std::fs::write(folder.path().join("private_log"), "").unwrap();
        assert_eq!(found(), Some(folder.path().join("private_log")));
        std::fs::write(folder.path().join("log"), "").unwrap();
        assert_eq!(found(), Some(folder.path().join("log")));
    }
}
