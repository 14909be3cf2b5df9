//! Lists the pages of `rules/` for the program, so that adding a rule is adding a file.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let rules = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("rules");
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=rules/fr");

    let mut list = String::from("const PAGES: &[EmbeddedPage] = &[\n");
    for page in pages(&rules)? {
        let id = page.file_stem().ok_or("a page without a name")?.to_string_lossy().into_owned();
        let french = rules.join("fr").join(format!("{id}.md"));
        let french = if french.exists() { format!("Some(include_str!({french:?}))") } else { "None".to_owned() };
        writeln!(list, "    EmbeddedPage {{ id: {id:?}, english: include_str!({page:?}), french: {french} }},")?;
    }
    list.push_str("];\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("pages.rs"), list)?;
    Ok(())
}

/// The pages in the order of their ids. `README.md` is an index, no rule.
fn pages(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_page = path.extension().is_some_and(|extension| extension == "md");
        if is_page && !path.ends_with("README.md") {
            pages.push(path);
        }
    }
    pages.sort();
    Ok(pages)
}
