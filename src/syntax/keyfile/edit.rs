//! Changing a key file in place: only the lines that have to be different are touched, so that order, comments, blanks
//! and line ends stay. GLib's own rewrite changes more than that.

use super::{Entry, KeyFile, Line, lines, read_line, string};
use crate::model::{Span, Splice};

/// What a key of a group is to be.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// The group's name.
    pub group: &'w [u8],
    /// The key's name.
    pub key: &'w str,
    /// The value, decoded.
    pub value: &'w str,
}

/// A line of a group, the one of its name included.
#[derive(Clone, Copy)]
struct Row {
    /// The line without its end.
    line: Span,
    /// Where the next line begins.
    rest: usize,
    /// The key and the value; none of the line of the name.
    entry: Option<Entry>,
}

impl Row {
    const fn whole(self) -> Span {
        Span::new(self.line.start, self.rest)
    }
}

impl KeyFile<'_> {
    /// The edits after which GLib reads these values. The last line of a key gets the value, and those before it, which
    /// do nothing, go: the client might bring them to life. None where the file is not read to its end, or where a name
    /// or a value cannot be written.
    #[must_use]
    pub fn set(&self, wanted: &[Wanted<'_>]) -> Option<Vec<Splice>> {
        if self.fault.is_some() || self.cut.is_some() {
            return None;
        }
        let mut splices = Vec::new();
        let mut added = Added::default();
        for wanted in wanted {
            let value = written(wanted)?;
            let rows = self.rows(wanted.group);
            let of_key: Vec<_> = rows.iter().filter(|row| self.has_key(row, wanted.key.as_bytes())).collect();
            match (of_key.split_last(), rows.last()) {
                (Some((last, earlier)), _) => {
                    let entry = last.entry?;
                    if string(self.raw(entry.value)).as_deref() == Ok(wanted.value) {
                        continue;
                    }
                    splices.push(Splice::replace(entry.value, value));
                    splices.extend(earlier.iter().map(|row| Splice::remove(row.whole())));
                }
                (None, Some(anchor)) => added.line(anchor.rest, self.new_line(*anchor, wanted.key, &value)),
                (None, None) => added.line_of_new_group(wanted, &value)?,
            }
        }
        splices.extend(added.into_splices(self));
        Some(splices)
    }

    /// The lines of a key of a group, each with its end: those that are overridden by a later one too.
    #[must_use]
    pub fn lines_of(&self, group: &[u8], key: &[u8]) -> Vec<Span> {
        let rows = self.rows(group);
        rows.into_iter().filter(|row| self.has_key(row, key)).map(Row::whole).collect()
    }

    fn has_key(&self, row: &Row, key: &[u8]) -> bool {
        row.entry.is_some_and(|entry| self.raw(entry.key) == key)
    }

    /// The lines of a group wherever it is written, in the order of the file.
    fn rows(&self, group: &[u8]) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut is_inside = false;
        for (line, rest) in lines(self.bytes) {
            let entry = match read_line(self.bytes, line) {
                Line::Group(name) => {
                    is_inside = self.raw(name) == group;
                    None
                }
                Line::Entry(entry) => Some(entry),
                Line::Comment(_) => continue,
                Line::Malformed(_) => break,
            };
            if is_inside {
                rows.push(Row { line, rest, entry });
            }
        }
        rows
    }

    /// A line that is to follow another of its group, written like that one.
    fn new_line(&self, anchor: Row, key: &str, value: &str) -> String {
        let (indent, equals) =
            anchor.entry.map_or((String::new(), "=".to_owned()), |entry| self.manner(anchor, entry));
        let text = format!("{indent}{key}{equals}{value}");
        let end = self.line_end(anchor.rest);
        if self.raw(Span::new(anchor.line.end, anchor.rest)).is_empty() {
            format!("{end}{text}")
        } else {
            format!("{text}{end}")
        }
    }

    /// What stands before the key, and between the key and the value.
    fn manner(&self, row: Row, entry: Entry) -> (String, String) {
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
        let indent = self.raw(Span::new(row.line.start, entry.key.start));
        let indent = if indent.iter().all(is_blank) { self.text(indent) } else { String::new() };
        let equals = self.raw(Span::new(entry.key.end, entry.value.start));
        let is_plain = equals.iter().all(|byte| is_blank(byte) || *byte == b'=');
        // With an empty value it cannot be said how many of the blanks belong to the sign.
        let has_value = entry.value.start < entry.value.end;
        (indent, if is_plain && has_value { self.text(equals) } else { "=".to_owned() })
    }

    fn text(&self, bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).into_owned()
    }

    /// How the line ends that ends at `rest`, or else the last line of the file that has an end.
    fn line_end(&self, rest: usize) -> &'static str {
        let before = self.bytes.get(..rest).unwrap_or_default();
        // At the end of the file a carriage return belongs to its line, and must go on doing so.
        if before.ends_with(b"\r") {
            return "\r\n";
        }
        let end = before.iter().rposition(|byte| *byte == b'\n');
        let line = end.and_then(|end| before.get(..end)).unwrap_or_default();
        if line.ends_with(b"\r") { "\r\n" } else { "\n" }
    }
}

