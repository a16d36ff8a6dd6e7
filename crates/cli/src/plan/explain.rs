//! `amana plan explain`.

use super::input::{Input, read_either};
use anyhow::{Context, bail};
use planner::bound;
use planner::explain::{ClassStory, Explained, Holding, NightStory, Refusal};
use planner::plan::{ClassPlan, PlanDocument};
use planner::pricing::{self, Checked, Scarce, check_each, scarce, worth_checking};
use planner::solve::Flow;
use serde::Serialize;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Say why people are late or not placed, and what one more of each scarce thing is worth
///
/// Each reason is evidence: one person is put on every earlier night by every way there is, and the
/// rules that refuse it are told, ways refused by fewest rules first. Each price is the
/// relaxation's, checked by searching again with one more at the same iterations.
#[derive(clap::Args)]
pub struct Explain {
    /// Folder of a scenario, a store (sqlite:PATH or postgres://...), or a `muster-v1` file
    input: PathBuf,
    /// Plan document, or a `muster-plan-v1` file
    plan: PathBuf,
    /// One person by number; their class's reasons on the nights before theirs
    #[arg(long, conflicts_with = "class")]
    person: Option<String>,
    /// One class by id
    #[arg(long)]
    class: Option<String>,
    /// Prices to check by searching again; 0 leaves prices out
    #[arg(long, default_value_t = 12)]
    prices: usize,
    /// Iterations of each of those searches
    #[arg(long, default_value_t = 2000)]
    check_iterations: u64,
    /// Seconds for the relaxation
    #[arg(long, default_value_t = 20.0)]
    time_limit: f64,
    /// Classes told, the worst first; all of them with --json
    #[arg(long, default_value_t = 12)]
    classes: usize,
    /// Seed of the cohort that the plan is for
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long)]
    json: bool,
}

/// Ways told for one night, at most; all of them with --json.
const WAYS: usize = 3;

#[derive(Serialize)]
struct Price {
    one_more: String,
    /// Units by the relaxation.
    relaxation: Option<f64>,
    checked: Option<Checked>,
}

pub fn explain(args: &Explain) -> anyhow::Result<ExitCode> {
    let (plan, document) = read_either(&args.plan)?;
    let input = match &document {
        Some(document) => Input::of_plan(&args.input, args.seed, &args.plan, document)?,
        None => Input::read(&args.input, args.seed)?,
    };
    let explained =
        Explained::new(&input.problem, &plan).with_context(|| args.plan.display().to_string())?;
    if let Some(person) = &args.person {
        return one_person(args, &input, &explained, document.as_ref(), person);
    }
    if let Some(class) = &args.class {
        let story = explained.story(input.class(class)?);
        match (story, args.json) {
            (story, true) => println!("{}", serde_json::to_string(&story)?),
            (Some(story), false) => tell_story(&input, &story),
            (None, false) => {
                println!("class {class}: everybody leaves on their first possible night")
            }
        }
        return Ok(ExitCode::SUCCESS);
    }
    let stories = explained.stories();
    let holding = explained.holding(&stories, 0);
    let prices = if args.prices > 0 { prices(args, &input, &plan)? } else { Vec::new() };
    if args.json {
        let told = serde_json::json!({ "holding": holding, "classes": stories, "prices": prices });
        println!("{told}");
        return Ok(ExitCode::SUCCESS);
    }
    tell_holding(&input, &stories, &holding);
    for story in stories.iter().take(args.classes) {
        println!();
        tell_story(&input, story);
    }
    if stories.len() > args.classes {
        println!("\n{} more classes: --classes N, or --class ID", stories.len() - args.classes);
    }
    if args.prices > 0 {
        println!();
        tell_prices(&prices);
    }
    Ok(ExitCode::SUCCESS)
}

fn one_person(
    args: &Explain,
    input: &Input,
    explained: &Explained,
    document: Option<&PlanDocument>,
    person: &str,
) -> anyhow::Result<ExitCode> {
    let Some(document) = document else { bail!("{}: it names nobody", args.plan.display()) };
    let seat = document.movements.iter().find_map(|m| {
        let v = m.vehicles.iter().find(|v| v.persons.iter().any(|p| p == person))?;
        Some((m, v))
    });
    let unplaced = document.unplaced.iter().find(|u| u.person == person);
    let traveller = input.travellers.iter().find(|t| t.number == person);
    if seat.is_none() && unplaced.is_none() {
        bail!("{}: nobody has the number {person} in this plan", args.plan.display());
    }
    let only_class = seat.and_then(|(_, v)| match v.load.len() {
        1 => v.load.keys().next().cloned(),
        _ => None,
    });
    let class = traveller.map(|t| t.class.clone()).or(only_class);
    let class = class.context("the problem does not say which class the person is of")?;
    let leaving = seat.map(|(m, _)| m.night);
    let ready = traveller.map_or(0, |t| t.ready);
    let nights = explained.nights(input.class(&class)?, leaving)?;
    if args.json {
        let told = serde_json::json!({
            "person": person, "class": class, "night": leaving, "ready": ready,
            "unplaced": unplaced.map(|u| &u.reason), "nights": nights,
        });
        println!("{told}");
        return Ok(ExitCode::SUCCESS);
    }
    match (seat, unplaced) {
        (Some((m, v)), _) => println!(
            "person {person} (class {class}) leaves on {}, movement {}, in {}",
            input.night(m.night),
            m.number,
            v.id
        ),
        (None, Some(u)) => println!("person {person} (class {class}) has no place: {}", u.reason),
        (None, None) => {}
    }
    if ready > 0 {
        println!(
            "  their own gates are passed by {}",
            input.night(ready.min(input.problem.nights - 1))
        );
    }
    tell_nights(input, nights.iter().filter(|n| n.night >= ready));
    if leaving.is_some_and(|night| night <= ready) {
        println!("  that is their first possible night");
    }
    Ok(ExitCode::SUCCESS)
}

