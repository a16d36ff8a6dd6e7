//! What the register keeps about people: of an exercise, invented, with salts drawn from the seed, so
//! that it repeats byte for byte; in earnest, what stands on a site's roll, with salts that nobody can
//! foretell.

use domain::{PersonId, Section};
use register::{Case, Contact, Family, Form, Health, Identity, canonical};
use scenario::cohort::{Birth, Held, NamePart, Person, PersonName};
use scenario::{Cohort, Scenario};
use serde_json::Value;
use store::Particulars;

/// Identity, health, case and family of everybody, in order of number.
pub fn of_everybody(
    scenario: &Scenario,
    cohort: &Cohort,
    seed: u64,
) -> anyhow::Result<Vec<Particulars>> {
    let mut sections = Vec::with_capacity(4 * cohort.people.len());
    for person in &cohort.people {
        let invented = Invented { scenario, seed, person };
        sections.push(invented.kept(&identity(person))?);
        sections.push(invented.kept(&invented.health())?);
        sections.push(invented.kept(&invented.case())?);
        sections.push(invented.kept(&invented.family())?);
    }
    Ok(sections)
}

/// The sections that a line of a roll says: identity, health, case, and family where there is any.
pub fn of_roll(held: &Held) -> anyhow::Result<Vec<(Section, Value)>> {
    let person = &held.person;
    let number = person.id.to_string();
    let numbers = |people: &[PersonId]| people.iter().map(PersonId::to_string).collect();
    let health = Health {
        person: number.clone(),
        examined_on: held.examined_on.to_string(),
        travels: person.health.code().to_owned(),
        conditions: Vec::new(),
        medication: Vec::new(),
        injuries: Vec::new(),
    };
    let case = Case {
        person: number.clone(),
        ordered_by: held.ordered_by.clone(),
        grounds: held.grounds.clone(),
        security: person.security.code().to_owned(),
        fears: Vec::new(),
        review: None,
        review_on: None,
        separation: Some(person.separation.clone()),
        apart_from: numbers(&person.keep_apart),
    };
    let mut sections = vec![
        (Section::Identity, serde_json::to_value(identity(person))?),
        (Section::Health, serde_json::to_value(health)?),
        (Section::Case, serde_json::to_value(case)?),
    ];
    if !person.together.is_empty() {
        let held = numbers(&person.together);
        let family = Family { person: number, held, contacts: Vec::new() };
        sections.push((Section::Family, serde_json::to_value(family)?));
    }
    Ok(sections)
}

struct Invented<'a> {
    scenario: &'a Scenario,
    seed: u64,
    person: &'a Person,
}

fn in_full(name: &PersonName, script: fn(&NamePart) -> &str) -> String {
    [&name.given, &name.father, &name.grandfather, &name.family].map(script).join(" ")
}

pub fn identity(person: &Person) -> Identity {
    let code = |n: Option<scenario::Nationality>| n.map(|n| n.as_str().to_owned());
    Identity {
        person: person.id.to_string(),
        name_ar: in_full(&person.name, |n| &n.arabic),
        name_latin: in_full(&person.name, |n| &n.latin),
        mother_ar: person.name.mother.arabic.clone(),
        mother_latin: person.name.mother.latin.clone(),
        born: match person.birth {
            Birth::Year(year) => year.to_string(),
            Birth::Date(date) => date.to_string(),
        },
        recorded_age: person.recorded_age.into(),
        age_basis: person.age_basis.code().to_owned(),
        nationality_claimed: person.claimed.as_str().to_owned(),
        nationality_documented: code(person.documented),
        nationality_verified: code(person.verified),
    }
}

