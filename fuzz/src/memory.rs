//! How much memory a run takes: counted, and not guessed from what the process has been given.

use peak_alloc::PeakAlloc;
use rusqlite::ffi;

/// How much memory reading an input may take, in bytes, above the size of the input.
pub const BOUND: usize = 64 << 20;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Runs a target, and sees how much memory it takes: ours, and what SQLite allocates in C.
///
/// # Panics
/// If it was too much.
pub fn bounded(input: &[u8], target: impl FnOnce(&[u8])) {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    sqlite_peak();
    target(input);
    for (what, taken) in [("the program", ALLOCATOR.peak_usage().saturating_sub(before)), ("SQLite", sqlite_peak())]
    {
        assert!(taken <= input.len() + BOUND, "{taken} bytes of memory for {} bytes of input: {what}", input.len());
    }
}

/// The most that SQLite had allocated since the last call.
fn sqlite_peak() -> usize {
    // SAFETY: it may be called at any time, and touches nothing but its own counters.
    let peak = unsafe { ffi::sqlite3_memory_highwater(1) };
    usize::try_from(peak).unwrap_or(0)
}
