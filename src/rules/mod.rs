//! Rules: pages in `rules/`, loaded, checked and judged by. No rule of its own lives here.

mod error;
mod expression;
pub mod facts;
mod fix;
mod joint;
mod judge;
mod judged;
mod outline;
mod page;
mod prose;
mod qualified;
mod requirement;
pub mod samples;
mod set;
mod settle;
mod source;
mod subject;
mod unpack;

pub(crate) use expression::{edit_distance, nearest_of};
pub(crate) use source::line_of;

pub use error::{JudgeError, RuleError};
pub use fix::Fix;
pub use judge::Judge;
pub use judged::Judged;
pub use page::{Condition, Page, Texts};
pub use prose::{Prose, Section};
pub use requirement::Requirement;
pub use set::RuleSet;
