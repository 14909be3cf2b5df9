//! What the files would hold after all repairs that were asked for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use zeroize::Zeroizing;

use super::change::{Content, FileChange};
use super::rows::{RowError, change_rows, imprints, shown};
use super::splice::{agree, spliced};
use crate::finding::FileEdit;
use crate::model::{FileKind, Imprint, RowChange, RowEdit, Splice, Step, Trouble};
use crate::source::sqlite;
use crate::source::{Alterations, Altered, Reader, Stamp};

/// Why the edits of a finding are not part of a draft.
#[derive(Debug, Error)]
pub enum Refused {
    /// Another finding wants the same place to be something else. The next round may find it put right by that.
    #[error("another repair changes the same place")]
    Conflict,
    /// The file cannot be read.
    #[error("the file cannot be read again")]
    Unreadable(Trouble),
    /// It is a database, and a row is not what was found, or SQLite does not take the change.
    #[error(transparent)]
    Row(#[from] RowError),
}

/// What the files would hold after all repairs that were asked for.
#[derive(Default)]
pub struct Draft {
    files: BTreeMap<PathBuf, Drafted>,
}

/// What a file would hold.
struct Drafted {
    path: PathBuf,
    kind: FileKind,
    /// The permission bits as they are.
    old_mode: Option<u32>,
    /// The permission bits as they would be.
    mode: Option<u32>,
    gone: bool,
    /// The permission bits that the round being gathered wants.
    next_mode: Option<u32>,
    /// Whether the round being gathered wants it to be gone.
    next_gone: bool,
    text: Option<Rounds<Splice, Zeroizing<Vec<u8>>>>,
    rows: Option<Rounds<RowEdit, Arc<sqlite::Drafted>>>,
    /// The imprints of the texts in cells, for each round of rows that is closed.
    imprints: Vec<Vec<Option<Imprint>>>,
    stamp: Option<Stamp>,
    /// The places, in words, of the rows of the round being gathered.
    places: Vec<String>,
    /// What was different about rows after each round.
    shown: Vec<ShownRow>,
}

/// What is different about a row, to be shown to people: no secret stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownRow {
    /// The place, in words.
    pub place: String,
    /// What stands there; nothing where something is put in.
    pub old: String,
    /// What is to stand there; nothing where something is taken away.
    pub new: String,
}

/// What would stand in a file after a round; none where that is what stands there before.
#[derive(Default)]
struct Next {
    text: Option<Zeroizing<Vec<u8>>>,
    rows: Option<sqlite::Drafted>,
    shown: Vec<ShownRow>,
    imprints: Vec<Option<Imprint>>,
}

/// Content that changes round by round.
struct Rounds<T, C> {
    /// What stands on the disk.
    old: C,
    /// What stands there after all rounds that are done.
    now: C,
    done: Vec<Vec<T>>,
    /// The round that is being gathered.
    open: Vec<T>,
}

impl<T, C: Clone> Rounds<T, C> {
    fn of(old: C) -> Self {
        Self { now: old.clone(), old, done: Vec::new(), open: Vec::new() }
    }

    fn close(&mut self, now: C) {
        self.now = now;
        self.done.push(std::mem::take(&mut self.open));
    }
}

