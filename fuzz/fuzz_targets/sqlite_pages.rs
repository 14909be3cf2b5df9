#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| xmpp_audit_fuzz::bounded(input, xmpp_audit_fuzz::sqlite::sqlite_pages));
