//! The shape of a policy's file.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::Text;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shape {
    #[serde(default)]
    pub title: TextShape,
    #[serde(default)]
    pub about: TextShape,
    pub extends: Option<Spanned<String>>,
    #[serde(default)]
    pub severity: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    pub rules: RulesShape,
    #[serde(default)]
    pub require: Vec<RequireShape>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a text for each language: en = \"...\", fr = \"...\"")]
pub(super) struct TextShape {
    en: String,
    fr: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table: off = [...]")]
pub(super) struct RulesShape {
    #[serde(default)]
    pub off: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table: fact, is or is_not, rule, severity, when")]
pub(super) struct RequireShape {
    pub fact: Spanned<String>,
    #[serde(rename = "is")]
    pub one_of: Option<Spanned<toml::Value>>,
    #[serde(rename = "is_not")]
    pub none_of: Option<Spanned<toml::Value>>,
    pub rule: Spanned<String>,
    pub severity: Spanned<String>,
    pub when: Option<Spanned<String>>,
}

impl From<TextShape> for Text {
    fn from(shape: TextShape) -> Self {
        Self { english: shape.en, french: shape.fr }
    }
}

/// The words of a value: `"required"`, `["required", "direct"]`, `true`, `5222`.
pub(super) fn words(value: &toml::Value) -> Option<Vec<String>> {
    match value {
        toml::Value::Array(values) => values.iter().map(word).collect(),
        single => Some(vec![word(single)?]),
    }
}

fn word(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}
