//! Databases that are broken, lie about themselves, or bring along code.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use super::trap::Told::{Finding, NothingInWalk, Notice};
use super::trap::{DINO, GAJIM, Home, Told, Trap};

const SCHEMA: &str = include_str!("../../fixtures/dino/schema-26.sql");
const ACCOUNT: &str =
    "INSERT INTO account (bare_jid, password, enabled) VALUES ('alice@example.org', 'SECRET', 1);";

const MALFORMED: &[Told] = &[Finding("file-malformed")];
const FOUND: &[Told] = &[Finding("password-stored")];
const FOREIGN: &[Told] = &[Finding("file-malformed"), NothingInWalk];

pub const TRAPS: &[Trap] = &[
    Trap {
        home: "db-pages",
        about: "a database whose pages are noise",
        make: |home| corrupt(home, |bytes| bytes[100..].fill(0xa5)),
        told: FOREIGN,
    },
    Trap {
        home: "db-last-page",
        about: "a database whose last pages are noise",
        make: corrupt_end,
        told: &[Finding("file-malformed"), Finding("password-stored")],
    },
    Trap {
        home: "db-page-size",
        about: "a page size of nothing",
        make: |home| corrupt(home, |bytes| bytes[16..18].fill(0)),
        told: FOREIGN,
    },
    Trap {
        home: "db-truncated",
        about: "a database that ends in the middle of a page",
        make: truncated,
        told: &[Finding("file-malformed"), Finding("password-stored"), NothingInWalk],
    },
    Trap {
        home: "db-self",
        about: "a page of a b-tree that is its own child",
        make: self_reference,
        told: &[Finding("file-malformed"), Finding("password-stored")],
    },
    Trap { home: "db-freelist", about: "a list of free pages that goes round", make: freelist_loop, told: FOUND },
    Trap {
        home: "db-hot-journal",
        about: "a journal of a write that did not end",
        make: |home| journal(home, b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"),
        told: &[Notice("did not end")],
    },
    Trap {
        home: "db-stale-journal",
        about: "a journal of a write that ended",
        make: |home| journal(home, &[0; 512]),
        told: FOUND,
    },
    Trap {
        home: "db-false-log",
        about: "a write-ahead log with wrong checksums",
        make: |home| log(home, |bytes| bytes[100] ^= 1),
        told: FOUND,
    },
    Trap {
        home: "db-huge-log",
        about: "a write-ahead log that says that the database is huge",
        make: huge_log,
        told: &[Finding("file-malformed"), Finding("password-stored"), Notice("")],
    },
    Trap {
        home: "db-sparse",
        about: "a database of eight gigabytes of nothing",
        make: |home| home.sparse(DINO, b"SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20", 8 << 30),
        told: &[Notice("too large"), NothingInWalk],
    },
    Trap {
        home: "db-sparse-log",
        about: "a write-ahead log of eight gigabytes of nothing",
        make: sparse_log,
        told: &[Finding("password-stored"), Notice("too large")],
    },
    Trap {
        home: "db-view",
        about: "accounts that are a view which loads an extension",
        make: |home| {
            with_schema(
                home,
                "CREATE VIEW account AS SELECT 1 AS id, load_extension('x') AS bare_jid, 'SECRET' AS password, 1 AS enabled;",
            )
        },
        told: &[Finding("file-malformed"), NothingInWalk],
    },
    Trap {
        home: "db-recursive",
        about: "accounts that are a view without end",
        make: |home| {
            with_schema(
                home,
                "CREATE VIEW account AS WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n AS id, n AS bare_jid, 'SECRET' AS password, 1 AS enabled FROM c;",
            )
        },
        told: &[Finding("file-malformed"), NothingInWalk],
    },
    Trap {
        home: "db-generated",
        about: "a column that is computed from a gigabyte",
        make: |home| {
            with_schema(
                home,
                "CREATE TABLE account (id INTEGER PRIMARY KEY, enabled INTEGER, resourcepart TEXT); INSERT INTO account (enabled) VALUES (1); ALTER TABLE account ADD COLUMN bare_jid TEXT AS (hex(zeroblob(400000000))); ALTER TABLE account ADD COLUMN password TEXT AS (hex(zeroblob(400000000)));",
            )
        },
        told: &[Finding("file-malformed"), NothingInWalk, Finding("account-address-malformed")],
    },
    Trap {
        home: "db-trigger",
        about: "triggers on everything",
        make: |home| {
            dino(
                home,
                "CREATE TRIGGER t AFTER INSERT ON account BEGIN DELETE FROM account; END; CREATE TRIGGER u AFTER UPDATE ON jid BEGIN SELECT load_extension('x'); END;",
            )
        },
        told: FOUND,
    },
    Trap {
        home: "db-virtual",
        about: "accounts that are a virtual table",
        make: virtual_table,
        told: &[Finding("file-malformed"), NothingInWalk],
    },
    Trap {
        home: "db-index",
        about: "an index with an expression without end",
        make: |home| dino(home, "CREATE INDEX i ON account (hex(zeroblob(id * 1000)));"),
        told: FOUND,
    },
    Trap {
        home: "db-columns",
        about: "a table of two thousand columns",
        make: |home| {
            dino(
                home,
                &format!(
                    "CREATE TABLE wide ({});",
                    (0..1990).map(|number| format!("c{number}")).collect::<Vec<_>>().join(", ")
                ),
            )
        },
        told: &[Finding("password-stored"), Finding("file-malformed")],
    },
    Trap {
        home: "db-tables",
        about: "ten thousand tables",
        make: |home| {
            dino(home, &(0..10_000).map(|number| format!("CREATE TABLE t{number} (a);")).collect::<String>())
        },
        told: FOUND,
    },
    Trap {
        home: "db-blob",
        about: "an address of thirty megabytes",
        make: |home| {
            dino(
                home,
                "INSERT INTO account (bare_jid, password, enabled) VALUES (zeroblob(30000000), zeroblob(30000000), 1);",
            )
        },
        told: &[Finding("password-stored"), Finding("file-malformed")],
    },
    Trap {
        home: "db-rows",
        about: "a million accounts",
        make: |home| {
            with_schema(
                home,
                &format!(
                    "CREATE TABLE account (id INTEGER PRIMARY KEY, bare_jid TEXT, resourcepart TEXT, password TEXT, enabled INTEGER); {}",
                    million("INSERT INTO account (bare_jid, password, enabled) SELECT n || '@b.c', 'x', 1 FROM c")
                ),
            )
        },
        told: &[Notice("more than")],
    },
    Trap {
        home: "db-conversations",
        about: "a million conversations",
        make: |home| {
            dino(
                home,
                &million("INSERT INTO conversation (account_id, jid_id, active, type) SELECT 1, n, 1, 1 FROM c"),
            )
        },
        told: &[Notice("more than")],
    },
    Trap {
        home: "db-addresses",
        about: "a million addresses",
        make: |home| dino(home, &million("INSERT INTO roster (account_id, jid) SELECT 1, n || '@b.c' FROM c")),
        told: FOUND,
    },
    Trap {
        home: "db-utf-16",
        about: "a database in UTF-16",
        make: |home| database(&home.at(DINO), &format!("PRAGMA encoding = 'UTF-16le'; {SCHEMA} {ACCOUNT}")),
        told: FOUND,
    },
    Trap {
        home: "db-encrypted",
        about: "a database that is encrypted",
        make: encrypted,
        told: &[Finding("file-format-unknown"), NothingInWalk],
    },
    Trap {
        home: "db-future",
        about: "a database of a version that is still to come",
        make: |home| dino(home, "UPDATE _meta SET int_val = 999;"),
        told: &[Finding("file-format-unknown")],
    },
    Trap {
        home: "db-types",
        about: "values of every type but the right one",
        make: |home| {
            dino(
                home,
                "INSERT INTO account (bare_jid, password, enabled) VALUES (x'ff00fe', 1e999, 'x'); INSERT INTO conversation (account_id, jid_id, active, type) VALUES (9e99, x'00', -1, 'y');",
            )
        },
        told: FOUND,
    },
    Trap { home: "db-omemo", about: "a million devices", make: omemo, told: &[Notice("more than")] },
    Trap {
        home: "gajim-future",
        about: "settings of a version of Gajim that is still to come",
        make: |home| gajim(home, 9999, "{}"),
        told: &[Finding("file-format-unknown")],
    },
    Trap {
        home: "gajim-deep",
        about: "JSON of 100,000 lists inside one another",
        make: |home| gajim(home, 0, &"[".repeat(100_000)),
        told: MALFORMED,
    },
    Trap {
        home: "gajim-values",
        about: "a cell of lists",
        make: |home| gajim(home, 0, &format!("[{}[]]", "[],".repeat(1_000_000))),
        told: &[Notice("more than")],
    },
    Trap {
        home: "gajim-members",
        about: "a cell of members",
        make: |home| gajim(home, 0, &format!("{{{}\"\":0}}", "\"\":0,".repeat(150_000))),
        told: &[Finding("account-address-malformed")],
    },
    Trap {
        home: "gajim-surrogates",
        about: "half characters in JSON, which Python takes",
        make: |home| {
            gajim(
                home,
                0,
                r#"{"account": {"name": "\ud800\u001b", "hostname": "example.org", "custom_type": "PLAIN", "use_custom_host": true}}"#,
            )
        },
        told: &[
            Finding("account-address-malformed"),
            Finding("transport-cleartext"),
            Finding("encryption-disabled"),
        ],
    },
    Trap {
        home: "gajim-rooms",
        about: "a cell of 20,000 rooms with a name of a quarter of a megabyte before them",
        make: gajim_rooms,
        told: &[Finding("room-on-account-domain"), Notice("more than"), Finding("room-address-malformed")],
    },
];

/// Makes a database.
pub fn database(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;").unwrap();
    connection.execute_batch(&sql.replacen("CREATE TABLE", "BEGIN; CREATE TABLE", 1)).unwrap();
    connection.execute_batch("COMMIT;").unwrap();
}

/// A database of Dino's with an account whose password is stored, and something more.
pub fn dino(home: &Home, more: &str) {
    database(&home.at(DINO), &format!("{SCHEMA} {ACCOUNT} {more}"));
}

/// The same with other accounts.
fn with_schema(home: &Home, account: &str) {
    let schema: String =
        SCHEMA.lines().filter(|line| !line.contains("TABLE account ")).collect::<Vec<_>>().join("\n");
    database(&home.at(DINO), &format!("{schema} {account}"));
}

fn million(insert: &str) -> String {
    format!("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000) {insert};")
}

fn corrupt(home: &Home, change: impl Fn(&mut [u8])) {
    dino(home, "");
    let mut bytes = fs::read(home.at(DINO)).unwrap();
    change(&mut bytes);
    home.write(DINO, bytes);
}

fn corrupt_end(home: &Home) {
    corrupt(home, |bytes| {
        let half = bytes.len() / 2;
        bytes[half..].fill(0xff);
    });
}

fn truncated(home: &Home) {
    dino(home, "");
    let bytes = fs::read(home.at(DINO)).unwrap();
    home.write(DINO, &bytes[..bytes.len() / 3 + 7]);
}

/// The root page of accounts becomes an inner page whose only child is itself.
fn self_reference(home: &Home) {
    dino(home, "");
    let connection = Connection::open(home.at(DINO)).unwrap();
    let page: usize = connection
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'account'", [], |row| row.get::<_, i64>(0))
        .unwrap()
        .try_into()
        .unwrap();
    drop(connection);
    let mut bytes = fs::read(home.at(DINO)).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let content = &mut bytes[(page - 1) * size..page * size];
    content.fill(0);
    content[0] = 5;
    content[5..7].copy_from_slice(&u16::try_from(size).unwrap().to_be_bytes());
    content[8..12].copy_from_slice(&u32::try_from(page).unwrap().to_be_bytes());
    home.write(DINO, bytes);
}

fn freelist_loop(home: &Home) {
    dino(home, "CREATE TABLE gone (a); INSERT INTO gone VALUES (zeroblob(100000)); DROP TABLE gone;");
    let mut bytes = fs::read(home.at(DINO)).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let first = usize::try_from(u32::from_be_bytes(bytes[32..36].try_into().unwrap())).unwrap();
    let number = u32::try_from(first).unwrap().to_be_bytes();
    bytes[(first - 1) * size..(first - 1) * size + 4].copy_from_slice(&number);
    home.write(DINO, bytes);
}

fn journal(home: &Home, begin: &[u8]) {
    dino(home, "");
    home.write(&format!("{DINO}-journal"), begin);
}

/// A database with a log in which its newest account stands, changed.
fn log(home: &Home, change: impl Fn(&mut [u8])) {
    dino(home, "");
    let connection = Connection::open(home.at(DINO)).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; UPDATE account SET alias = 'x';").unwrap();
    let (database, mut bytes) =
        (fs::read(home.at(DINO)).unwrap(), fs::read(home.at(&format!("{DINO}-wal"))).unwrap());
    drop(connection);
    change(&mut bytes);
    home.write(DINO, database);
    home.write(&format!("{DINO}-wal"), bytes);
}

/// Checksums as SQLite makes them, over a frame that is the last of a database of two thousand million pages.
fn huge_log(home: &Home) {
    log(home, |bytes| {
        let big_endian = bytes[3] & 1 == 1;
        let word = |bytes: &[u8]| {
            let bytes = bytes.try_into().unwrap();
            if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
        };
        let sum = |(mut first, mut second): (u32, u32), bytes: &[u8]| {
            for pair in bytes.chunks_exact(8) {
                first = first.wrapping_add(word(&pair[..4])).wrapping_add(second);
                second = second.wrapping_add(word(&pair[4..])).wrapping_add(first);
            }
            (first, second)
        };
        let page = usize::try_from(u32::from_be_bytes(bytes[8..12].try_into().unwrap())).unwrap();
        let mut running = sum((0, 0), &bytes[..24]);
        for frame in bytes[32..].chunks_exact_mut(24 + page) {
            frame[4..8].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
            running = sum(sum(running, &frame[..8]), &frame[24..]);
            frame[16..20].copy_from_slice(&running.0.to_be_bytes());
            frame[20..24].copy_from_slice(&running.1.to_be_bytes());
        }
    });
}

fn sparse_log(home: &Home) {
    dino(home, "");
    home.sparse(&format!("{DINO}-wal"), b"", 8 << 30);
}

/// The definition is written behind the back of SQLite, which would want the module.
fn virtual_table(home: &Home) {
    with_schema(home, "");
    let connection = Connection::open(home.at(DINO)).unwrap();
    connection
        .execute_batch(
            "PRAGMA writable_schema = ON;
             INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql)
             VALUES ('table', 'account', 'account', 0, 'CREATE VIRTUAL TABLE account USING csv(filename=''/etc/passwd'')');",
        )
        .unwrap();
}

