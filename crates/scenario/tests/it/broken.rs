//! Broken folders: the reference scenario with one line changed, and exactly what is said of it.

use super::hasakah_dir;
use amana_scenario::{ReadError, Report, Scenario, check};
use std::fs;
use std::path::Path;

/// Copies the reference scenario, replaces `old` (which must be there) in one file, and checks it.
fn changed(file: &str, old: &str, new: &str) -> Report {
    let dir = tempfile::tempdir().unwrap();
    copy(&hasakah_dir(), dir.path());
    let path = dir.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{file} has no {old:?}");
    fs::write(&path, text.replacen(old, new, 1)).unwrap();
    check(dir.path())
}

fn copy(from: &Path, to: &Path) {
    for name in [
        "operation.toml",
        "authorities.toml",
        "fleet.toml",
        "sites.toml",
        "routes.toml",
        "cohort.toml",
        "troubles.toml",
        "obligations.toml",
        "crossings.csv",
        "cover.csv",
        "intake.csv",
        "published.csv",
        "nationalities.csv",
        "names/given.csv",
        "names/family.csv",
        "names/mother.csv",
        "weather/metar.txt",
        "weather/taf.txt",
    ] {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(from.join(name), path).unwrap();
    }
}

/// The line, from 1, of the first occurrence of `text` in a file of the reference scenario.
fn line(file: &str, text: &str) -> usize {
    let whole = fs::read_to_string(hasakah_dir().join(file)).unwrap();
    whole[..whole.find(text).unwrap()].matches('\n').count() + 1
}

/// Each change gives exactly one finding: `file:line:column: code: what`, with the column only where
/// the expected text has one.
#[test]
fn each_mistake_is_said_where_it_stands() {
    let cases: &[(&str, &str, &str, &str, &str)] = &[
        // file, old, new, :column or nothing, code: what
        (
            "obligations.toml",
            "who = \"escort-force\"",
            "who = \"escort-forse\"",
            ":7",
            "unknown-id: unknown authority 'escort-forse'",
        ),
        (
            "obligations.toml",
            "code = \"family-told\"",
            "code = \"monitor-told\"",
            ":8",
            "duplicate-id: obligation 'monitor-told' is defined twice",
        ),
        (
            "obligations.toml",
            "within_h = 168",
            "within_h = -1",
            ":12",
            "out-of-range: 'within_h' is -1, it must lie between 0 and 8784",
        ),
        (
            "sites.toml",
            "authority = \"sender\"",
            "authority = \"sendr\"",
            ":13",
            "unknown-id: unknown authority 'sendr'",
        ),
        (
            "sites.toml",
            "id = \"w2\"",
            "id = \"w1\"",
            ":6",
            "duplicate-id: unit 'hasakah/w1' is defined twice",
        ),
        (
            "sites.toml",
            "capacity = 700",
            "capacity = -700",
            ":12",
            "out-of-range: 'capacity' is -700, it must be 0 or more",
        ),
        (
            "sites.toml",
            "rating = \"high\"",
            "rating = \"hi\"",
            ":10",
            "unknown-word: 'rating' cannot be 'hi'",
        ),
        (
            "operation.toml",
            "first_night = 2026-01-21",
            "first_night = \"2026-01-21\"",
            "",
            "wrong-type: 'first_night' is a string, a date as 2026-01-21, without quotes, is wanted",
        ),
        ("operation.toml", "ar = \"عام\", ", "", "", "missing-translation: 'names' has no ar"),
        (
            "operation.toml",
            "\"FZFG\"",
            "\"FOGGY\"",
            ":41",
            "unknown-weather: 'FOGGY' is not a weather code",
        ),
        (
            "operation.toml",
            "[\"leaders\", \"young\"]",
            "[\"leaders\", \"old\"]",
            "",
            "unknown-id: unknown separation group 'old'",
        ),
        (
            "fleet.toml",
            "fleet = { bus = 30, van = 20",
            "fleet = { bus = 30, vann = 20",
            "",
            "unknown-id: unknown vehicle type 'vann'",
        ),
        (
            "fleet.toml",
            "to = 2026-02-12",
            "to = 2026-02-13",
            "",
            "out-of-range: 2026-02-13 is not a night of the operation",
        ),
        (
            "routes.toml",
            "legs = [\"hasakah-kharab\", \"kharab-rabia\", \"rabia-mosul\", \"mosul-karkh\"]",
            "legs = [\"hasakah-kharab\", \"rabia-mosul\", \"mosul-karkh\"]",
            ":27",
            "legs-do-not-connect: leg 'rabia-mosul' begins at rabia, but the route is at kharab-al-jir",
        ),
        (
            "routes.toml",
            "\"rabia-mosul\", \"mosul-karkh\"]",
            "\"rabia-mosul\"]",
            "",
            "legs-do-not-connect: the legs end at mosul, the route at karkh",
        ),
        (
            "routes.toml",
            "hours = 3.0",
            "hours = 300",
            "",
            "out-of-range: 'hours' is 300, it must lie between 0.01 and 24",
        ),
        (
            "cover.csv",
            "2026-01-22,2,16,20:00,04:00,assumption",
            "2026-01-22,2,16,20:00,04:00",
            "",
            "wrong-number-of-fields: 5 fields, 6 are wanted",
        ),
        (
            "crossings.csv",
            "2026-01-22,rabia,6",
            "2026-01-22,rabia,six",
            ":18",
            "not-a-number: 'slots' is 'six', a whole number is wanted",
        ),
        (
            "intake.csv",
            "2026-01-20,karkh,2026-01-22",
            "2026-01-20,karkh,2026-03-22",
            ":18",
            "out-of-range: 2026-03-22 is not a night of the operation",
        ),
        (
            "published.csv",
            "150,150,CENTCOM,\"Shafaq News, founding article\",first night",
            "150,150,CENTCOM,,first night",
            "",
            "no-source: no source is given",
        ),
        (
            "weather/metar.txt",
            "METAR OSKL",
            "METEO OSKL",
            ":1",
            "not-a-report: 'METEO' is not METAR, SPECI or TAF",
        ),
        (
            "names/given.csv",
            "محمد,",
            "Mohamed,",
            ":1",
            "not-valid: 'Mohamed' is not in Arabic script",
        ),
        (
            "troubles.toml",
            "waypoint = \"baiji\"",
            "waypoint = \"beiji\"",
            "",
            "unknown-id: unknown waypoint 'beiji'",
        ),
    ];
    for (file, old, new, column, said) in cases {
        let report = changed(file, old, new);
        let first = report.findings.first().unwrap_or_else(|| panic!("{file}: {new}: nothing"));
        let printed = first.to_string();
        let printed = printed.lines().next().unwrap();
        let place = format!("{file}:{}{column}", line(file, old));
        let fits = if column.is_empty() {
            printed.starts_with(&format!("{place}:")) && printed.ends_with(&format!(": {said}"))
        } else {
            printed == format!("{place}: {said}")
        };
        assert!(fits && report.findings.len() == 1, "wanted {place}: {said}\nfound  {report}");
    }
}

