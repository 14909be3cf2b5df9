//! One place turns a panic into a diagnostic of the file that it happened on.
//!
//! Nothing that a file holds may end the program, and what a panic has to say may quote the file: only the place in our
//! own source is kept.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

use crate::model::Trouble;

thread_local! {
    /// Where the work that is contained on this thread has failed; none while nothing is contained.
    static FAILED_AT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Does work on somebody's file. If the program fails on it, the rest goes on.
///
/// # Errors
/// [`Trouble::Failure`] with the place of the program's source, and nothing of the file.
pub(crate) fn contained<T>(work: impl FnOnce() -> T) -> Result<T, Trouble> {
    static KEEP_SILENT: Once = Once::new();
    KEEP_SILENT.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !noted(panic) {
                usual(panic)
            }
        }));
    });
    // What is looked for then is just that.
    if cfg!(fuzzing) {
        return Ok(work());
    }
    let outer = FAILED_AT.replace(Some(String::new()));
    // What the work has changed is thrown away with it, or guards itself against being half done.
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    let place = FAILED_AT.replace(outer).unwrap_or_default();
    done.map_err(|_| Trouble::Failure { place })
}

/// Keeps the place of a panic if the work is contained; says whether it is.
fn noted(panic: &PanicHookInfo<'_>) -> bool {
    FAILED_AT.with_borrow_mut(|failed_at| match failed_at {
        Some(place) => {
            *place = place_of(panic);
            true
        }
        None => false,
    })
}

/// Where in the program's source a panic happened; of a library's, what follows the folder of its sources.
pub(crate) fn place_of(panic: &PanicHookInfo<'_>) -> String {
    let Some(place) = panic.location() else { return String::new() };
    // The folder in which the program was built is nobody's business.
    let parts: Vec<&str> = place.file().split(['/', '\\']).collect();
    let shown = parts.iter().position(|part| part.starts_with("index.")).map_or(0, |at| at + 1);
    format!("{}:{}", parts.get(shown..).unwrap_or_default().join("/"), place.line())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_place_and_nothing_else() {
        assert_eq!(contained(|| 7), Ok(7));
        let failure = contained(|| panic!("the password is {}", "hunter2")).unwrap_err();
        let Trouble::Failure { place } = failure else { panic!("{failure:?}") };
        assert!(place.starts_with("src/contained.rs:") && !place.contains("hunter2"), "{place}");
    }

    #[test]
    fn one_may_be_within_another() {
        let outer = contained(|| {
            let inner = contained(|| panic!("inner"));
            assert!(matches!(inner, Err(Trouble::Failure { .. })));
            panic!("outer")
        });
        let Err(Trouble::Failure { place }) = outer else { panic!("not contained") };
        assert!(place.starts_with("src/contained.rs:"));
    }
}
