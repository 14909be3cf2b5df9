//! Bytes to values, each with its place. Nothing here knows what XMPP is.

pub mod certificate;
pub mod gajim_text;
pub mod json;
pub mod keyfile;
pub mod xml;
