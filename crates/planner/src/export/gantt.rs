//! A sheet for the wall: nights across, routes by depot down, a block for each night something goes.
//!
//! It reads in black on white: flights differ from convoys by hatching, not by colour alone, and
//! every number is written out.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::plan::{MovementKind, PlanDocument, PlanMovement};
use crate::problem::Problem;

/// What a plan document does not say itself: dates, and where a route leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Heading; the operation's id when empty.
    pub title: String,
    /// `YYYY-MM-DD` of each night's evening; empty when not known.
    pub dates: Vec<String>,
    pub rows: Vec<SheetRow>,
    /// Nights with neither cover nor a flight.
    pub lost: Vec<usize>,
    /// People each facility promised to receive, by night.
    pub intake: Vec<(String, Vec<i64>)>,
}

/// One route, in the order of the sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SheetRow {
    pub route: String,
    pub depot: String,
    pub from: String,
    pub to: String,
}

impl Sheet {
    /// By the ids of the problem; the caller may put names in their place.
    pub fn of(problem: &Problem) -> Self {
        let p = problem;
        let mut rows: Vec<SheetRow> = (p.routes.iter().enumerate())
            .map(|(r, route)| SheetRow {
                route: route.id.clone(),
                depot: p.depots[p.home(r)].id.clone(),
                from: p.origins[route.origin].id.clone(),
                to: p.facilities[route.dest].id.clone(),
            })
            .collect();
        rows.sort_by(|a, b| (&a.depot, &a.from, &a.to).cmp(&(&b.depot, &b.from, &b.to)));
        let lost = |t: &usize| p.cover[*t].orbits == 0 && p.air.sorties[*t] == 0;
        Self {
            title: String::new(),
            dates: Vec::new(),
            rows,
            lost: (0..p.nights).filter(lost).collect(),
            intake: p.facilities.iter().map(|f| (f.id.clone(), f.intake.clone())).collect(),
        }
    }

    pub(super) fn row(&self, route: &str) -> Option<&SheetRow> {
        self.rows.iter().find(|r| r.route == route)
    }
}

const LEFT: usize = 330;
const NIGHT: usize = 46;
const ROW: usize = 34;
const TOP: usize = 128;
const RIGHT: usize = 90;

/// What goes on one route in one night.
#[derive(Default)]
struct Cell {
    people: i64,
    movements: usize,
    vehicles: usize,
    flight: bool,
}

/// The sheet as an SVG with a title and a description.
pub fn to_svg(document: &PlanDocument, sheet: &Sheet) -> String {
    Drawing { document, sheet, out: String::new() }.draw()
}

struct Drawing<'a> {
    document: &'a PlanDocument,
    sheet: &'a Sheet,
    out: String,
}

