//! Lists the pages and policies of `rules/` for the program, so that adding one is adding a file.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let rules = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("rules");
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=rules/fr");
    println!("cargo::rerun-if-changed=rules/policies");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("pages.rs"), list_of_pages(&rules)?)?;
    fs::write(out.join("policies.rs"), list_of_policies(&rules.join("policies"))?)?;
    Ok(())
}

fn list_of_pages(rules: &Path) -> Result<String, Box<dyn Error>> {
    let mut list = String::from("const PAGES: &[EmbeddedPage] = &[\n");
    for page in files(rules, "md")? {
        let id = page.file_stem().ok_or("a page without a name")?.to_string_lossy().into_owned();
        let french = rules.join("fr").join(format!("{id}.md"));
        let french = if french.exists() { format!("Some(include_str!({french:?}))") } else { "None".to_owned() };
        writeln!(list, "    EmbeddedPage {{ id: {id:?}, english: include_str!({page:?}), french: {french} }},")?;
    }
    list.push_str("];\n");
    Ok(list)
}

fn list_of_policies(folder: &Path) -> Result<String, Box<dyn Error>> {
    let mut list = String::from("const POLICIES: &[(&str, &str)] = &[\n");
    for policy in files(folder, "toml")? {
        let name = policy.file_stem().ok_or("a policy without a name")?.to_string_lossy().into_owned();
        writeln!(list, "    ({name:?}, include_str!({policy:?})),")?;
    }
    list.push_str("];\n");
    Ok(list)
}

/// The files of a kind, in the order of their names. `README.md` is an index, no rule.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) && !path.ends_with("README.md") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