const FIT: &[&str] = &["mild asthma", "back pain", "an old fracture of the wrist", "poor eyesight"];
const IN_CARE: &[(&str, &str)] = &[
    ("diabetes", "insulin, morning and evening"),
    ("high blood pressure", "amlodipine 5 mg, once a day"),
    ("epilepsy", "valproate 500 mg, twice a day"),
    ("kidney disease", "dialysis, twice a week"),
    ("tuberculosis, under treatment", "rifampicin and isoniazid, once a day"),
];
const LYING: &[(&str, &str)] = &[
    ("fracture of the thigh, in plaster", "paracetamol 1 g, as needed"),
    ("paralysed from the waist", "enoxaparin 40 mg, once a day"),
];
const INJURIES: &[&str] =
    &["bruises on both wrists", "a burn on the left hand, healed", "a cut above the eye"];
const GROUNDS: &[&str] = &[
    "investigation, membership of an armed group",
    "investigation, support of an armed group",
    "held for identification",
    "charged, awaiting trial",
];
const FEARS: &[&str] = &[
    "fears reprisal by former members of the group",
    "fears ill-treatment during questioning",
    "says that a relative died in custody",
];

impl Invented<'_> {
    fn draw<'t, T>(&self, what: &str, from: &'t [T]) -> &'t T {
        &from[self.number(what, from.len() as u64) as usize]
    }

    /// Below `n`.
    fn number(&self, what: &str, n: u64) -> u64 {
        simulator::exercise_draw(self.seed, what, self.person.id, n)
    }

    /// Of a thousand, this many have it.
    fn has(&self, what: &str, permille: u64) -> bool {
        self.number(what, 1_000) < permille
    }

    fn some(&self, what: &str, permille: u64, from: &[&str]) -> Vec<String> {
        let picked = self.has(what, permille).then(|| self.draw(&format!("{what} which"), from));
        picked.map(|text| (*text).to_owned()).into_iter().collect()
    }

    fn health(&self) -> Health {
        let treated = |from: &[(&str, &str)]| {
            let (condition, medication) = self.draw("condition", from);
            (vec![(*condition).to_owned()], vec![(*medication).to_owned()])
        };
        let (conditions, medication) = match self.person.health {
            scenario::Health::Fit => (self.some("ailment", 180, FIT), Vec::new()),
            scenario::Health::Medical => treated(IN_CARE),
            scenario::Health::Stretcher => treated(LYING),
        };
        Health {
            person: self.person.id.to_string(),
            examined_on: self.scenario.cohort.registered_on.to_string(),
            travels: self.person.health.code().to_owned(),
            conditions,
            medication,
            injuries: self.some("injury", 40, INJURIES),
        }
    }

    fn case(&self) -> Case {
        let numbers = |people: &[PersonId]| people.iter().map(PersonId::to_string).collect();
        Case {
            person: self.person.id.to_string(),
            ordered_by: self.scenario.operation.mandate.ordered_by.to_string(),
            grounds: (*self.draw("grounds", GROUNDS)).to_owned(),
            security: self.person.security.code().to_owned(),
            fears: self.some("fear", 150, FEARS),
            review: None,
            review_on: None,
            separation: None,
            apart_from: numbers(&self.person.keep_apart),
        }
    }

    fn family(&self) -> Family {
        let name = &self.person.name;
        let mother = Contact {
            name: format!("{} {}", name.mother.latin, name.family.latin),
            is: "mother".to_owned(),
            reached_at: "through the tracing agency".to_owned(),
        };
        Family {
            person: self.person.id.to_string(),
            held: self.person.together.iter().map(PersonId::to_string).collect(),
            contacts: if self.has("mother", 700) { vec![mother] } else { Vec::new() },
        }
    }

    fn kept<F: Form>(&self, form: &F) -> anyhow::Result<Particulars> {
        let (person, section) = (self.person.id, F::SECTION);
        let salt = salt(self.seed, person, section);
        Ok(Particulars { person, section, salt, plaintext: canonical(form)? })
    }
}

fn salt(seed: u64, person: PersonId, section: Section) -> [u8; 32] {
    log::hash_of(format!("amana/exercise-salt/v1 {seed} {person} {section}").as_bytes()).0
}
