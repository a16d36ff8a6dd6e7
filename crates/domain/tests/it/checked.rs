//! A model in every interleaving, and what it has to see.

use stateright::{Checker, Model};
use std::fmt::Debug;
use std::hash::Hash;

/// What the checker asks of a model, and of its states and actions.
pub trait Explored: Model + Send + Sync + 'static {}
impl<M: Model + Send + Sync + 'static> Explored for M {}
pub trait Walked: Clone + Debug + PartialEq + Send + Sync + 'static {}
impl<T: Clone + Debug + PartialEq + Send + Sync + 'static> Walked for T {}

/// In every state that can be reached every property holds, and there are enough of them.
pub fn holds<M: Explored>(model: M)
where
    M::State: Walked + Hash,
    M::Action: Walked,
{
    let checker = model.checker().threads(2).spawn_bfs().join();
    println!("{} states, {} unique", checker.state_count(), checker.unique_state_count());
    checker.assert_properties();
    assert!(checker.unique_state_count() > 10_000, "the world is too small to show anything");
}

/// A planted mistake breaks the property it should.
pub fn is_found_out<M: Explored>(model: M, broken: &'static str)
where
    M::State: Walked + Hash,
    M::Action: Walked,
{
    let checker = model.checker().threads(2).spawn_bfs().join();
    assert!(checker.discovery(broken).is_some(), "{broken} was not seen broken");
}
