//! Letters and numbers that Unicode has got since the version that GLib 2.74 knows.

use crate::campaign::Difference;
use crate::record::Record;

/// Those up to Unicode 18, which GLib 2.74 takes for unassigned.
const NEWER: [(u32, u32); 76] = [
    (0x558, 0x558),
    (0x58B, 0x58C),
    (0x88F, 0x88F),
    (0xC5C, 0xC5C),
    (0xCDC, 0xCDC),
    (0x1C89, 0x1C8A),
    (0x208F, 0x208F),
    (0x209D, 0x209F),
    (0xA7CB, 0xA7CF),
    (0xA7D2, 0xA7D2),
    (0xA7D4, 0xA7D4),
    (0xA7DA, 0xA7DD),
    (0xA7E2, 0xA7E2),
    (0xA7F1, 0xA7F1),
    (0xAB6C, 0xAB6D),
    (0x105C0, 0x105F3),
    (0x107BB, 0x107BF),
    (0x10940, 0x10959),
    (0x10D40, 0x10D65),
    (0x10D6F, 0x10D85),
    (0x10EC2, 0x10EC7),
    (0x10ED9, 0x10EEE),
    (0x11380, 0x11389),
    (0x1138B, 0x1138B),
    (0x1138E, 0x1138E),
    (0x11390, 0x113B5),
    (0x113B7, 0x113B7),
    (0x113D1, 0x113D1),
    (0x113D3, 0x113D3),
    (0x116D0, 0x116E3),
    (0x11B0A, 0x11B0A),
    (0x11BC0, 0x11BE0),
    (0x11BF0, 0x11BF9),
    (0x11DB0, 0x11DDB),
    (0x11DE0, 0x11DE9),
    (0x11DF1, 0x11DF1),
    (0x1246F, 0x1246F),
    (0x12475, 0x1247F),
    (0x12550, 0x12686),
    (0x13460, 0x143FA),
    (0x16100, 0x1611D),
    (0x16130, 0x16139),
    (0x16D40, 0x16D6C),
    (0x16D70, 0x16D79),
    (0x16EA0, 0x16EB8),
    (0x16EBB, 0x16ED3),
    (0x16FF2, 0x16FF6),
    (0x187F8, 0x187FF),
    (0x18CD6, 0x18CDA),
    (0x18CFF, 0x18CFF),
    (0x18D09, 0x18D20),
    (0x18D80, 0x18DF2),
    (0x18E00, 0x19191),
    (0x191A0, 0x191D2),
    (0x1B123, 0x1B128),
    (0x1B168, 0x1B168),
    (0x1CCF0, 0x1CCF9),
    (0x1D6A6, 0x1D6A6),
    (0x1DF1F, 0x1DF24),
    (0x1DF2B, 0x1DF81),
    (0x1DF90, 0x1DF96),
    (0x1DFCD, 0x1DFFF),
    (0x1E5D0, 0x1E5ED),
    (0x1E5F0, 0x1E5FA),
    (0x1E6C0, 0x1E6DE),
    (0x1E6E0, 0x1E6E2),
    (0x1E6E4, 0x1E6E5),
    (0x1E6E7, 0x1E6ED),
    (0x1E6F0, 0x1E6F4),
    (0x1E6FE, 0x1E6FF),
    (0x2B73A, 0x2B73F),
    (0x2B81E, 0x2B81E),
    (0x2CEA2, 0x2CEAD),
    (0x2EBF0, 0x2EE5D),
    (0x323B0, 0x33479),
    (0x3D000, 0x3FC3F),
];

/// Characters that are letters to nobody, of four bytes like most of the newer letters.
const PRIVATE: u32 = 0x10_0000;

/// Whether we would read the file as GLib does if the newer letters in it were none.
pub fn agree_without_newer_letters(difference: &Difference) -> bool {
    let text: String = difference.file.utf8_chunks().map(|chunk| chunk.valid()).collect();
    let mut newer: Vec<char> = text.chars().filter(|character| is_newer(*character)).collect();
    newer.sort_unstable();
    newer.dedup();
    if newer.is_empty() {
        return false;
    }
    let pairs: Vec<(String, String)> = newer
        .iter()
        .zip(PRIVATE..)
        .filter_map(|(character, code)| Some((character.to_string(), char::from_u32(code)?.to_string())))
        .collect();
    let mut file = difference.file.to_vec();
    for (newer, private) in &pairs {
        file = replaced(&file, newer.as_bytes(), private.as_bytes());
    }
    let mut record = Record::default();
    for (kind, bytes) in difference.subject.read(&file).record.tokens() {
        let mut bytes = bytes.to_vec();
        for (newer, private) in &pairs {
            bytes = replaced(&bytes, private.as_bytes(), newer.as_bytes());
        }
        record.push(kind, &bytes);
    }
    record == difference.theirs.record
}

fn is_newer(character: char) -> bool {
    NEWER.iter().any(|(first, last)| (*first..=*last).contains(&u32::from(character)))
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        if let Some(tail) = rest.strip_prefix(from) {
            replaced.extend(to);
            rest = tail;
        } else {
            replaced.push(*first);
            rest = &rest[1..];
        }
    }
    replaced
}
