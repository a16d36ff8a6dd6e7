//! One line for each person, or for each class in each vehicle where nobody is named.

use super::Sheet;
use crate::plan::{MovementKind, PlanDocument, PlanMovement, PlanVehicle};

#[derive(Debug, thiserror::Error)]
#[error("cannot write the plan as CSV")]
pub struct CsvError(#[from] csv::Error);

const HEADER: [&str; 15] = [
    "night",
    "date",
    "movement",
    "kind",
    "route",
    "from",
    "to",
    "orbit",
    "teams",
    "vehicle",
    "vehicle_type",
    "class",
    "people",
    "person",
    "bed",
];

/// UTF-8, RFC 4180, one header line; several teams are separated by a space. `date`, `from` and `to`
/// are empty unless the sheet knows them.
///
/// # Errors
/// Only when memory for the text cannot be had.
pub fn to_csv(document: &PlanDocument, sheet: &Sheet) -> Result<Vec<u8>, CsvError> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(vec![]);
    out.write_record(HEADER)?;
    for movement in &document.movements {
        for vehicle in &movement.vehicles {
            for [class, people, person, bed] in aboard(document, vehicle) {
                let line = movement_fields(movement, vehicle, sheet);
                let rest = [class, people, person, bed];
                out.write_record(line.iter().chain(&rest))?;
            }
        }
    }
    out.into_inner().map_err(|e| CsvError(e.into_error().into()))
}

/// Class, number of people, person and bed of each line of a vehicle.
fn aboard(document: &PlanDocument, vehicle: &PlanVehicle) -> Vec<[String; 4]> {
    let only_class = match vehicle.load.len() {
        1 => vehicle.load.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    if vehicle.persons.is_empty() {
        let line = |(class, n): (&String, &i64)| {
            [class.clone(), n.to_string(), String::new(), String::new()]
        };
        return vehicle.load.iter().map(line).collect();
    }
    let line = |person: &String| {
        let bed = document.beds.get(person).cloned().unwrap_or_default();
        [only_class.clone(), "1".to_owned(), person.clone(), bed]
    };
    vehicle.persons.iter().map(line).collect()
}

fn movement_fields(m: &PlanMovement, vehicle: &PlanVehicle, sheet: &Sheet) -> [String; 11] {
    let kind = match m.kind {
        MovementKind::Convoy => "convoy",
        MovementKind::Flight => "flight",
    };
    let row = sheet.row(&m.route);
    let of = |name: fn(&super::SheetRow) -> &String| row.map(name).cloned().unwrap_or_default();
    [
        m.night.to_string(),
        sheet.dates.get(m.night).cloned().unwrap_or_default(),
        m.number.to_string(),
        kind.to_owned(),
        m.route.clone(),
        of(|r| &r.from),
        of(|r| &r.to),
        m.orbit.map_or_else(String::new, |o| (o + 1).to_string()),
        m.teams.join(" "),
        vehicle.id.clone(),
        vehicle.vehicle_type.clone(),
    ]
}
