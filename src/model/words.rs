//! Enumerations whose every value has a name that rules can write.

/// Declares an enumeration of named values.
///
/// The names are what conditions in `rules/*.md` and the JSON report use, so each stands once, here.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every name, in the order of declaration.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// Every value, in the order of declaration.
            #[allow(dead_code, reason = "not every enumeration is gone through")]
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name that rules and reports use.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.word())
            }
        }
    };
}

pub(crate) use words;
