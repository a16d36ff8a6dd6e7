use crate::opened;
use log::Statement;
use server::api::StatementComparison;
use std::path::PathBuf;
use std::process::ExitCode;

/// Lay two statements side by side: what tells them apart
///
/// With the record, person by person: who is in one and not in the other, and by which definition,
/// fact or discrepancy. Exits 0 when the values agree, 1 when they differ.
#[derive(clap::Args)]
pub struct Compare {
    first: PathBuf,
    second: PathBuf,
    /// The record both were issued from: sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long)]
    store: Option<String>,
    /// Only people counted under this code, as IRQ
    #[arg(long)]
    part: Option<String>,
    /// List the people
    #[arg(long)]
    people: bool,
    #[arg(long)]
    json: bool,
}

pub fn compare(args: &Compare) -> anyhow::Result<ExitCode> {
    let (first, second) = (super::open(&args.first)?, super::open(&args.second)?);
    let (a, b) = (&first.statement, &second.statement);
    let part = args.part.as_deref();
    let values = (value(a, part), value(b, part));
    let told = match &args.store {
        None => None,
        Some(url) => {
            let opened = opened::open(url)?;
            let known = server::nationalities(&opened.node)?;
            let against = server::Against {
                scenario: &opened.scenario,
                known: &known,
                log_vkey: None,
                times_known: true,
            };
            for statement in [a, b] {
                let found = |state: &_| server::statement_findings(state, &against, statement);
                let findings = opened.node.read(found);
                if let Some(finding) = findings.first() {
                    anyhow::bail!(
                        "{} is not of this record: {}",
                        statement.definition,
                        finding.text
                    );
                }
            }
            opened.node.read(|state| {
                let scenario = &opened.scenario;
                server::compare_statements(state, scenario, &known, &first, &second, part)
            })
        }
    };
    if args.json {
        let by_documents = serde_json::json!({
            "values": [values.0, values.1],
            "same_definition": a.definition == b.definition,
            "same_record": a.origin == b.origin,
            "positions": [a.position, b.position],
            "same_people": a.people == b.people,
            "explained": told,
        });
        println!("{by_documents}");
    } else {
        by_documents(a, b, values);
        if let Some(told) = &told {
            by_record(told, args.people);
        }
    }
    Ok(ExitCode::from(u8::from(values.0 != values.1)))
}

/// The number stated, or its part under a code.
fn value(statement: &Statement, part: Option<&str>) -> u64 {
    match part {
        None => statement.value,
        Some(code) => statement.parts.iter().find(|(c, _)| c == code).map_or(0, |(_, n)| *n),
    }
}

fn by_documents(a: &Statement, b: &Statement, values: (u64, u64)) {
    for (statement, value) in [(a, values.0), (b, values.1)] {
        println!(
            "{value:>6}  {} at position {}, recorded until {}, by {}",
            statement.definition, statement.position, statement.recorded_until, statement.authority
        );
    }
    let same = |same: bool| if same { "the same" } else { "another" };
    println!(
        "{} record, {} definition, {} position",
        same(a.origin == b.origin),
        same(a.definition == b.definition),
        same(a.position == b.position)
    );
    match (a.people == b.people, values.0 == values.1) {
        (true, _) => println!("the same people are counted in both"),
        (false, true) => println!("the values agree, and are of different people"),
        (false, false) => println!("they differ by {}", values.0.abs_diff(values.1)),
    }
}

fn by_record(told: &StatementComparison, list: bool) {
    println!("{} people are in both", told.in_both);
    for cause in &told.causes {
        let side = match cause.side.as_str() {
            "first" => "only in the first",
            "second" => "only in the second",
            _ => "in both under other codes",
        };
        let by = match cause.cause.as_str() {
            "position" => "a fact between the two positions",
            _ => "the definition",
        };
        let named = match &cause.discrepancy {
            Some(code) => format!(", named in a discrepancy '{code}'"),
            None => String::new(),
        };
        println!("{:>6}  {side}: by {by}{named}", cause.people);
    }
    if !list {
        return;
    }
    for person in &told.people {
        let fact = person.fact.as_ref();
        let fact = fact.map_or("no fact".to_owned(), |f| {
            format!("{} {} by {} at {}", f.kind, &f.hash[..12], f.authority, f.occurred_at)
        });
        let codes = match person.side.as_str() {
            "coded" => {
                format!(" {} / {}", person.first_codes.join(" "), person.second_codes.join(" "))
            }
            _ => String::new(),
        };
        let named = person.discrepancies.join(" ");
        println!("{} {}{codes}: by {}; {fact} {named}", person.person, person.side, person.cause);
    }
    if told.left_off > 0 {
        println!("and {} more people", told.left_off);
    }
}
