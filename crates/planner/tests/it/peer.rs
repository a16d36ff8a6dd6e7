//! Agreement with a checker that shares no code with ours, where there is one: `AMANA_PEER_CHECKER`
//! names a program that is given a `muster-v1` file and a plan and prints `BROKEN <code> ...` for
//! each rule broken, then the cost as JSON. Without it only our own tables of mutations stand.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use amana_planner::check::check;
use amana_planner::plan::{ClassPlan, Housing, LoadedVehicle};
use amana_planner::problem::Problem;
use amana_planner::solve::{Flow, Options, solve};
use serde_json::Value;

use crate::instances::{Draw, small_json, story, story_plan};
use crate::mutations::BREAKS;

struct Peer {
    program: PathBuf,
    dir: PathBuf,
}

#[derive(Debug, PartialEq)]
struct Verdict {
    broken: BTreeSet<String>,
    cost: i64,
    left_behind: i64,
}

impl Peer {
    /// `None` without the variable; a program that cannot be started is a failure.
    fn found() -> Option<Self> {
        let program = PathBuf::from(std::env::var_os("AMANA_PEER_CHECKER")?);
        assert!(program.is_file(), "AMANA_PEER_CHECKER: no file {}", program.display());
        let dir = std::env::temp_dir().join(format!("amana-peer-{}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("a folder for its files");
        Some(Self { program, dir })
    }

    fn judge(&self, instance: &Value, plan: &ClassPlan) -> Verdict {
        let write = |name: &str, text: String| {
            let path = self.dir.join(name);
            std::fs::write(&path, text).expect("written");
            path
        };
        let instance = write("i.json", instance.to_string());
        let plan = write("p.json", serde_json::to_string(plan).expect("JSON"));
        let ran = Command::new(&self.program).args([&instance, &plan]).output();
        let out =
            ran.or_else(|_| python(&self.program, &instance, &plan)).expect("it starts").stdout;
        let out = String::from_utf8(out).expect("text");
        let code = |line: &str| line.strip_prefix("BROKEN ")?.get(..3).map(str::to_owned);
        let facts = out
            .lines()
            .find(|line| line.starts_with('{'))
            .unwrap_or_else(|| panic!("the peer says no cost for {}: {out}", instance.display()));
        let facts: Value = serde_json::from_str(facts).expect("JSON");
        Verdict {
            broken: out.lines().filter_map(code).collect(),
            cost: facts["total"].as_i64().expect("whole"),
            left_behind: facts["left_behind"].as_i64().expect("whole"),
        }
    }
}

fn python(program: &Path, instance: &Path, plan: &Path) -> std::io::Result<std::process::Output> {
    Command::new("python3").args([program, instance, plan]).output()
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Only files of ours; a folder that stays hurts nobody.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Limits of a night that the peer knows as one number are the least of the nights.
fn plainer(instance: &Value) -> Value {
    let mut plain = instance.clone();
    let mut flatten = |list: &str, field: &str| {
        for one in plain[list].as_array_mut().expect("a list") {
            if let Some(nights) = one[field].as_array() {
                one[field] = nights.iter().filter_map(Value::as_i64).min().into();
            }
        }
    };
    flatten("origins", "out_limit");
    flatten("origins", "bays");
    flatten("facilities", "intake");
    plain
}

fn ours(instance: &Value, plan: &ClassPlan) -> Verdict {
    let problem = Problem::from_json(&instance.to_string()).expect("well formed");
    let report = check(&problem, plan);
    Verdict {
        broken: report.broken.iter().map(|b| b.code.to_owned()).collect(),
        cost: report.cost.total(),
        left_behind: report.left_behind,
    }
}

#[test]
fn both_see_each_rule_broken_alone() {
    let Some(peer) = Peer::found() else { return };
    let judged = |instance: &Value, plan: &ClassPlan, what: &str| {
        let instance = plainer(instance);
        assert_eq!(peer.judge(&instance, plan).broken, ours(&instance, plan).broken, "{what}");
    };
    judged(&story(), &story_plan(), "the story");
    // Gates by night are ours alone.
    for (code, break_it) in BREAKS.iter().filter(|(code, _)| *code != "R36") {
        let (mut instance, mut plan) = (story(), story_plan());
        break_it(&mut instance, &mut plan);
        judged(&instance, &plan, code);
    }
}

#[test]
fn both_agree_on_found_plans_and_on_what_chance_makes_of_them() {
    let Some(peer) = Peer::found() else { return };
    let (mut valid, mut invalid) = (0, 0);
    for seed in 0..25 {
        let instance = plainer(&small_json(seed));
        let problem = Problem::from_json(&instance.to_string()).expect("well formed");
        let options = Options { max_iterations: Some(600), seed, ..Options::default() };
        let plan = solve(&problem, &options, &mut |_| Flow::Continue).expect("found").plan;
        let verdict = peer.judge(&instance, &plan);
        assert_eq!(verdict, ours(&instance, &plan), "seed {seed}");
        assert!(verdict.broken.is_empty());
        let mut draw = Draw(seed);
        for n in 0..4 {
            let mut other = plan.clone();
            for _ in 0..draw.to(1, 3) {
                disturb(&problem, &mut other, &mut draw);
            }
            let (theirs, ours) = (peer.judge(&instance, &other), ours(&instance, &other));
            assert_eq!(theirs.broken, ours.broken, "seed {seed}, change {n}: {other:?}");
            if ours.broken.is_empty() {
                assert_eq!(theirs, ours, "seed {seed}, change {n}");
            }
            *(if ours.broken.is_empty() { &mut valid } else { &mut invalid }) += 1;
        }
    }
    assert!(invalid > 40 && valid > 2, "chance made {valid} valid and {invalid} invalid plans");
}

/// One small change that a careless hand might make.
fn disturb(problem: &Problem, plan: &mut ClassPlan, draw: &mut Draw) {
    let nights = problem.nights as i64;
    let mut below = |n: usize| draw.to(0, n as i64 - 1) as usize;
    let kind = below(9);
    if plan.housing.is_empty() || plan.convoys.iter().any(|c| c.vehicles.is_empty()) {
        return;
    }
    if plan.convoys.is_empty() {
        plan.housing.pop();
        return;
    }
    let (at, bed) = (below(plan.convoys.len()), below(plan.housing.len()));
    let class = problem.classes[below(problem.classes.len())].id.clone();
    let wing = problem.wings[below(problem.wings.len())].id.clone();
    let route = problem.routes[below(problem.routes.len())].id.clone();
    let night = below(nights as usize + 1) as i64;
    let convoy = &mut plan.convoys[at];
    match kind {
        0 => convoy.night = night,
        1 => convoy.route = route,
        2 => convoy.orbit += 1,
        3 => drop(convoy.vehicles.pop()),
        4 => *convoy.vehicles[0].load.entry(class).or_insert(0) += 1,
        5 => {
            let vehicle_type = problem.vehicle_types[below(problem.vehicle_types.len())].id.clone();
            let load = [(class, 1)].into_iter().collect();
            convoy.vehicles.push(LoadedVehicle { vehicle_type, load });
        }
        6 => plan.housing[bed].wing = wing,
        7 => plan.housing.push(Housing { class, wing, count: 1 }),
        _ => {
            let twice = convoy.clone();
            plan.convoys.push(twice);
        }
    }
}
