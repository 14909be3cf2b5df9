//! What an audit has to say, put together from what was found at each user's.

use std::path::PathBuf;
use std::sync::Arc;

use super::{AuditError, Request, planned, reading};
use crate::clients::Client;
use crate::clients::startup::Startup;
use crate::contained::contained;
use crate::finding::{AccountSummary, Audit, Finding, Input, InputStatus};
use crate::model::{Format, Profile, ProfileFile};
use crate::rules::{Judge, JudgeError};
use crate::source::Reader;

impl Audit {
    /// Judges a profile and takes over what there is to say about it. The profile, texts and all, is dropped here.
    pub(super) fn take(
        &mut self,
        mut profile: Profile,
        judge: &Judge<'_>,
        reader: &Reader,
        request: &Request,
    ) -> Result<(), AuditError> {
        self.inputs.extend(profile.notices.iter().filter_map(|notice| {
            let already = profile.files.iter().any(|file| file.path == notice.path);
            let status = if notice.trouble.makes_incomplete() { InputStatus::Failed } else { InputStatus::Skipped };
            let input = Input { path: notice.path.clone(), client: profile.client, kind: notice.kind?, status };
            (!already).then_some(input)
        }));
        let is_in_part = |file: &ProfileFile| {
            profile.notices.iter().any(|notice| notice.path == file.path && notice.trouble.makes_incomplete())
        };
        self.inputs.extend(profile.files.iter().map(|file| Input {
            path: file.path.clone(),
            client: profile.client,
            kind: file.kind,
            status: if is_in_part(file) { InputStatus::Failed } else { status_of(file) },
        }));
        self.notices.append(&mut profile.notices);
        self.accounts.extend(profile.accounts.iter().map(|account| AccountSummary {
            client: profile.client,
            path: profile.file(account.place.file).map_or_else(PathBuf::new, |file| file.path.clone()),
            name: account.name.clone(),
            jid: account.address.value.bare(),
            enabled: account.enabled.value,
            encryption: account.encryption.value.word(),
            exposure: account.exposure,
        }));
        self.rooms += profile.rooms.len();
        self.profiles += usize::from(profile.client != Startup.name() && !profile.files.is_empty());
        let profile = Arc::new(profile);
        if request.tells_all {
            self.tell_all(&profile, judge);
        }
        let judged = contained(|| {
            let mut judged = judge.judge(&profile)?;
            planned::plan(&mut judged.findings, &profile, reader, request);
            Ok::<_, JudgeError>(judged)
        });
        match judged {
            Ok(judged) => {
                let judged = judged?;
                self.findings.extend(judged.findings);
                self.notices.extend(judged.notices);
            }
            Err(trouble) => self.notices.push(reading::about(&profile, trouble)),
        }
        Ok(())
    }

    /// Tells all that is known of a profile, and the texts of its files.
    fn tell_all(&mut self, profile: &Arc<Profile>, judge: &Judge<'_>) {
        self.known.extend(judge.known(profile));
        let text = |file: &ProfileFile| Some((file.path.clone(), file.text.as_ref()?.masked()));
        self.texts.extend(profile.files.iter().filter_map(text));
    }

    /// Takes over what was found at one user's.
    pub(super) fn absorb(&mut self, mut part: Self) {
        self.inputs.append(&mut part.inputs);
        self.accounts.append(&mut part.accounts);
        self.grades.append(&mut part.grades);
        self.findings.append(&mut part.findings);
        self.notices.append(&mut part.notices);
        self.known.append(&mut part.known);
        self.texts.append(&mut part.texts);
        self.profiles += part.profiles;
        self.rooms += part.rooms;
        self.below_severity += part.below_severity;
        self.below_confidence += part.below_confidence;
        self.worst = self.worst.max(part.worst);
    }

    /// Leaves out what was not asked for.
    pub(super) fn leave_out(&mut self, request: &Request) {
        let all = self.findings.len();
        self.findings.retain(|finding| finding.confidence >= request.min_confidence);
        self.below_confidence += all - self.findings.len();
        let all = self.findings.len();
        self.worst = self.worst.max(self.findings.iter().map(|finding| finding.severity).max());
        self.findings.retain(|finding| finding.severity >= request.min_severity);
        self.below_severity += all - self.findings.len();
    }

    /// Puts everything in order, and leaves out what was not asked for.
    pub(super) fn settle(&mut self, request: &Request) {
        self.leave_out(request);
        self.findings.sort_by(|left, right| sort_key(left).cmp(&sort_key(right)));
        self.suppressed.sort_by(|left, right| sort_key(&left.finding).cmp(&sort_key(&right.finding)));
        self.inputs.sort_by(|left, right| left.path.cmp(&right.path));
        self.notices.sort_by(|left, right| left.path.cmp(&right.path));
        self.notices.dedup();
    }
}

/// Worst first; then by file and place.
fn sort_key(finding: &Finding) -> impl Ord + use<'_> {
    let position = finding.position.map(|position| (position.line, position.column));
    (std::cmp::Reverse(finding.severity), &finding.path, position, &finding.place, &finding.rule, &finding.message)
}

fn status_of(file: &ProfileFile) -> InputStatus {
    if file.damage.is_some() || matches!(file.format, Format::Newer | Format::Encrypted) {
        InputStatus::Failed
    } else {
        InputStatus::Audited
    }
}
