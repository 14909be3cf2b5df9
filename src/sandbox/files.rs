//! Landlock: everything is closed that is not opened here (<https://docs.kernel.org/userspace-api/landlock.html>).

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, Ruleset, RulesetAttr, RulesetCreatedAttr,
    RulesetError, Scope, path_beneath_rules,
};

use super::Needs;

/// The newest version whose rights are asked for; older kernels enforce what they know.
const NEWEST: ABI = ABI::V7;

/// The oldest version that closes all that matters: before it, files could be cut off.
const OLDEST: ABI = ABI::V3;

/// Closes the file system but for these needs; says whether the kernel does.
pub(super) fn close(needs: &Needs) -> bool {
    restrict(needs).is_ok_and(|status| match status {
        LandlockStatus::Available { effective_abi, .. } => effective_abi >= OLDEST,
        LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => false,
    })
}

fn restrict(needs: &Needs) -> Result<LandlockStatus, RulesetError> {
    let read: BitFlags<AccessFs> = AccessFs::ReadFile | AccessFs::ReadDir;
    // A report is written in place, a baseline beside it and then renamed.
    let write = read
        | AccessFs::WriteFile
        | AccessFs::MakeReg
        | AccessFs::RemoveFile
        | AccessFs::Truncate
        | AccessFs::Refer;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        .add_rules(path_beneath_rules(&needs.read, read))?
        .add_rules(path_beneath_rules(&needs.write, write))?
        .restrict_self()?;
    Ok(status.landlock)
}
