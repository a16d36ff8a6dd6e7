use proptest::prelude::*;
use register::*;
use serde_json::json;

fn identity() -> Identity {
    Identity {
        person: "A-000001-3".into(),
        name_ar: "شخص مُخترَع".into(),
        name_latin: "Invented \"Person\"\n1".into(),
        mother_ar: "مُخترَعة".into(),
        mother_latin: "Invented".into(),
        born: "1990".into(),
        recorded_age: 35,
        age_basis: "declared".into(),
        nationality_claimed: "IQ".into(),
        nationality_documented: None,
        nationality_verified: Some("IQ".into()),
    }
}

#[test]
fn one_content_has_one_form() {
    let written = String::from_utf8(canonical(&identity()).unwrap()).unwrap();
    let expected = r#"{"age_basis":"declared","born":"1990","mother_ar":"مُخترَعة","mother_latin":"Invented","name_ar":"شخص مُخترَع","name_latin":"Invented \"Person\"\n1","nationality_claimed":"IQ","nationality_verified":"IQ","person":"A-000001-3","recorded_age":35}"#;
    assert_eq!(written, expected);
    assert!(is_canonical(written.as_bytes()));
    for other in
        [" {}", "{\"b\":1,\"a\":1}", "{\"a\":1,\"a\":1}", "{\"a\":1.5}", "{\"\\u0061\":1}", ""]
    {
        assert!(!is_canonical(other.as_bytes()), "{other}");
    }
    assert_eq!(canonical(&json!({"é": 1})), Err(NotCanonical::Key));
    assert_eq!(canonical(&json!({"a": 9_007_199_254_740_993_i64})), Err(NotCanonical::Number));
}

/// RFC 8785 section 3.2.2.2: the short escapes, and lower-case digits for the rest.
#[test]
fn escapes_as_the_rfc() {
    let text = json!("\u{20ac}$\u{000f}\u{000a}A'\u{0042}\u{0022}\u{005c}\\\"\u{002f}");
    let written = String::from_utf8(canonical(&text).unwrap()).unwrap();
    assert_eq!(written, r#""€$\u000f\nA'B\"\\\\\"/""#);
}

proptest! {
    #[test]
    fn sections_read_back(
        fears in prop::collection::vec("\\PC*", 0..3),
        review in prop::option::of("[a-z]{0,9}"),
    ) {
        let case = Case {
            person: "A-000001-3".into(),
            ordered_by: "court".into(),
            grounds: "invented".into(),
            security: "low".into(),
            fears,
            review,
            review_on: None,
            separation: None,
            apart_from: vec![],
        };
        let bytes = canonical(&case).unwrap();
        prop_assert!(is_canonical(&bytes));
        prop_assert_eq!(serde_json::from_slice::<Case>(&bytes).unwrap(), case);
    }

    #[test]
    fn noise_is_no_canonical_form_unless_it_is(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        if is_canonical(&bytes) {
            let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(canonical(&value).unwrap(), bytes);
        }
    }
}
