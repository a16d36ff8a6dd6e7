//! Plans the reference operation on what was known at three moments, and prints the pace of each plan:
//! `cargo run --release -p amana-scenario --example pace -- scenarios/hasakah-2026 10`

use amana_scenario::cohort::{self, Person};
use amana_scenario::planning::{Known, build, expected};
use amana_scenario::{Cohort, Scenario};
use jiff::civil::Date;
use planner::solve::{Flow, Options, solve};
use std::path::Path;
use std::time::Duration;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let dir = args.next().unwrap_or_else(|| "scenarios/hasakah-2026".into());
    let seconds = args.next().map_or(Ok(10), |s| s.parse())?;
    let scenario = Scenario::read(Path::new(&dir))?;
    let cohort = cohort::generate(&scenario, 1);
    let first = scenario.operation.first_night;
    let lowered = scenario.troubles.slow_down.announced;
    let last = scenario.operation.last_night();
    let everyone = |p: &Person| expected(&scenario, p, first);
    let movers = |p: &Person| p.cleared_on().filter(|_| p.can_board());

    pace(&scenario, &cohort, "first promises, everyone", first, false, &everyone, seconds)?;
    pace(&scenario, &cohort, "lowered, those who can board", lowered, true, &movers, seconds)?;
    pace(&scenario, &cohort, "all promises, everyone", last, true, &everyone, seconds)
}

fn pace(
    scenario: &Scenario,
    cohort: &Cohort,
    title: &str,
    on: Date,
    weather: bool,
    ready: &dyn Fn(&Person) -> Option<Date>,
    seconds: u64,
) -> Result<(), Box<dyn std::error::Error>> {
    let (lost, partial) = (&scenario.troubles.lost_night, &scenario.troubles.partial_night);
    let lost = weather.then_some(lost.night).into_iter().collect();
    let partial = weather.then_some((partial.night, partial.slots)).into_iter().collect();
    let planning = build(scenario, cohort, &Known { on, lost, partial, ready });
    let problem = &planning.problem;
    let options = Options { time_limit: Duration::from_secs(seconds), ..Options::default() };
    let solution = solve(problem, &options, &mut |_| Flow::Continue)?;

    let (people, classes) = (problem.people(), problem.classes.len());
    println!("{title}: {people} people in {classes} classes, {} left", solution.left_behind);
    let mut cumulative = 0;
    for (t, night) in scenario.operation.nights().enumerate() {
        let convoys = solution.plan.convoys.iter().filter(|c| c.night == t as i64);
        let sorties = solution.plan.sorties.iter().filter(|s| s.night == t as i64);
        let by_road = convoys.clone().flat_map(|c| &c.vehicles).flat_map(|v| v.load.values());
        let moved: i64 = by_road.chain(sorties.clone().flat_map(|s| s.load.values())).sum();
        let intake: i64 = problem.facilities.iter().map(|f| f.intake[t]).sum();
        cumulative += moved;
        println!(
            "  {night}  {moved:>5} of {intake:>5}  {} convoys {} flights  {cumulative:>5}",
            convoys.count(),
            sorties.count()
        );
    }
    Ok(())
}
