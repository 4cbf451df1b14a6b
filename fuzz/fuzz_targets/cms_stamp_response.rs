#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::cms::stamp_response(data));
