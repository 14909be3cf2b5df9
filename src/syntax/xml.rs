//! XML with the place of every value, as libxml2 reads it.
