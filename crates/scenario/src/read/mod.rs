//! From the folder's files to a `Scenario`, in an order in which every reference points backwards.

mod calendar;
mod cohort;
mod fleet;
mod obligations;
mod operation;
mod people;
mod reports;
mod routes;
pub mod rows;
mod sites;
pub mod source;
pub mod table;
mod troubles;

use crate::Scenario;
use crate::finding::{ReadError, Report};
pub(crate) use people::nationality;
use source::{Index, Source};
use std::path::Path;
use table::Table;

impl Scenario {
    /// Reads a folder. Fails when it cannot be read or when anything in it is wrong.
    pub fn read(dir: &Path) -> Result<Scenario, ReadError> {
        std::fs::read_dir(dir)
            .map_err(|source| ReadError::Unreadable { path: dir.to_owned(), source })?;
        match load(dir) {
            (Some(scenario), report) if report.is_clean() => Ok(scenario),
            (_, report) => Err(ReadError::Findings(report)),
        }
    }
}

/// Everything that is wrong with a folder, not only the first thing.
pub fn check(dir: &Path) -> Report {
    if let Err(error) = std::fs::read_dir(dir) {
        let mut folder = Folder::new(dir);
        folder.missing(".", &error);
        return Report { unreadable: true, ..folder.report };
    }
    load(dir).1
}

/// The folder and what was found in it so far.
struct Folder<'a> {
    dir: &'a Path,
    index: Index,
    report: Report,
}

impl<'a> Folder<'a> {
    fn new(dir: &'a Path) -> Self {
        Self { dir, index: Index::default(), report: Report::default() }
    }

    fn missing(&mut self, name: &str, error: &std::io::Error) {
        let file = Source::new(name, String::new());
        let help = "every scenario has this file; see scenarios/README.md";
        file.find_whole("unreadable", format!("cannot be read: {error}"), help);
        self.report.findings.extend(file.into_findings());
    }

    /// Reads one file with `read`, which notes its findings in the source.
    fn file<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Source, &mut Index) -> Option<T>,
    ) -> Option<T> {
        match std::fs::read_to_string(self.dir.join(name)) {
            Ok(text) => {
                let file = Source::new(name, text);
                let value = read(&file, &mut self.index);
                self.report.files += 1;
                self.report.findings.extend(file.into_findings());
                value
            }
            Err(error) => {
                self.missing(name, &error);
                None
            }
        }
    }

    /// Reads one TOML file; keys that `read` does not ask for are findings.
    fn toml<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&Table, &mut Index) -> Option<T>,
    ) -> Option<T> {
        self.file(name, |file, index| {
            let parsed = table::parse(file)?;
            let root = Table::root(file, &parsed);
            let value = read(&root, index);
            root.done();
            value
        })
    }
}

fn load(dir: &Path) -> (Option<Scenario>, Report) {
    let mut folder = Folder::new(dir);
    let f = &mut folder;
    let operation = f.toml("operation.toml", operation::operation);
    let nights = operation.as_ref();
    let authorities = f.toml("authorities.toml", operation::authorities);
    let fleet = f.toml("fleet.toml", |t, index| fleet::fleet(t, index, nights));
    let sites = f.toml("sites.toml", sites::sites);
    let routes = f.toml("routes.toml", |t, index| routes::routes(t, index, sites.as_deref()));
    let crossings = f.file("crossings.csv", |s, index| calendar::crossings(s, index, nights));
    let cover = f.file("cover.csv", |s, _| calendar::cover(s, nights));
    let intake = f.file("intake.csv", |s, index| calendar::intake(s, index, nights));
    let metar = f.file("weather/metar.txt", |s, _| reports::reports(s, nights));
    let taf = f.file("weather/taf.txt", |s, _| reports::reports(s, nights));
    let published = f.file("published.csv", |s, _| reports::published(s));
    let given = f.file("names/given.csv", people::names);
    let family = f.file("names/family.csv", people::names);
    let mother = f.file("names/mother.csv", people::names);
    let nationalities = f.file("nationalities.csv", people::nationalities);
    let cohort = f.toml("cohort.toml", |t, index| {
        cohort::parameters(t, index, nights, nationalities.as_deref())
    });
    let troubles = f.toml("troubles.toml", |t, index| troubles::troubles(t, index, nights));

    // Optional: records begun before this file was known are still read.
    let obligations = match dir.join("obligations.toml").exists() {
        true => f.toml("obligations.toml", |t, index| {
            obligations::obligations(t, index, sites.as_deref())
        }),
        false => Some(Vec::new()),
    };

    let whole = || {
        let mut weather = metar?;
        weather.extend(taf?);
        weather.sort_by_key(|r| r.issued);
        let (legs, routes) = routes?;
        Some(Scenario {
            operation: operation?,
            authorities: authorities?,
            sites: sites?,
            fleet: fleet?,
            legs,
            routes,
            crossings: crossings?,
            cover: cover?,
            intake: intake?,
            weather,
            published: published?,
            nationalities: nationalities?,
            names: crate::NameLists { given: given?, family: family?, mother: mother? },
            cohort: cohort?,
            troubles: troubles?,
            obligations: obligations?,
        })
    };
    let scenario = whole();
    (scenario, folder.report)
}