fn encrypted(home: &Home) {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[1]
    });
    home.write(DINO, noise.take(65_536).collect::<Vec<_>>());
}

fn omemo(home: &Home) {
    dino(home, "");
    let insert = million(
        "INSERT INTO identity_meta (identity_id, address_name, device_id, trust_level, now_active) \
         SELECT 1, n || '@b.c', n, 3, 1 FROM c",
    );
    let schema = include_str!("../../fixtures/dino/omemo-5.sql");
    database(&home.at(".local/share/dino/omemo.db"), &format!("{schema} {insert}"));
}

/// Settings of Gajim's with one account in which that stands.
fn gajim(home: &Home, user_version: u32, account: &str) {
    let sql = format!(
        "PRAGMA user_version = {user_version};
         CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
         CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);
         INSERT INTO settings VALUES ('app', '{{}}'), ('proxies', '{{}}'), ('workspaces', '{{}}'), ('plugins', '{{}}');"
    );
    database(&home.at(GAJIM), &sql);
    let connection = Connection::open(home.at(GAJIM)).unwrap();
    connection.execute("INSERT INTO account_settings VALUES ('x', ?1)", [account]).unwrap();
}

fn gajim_rooms(home: &Home) {
    let rooms: String = (0..20_000).map(|number| format!("\"r{number}@riseup.net\": {{}}, ")).collect();
    let name = "n".repeat(250_000);
    let account = format!(
        "{{\"account\": {{\"name\": \"a\", \"hostname\": \"riseup.net\"}}, \"{name}\": {{}}, \"group_chat\": {{{rooms} \"x\": {{}}}}}}"
    );
    gajim(home, 0, &account);
}
