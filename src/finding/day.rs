//! Days of the calendar: how long something that was accepted holds.

use time::{Date, Month, OffsetDateTime};

/// A day, `2027-01-31`. Earlier days are smaller.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(String);

impl Day {
    /// The day that is written as year, month and day with hyphens between them, if there is such a day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_shaped = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let is_shaped = is_shaped && (year.len(), month.len(), day.len()) == (4, 2, 2) && parts.next().is_none();
        let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
        Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
        is_shaped.then(|| Self(text.to_owned()))
    }

    /// Today, by UTC: the same everywhere, as a team's baseline has to be.
    #[must_use]
    pub fn today() -> Self {
        let (year, month, day) = OffsetDateTime::now_utc().date().to_calendar_date();
        Self(format!("{year:04}-{:02}-{day:02}", u8::from(month)))
    }

    /// The day as it is written.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn only_days_are_read() {
        for day in ["2026-11-23", "2028-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(Day::parse(day).unwrap().word(), day);
        }
        for none in [
            "2027-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-31",
            "26-01-31",
            "2026-01-31T",
            "",
            "-",
            "2026-01-31-1",
            "+026-01-01",
            "2026/01/31",
        ] {
            assert_eq!(Day::parse(none), None, "{none}");
        }
        assert!(Day::parse("2026-11-23") < Day::parse("2027-01-01"));
        assert_eq!(Day::parse(Day::today().word()), Some(Day::today()));
        assert!(Day::today() > Day("2026-01-01".to_owned()));
    }
}
