//! The manual pages.
#![allow(clippy::print_stdout)]

use std::fs;
use std::path::Path;
use std::process::Command;

use regex::Regex;

use crate::common::{MadeUpHome, run};

/// The manual page of a command.
fn page(command: &[&str]) -> String {
    let ran = run(MadeUpHome::new().program().arg("man").args(command));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{command:?}");
    ran.stdout
}

/// The page as it is written, without marks: hyphens and dots are escaped in roff.
fn words(page: &str) -> String {
    page.replace("\\-", "-").replace("\\fB", "").replace("\\fI", "").replace("\\fR", "")
}

#[test]
fn the_page_of_the_program() {
    insta::assert_snapshot!(page(&[]).replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn pages_have_the_sections_that_people_look_for() {
    let headings = |command: &[&str]| {
        let page = page(command);
        let headings = page.lines().filter_map(|line| line.strip_prefix(".SH "));
        headings.map(|heading| heading.trim_matches('"').to_owned()).collect::<Vec<_>>()
    };
    let audits = [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "OPTIONS",
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
        "EXAMPLES",
        "SEE ALSO",
    ];
    assert_eq!(headings(&["check"]), audits);
    let missing: Vec<_> = audits.into_iter().filter(|name| !headings(&[]).iter().any(|had| had == name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let small = ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"];
    assert_eq!(headings(&["policy", "show"]), small);
    assert_eq!(run(MadeUpHome::new().program().args(["man", "check", "nonsense"])).code, 2);
}

#[test]
fn the_page_knows_every_option_and_every_exit_code() {
    let help = run(MadeUpHome::new().program().args(["check", "--help"])).stdout;
    let page = words(&page(&["check"]));
    let options = Regex::new("(?m)^ +(?:-[a-zA-Z], )?(--[a-z-]+)").unwrap();
    let options: Vec<_> = options.captures_iter(&help).map(|option| option[1].to_owned()).collect();
    assert!(options.len() > 15, "{options:?}");
    for option in options {
        assert!(page.contains(&option), "{option}");
    }
    for code in [0, 1, 2, 3, 4, 70] {
        assert!(page.contains(&format!(".TP\n{code}\n")), "{code}");
    }
}

/// Names of variables in the sources of what reads the environment.
#[test]
fn the_page_knows_every_variable_that_is_read() {
    let page = words(&page(&[]));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let asked = Regex::new(r#"(?:\b(?:var|var_os|set|is_set)\(|^\s+\()"([A-Z][A-Z_]+)""#).unwrap();
    let mut variables = Vec::new();
    for source in walkdir::WalkDir::new(root).into_iter().flatten() {
        let Ok(text) = fs::read_to_string(source.path()) else { continue };
        if text.contains("env::") && !source.path().ends_with("build.rs") {
            let code = text.split("mod tests {").next().unwrap().lines();
            variables.extend(code.filter_map(|line| Some(asked.captures(line)?[1].to_owned())));
        }
    }
    assert!(variables.iter().any(|name| name == "NO_COLOR") && variables.len() > 8, "{variables:?}");
    for variable in variables {
        assert!(page.contains(&variable), "{variable}");
    }
}

#[test]
fn all_pages_are_written_into_a_folder() {
    let home = MadeUpHome::new();
    let ran = run(home.program().args(["man", "--all", "share/man"]));
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    let mut written: Vec<_> =
        fs::read_dir(home.at("share/man")).unwrap().map(|entry| entry.unwrap().path()).collect();
    written.sort();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let names: Vec<_> = written.iter().map(|path| name(path)).collect();
    for expected in ["xmpp-audit.1", "xmpp-audit-check.1", "xmpp-audit-policy-show.1", "xmpp-audit-man.1"] {
        assert!(names.iter().any(|name| name == expected), "{names:?}");
    }
    assert_eq!(fs::read_to_string(home.at("share/man/xmpp-audit-check.1")).unwrap(), page(&["check"]));

    home.write("taken", "");
    assert_eq!(run(home.program().args(["man", "--all", "taken"])).code, 2);

    for path in written {
        let Ok(output) = Command::new("mandoc").args(["-T", "lint", "-W", "warning"]).arg(&path).output() else {
            return println!("skipped: there is no mandoc here");
        };
        let told = String::from_utf8(output.stdout).unwrap();
        // A page with a date would be another in each build.
        let wrong: Vec<_> = told.lines().filter(|line| !line.contains("missing date")).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
