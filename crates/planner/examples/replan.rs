//! Measures re-planning: nights 6 and 7 are lost after night 5 was done.
//!
//! For each file and seed a plan is made and its first six nights are taken as carried out. Then the
//! rest is planned again twice, warm and in the same time: with no price on changes, and with one.
//! Kept are the convoys and sorties of the old plan on the same night and route, of those that are
//! still possible, and of all that were still to come; and people, by class, who go on the night
//! they were to go, of those who were to go in the week after the lost nights. With `--iterations` (for
//! each thread) and long `--seconds` the answer does not depend on how busy the machine is.
//!
//!     cargo run --release -p amana-planner --example replan -- [--seconds S] [--plan-seconds S] [--iterations N] [--plan-iterations N] [--price U] [--halves N] FILE...

use std::collections::BTreeMap;
use std::time::Duration;

use amana_planner::check::check;
use amana_planner::plan::ClassPlan;
use amana_planner::problem::{Cover, Problem};
use amana_planner::solve::{Base, Done, Flow, Options, Solution, solve};

const DONE: usize = 6;
const LOST: [usize; 2] = [6, 7];
const SEEDS: [u64; 3] = [1, 2, 3];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut seconds, mut plan_seconds, mut price, mut halves) = (1.0, 20.0, 20_000, 7);
    let (mut iterations, mut plan_iterations) = (None, None);
    let mut files = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("{arg} needs a value"));
        match arg.as_str() {
            "--seconds" => seconds = value()?.parse()?,
            "--plan-seconds" => plan_seconds = value()?.parse()?,
            "--iterations" => iterations = Some(value()?.parse()?),
            "--plan-iterations" => plan_iterations = Some(value()?.parse()?),
            "--price" => price = value()?.parse()?,
            "--halves" => halves = value()?.parse()?,
            _ => files.push(arg),
        }
    }
    println!(
        "problem  seed  free cost (left, kept)  stable cost (left)  ratio  kept  of all  people kept (free)  seconds"
    );
    for file in files {
        let problem = Problem::from_json(&std::fs::read_to_string(&file)?)?;
        let mut lost = problem.clone();
        for t in LOST {
            lost.cover[t] = Cover { orbits: 0, slots: 0 };
            lost.air.sorties[t] = 0;
        }
        for seed in SEEDS {
            let plan = |problem: &Problem, seconds: f64, old: Option<(&ClassPlan, i64)>| {
                let options = Options {
                    time_limit: Duration::from_secs_f64(seconds),
                    seed,
                    threads: 2,
                    max_iterations: if old.is_some() { iterations } else { plan_iterations },
                    done: old.map(|(plan, _)| Done { nights: DONE, plan: plan.clone() }),
                    base: old.map(|(plan, churn_price)| {
                        let plan = plan.clone();
                        Base { plan, churn_price, churn_halves_every: halves }
                    }),
                };
                let found = solve(problem, &options, &mut |_| Flow::Continue);
                found.inspect(|s| assert!(check(problem, &s.plan).is_clean()))
            };
            let old = plan(&problem, plan_seconds, None)?.plan;
            let free = plan(&lost, seconds, Some((&old, 0)))?;
            let stable = plan(&lost, seconds, Some((&old, price)))?;
            let cost = |s: &Solution| s.cost.total() as f64;
            let possible = kept(&old, &stable.plan, LOST[1] as i64 + 1);
            println!(
                "{}  {seed}  {} ({}, {:.0} %)  {} ({})  {:.4}  {:.0} %  {:.0} %  {:.0} % ({:.0} %)  {:.2}",
                problem.name,
                free.cost.total(),
                free.left_behind,
                kept(&old, &free.plan, LOST[1] as i64 + 1),
                stable.cost.total(),
                stable.left_behind,
                cost(&stable) / cost(&free),
                possible,
                kept(&old, &stable.plan, DONE as i64),
                people_kept(&old, &stable.plan),
                people_kept(&old, &free.plan),
                stable.seconds
            );
        }
    }
    Ok(())
}

/// Percent of the trips of `old` from night `from` on that `new` sends too.
fn kept(old: &ClassPlan, new: &ClassPlan, from: i64) -> f64 {
    let trips = |plan: &ClassPlan| -> BTreeMap<(i64, String), i64> {
        let convoys = plan.convoys.iter().map(|c| (c.night, c.route.clone()));
        let sorties = plan.sorties.iter().map(|s| (s.night, s.route.clone()));
        let mut count = BTreeMap::new();
        for trip in convoys.chain(sorties).filter(|trip| trip.0 >= from) {
            *count.entry(trip).or_insert(0) += 1;
        }
        count
    };
    let (old, new) = (trips(old), trips(new));
    let same: i64 = old.iter().map(|(trip, n)| *n.min(new.get(trip).unwrap_or(&0))).sum();
    100.0 * same as f64 / old.values().sum::<i64>().max(1) as f64
}

/// Percent of the people who were to go in the week after the lost nights that go on their night.
fn people_kept(old: &ClassPlan, new: &ClassPlan) -> f64 {
    let week = (LOST[1] + 1) as i64..(LOST[1] + 8) as i64;
    let people = |plan: &ClassPlan| -> BTreeMap<(i64, String), i64> {
        let convoys =
            plan.convoys.iter().flat_map(|c| c.vehicles.iter().map(|v| (c.night, &v.load)));
        let sorties = plan.sorties.iter().map(|s| (s.night, &s.load));
        let mut count = BTreeMap::new();
        for (night, load) in convoys.chain(sorties).filter(|(night, _)| week.contains(night)) {
            load.iter().for_each(|(k, n)| *count.entry((night, k.clone())).or_insert(0) += n);
        }
        count
    };
    let (old, new) = (people(old), people(new));
    let same: i64 = old.iter().map(|(key, n)| *n.min(new.get(key).unwrap_or(&0))).sum();
    100.0 * same as f64 / old.values().sum::<i64>().max(1) as f64
}
