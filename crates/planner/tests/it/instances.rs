//! Small invented problems: drawn from a seed, and one made by hand to break rules on.

use amana_planner::plan::ClassPlan;
use amana_planner::problem::Problem;
use serde_json::{Value, json};

/// Chance for instances only; the planner has its own.
pub struct Draw(pub u64);

impl Draw {
    pub fn to(&mut self, low: i64, high: i64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + ((self.0 >> 33) as i64).rem_euclid(high - low + 1)
    }
    fn nights(&mut self, nights: i64, low: i64, high: i64) -> Vec<i64> {
        (0..nights).map(|_| self.to(low, high)).collect()
    }
}

/// A random small problem; some cannot move everyone.
pub fn small(seed: u64) -> Problem {
    Problem::from_json(&small_json(seed).to_string()).expect("a drawn problem is well formed")
}

pub fn small_json(seed: u64) -> Value {
    let mut d = Draw(seed.wrapping_mul(2).wrapping_add(77));
    let d = &mut d;
    let nights = d.to(2, 7);
    let (origins, facilities, depots) = (d.to(1, 3), d.to(1, 3), d.to(1, 2));
    let seps = ["A", "B", "C"];
    let needs = ["seat", "seat", "seat", "secure", "stretcher"];
    let classes: Vec<Value> = (0..d.to(3, 10))
        .map(|k| {
            let need = needs[d.to(0, 4) as usize];
            let security = if need == "secure" { 2 } else { d.to(0, 1) as usize };
            let health = if need == "stretcher" {
                "stretcher"
            } else {
                ["fit", "fit", "medical"][d.to(0, 2) as usize]
            };
            json!({"id": format!("k{k}"), "origin": d.to(0, origins - 1), "count": d.to(1, 30),
                "security": (["low", "medium", "high"][security]), "health": health,
                "nat": format!("n{}", d.to(0, 1)), "sep": (seps[d.to(0, 2) as usize]),
                "need": need, "vuln": (if health == "fit" { 100 } else { 150 })})
        })
        .collect();
    let mut routes = Vec::new();
    for o in 0..origins {
        for f in 0..facilities {
            let (cycle, air) = (d.to(1, 2), d.to(0, 4) == 0);
            routes.push(json!({"id": format!("r{}", routes.len()), "kind": (if air { "air" } else { "road" }),
                "origin": o, "dest": f, "crossing": (if air { Value::Null } else { json!(0) }),
                "hours": 5.0, "risk": [], "road_cost": (d.nights(nights, 0, 60)),
                "expo": d.to(2, 8), "cycle": cycle, "team_cycle": cycle + d.to(0, 1), "teams": d.to(1, 2)}));
        }
    }
    json!({
        "format": "muster-v1", "name": format!("small-{seed}"), "nights": nights, "seps": seps,
        "conflicts": [["A", "B"]],
        "convoy_apart": (if d.to(0, 1) == 0 { json!([]) } else { json!([["A", "B"]]) }),
        "vehicles": [
            {"id": "coach", "places": 20, "needs": ["seat"], "guards": 2, "cost": 100},
            {"id": "cell-van", "places": 6, "needs": ["seat", "secure"], "guards": 2, "cost": 60},
            {"id": "ambulance", "places": 2, "needs": ["stretcher"], "guards": 1, "cost": 80}],
        "max_vehicles": d.to(2, 5), "team_cost": 150, "orbit_cost": 300, "reposition_cost": 40,
        "left_cost": 400 * nights,
        "origins": (0..origins).map(|o| json!({"id": format!("o{o}"), "depot": d.to(0, depots - 1),
            "out_limit": (d.nights(nights, 15, 60)), "bays": d.to(1, 3), "safe": d.to(0, 60),
            "wait_cost": (d.nights(nights, 60, 200)), "over_cost": d.to(0, 90)})).collect::<Vec<_>>(),
        "classes": classes,
        "crossings": [{"id": "b0", "slots": (d.nights(nights, 0, 4))}],
        "cover": (0..nights).map(|_| json!({"orbits": d.to(0, 2), "slots": d.to(6, 16)})).collect::<Vec<_>>(),
        "facilities": (0..facilities).map(|f| json!({"id": format!("d{f}"),
            "accepts": (if f == 0 { json!(["n0", "n1"]) } else { json!(["n0"]) }),
            "intake": (d.nights(nights, 10, 60))})).collect::<Vec<_>>(),
        "wings": (0..facilities * 3).map(|w| json!({"id": format!("w{w}"), "facility": w / 3,
            "cap": d.to(10, 60), "rating": (["high", "medium", "low"][(w % 3) as usize]), "medical": w % 3 < 2}))
            .collect::<Vec<_>>(),
        "routes": routes,
        "air": {"places": 25, "litters": 2, "cost": 900, "sorties": (d.nights(nights, 0, 1))},
        "depots": (0..depots).map(|p| json!({"id": format!("Depot {p}"),
            "fleet": {"coach": d.to(0, 2), "cell-van": d.to(0, 3), "ambulance": d.to(0, 2)},
            "park": {"coach": 4, "cell-van": 5, "ambulance": 3}, "teams": d.to(2, 6), "guards": d.to(6, 30)}))
            .collect::<Vec<_>>(),
    })
}

