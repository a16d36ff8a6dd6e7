//! The record as a function of the set of its facts, and what it shows when facts do not fit.

mod chains;
mod checked;
mod deciders;
mod discrepancies;
mod fold;
mod keys;
mod model;
mod obligations;
mod pair;
mod world;
