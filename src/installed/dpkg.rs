//! Debian's list of packages: paragraphs of `Name: value` lines (deb-control(5)).

use std::path::Path;

use super::{KIND, Package, upstream};
use crate::source::Reader;

/// The packages of those names that are installed.
pub(super) fn installed(root: &Path, reader: &Reader, names: &[&str]) -> Vec<Package> {
    let Ok((_, bytes)) = reader.read(&root.join("var/lib/dpkg/status"), KIND) else { return Vec::new() };
    let text = String::from_utf8_lossy(&bytes);
    text.split("\n\n").filter_map(|paragraph| package(paragraph, names)).collect()
}

fn package(paragraph: &str, names: &[&str]) -> Option<Package> {
    let field =
        |name: &str| paragraph.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim);
    let name = field("Package").filter(|name| names.contains(name))?;
    // "deinstall ok config-files" is a package that is gone.
    field("Status")?.ends_with(" installed").then_some(())?;
    Some((name.to_owned(), upstream(field("Version")?)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Version;

    #[test]
    fn only_what_is_installed_counts() {
        let names = ["pidgin", "gajim"];
        let installed =
            "Package: pidgin\nStatus: install ok installed\nVersion: 2.14.12-1\nDescription: chat\n Version: 9";
        assert_eq!(package(installed, &names), Some(("pidgin".to_owned(), Version::new(2, 14, 12))));
        let removed = "Package: gajim\nStatus: deinstall ok config-files\nVersion: 1.7.3-1";
        assert_eq!(package(removed, &names), None);
        let unpacked = "Package: gajim\nStatus: install ok unpacked\nVersion: 1.7.3-1";
        assert_eq!(package(unpacked, &names), None);
        let other = "Package: pidgin-data\nStatus: install ok installed\nVersion: 2.14.12-1";
        assert_eq!(package(other, &names), None);
        assert_eq!(package("Package: pidgin\nStatus: install ok installed", &names), None);
    }
}
