//! A baseline as the JSON that it is kept in.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, de};

use super::{Baseline, BaselineError, Entry};
use crate::clients;
use crate::finding::{Day, Severity};
use crate::model::{FileKind, Language, Purpose};
use crate::source::{Bounds, Reader};

/// The name of the document's shape.
const SHAPE: &str = "xmpp-audit/baseline/1";

/// What a baseline is to the reader of files.
const KIND: FileKind = FileKind("baseline", Purpose::Other);

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(deserialize_with = "shape")]
    schema: String,
    entries: Vec<Row>,
}

/// An entry; the keys stand in the order in which people look for them.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Row {
    path: String,
    rule: String,
    place: String,
    #[serde(deserialize_with = "client")]
    client: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(deserialize_with = "severity")]
    severity: Severity,
    #[serde(deserialize_with = "reason")]
    reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    #[serde(deserialize_with = "day", serialize_with = "write_day")]
    added: Day,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "optional_day",
        serialize_with = "write_optional_day"
    )]
    expires: Option<Day>,
    #[serde(deserialize_with = "fingerprint")]
    fingerprint: String,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// Says what is wrong with it, and on which line.
    pub fn load(path: &Path) -> Result<Self, BaselineError> {
        let unreadable = |why: &str| BaselineError::of_file(path, "read", why);
        let (_, bytes) = Reader::new(Bounds::default())
            .read(path, KIND)
            .map_err(|trouble| unreadable(&trouble.sentence(Language::English)))?;
        Self::from_json(&bytes, path)
    }

    fn from_json(bytes: &[u8], path: &Path) -> Result<Self, BaselineError> {
        let document: Document = serde_json::from_slice(bytes).map_err(|error| {
            // serde_json says the place once more.
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default().to_owned();
            BaselineError::new(path, error.line().max(1), message)
        })?;
        let mut baseline = Self { entries: document.entries.into_iter().filter_map(Row::into_entry).collect() };
        baseline.sort();
        Ok(baseline)
    }

    /// The baseline as JSON, with a line end at its end.
    ///
    /// # Errors
    /// None is to be expected.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let entries = self.entries.iter().map(Row::of).collect();
        let document = Document { schema: SHAPE.to_owned(), entries };
        Ok(serde_json::to_string_pretty(&document)? + "\n")
    }
}

impl Row {
    fn of(entry: &Entry) -> Self {
        Self {
            path: entry.path.to_string_lossy().into_owned(),
            rule: entry.rule.clone(),
            place: entry.place.clone(),
            client: entry.client.0.to_owned(),
            account: entry.account.clone(),
            severity: entry.severity,
            reason: entry.reason.clone(),
            owner: entry.owner.clone(),
            added: entry.added.clone(),
            expires: entry.expires.clone(),
            fingerprint: entry.fingerprint.clone(),
        }
    }

    /// The entry; there is one, since the client is one that is known.
    fn into_entry(self) -> Option<Entry> {
        Some(Entry {
            path: PathBuf::from(self.path),
            rule: self.rule,
            place: self.place,
            client: clients::by_name(&self.client)?.name(),
            account: self.account,
            severity: self.severity,
            reason: self.reason,
            owner: self.owner,
            added: self.added,
            expires: self.expires,
            fingerprint: self.fingerprint,
        })
    }
}

fn shape<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let shape = String::deserialize(deserializer)?;
    if shape == SHAPE { Ok(shape) } else { Err(de::Error::custom(format!("“{shape}” is not “{SHAPE}”"))) }
}

fn client<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    if clients::by_name(&name).is_some() { Ok(name) } else { Err(wrong(&name, "client")) }
}

fn severity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Severity, D::Error> {
    let word = String::deserialize(deserializer)?;
    Severity::of_word(&word).ok_or_else(|| wrong(&word, "severity"))
}

fn reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let reason = String::deserialize(deserializer)?;
    if reason.trim().is_empty() { Err(de::Error::custom("the reason must not be empty")) } else { Ok(reason) }
}

fn fingerprint<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let digits = String::deserialize(deserializer)?;
    let is_one = digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_one { Ok(digits) } else { Err(wrong(&digits, "fingerprint")) }
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    let written = String::deserialize(deserializer)?;
    Day::parse(&written).ok_or_else(|| wrong(&written, "day"))
}

fn optional_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    day(deserializer).map(Some)
}

fn write_day<S: serde::Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(day.word())
}

fn write_optional_day<S: serde::Serializer>(day: &Option<Day>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_some(&day.as_ref().map(Day::word))
}

fn wrong<E: de::Error>(written: &str, what: &str) -> E {
    E::custom(format!("“{written}” is no {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"{
  "schema": "xmpp-audit/baseline/1",
  "entries": [
    {
      "path": ".purple/accounts.xml",
      "rule": "password-stored",
      "place": "accounts[alice@example.org] / password",
      "client": "pidgin",
      "account": "alice@example.org",
      "severity": "low",
      "reason": "the disk is encrypted",
      "owner": "alice",
      "added": "2026-11-23",
      "expires": "2027-01-31",
      "fingerprint": "0123456789abcdef0123456789abcdef"
    }
  ]
}
"#;

    fn read(text: &str) -> Result<Baseline, BaselineError> {
        Baseline::from_json(text.as_bytes(), Path::new("b.json"))
    }

    #[test]
    fn what_was_written_is_read_and_written_again() {
        assert_eq!(read(ENTRY).unwrap().to_json().unwrap(), ENTRY);
        let bare: Vec<&str> = ENTRY
            .lines()
            .filter(|line| !["owner", "expires", "account\""].iter().any(|key| line.contains(key)))
            .collect();
        let bare = bare.join("\n") + "\n";
        assert_eq!(read(&bare).unwrap().to_json().unwrap(), bare);
    }

    #[test]
    fn mistakes_are_refused_with_their_line() {
        for (from, to, line, message) in [
            ("baseline/1", "baseline/2", 2, "is not “xmpp-audit/baseline/1”"),
            ("\"rule\"", "\"rul\"", 6, "unknown field `rul`"),
            ("pidgin", "psi", 8, "“psi” is no client"),
            ("\"low\"", "\"lo\"", 10, "“lo” is no severity"),
            ("the disk is encrypted", " ", 11, "must not be empty"),
            ("2026-11-23", "2026-11-31", 13, "“2026-11-31” is no day"),
            ("2027-01-31", "soon", 14, "“soon” is no day"),
            // serde_json has read on to the next line by then.
            ("0123456789abcdef\"", "0123456789ABCDEF\"", 16, "is no fingerprint"),
            ("    }\n", "    \n", 17, "expected"),
        ] {
            let broken = ENTRY.replace(from, to);
            assert_ne!(broken, ENTRY);
            let error = read(&broken).unwrap_err();
            assert!(error.to_string().starts_with(&format!("b.json:{line}: ")), "{error}");
            assert!(error.message.contains(message), "{error}");
        }
        assert_eq!(read("").unwrap_err().line, Some(1));
        let none = Baseline::load(Path::new("nowhere/b.json")).unwrap_err().to_string();
        assert_eq!(none, "the baseline nowhere/b.json cannot be read: It does not exist");
    }
}
