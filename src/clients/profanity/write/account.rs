//! What stands in an account's group of `accounts`.

use super::{Opened, version, without_empty_authority};
use crate::clients::profanity::policy::Policy;
use crate::clients::profanity::{SETTINGS, lists};
use crate::model::{Account, CertificateCheck, Edit, Encryption, EndToEnd, Profile, Secret, Unrepairable};
use crate::syntax::keyfile::{self, Wanted};

/// The word that insists on STARTTLS and on a certificate that verifies.
const FORCE: &str = "force";
/// The word of every policy of end-to-end encryption that does not send in the clear.
const ALWAYS: &str = "always";

/// Gives a fact of an account its value.
pub(super) fn write(profile: &Profile, number: usize, fact: &str, value: &str) -> Result<Vec<Edit>, Unrepairable> {
    let account = profile.accounts.get(number).ok_or(Unrepairable::Gone)?;
    let file = Opened::of(profile, account.place.file)?;
    let writing = Writing { profile, account, group: file.group_at(&account.place)?, file: &file };
    match (fact, value) {
        ("account.encryption", _) if value == Encryption::Required.word() => writing.insists_on_tls(),
        ("account.certificate_check", _) if value == CertificateCheck::Asks.word() => writing.checks_certificates(),
        ("account.legacy_login", "false") => Ok(writing.without("auth.policy")),
        ("account.password", _) if value == Secret::Absent.word() => Ok(writing.without("password")),
        ("account.room_service.host", host) => writing.set("muc.service", host),
        // That of a host that is not written: the client asks the server.
        ("account.room_service.standing", "unjudged") => writing.asks_for_rooms(),
        ("account.end_to_end", _) if value == EndToEnd::DefaultOn.word() => writing.encrypts(),
        _ => Err(Unrepairable::Unwritten),
    }
}

struct Writing<'p> {
    profile: &'p Profile,
    account: &'p Account,
    file: &'p Opened<'p>,
    group: &'p [u8],
}

impl Writing<'_> {
    fn set(&self, key: &str, value: &str) -> Result<Vec<Edit>, Unrepairable> {
        self.file.set(&[Wanted { group: self.group, key, value }])
    }

    fn without(&self, key: &str) -> Vec<Edit> {
        self.file.without(self.group, key)
    }

    /// The word that counts for a key; none where none is written that can be read.
    fn word(&self, key: &str) -> Option<String> {
        let entry = self.file.source.keys.entry(self.group, key.as_bytes())?;
        keyfile::string(self.file.source.keys.raw(entry.value)).ok()
    }

    fn insists_on_tls(&self) -> Result<Vec<Edit>, Unrepairable> {
        let is_required = self.account.encryption.value == Encryption::Required;
        if is_required && !self.account.policy_misspelt {
            return Ok(Vec::new());
        }
        let mut edits = self.forced()?;
        // Where OpenSSL cannot start, an account that insists on TLS never logs in.
        if self.account.encryption.value == Encryption::Never {
            edits.extend(without_empty_authority(self.profile)?);
        }
        Ok(edits)
    }

    fn checks_certificates(&self) -> Result<Vec<Edit>, Unrepairable> {
        if self.account.certificate_check.value == CertificateCheck::Asks { Ok(Vec::new()) } else { self.forced() }
    }

    fn forced(&self) -> Result<Vec<Edit>, Unrepairable> {
        let version = version(self.profile);
        if !Policy::is_looked_at(version) {
            return Err(Unrepairable::Outdated);
        }
        // A word of newer versions: whoever wrote it wants TLS from the first byte, which this one calls “legacy”.
        if self.account.policy_misspelt && self.word("tls.policy").as_deref() == Some("direct") {
            return Err(Unrepairable::Choice);
        }
        self.set("tls.policy", FORCE)
    }

    fn asks_for_rooms(&self) -> Result<Vec<Edit>, Unrepairable> {
        if version(self.profile).is_before(5, 1) {
            return Err(Unrepairable::Outdated);
        }
        Ok(self.without("muc.service"))
    }

    /// Writes the policy where it stands that decides: in the account's own group, or for all accounts that have none.
    fn encrypts(&self) -> Result<Vec<Edit>, Unrepairable> {
        if self.account.end_to_end.value == EndToEnd::DefaultOn {
            return Ok(Vec::new());
        }
        let place = self.account.end_to_end.place();
        let kind = self.profile.file(place.file).ok_or(Unrepairable::Gone)?.kind;
        let is_before_omemo = version(self.profile).is_before(7, 0);
        if !is_before_omemo && self.leaves_contacts_out() {
            return Err(Unrepairable::Choice);
        }
        if kind == SETTINGS {
            let group = if is_before_omemo { "otr" } else { "omemo" };
            let preferences = Opened::of(self.profile, place.file)?;
            return preferences.set(&[Wanted { group: group.as_bytes(), key: "policy", value: ALWAYS }]);
        }
        self.set(if is_before_omemo { "otr.policy" } else { "omemo.policy" }, ALWAYS)
    }

    /// Whether an account of the file leaves contacts out of OMEMO: what is to become of these when all others are
    /// encrypted to, only their owner can say.
    fn leaves_contacts_out(&self) -> bool {
        let keys = &self.file.source.keys;
        let mut lists = keys.groups().iter().filter_map(|group| keys.effective(group, b"omemo.disabled"));
        lists.any(|list| !lists::elements(keys.raw(list.value)).is_empty())
    }
}
