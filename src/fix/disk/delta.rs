//! The way back from the bytes of a database to those before a repair: where they stand in the new ones, and nothing
//! else but what was replaced.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::way::{Bytes, Digest};

/// The largest database of which this is made, in bytes.
pub(super) const LARGEST: u64 = 64 << 20;

/// How much of a file is compared at once.
const BLOCK: usize = 4096;

/// The shortest piece that is looked for elsewhere, in bytes.
const SHORTEST: usize = 4;

/// How many places are looked at for the longest piece.
const CANDIDATES: usize = 64;

/// The way back from bytes to those before them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Delta {
    new: Digest,
    old: Digest,
    parts: Vec<Part>,
}

/// A part of the old bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    /// Those at a place of the new ones, and how many.
    Copy(usize, usize),
    /// These.
    Put(Bytes),
}

impl Delta {
    /// The way back from `new` to `old`. None if more text would have to be kept than what stands in `only`, where that is
    /// said: what stood in unused parts of a database is nobody's business.
    pub(super) fn of(old: &[u8], new: &[u8], only: Option<&[&[u8]]>) -> Option<Self> {
        let index = Index::of(old, new);
        let mut parts = Parts::default();
        let mut at = 0;
        while at < old.len() {
            let here = common(old.get(at..)?, new.get(at..).unwrap_or_default());
            if here >= SHORTEST || here > 0 && at + here == old.len() {
                parts.copy(at, here);
                at += here;
                continue;
            }
            match index.longest(old.get(at..)?, new) {
                Some((from, length)) => {
                    parts.copy(from, length);
                    at += length;
                }
                None => {
                    parts.put(*old.get(at)?);
                    at += 1;
                }
            }
        }
        let is_known = |text: &[u8], only: &[&[u8]]| {
            only.iter().any(|replaced| memchr::memmem::find(replaced, text).is_some())
        };
        let keeps_only = |part: &Part, only| match part {
            Part::Copy(..) => true,
            Part::Put(bytes) => texts(&bytes.0).all(|text| is_known(text, only)),
        };
        let is_allowed = only.is_none_or(|only| parts.0.iter().all(|part| keeps_only(part, only)));
        is_allowed.then(|| Self { new: Digest::of(new), old: Digest::of(old), parts: parts.0 })
    }

    /// Whether these are the bytes that the way leads from.
    pub(super) fn is_new(&self, bytes: &[u8]) -> bool {
        Digest::of(bytes) == self.new
    }

    /// Whether these are the bytes that the way leads to.
    pub(super) fn is_old(&self, bytes: &[u8]) -> bool {
        Digest::of(bytes) == self.old
    }

    /// The old bytes; none if these are not the ones that the way leads from.
    pub(super) fn back(&self, new: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        if !self.is_new(new) {
            return None;
        }
        let mut old = Zeroizing::new(Vec::with_capacity(new.len()));
        for part in &self.parts {
            match part {
                Part::Copy(from, length) => old.extend_from_slice(new.get(*from..from.checked_add(*length)?)?),
                Part::Put(bytes) => old.extend_from_slice(&bytes.0),
            }
            if old.len() as u64 > LARGEST {
                return None;
            }
        }
        self.is_old(&old).then_some(old)
    }
}

#[derive(Default)]
struct Parts(Vec<Part>);

impl Parts {
    fn copy(&mut self, from: usize, length: usize) {
        match self.0.last_mut() {
            Some(Part::Copy(before, size)) if *before + *size == from => *size += length,
            _ => self.0.push(Part::Copy(from, length)),
        }
    }

    fn put(&mut self, byte: u8) {
        match self.0.last_mut() {
            Some(Part::Put(bytes)) => bytes.0.push(byte),
            _ => self.0.push(Part::Put(Bytes::of(&[byte]))),
        }
    }
}

/// Where pieces stand in those blocks of the new bytes that are not the same as the old ones in their place.
struct Index(HashMap<[u8; SHORTEST], Vec<usize>>);

impl Index {
    fn of(old: &[u8], new: &[u8]) -> Self {
        let mut index: HashMap<_, Vec<usize>> = HashMap::new();
        for (number, block) in new.chunks(BLOCK).enumerate() {
            let start = number * BLOCK;
            if old.get(start..start + block.len()) == Some(block) {
                continue;
            }
            let end = (start + block.len() + SHORTEST - 1).min(new.len());
            for (offset, piece) in new.get(start..end).unwrap_or_default().windows(SHORTEST).enumerate() {
                let Ok(piece) = piece.try_into() else { continue };
                let places = index.entry(piece).or_default();
                if places.len() < CANDIDATES {
                    places.push(start + offset);
                }
            }
        }
        Self(index)
    }

    /// The place of the longest piece that the bytes begin with.
    fn longest(&self, old: &[u8], new: &[u8]) -> Option<(usize, usize)> {
        let piece: [u8; SHORTEST] = old.get(..SHORTEST)?.try_into().ok()?;
        let length = |at: usize| common(old, new.get(at..).unwrap_or_default());
        self.0.get(&piece)?.iter().map(|at| (*at, length(*at))).max_by_key(|(_, length)| *length)
    }
}

/// How many bytes two texts have in common at their beginning.
fn common(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// What of some bytes could be text that says something to somebody.
fn texts(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte < 0x20 || *byte == 0x7f).filter(|text| text.len() >= SHORTEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_leads_back_without_a_word_more_than_was_replaced() {
        let cell = b"\x01name: me, password: hunter2, encryption: sometimes, and more\x02";
        let changed = b"\x05name: me, password: hunter2, encryption: required, and more\x07";
        let mut old = vec![0; 3 * BLOCK];
        let mut new = old.clone();
        old[100..100 + cell.len()].copy_from_slice(cell);
        new[900..900 + changed.len()].copy_from_slice(changed);
        let delta = Delta::of(&old, &new, Some(&[b"sometimes"])).unwrap();
        assert_eq!(delta.back(&new).unwrap().as_slice(), old);
        let written = serde_json::to_string(&delta).unwrap();
        assert!(written.len() < 500, "{written}");
        let delta: Delta = serde_json::from_str(&written).unwrap();
        assert!(delta.is_new(&new) && delta.is_old(&old) && delta.back(&old).is_none());
        // What nobody said would be replaced.
        assert!(Delta::of(&old, &new, Some(&[b"other"])).is_none());
        // An old password that stood in unused space, and stands nowhere any more.
        old[2000..2009].copy_from_slice(b"swordfish");
        new[2000..2009].copy_from_slice(&[7; 9]);
        assert!(Delta::of(&old, &new, Some(&[b"sometimes"])).is_none());
    }

    #[test]
    fn lengths_may_differ() {
        for (old, new) in
            [(&b""[..], &b"abc"[..]), (b"abc", b""), (b"\x01\x02\x03abcdef", b"abcdef"), (b"ab", b"abcdefgh")]
        {
            let delta = Delta::of(old, new, Some(&[old])).unwrap();
            assert_eq!(delta.back(new).unwrap().as_slice(), old);
        }
    }
}
