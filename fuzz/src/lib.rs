//! What the fuzz targets have in common: each target is one function here, and two lines in `fuzz_targets/`.
//!
//! A target fails by panicking: when something that must hold does not, when the code that it calls panics, or when
//! that takes more memory than [`memory::BOUND`] above the size of the input. libFuzzer notices the rest: a crash, a
//! run longer than its `-timeout`.

pub mod bundle;
pub mod clients;
pub mod disk;
pub mod git;
pub mod home;
pub mod memory;
pub mod settings;
pub mod sqlite;
pub mod syntax;
pub mod writes;

#[path = "../../tests/common/canaries.rs"]
#[allow(dead_code, reason = "more is used by the tests")]
mod canaries;
#[path = "../../tests/common/made/mod.rs"]
mod made;

pub use made::databases::log;
pub use memory::bounded;
