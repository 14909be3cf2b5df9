//! The whole way: from the files of a home to a report.

use std::path::Path;

use arbitrary::{Arbitrary, Unstructured};
use xmpp_audit::model::Language;
use xmpp_audit::report::FORMATS;
use xmpp_audit::{Request, Search};

use crate::made::{self, Home, TOP};
use crate::{bundle, settings};

/// What a report is written for. The length of the input decides, so that every input is written in one way, and all
/// ways come about.
fn chosen(input: &[u8]) -> (Language, usize) {
    let language =
        if (input.len() / FORMATS.len()).is_multiple_of(2) { Language::English } else { Language::French };
    (language, input.len())
}

/// Any files at any places of a home.
pub fn home(input: &[u8]) {
    let top = Path::new(TOP);
    let search = Search::of_files(top, bundle::below(top, input), &Request::default());
    let (language, number) = chosen(input);
    made::checked(&search, settings::rules(language), language, made::format(number));
}

/// A home in which files stand as clients write them, with secrets in them.
///
/// # Panics
/// If one of them gets out.
pub fn made_home(input: &[u8]) {
    let Ok(home) = Home::arbitrary(&mut Unstructured::new(input)) else { return };
    let search = home.search(&Request::default());
    let (language, number) = chosen(input);
    let report = made::checked(&search, settings::rules(language), language, made::format(number));
    if !home.is_damaged {
        let line = home.planted.traces().line_in(&String::from_utf8_lossy(&report));
        assert!(
            line.is_none(),
            "a secret in line {line:?} of the report in format {}",
            made::format(number).name()
        );
    }
}