impl Drawing<'_> {
    fn draw(mut self) -> String {
        let nights = self.document.nights;
        let cells = cells(self.document);
        let rows = self.rows(&cells);
        let depots = rows.iter().fold(Vec::new(), |mut seen: Vec<&str>, r| {
            if seen.last() != Some(&r.depot.as_str()) {
                seen.push(&r.depot);
            }
            seen
        });
        let body = rows.len() * ROW + depots.len() * 24;
        let receiving = self.receiving();
        let below = 96 + receiving.len() * 22;
        let (width, height) = (LEFT + nights * NIGHT + RIGHT, TOP + body + below + 60);
        self.head(width, height, &rows);
        self.nights(TOP, body + 96);
        let mut y = TOP;
        let mut depot = None;
        for row in &rows {
            if depot != Some(&row.depot) {
                depot = Some(&row.depot);
                let name = if row.depot.is_empty() { "routes" } else { &row.depot };
                self.text(12, y + 17, "b", &format!("Depot {name}"));
                self.rule(y + 24, "depot");
                y += 24;
            }
            self.row(row, &cells, y);
            y += ROW;
        }
        self.totals(&cells, y + 10);
        self.received(&receiving, y + 96);
        self.foot(height);
        self.out.push_str("</svg>\n");
        self.out
    }

    /// Routes that something goes on, in the sheet's order; those it does not know come last.
    fn rows(&self, cells: &BTreeMap<(&str, usize), Cell>) -> Vec<SheetRow> {
        let used = |route: &str| cells.keys().any(|(r, _)| *r == route);
        let mut rows: Vec<SheetRow> =
            self.sheet.rows.iter().filter(|r| used(&r.route)).cloned().collect();
        let mut unknown: Vec<&str> = cells.keys().map(|(r, _)| *r).collect();
        unknown.dedup();
        for route in unknown.into_iter().filter(|r| self.sheet.row(r).is_none()) {
            rows.push(SheetRow { route: route.to_owned(), ..SheetRow::default() });
        }
        rows
    }

    fn head(&mut self, width: usize, height: usize, rows: &[SheetRow]) {
        let d = self.document;
        let title = match self.sheet.title.as_str() {
            "" => d.operation.clone(),
            given => given.to_owned(),
        };
        let people: i64 = d.movements.iter().map(people_of).sum();
        let convoys = d.movements.iter().filter(|m| m.kind == MovementKind::Convoy).count();
        let flights = d.movements.len() - convoys;
        let line = format!(
            "Plan revision {} · {people} people on {convoys} convoys and {flights} flights · cost {} \
             units, no plan costs less than {} (gap {}.{:02} %)",
            d.revision,
            d.total,
            d.bound,
            d.gap_basis_points / 100,
            d.gap_basis_points % 100
        );
        let nights = d.nights;
        let about = format!(
            "{nights} nights across, {} routes by depot down. Each block is one night on one route \
             with the people it carries; below are the people of each night.",
            rows.len()
        );
        let _ = write!(
            self.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"t d\">\n\
             <title id=\"t\">{}: plan revision {}</title>\n<desc id=\"d\">{} {}</desc>\n{STYLE}\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n",
            escaped(&title),
            d.revision,
            escaped(&line),
            escaped(&about)
        );
        self.text(12, 34, "h", &title);
        self.text(12, 56, "s", &line);
    }

    /// Columns: dates or numbers on top, hatching over lost nights.
    fn nights(&mut self, y: usize, height: usize) {
        for t in 0..self.document.nights {
            let x = LEFT + t * NIGHT;
            if self.sheet.lost.contains(&t) {
                let _ = writeln!(
                    self.out,
                    "<rect x=\"{x}\" y=\"{y}\" width=\"{NIGHT}\" height=\"{height}\" fill=\"url(#lost)\"/>"
                );
            }
            let _ = writeln!(
                self.out,
                "<line class=\"g\" x1=\"{x}\" y1=\"{}\" x2=\"{x}\" y2=\"{}\"/>",
                y - 30,
                y + height
            );
            let date = self.sheet.dates.get(t).cloned();
            match date.as_deref().and_then(|d| Some((d.get(5..7)?, d.get(8..10)?))) {
                Some((month, day)) => {
                    if t == 0 || day == "01" {
                        let month = MONTHS[month.parse::<usize>().unwrap_or(1).clamp(1, 12) - 1];
                        self.text(x + 3, y - 34, "s", month);
                    }
                    self.text_at(x + NIGHT / 2, y - 12, "b m", day);
                }
                None => self.text_at(x + NIGHT / 2, y - 12, "b m", &t.to_string()),
            }
        }
        self.rule(y, "depot");
        self.text_at(LEFT + self.document.nights * NIGHT + RIGHT - 12, y - 12, "s e", "people");
        let what = if self.sheet.dates.is_empty() { "night (from 0)" } else { "night of" };
        self.text_at(LEFT - 10, y - 12, "s e", what);
    }

    fn row(&mut self, row: &SheetRow, cells: &BTreeMap<(&str, usize), Cell>, y: usize) {
        let name = match row.from.as_str() {
            "" => row.route.clone(),
            from => format!("{from} → {}", row.to),
        };
        self.text(24, y + 15, "r", &shortened(&name, 46));
        self.text(24, y + 28, "s", &shortened(&row.route, 50));
        let mut sum = 0;
        for t in 0..self.document.nights {
            let Some(cell) = cells.get(&(row.route.as_str(), t)) else { continue };
            sum += cell.people;
            let (x, kind) = (LEFT + t * NIGHT + 2, if cell.flight { "air" } else { "road" });
            let told = match (cell.flight, cell.movements) {
                (true, n) => format!("{n} flights"),
                (false, n) => format!("{n} convoys, {} vehicles", cell.vehicles),
            };
            let _ = writeln!(
                self.out,
                "<g><title>{}, night {t}: {} people, {told}</title><rect class=\"{kind}\" x=\"{x}\" \
                 y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"/></g>",
                escaped(&name),
                cell.people,
                y + 3,
                NIGHT - 4,
                ROW - 6
            );
            self.text_at(x + NIGHT / 2 - 2, y + 16, "n m", &cell.people.to_string());
            let small = match cell.flight {
                true => format!("{}f", cell.movements),
                false => format!("{}c {}v", cell.movements, cell.vehicles),
            };
            self.text_at(x + NIGHT / 2 - 2, y + 27, "t m", &small);
        }
        let end = LEFT + self.document.nights * NIGHT + RIGHT - 12;
        self.text_at(end, y + 20, "r e", &sum.to_string());
        self.rule(y + ROW, "g");
    }

    /// Bars of people by night, and how many have gone by then.
    fn totals(&mut self, cells: &BTreeMap<(&str, usize), Cell>, y: usize) {
        let nights = self.document.nights;
        let people: Vec<i64> = (0..nights)
            .map(|t| cells.iter().filter(|((_, n), _)| *n == t).map(|(_, c)| c.people).sum())
            .collect();
        let most = people.iter().max().copied().unwrap_or(0).max(1);
        self.text(24, y + 34, "b", "People of the night");
        self.text(24, y + 66, "s", "gone by then");
        let mut gone = 0;
        for (t, n) in people.iter().enumerate() {
            gone += n;
            let x = LEFT + t * NIGHT;
            let tall = (n * 30 / most) as usize;
            let _ = writeln!(
                self.out,
                "<rect class=\"sum\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{tall}\"/>",
                x + 8,
                y + 50 - tall,
                NIGHT - 16
            );
            if *n > 0 {
                self.text_at(x + NIGHT / 2, y + 46 - tall, "n m", &n.to_string());
            }
            self.text_at(x + NIGHT / 2, y + 66, "t m", &gone.to_string());
        }
    }

    /// Facilities that receive somebody: people received and promised, by night.
    fn receiving(&self) -> Vec<(String, Vec<i64>, Vec<i64>)> {
        let d = self.document;
        let of = |(facility, promised): &(String, Vec<i64>)| {
            let mut received = vec![0; d.nights];
            for m in &d.movements {
                if self.sheet.row(&m.route).is_some_and(|r| r.to == *facility) {
                    received[m.night] += people_of(m);
                }
            }
            let any = received.iter().any(|n| *n > 0);
            any.then(|| (facility.clone(), received, promised.clone()))
        };
        self.sheet.intake.iter().filter_map(of).collect()
    }

    fn received(&mut self, rows: &[(String, Vec<i64>, Vec<i64>)], y: usize) {
        if rows.is_empty() {
            return;
        }
        self.rule(y - 6, "depot");
        for (n, (facility, received, promised)) in rows.iter().enumerate() {
            let y = y + n * 22 + 12;
            self.text(24, y, "s", &shortened(&format!("received / promised at {facility}"), 50));
            for (t, (have, most)) in received.iter().zip(promised).enumerate() {
                if *have > 0 {
                    let full = if have >= most { "f m" } else { "t m" };
                    let x = LEFT + t * NIGHT + NIGHT / 2;
                    self.text_at(x, y, full, &format!("{have}/{most}"));
                }
            }
        }
    }

    fn foot(&mut self, height: usize) {
        let y = height - 20;
        let mut x = 12;
        for (class, words) in [("road", "convoys"), ("air", "flights")] {
            let _ = writeln!(
                self.out,
                "<rect class=\"{class}\" x=\"{x}\" y=\"{}\" width=\"22\" height=\"14\" rx=\"3\"/>",
                y - 11
            );
            self.text(x + 28, y, "s", words);
            x += 110;
        }
        let _ = writeln!(
            self.out,
            "<rect x=\"{x}\" y=\"{}\" width=\"22\" height=\"14\" fill=\"url(#lost)\"/>",
            y - 11
        );
        self.text(x + 28, y, "s", "lost night");
        let keys =
            "large: people · small: c convoys, v vehicles, f flights · bold below: promise used up";
        self.text(x + 130, y, "s", keys);
    }

    fn rule(&mut self, y: usize, class: &str) {
        let end = LEFT + self.document.nights * NIGHT + RIGHT;
        let _ = writeln!(
            self.out,
            "<line class=\"{class}\" x1=\"8\" y1=\"{y}\" x2=\"{end}\" y2=\"{y}\"/>"
        );
    }

    fn text(&mut self, x: usize, y: usize, class: &str, text: &str) {
        self.text_at(x, y, class, text);
    }

    fn text_at(&mut self, x: usize, y: usize, class: &str, text: &str) {
        let text = escaped(text);
        let _ = writeln!(self.out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>");
    }
}

