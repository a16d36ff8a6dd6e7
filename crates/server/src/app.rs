use crate::play::PlayHandle;
use scenario::Scenario;
use std::sync::Arc;

#[derive(Clone)]
pub struct App {
    pub scenario: Arc<Scenario>,
    pub play: Option<PlayHandle>,
}