#[test]
fn every_mistake_is_listed_not_only_the_first() {
    let report = changed(
        "crossings.csv",
        "2026-01-21,rabia,1,assumption\n2026-01-22,rabia,6,assumption",
        "2026-01-21,rabbia,-2,\n2026-01-21,rabia,x,assumption\n2026-01-21,rabia,1,assumption",
    );
    let codes: Vec<_> = report.findings.iter().map(|f| f.code).collect();
    let wanted = ["unknown-id", "out-of-range", "no-source", "not-a-number", "duplicate-night"];
    assert_eq!(codes, wanted, "{report}");
}

#[test]
fn a_promise_made_twice_names_the_first() {
    let row = "2026-01-20,karkh,2026-01-22,60,assumption\n";
    let report = changed("intake.csv", row, &row.repeat(2));
    assert_eq!(report.findings.len(), 1, "{report}");
    let finding = &report.findings[0];
    let at = line("intake.csv", row);
    assert_eq!((finding.line, finding.column), (Some(at as u32 + 1), None));
    assert_eq!(finding.help, format!("the first is at line {at}: keep one"));
}

#[test]
fn an_unknown_key_suggests_the_known_one() {
    let report = changed("fleet.toml", "guards = 190", "guards = 190\ngaurds = 1");
    assert_eq!(report.findings.len(), 1, "{report}");
    assert_eq!(
        report.findings[0].to_string(),
        format!(
            "fleet.toml:{}:1: unknown-key: unknown key 'gaurds'\n    help: did you mean 'guards'?",
            line("fleet.toml", "guards = 190") + 1
        )
    );
}

/// A key that is misspelt is missing too, and that is said of the table.
#[test]
fn a_missing_key_is_said_of_its_table() {
    let report = changed("sites.toml", "country = \"SY\"", "county = \"SY\"");
    let places: Vec<_> = report.findings.iter().map(|f| (f.line, f.column, f.code)).collect();
    let table = line("sites.toml", "[[site]]") as u32;
    let key = line("sites.toml", "country = ") as u32;
    let wanted = [(Some(table), Some(1), "missing-key"), (Some(key), Some(1), "unknown-key")];
    assert_eq!(places, wanted, "{report}");
}

#[test]
fn broken_toml_is_said_with_its_place() {
    let report = changed("operation.toml", "nights = 23 ", "nights = = 23 ");
    let finding = &report.findings[0];
    assert_eq!((finding.file.as_str(), finding.code), ("operation.toml", "syntax"), "{report}");
    assert_eq!(finding.line, Some(line("operation.toml", "nights = 23 ") as u32));
}

#[test]
fn counts_must_add_up() {
    let report = changed("cohort.toml", "count = 416", "count = 415");
    assert_eq!(report.findings.len(), 1, "{report}");
    assert_eq!(report.findings[0].what, "1295 stay and 5704 move, the cohort is 7000");
    let report = changed("nationalities.csv", ",234,", ",233,");
    assert!(report.findings.iter().any(|f| f.code == "does-not-add-up"), "{report}");
    let report = changed("troubles.toml", "accepted = 144", "accepted = 145");
    assert_eq!(report.findings[0].code, "does-not-add-up", "{report}");
}

#[test]
fn a_missing_file_and_a_missing_folder_are_findings() {
    let dir = tempfile::tempdir().unwrap();
    copy(&hasakah_dir(), dir.path());
    fs::remove_file(dir.path().join("cover.csv")).unwrap();
    let report = check(dir.path());
    assert_eq!(report.findings.len(), 1, "{report}");
    assert_eq!((report.findings[0].file.as_str(), report.unreadable), ("cover.csv", false));
    assert!(matches!(Scenario::read(dir.path()), Err(ReadError::Findings(_))));

    let nowhere = dir.path().join("nowhere");
    assert!(check(&nowhere).unreadable);
    assert!(matches!(Scenario::read(&nowhere), Err(ReadError::Unreadable { .. })));
}

#[test]
fn a_report_is_json_too() {
    let report = changed("fleet.toml", "guards = 190", "guards = -190");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["findings"][0]["file"], "fleet.toml");
    assert_eq!(json["findings"][0]["code"], "out-of-range");
    assert!(report.to_string().ends_with("18 files, 1 finding"));
}
