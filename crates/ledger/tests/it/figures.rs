use crate::story::*;
use domain::*;
use ledger::{
    Books, Context, Nationalities, Posting, SiteKind, Sites, Value, balance, definition,
    definitions, figure, site_books,
};
use std::collections::BTreeSet;

fn sites() -> Sites {
    let kinds = [
        ("north", SiteKind::Origin),
        ("base", SiteKind::Staging),
        ("karkh", SiteKind::Destination),
    ];
    kinds.into_iter().map(|(s, kind)| (SiteId::new(s).unwrap(), kind)).collect()
}

fn nationality(p: PersonId) -> Nationalities {
    let odd = p.to_string().as_bytes()[7] % 2 == 1;
    let claimed = (p != person(7)).then(|| if odd { "IRQ" } else { "SYR" }.to_owned());
    let verified = (p == person(1)).then(|| "IRQ".to_owned());
    Nationalities { claimed, documented: None, verified }
}

/// Eight people: 1 and 7 are admitted, 2 refused and back with the escort, 3 waits at the base, 4
/// died on the way, 5 was not there when the escort came, 6 stays, 8 is admitted and then released.
fn story() -> Story {
    use Answer::*;
    let mut s = Story::default();
    s.registered("north/w1", &[1, 2, 3, 4, 5, 6, 7, 8]);
    s.boarded("custody", &[1, 2, 3, 4, 5, 7, 8]);
    let answers = [1, 2, 3, 4, 7, 8].map(|n| (n, Accepted));
    s.handed_over("custody", "escort", "north", &[&answers[..], &[(5, NotPresent)]].concat());
    s.placed("escort", "base/t1", &[1, 2, 3, 4, 7, 8]);
    s.exited("escort", ExitReason::Died, &[4]);
    s.boarded("escort", &[1, 2, 7, 8]);
    let refused = Refused(RefusalReason::PapersMissing);
    let answers = [(1, Accepted), (2, refused), (7, Accepted), (8, Accepted)];
    s.handed_over("escort", "justice", "karkh", &answers);
    s.placed("justice", "karkh/w1", &[1, 7, 8]);
    s.exited("justice", ExitReason::Released, &[8]);
    let age = |under_18| Event::AgeFound { person: person(1), under_18, basis: Basis::Medical };
    s.tell("justice", age(false));
    s.tell("justice", age(true));
    s
}

fn value(name: &str) -> String {
    let (story, sites) = (story(), sites());
    let context = Context { sites: &sites, nationality: &nationality };
    let figure = figure(&story.record, definition(name).expect(name), &context);
    match figure.value {
        Value::Count(n) => n.to_string(),
        Value::ByCode(by) => {
            by.into_iter().map(|(code, n)| format!("{code} {n}")).collect::<Vec<_>>().join(", ")
        }
    }
}

#[test]
fn each_figure_by_its_definition() {
    for (name, expected) in [
        ("registered@1", "8"),
        ("departed@1", "6"),
        ("offered-at-destination@1", "4"),
        ("admitted@1", "3"),
        ("exits@1", "died 1, released 1"),
        ("contested@1", "0"),
        ("in-transit@1", "2"),
        ("under-18@1", "1"),
        ("countries@1", "2"),
        ("nationality/claimed@1", "IRQ 1, SYR 1, unknown 1"),
        ("nationality/documented@1", "unknown 3"),
        ("nationality/verified@1", "IRQ 1, unknown 2"),
    ] {
        assert_eq!(value(name), expected, "{name}");
    }
}

#[test]
fn the_balance_on_one_line() {
    let story = story();
    let mut books = Books::new();
    let mut record = Record::new();
    for fact in story.facts {
        for change in record.insert(fact) {
            Posting::of(0, &change).map_or(Ok(()), |p| books.apply(&p)).unwrap();
        }
    }
    let b = balance(&record, &books, &sites());
    assert!(b.balanced);
    assert_eq!((b.registered, b.departed, b.admitted, b.in_transit), (8, 6, 3, 2));
    assert_eq!((b.exits, b.recovered, b.answered_for, b.contested), (2, 0, 6, 0));
    // Everyone who departed was admitted, is on the way, or left it.
    assert_eq!(b.departed, b.admitted + b.in_transit + 1);
}

#[test]
fn each_site_has_its_book() {
    let books = site_books(&story().record);
    let line = |site: &str| {
        let book = books[&SiteId::new(site).unwrap()];
        (book.entered, book.left, book.balance)
    };
    assert_eq!(line("north"), (8, 7, 1));
    assert_eq!(line("base"), (6, 5, 1));
    assert_eq!(line("karkh"), (3, 1, 2));
}

#[test]
fn definitions_are_complete_and_named_once() {
    let names: BTreeSet<_> = definitions().iter().map(|d| d.to_string()).collect();
    assert_eq!(names.len(), definitions().len());
    for d in definitions() {
        for text in [d.text.en, d.text.ar, d.text.ckb] {
            assert!(text.ends_with('.') && !text.contains("  "), "{d}: {text}");
        }
    }
    assert!(definition("admitted@2").is_none());
}
