//! SARIF 2.1.0 (OASIS Standard), as GitHub's code scanning and other viewers want it.
//!
//! What GitHub asks for beyond the standard: its documentation, “SARIF support for code scanning”. Nothing is told
//! about the machine, its user, the command line or the folders above what was searched, and no line of a file is
//! quoted.

mod descriptors;
mod fixes;
mod object;
mod results;

use std::io::{self, Write};

use super::exchange::{self, NOT_AUDITED};
use super::overview::{nothing_audited, unseen};
use super::{Format, Options, Shown, phrases};
use crate::finding::Audit;
use crate::model::Language;
use object::{
    ArtifactLocation, Bases, DescriptorReference, Driver, Invocation, Level, Location, Log, Message, Notification,
    PhysicalLocation, Run, RunProperties, SourceRoot, Tool,
};

/// The schema that the standard has published, where GitHub and the validators know it.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

const VERSION: &str = "2.1.0";

/// What says that there was nothing to audit. No rule is called so.
const NOTHING_AUDITED: &str = "nothing-audited";

/// What may be told of, besides findings: the name, and what it means. In the order of `descriptors::notifications`.
const NOTIFICATIONS: [(&str, phrases::Phrase); 2] =
    [(NOT_AUDITED, phrases::NOT_AUDITED), (NOTHING_AUDITED, phrases::NOTHING_AUDITED)];

/// The format `sarif`.
pub struct Sarif;

impl Format for Sarif {
    fn name(&self) -> &'static str {
        "sarif"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_SARIF.text(language)
    }

    fn tells_rules(&self) -> bool {
        true
    }

    fn tells_repairs(&self) -> bool {
        true
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &log(audit, options.language))?;
        out.write_all(b"\n")
    }
}

fn log(audit: &Audit, language: Language) -> Log<'_> {
    Log { schema: SCHEMA, version: VERSION, runs: [run(audit, language)] }
}

fn run(audit: &Audit, language: Language) -> Run<'_> {
    let word = language.choose("en", "fr");
    Run {
        tool: Tool {
            driver: Driver {
                name: env!("CARGO_PKG_NAME"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: exchange::homepage(),
                language: word,
                rules: audit.rules.iter().map(descriptors::rule).collect(),
                notifications: NOTIFICATIONS
                    .map(|(id, phrase)| descriptors::notification(id, phrase.text(language))),
            },
        },
        language: word,
        // Columns are counted in characters: see `Position`.
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: Bases {
            source_root: SourceRoot { description: Message::text(phrases::SOURCE_ROOT.text(language)) },
        },
        invocations: [invocation(audit, language)],
        results: results::results(audit, language),
        properties: RunProperties { policy: audit.policy.as_deref(), below_severity: audit.below_severity },
    }
}

fn invocation(audit: &Audit, language: Language) -> Invocation {
    let unseen = unseen(audit, language).into_iter().map(|unseen| Notification {
        descriptor: DescriptorReference { id: NOT_AUDITED, index: 0 },
        level: if unseen.missing { Level::Error } else { Level::Note },
        message: Message::literal(&unseen.sentence),
        locations: vec![Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation::new(&exchange::path(audit, unseen.path)),
                region: None,
            },
            logical_locations: Vec::new(),
        }],
    });
    let nothing = nothing_audited(audit, language).map(|sentence| Notification {
        descriptor: DescriptorReference { id: NOTHING_AUDITED, index: 1 },
        level: Level::Warning,
        message: Message::literal(&sentence),
        locations: Vec::new(),
    });
    Invocation {
        execution_successful: audit.is_complete(),
        tool_execution_notifications: unseen.chain(nothing).collect(),
    }
}
