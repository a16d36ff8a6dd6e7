//! Published heads, with the cosignatures that witnesses gave them.

use crate::backend::{Kind, Look, Row, Rows, Table, Value};
use crate::error::StoreError;
use crate::node::Node;

/// A head that was signed and shown to witnesses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptHead {
    /// Entries under it.
    pub size: u64,
    /// The signed note: C2SP tlog-checkpoint.
    pub note: String,
    /// Whether as many witnesses cosigned as the policy of that time asked for.
    pub quorum: bool,
}

pub(crate) const COSIGNED_HEAD: Table = Table {
    name: "cosigned_head",
    columns: &[("size", Kind::Int), ("note", Kind::Text), ("quorum", Kind::Bool)],
    order: "size",
    conflict: "",
};

const SELECT: &str = "select size, note, quorum from cosigned_head";

fn of_row(row: &Row) -> Result<KeptHead, StoreError> {
    Ok(KeptHead { size: row.count(0)?, note: row.get(1)?, quorum: row.get(2)? })
}

/// All kept heads, smallest first.
pub(crate) fn heads(look: &dyn Look) -> Result<Vec<KeptHead>, StoreError> {
    look.all("read the published heads", &format!("{SELECT} order by size"), &[], of_row)
}

impl Node {
    /// Keeps a published head; one of the same size gives way to it.
    pub fn keep_head(&self, head: &KeptHead) -> Result<(), StoreError> {
        let turn = self.turn()?;
        let sql = "insert into cosigned_head (size, note, quorum) values ($1, $2, $3) \
                   on conflict (size) do update set note = excluded.note, quorum = excluded.quorum";
        let size = i64::try_from(head.size).unwrap_or(i64::MAX);
        let row = [Value::Int(size), (&head.note).into(), Value::Bool(head.quorum)];
        turn.execute("keep a published head", sql, &row)?;
        turn.commit("keep a published head")
    }

    /// All kept heads, smallest first.
    pub fn heads(&self) -> Result<Vec<KeptHead>, StoreError> {
        heads(&*self.store.glance())
    }

    /// The largest kept head; with `quorum`, of those that enough witnesses cosigned.
    pub fn newest_head(&self, quorum: bool) -> Result<Option<KeptHead>, StoreError> {
        let sql = format!("{SELECT} where quorum or not $1 order by size desc limit 1");
        self.store.glance().one("read the newest head", &sql, &[Value::Bool(quorum)], of_row)
    }
}
