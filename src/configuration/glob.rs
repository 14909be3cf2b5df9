//! Patterns for paths, as in `.gitignore`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use gix_glob::pattern::Case;
use gix_glob::wildmatch::Mode;

/// A pattern for the files below a folder, as gitignore(5) has them: without a slash it fits a name in any folder, with
/// one it begins at the folder; what fits a folder fits everything in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    text: String,
    pattern: gix_glob::Pattern,
    folder: PathBuf,
}

impl Glob {
    /// The pattern that is written so, for the files below `folder`, an absolute path.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn new(text: &str, folder: &Path) -> Result<Self, &'static str> {
        let pattern = gix_glob::parse(text).ok_or("a pattern must not be empty")?;
        if pattern.is_negative() {
            return Err("a pattern cannot begin with “!”: what is not to fit, is left out");
        }
        Ok(Self { text: text.to_owned(), pattern, folder: folder.to_owned() })
    }

    /// The pattern as it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a file, or a folder in which it lies, fits.
    #[must_use]
    pub fn fits(&self, file: &FilePath) -> bool {
        file.names.iter().any(|name| self.fits_name(name))
    }

    fn fits_name(&self, path: &Path) -> bool {
        let Ok(inner) = path.strip_prefix(&self.folder) else { return false };
        let mut prefix: Vec<u8> = Vec::new();
        let mut parts = inner.components().map(|part| part.as_os_str()).peekable();
        while let Some(part) = parts.next() {
            let name_starts = prefix.len();
            prefix.extend_from_slice(OsStr::as_encoded_bytes(part));
            let (is_folder, at) = (parts.peek().is_some(), (name_starts > 0).then_some(name_starts));
            let mode = Mode::NO_MATCH_SLASH_LITERAL;
            let whole = prefix.as_slice().into();
            if self.pattern.matches_repo_relative_path(whole, at, Some(is_folder), Case::Sensitive, mode) {
                return true;
            }
            prefix.push(b'/');
        }
        false
    }
}

/// Every absolute path under which a file may be meant: as it was found, and without the links in its folders or its
/// own. People write the paths that they see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePath {
    names: Vec<PathBuf>,
}

impl FilePath {
    /// The paths of a file.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let in_real_folder = || Some(fs::canonicalize(folder).ok()?.join(path.file_name()?));
        let all = [std::path::absolute(path).ok(), in_real_folder(), fs::canonicalize(path).ok()];
        let mut names: Vec<PathBuf> = all.into_iter().flatten().collect();
        names.dedup();
        Self { names }
    }

    /// Whether the file lies below a folder, an absolute path.
    #[must_use]
    pub fn is_below(&self, folder: &Path) -> bool {
        self.names.iter().any(|name| name.starts_with(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_as_gitignore_does() {
        for (pattern, path, expected) in [
            ("accounts.xml", "/top/a/accounts.xml", true),
            ("accounts.xml", "/top/accounts.xml", true),
            ("accounts.xml", "/elsewhere/accounts.xml", false),
            ("*.xml", "/top/a/b/accounts.xml", true),
            ("/accounts.xml", "/top/a/accounts.xml", false),
            ("a/accounts.xml", "/top/a/accounts.xml", true),
            ("a/accounts.xml", "/top/b/a/accounts.xml", false),
            ("**/a/accounts.xml", "/top/b/a/accounts.xml", true),
            ("a/*.xml", "/top/a/b/accounts.xml", false),
            ("fixtures/", "/top/fixtures/deep/accounts.xml", true),
            ("fixtures/", "/top/fixtures", false),
            ("fixtures", "/top/a/fixtures/deep/accounts.xml", true),
            ("fixtures/**", "/top/fixtures/deep/accounts.xml", true),
            ("Accounts.xml", "/top/accounts.xml", false),
        ] {
            let glob = Glob::new(pattern, Path::new("/top")).unwrap();
            let file = FilePath { names: vec![PathBuf::from(path)] };
            assert_eq!(glob.fits(&file), expected, "{pattern} {path}");
            assert_eq!(glob.text(), pattern);
        }
        assert!(Glob::new("", Path::new("/top")).is_err());
        assert!(Glob::new("!a", Path::new("/top")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_the_names_that_people_see() {
        let folder = tempfile::tempdir().unwrap();
        let top = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir_all(top.join("dotfiles/purple")).unwrap();
        fs::write(top.join("dotfiles/purple/accounts.xml"), "").unwrap();
        std::os::unix::fs::symlink("dotfiles/purple", top.join(".purple")).unwrap();
        let file = FilePath::of(&top.join(".purple/accounts.xml"));
        for pattern in ["/.purple/", "dotfiles/", "accounts.xml"] {
            assert!(Glob::new(pattern, &top).unwrap().fits(&file), "{pattern}");
        }
        assert!(file.is_below(&top.join("dotfiles")) && !file.is_below(&top.join("other")));
    }
}
