//! The line format of Gajim 0.11 to 1.2.
