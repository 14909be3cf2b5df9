//! What the program itself can do about findings: the wishes of the rules, granted by the clients.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Request;
use crate::clients::{self, Client, dotfiles};
use crate::finding::{FileEdit, Finding, Repair};
use crate::model::{
    Change, Edit, FileNumber, Profile, ProfileFile, Purpose, Splice, Step, Text, Tracked, Unrepairable, Wish,
    limits,
};
use crate::source::Reader;
use crate::source::sqlite::COMPANIONS;

/// Who may do what with a file that nobody but its owner is to get at.
const PRIVATE: u32 = 0o600;

/// Says of each finding that has a repair what is to be done to the files, or why that cannot be done; of the worst ones
/// first, and no more than may be read for it.
pub(super) fn plan(findings: &mut [Finding], profile: &Profile, reader: &Reader, request: &Request) {
    let Some(client) = clients::by_name(profile.client.0) else { return };
    let mut left = if request.tells_all { limits::REPAIRS } else { limits::PLANS };
    let wanted = findings.iter_mut().filter(|finding| finding.severity >= request.min_severity);
    let mut wanted: Vec<&mut Finding> = wanted.filter(|finding| finding.repair.is_some()).collect();
    wanted.sort_by_key(|finding| Reverse(finding.severity));
    for finding in wanted {
        let cost = reader.size(&finding.path);
        let Some(repair) = finding.repair.as_mut() else { continue };
        repair.plan = Some(match left.checked_sub(cost) {
            Some(rest) => {
                left = rest;
                granted(repair, client, profile, reader)
            }
            None => Err(Unrepairable::Plenty),
        });
    }
}

fn granted(
    repair: &Repair,
    client: &dyn Client,
    profile: &Profile,
    reader: &Reader,
) -> Result<Vec<FileEdit>, Unrepairable> {
    let mut edits: Vec<FileEdit> = Vec::new();
    for wish in &repair.wishes {
        for edit in of_wish(client, profile, reader, wish)? {
            if edits.contains(&edit) {
                continue;
            }
            if edits.len() == limits::ENTRIES {
                return Err(Unrepairable::Plenty);
            }
            edits.push(edit);
        }
    }
    Ok(edits)
}

fn of_wish(
    client: &dyn Client,
    profile: &Profile,
    reader: &Reader,
    wish: &Wish,
) -> Result<Vec<FileEdit>, Unrepairable> {
    let file = || profile.file(FileNumber(wish.number)).ok_or(Unrepairable::Gone);
    match &wish.change {
        Change::Set { fact: "file.readable_by" | "file.writable_by", value } if value == "owner" => {
            private(file()?, reader)
        }
        Change::Remove { subject: "file" } => deleted(file()?, reader),
        _ => {
            let edits = client.write(profile, reader, wish)?;
            if edits.len() > limits::ENTRIES {
                return Err(Unrepairable::Plenty);
            }
            let mut files = Files { profile, reader, starts: BTreeMap::new() };
            edits.into_iter().map(|edit| files.edit(edit)).collect()
        }
    }
}

/// What every client's file has in common: who may read it. Nobody but its owner is to get at it, at those for which it
/// stands, and at what SQLite keeps beside them. Folders stay as they are: a file out of reach is out of reach whatever
/// its folder allows.
fn private(file: &ProfileFile, reader: &Reader) -> Result<Vec<FileEdit>, Unrepairable> {
    let own = file.mode.ok_or(Unrepairable::Elsewhere)?;
    let further = file.alike.iter().cloned().chain(companions(file));
    let further = further.filter_map(|path| Some((reader.look_at(&path, file.kind).ok()?.mode?, path)));
    let all = std::iter::once((own, file.path.clone())).chain(further);
    // What may be run stays so.
    let wanted = |mode: u32| mode & (PRIVATE | 0o100);
    let open = all.filter(|(mode, _)| wanted(*mode) != *mode);
    Ok(open.map(|(mode, path)| of_whole(path, file, Step::Mode(wanted(mode)))).collect())
}

/// Where SQLite keeps what is not yet in a database, if the file is one.
fn companions(file: &ProfileFile) -> impl Iterator<Item = PathBuf> + use<> {
    let path = file.path.clone().into_os_string();
    let companions = if file.text.is_none() { &COMPANIONS[..] } else { &[] };
    companions.iter().map(move |companion| {
        let mut path = path.clone();
        path.push(companion);
        path.into()
    })
}

fn of_whole(path: PathBuf, file: &ProfileFile, step: Step) -> FileEdit {
    FileEdit { path, kind: file.kind, step, position: None, position_in_bytes: None }
}

/// Only what the client has left behind, or keeps a copy of, may go as a whole; and what git keeps is not gone when
/// the file is.
fn deleted(file: &ProfileFile, reader: &Reader) -> Result<Vec<FileEdit>, Unrepairable> {
    if file.tracked == Tracked::Tracked || file.kind.1 != Purpose::Leftover {
        return Err(Unrepairable::Choice);
    }
    let beside = companions(file).filter(|path| reader.look_at(path, file.kind).is_ok());
    let all = std::iter::once(file.path.clone()).chain(beside);
    Ok(all.map(|path| of_whole(path, file, Step::Delete)).collect())
}

/// The files of a profile, and where their texts begin in them, once that was asked.
struct Files<'p> {
    profile: &'p Profile,
    reader: &'p Reader,
    starts: BTreeMap<FileNumber, usize>,
}

impl Files<'_> {
    /// The edit by the path of its file. What a dotfiles manager fills in is not what the client reads, and stays as it
    /// is.
    fn edit(&mut self, edit: Edit) -> Result<FileEdit, Unrepairable> {
        let file = self.profile.file(edit.file).ok_or(Unrepairable::Gone)?;
        let is_content = matches!(edit.step, Step::Text(_) | Step::Row(_));
        if is_content && dotfiles::Name::of(&file.path).is_template {
            return Err(Unrepairable::Template);
        }
        let (step, positions) = match edit.step {
            Step::Text(splice) => {
                let text = file.text.as_ref().filter(|text| text.is_whole()).ok_or(Unrepairable::Long)?;
                let positions = (text.position(splice.span), text.position_in_bytes(splice.span));
                let start = self.start(edit.file, file, text)?;
                (Step::Text(Splice { span: splice.span.moved_by(start), ..splice }), Some(positions))
            }
            other => (other, None),
        };
        let (position, position_in_bytes) = positions.unzip();
        Ok(FileEdit { path: file.path.clone(), kind: file.kind, step, position, position_in_bytes })
    }

    fn start(&mut self, number: FileNumber, file: &ProfileFile, text: &Text) -> Result<usize, Unrepairable> {
        if let Some(start) = self.starts.get(&number) {
            return Ok(*start);
        }
        let start = before_text(file, text, self.reader)?;
        self.starts.insert(number, start);
        Ok(start)
    }
}

/// How many bytes stand in the file before its text: those of a byte-order mark. A text in another encoding than UTF-8
/// does not stand in its file as it was read.
fn before_text(file: &ProfileFile, text: &Text, reader: &Reader) -> Result<usize, Unrepairable> {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let (_, bytes) = reader.read_long(&file.path, file.kind).map_err(|_| Unrepairable::Gone)?;
    if bytes.as_slice() == text.bytes() {
        return Ok(0);
    }
    let is_marked = bytes.strip_prefix(BYTE_ORDER_MARK) == Some(text.bytes());
    is_marked.then_some(BYTE_ORDER_MARK.len()).ok_or(Unrepairable::Encoding)
}
