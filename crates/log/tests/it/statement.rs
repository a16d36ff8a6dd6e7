//! Statements: one golden document for ever, and nothing but what the format says is read.

use domain::{AuthorityId, DefinitionId, Officer, OperationId, PersonId, Role};
use log::{LogKey, SignedStatement, SigningKey, Statement, people_digest};
use proptest::prelude::*;
use std::path::Path;

fn keys() -> (LogKey, LogKey) {
    let key = |name: &str, n| LogKey::new(name, SigningKey::from_bytes(&[n; 32])).unwrap();
    (key("justice", 0x21), key("amana.test/golden", 0x22))
}

fn statement() -> Statement {
    let (key, log) = keys();
    let people = [PersonId::issue('A', 4711), PersonId::issue('A', 4712)];
    Statement {
        origin: "amana.test/golden".to_owned(),
        operation: OperationId::new("golden").unwrap(),
        definition: DefinitionId::parse("nationality/verified@1").unwrap(),
        text: vec![
            ("en".to_owned(), "People admitted, by nationality.".to_owned()),
            ("ar".to_owned(), "الأشخاص المودَعون بحسب الجنسية.".to_owned()),
        ],
        position: 81_204,
        root: [7; 32],
        recorded_until: "2026-02-13T03:00:00.25Z".parse().unwrap(),
        value: 2,
        parts: vec![("IRQ".to_owned(), 1), ("unknown".to_owned(), 1)],
        people: (2, people_digest(people.iter())),
        authority: AuthorityId::new("justice").unwrap(),
        officer: Officer { role: Role::Director, number: 101 },
        issued_at: "2026-02-13T09:00:00Z".parse().unwrap(),
        key: key.verifier().vkey(),
        log: log.verifier().vkey(),
    }
}

fn signed() -> SignedStatement {
    let (key, log) = keys();
    statement().sign(&key, &log).unwrap()
}

#[test]
fn a_statement_is_written_as_published() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/statement.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &signed().document).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    assert_eq!(golden, signed().document);
    assert_eq!(SignedStatement::open(&golden).unwrap().statement, statement());
}

/// Another number, another time, another root: nothing in the document can be changed.
#[test]
fn any_change_is_found() {
    let document = signed().document;
    for (old, new) in [
        ("value 2", "value 3"),
        ("part IRQ 1", "part IRQ 2"),
        ("position 81204", "position 81205"),
        ("issued-by justice", "issued-by interior"),
        ("\n81204\n", "\n81205\n"),
        ("definition nationality/verified@1", "definition nationality/claimed@1"),
    ] {
        assert!(document.contains(old), "{old}");
        assert!(SignedStatement::open(&document.replacen(old, new, 1)).is_err(), "{old}");
    }
}

#[test]
fn a_tree_head_of_another_size_is_refused() {
    let (key, log) = keys();
    let other = Statement { position: 5, ..statement() }.sign(&key, &log).unwrap();
    let cut = |d: &str| {
        let parts: Vec<_> = d.split("\n\n").map(str::to_owned).collect();
        (format!("{}\n\n{}", parts[0], parts[1]), format!("{}\n\n{}", parts[2], parts[3]))
    };
    let mixed = format!("{}\n\n{}", cut(&signed().document).0, cut(&other.document).1);
    let error = SignedStatement::open(&mixed).unwrap_err();
    assert!(matches!(error, log::StatementError::Disagree { .. }), "{error}");
}

#[test]
fn a_key_of_another_authority_cannot_issue() {
    let (_, log) = keys();
    let other = LogKey::new("interior", SigningKey::from_bytes(&[0x23; 32])).unwrap();
    assert!(statement().sign(&other, &log).is_err());
    let theirs = Statement { key: other.verifier().vkey(), ..statement() };
    assert!(theirs.sign(&other, &log).is_err());
}

/// One statement has one text.
#[test]
fn other_ways_of_writing_are_refused() {
    let text = statement().to_text();
    assert_eq!(Statement::parse(&text).unwrap(), statement());
    for (old, new) in [
        ("value 2", "value 02"),
        ("value 2", "value  2"),
        ("03:00:00.25Z", "03:00:00.250Z"),
        ("\nvalue 2\n", "\nvalue 2\nvalue 2\n"),
        ("\nlog ", "\nmore x\nlog "),
        ("operation golden\n", ""),
    ] {
        assert!(text.contains(old), "{old}");
        assert!(Statement::parse(&text.replacen(old, new, 1)).is_err(), "{new:?}");
    }
    assert!(Statement::parse(&(text + "more x\n")).is_err());
}

proptest! {
    #[test]
    fn noise_never_panics(text in ".{0,400}") {
        prop_assert!(SignedStatement::open(&text).is_err());
        prop_assert!(Statement::parse(&text).is_err());
    }

    #[test]
    fn a_changed_byte_is_refused(at in any::<prop::sample::Index>(), flip in 1u8..=127) {
        let mut bytes = signed().document.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        if let Ok(text) = String::from_utf8(bytes) {
            prop_assert!(SignedStatement::open(&text).is_err());
        }
    }
}
