//! Writing a baseline: all of it or nothing, and nothing else.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

use super::{Baseline, BaselineError};

impl Baseline {
    /// Writes the baseline to a file, which has the old content or the new one, whatever happens.
    ///
    /// # Errors
    /// Says why it could not be written.
    pub fn save(&self, path: &Path) -> Result<(), BaselineError> {
        let unwritable =
            |error: &dyn std::fmt::Display| BaselineError::of_file(path, "written", &error.to_string());
        let text = self.to_json().map_err(|error| unwritable(&error))?;
        replace(path, text.as_bytes()).map_err(|error| unwritable(&error))
    }
}

/// Puts a new file in the place of the old one. A link stays one: what it leads to is replaced.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let old = fs::metadata(&path).ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return Err(io::Error::other("it is no regular file"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut new = builder().tempfile_in(folder)?;
    new.write_all(bytes)?;
    if let Some(old) = old {
        new.as_file().set_permissions(old.permissions())?;
    }
    new.as_file().sync_all()?;
    new.persist(&path).map_err(|error| error.error)?;
    Ok(())
}

/// A baseline is for everybody who may read its folder, as far as the caller's umask has it.
fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".xmpp-audit-baseline-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_baseline_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.json");
        Baseline::default().save(&path).unwrap();
        assert_eq!(Baseline::load(&path).unwrap(), Baseline::default());
        let names = || fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(names(), 1);
        fs::create_dir(folder.path().join("folder")).unwrap();
        let error = Baseline::default().save(&folder.path().join("folder")).unwrap_err().to_string();
        assert!(error.ends_with("cannot be written: it is no regular file"), "{error}");
        assert!(Baseline::default().save(&folder.path().join("none/b.json")).is_err());
        assert_eq!(names(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real.json"), folder.path().join("link.json"));
        fs::write(&real, "").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real.json", &link).unwrap();
        Baseline::default().save(&link).unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::read_to_string(&real).unwrap().contains("xmpp-audit/baseline/1"));
    }
}