/// The line in which an offset lies, with its end.
#[must_use]
pub fn line_at(bytes: &[u8], offset: usize) -> Span {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let behind = bytes.get(before.len()..).unwrap_or_default();
    let end = behind.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| before.len() + at + 1);
    Span::new(start, end)
}

/// What is put in.
#[derive(Default)]
struct Added<'w> {
    /// Lines in groups that are there, and where.
    lines: Vec<(usize, String)>,
    /// Groups that are not, with their lines.
    groups: Vec<(&'w str, Vec<String>)>,
}

impl<'w> Added<'w> {
    fn line(&mut self, at: usize, line: String) {
        match self.lines.iter_mut().find(|(other, _)| *other == at) {
            Some((_, lines)) => lines.push_str(&line),
            None => self.lines.push((at, line)),
        }
    }

    fn line_of_new_group(&mut self, wanted: &Wanted<'w>, value: &str) -> Option<()> {
        let name = std::str::from_utf8(wanted.group).ok()?;
        let header = format!("[{name}]");
        let is_name = matches!(read_line(header.as_bytes(), Span::new(0, header.len())),
            Line::Group(span) if span == Span::new(1, header.len() - 1));
        let line = format!("{}={value}", wanted.key);
        match self.groups.iter_mut().find(|(group, _)| *group == name) {
            Some((_, lines)) => lines.push(line),
            None => self.groups.push((name, vec![line])),
        }
        is_name.then_some(())
    }

    fn into_splices(mut self, file: &KeyFile<'_>) -> Vec<Splice> {
        let end = file.bytes.len();
        let is_added_to = self.lines.iter().any(|(at, _)| *at == end);
        let groups = self.new_groups(file, is_added_to);
        if !groups.is_empty() {
            self.line(end, groups);
        }
        self.lines.into_iter().map(|(at, text)| Splice::insert(at, text)).collect()
    }

    /// The new groups, as they are to stand at the end of the file: a blank line before each, as GLib writes it.
    fn new_groups(&self, file: &KeyFile<'_>, is_added_to: bool) -> String {
        let end = file.line_end(file.bytes.len());
        let mut lines: Vec<String> = Vec::new();
        for (name, keys) in &self.groups {
            let is_first = lines.is_empty();
            let follows_blank = is_first && !is_added_to && ends_in_blank_line(file.bytes);
            if !(follows_blank || (is_first && file.bytes.is_empty())) {
                lines.push(String::new());
            }
            lines.push(format!("[{name}]"));
            lines.extend(keys.iter().cloned());
        }
        let has_end = file.bytes.is_empty() || file.bytes.ends_with(b"\n");
        let in_order =
            lines.iter().map(|line| if has_end { format!("{line}{end}") } else { format!("{end}{line}") });
        in_order.collect()
    }
}

fn ends_in_blank_line(bytes: &[u8]) -> bool {
    let last = lines(bytes).last();
    last.is_some_and(|(line, rest)| {
        line.end < rest && bytes.get(line.start..line.end).unwrap_or_default().trim_ascii().is_empty()
    })
}

