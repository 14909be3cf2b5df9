//! Folders that a walk passes over, because what lies in them is no client’s.
//!
//! What others have made and would make again: stores of objects, packages, caches of browsers, what the kernel makes
//! up. Nothing is here that may hold a copy of a client’s files, such as the waste basket, and nothing that a client
//! keeps its files in. `--all` looks there, too.

/// What is passed over wherever it lies.
const ANYWHERE: [&str; 7] =
    ["node_modules", "__pycache__", "site-packages", "dist-packages", ".cache", "Code Cache", "GPUCache"];

/// What is passed over within a folder of a certain name.
const WITHIN: [(&str, &str); 22] = [
    // Version control.
    (".git", "objects"),
    (".git", "lfs"),
    (".hg", "store"),
    (".svn", "pristine"),
    // Packages, and tools that are made of them.
    (".bundle", "cache"),
    (".cargo", "git"),
    (".cargo", "registry"),
    (".gradle", "caches"),
    (".m2", "repository"),
    (".npm", "_cacache"),
    (".nuget", "packages"),
    (".rustup", "toolchains"),
    ("flatpak", "repo"),
    ("flatpak", "runtime"),
    ("pkg", "mod"),
    ("pnpm", "store"),
    // Browsers.
    (".config", "chromium"),
    (".config", "google-chrome"),
    (".mozilla", "firefox"),
    ("Library", "Caches"),
    // What the kernel makes up.
    ("", "proc"),
    ("", "sys"),
];

/// Whether a folder of that name, within one of the name `above`, holds no client’s files. The root has no name.
pub(super) fn holds_nothing(above: &[u8], name: &[u8]) -> bool {
    ANYWHERE.iter().any(|known| known.as_bytes() == name)
        || WITHIN.iter().any(|(around, known)| known.as_bytes() == name && around.as_bytes() == above)
        || name == b"objects" && above.ends_with(b".git")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::clients::CLIENTS;
    use crate::discover::Home;

    /// Every folder that a client’s file lies in where no variable leads elsewhere.
    fn folders() -> Vec<String> {
        let places = CLIENTS.iter().flat_map(|client| client.known_places().iter().chain(client.key_stores()));
        places
            .flat_map(|place| {
                let path = Home::usual_path(place);
                Path::new(&path).ancestors().skip(1).map(|folder| folder.display().to_string()).collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn no_client_keeps_anything_below_what_is_passed_over() {
        let folders = folders();
        assert!(folders.iter().any(|folder| folder == ".local/share/dino"), "{folders:?}");
        for folder in folders.into_iter().filter(|folder| !folder.is_empty()) {
            let (above, name) = folder.rsplit_once('/').unwrap_or(("home", &folder));
            let above = above.rsplit('/').next().unwrap();
            assert!(!holds_nothing(above.as_bytes(), name.as_bytes()), "{folder}");
            let hidden = name.strip_prefix('.').map(|name| format!("dot_{name}"));
            assert!(hidden.is_none_or(|name| !holds_nothing(above.as_bytes(), name.as_bytes())), "{folder}");
        }
    }

    #[test]
    fn folders_are_known_by_their_names_and_where_they_lie() {
        for (above, name, expected) in [
            ("web", "node_modules", true),
            (".git", "objects", true),
            ("dotfiles.git", "objects", true),
            ("src", "objects", false),
            ("git", "objects", false),
            (".cargo", "registry", true),
            ("app", "registry", false),
            ("", "proc", true),
            ("home", "proc", false),
            ("alice", ".purple", false),
            ("alice", ".cached", false),
        ] {
            assert_eq!(holds_nothing(above.as_bytes(), name.as_bytes()), expected, "{above}/{name}");
        }
    }
}
