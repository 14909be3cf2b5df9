//! What chezmoi makes of a file's attributes when it applies them.

use std::path::Path;

use super::Name;

/// Whether chezmoi, applying the file at `path` of its source folder, lets other users read it: neither the file nor
/// a folder on the way has the attribute `private_`. False for what is no source of chezmoi's: a file of which neither
/// the name nor a folder's begins with `dot_`.
///
/// Source: the reference of chezmoi 2, "Source state attributes": without `private_` the mode is what the umask
/// leaves of 0666 and 0777, usually 0644 and 0755.
pub(crate) fn leaves_open(path: &Path) -> bool {
    let names: Vec<Name> = path.ancestors().map(Name::of).collect();
    let Some(outermost) = names.iter().rposition(|name| name.is_dot_of_chezmoi) else { return false };
    !names.iter().take(outermost + 1).any(|name| name.is_private)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_anywhere_on_the_way_closes_it() {
        for (path, open) in [
            ("dot_purple/accounts.xml", true),
            ("dot_purple/private_accounts.xml.tmpl", false),
            ("private_dot_purple/accounts.xml", false),
            ("exact_private_dot_local/share/profanity/accounts", false),
            ("home/dot_local/share/private_profanity/accounts", false),
            ("home/dot_local/share/profanity/accounts.tmpl", true),
            ("private_home/dot_purple/accounts.xml", true),
            (".purple/accounts.xml", false),
            ("dot-purple/accounts.xml", false),
            ("accounts.xml", false),
        ] {
            assert_eq!(leaves_open(Path::new(path)), open, "{path}");
        }
    }
}
