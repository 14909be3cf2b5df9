//! What `benches/parse.sh` times: each reader of a format alone.
//!
//! ```text
//! parse FORMAT FILE TIMES    reads the file so often, from the disk each time, and says what it found last
//! ```
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

use std::env;
use std::fs::{self, File};
use std::path::Path;

use xmpp_audit::model::{FileKind, Purpose};
use xmpp_audit::source::sqlite::{Database, Image};
use xmpp_audit::source::{Bounds, Reader};
use xmpp_audit::syntax::gajim_text::{self, LineEnds};
use xmpp_audit::syntax::json;
use xmpp_audit::syntax::keyfile::{KeyFile, Translations};
use xmpp_audit::syntax::xml::stream::{self, BLOCK};
use xmpp_audit::syntax::xml::{self, gmarkup};
use zeroize::Zeroizing;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [format, path, times] = words.as_slice() else { return println!("benches/parse.sh runs this") };
    let path = Path::new(path);
    let mut found = 0;
    for _ in 0..times.parse::<usize>().unwrap() {
        found = match *format {
            "xml" => xml(path),
            "stream" => streamed(path),
            "gmarkup" => markup(path),
            "keyfile" => key_file(path),
            "json" => objects(path),
            "serde_json" => {
                serde_json::from_slice::<serde_json::Value>(&read(path)).unwrap().as_object().unwrap().len()
            }
            "gajim" => gajim_text::parse(&read(path), LineEnds::Universal).count_of(),
            "sqlite" => rows(path),
            other => panic!("there is no format {other}"),
        };
    }
    println!("{found}");
}

fn read(path: &Path) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(fs::read(path).unwrap())
}

fn xml(path: &Path) -> usize {
    let decoded = xml::decode(read(path));
    let document = xml::parse(&decoded);
    assert!(document.fault.is_none() && !document.is_cut, "a file that is read as a whole");
    document.elements().count()
}

fn streamed(path: &Path) -> usize {
    let outcome = stream::check(&mut File::open(path).unwrap(), BLOCK).unwrap();
    assert!(outcome.fault.is_none() && !outcome.is_cut);
    1
}

fn markup(path: &Path) -> usize {
    let decoded = gmarkup::decode(read(path));
    let markup = gmarkup::parse(&decoded);
    assert!(markup.fault.is_none() && !markup.is_cut, "a file that is read as a whole");
    markup.tags().len()
}

fn key_file(path: &Path) -> usize {
    let bytes = read(path);
    let file = KeyFile::parse(&bytes, Translations::Keep);
    assert!(file.fault().is_none());
    file.groups().len()
}

fn objects(path: &Path) -> usize {
    let bytes = read(path);
    let text = String::from_utf8_lossy(&bytes);
    let document = json::parse(&text);
    assert!(document.error.is_none());
    document.root.effective_members().len()
}

/// What a list or an iterator has in it.
trait CountOf {
    fn count_of(self) -> usize;
}

impl<I: IntoIterator> CountOf for I {
    fn count_of(self) -> usize {
        self.into_iter().count()
    }
}

fn rows(path: &Path) -> usize {
    let reader = Reader::new(Bounds::default());
    let kind = FileKind("database", Purpose::Settings);
    let Ok((_, Image::Open(database))) = Database::open(&reader, path, kind) else { panic!("no database") };
    let mut length = 0;
    for (table, columns) in [
        ("conversation", &["id", "account_id", "jid_id", "active", "type", "encryption"][..]),
        ("jid", &["id", "bare_jid"]),
        ("roster", &["account_id", "jid"]),
    ] {
        let read = database.select(table, columns, |row| {
            length += columns.iter().filter_map(|column| row.text(column)).map(|text| text.len()).sum::<usize>();
        });
        read.ok().unwrap();
    }
    length
}
