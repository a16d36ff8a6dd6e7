#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| amana_fuzz::properties::tile_path(bytes));
