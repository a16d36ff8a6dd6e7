//! Two real nodes, and links that behave badly.

mod bundle;
#[path = "../../../store/tests/support/cluster.rs"]
mod cluster;
mod hostile;
mod link;
mod page;
mod world;
