//! SQLite databases, and write-ahead logs whose checksums are right.

use arbitrary::{Result, Unstructured};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::words;

/// The page size of made-up databases, the smallest that there is.
const PAGE: usize = 512;

/// The bytes of a database that these statements make, and a connection to go on with. Statements that make no sense
/// are passed over: some are random.
pub(super) struct Made {
    connection: Connection,
}

impl Made {
    pub(super) fn new() -> Self {
        let connection = Connection::open_in_memory().expect("a database in memory");
        connection.execute_batch("PRAGMA page_size = 512").expect("a page size");
        Self { connection }
    }

    pub(super) fn run(&self, sql: &str) -> &Self {
        let _ = self.connection.execute_batch(sql);
        self
    }

    /// Adds a row to a table.
    pub(super) fn insert(&self, table: &str, values: Vec<Value>) -> &Self {
        let places = vec!["?"; values.len()].join(", ");
        let sql = format!("INSERT OR IGNORE INTO {table} VALUES ({places})");
        if let Ok(mut statement) = self.connection.prepare_cached(&sql) {
            let _ = statement.execute(params_from_iter(values));
        }
        self
    }

    pub(super) fn bytes(&mut self) -> Vec<u8> {
        self.connection.serialize("main").expect("the bytes of a database").to_vec()
    }
}

/// A value of any storage class: mostly `text`, or a number.
pub(super) fn value(random: &mut Unstructured<'_>, text: String) -> Result<Value> {
    Ok(match random.int_in_range(0..=9)? {
        0 => Value::Null,
        1 => Value::Integer(random.arbitrary()?),
        2 => Value::Real(random.arbitrary()?),
        3 => Value::Blob(words::odd(random)?.into_bytes()),
        _ => Value::Text(text),
    })
}

/// A small number, as most are, or anything else.
pub(super) fn number(random: &mut Unstructured<'_>, most: i64) -> Result<Value> {
    if random.ratio(1, 8)? {
        let text = words::odd(random)?;
        return value(random, text);
    }
    Ok(Value::Integer(random.int_in_range(-1..=most)?))
}

/// The write-ahead log that makes the database `after` of `before`, as SQLite would write it.
pub fn log(before: &[u8], after: &[u8]) -> Vec<u8> {
    let mut log = Vec::new();
    for word in [0x377f_0682, 3_007_000, 512, 1, 0x5a17_0001, 0x5a17_0002] {
        log.extend(u32::to_be_bytes(word));
    }
    let mut checksum = (0, 0);
    add(&mut checksum, &log.clone());
    push(&mut log, checksum);
    let pages = after.chunks_exact(PAGE);
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    let changed: Vec<(u32, &[u8])> = (1..)
        .zip(pages)
        .filter(|(number, page)| {
            let start = (usize::try_from(*number).unwrap_or(1) - 1) * PAGE;
            before.get(start..start + PAGE) != Some(*page)
        })
        .collect();
    let last = changed.len();
    for (index, (number, page)) in (1..).zip(changed) {
        let size = if index == last { count } else { 0 };
        let head = [u32::to_be_bytes(number), u32::to_be_bytes(size)].concat();
        add(&mut checksum, &head);
        add(&mut checksum, page);
        log.extend(head);
        log.extend(0x5a17_0001_u32.to_be_bytes());
        log.extend(0x5a17_0002_u32.to_be_bytes());
        push(&mut log, checksum);
        log.extend(page);
    }
    log
}

fn add(checksum: &mut (u32, u32), bytes: &[u8]) {
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
    for pair in bytes.chunks_exact(8) {
        checksum.0 = checksum.0.wrapping_add(word(&pair[..4])).wrapping_add(checksum.1);
        checksum.1 = checksum.1.wrapping_add(word(&pair[4..])).wrapping_add(checksum.0);
    }
}

fn push(log: &mut Vec<u8>, checksum: (u32, u32)) {
    log.extend(checksum.0.to_be_bytes());
    log.extend(checksum.1.to_be_bytes());
}
