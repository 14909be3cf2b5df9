//! The configuration of a repository (git-config(1), "CONFIGURATION FILE"): the few values that say where its data is.
//! Included files are not looked at.

/// The last value of `section.key`, both in lower case; sections with a sub-section in quotes are passed over.
pub(super) fn value(text: &str, section: &str, key: &str) -> Option<String> {
    let mut found = None;
    let mut inside = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let mut line = line.trim_start();
        if let Some(header) = line.strip_prefix('[') {
            let Some((name, rest)) = header.split_once(']') else { continue };
            inside = name.trim().eq_ignore_ascii_case(section);
            line = rest.trim_start();
        }
        let (name, written) = line.split_once('=').unwrap_or((line, "true"));
        if inside && name.trim().eq_ignore_ascii_case(key) {
            found = Some(plain(written, &mut lines));
        }
    }
    found
}

/// A value without quotes, escapes and comment; a backslash at the end of a line takes the next line in.
fn plain<'a>(written: &'a str, further: &mut impl Iterator<Item = &'a str>) -> String {
    let mut value = String::new();
    let mut end = 0;
    let mut quoted = false;
    let mut characters = written.trim_start().chars();
    loop {
        let kept = match characters.next() {
            None => break,
            Some('"') => {
                quoted = !quoted;
                end = value.len();
                continue;
            }
            Some('#' | ';') if !quoted => break,
            Some('\\') => match characters.next() {
                None => {
                    characters = further.next().unwrap_or_default().chars();
                    continue;
                }
                Some('n') => '\n',
                Some('t') => '\t',
                Some(other) => other,
            },
            Some(other) => other,
        };
        value.push(kept);
        if quoted || !kept.is_whitespace() {
            end = value.len();
        }
    }
    value.truncate(end);
    value
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn values_are_read_as_git_reads_them() {
        let text = "# [core] worktree = no\n[core]\n\trepositoryformatversion = 0\n\tWorkTree = \"/home/al ice/\" ; here\n\
                    [Extensions] objectFormat = sha256\n[core \"x\"]\nworktree = /no\n[remote \"origin\"]\n\turl = x\n\
                    [core]\n\tbare\n\tlong = a\\\nb  # c\n\tquoted = \"a # b\\\"\" \n\tbroken = \"x\n";
        for (section, key, expected) in [
            ("core", "worktree", Some("/home/al ice/")),
            ("core", "bare", Some("true")),
            ("core", "long", Some("ab")),
            ("core", "quoted", Some("a # b\"")),
            ("core", "broken", Some("x")),
            ("extensions", "objectformat", Some("sha256")),
            ("core", "url", None),
            ("remote", "url", None),
        ] {
            assert_eq!(value(text, section, key).as_deref(), expected, "{section}.{key}");
        }
        assert_eq!(value("[core\nworktree = x", "core", "worktree"), None);
        assert_eq!(value("[core]\nworktree = x\\", "core", "worktree").as_deref(), Some("x"));
    }
}
