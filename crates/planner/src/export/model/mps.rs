//! The program as an MPS file, and a solver's answer read back.
//!
//! Free MPS, as HiGHS, CP-SAT (OR-Tools), SCIP and CBC read it. Columns are named `x0`, `x1`, … in
//! the model's order, rows `r0`, …; what a column counts stands in a comment at the top.

use std::fmt::Write;

use super::Model;

/// The answer file that cannot be read, with its line (from 1).
#[derive(Debug, thiserror::Error)]
#[error("cannot read the solver's answer, line {line}: {why}")]
pub struct AnswerError {
    pub line: usize,
    pub why: String,
}

impl Model<'_> {
    pub fn to_mps(&self) -> String {
        let mut s = String::new();
        self.write(&mut s).unwrap_or_default();
        s
    }

    fn write(&self, s: &mut String) -> std::fmt::Result {
        writeln!(
            s,
            "* {}: {} columns, all whole, {} rows",
            self.problem.name,
            self.columns.len(),
            self.rows.len()
        )?;
        for (j, c) in self.columns.iter().enumerate() {
            writeln!(s, "* x{j} {:?}", c.counted)?;
        }
        writeln!(s, "NAME amana\nROWS\n N cost")?;
        let mut by_column: Vec<Vec<(usize, i64)>> = vec![Vec::new(); self.columns.len()];
        for (i, row) in self.rows.iter().enumerate() {
            writeln!(s, " {} r{i}", if row.equal { "E" } else { "L" })?;
            for &(j, a) in &row.terms {
                by_column[j as usize].push((i, a));
            }
        }
        // The cost of moving nobody is the price of a column that is always 1: readers disagree
        // about the sign of a constant on the cost row.
        writeln!(s, "COLUMNS\n always cost {}", self.constant)?;
        writeln!(s, " whole 'MARKER' 'INTORG'")?;
        for (j, c) in self.columns.iter().enumerate() {
            writeln!(s, " x{j} cost {}", c.cost)?;
            for (i, a) in &by_column[j] {
                writeln!(s, " x{j} r{i} {a}")?;
            }
        }
        writeln!(s, " whole 'MARKER' 'INTEND'\nRHS")?;
        for (i, row) in self.rows.iter().enumerate().filter(|(_, r)| r.limit != 0) {
            writeln!(s, " rhs r{i} {}", row.limit)?;
        }
        writeln!(s, "BOUNDS\n FX bnd always 1")?;
        for (j, c) in self.columns.iter().enumerate() {
            writeln!(s, " LO bnd x{j} 0\n UP bnd x{j} {}", c.most)?;
        }
        writeln!(s, "ENDATA")
    }

    /// A point from lines `x12 3`: a column's name and its value, 0 where it is not named.
    ///
    /// # Errors
    /// On a line that is not that; values are rounded when they are whole within a thousandth.
    pub fn read_answer(&self, text: &str) -> Result<Vec<i64>, AnswerError> {
        let mut values = vec![0; self.columns.len()];
        for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            let refused = |why: &str| AnswerError { line: n + 1, why: why.to_owned() };
            let (name, value) = line.trim().split_once(' ').ok_or_else(|| refused("no value"))?;
            let value: f64 = value.trim().parse().map_err(|_| refused("not a number"))?;
            if name == "always" {
                continue;
            }
            let j: Option<usize> = name.strip_prefix('x').and_then(|j| j.parse().ok());
            let place =
                j.and_then(|j| values.get_mut(j)).ok_or_else(|| refused("no such column"))?;
            if (value - value.round()).abs() > 1e-3 {
                return Err(refused("not a whole number"));
            }
            *place = value.round() as i64;
        }
        Ok(values)
    }
}
