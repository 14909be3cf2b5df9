//! Writes inputs to begin with into `corpus/`: the samples of the rule pages, and the fixtures.
//!
//! `cargo run --example seeds`, in the folder `fuzz`.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::Value;
use sha1::{Digest, Sha1};
use xmpp_audit::model::Language;
use xmpp_audit_fuzz::{log, settings};

type Done = Result<(), Box<dyn Error>>;

/// The largest input to begin with, in bytes: larger ones are slow, and hold nothing that smaller ones do not.
const LARGEST: usize = 24 << 10;

fn main() -> Done {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let seeds = Seeds { corpus: top.join("corpus") };
    let repository = top.parent().ok_or("no repository")?;
    samples(&seeds)?;
    fixtures(&seeds, &repository.join("fixtures"))?;
    conformance(&seeds, &repository.join("fixtures"))?;
    git(&seeds, &repository.join("fixtures/git/packed.git"))?;
    words(&seeds, repository)
}

struct Seeds {
    corpus: PathBuf,
}

impl Seeds {
    fn add(&self, target: &str, bytes: &[u8]) -> Done {
        if bytes.len() > LARGEST {
            return Ok(());
        }
        let folder = self.corpus.join(target);
        fs::create_dir_all(&folder)?;
        let name: String = Sha1::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(fs::write(folder.join(name), bytes)?)
    }

    /// Adds a file for every target that reads such.
    fn add_file(&self, path: &str, bytes: &[u8]) -> Done {
        let bundle = [format!("%%{path}\n").as_bytes(), bytes].concat();
        self.add_home(&bundle)?;
        self.add("recognise", &[format!("{path}\n").as_bytes(), bytes].concat())?;
        let name = path.rsplit('/').next().unwrap_or_default();
        match name {
            _ if bytes.starts_with(b"SQLite format 3\0") => self.add_database(&[b"%%\n", bytes].concat()),
            "prefs.xml" => self.add("gmarkup", bytes),
            _ if name.ends_with(".xml") => self.add("xml", bytes),
            "config" if path.contains("gajim") => self.add("gajim_text", bytes),
            "accounts" | "profrc" | "tlscerts" | "inputrc" => self.add("keyfile", bytes),
            _ if name.ends_with(".desktop") || name.ends_with(".service") => self.add("keyfile", bytes),
            _ if name.ends_with(".pem") => self.add("certificate", bytes),
            _ => Ok(()),
        }
    }

    fn add_database(&self, bundle: &[u8]) -> Done {
        self.add("sqlite", bundle)?;
        self.add("sqlite_pages", bundle)
    }

    /// Adds files of a home for every target that reads such.
    fn add_home(&self, bundle: &[u8]) -> Done {
        let text = String::from_utf8_lossy(bundle);
        let names: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("%%")).collect();
        let is_about = |parts: &[&str]| names.iter().any(|name| parts.iter().any(|part| name.contains(part)));
        for (target, parts) in [
            ("pidgin", &["purple", "gaim"][..]),
            ("gajim", &["gajim"]),
            ("dino", &["dino"]),
            ("profanity", &["profanity"]),
            ("dotfiles", &["dot_", "##", "dot-", "private_", ".tmpl", ".nix", ".age", ".gpg", ".asc"]),
        ] {
            if is_about(parts) {
                self.add(target, bundle)?;
            }
        }
        if !is_about(&["purple", "gaim", "gajim/", "dino.db", "omemo.db", "profanity/"]) {
            self.add("startup", bundle)?;
        }
        self.add("home", bundle)
    }
}

/// A database that these statements make, as small as can be.
fn database(sql: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut connection = Connection::open_in_memory()?;
    connection.execute_batch("PRAGMA page_size = 512")?;
    connection.execute_batch(sql)?;
    Ok(connection.serialize("main")?.to_vec())
}

/// The samples of all rule pages: one home a sample, and one a case.
fn samples(seeds: &Seeds) -> Done {
    for page in settings::rules(Language::English).pages() {
        let mut cases: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for sample in page.texts(Language::English).prose.samples()? {
            let is_sql = sample.language == "sql";
            let bytes = if is_sql { database(&sample.content)? } else { sample.content.clone().into_bytes() };
            seeds.add_file(&sample.path, &bytes)?;
            let bundle = cases.entry(format!("{:?} {}", sample.verdict, sample.case)).or_default();
            bundle.extend([format!("%%{}\n", sample.path).as_bytes(), &bytes, b"\n"].concat());
        }
        for bundle in cases.values() {
            seeds.add_home(bundle)?;
        }
    }
    Ok(())
}

