//! What an editor can do about a result by itself.

use std::path::Path;

use super::super::exchange::{self, replacements};
use super::object::{ArtifactChange, ArtifactLocation, Fix, InsertedContent, Message, Region, Replacement};
use crate::finding::{Audit, Finding};
use crate::model::{Language, Position};

/// What puts the finding right, where that takes nothing but other text. The files in the order of their first change.
pub(super) fn fixes<'a>(audit: &Audit, finding: &'a Finding, language: Language) -> Option<[Fix<'a>; 1]> {
    let mut changes: Vec<(&Path, ArtifactChange<'_>)> = Vec::new();
    for change in replacements(finding)? {
        let replacement = Replacement {
            deleted_region: region(change.position),
            inserted_content: (!change.text.is_empty()).then_some(InsertedContent { text: change.text }),
        };
        match changes.iter_mut().find(|(path, _)| *path == change.path) {
            Some((_, other)) => other.replacements.push(replacement),
            None => {
                let artifact_location = ArtifactLocation::new(&exchange::path(audit, change.path));
                changes.push((change.path, ArtifactChange { artifact_location, replacements: vec![replacement] }));
            }
        }
    }
    let description = match exchange::automatic(finding) {
        "safe" => language.choose(
            "Safe: the client can only become stricter, and keeps working.",
            "Sans risque : le client ne peut que devenir plus strict, et continue de fonctionner.",
        ),
        _ => language.choose(
            "This may need you afterwards, to type a password again for example.",
            "Vous aurez peut-être à intervenir ensuite, pour retaper un mot de passe par exemple.",
        ),
    };
    let artifact_changes = changes.into_iter().map(|(_, change)| change).collect();
    Some([Fix { description: Message::literal(description), artifact_changes }])
}

const fn region(position: Position) -> Region {
    Region {
        start_line: position.line,
        start_column: position.column,
        end_line: position.end_line,
        end_column: position.end_column,
    }
}
