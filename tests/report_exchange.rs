//! What the reports that other tools read look like, held fast as pictures in `fixtures/report`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice, reason = "a test may fail")]

mod report_audits;

use report_audits::{
    accepted, against_a_baseline, at_home, by_policy, everything, french, hostile, in_french, nothing, options,
    written,
};
use xmpp_audit::finding::Audit;
use xmpp_audit::report::Options;

fn picture(name: &str, audit: &Audit, format: &str, options: &Options) {
    let shown = written(audit, format, options).replace(env!("CARGO_PKG_VERSION"), "[version]");
    insta::with_settings!({ snapshot_path => "../fixtures/report", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, shown);
    });
}

#[test]
fn sarif() {
    picture("sarif", &at_home(everything()), "sarif", &options(80));
    picture("sarif-baseline", &against_a_baseline(), "sarif", &options(80));
    picture("sarif-policy-french", &at_home(by_policy()), "sarif", &french(80));
    picture("sarif-nothing", &nothing(), "sarif", &options(80));
}

#[test]
fn github() {
    picture("github", &at_home(everything()), "github", &options(80));
    picture("github-french", &at_home(in_french()), "github", &french(80));
    picture("github-accepted", &accepted(), "github", &options(80));
    picture("github-hostile", &at_home(hostile()), "github", &options(80));
    picture("github-nothing", &nothing(), "github", &options(80));
}

#[test]
fn gitlab() {
    picture("gitlab", &at_home(everything()), "gitlab", &options(80));
    picture("gitlab-french", &at_home(in_french()), "gitlab", &french(80));
}

#[test]
fn rdjson() {
    picture("rdjson", &at_home(everything()), "rdjson", &options(80));
}