fn cells(document: &PlanDocument) -> BTreeMap<(&str, usize), Cell> {
    let mut cells: BTreeMap<(&str, usize), Cell> = BTreeMap::new();
    for m in &document.movements {
        let cell = cells.entry((&m.route, m.night)).or_default();
        cell.people += people_of(m);
        cell.movements += 1;
        cell.vehicles += m.vehicles.len();
        cell.flight = m.kind == MovementKind::Flight;
    }
    cells
}

fn people_of(m: &PlanMovement) -> i64 {
    m.vehicles.iter().flat_map(|v| v.load.values()).sum()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// At most `most` characters, the last an ellipsis when something is left out.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const STYLE: &str = "<defs>\
<pattern id=\"lost\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"#b9b9b9\" stroke-width=\"2\"/></pattern>\
<pattern id=\"fly\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-45)\">\
<rect width=\"5\" height=\"5\" fill=\"#eef3fb\"/>\
<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"5\" stroke=\"#c3d3ec\" stroke-width=\"2\"/></pattern></defs>\n\
<style>text{font-family:'Noto Sans','Noto Sans Arabic','DejaVu Sans',sans-serif;font-size:12px;fill:#111}\
.h{font-size:22px;font-weight:700}.b{font-weight:700}.s{font-size:11px;fill:#444}.n{font-size:12px;font-weight:600}\
.t{font-size:9px;fill:#333}.f{font-size:9px;font-weight:700}.m{text-anchor:middle}.e{text-anchor:end}\
.g{stroke:#ddd}.depot{stroke:#111;stroke-width:1.4}.road{fill:#dfe9dc;stroke:#3c5a34}\
.air{fill:url(#fly);stroke:#234a8a}.sum{fill:#555}</style>\n";
