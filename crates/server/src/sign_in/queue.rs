//! What is slow and open to everybody, a few at a time: a password's check takes 19 MiB and a core, a
//! provider is asked and waited for.

use crate::api::Problem;
use crate::problem::ProblemCode;
use crate::sentence::Sentence;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// When somebody who was turned away asks again, in seconds.
const AGAIN_S: u32 = 3;

/// A few run, some wait, the rest is asked to come again.
#[derive(Clone)]
pub struct Queue {
    running: Arc<Semaphore>,
    inside: Arc<Semaphore>,
}

/// A turn in the queue, until it is dropped: give it to the work, which goes on when nobody waits for it.
pub struct Turn {
    _running: OwnedSemaphorePermit,
    _inside: OwnedSemaphorePermit,
}

impl Queue {
    pub fn new(running: usize, waiting: usize) -> Self {
        let inside = Arc::new(Semaphore::new(running + waiting));
        Self { running: Arc::new(Semaphore::new(running)), inside }
    }

    pub async fn turn(&self) -> Result<Turn, Problem> {
        let inside = self.inside.clone().try_acquire_owned().map_err(|_| busy())?;
        let running = self.running.clone().acquire_owned().await.map_err(|_| busy())?;
        Ok(Turn { _running: running, _inside: inside })
    }
}

fn busy() -> Problem {
    let problem = Problem::saying(ProblemCode::SignInBusy, Sentence::Queue, []);
    Problem { wait_s: Some(AGAIN_S), ..problem }
}

/// The queues at the door. Who is known has one of their own, so that a flood keeps only strangers out.
#[derive(Clone)]
pub struct Queues {
    pub known: Queue,
    pub strangers: Queue,
    pub provider: Queue,
}

impl Default for Queues {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            known: Queue::new(cores, 64),
            strangers: Queue::new(cores, 32),
            provider: Queue::new(8, 32),
        }
    }
}
