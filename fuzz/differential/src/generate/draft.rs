//! A file that is being made up.

use fastrand::Rng;

use super::characters;

/// A file that is being made up, and the chance by which it is.
pub struct Draft<'r> {
    /// The chance.
    pub rng: &'r mut Rng,
    /// How often, of a thousand times, something is done that one does not do.
    edge: u32,
    bytes: Vec<u8>,
}

impl<'r> Draft<'r> {
    /// An empty one. Some are to be sound, in some next to nothing is.
    pub fn new(rng: &'r mut Rng) -> Self {
        let edge = pick(rng, &[0, 1, 3, 10, 30, 150]);
        Self { rng, edge, bytes: Vec::new() }
    }

    /// Whether to do here what one does not do.
    pub fn edge(&mut self) -> bool {
        self.rng.u32(..1000) < self.edge
    }

    /// Whether it comes out one time in so many.
    pub fn once_in(&mut self, times: u32) -> bool {
        self.rng.u32(..times) == 0
    }

    /// One of several.
    pub fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        pick(self.rng, all)
    }

    /// Adds a text.
    pub fn put(&mut self, text: &str) {
        self.bytes.extend(text.as_bytes());
    }

    /// Adds bytes.
    pub fn put_bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
    }

    /// Adds one of several texts.
    pub fn put_one(&mut self, all: &[&str]) {
        let one = self.pick(all);
        self.put(one);
    }

    /// Adds the first text, or at an edge one of the others.
    pub fn put_or(&mut self, usual: &str, edges: &[&str]) {
        let text = if self.edge() { self.pick(edges) } else { usual };
        self.put(text);
    }

    /// Adds some character of Unicode.
    pub fn put_character(&mut self) {
        let character = characters::any(self.rng);
        self.put(character.encode_utf8(&mut [0; 4]));
    }

    /// What has been written.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// One of several.
pub fn pick<T: Copy>(rng: &mut Rng, all: &[T]) -> T {
    all[rng.usize(..all.len())]
}
