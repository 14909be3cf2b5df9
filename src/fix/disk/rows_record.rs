//! What the journal says of changes of rows.

use zeroize::Zeroizing;

use super::database::Writer;
use super::record::{RowChange, RowRecord, Value, values};
use super::spot::Spot;
use super::trouble::{FileError, FileTrouble};
use super::way::Way;
use crate::fix::splice::{Overlap, spliced};
use crate::model::{self, Imprint, RowEdit, Scalar, Splice};

/// One change of a database, in the order in which they are made.
pub(super) enum Step {
    /// All changes of the text in one cell.
    Cell(Cell),
    /// Any other change.
    Row(RowEdit),
}

/// The changes of the text in one cell, round by round.
pub(super) struct Cell {
    table: String,
    key: Vec<(String, Scalar)>,
    column: String,
    old: Zeroizing<Vec<u8>>,
    rounds: Vec<Vec<Splice>>,
    /// The round in which it was changed last.
    last: usize,
}

/// What is to be done, with the texts that are to be changed: checked to be those that the repair was planned with.
pub(super) fn steps(
    writer: &Writer,
    spot: &Spot,
    rounds: &[Vec<RowEdit>],
    imprints: &[Vec<Option<Imprint>>],
) -> Result<Vec<Step>, FileError> {
    let mut steps: Vec<Step> = Vec::new();
    for (number, round) in rounds.iter().enumerate() {
        for (place, edit) in round.iter().enumerate() {
            writer.check_table(&edit.table)?;
            let model::RowChange::Splice { column, splice } = &edit.change else {
                steps.push(Step::Row(edit.clone()));
                continue;
            };
            let known = steps.iter_mut().find_map(|step| match step {
                Step::Cell(cell) if cell.is_of(edit, column) => Some(cell),
                _ => None,
            });
            if let Some(cell) = known {
                cell.add(number, splice);
                continue;
            }
            let old = writer.text(&edit.table, &edit.key, column)?;
            let planned = imprints.get(number).and_then(|round| round.get(place)).copied().flatten();
            if planned != Some(Imprint::of(&old)) {
                return Err(spot.error(FileTrouble::Changed));
            }
            let (table, key, column) = (edit.table.clone(), edit.key.clone(), column.clone());
            let rounds = vec![vec![splice.clone()]];
            steps.push(Step::Cell(Cell { table, key, column, old, rounds, last: number }));
        }
    }
    Ok(steps)
}

impl Cell {
    fn is_of(&self, edit: &RowEdit, column: &str) -> bool {
        self.table == edit.table && self.key == edit.key && self.column == column
    }

    fn add(&mut self, number: usize, splice: &Splice) {
        if self.last != number {
            self.rounds.push(Vec::new());
            self.last = number;
        }
        if let Some(round) = self.rounds.last_mut() {
            round.push(splice.clone());
        }
    }
}

/// What the journal says of it.
pub(super) fn records(steps: &[Step], keeps_secrets: bool) -> Result<Vec<RowRecord>, Overlap> {
    steps.iter().map(|step| record(step, keeps_secrets)).collect()
}

fn record(step: &Step, keeps_secrets: bool) -> Result<RowRecord, Overlap> {
    match step {
        Step::Cell(cell) => {
            let way = Way::of(&cell.old, &cell.rounds, keeps_secrets)?;
            let change = RowChange::Text { column: cell.column.clone(), way };
            Ok(RowRecord { table: cell.table.clone(), key: values(&cell.key), change })
        }
        Step::Row(edit) => {
            let change = match &edit.change {
                model::RowChange::Set { column, old, new } => {
                    RowChange::Set { column: column.clone(), old: old.into(), new: new.into() }
                }
                model::RowChange::Insert { values: new } => RowChange::Inserted { values: values(new) },
                model::RowChange::Delete { values: old } => RowChange::Deleted { values: values(old) },
                // Those are cells.
                model::RowChange::Splice { .. } => return Err(Overlap),
            };
            Ok(RowRecord { table: edit.table.clone(), key: values(&edit.key), change })
        }
    }
}

/// The secrets that are taken away.
pub(super) fn secrets(steps: &[Step]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut secrets = Vec::new();
    for step in steps {
        let Step::Cell(cell) = step else { continue };
        let mut text = cell.old.clone();
        for round in &cell.rounds {
            let forgotten = round.iter().filter(|splice| splice.forgets);
            let taken = forgotten.filter_map(|splice| text.get(splice.span.start..splice.span.end));
            secrets.extend(taken.filter(|secret| !secret.is_empty()).map(|secret| Zeroizing::new(secret.to_vec())));
            let Ok(next) = spliced(&text, round) else { break };
            text = next;
        }
    }
    secrets
}

/// Every text that the journal keeps of rows.
pub(super) fn replaced(records: &[RowRecord]) -> Vec<&[u8]> {
    let mut texts = Vec::new();
    for record in records {
        match &record.change {
            RowChange::Text { way, .. } => texts.extend(way.kept()),
            RowChange::Set { old: Value::Text(text), .. } => texts.push(text.as_bytes()),
            RowChange::Deleted { values } => {
                let all = record.key.iter().chain(values);
                texts.extend(all.filter_map(|(_, value)| match value {
                    Value::Text(text) => Some(text.as_bytes()),
                    _ => None,
                }));
            }
            RowChange::Set { .. } | RowChange::Inserted { .. } => {}
        }
    }
    texts
}