/// Six people, one road, two nights: small enough that every plan can be met one by one.
pub fn tiny() -> Problem {
    let tiny = json!({
        "format": "muster-v1", "name": "tiny", "nights": 2, "seps": ["A", "B"],
        "conflicts": [["A", "B"]], "convoy_apart": [],
        "vehicles": [{"id": "van", "places": 3, "needs": ["seat"], "guards": 1, "cost": 60}],
        "max_vehicles": 1, "team_cost": 150, "orbit_cost": 90, "reposition_cost": 40, "left_cost": 800,
        "origins": [{"id": "o0", "depot": 0, "out_limit": [6, 6], "bays": [2, 2], "safe": 6,
            "wait_cost": [100, 110], "over_cost": 0}],
        "classes": [
            {"id": "ka", "origin": 0, "count": 3, "security": "low", "health": "fit", "nat": "n0",
             "sep": "A", "need": "seat", "vuln": 100},
            {"id": "kb", "origin": 0, "count": 2, "security": "low", "health": "fit", "nat": "n0",
             "sep": "B", "need": "seat", "vuln": 150}],
        "crossings": [{"id": "b0", "slots": [1, 1]}],
        "cover": [{"orbits": 1, "slots": 4}, {"orbits": 1, "slots": 4}],
        "facilities": [{"id": "d0", "accepts": ["n0"], "intake": [4, 4]}],
        "wings": [{"id": "w0", "facility": 0, "cap": 3, "rating": "low", "medical": false},
            {"id": "w1", "facility": 0, "cap": 3, "rating": "low", "medical": false}],
        "routes": [{"id": "r0", "kind": "road", "origin": 0, "dest": 0, "crossing": 0, "hours": 2.0,
            "risk": [], "road_cost": [10, 30], "expo": 2, "cycle": 1, "team_cycle": 1, "teams": 1}],
        "air": {"places": 5, "litters": 1, "cost": 900, "sorties": [0, 0]},
        "depots": [{"id": "depot", "fleet": {"van": 1}, "park": {"van": 1}, "teams": 1, "guards": 1}],
    });
    Problem::from_json(&tiny.to_string()).expect("well formed")
}

/// A drawn problem in which waiting is cheap and the road gets safer by the night, so that the plan
/// that is cheapest when nothing goes wrong leaves late.
pub fn unhurried(seed: u64) -> Problem {
    let mut d = Draw(seed.wrapping_mul(3).wrapping_add(5));
    let mut i = story();
    let nights = 8;
    let coaches = d.to(1, 2);
    i["nights"] = json!(nights);
    i["left_cost"] = json!(400 * nights);
    i["classes"] = json!([i["classes"][0].clone(), i["classes"][4].clone()]);
    i["classes"][0]["count"] = json!(d.to(4, 6) * 25 * coaches - d.to(0, 20));
    i["classes"][1]["count"] = json!(d.to(20, 60));
    i["crossings"][0]["slots"] = json!(vec![2; nights as usize]);
    i["cover"] = json!(vec![json!({"orbits": 1, "slots": 6}); nights as usize]);
    i["facilities"][0]["intake"] = json!(200);
    i["air"]["sorties"] = json!(vec![0; nights as usize]);
    i["wings"][1]["cap"] = json!(600);
    let fall = d.to(20, 40);
    i["routes"] = json!([i["routes"][0].clone(), i["routes"][1].clone()]);
    for route in 0..2 {
        let cost: Vec<i64> = (0..nights).map(|t| fall * (nights - t)).collect();
        i["routes"][route]["road_cost"] = json!(cost);
    }
    for origin in 0..2 {
        let o = &mut i["origins"][origin];
        (o["out_limit"], o["bays"], o["safe"]) = (json!(200), json!(2), json!(500));
        o["wait_cost"] = json!(vec![d.to(1, 10); nights as usize]);
    }
    i["depots"][0]["fleet"]["coach"] = json!(coaches);
    i["depots"][1]["fleet"]["coach"] = json!(1);
    Problem::from_json(&i.to_string()).expect("a drawn problem is well formed")
}

