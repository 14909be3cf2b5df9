//! Homes made out of random bytes: whatever stands in the files, every report can be written, is the same twice, and
//! gives no secret away.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]
#![allow(dead_code, reason = "more is made for the fuzz targets")]

#[path = "common/canaries.rs"]
mod canaries;
#[path = "common/made/mod.rs"]
mod made;

use std::sync::LazyLock;

use arbitrary::{Arbitrary, Unstructured};
use proptest::prelude::*;
use xmpp_audit::Request;
use xmpp_audit::model::Language;
use xmpp_audit::rules::RuleSet;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::embedded(Language::English).unwrap());

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn every_report_of_a_made_up_home_keeps_its_secrets(
        bytes in proptest::collection::vec(any::<u8>(), 100..2000),
        number in 0_usize..100,
    ) {
        let home = made::Home::arbitrary(&mut Unstructured::new(&bytes)).unwrap();
        let search = home.search(&Request::default());
        let report = made::checked(&search, &RULES, Language::English, made::format(number));
        let report = String::from_utf8(report).unwrap();
        if !home.is_damaged {
            prop_assert_eq!(home.planted.traces().line_in(&report), None, "a trace of a secret");
        }
    }
}
