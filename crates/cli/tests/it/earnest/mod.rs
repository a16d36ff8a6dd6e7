//! An operation in earnest, from its opening on. Its people are invented all the same.

mod journey;
mod opening;
mod roll;

use crate::amana::{Ran, amana, hasakah, store};
use std::path::Path;

const ORIGIN: &str = "amana.example/hasakah-2026";

fn open(dir: &Path, more: &[&str]) -> Ran {
    open_with(dir, &hasakah(), more)
}

fn open_with(dir: &Path, scenario: &Path, more: &[&str]) -> Ran {
    let store = store(dir);
    let said = ["open", "--store", &store, "--scenario", scenario.to_str().unwrap()];
    amana(&[&said[..], more].concat())
}

fn drawn(dir: &Path) -> [String; 4] {
    let keys = dir.join("keys").to_str().unwrap().to_owned();
    ["--origin".to_owned(), ORIGIN.to_owned(), "--keys".to_owned(), keys]
}

fn open_drawn(dir: &Path) -> Ran {
    let drawn = drawn(dir);
    open(dir, &drawn.each_ref().map(String::as_str))
}

/// An open operation, and what its offices are enrolled with.
struct Operation {
    dir: tempfile::TempDir,
    store: String,
}

impl Operation {
    fn open() -> Self {
        Self::of(&hasakah())
    }

    fn of(scenario: &Path) -> Self {
        let dir = tempfile::tempdir().unwrap();
        open_with(dir.path(), scenario, &drawn(dir.path()).each_ref().map(String::as_str)).ok();
        let store = store(dir.path());
        Self { dir, store }
    }

    fn file(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    fn run(&self, said: &[&str]) -> Ran {
        amana(&[said, &["--store", &self.store]].concat())
    }

    /// The file of a new key that the authority's keyholder enrols.
    fn office(&self, authority: &str, role: &str, site: Option<&str>) -> String {
        let name = format!("{authority}-{role}-{}", site.unwrap_or("hq"));
        let (key, public) = (self.file(&name), self.file(&format!("{name}.pub")));
        let vkey = amana(&["device", "key", authority, "--out", &key]).ok();
        std::fs::write(&public, vkey).unwrap();
        let own = self.file(&format!("keys/{authority}.key"));
        let mut said = vec!["device", "office", &public, "--role", role, "--key", &own];
        said.extend(site.into_iter().flat_map(|site| ["--site", site]));
        self.run(&said).ok();
        key
    }

    fn register(&self, roll: &str, key: &str) -> Ran {
        let file = self.file("roll.csv");
        std::fs::write(&file, roll).unwrap();
        self.run(&["people", "register", &file, "--site", "hasakah", "--key", key])
    }
}

const HEADER: &str = "id,unit,given_ar,given,father_ar,father,grandfather_ar,grandfather,family_ar,family,\
    mother_ar,mother,birth,recorded_age,age_basis,claimed,documented,verified,security,health,examined_on,\
    separation,ordered_by,grounds,keep_apart,together";

/// The roll of so many invented people at the first site.
fn roll(count: usize) -> String {
    let scenario = scenario::Scenario::read(&hasakah()).unwrap();
    let cohort = scenario::cohort::generate(&scenario, 1);
    let here = cohort.people.iter().filter(|p| p.unit.site().as_str() == "hasakah");
    let mut text = format!("{HEADER}\n");
    for p in here.take(count) {
        let n = &p.name;
        let parts = [&n.given, &n.father, &n.grandfather, &n.family, &n.mother];
        let names: Vec<_> = parts.iter().flat_map(|part| [&part.arabic[..], &part.latin]).collect();
        let names = names.join(",");
        let (claimed, security, health) = (p.claimed, p.security, p.health);
        text += &format!(
            "{},{},{names},1990,{},declared,{claimed},,,{security},{health},2026-11-20,{},\
             judicial-council,charged,,\n",
            p.id, p.unit, p.recorded_age, p.separation
        );
    }
    text
}