/// The value as it has to be written, if GLib can read it and the key back.
fn written(wanted: &Wanted<'_>) -> Option<String> {
    let value = escaped(wanted.value);
    let line = format!("{}={value}", wanted.key);
    let Line::Entry(entry) = read_line(line.as_bytes(), Span::new(0, line.len())) else { return None };
    let reads = line.get(entry.key.start..entry.key.end) == Some(wanted.key)
        && entry.key.start == 0
        && string(line.as_bytes().get(entry.value.start..entry.value.end)?).as_deref() == Ok(wanted.value)
        // In the first group it would stop GLib.
        && wanted.key != "Encoding";
    reads.then_some(value)
}

/// Source: `g_key_file_parse_string_as_value`, `glib/gkeyfile.c`.
fn escaped(value: &str) -> String {
    let mut text = String::new();
    let mut is_leading = true;
    for character in value.chars() {
        match character {
            ' ' if is_leading => text.push_str(r"\s"),
            '\t' if is_leading => text.push_str(r"\t"),
            '\n' => text.push_str(r"\n"),
            '\r' => text.push_str(r"\r"),
            '\\' => text.push_str(r"\\"),
            plain => text.push(plain),
        }
        is_leading &= matches!(character, ' ' | '\t');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::keyfile::Translations;

    /// The text with its edits made.
    fn made(text: &str, mut splices: Vec<Splice>) -> String {
        splices.sort_by_key(|splice| std::cmp::Reverse(splice.span));
        let mut text = text.to_owned();
        for splice in splices {
            text.replace_range(splice.span.start..splice.span.end, &splice.new);
        }
        text
    }

    fn set(text: &str, wanted: &[(&str, &str, &str)]) -> Option<String> {
        let file = KeyFile::parse(text.as_bytes(), Translations::Keep);
        let wanted: Vec<_> =
            wanted.iter().map(|(group, key, value)| Wanted { group: group.as_bytes(), key, value }).collect();
        Some(made(text, file.set(&wanted)?))
    }

    #[test]
    fn only_the_value_is_replaced() {
        for (text, expected) in [
            ("[a]\nk=1\n", "[a]\nk=x\n"),
            ("# c\n[a] \n  k =  1 \n\n# d\n[b]\nk=1\n", "# c\n[a] \n  k =  x\n\n# d\n[b]\nk=1\n"),
            ("[a]\r\nk=1\r\nl=2\r\n", "[a]\r\nk=x\r\nl=2\r\n"),
            ("[a]\nk=1", "[a]\nk=x"),
            ("[a]\nk=\nl=2\n", "[a]\nk=x\nl=2\n"),
            ("[a]\nk[de]=1\nk=2\n", "[a]\nk[de]=1\nk=x\n"),
            ("[a]\nk=x\n", "[a]\nk=x\n"),
            // What does nothing stays where nothing has to be done.
            ("[a]\nk=1\nk=x\n", "[a]\nk=1\nk=x\n"),
        ] {
            assert_eq!(set(text, &[("a", "k", "x")]).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn the_last_line_decides_and_those_before_it_go() {
        let text = "[a]\nk=1\n# c\n k = 2\nl=3\n[b]\nk=4\n[a]\nk=5\n";
        assert_eq!(set(text, &[("a", "k", "x")]).unwrap(), "[a]\n# c\nl=3\n[b]\nk=4\n[a]\nk=x\n");
    }

    #[test]
    fn a_missing_line_stands_behind_the_others_of_its_group() {
        for (text, expected) in [
            ("[a]\n", "[a]\nk=x\n"),
            ("[a]\nl=1\n\n# of b\n[b]\nm=2\n", "[a]\nl=1\nk=x\n\n# of b\n[b]\nm=2\n"),
            ("[a]\nl=1\n[b]\n[a]\n# c\n", "[a]\nl=1\n[b]\n[a]\nk=x\n# c\n"),
            ("[a]\r\n\tl =\t1\r\n[b]\r\n", "[a]\r\n\tl =\t1\r\n\tk =\tx\r\n[b]\r\n"),
            ("[a]", "[a]\nk=x"),
            ("[a]\r\nl=1", "[a]\r\nl=1\r\nk=x"),
            ("[a]\n l =  \n", "[a]\n l =  \n k=x\n"),
            // The carriage return belongs to the value.
            ("[a]\nl=1\r", "[a]\nl=1\r\r\nk=x"),
        ] {
            assert_eq!(set(text, &[("a", "k", "x")]).unwrap(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_missing_group_stands_at_the_end() {
        for (text, expected) in [
            ("", "[a]\nk=x\n"),
            ("[b]\nl=1\n", "[b]\nl=1\n\n[a]\nk=x\n"),
            ("[b]\r\nl=1\r\n\r\n", "[b]\r\nl=1\r\n\r\n[a]\r\nk=x\r\n"),
            ("[b]\nl=1", "[b]\nl=1\n\n[a]\nk=x"),
            ("[b]\nl=1\r", "[b]\nl=1\r\r\n\r\n[a]\r\nk=x"),
            ("# c\n", "# c\n\n[a]\nk=x\n"),
            ("[A]\nk=1\n", "[A]\nk=1\n\n[a]\nk=x\n"),
        ] {
            assert_eq!(set(text, &[("a", "k", "x")]).unwrap(), expected, "{text:?}");
        }
    }

    #[test]
    fn several_are_put_in_at_once() {
        let wanted = [("a", "k", "1"), ("b", "l", "2"), ("a", "m", "3"), ("c", "n", "4"), ("b", "o", "5")];
        assert_eq!(set("[a]\n", &wanted).unwrap(), "[a]\nk=1\nm=3\n\n[b]\nl=2\no=5\n\n[c]\nn=4\n");
        assert_eq!(set("[a]", &wanted).unwrap(), "[a]\nk=1\nm=3\n\n[b]\nl=2\no=5\n\n[c]\nn=4");
        assert_eq!(set("", &[("b", "l", "2"), ("c", "n", "4")]).unwrap(), "[b]\nl=2\n\n[c]\nn=4\n");
    }

    #[test]
    fn values_are_escaped_as_glib_does() {
        assert_eq!(
            set("[a]\nk=1\n", &[("a", "k", " \t a \\b\n\r\tc ")]).unwrap(),
            "[a]\nk=\\s\\t\\sa \\\\b\\n\\r\tc \n"
        );
    }

    #[test]
    fn what_glib_would_not_read_is_refused() {
        for (text, group, key, value) in [
            ("[a]\nstray\n", "a", "k", "x"),
            ("\u{feff}[a]\n", "a", "k", "x"),
            ("[a]\n", "a", "k", "x\0"),
            ("[a]\n", "a", "k", "\u{c}x"),
            ("[a]\n", "a", "k=", "x"),
            ("[a]\n", "a", " k", "x"),
            ("[a]\n", "a", "#k", "x"),
            ("[a]\n", "a", "[k", "x"),
            ("[a]\n", "a", "", "x"),
            ("[a]\n", "a", "k[", "x"),
            ("[a]\n", "a", "Encoding", "x"),
            ("[a]\n", "b]", "k", "x"),
            ("[a]\n", "b\n", "k", "x"),
            ("[a]\n", "", "k", "x"),
        ] {
            assert_eq!(set(text, &[(group, key, value)]), None, "{text:?} [{group}] {key}={value}");
        }
    }

    #[test]
    fn lines_of_a_key_are_found_wherever_the_group_is() {
        let text = "[a]\nk=1\n[b]\nk=2\n[a]\n k = 3";
        let file = KeyFile::parse(text.as_bytes(), Translations::Keep);
        let found: Vec<_> = file.lines_of(b"a", b"k").into_iter().map(|span| file.lossy(span)).collect();
        assert_eq!(found, ["k=1\n", " k = 3"]);
        let at = |offset| file.lossy(line_at(text.as_bytes(), offset));
        assert_eq!([at(0), at(3), at(4), at(text.len()), at(999)], ["[a]\n", "[a]\n", "k=1\n", " k = 3", " k = 3"]);
    }
}
