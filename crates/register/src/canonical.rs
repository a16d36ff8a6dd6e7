//! One form for one content: JSON as RFC 8785 (JCS) writes it, of what sections hold.

use serde::Serialize;
use serde_json::Value;

/// A section has no canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// Two readers could write it in two ways.
    #[error("a section holds whole numbers between -2^53 and 2^53 only")]
    Number,
    /// RFC 8785 sorts by UTF-16, we by bytes: of ASCII both are the same.
    #[error("a section's keys are plain ASCII")]
    Key,
    #[error("it cannot be written as JSON")]
    Json,
}

/// The bytes that a commitment is made over: keys sorted, no spaces, nothing twice.
pub fn canonical(section: &impl Serialize) -> Result<Vec<u8>, NotCanonical> {
    let value = serde_json::to_value(section).map_err(|_| NotCanonical::Json)?;
    let mut out = Vec::new();
    write(&value, &mut out)?;
    Ok(out)
}

/// Whether bytes are in canonical form.
pub fn is_canonical(bytes: &[u8]) -> bool {
    let value: Option<Value> = serde_json::from_slice(bytes).ok();
    value.is_some_and(|value| canonical(&value).is_ok_and(|again| again == bytes))
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => plain(value, out),
        Value::Number(number) => {
            const EXACT: i64 = 1 << 53;
            let whole = number.as_i64().filter(|n| (-EXACT..=EXACT).contains(n));
            whole.ok_or(NotCanonical::Number)?;
            plain(value, out)
        }
        Value::Array(items) => {
            out.push(b'[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
            Ok(())
        }
        Value::Object(fields) => {
            // Whether the map is sorted depends on a feature that any crate may switch on.
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| *key);
            out.push(b'{');
            for (n, (key, value)) in fields.into_iter().enumerate() {
                if !key.is_ascii() {
                    return Err(NotCanonical::Key);
                }
                if n > 0 {
                    out.push(b',');
                }
                plain(&Value::String(key.clone()), out)?;
                out.push(b':');
                write(value, out)?;
            }
            out.push(b'}');
            Ok(())
        }
    }
}

/// `serde_json` escapes as RFC 8785 section 3.2.2.2 asks: what must be, in its shortest form.
fn plain(value: &Value, out: &mut Vec<u8>) -> Result<(), NotCanonical> {
    serde_json::to_writer(out, value).map_err(|_| NotCanonical::Json)
}
