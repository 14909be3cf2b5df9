//! Audits with rules that found nothing, with what somebody has accepted, and with what is gone.

use std::path::PathBuf;

use xmpp_audit::finding::{
    Audit, Base, BaselineState, Confidence, Finding, Gone, RuleSummary, Severity, Suppressed, Suppression,
    SuppressionKind,
};

use super::{
    GAJIM, PIDGIN, by_policy, cell, clean, everything, hostile, in_french, incomplete, nothing, only_expected,
    stored_password, whole_file, written_setting,
};

fn rule(id: &str, severity: Severity, worst: Severity, tags: &[&str]) -> RuleSummary {
    RuleSummary {
        id: id.to_owned(),
        title: format!("The title of {id}"),
        reason: format!("The reason of **{id}**. See [RFC 7590](https://www.rfc-editor.org/rfc/rfc7590)."),
        help: format!(
            "## What happens\n\nThe reason of **{id}**.\n\n## How to put it right\n\n~~~sh\nchmod 600 a\n~~~"
        ),
        severity,
        worst,
        confidence: Confidence::Medium,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        clients: vec![PIDGIN, GAJIM],
    }
}

/// Some of the rules that the audits know, and one that found nothing.
pub fn rules() -> Vec<RuleSummary> {
    vec![
        rule("encryption-disabled", Severity::Critical, Severity::Critical, &["transport", "cwe-319", "cwe-5"]),
        rule("encryption-optional", Severity::High, Severity::Critical, &["transport"]),
        rule("keyring-disabled", Severity::Info, Severity::Info, &["secrets"]),
        rule("password-stored", Severity::Low, Severity::High, &["secrets", "cwe-256"]),
        rule("readable-by-others", Severity::Medium, Severity::Medium, &["files"]),
        rule("room-on-account-domain", Severity::High, Severity::High, &["rooms", "addresses"]),
    ]
}

/// The same audit with its rules, and with the home as the folder that reports start from.
pub fn at_home(audit: Audit) -> Audit {
    let bases = audit.searched.iter().map(|searched| Base { searched: searched.clone(), name: PathBuf::new() });
    Audit { bases: bases.collect(), rules: rules(), ..audit }
}

fn suppressed(finding: Finding, kind: SuppressionKind, reason: &str, expires: Option<&str>) -> Suppressed {
    Suppressed {
        finding,
        by: Suppression {
            kind,
            reason: reason.to_owned(),
            expires: expires.map(str::to_owned),
            file: PathBuf::from("/home/alice/xmpp-audit.toml"),
        },
    }
}

/// An audit of which somebody has accepted two findings.
pub fn accepted() -> Audit {
    Audit {
        findings: vec![cell(), written_setting()],
        suppressed: vec![
            suppressed(whole_file(), SuppressionKind::Ignore, "A machine of my own.", Some("2027-01-31")),
            suppressed(stored_password(), SuppressionKind::Ignore, "A test account.", None),
        ],
        ..at_home(everything())
    }
}

/// An audit that was compared with a baseline, after another finding had been accepted.
pub fn against_a_baseline() -> Audit {
    let found = |baseline, finding| Finding { baseline: Some(baseline), ..finding };
    Audit {
        findings: vec![
            found(BaselineState::New, Finding { commit: Some("0123456789abcdef".to_owned()), ..cell() }),
            found(BaselineState::Unchanged, written_setting()),
        ],
        suppressed: vec![
            suppressed(
                found(BaselineState::Unchanged, whole_file()),
                SuppressionKind::Baseline,
                "Known since 2026.",
                Some("2027-01-31"),
            ),
            suppressed(stored_password(), SuppressionKind::Ignore, "A test account.", None),
        ],
        gone: vec![Gone {
            rule: "keyring-disabled".to_owned(),
            client: GAJIM,
            path: PathBuf::from(".config/gajim/settings.sqlite"),
            place: "settings / use_keyring".to_owned(),
            fingerprint: "00112233445566778899aabbccddeeff".to_owned(),
        }],
        ..at_home(everything())
    }
}

/// Every kind of audit that tools are told of, by name.
pub fn exchanged() -> Vec<(&'static str, Audit)> {
    let policy = Audit { findings: vec![only_expected()], ..by_policy() };
    vec![
        ("default", Audit::default()),
        ("everything", everything()),
        ("at home", at_home(everything())),
        ("accepted", accepted()),
        ("against a baseline", against_a_baseline()),
        ("by a policy", at_home(by_policy())),
        ("by a policy only", at_home(policy)),
        ("clean", at_home(clean())),
        ("nothing", at_home(nothing())),
        ("incomplete", at_home(incomplete())),
        ("hostile", at_home(hostile())),
        ("in French", at_home(in_french())),
    ]
}
