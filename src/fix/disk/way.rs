//! The way back from a text to the one before it: no more of it than what was replaced, and no secret.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::fix::splice::{Overlap, spliced};
use crate::model::Splice;

/// What tells one content from another: its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Digest(String);

impl Digest {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(format!("{:x}", Sha256::digest(bytes)))
    }
}

/// Bytes, in Base64 where they are written down.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(super) struct Bytes(pub Zeroizing<Vec<u8>>);

impl Bytes {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }
}

impl From<Bytes> for String {
    fn from(bytes: Bytes) -> Self {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.encode(&*bytes.0)
    }
}

impl TryFrom<String> for Bytes {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.decode(text).map(|bytes| Self(Zeroizing::new(bytes)))
    }
}

impl std::fmt::Debug for Bytes {
    /// Never the bytes.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} bytes", self.0.len())
    }
}

/// The way back from a text to the one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Way {
    /// The text that it leads from.
    pub new: Digest,
    /// The text that it leads to: the old one, without the secrets that were not kept.
    pub restored: Digest,
    /// What is missing in that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// What is to be put back, the last round first. The places of a round are in their order.
    rounds: Vec<Vec<Back>>,
}

/// Where something is missing in a text that was put back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Gap {
    /// Where the secret stood in the old text.
    at: usize,
    /// How long it was there.
    length: usize,
    /// What stands there instead.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    instead: String,
}

/// A place of a text, and what stood there before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Back {
    /// Where it is, in bytes.
    at: usize,
    /// How much stands there now.
    length: usize,
    /// What stood there.
    old: Old,
}

/// What stood in a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Old {
    /// This.
    Kept(Bytes),
    /// A secret of that many bytes, which was not kept.
    Forgotten(usize),
}

/// The shortest secret that is looked for in what is kept.
const SHORTEST: usize = 4;

/// One byte of a text in which something may be missing.
#[derive(Clone, Copy)]
enum Unit {
    Byte(u8),
    /// A byte of a secret that was not kept. The first one of a secret has the number of what stands there instead.
    Missing(Option<u32>),
}

impl Way {
    /// The way back from what rounds of changes make of a text. Secrets are kept only if that is wanted.
    pub(super) fn of(old: &[u8], rounds: &[Vec<Splice>], keeps_secrets: bool) -> Result<Self, Overlap> {
        let mut texts = vec![Zeroizing::new(old.to_vec())];
        for round in rounds {
            let next = spliced(texts.last().ok_or(Overlap)?, round)?;
            texts.push(next);
        }
        let mut secrets: Vec<Zeroizing<Vec<u8>>> = Vec::new();
        if !keeps_secrets {
            for (text, round) in texts.iter().zip(rounds) {
                let forgotten = round.iter().filter(|splice| splice.forgets);
                let taken = forgotten.filter_map(|splice| text.get(splice.span.start..splice.span.end));
                secrets.extend(taken.map(|secret| Zeroizing::new(secret.to_vec())));
            }
        }
        let mut back: Vec<Vec<Back>> =
            texts.iter().zip(rounds).map(|(text, round)| back(text, round, &secrets)).collect();
        back.reverse();
        let new = texts.last().ok_or(Overlap)?;
        let mut way = Self { new: Digest::of(new), restored: Digest::of(old), gaps: Vec::new(), rounds: back };
        let (restored, gaps) = way.follow(new).ok_or(Overlap)?;
        way.restored = Digest::of(&restored);
        way.gaps = gaps;
        Ok(way)
    }

    /// Whether a text is the one that the way leads from.
    pub(super) fn is_new(&self, text: &[u8]) -> bool {
        Digest::of(text) == self.new
    }

    /// Whether a text is the one that the way leads to.
    pub(super) fn is_restored(&self, text: &[u8]) -> bool {
        Digest::of(text) == self.restored
    }

    /// Whether a text is the old one, with whatever secrets of the same length.
    pub(super) fn is_old(&self, text: &[u8]) -> bool {
        let mut without = Zeroizing::new(Vec::with_capacity(text.len()));
        let mut at = 0;
        for gap in &self.gaps {
            let Some(before) = text.get(at..gap.at) else { return false };
            without.extend_from_slice(before);
            without.extend_from_slice(gap.instead.as_bytes());
            at = gap.at.saturating_add(gap.length);
        }
        let Some(rest) = text.get(at..) else { return false };
        without.extend_from_slice(rest);
        self.is_restored(&without)
    }

