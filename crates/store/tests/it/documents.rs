//! Documents and settings beside the record.

use crate::database::{Database, on_both};
use crate::world::*;
use store::{Document, StoreError};

on_both!(a_document_keeps_its_content, settings_are_kept_and_the_records_own_are_fixed);

fn a_document_keeps_its_content(db: Database) {
    let w = World::new(db);
    let plan = |bytes: &[u8]| Document {
        name: "plan/1".to_owned(),
        media_type: "application/json".to_owned(),
        bytes: bytes.to_vec(),
    };
    w.node.put_document(&plan(b"{}")).unwrap();
    w.node.put_document(&plan(b"{}")).unwrap();
    let taken = w.node.put_document(&plan(b"[]"));
    assert!(matches!(taken, Err(StoreError::DocumentTaken(name)) if name == "plan/1"));
    assert_eq!(w.node.document("plan/1").unwrap(), Some(plan(b"{}")));
    assert_eq!(w.node.document("plan/2").unwrap(), None);
    assert_eq!(w.node.documents().unwrap(), ["plan/1"]);
    w.place.plant("update document set bytes = {zero}");
    assert_eq!(w.findings(), ["document-changed"]);
}

fn settings_are_kept_and_the_records_own_are_fixed(db: Database) {
    let w = World::new(db);
    w.node.set_setting("language", "ckb").unwrap();
    w.node.set_setting("language", "ar").unwrap();
    assert_eq!(w.node.setting("language").unwrap().as_deref(), Some("ar"));
    assert_eq!(w.node.setting("other").unwrap(), None);
    assert!(w.node.set_setting("origin", "elsewhere").is_err());
    assert!(w.node.set_setting("register.key", "none").is_err());
}
