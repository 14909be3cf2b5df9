//! File systems whose files are no files: windows into the kernel.

use std::os::fd::AsFd;

/// Reading from them may wait for ever, take messages away from others, or never end; a link in a home can lead there.
/// Their numbers are those of `linux/magic.h`.
const PSEUDO: [u32; 19] = [
    0x0000_9fa0, // proc
    0x6265_6572, // sysfs
    0x6462_6720, // debugfs
    0x7472_6163, // tracefs
    0x7363_6673, // securityfs
    0xf97c_ff8c, // selinuxfs
    0x4341_5d53, // smackfs
    0x0027_e0eb, // cgroup
    0x6367_7270, // cgroup2
    0xcafe_4a11, // bpf
    0x6265_6570, // configfs
    0x6165_676c, // pstorefs
    0xde5e_81e4, // efivarfs
    0x0000_1cd1, // devpts
    0x4249_4e4d, // binfmt_misc
    0x6573_5543, // fusectl
    0x6e73_6673, // nsfs
    0x1980_0202, // mqueue
    0x0bad_1dea, // futexfs and other anonymous inodes
];

/// Whether an open file lies in one of them.
pub(in crate::source) fn is_pseudo(file: impl AsFd) -> bool {
    // The width of the number differs between machines; all that are listed fit into 32 bits.
    rustix::fs::fstatfs(file).is_ok_and(|system| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the numbers have 32 bits")]
        let kind = system.f_type as u32;
        PSEUDO.contains(&kind)
    })
}
