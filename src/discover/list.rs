//! Lists of files that another program has made: `locate`, `fd`, `find`.

use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;

use super::names::Names;

/// How much of a list is looked at to see how it separates its paths.
const SAMPLE: u64 = 1 << 20;

/// The most bytes that a path may have in a list.
const LONGEST: u64 = 1 << 20;

/// The paths in a list that may be of interest by their names. A list with a NUL near its beginning separates paths by
/// NUL, any other by the ends of lines. It may be as long as it likes: only these paths are kept.
///
/// # Errors
/// If the list cannot be read.
pub fn read_list(mut list: impl Read) -> io::Result<Vec<PathBuf>> {
    let names = Names::new(&|_| true);
    let mut sample = Vec::new();
    list.by_ref().take(SAMPLE).read_to_end(&mut sample)?;
    let separator = if sample.contains(&0) { 0 } else { b'\n' };
    let mut list = BufReader::new(sample.chain(list));
    let mut paths = Vec::new();
    let mut path = Vec::new();
    loop {
        path.clear();
        if list.by_ref().take(LONGEST).read_until(separator, &mut path)? == 0 {
            return Ok(paths);
        }
        if path.last() == Some(&separator) {
            path.pop();
        }
        if names.may_be(last_name(&path)) {
            paths.extend(as_path(&path));
        }
    }
}

fn last_name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere paths are text")]
fn as_path(path: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(path)))
}

#[cfg(not(unix))]
fn as_path(path: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(path).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(list: &[u8]) -> Vec<String> {
        read_list(list).unwrap().iter().map(|path| path.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn keeps_what_may_be_of_interest() {
        let list = b"/home/a/.purple/accounts.xml\nphoto.jpg\n\n./x/dino.db\n.purple\n/home/a/config";
        assert_eq!(read(list), ["/home/a/.purple/accounts.xml", "./x/dino.db", "/home/a/config"]);
        assert_eq!(read(b""), Vec::<String>::new());
    }

    #[test]
    fn a_nul_tells_how_paths_are_separated() {
        assert_eq!(read(b"a\nb/accounts.xml\0photo.jpg\0c/dino.db\0"), ["a\nb/accounts.xml", "c/dino.db"]);
        assert_eq!(read(b"one/accounts.xml\0"), ["one/accounts.xml"]);
    }

    #[test]
    fn a_list_may_be_long() {
        let list = "/usr/share/doc/photo.jpg\n".repeat(200_000) + "/end/accounts.xml\n";
        assert_eq!(read(list.as_bytes()), ["/end/accounts.xml"]);
    }
}
