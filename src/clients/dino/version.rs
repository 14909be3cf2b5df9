//! Which versions of Dino write a schema.

use super::cells::ShownRow;
use super::schema::Schema;
use crate::model::{ClientVersion, FileNumber, Format, Version, VersionSource};

/// Schemas that releases write, with the first and the last of those (`libdino/src/service/database.vala` at
/// each tag). What lies between two of them was never released.
const RELEASES: [(i64, Version, Version); 6] = [
    (11, Version::new(0, 1, 0), Version::new(0, 1, 2)),
    (17, Version::new(0, 2, 0), Version::new(0, 2, 3)),
    (22, Version::new(0, 3, 0), Version::new(0, 3, 2)),
    (25, Version::new(0, 4, 0), Version::new(0, 4, 1)),
    (26, Version::new(0, 4, 2), Version::new(0, 4, 5)),
    (NEWEST.0, NEWEST.1, NEWEST.1),
];

/// The schema of Dino 0.5.0 and 0.5.1. Releases to come may write it as well, and will not write an older one.
const NEWEST: (i64, Version) = (29, Version::new(0, 5, 0));

/// The version that last opened the database: whichever it is, it takes the schema up or down to its own. None
/// where no release writes such a schema, and for the fork, which counts on its own.
///
/// Where what was written last may be missing, the schema may have been raised since.
pub(super) fn of(schema: Schema, lacks_log: bool, file: FileNumber) -> Option<ClientVersion> {
    let number = schema.version.filter(|_| schema.format == Format::Known)?;
    let (at_least, at_most) = match RELEASES.iter().find(|(released, ..)| *released == number) {
        Some((_, first, last)) if number < NEWEST.0 && !lacks_log => (*first, Some(*last)),
        Some((_, first, _)) => (*first, None),
        None if number > NEWEST.0 => (NEWEST.1, None),
        None => return None,
    };
    let row = ShownRow::keyed(file, "_meta", "name=version", "version".to_owned())
        .with("name", Some("version"))
        .with("int_val", Some(&number.to_string()));
    Some(ClientVersion { at_least, at_most, source: VersionSource::File, place: Some(row.place("int_val")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(version: i64, format: Format, lacks_log: bool) -> Option<String> {
        let schema = Schema { version: Some(version), format, pins_certificates: false, is_incomplete: false };
        of(schema, lacks_log, FileNumber(0)).map(|version| version.text())
    }

    #[test]
    fn knows_what_releases_write() {
        for (schema, expected) in [
            (10, None),
            (11, Some("0.1.0 – 0.1.2")),
            (12, None),
            (17, Some("0.2.0 – 0.2.3")),
            (22, Some("0.3.0 – 0.3.2")),
            (24, None),
            (25, Some("0.4.0 – 0.4.1")),
            (26, Some("0.4.2 – 0.4.5")),
            (27, None),
            (29, Some("≥ 0.5.0")),
            (32, Some("≥ 0.5.0")),
        ] {
            assert_eq!(text(schema, Format::Known, false).as_deref(), expected, "{schema}");
        }
        assert_eq!(text(31, Format::Fork, false), None);
        assert_eq!(text(33, Format::Newer, false), None);
    }

    #[test]
    fn a_database_without_its_log_may_be_newer() {
        assert_eq!(text(25, Format::Known, true).as_deref(), Some("≥ 0.4.0"));
    }

    #[test]
    fn points_at_the_row() {
        let schema =
            Schema { version: Some(26), format: Format::Known, pins_certificates: false, is_incomplete: false };
        let place = of(schema, false, FileNumber(0)).unwrap().place.unwrap();
        assert_eq!(place.words, "_meta[version] / int_val");
    }
}
