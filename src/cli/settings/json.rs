//! Settings as one JSON object.

use std::collections::BTreeMap;

use serde::Serialize;

use super::text::remarks;
use super::{Values, rows};
use crate::Search;
use crate::cli::plan::Plan;
use crate::configuration::{Glob, Ignore, Origin};
use crate::model::Language;
use crate::report::harmless;

/// The name of the document's shape.
const SHAPE: &str = "xmpp-audit/settings/1";

#[derive(Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    settings: BTreeMap<String, SettingObject>,
    accepted: Vec<AcceptedObject<'a>>,
    remarks: Vec<RemarkObject>,
}

#[derive(Serialize)]
struct SettingObject {
    value: ValueObject,
    #[serde(flatten)]
    origin: OriginObject,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ValueObject {
    One(Option<String>),
    Many(Vec<String>),
}

#[derive(Serialize)]
struct OriginObject {
    origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<String>,
}

#[derive(Serialize)]
struct AcceptedObject<'a> {
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    room: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<&'a str>,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<&'a str>,
    path: String,
    line: usize,
}

#[derive(Serialize)]
struct RemarkObject {
    path: String,
    message: String,
}

pub(super) fn document<'a>(plan: &'a Plan, search: &Search, language: Language) -> Document<'a> {
    let settings = rows(&plan.settings).into_iter().map(|row| {
        let value = match row.values {
            Values::One(value) => ValueObject::One(value),
            Values::Many(values) => ValueObject::Many(values),
        };
        (row.key, SettingObject { value, origin: origin_object(row.origin) })
    });
    let remarks = remarks(search).map(|notice| RemarkObject {
        path: harmless::path(&notice.path),
        message: harmless::line(&notice.trouble.sentence(language)),
    });
    Document {
        schema: SHAPE,
        settings: settings.collect(),
        accepted: plan.settings.accepted.iter().map(accepted_object).collect(),
        remarks: remarks.collect(),
    }
}

fn origin_object(origin: &Origin) -> OriginObject {
    let plain = |origin| OriginObject { origin, path: None, line: None, variable: None };
    match origin {
        Origin::Default => plain("default"),
        Origin::CommandLine => plain("command-line"),
        Origin::Variable(name) => OriginObject { variable: Some(name.clone()), ..plain("variable") },
        Origin::File { path, line } => {
            OriginObject { path: Some(path.display().to_string()), line: Some(*line), ..plain("file") }
        }
    }
}

fn accepted_object(ignore: &Ignore) -> AcceptedObject<'_> {
    AcceptedObject {
        rule: &ignore.rule,
        client: ignore.client.map(|client| client.0),
        account: ignore.account.as_deref(),
        room: ignore.room.as_deref(),
        files: ignore.path.as_ref().map(Glob::text),
        reason: &ignore.reason,
        expires: ignore.expires.as_ref().map(crate::finding::Day::word),
        path: ignore.file.display().to_string(),
        line: ignore.line,
    }
}
