//! Kinds of characters as GLib tells them apart: by their general category, which the standard library does not tell.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

/// GLib's `g_unichar_isalpha`.
pub(super) fn is_letter(character: char) -> bool {
    is_of(character, GeneralCategoryGroup::Letter)
}

/// GLib's `g_unichar_isalnum`.
pub(super) fn is_letter_or_number(character: char) -> bool {
    is_of(character, GeneralCategoryGroup::Letter) || is_of(character, GeneralCategoryGroup::Number)
}

fn is_of(character: char, group: GeneralCategoryGroup) -> bool {
    // Nearly every name is all of these, which need no table.
    if character.is_ascii_lowercase() {
        return group.contains(GeneralCategory::LowercaseLetter);
    }
    group.contains(CodePointMapData::<GeneralCategory>::new().get(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All of these are alphabetic to Unicode and to the standard library, the last three to GLib not.
    #[test]
    fn marks_and_letter_numbers_are_no_letters() {
        for letter in ['a', 'Z', 'é', 'ª', 'ʰ', 'ǅ', '一'] {
            assert!(is_letter(letter) && is_letter_or_number(letter), "{letter}");
        }
        for number in ['7', '٥', 'Ⅷ', '②'] {
            assert!(!is_letter(number) && is_letter_or_number(number), "{number}");
        }
        for neither in ['\u{345}', 'ी', 'Ⓐ', '-', '\0', '\u{e000}'] {
            assert!(!is_letter_or_number(neither), "{neither:?}");
        }
    }
}