/// The files of the fixtures that are small enough; of the databases what fits, in small pages.
fn fixtures(seeds: &Seeds, fixtures: &Path) -> Done {
    for (folder, home) in [
        ("pidgin/samples", ".purple"),
        ("pidgin/certificates", ".purple/certificates/x509/tls_peers"),
        ("gajim/samples", ".config/gajim"),
        ("profanity/samples", ".local/share/profanity"),
    ] {
        for entry in fs::read_dir(fixtures.join(folder))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !path.is_file() {
                continue;
            }
            let called = match name.as_str() {
                _ if name.ends_with(".config") => "config",
                _ if name.ends_with(".sqlite") => "settings.sqlite",
                _ if name.ends_with(".pem") => &name,
                _ => name.split('-').next().unwrap_or_default(),
            };
            let called = if folder.starts_with("pidgin/samples") && !called.ends_with(".xml") {
                format!("{called}.xml")
            } else {
                called.to_owned()
            };
            let bytes = fs::read(&path)?;
            if called == "settings.sqlite" {
                cells(seeds, &path)?;
            }
            seeds.add_file(&format!("{home}/{called}"), &bytes)?;
        }
    }
    for name in ["dino/schema-26.sql", "dino/omemo-5.sql"] {
        let sql = fs::read_to_string(fixtures.join(name))?;
        let path = if name.contains("omemo") { "omemo.db" } else { "dino.db" };
        let whole = database(&sql)?;
        seeds.add_file(&format!(".local/share/dino/{path}"), &whole)?;
        seeds.add_file(".local/share/dino/dino.sql", sql.as_bytes())?;
        // The same in a write-ahead log over an empty database.
        let empty = database("CREATE TABLE x (y)")?;
        let log = log(&empty, &whole);
        seeds.add_database(&[b"%%\n", &empty[..], b"\n%%\n", &log].concat())?;
        let bundle = [
            format!("%%.local/share/dino/{path}\n").as_bytes(),
            &empty,
            format!("\n%%.local/share/dino/{path}-wal\n").as_bytes(),
            &log,
        ]
        .concat();
        seeds.add_home(&bundle)?;
    }
    Ok(())
}

/// The JSON in the cells of a database of Gajim.
fn cells(seeds: &Seeds, path: &Path) -> Done {
    let connection = Connection::open(path)?;
    for table in ["settings", "account_settings"] {
        let mut statement = connection.prepare(&format!("SELECT settings FROM {table}"))?;
        let cells = statement.query_map([], |row| row.get::<_, String>(0))?;
        for cell in cells {
            seeds.add("json", cell?.as_bytes())?;
        }
    }
    Ok(())
}

/// What is held against the answers of libxml2 and GLib.
fn conformance(seeds: &Seeds, fixtures: &Path) -> Done {
    for (name, key, targets) in [
        ("pidgin/xml-conformance.json", "text", &["xml", "gmarkup"][..]),
        ("keyfile/conformance.json", "input", &["keyfile"]),
    ] {
        let table: Value = serde_json::from_slice(&fs::read(fixtures.join(name))?)?;
        for row in table.as_array().ok_or("no table")? {
            if let Some(text) = row[key].as_str() {
                targets.iter().try_for_each(|target| seeds.add(target, text.as_bytes()))?;
            }
        }
    }
    Ok(())
}

