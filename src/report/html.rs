//! One page for people and their browsers: it needs no network, no script to be read, and can be mailed or printed.
//!
//! The page is made of the templates in `html/`, which escape whatever they are given. Its own script and style are
//! the only ones that its Content-Security-Policy lets a browser run or apply.

mod accounts;
mod choices;
mod content_policy;
mod excerpt;
mod problem;
mod prose;
mod rules;
mod summary;
mod view;

use std::io::{self, Write};

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use super::{Format, Options, Shown, phrases};
use crate::model::Language;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// The templates; the first includes the others.
const TEMPLATES: [(&str, &str); 9] = [
    ("page.html.jinja", include_str!("html/page.html.jinja")),
    ("macros.html.jinja", include_str!("html/macros.html.jinja")),
    ("summary.html.jinja", include_str!("html/summary.html.jinja")),
    ("accounts.html.jinja", include_str!("html/accounts.html.jinja")),
    ("filters.html.jinja", include_str!("html/filters.html.jinja")),
    ("findings.html.jinja", include_str!("html/findings.html.jinja")),
    ("passwords.html.jinja", include_str!("html/passwords.html.jinja")),
    ("seen.html.jinja", include_str!("html/seen.html.jinja")),
    ("rules.html.jinja", include_str!("html/rules.html.jinja")),
];

/// The format `html`.
pub struct Html;

impl Format for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn about(&self, language: Language) -> &'static str {
        phrases::ABOUT_HTML.text(language)
    }

    fn tells_rules(&self) -> bool {
        true
    }

    fn write(&self, audit: &Shown, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let page = view::Page::new(audit, options.language);
        let environment = environment().map_err(io::Error::other)?;
        let template = environment.get_template("page.html.jinja").map_err(io::Error::other)?;
        let text = template.render(Serde(&page)).map_err(io::Error::other)?;
        out.write_all(text.as_bytes())
    }
}

/// Escapes everything, and takes a misspelt name for an error instead of nothing.
fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    environment.set_syntax(syntax.build()?);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_style_and_script_go_unescaped() {
        let unescaped: usize = TEMPLATES.iter().map(|(_, source)| source.matches("|safe").count()).sum();
        assert_eq!(unescaped, 2);
        for (_, source) in TEMPLATES {
            assert!(!source.contains("| safe") && !source.contains("autoescape"));
        }
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</"));
    }

    #[test]
    fn nothing_is_styled_or_run_in_an_attribute() {
        let attribute = regex::Regex::new(r"\s(style|on[a-z]+)=").unwrap();
        for (name, source) in TEMPLATES {
            assert!(!attribute.is_match(source), "{name}");
        }
    }
}
