//! seccomp: which system calls are left.
//!
//! Those that reading, computing, printing and threads need; all others fail as if the kernel did not know them, so that
//! everybody goes another way where there is one. Files can be opened for writing only where the run writes reports.
//! `openat2` is none of them: it hides its flags from the filter.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};

/// Reading, memory, time, threads, and what the standard library asks of a process.
const ALLOWED: &[c_long] = &[
    // Open files.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_lseek,
    libc::SYS_close,
    libc::SYS_fcntl,
    libc::SYS_ppoll,
    // What there is.
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    // Memory.
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_madvise,
    // Time and chance.
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_nanosleep,
    libc::SYS_getrandom,
    // Threads, signals and their ends.
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_rseq,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
    // Closing files later.
    libc::SYS_landlock_create_ruleset,
    libc::SYS_landlock_add_rule,
    libc::SYS_landlock_restrict_self,
    // Who we are.
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_uname,
    libc::SYS_sysinfo,
];

/// The same under the names that only the oldest machines have.
#[cfg(target_arch = "x86_64")]
const ALLOWED_OF_OLD: &[c_long] = &[
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_getdents,
    libc::SYS_poll,
    libc::SYS_getrlimit,
    libc::SYS_arch_prctl,
];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_OF_OLD: &[c_long] = &[];

/// What else writing a report or a baseline needs; Landlock says where.
const ALLOWED_FOR_WRITING: &[c_long] = &[
    libc::SYS_openat,
    libc::SYS_ftruncate,
    libc::SYS_fsync,
    libc::SYS_fdatasync,
    libc::SYS_fchmod,
    libc::SYS_unlinkat,
    libc::SYS_renameat2,
    libc::SYS_linkat,
    libc::SYS_flock,
];
#[cfg(target_arch = "x86_64")]
const ALLOWED_FOR_WRITING_OF_OLD: &[c_long] =
    &[libc::SYS_open, libc::SYS_unlink, libc::SYS_rename, libc::SYS_renameat, libc::SYS_link];
#[cfg(target_arch = "aarch64")]
const ALLOWED_FOR_WRITING_OF_OLD: &[c_long] = &[libc::SYS_renameat];
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const ALLOWED_FOR_WRITING_OF_OLD: &[c_long] = &[];

/// What of the flags of an opening would change something: everything but reading.
const CHANGES: u64 =
    (libc::O_ACCMODE | libc::O_CREAT | libc::O_TRUNC | (libc::O_TMPFILE & !libc::O_DIRECTORY)) as u64;

/// Questions to a terminal, its own settings, and flags of open files. Above all not `TIOCSTI`, which types for others.
#[allow(clippy::unnecessary_cast, reason = "their type is another one with musl")]
const TERMINAL: [u64; 6] = [
    libc::TCGETS as u64,
    libc::TCSETS as u64,
    libc::TCSETSW as u64,
    libc::TIOCGWINSZ as u64,
    libc::FIONREAD as u64,
    libc::FIOCLEX as u64,
];

/// Refuses what is not needed; says whether the kernel does.
pub(super) fn refuse(writes: bool) -> bool {
    needed(writes).is_ok_and(|program| apply_filter(&program).is_ok())
}

fn needed(writes: bool) -> Result<BpfProgram, BackendError> {
    let mut rules: BTreeMap<c_long, Vec<SeccompRule>> = BTreeMap::new();
    let threads = (libc::CLONE_VM | libc::CLONE_THREAD).unsigned_abs();
    rules.insert(libc::SYS_clone, vec![rule(vec![masked(0, threads.into(), threads.into())?])?]);
    rules.insert(libc::SYS_openat, vec![rule(vec![masked(2, CHANGES, 0)?])?]);
    #[cfg(target_arch = "x86_64")]
    rules.insert(libc::SYS_open, vec![rule(vec![masked(1, CHANGES, 0)?])?]);
    rules.insert(libc::SYS_ioctl, each(1, &TERMINAL)?);
    // Names of threads and of memory, and giving up privileges; nothing else of what a process may do.
    let named = [libc::PR_SET_NAME, libc::PR_SET_NO_NEW_PRIVS].map(|option| u64::from(option.unsigned_abs()));
    rules.insert(libc::SYS_prctl, each(0, &[&named[..], &[u64::from(PR_SET_VMA)]].concat())?);
    // Limits are looked at, not set.
    rules.insert(libc::SYS_prlimit64, vec![rule(vec![equal(2, 0)?])?]);
    // A program that breaks down ends itself, and nobody else.
    let own = u64::from(std::process::id());
    rules.insert(libc::SYS_tgkill, vec![rule(vec![equal(0, own)?])?]);
    for call in ALLOWED.iter().chain(ALLOWED_OF_OLD) {
        rules.insert(*call, Vec::new());
    }
    if writes {
        for call in ALLOWED_FOR_WRITING.iter().chain(ALLOWED_FOR_WRITING_OF_OLD) {
            rules.insert(*call, Vec::new());
        }
    }
    let fails = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    SeccompFilter::new(rules, fails, SeccompAction::Allow, std::env::consts::ARCH.try_into()?)?.try_into()
}

/// `PR_SET_VMA` of `linux/prctl.h`, by which allocators name their memory.
const PR_SET_VMA: u32 = 0x5356_4d41;

fn rule(conditions: Vec<SeccompCondition>) -> Result<SeccompRule, BackendError> {
    SeccompRule::new(conditions)
}

fn masked(argument: u8, mask: u64, value: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(mask), value)
}

fn equal(argument: u8, value: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, value)
}

/// One rule for each value that an argument may have.
fn each(argument: u8, values: &[u64]) -> Result<Vec<SeccompRule>, BackendError> {
    values.iter().map(|value| rule(vec![equal(argument, *value)?])).collect()
}
