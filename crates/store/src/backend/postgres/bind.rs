//! Our values as PostgreSQL's.

use crate::backend::{Kind, Table, Value};
use ::postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use std::error::Error;

impl Kind {
    pub(super) fn sql_name(self) -> &'static str {
        match self {
            Self::Bool => "boolean",
            Self::Int => "bigint",
            Self::Text => "text",
            Self::Bytes => "bytea",
        }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Bool(value) => value.to_sql(ty, out),
            Self::Int(value) => value.to_sql(ty, out),
            Self::Text(value) => value.to_sql(ty, out),
            Self::Bytes(value) => value.to_sql(ty, out),
        }
    }

    /// Our tables have these types only; another one is a mistake in a statement.
    fn accepts(ty: &Type) -> bool {
        [Type::BOOL, Type::INT8, Type::TEXT, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

/// Rows turned into an array for each column.
pub(super) fn columns<'a>(
    into: &Table,
    rows: &'a [Vec<Value<'a>>],
) -> Vec<Box<dyn ToSql + Sync + 'a>> {
    let column = |(n, (_, kind)): (usize, &(_, Kind))| -> Box<dyn ToSql + Sync + 'a> {
        let values = rows.iter().map(move |row| row[n]);
        match kind {
            Kind::Bool => boxed(values, |v| if let Value::Bool(v) = v { Some(v) } else { None }),
            Kind::Int => boxed(values, |v| if let Value::Int(v) = v { Some(v) } else { None }),
            Kind::Text => boxed(values, |v| if let Value::Text(v) = v { Some(v) } else { None }),
            Kind::Bytes => boxed(values, |v| if let Value::Bytes(v) = v { Some(v) } else { None }),
        }
    };
    into.columns.iter().enumerate().map(column).collect()
}

fn boxed<'a, T: ToSql + Sync + 'a>(
    values: impl Iterator<Item = Value<'a>>,
    pick: fn(Value<'a>) -> Option<T>,
) -> Box<dyn ToSql + Sync + 'a> {
    Box::new(values.map(pick).collect::<Vec<Option<T>>>())
}
