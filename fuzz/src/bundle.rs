//! Several files in one input: a line `%%NAME` begins each.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// What begins the line that names a file. In front of the first one it may be left out.
const MARK: &[u8] = b"%%";

/// A file of a bundle.
pub struct File<'a> {
    /// What stands in its first line.
    pub name: &'a [u8],
    /// The rest, up to the line end in front of the next mark.
    pub bytes: &'a [u8],
}

/// The files of a bundle, in their order.
pub fn files(input: &[u8]) -> Vec<File<'_>> {
    let mut files = Vec::new();
    let mut rest = input.strip_prefix(MARK).unwrap_or(input);
    loop {
        let end = rest.windows(3).position(|window| window == b"\n%%");
        let (section, next) = match end {
            Some(end) => (&rest[..end], Some(&rest[end + 3..])),
            None => (rest, None),
        };
        let (name, bytes) = match section.iter().position(|byte| *byte == b'\n') {
            Some(end) => (&section[..end], &section[end + 1..]),
            None => (section, &[][..]),
        };
        files.push(File { name, bytes });
        match next {
            Some(next) => rest = next,
            None => return files,
        }
    }
}

/// The files of a bundle below `folder`, by the paths that their names are.
pub fn below(folder: &Path, input: &[u8]) -> Vec<(PathBuf, Zeroizing<Vec<u8>>)> {
    files(input)
        .into_iter()
        .map(|file| {
            let name = String::from_utf8_lossy(file.name);
            (folder.join(name.trim_start_matches('/')), Zeroizing::new(file.bytes.to_vec()))
        })
        .collect()
}
