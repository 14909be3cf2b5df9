//! Bytes to values, each with its place. Nothing here knows what XMPP is.

mod authority;
mod bytes;
pub mod certificate;
pub mod gajim_text;
pub mod json;
pub mod keyfile;
mod unicode;
pub mod xml;

pub(crate) use authority::host_and_port;
pub(crate) use bytes::{contains, contains_in_any_case};
