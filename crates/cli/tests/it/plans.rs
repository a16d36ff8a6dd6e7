//! Plan commands on a small file: reasons, changes, conflicts, other forms.

use crate::amana::{Ran, amana};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Two nights, one coach of ten places, fifteen people: five go on the second night.
fn instance() -> Value {
    json!({
        "format": "muster-v1", "name": "two nights", "nights": 2, "seps": ["A"],
        "vehicles": [{"id": "coach", "places": 10, "needs": ["seat"], "guards": 2, "cost": 100}],
        "max_vehicles": 3, "team_cost": 150, "orbit_cost": 300, "reposition_cost": 40, "left_cost": 9000,
        "origins": [{"id": "north", "depot": 0, "out_limit": 100, "bays": 2, "safe": 99,
            "wait_cost": [100, 100], "over_cost": 0}],
        "classes": [{"id": "k0", "origin": 0, "count": 15, "security": "low", "health": "fit", "nat": "n0",
            "sep": "A", "need": "seat", "vuln": 100}],
        "crossings": [{"id": "bridge", "slots": [2, 2]}],
        "cover": [{"orbits": 1, "slots": 12}, {"orbits": 1, "slots": 12}],
        "facilities": [{"id": "camp", "accepts": ["n0"], "intake": [100, 100]}],
        "wings": [{"id": "camp/1", "facility": 0, "cap": 100, "rating": "high", "medical": true}],
        "routes": [{"id": "r0", "kind": "road", "origin": 0, "dest": 0, "crossing": 0, "hours": 5.0, "risk": [],
            "road_cost": [0, 0], "expo": 3, "cycle": 1, "team_cycle": 1, "teams": 1}],
        "air": {"places": 1, "litters": 0, "cost": 1, "sorties": [0, 0]},
        "depots": [{"id": "Depot 1", "fleet": {"coach": 1}, "park": {"coach": 1}, "teams": 4, "guards": 9}],
    })
}

struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new(change: impl Fn(&mut Value)) -> Self {
        let desk = Self { dir: tempfile::tempdir().unwrap() };
        let mut instance = instance();
        change(&mut instance);
        desk.write("i.json", &instance.to_string());
        desk
    }
    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }
    fn plan(&self, args: &[&str]) -> Ran {
        let file = |name: &&str| match Path::new(name).extension() {
            Some(_) => self.path(name).display().to_string(),
            None => (*name).to_owned(),
        };
        let args: Vec<String> =
            std::iter::once("plan".to_owned()).chain(args.iter().map(file)).collect();
        amana(&args.iter().map(String::as_str).collect::<Vec<_>>())
    }
    fn solved(self) -> Self {
        self.plan(&["solve", "i.json", "--out", "p.json", "--time-limit", "1"]).ok();
        self
    }
}

#[test]
fn explain_names_what_is_short_and_what_one_more_is_worth() {
    let desk = Desk::new(|_| {}).solved();
    let told = desk.plan(&["explain", "i.json", "p.json", "--check-iterations", "300"]).ok();
    assert!(told.contains("no coach to send at Depot 1"), "{told}");
    assert!(told.contains("1 more coach at Depot 1"), "{told}");
    let json = desk.plan(&["explain", "i.json", "p.json", "--json", "--prices", "0"]).json();
    let story = &json["classes"][0];
    assert_eq!(story["late_nights"], 5, "{json}");
    assert_eq!(story["nights"][0]["refused"][0][0]["what"], "vehicles", "{json}");
    let nobody = desk.plan(&["explain", "i.json", "p.json", "--class", "k9"]);
    assert_eq!(nobody.code, 2);
    assert!(nobody.err.contains("no class \"k9\"; there are k0"), "{}", nobody.err);
}

