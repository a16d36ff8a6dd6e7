//! Words, ids, facts, the custody fold, gates and discrepancies. Pure: no clock, file, socket,
//! randomness, database or serialisation. It cannot tell how it is stored or who is looking.

pub mod ids;