    /// Whether the old text can be had back with everything that stood in it.
    pub(super) fn is_exact(&self) -> bool {
        self.gaps.is_empty()
    }

    /// What was kept of the old text.
    pub(super) fn kept(&self) -> impl Iterator<Item = &[u8]> {
        self.rounds.iter().flatten().filter_map(|back| match &back.old {
            Old::Kept(bytes) => Some(bytes.0.as_slice()),
            Old::Forgotten(_) => None,
        })
    }

    /// The old text, as far as it was kept; none if this is not the text that the way leads from.
    pub(super) fn back(&self, new: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        if !self.is_new(new) {
            return None;
        }
        self.follow(new).map(|(bytes, _)| bytes).filter(|bytes| self.is_restored(bytes))
    }

    fn follow(&self, new: &[u8]) -> Option<(Zeroizing<Vec<u8>>, Vec<Gap>)> {
        let mut instead: Vec<Vec<u8>> = Vec::new();
        let mut text: Vec<Unit> = new.iter().map(|byte| Unit::Byte(*byte)).collect();
        for round in &self.rounds {
            let mut before = Vec::with_capacity(text.len());
            let mut at = 0;
            for back in round {
                before.extend_from_slice(text.get(at..back.at)?);
                at = back.at.checked_add(back.length)?;
                let now = text.get(back.at..at)?;
                match &back.old {
                    Old::Kept(bytes) => before.extend(bytes.0.iter().map(|byte| Unit::Byte(*byte))),
                    // Nothing can be missing where nothing stood.
                    Old::Forgotten(0) => before.extend_from_slice(now),
                    Old::Forgotten(length) => {
                        before.push(Unit::Missing(u32::try_from(instead.len()).ok()));
                        before.extend(std::iter::repeat_n(Unit::Missing(None), length - 1));
                        instead.push(now.iter().filter_map(Unit::byte).collect());
                    }
                }
            }
            before.extend_from_slice(text.get(at..)?);
            text = before;
        }
        Some(finish(&text, &instead))
    }
}

impl Unit {
    const fn byte(&self) -> Option<u8> {
        match self {
            Self::Byte(byte) => Some(*byte),
            Self::Missing(_) => None,
        }
    }
}

/// The text without what is missing, and where that is.
fn finish(text: &[Unit], instead: &[Vec<u8>]) -> (Zeroizing<Vec<u8>>, Vec<Gap>) {
    let added: usize = instead.iter().map(Vec::len).sum();
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len().saturating_add(added)));
    let mut gaps: Vec<Gap> = Vec::new();
    for (at, unit) in text.iter().enumerate() {
        match unit {
            Unit::Byte(byte) => bytes.push(*byte),
            Unit::Missing(first) => {
                let text =
                    first.and_then(|number| instead.get(number as usize)).map(Vec::as_slice).unwrap_or_default();
                bytes.extend_from_slice(text);
                let instead = String::from_utf8_lossy(text).into_owned();
                match gaps.last_mut().filter(|gap| first.is_none() && gap.at + gap.length == at) {
                    Some(gap) => gap.length += 1,
                    None => gaps.push(Gap { at, length: 1, instead }),
                }
            }
        }
    }
    (bytes, gaps)
}