/// A repository with a pack, one with loose objects, and the odd ones.
fn git(seeds: &Seeds, packed: &Path) -> Done {
    let pack = packed.join("objects/pack/pack-85718fa85856ff46c6b74a1212d2b3b03315d2a8");
    let mut bundle = Vec::new();
    for (name, path) in [
        ("config", packed.join("config")),
        ("HEAD", packed.join("HEAD")),
        ("packed-refs", packed.join("packed-refs")),
        ("idx", pack.with_extension("idx")),
        ("pack", pack.with_extension("pack")),
    ] {
        bundle.extend([format!("%%{name}\n").as_bytes(), &fs::read(path)?, b"\n"].concat());
    }
    seeds.add("git", &bundle)?;
    let id = |number: u8| format!("{number:02x}").repeat(20);
    let object = |kind: &str, content: &[u8]| [format!("{kind} {}\0", content.len()).as_bytes(), content].concat();
    let entry =
        |mode: &str, name: &str, number: u8| [format!("{mode} {name}\0").as_bytes(), &[number; 20]].concat();
    let commit = |tree: u8, parents: &[u8]| {
        let parents: String = parents.iter().map(|parent| format!("parent {}\n", id(*parent))).collect();
        let who = "Alice <alice@example.org> 1700000000 +0100";
        object("commit", format!("tree {}\n{parents}author {who}\ncommitter {who}\n\nWords\n", id(tree)).as_bytes())
    };
    let tag =
        format!("object {}\ntype commit\ntag v1\ntagger Alice <a@example.org> 1700000000 +0000\n\nWords\n", id(6));
    let objects = [
        object("blob", b"<account version='1.0'/>"),
        object("tree", &entry("100644", "accounts.xml", 1)),
        object(
            "tree",
            &[entry("40000", ".purple", 2), entry("100644", "dino.db", 1), entry("100644", "dino.db-wal", 1)]
                .concat(),
        ),
        object("tree", &entry("40000", "a", 4)),
        commit(3, &[]),
        commit(3, &[5, 5, 200]),
        object("tag", tag.as_bytes()),
        commit(4, &[6, 8]),
    ];
    let mut bundle =
        format!("%%HEAD\nref: refs/heads/main\n\n%%main\n{}\n\n%%tag\n{}\n\n%%shallow\n{}", id(6), id(7), id(5))
            .into_bytes();
    for object in objects {
        bundle.extend([b"\n%%object\n", &object[..]].concat());
    }
    bundle.extend(b"\n%%.gitattributes\n*.xml filter=git-crypt\n/.purple/** !filter");
    seeds.add("git", &bundle)?;
    let index = index(&[".purple/accounts.xml", "a/b"]);
    seeds.add(
        "git",
        &[b"%%HEAD\nx\n%%index\n", &index[..], b"\n%%attributes\naccounts.xml filter=crypt"].concat(),
    )?;
    seeds.add("git", b"%%config\n[core]\n\tbare = false\n\tworktree = \"/x\" ; y\n[extensions]\n\tobjectformat = sha256\n\n%%HEAD\nref: refs/heads/main\n\n%%commondir\n../.git\n%%alternates\n../objects\n\"x\\n\"\n%%packed-refs\n# pack-refs with: peeled\n1111111111111111111111111111111111111111 refs/heads/main\n^2222222222222222222222222222222222222222\n")
}

/// An index of version 2 that holds these files.
fn index(paths: &[&str]) -> Vec<u8> {
    let mut index = b"DIRC".to_vec();
    index.extend(2_u32.to_be_bytes());
    index.extend(u32::try_from(paths.len()).unwrap_or(0).to_be_bytes());
    for path in paths {
        index.extend([0; 24]);
        index.extend(0o100_644_u32.to_be_bytes());
        index.extend([0; 32]);
        index.extend(u16::try_from(path.len()).unwrap_or(0).to_be_bytes());
        index.extend(path.as_bytes());
        let length = 62 + path.len();
        index.resize(index.len() + 8 - length % 8, 0);
    }
    let checksum = Sha1::digest(&index);
    index.extend(checksum);
    index
}

/// What people write for this program, package databases, and dotfiles.
fn words(seeds: &Seeds, repository: &Path) -> Done {
    for entry in fs::read_dir(repository.join("rules/policies"))? {
        seeds.add("settings", &[b"%%policy\n", &fs::read(entry?.path())?[..]].concat())?;
    }
    let pages: BTreeSet<PathBuf> = fs::read_dir(repository.join("rules"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_, Box<dyn Error>>>()?;
    let pages = pages
        .into_iter()
        .filter(|path| path.extension().is_some_and(|it| it == "md") && !path.ends_with("README.md"));
    for path in pages.step_by(6) {
        seeds.add("settings", &[b"%%rule\n", &fs::read(path)?[..]].concat())?;
    }
    seeds.add("settings", &[b"%%providers\n", &fs::read(repository.join("rules/providers.toml"))?[..]].concat())?;
    seeds.add("settings", include_bytes!("seeds/configuration"))?;
    seeds.add("settings", include_bytes!("seeds/baseline"))?;
    seeds.add("installed", include_bytes!("seeds/dpkg"))?;
    seeds.add("installed", include_bytes!("seeds/flatpak"))?;
    let rpm = database(
        "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB); CREATE TABLE Name (key TEXT, hnum INTEGER, idx INTEGER); INSERT INTO Name VALUES ('pidgin', 1, 0), ('dino', 2, 0); INSERT INTO Packages VALUES (1, x'0000000100000008000003e9000000060000000000000001322e31342e313200'), (2, x'ffffffff00000000');",
    )?;
    seeds.add("installed", &[b"%%rpm\n", &rpm[..]].concat())?;
    seeds.add_home(include_bytes!("seeds/chezmoi"))?;
    seeds.add_home(include_bytes!("seeds/encrypted"))?;
    seeds.add_home(include_bytes!("seeds/nix"))?;
    seeds.add("startup", include_bytes!("seeds/startup"))?;
    Ok(())
}
