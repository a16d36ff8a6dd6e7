//! `docs/api/openapi.json` is what the web client's types are generated from.

const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api/openapi.json");

/// `UPDATE_SNAPSHOTS=1` rewrites the file.
#[test]
fn openapi_is_current() {
    let mut now = server::openapi().to_pretty_json().unwrap();
    now.push('\n');
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(std::path::Path::new(SNAPSHOT).parent().unwrap()).unwrap();
        std::fs::write(SNAPSHOT, &now).unwrap();
    }
    let kept = std::fs::read_to_string(SNAPSHOT).unwrap_or_default();
    assert!(kept == now, "docs/api/openapi.json is stale: run this test with UPDATE_SNAPSHOTS=1");
}
