//! Files that are made up: mostly sound ones near the edges of their format, changed here and there.

mod characters;
mod doctype;
mod draft;
mod encoding;
mod keyfile;
mod mutate;
mod seeds;
mod xml;

use fastrand::Rng;

use self::draft::Draft;

/// A key file.
pub fn key_file(rng: &mut Rng) -> Vec<u8> {
    let mut bytes =
        if rng.u8(..10) == 0 { seeds::pick(rng, seeds::key_files()) } else { keyfile::write(Draft::new(rng)) };
    if rng.u8(..4) == 0 {
        mutate::change(rng, &mut bytes, mutate::KEY_FILE);
    }
    bytes
}

/// An XML file.
pub fn xml_file(rng: &mut Rng) -> Vec<u8> {
    let mut bytes = if rng.u8(..10) == 0 {
        seeds::pick(rng, seeds::xml_files())
    } else {
        let plan = encoding::Plan::new(rng);
        plan.encode(xml::write(Draft::new(rng), plan.declared))
    };
    if rng.u8(..40) == 0 {
        bytes.extend(draft::pick(rng, &characters::BAD_ENDS));
    }
    if rng.u8(..4) == 0 {
        mutate::change(rng, &mut bytes, mutate::XML);
    }
    bytes
}