/// What undoes one round of changes of a text.
fn back(text: &[u8], round: &[Splice], secrets: &[Zeroizing<Vec<u8>>]) -> Vec<Back> {
    let mut ordered: Vec<&Splice> = round.iter().collect();
    ordered.sort_by_key(|splice| splice.span);
    let mut result = Vec::new();
    // How far everything has moved that stands behind.
    let (mut added, mut taken) = (0, 0);
    for splice in ordered {
        let old = text.get(splice.span.start..splice.span.end).unwrap_or_default();
        let holds_secret = secrets
            .iter()
            .filter(|secret| secret.len() >= SHORTEST)
            .any(|secret| memchr::memmem::find(old, secret).is_some());
        let is_kept = !(holds_secret || splice.forgets && !secrets.is_empty());
        let old_length = old.len();
        let old = if is_kept { Old::Kept(Bytes::of(old)) } else { Old::Forgotten(old_length) };
        result.push(Back { at: splice.span.start + added - taken, length: splice.new.len(), old });
        added += splice.new.len();
        taken += old_length;
    }
    result
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Span;

    /// Rounds of changes that fit a text: places in per mille of what stands there then.
    fn rounds(old: &str, drawn: &[Vec<(u16, u16, String, bool)>]) -> Vec<Vec<Splice>> {
        let mut text = Zeroizing::new(old.as_bytes().to_vec());
        let mut rounds = Vec::new();
        for drawn in drawn {
            let mut round: Vec<Splice> = Vec::new();
            let mut at = 0;
            for (skip, length, new, forgets) in drawn {
                let start = at + usize::from(*skip) % (text.len() - at + 1);
                let end = start + usize::from(*length) % (text.len() - start + 1);
                let forgets = *forgets && end > start;
                round.push(Splice { span: Span::new(start, end), new: new.clone(), forgets });
                if end == text.len() {
                    break;
                }
                // Never two of them in one place.
                at = end + 1;
            }
            text = spliced(&text, &round).unwrap();
            rounds.push(round);
        }
        rounds
    }

    fn forward(old: &[u8], rounds: &[Vec<Splice>]) -> Zeroizing<Vec<u8>> {
        rounds.iter().fold(Zeroizing::new(old.to_vec()), |text, round| spliced(&text, round).unwrap())
    }

    fn any_rounds() -> impl Strategy<Value = Vec<Vec<(u16, u16, String, bool)>>> {
        let splice = (0_u16..20, 0_u16..12, "[a-z]{0,5}", any::<bool>());
        prop::collection::vec(prop::collection::vec(splice, 1..4), 1..4)
    }

    proptest! {
        #[test]
        fn the_way_leads_back(old in "[A-Z0-9]{0,60}", drawn in any_rounds()) {
            let rounds = rounds(&old, &drawn);
            let new = forward(old.as_bytes(), &rounds);
            let whole = Way::of(old.as_bytes(), &rounds, true).unwrap();
            prop_assert!(whole.is_exact() && whole.is_new(&new) && whole.is_old(old.as_bytes()));
            prop_assert!(whole.back(&new).unwrap().as_slice() == old.as_bytes());
            let way = Way::of(old.as_bytes(), &rounds, false).unwrap();
            let back = way.back(&new).unwrap();
            prop_assert!(way.is_restored(&back) && way.is_old(old.as_bytes()) && way.is_new(&new));
            // Nothing is kept of a secret: other secrets of the same length make the same record.
            let written = serde_json::to_string(&way).unwrap();
            let read: Way = serde_json::from_str(&written).unwrap();
            prop_assert_eq!(&read, &way);
            let first = rounds.first().unwrap().iter().filter(|splice| splice.forgets);
            let mut other = old.clone().into_bytes();
            let mut length = 0;
            for splice in first {
                other[splice.span.start..splice.span.end].fill(b'#');
                length += splice.span.end - splice.span.start;
            }
            if length > 0 && rounds.len() == 1 && !is_repeated(&old, &rounds[0]) {
                prop_assert_eq!(serde_json::to_string(&Way::of(&other, &rounds, false).unwrap()).unwrap(), written);
            }
        }
    }

    /// Whether a secret stands, by chance, within something else that is replaced.
    fn is_repeated(old: &str, round: &[Splice]) -> bool {
        let text = |splice: &Splice| old.get(splice.span.start..splice.span.end).unwrap().to_owned();
        let secrets: Vec<_> = round.iter().filter(|splice| splice.forgets).map(text).collect();
        round.iter().filter(|splice| !splice.forgets).any(|splice| {
            let kept = text(splice);
            secrets.iter().any(|secret| secret.len() >= SHORTEST && kept.contains(secret.as_str()))
                || kept.contains("####")
        })
    }

    #[test]
    fn what_holds_the_secret_as_well_is_not_kept_either() {
        let old = b"a=hunter2; comment: hunter2!";
        let rounds = [vec![Splice::forget(Span::new(2, 9)), Splice::replace(Span::new(11, 28), "-")]];
        let way = Way::of(old, &rounds, false).unwrap();
        assert_eq!(way.kept().count(), 0);
        assert_eq!(way.back(b"a=; -").unwrap().as_slice(), b"a=; -");
        assert!(way.is_old(old));
    }

    #[test]
    fn what_is_not_the_text_is_refused() {
        let way = Way::of(b"abc", &[vec![Splice::insert(1, "x")]], false).unwrap();
        assert!(way.back(b"axbd").is_none() && way.back(b"abc").is_none() && !way.is_old(b"abd"));
    }
}
