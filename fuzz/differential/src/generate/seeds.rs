//! Files that the real clients wrote, and those that have been held against the real libraries before.

use std::path::Path;
use std::sync::OnceLock;

use fastrand::Rng;
use serde_json::Value;

/// One of several files.
pub fn pick(rng: &mut Rng, files: &[Vec<u8>]) -> Vec<u8> {
    files[rng.usize(..files.len())].clone()
}

/// Key files.
pub fn key_files() -> &'static [Vec<u8>] {
    static FILES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    FILES.get_or_init(|| load("profanity/samples", "keyfile/conformance.json", |case| case["input"].as_str()))
}

/// XML files.
pub fn xml_files() -> &'static [Vec<u8>] {
    static FILES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    FILES.get_or_init(|| load("pidgin/samples", "pidgin/xml-conformance.json", |case| case["text"].as_str()))
}

/// The files of a folder of fixtures, and the cases of a table of them that are text.
fn load(folder: &str, table: &str, text: fn(&Value) -> Option<&str>) -> Vec<Vec<u8>> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut paths: Vec<_> = std::fs::read_dir(fixtures.join(folder))
        .expect("the fixtures are there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    // So that a seed always means the same.
    paths.sort();
    let mut files: Vec<_> = paths.iter().map(|path| std::fs::read(path).expect("it can be read")).collect();
    let table = std::fs::read(fixtures.join(table)).expect("the table is there");
    let cases: Vec<Value> = serde_json::from_slice(&table).expect("the table is JSON");
    files.extend(cases.iter().filter_map(text).map(|text| text.as_bytes().to_vec()));
    files
}