/// A problem with room for everything in [`story_plan`], and no more than a test needs.
pub fn story() -> Value {
    let class = |id: &str,
                 origin: i64,
                 count: i64,
                 security: &str,
                 health: &str,
                 sep: &str,
                 need: &str| {
        json!({"id": id, "origin": origin, "count": count, "security": security, "health": health,
            "nat": "n0", "sep": sep, "need": need, "vuln": 100})
    };
    let route = |id: &str, kind: &str, origin: i64, dest: i64| {
        json!({"id": id, "kind": kind, "origin": origin, "dest": dest,
            "crossing": (if kind == "air" { Value::Null } else { json!(0) }), "hours": 5.0, "risk": [],
            "road_cost": [10, 20, 30], "expo": 3, "cycle": 1, "team_cycle": 1, "teams": 2})
    };
    let origin = |id: &str, depot: i64| {
        json!({"id": id, "depot": depot, "out_limit": [100, 100, 100], "bays": [3, 3, 3], "safe": 10,
            "wait_cost": [100, 100, 100], "over_cost": 50})
    };
    let depot = |id: &str| {
        json!({"id": id, "fleet": {"coach": 2, "cell-van": 2, "ambulance": 1},
            "park": {"coach": 3, "cell-van": 3, "ambulance": 2}, "teams": 5, "guards": 20})
    };
    json!({
        "format": "muster-v1", "name": "story", "nights": 3, "seps": ["A", "B", "C"],
        "conflicts": [["A", "B"]], "convoy_apart": [["A", "C"]],
        "vehicles": [
            {"id": "coach", "places": 25, "needs": ["seat"], "guards": 4, "cost": 100},
            {"id": "cell-van", "places": 10, "needs": ["seat", "secure"], "guards": 2, "cost": 60},
            {"id": "ambulance", "places": 2, "needs": ["stretcher"], "guards": 1, "cost": 80}],
        "max_vehicles": 3, "team_cost": 150, "orbit_cost": 300, "reposition_cost": 40, "left_cost": 1200,
        "origins": [origin("north", 0), origin("south", 1)],
        "classes": [
            class("ka", 0, 20, "low", "fit", "A", "seat"), class("kb", 0, 20, "low", "fit", "B", "seat"),
            class("kc", 0, 5, "high", "fit", "C", "secure"),
            class("ks", 0, 2, "low", "stretcher", "C", "stretcher"),
            class("ko", 1, 10, "low", "fit", "A", "seat")],
        "crossings": [{"id": "b0", "slots": [4, 4, 4]}],
        "cover": [{"orbits": 2, "slots": 16}, {"orbits": 1, "slots": 16}, {"orbits": 1, "slots": 16}],
        "facilities": [{"id": "d0", "accepts": ["n0"], "intake": [100, 100, 100]}],
        "wings": [
            {"id": "w0", "facility": 0, "cap": 60, "rating": "high", "medical": true},
            {"id": "w1", "facility": 0, "cap": 60, "rating": "medium", "medical": false}],
        "routes": [route("r0", "road", 0, 0), route("r1", "road", 1, 0), route("f0", "air", 0, 0)],
        "air": {"places": 30, "litters": 2, "cost": 1500, "sorties": [0, 1, 1]},
        "depots": [depot("North depot"), depot("South depot")],
    })
}

/// A plan of [`story`] that breaks nothing and moves everyone.
pub fn story_plan() -> ClassPlan {
    let plan = json!({
        "convoys": [
            {"night": 0, "route": "r0", "orbit": 0, "vehicles": [
                {"type": "coach", "load": {"ka": 20}}, {"type": "coach", "load": {"kb": 10}}]},
            {"night": 0, "route": "r1", "orbit": 0, "vehicles": [{"type": "cell-van", "load": {"ko": 10}}]},
            {"night": 1, "route": "r0", "orbit": 0, "vehicles": [
                {"type": "cell-van", "load": {"kc": 5}}, {"type": "ambulance", "load": {"ks": 1}}]}],
        "sorties": [{"night": 1, "route": "f0", "load": {"kb": 10, "ks": 1}}],
        "repositions": [{"night": 0, "from": "North depot", "to": "South depot", "type": "cell-van", "count": 1}],
        "housing": [
            {"class": "ka", "wing": "w1", "count": 20}, {"class": "kb", "wing": "w0", "count": 20},
            {"class": "ko", "wing": "w1", "count": 10}, {"class": "kc", "wing": "w0", "count": 5},
            {"class": "ks", "wing": "w0", "count": 2}],
    });
    ClassPlan::from_json(&plan.to_string()).expect("the story's plan is well formed")
}
