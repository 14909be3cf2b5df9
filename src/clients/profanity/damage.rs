//! What keeps Profanity from reading a file to its end, in the words of people who have to mend it.

use super::{ACCOUNTS, SETTINGS};
use super::source::Source;
use crate::model::{Damage, Fault, Loss, Span};
use crate::syntax::keyfile::{self, FaultKind, Line};

/// The byte-order marks of UTF-8, UTF-16 LE and UTF-16 BE. GLib takes none of them.
const BYTE_ORDER_MARKS: &[&[u8]] = &[b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];

/// How the lines begin that git leaves in a file when a merge failed.
pub(super) const MERGE_MARKERS: &[&[u8]] = &[b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||"];

/// How the lines of templates begin: Go (chezmoi), Jinja (yadm), ERB.
pub(super) const TEMPLATE_MARKERS: &[&[u8]] = &[b"{{", b"{%", b"{#", b"<%"];

/// How comments begin elsewhere. To GLib such a line is malformed.
pub(super) const FOREIGN_COMMENTS: &[&[u8]] = &[b"; ", b"// ", b"-- "];

/// The byte-order mark with which the file begins.
pub(super) fn byte_order_mark(bytes: &[u8]) -> Option<&'static [u8]> {
    BYTE_ORDER_MARKS.iter().copied().find(|mark| bytes.starts_with(mark))
}

/// The marker from one of those lists with which a line begins, indented or not.
pub(super) fn marker(line: &[u8], markers: &[&'static [u8]]) -> Option<&'static [u8]> {
    let line = line.trim_ascii_start();
    markers.iter().copied().find(|marker| line.starts_with(marker))
}

/// The fault of the file, if there is one.
pub(super) fn judge(source: &Source<'_>) -> Option<Damage> {
    let keys = &source.keys;
    let fault = keys.fault()?;
    let line = keys.raw(fault.line);
    let (kind, span) = match byte_order_mark(keys.bytes()) {
        Some(mark) if fault.line.start == 0 => (Fault::ByteOrderMark, Span::new(0, mark.len())),
        _ => (name(fault.kind, line), place(source, fault.kind, fault.line)),
    };
    let loss = match source.kind {
        // Up to 0.15.1 the next save deletes what stands behind the fault; later the accounts there are not known.
        ACCOUNTS => Loss::Accounts,
        // Rewritten at every start, without what stands behind the fault (observed with 0.13.1 and 0.18.2).
        SETTINGS => Loss::Rest,
        _ => Loss::Settings,
    };
    Some(Damage { fault: kind, place: source.place(span, &format!("{} / {}", source.title(), kind.word())), loss })
}

fn name(kind: FaultKind, line: &[u8]) -> Fault {
    match kind {
        FaultKind::Encoding => Fault::WrongEncoding,
        _ if marker(line, MERGE_MARKERS).is_some() => Fault::MergeMarker,
        _ if marker(line, TEMPLATE_MARKERS).is_some() => Fault::TemplateLine,
        FaultKind::KeyBeforeGroup => Fault::KeyBeforeGroup,
        _ if line.contains(&0) || std::str::from_utf8(line).is_err() => Fault::WrongEncoding,
        FaultKind::NotAnEntry | FaultKind::GroupName | FaultKind::KeyName => Fault::StrayLine,
    }
}

/// The value of an encoding, else the whole line.
fn place(source: &Source<'_>, kind: FaultKind, line: Span) -> Span {
    match keyfile::read_line(source.keys.bytes(), line) {
        Line::Entry(entry) if kind == FaultKind::Encoding => entry.value,
        _ => line,
    }
}