fn prices(args: &Explain, input: &Input, plan: &ClassPlan) -> anyhow::Result<Vec<Price>> {
    let limit = Duration::try_from_secs_f64(args.time_limit).context("--time-limit")?;
    let proof = bound::prove(&input.problem, limit);
    let all = scarce(&input.problem, &proof.certificate, 0)?;
    let chosen: Vec<&Scarce> =
        worth_checking(&all, args.prices).into_iter().map(|at| &all[at]).collect();
    let effort = pricing::Effort { iterations: args.check_iterations, seed: args.seed, done: 0 };
    let live = std::io::stderr().is_terminal();
    let told = |at: usize| {
        if live {
            eprint!("\rprice {} of {}\x1b[K", at + 1, chosen.len());
        }
        Flow::Continue
    };
    let checked = check_each(&input.problem, plan, &chosen, &effort, &told)?;
    if live {
        eprintln!();
    }
    let price = |(s, checked): (&&Scarce, Option<Checked>)| Price {
        one_more: s.change.words(&input.problem),
        relaxation: s.relaxation,
        checked,
    };
    Ok(chosen.iter().zip(checked).map(price).collect())
}

fn tell_holding(input: &Input, stories: &[ClassStory], holding: &[Holding]) {
    let left: i64 = stories.iter().map(|s| s.left_behind).sum();
    println!(
        "{} people in {} classes; {left} left behind, {} classes with somebody late or left",
        input.problem.people(),
        input.problem.classes.len(),
        stories.len()
    );
    println!(
        "\nWhat holds back people whose gates are passed (a night counts for each of its causes):"
    );
    println!("{:>14}  {:>6}  cause", "person-nights", "nights");
    for h in holding.iter().take(16) {
        let rule = h.cause.rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
        println!("{:>14}  {:>6}  {}{rule}", h.person_nights, h.nights, h.cause.words);
    }
}

fn tell_story(input: &Input, story: &ClassStory) {
    print!("class {} at {}: {} people", story.class, story.origin, story.people);
    if story.left_behind > 0 {
        print!(", {} left behind", story.left_behind);
    }
    if story.late_nights > 0 {
        print!(", {} nights late in all", story.late_nights);
    }
    let leaving: Vec<String> =
        story.leaving.iter().map(|(night, n)| format!("{n} on {night}")).collect();
    println!(
        "; leaving: {}",
        if leaving.is_empty() { "nobody".to_owned() } else { leaving.join(", ") }
    );
    tell_nights(input, story.nights.iter());
}

/// Nights with one answer on one line.
fn tell_nights<'a>(input: &Input, nights: impl Iterator<Item = &'a NightStory>) {
    let mut lines: Vec<(usize, usize, String)> = Vec::new();
    for night in nights {
        let words = words(night);
        match lines.last_mut() {
            Some((_, last, said)) if *said == words && *last + 1 == night.night => {
                *last = night.night
            }
            _ => lines.push((night.night, night.night, words)),
        }
    }
    for (first, last, words) in lines {
        let when = match first == last {
            true => input.night(first),
            false => format!("nights {first}-{last}"),
        };
        println!("  {when:<22} {words}");
    }
}

fn words(night: &NightStory) -> String {
    if let Some(open) = &night.open {
        let price = match open.cost_change {
            less @ ..0 => format!("the search did not take it, {} units dearer", -less),
            more => format!("it costs {more} units more than it saves for one person"),
        };
        return format!("{} was to be had: {price}", open.way);
    }
    // One rule alone is told with its numbers; several together by name only.
    let way = |refusals: &Vec<Refusal>| match &refusals[..] {
        [only] => format!("{only} [{}]", only.rule()),
        some => {
            let each: Vec<String> =
                some.iter().map(|r| format!("{} [{}]", r.cause(), r.rule())).collect();
            each.join(" and ")
        }
    };
    let ways: Vec<String> = night.fewest().map(way).collect();
    match &ways[..] {
        [] => "no road and no flight leads from there".to_owned(),
        few if few.len() <= WAYS => few.join("; or else "),
        many => format!(
            "{}; or else {} more, each refused by as many rules",
            many[..WAYS].join("; or else "),
            many.len() - WAYS
        ),
    }
}

fn tell_prices(prices: &[Price]) {
    println!("What one more is worth, in units (100 are one person-night):");
    println!("{:>12}  {:>12}  {:>9}  one more", "relaxation", "search again", "chance");
    for p in prices {
        let said = p.relaxation.map_or_else(|| "-".to_owned(), |u| format!("{u:.0}"));
        let Some(c) = &p.checked else { continue };
        println!(
            "{said:>12}  {:>12}  {:>9}  {}: {}",
            c.saved,
            c.spread,
            p.one_more,
            c.verdict.words()
        );
    }
}
