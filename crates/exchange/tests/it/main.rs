//! Two real nodes, and links that behave badly.

mod bundle;
mod link;
mod page;
mod world;
