//! The shape of a configuration's file.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

/// A text with its place.
pub(super) type Word = Spanned<String>;

/// A list with its place, and each of its texts with its own.
pub(super) type List = Option<Spanned<Vec<Word>>>;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Shape {
    pub extend: Option<Word>,
    pub policy: Option<Word>,
    pub baseline: Option<Word>,
    pub rules: List,
    pub provider_files: List,
    pub select: List,
    pub client: List,
    pub exclude: List,
    pub min_severity: Option<Word>,
    pub min_confidence: Option<Word>,
    pub fail_on: Option<Word>,
    #[serde(default)]
    pub severity: BTreeMap<Word, Word>,
    #[serde(default)]
    pub confidence: BTreeMap<Word, Word>,
    pub ignore: Option<Vec<Spanned<IgnoreItem>>>,
}

/// Something to be ignored: a rule or tag that is not judged by, or findings that are accepted.
pub(super) enum IgnoreItem {
    Rule(String),
    Findings(Box<IgnoreShape>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IgnoreShape {
    pub rule: Word,
    pub client: Option<Word>,
    pub account: Option<String>,
    pub room: Option<String>,
    pub path: Option<Word>,
    pub reason: Word,
    pub expires: Option<Spanned<toml::Value>>,
}

/// By hand: an untagged enumeration would lose the places and say nothing of what is wrong.
impl<'de> Deserialize<'de> for IgnoreItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Item;
        impl<'de> Visitor<'de> for Item {
            type Value = IgnoreItem;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a rule or tag, or a table: rule, client, account, room, path, reason, expires")
            }

            fn visit_str<E>(self, rule: &str) -> Result<IgnoreItem, E> {
                Ok(IgnoreItem::Rule(rule.to_owned()))
            }

            fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<IgnoreItem, M::Error> {
                let shape = IgnoreShape::deserialize(MapAccessDeserializer::new(map))?;
                Ok(IgnoreItem::Findings(Box::new(shape)))
            }
        }
        deserializer.deserialize_any(Item)
    }
}
