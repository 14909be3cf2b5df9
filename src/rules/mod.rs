//! Rules: pages in `rules/`, loaded, checked and judged by. No rule of its own lives here.

pub mod facts;
