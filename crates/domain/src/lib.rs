//! Words, ids, facts, the custody fold, gates and discrepancies. Pure: no clock, file, socket,
//! randomness, database or serialisation. It cannot tell how it is stored or who is looking.

mod code;
pub mod custody;
mod deciders;
pub mod discrepancy;
pub mod erasure;
pub mod fact;
pub mod hearing;
pub mod ids;
pub mod keys;
pub mod obligation;
pub mod particulars;
pub mod policy_texts;
pub mod record;
pub mod rules;
pub mod silence;
pub mod standing;

pub use custody::{Account, Custody, Misfit, Place, RefusalReason, Step};
pub use deciders::Deciders;
pub use discrepancy::{Discrepancy, DiscrepancyCode, Resolution, discrepancies};
pub use erasure::ErasureRefusal;
pub use fact::*;
pub use hearing::{Hearing, Lacking, Said};
pub use ids::*;
pub use keys::{ChainHead, Enrolment, Keys, Revocation, RevocationReason, Term};
pub use particulars::{
    BreakGlass, ErasureGround, Look, Looker, Purpose, Relation, Section, Writing,
};
pub use policy_texts::PolicyTexts;
pub use record::{Change, Device, Gap, GateState, Numbered, Record};
pub use silence::{Silence, longest_silence, silences};
pub use standing::{Contest, Ruling, Standing};
