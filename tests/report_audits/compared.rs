//! Audits that tell of their rules, and of what somebody has accepted.

use std::path::PathBuf;

use xmpp_audit::finding::{
    Audit, Base, BaselineState, Confidence, Gone, RuleSummary, Severity, Suppressed, Suppression, SuppressionKind,
};
use xmpp_audit::model::ClientName;

use super::{GAJIM, PIDGIN, PROFANITY, everything};

/// An audit that was compared with a baseline, after another finding had been accepted: some findings are new, some
/// are known, some are accepted, some are gone.
pub fn compared() -> Audit {
    let mut audit = judged(everything());
    let accepted = audit.findings.split_off(audit.findings.len() - 2);
    let kinds = [SuppressionKind::Ignore, SuppressionKind::Baseline];
    audit.suppressed = accepted
        .into_iter()
        .zip(kinds)
        .map(|(finding, kind)| Suppressed {
            finding,
            by: Suppression {
                kind,
                reason: "A test account.".to_owned(),
                expires: (kind == SuppressionKind::Ignore).then(|| "2027-01-31".to_owned()),
                file: PathBuf::from("/home/alice/xmpp-audit.toml"),
            },
        })
        .collect();
    audit.findings[0].baseline = Some(BaselineState::New);
    audit.findings[1].baseline = Some(BaselineState::Unchanged);
    audit.findings[1].commit = Some("0123456789abcdef0123456789abcdef01234567".to_owned());
    audit.gone = vec![Gone {
        rule: "keyring-disabled".to_owned(),
        client: GAJIM,
        path: PathBuf::from(".config/gajim/settings.sqlite"),
        place: "settings / use_keyring".to_owned(),
        fingerprint: "00112233445566778899aabbccddeeff".to_owned(),
    }];
    audit
}

/// The audit with its rules, and with the folder that reports which leave the machine start from.
pub fn judged(audit: Audit) -> Audit {
    let bases = audit.searched.iter().map(|searched| Base { searched: searched.clone(), name: PathBuf::new() });
    let rule = |id: &str, clients: &[ClientName]| RuleSummary {
        id: id.to_owned(),
        title: format!("The title of {id}"),
        reason: "The reason.".to_owned(),
        help: "## What happens\n\nThe reason.".to_owned(),
        severity: Severity::High,
        worst: Severity::Critical,
        confidence: Confidence::High,
        tags: vec!["cwe-319".to_owned()],
        clients: clients.to_vec(),
    };
    let rules = vec![
        rule("encryption-disabled", &[PIDGIN, GAJIM, PROFANITY]),
        rule("encryption-optional", &[PIDGIN, GAJIM, PROFANITY]),
        rule("history-kept", &[ClientName("dino")]),
        rule("keyring-disabled", &[GAJIM]),
    ];
    Audit { bases: bases.collect(), rules, ..audit }
}
