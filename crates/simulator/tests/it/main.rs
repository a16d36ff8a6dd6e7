//! The reference operation played with plans made by hand: what the parties sign, and that the
//! record accounts for everybody. The real planner plays in `cli`'s tests.

mod by_hand;
mod story;
