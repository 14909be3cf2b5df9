//! Git’s own files, as far as they are read: the configuration, the index, references, attributes, objects and packs.

use std::path::PathBuf;

use xmpp_audit::repository::{Folder, History, Repositories};
use xmpp_audit::source::{Bounds, Reader};

use crate::bundle::File;
use crate::disk;

const NAMES: [(&str, &str); 14] = [
    ("config", ".git/config"),
    ("HEAD", ".git/HEAD"),
    ("index", ".git/index"),
    ("packed-refs", ".git/packed-refs"),
    ("main", ".git/refs/heads/main"),
    ("tag", ".git/refs/tags/v1"),
    ("shallow", ".git/shallow"),
    ("commondir", ".git/commondir"),
    ("alternates", ".git/objects/info/alternates"),
    ("attributes", ".git/info/attributes"),
    ("pack", ".git/objects/pack/pack-85718fa85856ff46c6b74a1212d2b3b03315d2a8.pack"),
    ("idx", ".git/objects/pack/pack-85718fa85856ff46c6b74a1212d2b3b03315d2a8.idx"),
    ("midx", ".git/objects/pack/multi-pack-index"),
    (".gitattributes", ".gitattributes"),
];

/// What is tracked, or not.
const FILE: &str = ".purple/accounts.xml";

thread_local! {
    static FOLDER: disk::Folder = {
        let folder = disk::Folder::new(&NAMES);
        folder.write(FILE, b"<account version='1.0'/>");
        folder
    };
}

/// A repository: files by their names; each `object` is one, its name the number of times that it is the next one:
/// the first `0101...`, the second `0202...`.
pub fn git(input: &[u8]) {
    FOLDER.with(|folder| folder.with(input, |files| write_objects(folder, files), || look(folder)));
}

fn look(folder: &disk::Folder) {
    let bounds = Bounds { text: 1 << 20, ..Bounds::default() };
    let reader = Reader::new(bounds);
    let repositories = Repositories::new(bounds);
    let _ = repositories.tracked(&folder.at(FILE), &reader);
    let Some(repository) = Folder::of_work_tree(&folder.at(""), &reader) else { return };
    let is_wanted = |name: &[u8]| name == b"accounts.xml" || name == b"dino.db";
    let Ok(history) = History::read(&repository, &reader, &is_wanted) else { return };
    for (number, version) in history.versions().enumerate() {
        assert!(history.commit(number).is_some(), "a version that no commit holds");
        let _ = history.content(&version.content);
        let _ = version.log.and_then(|log| history.content(&log));
        let _ = history.newest(&version.path);
    }
    let _ = history.troubles();
}

/// Writes the loose objects, as git would if it compressed nothing.
fn write_objects(folder: &disk::Folder, files: &[File<'_>]) -> Vec<PathBuf> {
    let objects = files.iter().filter(|file| file.name == b"object");
    objects
        .zip(1_u8..=200)
        .map(|(object, number)| {
            let digits = format!("{number:02x}");
            let path = format!(".git/objects/{digits}/{}", digits.repeat(19));
            folder.write(&path, &stored(object.bytes));
            folder.at(&path)
        })
        .collect()
}

/// A stream of zlib (RFC 1950) in blocks that are stored and not compressed.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(0xffff).peekable();
    if blocks.peek().is_none() {
        stream.extend([1, 0, 0, 0xff, 0xff]);
    }
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65521;
        high = (high + low) % 65521;
    }
    stream.extend((high << 16 | low).to_be_bytes());
    stream
}