#[test]
fn what_if_shows_both_sides_and_answers_a_wrong_name() {
    let desk = Desk::new(|_| {}).solved();
    let asked = ["whatif", "i.json", "p.json", "--add", "coach@north=1", "--iterations", "300"];
    let json = desk.plan(&[&asked[..], &["--json"]].concat()).json();
    assert_eq!(json["changes"][0], "1 more coach at Depot 1");
    assert_eq!(json["moves"]["earlier"], 5, "{json}");
    assert!(json["changed"]["cost"].as_i64() < json["base"]["cost"].as_i64());
    let told = desk.plan(&asked).ok();
    assert!(told.contains("5 earlier"), "{told}");
    let wrong = desk.plan(&["whatif", "i.json", "p.json", "--add", "caoch@north=1"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("did you mean coach?"), "{}", wrong.err);
    let past = ["whatif", "i.json", "p.json", "--lose", "coach@north=1", "--done", "1"];
    let past = desk.plan(&past);
    assert_eq!(past.code, 2);
    assert!(past.err.contains("already carried out do not fit"), "{}", past.err);
}

#[test]
fn everyone_is_answered_with_the_promises_that_conflict() {
    let desk = Desk::new(|i| i["wings"][0]["cap"] = json!(12));
    let solve = ["solve", "i.json", "--out", "p.json", "--time-limit", "2"];
    let plain = desk.plan(&solve).ok();
    assert!(plain.contains("every plan leaves at least 3 behind"), "{plain}");
    let asked = desk.plan(&[&solve[..], &["--everyone"]].concat());
    assert_eq!(asked.code, 1, "{}", asked.err);
    assert!(asked.out.contains("- all 15 people of class k0 leave north"), "{}", asked.out);
    assert!(asked.out.contains("- camp has 12 beds"), "{}", asked.out);
    assert!(!asked.out.contains("- camp receives"), "{}", asked.out);
    assert!(asked.out.contains("Give up any one of them"), "{}", asked.out);
    let free = Desk::new(|_| {});
    free.plan(&[&solve[..], &["--everyone"]].concat()).ok();
}

#[test]
fn a_plan_is_written_as_a_table_and_as_a_sheet() {
    let desk = Desk::new(|_| {}).solved();
    desk.plan(&["export", "p.json", "--format", "csv", "--out", "p.csv", "--problem", "i.json"])
        .ok();
    let csv = std::fs::read_to_string(desk.path("p.csv")).unwrap();
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert!(lines[0].starts_with("night,date,movement,kind,route,from,to"), "{csv}");
    assert_eq!(
        lines[1],
        "0,,1,convoy,r0,north,camp,1,depot-1-team-01,depot-1-coach-01,coach,k0,10,,"
    );
    assert_eq!(lines.len(), 4, "{csv}");
    desk.plan(&["export", "p.json", "--format", "svg", "--out", "p.svg", "--problem", "i.json"])
        .ok();
    let svg = std::fs::read_to_string(desk.path("p.svg")).unwrap();
    for part in ["<title id=\"t\">", "<desc id=\"d\">", "north → camp", ">10</text>", ">15</text>"]
    {
        assert!(svg.contains(part), "{part}: {svg}");
    }
}

#[test]
fn a_difference_says_which_change_forced_it() {
    let desk = Desk::new(|_| {}).solved();
    let mut lost = instance();
    lost["cover"][0] = json!({"orbits": 0, "slots": 0});
    desk.write("later.json", &lost.to_string());
    desk.plan(&["solve", "later.json", "--out", "q.json", "--time-limit", "1"]).ok();
    let problems = ["--problem", "i.json", "--problem", "later.json"];
    let told = desk.plan(&[&["diff", "p.json", "q.json"][..], &problems].concat()).ok();
    assert!(told.contains("the problem: night 0 is lost"), "{told}");
    let removed = "night 0: convoy on r0 removed, 10 people (because night 0 is lost)";
    assert!(told.contains(removed), "{told}");
    let json = desk.plan(&[&["diff", "p.json", "q.json", "--json"][..], &problems].concat()).json();
    assert_eq!(json["movements"][0]["because"][0], "night 0 is lost", "{json}");
    let other = desk.plan(&["diff", "p.json", "q.json", "--problem", "i.json"]);
    assert!(other.err.contains("none of the problems given"), "{}", other.err);
}

#[test]
fn what_cannot_be_read_is_told_with_line_and_column() {
    let desk = Desk::new(|_| {}).solved();
    desk.write("bad.json", "{\"format\": \"muster-v1\",\n \"nights\": oops}");
    desk.write("half.json", "{\n\"format\": \"amana-plan-v1\",\n\"operation\": 3}");
    desk.write("class.json", "{\n\"convoys\": [{\"night\": \"x\"}]}");
    let ways: &[&[&str]] = &[
        &["solve", "bad.json", "--out", "x.json"],
        &["check", "bad.json", "p.json"],
        &["check", "i.json", "half.json"],
        &["check", "i.json", "class.json"],
        &["explain", "bad.json", "p.json"],
        &["explain", "i.json", "half.json"],
        &["whatif", "bad.json", "--lose", "night=1"],
        &["whatif", "i.json", "bad.json", "--lose", "night=1"],
        &["diff", "half.json", "p.json"],
        &["diff", "p.json", "half.json"],
        &["diff", "p.json", "p.json", "--problem", "bad.json"],
        &["export", "half.json", "--out", "x.json"],
        &["export", "p.json", "--out", "x.json", "--format", "svg", "--problem", "bad.json"],
    ];
    for way in ways {
        let ran = desk.plan(way);
        assert_eq!(ran.code, 2, "{way:?}: {}", ran.out);
        assert!(ran.err.contains("line ") && ran.err.contains("column "), "{way:?}: {}", ran.err);
        assert!(ran.err.contains(".json"), "{way:?} names its file: {}", ran.err);
    }
}