impl Draft {
    /// Whether nothing is to be changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.values().all(|file| !file.changes())
    }

    /// Takes the edits of one finding into the round that is being gathered, all of them or none. The place is that of
    /// the finding, in words.
    ///
    /// # Errors
    /// Says why none was taken.
    pub fn take(&mut self, edits: &[FileEdit], place: &str, reader: &Reader) -> Result<(), Refused> {
        let mut real_paths = Vec::new();
        for edit in edits {
            let real = reader.real_path_of(&edit.path).ok_or(Refused::Unreadable(Trouble::Missing))?;
            self.file(&real, edit, reader)?.check(edit)?;
            real_paths.push(real);
        }
        for (edit, real) in edits.iter().zip(real_paths) {
            if let Some(file) = self.files.get_mut(&real) {
                file.add(edit, place);
            }
        }
        Ok(())
    }

    /// Closes the round. What comes next speaks of the files as they would be then.
    ///
    /// # Errors
    /// If the edits do not fit the files; the round is then as if it had never been begun.
    pub fn close_round(&mut self) -> Result<(), Refused> {
        let next: Result<Vec<_>, Refused> = self.files.values_mut().map(Drafted::next).collect();
        match next {
            Ok(next) => self.files.values_mut().zip(next).for_each(|(file, next)| file.close(next)),
            Err(refused) => {
                self.files.values_mut().for_each(Drafted::drop_round);
                return Err(refused);
            }
        }
        Ok(())
    }

    /// The files as they would be after the rounds that are closed.
    #[must_use]
    pub fn alterations(&self) -> Alterations {
        let altered = |file: &Drafted| {
            let bytes = file.text.as_ref().map(|text| text.now.clone());
            let pages = file.rows.as_ref().map(|rows| rows.now.overlay());
            Altered { bytes, pages, mode: file.mode, gone: file.gone }
        };
        self.files.iter().map(|(real, file)| (real.clone(), altered(file))).collect()
    }

    /// What is different about the rows of databases, by the paths of their files.
    #[must_use]
    pub fn shown_rows(&self) -> BTreeMap<PathBuf, Vec<ShownRow>> {
        let shown = self.files.iter().filter(|(_, file)| !file.shown.is_empty());
        shown.map(|(real, file)| (real.clone(), file.shown.clone())).collect()
    }

    /// What is to become of each file that changes, in the order of their paths.
    #[must_use]
    pub fn into_changes(self) -> Vec<FileChange> {
        let changed = self.files.into_iter().filter(|(_, file)| file.changes());
        changed.map(|(real, file)| file.into_change(real)).collect()
    }

    /// The file of an edit, with what stands in it now.
    fn file(&mut self, real: &Path, edit: &FileEdit, reader: &Reader) -> Result<&mut Drafted, Refused> {
        if !self.files.contains_key(real) {
            let known = reader.look_at(&edit.path, edit.kind).map_err(Refused::Unreadable)?;
            let drafted = Drafted {
                path: edit.path.clone(),
                kind: edit.kind,
                old_mode: known.mode,
                mode: None,
                gone: false,
                next_mode: None,
                next_gone: false,
                text: None,
                rows: None,
                imprints: Vec::new(),
                stamp: reader.stamp(&edit.path),
                places: Vec::new(),
                shown: Vec::new(),
            };
            self.files.insert(real.to_owned(), drafted);
        }
        let file = self.files.get_mut(real).ok_or(Refused::Unreadable(Trouble::Missing))?;
        match edit.step {
            Step::Text(_) if file.text.is_none() => {
                let (_, bytes) = reader.read_long(&edit.path, edit.kind).map_err(Refused::Unreadable)?;
                file.text = Some(Rounds::of(bytes));
            }
            Step::Row(_) if file.rows.is_none() => {
                let database = sqlite::Drafted::open(reader, &edit.path).map_err(Refused::Unreadable)?;
                file.rows = Some(Rounds::of(Arc::new(database)));
            }
            _ => {}
        }
        Ok(file)
    }
}

impl Drafted {
    fn changes(&self) -> bool {
        let rounds = |done: Option<usize>| done.unwrap_or_default() > 0;
        self.gone
            || self.mode.is_some()
            || rounds(self.text.as_ref().map(|text| text.done.len()))
            || rounds(self.rows.as_ref().map(|rows| rows.done.len()))
    }

    /// Whether an edit can be made together with those of the round that is being gathered.
    fn check(&self, edit: &FileEdit) -> Result<(), Refused> {
        let agrees = !self.gone
            && !self.next_gone
            && match &edit.step {
                Step::Text(splice) => {
                    self.text.iter().all(|text| text.open.iter().all(|other| agree(splice, other)))
                }
                Step::Row(row) => self.rows.iter().all(|rows| rows.open.iter().all(|other| rows_agree(row, other))),
                Step::Mode(mode) => self.next_mode.is_none_or(|other| other == *mode),
                Step::Delete => {
                    self.text.iter().all(|text| text.open.is_empty())
                        && self.rows.iter().all(|rows| rows.open.is_empty())
                }
            };
        if agrees { Ok(()) } else { Err(Refused::Conflict) }
    }

