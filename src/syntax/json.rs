//! JSON with the place of every value, as Python reads it.
