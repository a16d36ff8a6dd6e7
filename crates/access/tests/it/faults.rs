//! Policies with a fault are refused, each fault named; and a mistake that validates is seen by the
//! invariants.

use access::{Act, Ask, Part, Policies, PolicyFault, Screen, files, table};
use domain::{Purpose, Relation, Role, Section};
use std::collections::BTreeSet;
use std::path::Path;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");

fn with(name: &str, text: &str) -> Result<Policies, Vec<PolicyFault>> {
    let mut all = files(Path::new(FOLDER)).unwrap();
    all.push((name.to_owned(), text.to_owned()));
    Policies::read(&all)
}

const NOTED: &str = "@id(\"new\") @says(\"New.\") @source(\"a test\")";

#[test]
fn the_folder_is_what_is_built_in() {
    let folder = Policies::of_folder(Path::new(FOLDER)).unwrap();
    let built_in = Policies::built_in();
    assert!(folder.texts().eq(built_in.texts()));
    assert_eq!(folder.source(), built_in.source());
}

#[test]
fn each_fault_is_named() {
    let cases = [
        ("permit (principal, action, resource)", "does not read"),
        ("permit (principal, action, resource);", "lacks @id"),
        ("@id(\"new\") permit (principal, action, resource);", "lacks @says"),
        (
            "@id(\"New One\") @says(\"x\") @source(\"x\") permit (principal, action, resource);",
            "New One",
        ),
        (
            "@id(\"monitors-inspect\") @says(\"x\") @source(\"x\") permit (principal, action, resource);",
            "two policies are named 'monitors-inspect'",
        ),
        (
            &format!(
                "{NOTED} permit (principal, action, resource) when {{ principal.rank == 3 }};"
            ),
            "'new' is not valid",
        ),
        (
            &format!(
                "{NOTED} permit (principal, action == Action::\"read-section\", resource == Section::\"helth\");"
            ),
            "'new' is not valid",
        ),
        (
            &format!(
                "{NOTED} permit (principal, action, resource) when {{ context.purpose == Purpose::\"care\" }};"
            ),
            "'new' is not valid",
        ),
        // Never true: what was meant cannot be this.
        (
            &format!(
                "{NOTED} permit (principal, action == Action::\"see-looks\", resource == Section::\"health\");"
            ),
            "'new' is not valid",
        ),
    ];
    for (text, told) in cases {
        let faults = with("new.cedar", text).unwrap_err();
        let found = faults.iter().any(|f| {
            let fault = f.to_string();
            fault.contains(told) && fault.contains("new.cedar")
        });
        assert!(found, "{text}: {faults:?}");
        assert!(!faults.iter().any(PolicyFault::is_unreadable));
    }
    let nothing = Policies::read(&[]).unwrap_err();
    assert!(nothing[0].is_unreadable(), "{nothing:?}");
}

/// The lists in the schema are the program's: a word of one alone could not be asked or decided.
#[test]
fn the_schema_has_our_words() {
    let schema = std::fs::read_to_string(format!("{FOLDER}/schema.cedarschema")).unwrap();
    let list = |name: &str| {
        let after = schema.split(&format!("entity {name} enum [")).nth(1).unwrap();
        let words = after.split(']').next().unwrap().split(',');
        words.map(|w| w.trim().trim_matches('"').to_owned()).collect::<Vec<_>>()
    };
    fn codes<T: Copy>(all: &[T], code: fn(T) -> &'static str) -> Vec<String> {
        all.iter().map(|one| code(*one).to_owned()).collect()
    }
    assert_eq!(list("Role"), codes(Role::ALL, Role::code));
    assert_eq!(list("Part"), codes(Part::ALL, Part::code));
    assert_eq!(list("Relation"), codes(Relation::ALL, Relation::code));
    assert_eq!(list("Purpose"), codes(Purpose::ALL, Purpose::code));
    assert_eq!(list("Section"), codes(Section::ALL, Section::code));
    assert_eq!(list("Screen"), codes(Screen::ALL, Screen::code));
    assert_eq!(list("Looks"), codes(access::Looks::ALL, access::Looks::code));
    for act in Act::ALL {
        assert!(schema.contains(&format!("\"{act}\"")), "{act}");
    }
}

const HEALTH_FOR_DIRECTORS: &str = "permit (principal, action == Action::\"read-section\", resource == Section::\"health\") \
     when { principal.role == Role::\"director\" };";

/// A mistake that validates shows in the table, so `the_table_is_current` fails until somebody has
/// read the difference.
#[test]
fn a_planted_mistake_shows_in_the_table() {
    let right = std::fs::read_to_string(format!("{FOLDER}/table.txt")).unwrap();
    let forgot_the_relation = "permit (principal, action == Action::\"read-section\", resource == Section::\"identity\") \
         when { principal.role == Role::\"registrar\" };";
    let wrong = with("new.cedar", &format!("{NOTED} {forgot_the_relation}")).unwrap();
    assert_ne!(table::table(&wrong), right);
}

/// Health stays with physicians whatever is permitted beside it; without the forbid it would not.
#[test]
fn a_forbid_holds_against_a_planted_permit() {
    let director = table::officer(Role::Director, Part::Receiver);
    let health = Ask::Read {
        section: Section::Health,
        relations: BTreeSet::from([Relation::Unrelated]),
        purpose: Purpose::Care,
        glass: false,
    };
    let planted = format!("{NOTED} {HEALTH_FOR_DIRECTORS}");
    assert!(!with("new.cedar", &planted).unwrap().allows(&director, &health));
    let mut without = files(Path::new(FOLDER)).unwrap();
    without.retain(|(name, _)| name != "7-never.cedar");
    without.push(("new.cedar".to_owned(), planted));
    assert!(Policies::read(&without).unwrap().allows(&director, &health));
}

#[test]
fn a_text_has_one_name_whatever_order_its_files_come_in() {
    let mut all = files(Path::new(FOLDER)).unwrap();
    let named = Policies::read(&all).unwrap().hash();
    assert_eq!(named, Policies::built_in().hash(), "the folder is what the program was built with");
    all.reverse();
    assert_eq!(Policies::read(&all).unwrap().hash(), named);
    // A comment is text too: a judge may have read it.
    let (_, text) = all.iter_mut().find(|(name, _)| name.starts_with("4-")).unwrap();
    text.push_str("// so it was\n");
    assert_ne!(Policies::read(&all).unwrap().hash(), named);
    // What one file ends with and the next begins with are told apart.
    let moved = |cut: usize| {
        let whole = "// one\n// two\n";
        let mut all = files(Path::new(FOLDER)).unwrap();
        all.push(("8-a.cedar".to_owned(), whole[..cut].to_owned()));
        all.push(("8-b.cedar".to_owned(), whole[cut..].to_owned()));
        Policies::read(&all).unwrap().hash()
    };
    assert_ne!(moved(7), moved(14));
}
