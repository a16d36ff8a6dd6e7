//! What is worked out of the plan in force and kept for as long as it is.

use crate::fold::Fold;
use crate::views::plan::Planned;
use domain::PlanHash;
use std::sync::{Arc, Mutex, PoisonError};
use store::StoreError;

/// What was worked out of the plan in force, for as long as it is; that may take a moment.
pub(crate) struct OfPlan<T>(Mutex<Option<(PlanHash, Arc<T>)>>);

impl<T> Default for OfPlan<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> OfPlan<T> {
    /// Worked out once, while others wait; `None` without a plan, or where what it takes is not kept here.
    /// Blocking.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn now(
        &self,
        fold: &Fold,
        work_out: impl FnOnce(&PlanHash, &Planned) -> Result<Option<T>, StoreError>,
    ) -> Result<Option<Arc<T>>, StoreError> {
        let in_force = fold.plans.revisions.last();
        let Some((revision, planned)) = in_force.and_then(|r| Some((r, r.planned.as_deref()?)))
        else {
            return Ok(None);
        };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept.as_ref().filter(|(of, _)| *of == revision.plan) {
            return Ok(Some(known.clone()));
        }
        let Some(known) = work_out(&revision.plan, planned)?.map(Arc::new) else { return Ok(None) };
        *kept = Some((revision.plan, known.clone()));
        Ok(Some(known))
    }
}
