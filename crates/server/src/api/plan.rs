//! The plan in force, what it uses, and what a change would do.

use super::Part;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The plan in force and those before it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanView {
    pub revisions: Vec<PlanRevision>,
    /// Why people have no place, with how many.
    pub unplaced: Vec<Part>,
    /// Class-level units by what they are spent on, largest first.
    pub cost_parts: Vec<Part>,
    /// What one more of a scarce thing would be worth, from the relaxation.
    pub prices: Vec<Price>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlanRevision {
    pub plan: String,
    pub revision: u32,
    pub parent: Option<String>,
    pub why: String,
    pub adopted_at: String,
    pub people: u32,
    pub movements: u32,
    /// Integer units, 100 = one person waiting one night.
    pub cost: i64,
    pub bound: i64,
    /// (cost - bound) / cost.
    pub gap: f64,
    /// People whose night differs from the parent's.
    pub changed: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Price {
    pub what: String,
    pub r#where: String,
    pub night: Option<String>,
    /// Units per one more.
    pub units: f64,
}

/// What the plan in force uses of what there is, by night, and what holds people back.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct PlanResources {
    /// Hash of the plan; empty when none is in force or its problem is not kept here.
    pub plan: String,
    /// Dates, in order; the lists of each row follow them.
    pub nights: Vec<String>,
    /// The first night that the plan could still change, as a position in `nights`.
    pub from: u32,
    pub rows: Vec<ResourceRow>,
    /// From `from` on, the most person-nights first.
    pub holding: Vec<HeldBack>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResourceRow {
    /// As a price's, or `half-hour` (of cover).
    pub what: String,
    pub r#where: String,
    pub used: Vec<i64>,
    pub available: Vec<i64>,
}

/// Person-nights that one cause holds back people whose gates are passed. A night counts for each of
/// its causes.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HeldBack {
    pub what: String,
    pub r#where: String,
    /// Vehicle type; empty for what is not about one.
    pub vehicle: String,
    /// Code of the rule that refuses; none where a seat could be had.
    pub rule: Option<String>,
    pub person_nights: i64,
    pub nights: u32,
}

/// Changes to try, each as `amana plan whatif` takes it. Nothing is adopted.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct WhatIfAsked {
    #[serde(default)]
    pub add: Vec<String>,
    #[serde(default)]
    pub lose: Vec<String>,
    #[serde(default)]
    pub intake: Vec<String>,
    /// Of search for each side, 0.2 to 10; 3 when not given.
    pub seconds: Option<f64>,
}

/// The plan in force, searched on, beside the plan of the changed problem.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIf {
    pub plan: String,
    /// The changes as understood, in words.
    pub changes: Vec<String>,
    pub base: WhatIfSide,
    pub changed: WhatIfSide,
    pub moves: WhatIfMoves,
    /// `better` or `worse` when the bounds prove it, else `open`.
    pub certain: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIfSide {
    pub cost: i64,
    pub bound: i64,
    pub gap: f64,
    pub left_behind: i64,
    pub last_night: Option<String>,
    pub waiting_person_nights: i64,
    pub movements: u32,
    /// People who leave, by night.
    pub leaving: Vec<i64>,
}

/// People by what the change does to their night, counted within each class.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIfMoves {
    pub earlier: i64,
    pub later: i64,
    pub newly_moved: i64,
    pub newly_left: i64,
    pub unchanged: i64,
}

/// What a revision changes of the plan before it.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct PlanChanges {
    pub plan: String,
    /// The plan before; none where it is the first, or its document has not come in.
    pub parent: Option<String>,
    /// Whether both problems are kept here: without them nothing is told of causes.
    pub causes_known: bool,
    /// New cost less old cost, units.
    pub cost: i64,
    /// Everything that is otherwise in the new problem, whether it forced anything or not.
    pub problem: Vec<Forced>,
    /// People by what changes for them and what forced it: first those who were forced, the most people first.
    pub moves: Vec<Moves>,
    /// By night.
    pub movements: Vec<MovementChanged>,
}

/// Something of which there is more or less than when the plan before was made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Forced {
    /// As a price's, or nothing-moved, carried-out-otherwise, night-lost, no-route, beds, people, gates.
    pub what: String,
    pub r#where: String,
    /// Vehicle type; empty for what is not about one.
    pub vehicle: String,
    pub night: Option<String>,
    /// Both 0 where nothing is counted.
    pub was: i64,
    pub is: i64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Moves {
    /// other-night, other-route, other-wing, no-longer-moves or newly-moves
    pub change: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub people: u32,
    /// Empty where nothing they used was withdrawn: it follows from the other moves.
    pub because: Vec<Forced>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MovementChanged {
    pub night: String,
    /// convoy or flight
    pub kind: String,
    pub from: String,
    pub to: String,
    /// added, removed or changed
    pub change: String,
    /// People aboard before and after.
    pub was: i64,
    pub is: i64,
    pub because: Vec<Forced>,
}

/// Those in custody at an origin who leave later than they could by the plan in force, or not at all, one by
/// one.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct LatePage {
    /// Hash of the plan; empty when none is in force or its reasons are not kept here.
    pub plan: String,
    /// On all pages, of those whom the officer may see.
    pub total: u32,
    /// Left out: people whom the officer may not see.
    pub withheld: u32,
    /// People by state, by origin and by cause, whatever the question narrowed; largest first.
    pub states: Vec<Part>,
    pub sites: Vec<Part>,
    pub causes: Vec<Part>,
    /// Those with no place first, then by nights of waiting, the most first.
    pub people: Vec<LatePerson>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LatePerson {
    pub person: String,
    /// late, left-behind (known to the plan, and no place found) or not-planned (not known to it)
    pub state: String,
    /// Site where they wait.
    pub from: String,
    /// The first night on which they could board; none for whom the plan did not know.
    pub first: Option<String>,
    /// The night they are planned for.
    pub night: Option<String>,
    pub movement: Option<String>,
    /// Nights from the first possible one to theirs, or to the end.
    pub nights: u32,
    /// What refused them, that of most nights first.
    pub because: Vec<LateCause>,
}

/// What refused somebody, on how many of the nights they wait through. A night counts for each of its causes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LateCause {
    /// As what holds people back; also since-cleared
    pub what: String,
    pub r#where: String,
    /// Vehicle type; empty for what is not about one.
    pub vehicle: String,
    pub rule: Option<String>,
    pub nights: u32,
}