    fn add(&mut self, edit: &FileEdit, place: &str) {
        match &edit.step {
            Step::Text(splice) => add_once(self.text.as_mut(), splice),
            Step::Row(row) => {
                let is_new = self.rows.as_ref().is_some_and(|rows| !rows.open.contains(row));
                if is_new {
                    self.places.push(place.to_owned());
                }
                add_once(self.rows.as_mut(), row);
            }
            Step::Mode(mode) => self.next_mode = Some(*mode),
            Step::Delete => self.next_gone = true,
        }
    }

    /// What would stand in it after the round that is being gathered.
    fn next(&mut self) -> Result<Next, Refused> {
        let mut next = Next::default();
        if let Some(text) = self.text.as_mut().filter(|text| !text.open.is_empty()) {
            text.open.sort_by_key(|splice| splice.span);
            next.text = Some(spliced(&text.now, &text.open).map_err(|_| Refused::Conflict)?);
        }
        if let Some(rows) = self.rows.as_ref().filter(|rows| !rows.open.is_empty()) {
            let (now, imprints, shown) = with_rows(&rows.now, &rows.open)?;
            next.imprints = imprints;
            let places = self.places.iter().cloned();
            next.shown = places.zip(shown).map(|(place, (old, new))| ShownRow { place, old, new }).collect();
            next.rows = Some(now);
        }
        Ok(next)
    }

    fn close(&mut self, next: Next) {
        if let Some((text, now)) = self.text.as_mut().zip(next.text) {
            text.close(now);
        }
        if let Some((rows, now)) = self.rows.as_mut().zip(next.rows) {
            self.imprints.push(next.imprints);
            rows.close(Arc::new(now));
        }
        self.shown.extend(next.shown);
        self.places.clear();
        self.mode = self.next_mode.take().or(self.mode);
        self.gone |= std::mem::take(&mut self.next_gone);
    }

    fn drop_round(&mut self) {
        if let Some(text) = &mut self.text {
            text.open.clear();
        }
        if let Some(rows) = &mut self.rows {
            rows.open.clear();
        }
        self.places.clear();
        (self.next_mode, self.next_gone) = (None, false);
    }

    fn into_change(self, real: PathBuf) -> FileChange {
        let mode = self.old_mode.zip(self.mode).filter(|(old, new)| old != new);
        let content = match (self.gone, self.text, self.rows) {
            (true, ..) => Content::Gone,
            (false, Some(text), _) if !text.done.is_empty() => {
                Content::Text { old: text.old, new: text.now, rounds: text.done }
            }
            (false, _, Some(rows)) if !rows.done.is_empty() => {
                Content::Rows { rounds: rows.done, imprints: self.imprints }
            }
            _ => Content::Same,
        };
        FileChange { real, path: self.path, kind: self.kind, content, stamp: self.stamp, mode }
    }
}

fn add_once<T: Clone + PartialEq, C>(rounds: Option<&mut Rounds<T, C>>, edit: &T) {
    if let Some(rounds) = rounds.filter(|rounds| !rounds.open.contains(edit)) {
        rounds.open.push(edit.clone());
    }
}

/// Whether two changes of rows can be made together: of different rows, of different cells, or of different parts of
/// one cell.
fn rows_agree(one: &RowEdit, other: &RowEdit) -> bool {
    use RowChange::{Set, Splice};
    if one == other || one.table != other.table {
        return true;
    }
    match (&one.change, &other.change) {
        (Splice { column, splice }, Splice { column: other_column, splice: other_splice }) => {
            one.key != other.key || column != other_column || agree(splice, other_splice)
        }
        (
            Set { column, .. } | Splice { column, .. },
            Set { column: other_column, .. } | Splice { column: other_column, .. },
        ) => one.key != other.key || column != other_column,
        // A row that comes or goes: not in the same table in the same round, whatever it is.
        _ => false,
    }
}

/// A database with other rows, in memory; the imprints of the texts that were changed; and what each edit takes away and
/// puts there.
type WithRows = (sqlite::Drafted, Vec<Option<Imprint>>, Vec<(String, String)>);

fn with_rows(database: &sqlite::Drafted, edits: &[RowEdit]) -> Result<WithRows, RowError> {
    let (database, (imprints, shown)) = database.changed(|connection| {
        let imprints = imprints(connection, edits)?;
        let shown = edits.iter().map(|edit| shown(connection, edit)).collect::<Result<_, _>>()?;
        change_rows(connection, edits)?;
        Ok::<_, RowError>((imprints, shown))
    })?;
    Ok((database, imprints, shown))
}
