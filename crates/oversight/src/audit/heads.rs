//! Heads that were kept: each must be signed, and of a tree that the entries begin with.

use super::{finding, hex};
use log::{Note, Policy, Tree};
use store::Finding;

/// What was found about kept heads.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Heads {
    /// Signed heads looked at.
    pub checked: usize,
    /// Entries under the largest head with a quorum, and who cosigned it; `None` when the policy asks
    /// for witnesses and no head has enough.
    pub witnessed: Option<(u64, Vec<String>)>,
    /// Whether the policy asks for witnesses.
    pub asked: bool,
}

/// Checks signed heads against what the entries fold to. A head that does not fit is the proof of a
/// fork: the log's key signed two histories.
pub fn check_heads(
    policy: &Policy,
    tree: &Tree,
    notes: &[String],
    findings: &mut Vec<Finding>,
) -> Heads {
    let mut heads = Heads { asked: policy.asks_for_witnesses(), ..Heads::default() };
    for text in notes {
        let judged = Note::parse(text).map_err(|e| e.to_string());
        let judged = judged.and_then(|note| policy.judge(&note).map_err(|e| e.to_string()));
        let judged = match judged {
            Ok(judged) => judged,
            Err(what) => {
                findings.push(finding("head-signature", None, what));
                continue;
            }
        };
        heads.checked += 1;
        let (size, root) = (judged.checkpoint.size, judged.checkpoint.root);
        let by: Vec<String> = judged.by.into_iter().map(|(name, _)| name).collect();
        match tree.root_at(size) {
            Some(held) if held == root => {}
            Some(held) => {
                let what = format!(
                    "the log signed {} for {size} entries (cosigned by {}), which fold to {}",
                    hex(&root),
                    if by.is_empty() { "nobody".to_owned() } else { by.join(", ") },
                    hex(&held)
                );
                findings.push(finding("log-forked", None, what));
                continue;
            }
            None => {
                let what = format!("the log signed {size} entries, {} are there", tree.size());
                findings.push(finding("log-cut", None, what));
                continue;
            }
        }
        if judged.quorum && heads.witnessed.as_ref().is_none_or(|(held, _)| *held <= size) {
            heads.witnessed = Some((size, by));
        }
    }
    if heads.asked && heads.witnessed.is_none() {
        let what = "no head was cosigned by as many witnesses as the policy asks for";
        findings.push(finding("not-witnessed", None, what.to_owned()));
    }
    heads
}
