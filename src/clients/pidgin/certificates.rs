//! Certificates that the user accepted, each in a file that is called after its host.

use std::path::{Path, PathBuf};

use super::places::{CERTIFICATE, TLS_PEERS};
use crate::clients::Found;
use crate::model::{CertificateException, Place, Profile};
use crate::source::Reader;
use crate::syntax::certificate::{self, is_self_signed};

/// The accepted certificates of a profile: those that were found, and those in its folder.
pub(super) fn of(root: &Path, found: &[Found], reader: &Reader) -> Vec<PathBuf> {
    let folder = TLS_PEERS.iter().fold(root.to_owned(), |path, part| path.join(part));
    let listed = reader.list(&folder).into_iter().filter(|path| is_certificate(path, reader));
    let mut paths: Vec<PathBuf> =
        found.iter().filter(|file| file.kind == CERTIFICATE).map(|file| file.path.clone()).chain(listed).collect();
    paths.sort_unstable();
    paths.dedup();
    paths
}

fn is_certificate(path: &Path, reader: &Reader) -> bool {
    reader.head(path, 64).is_ok_and(|head| head.trim_ascii_start().starts_with(certificate::BEGIN))
}

/// A name as `purple_escape_filename` writes it: `%5b` for what may not stand in a file's name.
fn unescape(name: &str) -> String {
    let mut text = Vec::new();
    let mut rest = name.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = (*first == b'%')
            .then(|| tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok()))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        text.push(code.unwrap_or(*first));
        rest = if code.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Adds them to a profile. Each counts for the one host that its file is called after: the name in the certificate and
/// who signed it are not looked at any more (observed).
pub(super) fn add(profile: &mut Profile, paths: &[PathBuf], reader: &Reader) {
    for path in paths {
        let Some(name) = path.file_name().map(|name| unescape(&name.to_string_lossy())) else { continue };
        match reader.read(path, CERTIFICATE) {
            Ok((file, pem)) => {
                let self_signed = is_self_signed(&pem);
                let number = profile.add_file(file);
                let place = Place::of_file(number, format!("accepted certificates[{name}]"));
                let exception = CertificateException { place, name, every_host: false, self_signed };
                profile.certificate_exceptions.push(exception);
            }
            Err(trouble) => profile.note(path, CERTIFICATE, trouble),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn unescapes_file_names() {
        assert_eq!(unescape("riseup.net"), "riseup.net");
        assert_eq!(unescape("%5b%3a%3a1%5d"), "[::1]");
        assert_eq!(unescape("100%"), "100%");
        assert_eq!(unescape("%zz"), "%zz");
    }
}
