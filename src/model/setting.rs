//! A value together with where it comes from.

use super::Place;

/// A value that the client goes by, and where it comes from.
///
/// Most real problems are keys that are absent: then the default of the version that wrote the file counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The effective value.
    pub value: T,
    /// Written in a file, or the client's default.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It stands here.
    Written(Place),
    /// It stands nowhere; the client falls back to a default of its own.
    Default {
        /// The default in the client's own spelling, as it would be written: `require_tls`, `force`.
        written_as: &'static str,
        /// The element in which it would stand.
        near: Place,
    },
}

impl<T> Setting<T> {
    /// A value that stands in a file.
    pub const fn written(value: T, place: Place) -> Self {
        Self { value, origin: Origin::Written(place) }
    }

    /// A value that the client assumes because nothing is written.
    pub const fn default(value: T, written_as: &'static str, near: Place) -> Self {
        Self { value, origin: Origin::Default { written_as, near } }
    }

    /// Where it stands, or would stand.
    pub const fn place(&self) -> &Place {
        match &self.origin {
            Origin::Written(place) | Origin::Default { near: place, .. } => place,
        }
    }

    /// The client's default in its own spelling, if nothing is written.
    pub const fn default_word(&self) -> Option<&'static str> {
        match &self.origin {
            Origin::Written(_) => None,
            Origin::Default { written_as, .. } => Some(written_as),
        }
    }

    /// Another value of the same origin.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Setting<U> {
        Setting { value: change(self.value), origin: self.origin }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FileNumber;

    #[test]
    fn only_what_is_not_written_has_a_default() {
        let here = Place::of_file(FileNumber(0), "accounts[alice]");
        let written = Setting::written(5222_u16, here.clone());
        assert_eq!((written.default_word(), written.place()), (None, &here));
        let assumed = Setting::default(true, "require_tls", here.clone());
        assert_eq!((assumed.default_word(), assumed.place()), (Some("require_tls"), &here));
        assert_eq!(assumed.map(|value| !value), Setting::default(false, "require_tls", here));
    }
}
