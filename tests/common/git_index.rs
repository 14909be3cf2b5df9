//! The index of a git repository, made without git; for the unit tests as well.

/// An index (version 2, SHA-1) with these paths, as git writes it (gitformat-index(5)).
pub fn git_index(paths: &[&str]) -> Vec<u8> {
    use sha1::{Digest, Sha1};
    let mut paths = paths.to_vec();
    paths.sort_unstable();
    let mut bytes = b"DIRC".to_vec();
    bytes.extend(2_u32.to_be_bytes());
    bytes.extend(u32::try_from(paths.len()).unwrap().to_be_bytes());
    for path in paths {
        let mut entry = vec![0; 24];
        entry.extend(0o100_644_u32.to_be_bytes());
        entry.extend([0; 12]);
        entry.extend([1; 20]);
        entry.extend(u16::try_from(path.len()).unwrap().to_be_bytes());
        entry.extend(path.as_bytes());
        entry.resize((entry.len() / 8 + 1) * 8, 0);
        bytes.extend(entry);
    }
    let sum = Sha1::digest(&bytes);
    bytes.extend(sum);
    bytes
}
