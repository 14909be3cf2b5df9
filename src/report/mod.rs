//! Reports.
pub mod harmless;
