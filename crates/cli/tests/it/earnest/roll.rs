//! A site's roll.

use super::{Operation, roll};

#[test]
fn a_roll_is_registered_whole_once_or_not_at_all() {
    let operation = Operation::open();
    let registrar = operation.office("sender", "registrar", Some("hasakah"));
    let elsewhere = operation.office("sender", "registrar", Some("qamishli"));
    let director = operation.office("sender", "director", Some("hasakah"));
    let roll = roll(20);
    for key in [&elsewhere, &director] {
        let refused = operation.register(&roll, key);
        assert!(refused.code == 2 && refused.err.contains("signs its roll"), "{}", refused.err);
    }
    let registered =
        || operation.run(&["balance", "--json"]).json()["registered"].as_u64().unwrap();
    let first = roll.lines().nth(1).unwrap();
    let id = &first[..10];
    let fields: Vec<&str> = first.split(',').collect();
    let other_digit = format!("{}{}", &id[..9], (id[9..].parse::<u8>().unwrap() + 1) % 10);
    let column: usize = fields[..10].iter().map(|f| f.chars().count() + 1).sum::<usize>()
        + fields[10..20].iter().map(|f| f.chars().count() + 1).sum::<usize>()
        + 1;
    let with = |n: usize, value: &str| {
        let mut changed = fields.clone();
        changed[n] = value;
        roll.replacen(first, &changed.join(","), 1)
    };
    for (wrong, said) in [
        (roll.replacen("id,", "number,", 1), "wrong-header".to_owned()),
        (with(0, &other_digit), "roll.csv:2:1: not-valid".to_owned()),
        (with(1, "qamishli/w1"), "is no unit of hasakah".to_owned()),
        (with(15, "ZZ"), "knows no nationality 'ZZ'".to_owned()),
        (with(20, "yesterday"), format!("roll.csv:2:{column}: not-valid: 'examined_on'")),
        (with(21, "nobody"), "there is no separation group 'nobody'".to_owned()),
        (with(23, &"x".repeat(2_001)), "roll.csv:2: grounds: too-long".to_owned()),
        (with(24, "A-999999-0"), "A-999999-0, who is not in the file".to_owned()),
        (with(25, id), "the person's own number".to_owned()),
        (format!("{roll}{first}\n"), "is listed twice".to_owned()),
    ] {
        let refused = operation.register(&wrong, &registrar);
        assert!(refused.code == 1 && refused.out.contains(&said), "{said}: {}", refused.out);
        assert!(refused.out.contains("nobody was registered"), "{}", refused.out);
        assert_eq!(registered(), 0, "{said}");
    }

    // As a spreadsheet saves it.
    let told =
        operation.register(&format!("\u{feff}{roll}").replace('\n', "\r\n"), &registrar).ok();
    assert!(told.contains("20 registered, 0 were before"), "{told}");
    assert_eq!(registered(), 20);
    let before = operation.run(&["verify"]).ok();
    assert!(before.contains("60 disclosed and match"), "{before}");
    let told = operation.register(&roll, &registrar).ok();
    assert!(told.contains("0 registered, 20 were before"), "{told}");
    assert_eq!(operation.run(&["verify"]).ok(), before, "no fact more");
}
