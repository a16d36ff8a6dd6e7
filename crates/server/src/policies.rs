//! The policies in force, as the room shows them.

use crate::api::Policy;
use crate::app::App;
use axum::Json;
use axum::extract::State;

/// The policies in force, in order of file and name.
#[utoipa::path(
    get,
    path = "/api/v1/policies",
    tag = "looks",
    responses((status = 200, body = Vec<Policy>))
)]
pub async fn get_policies(State(app): State<App>) -> Json<Vec<Policy>> {
    let mut policies: Vec<Policy> = (app.policies.texts())
        .map(|text| Policy {
            id: text.id.to_string(),
            file: text.file.clone(),
            says: text.says.clone(),
            source: text.source.clone(),
            forbids: text.forbids,
        })
        .collect();
    policies.sort_by(|a, b| (&a.file, &a.id).cmp(&(&b.file, &b.id)));
    Json(policies)
}
