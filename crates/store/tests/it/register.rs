use crate::database::{Database, on_both};
use crate::world::*;
use domain::*;
use store::{Document, Particulars, StoreError};

on_both!(
    a_document_keeps_its_content,
    settings_are_kept_and_the_records_own_are_fixed,
    particulars_open_what_was_registered,
    erased_and_sealed_particulars_are_noted,
);

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
}

fn registered(w: &mut World, n: u32) -> Particulars {
    let bytes = format!("{{\"given\":\"Invented {n}\"}}").into_bytes();
    let p = Particulars::plain(person(n), "identity", [n as u8; 32], bytes);
    w.node.put_particulars(std::slice::from_ref(&p)).unwrap();
    let people = vec![(person(n), p.commitment)];
    w.submit(|w| &mut w.custody, Event::Registered { unit: unit("north/w1"), people });
    p
}

fn particulars_open_what_was_registered(db: Database) {
    let mut w = World::new(db);
    let p = registered(&mut w, 1);
    registered(&mut w, 2);
    assert_eq!(w.node.particulars(person(1)).unwrap(), std::slice::from_ref(&p));
    assert_eq!(w.node.section("identity").unwrap().len(), 2);
    assert!(!format!("{p:?}").contains("Invented"));
    assert_eq!(w.findings(), [""; 0]);

    w.place.plant("update particulars set bytes = {zero} where person = 'A-000001-3'");
    assert_eq!(w.findings(), ["particulars-changed"]);
    // With a commitment that fits the new bytes, it is no longer the one registered.
    let forged = Particulars::plain(person(1), "identity", [0; 32], b"{}".to_vec());
    w.node.erase_particulars(person(1)).unwrap();
    w.node.put_particulars(&[forged]).unwrap();
    assert_eq!(w.findings(), ["particulars-changed@1"]);
}

fn erased_and_sealed_particulars_are_noted(db: Database) {
    let mut w = World::new(db);
    registered(&mut w, 1);
    let open = registered(&mut w, 2);
    assert_eq!(w.node.erase_particulars(person(1)).unwrap(), 1);
    let sealed = Particulars { bytes: b"sealed".to_vec(), sealed: true, ..open };
    w.node.put_particulars(&[sealed]).unwrap();
    let report = store::verify(w.node.url(), &mut |_| {}).unwrap();
    assert!(report.holds());
    let notes: Vec<_> = report.notes.iter().map(|n| n.code).collect();
    assert_eq!(notes, ["particulars-sealed", "particulars-missing"]);
}
