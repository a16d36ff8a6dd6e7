//! Processes that write to a record until they are killed, or until something fails.

use crate::world::*;
use domain::*;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use store::Node;

const URL: &str = "AMANA_TEST_CHILD_STORE";
const SEED: &str = "AMANA_TEST_CHILD_DEVICE";
const ROUND: &str = "AMANA_TEST_CHILD_ROUND";
const GROUPS: &str = "AMANA_TEST_CHILD_GROUPS";

/// How often a fault is tried: `few` in an ordinary run, more when `AMANA_FAULTS` says so.
pub fn rounds(few: usize) -> usize {
    std::env::var("AMANA_FAULTS").ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

/// What a child is to do.
#[derive(Clone)]
pub struct Task {
    pub url: String,
    /// Of the device it signs with; its key is enrolled already.
    pub seed: u8,
    /// Makes the ids of its facts its own.
    pub round: u16,
    /// After so many groups of facts it ends; otherwise it is killed.
    pub groups: Option<u32>,
}

impl Task {
    /// The command that does it: this very program, running [`child`].
    pub fn command(&self) -> Command {
        self.arguments(Command::new(std::env::current_exe().unwrap()))
    }

    /// The same under another program, as `strace` or `sh`, whose arguments come first.
    pub fn under(&self, mut command: Command) -> Command {
        command.arg(std::env::current_exe().unwrap());
        self.arguments(command)
    }

    fn arguments(&self, mut command: Command) -> Command {
        command
            .args(["--exact", "children::child", "--nocapture", "--test-threads=1"])
            .env(URL, &self.url)
            .env(SEED, self.seed.to_string())
            .env(ROUND, self.round.to_string())
            .env(GROUPS, self.groups.unwrap_or(u32::MAX).to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    }
}

/// Does nothing when run as a test. It acknowledges each fact on its standard output, as a server
/// would to a phone.
#[test]
fn child() {
    let told = |name| std::env::var(name).ok();
    let Some(url) = told(URL) else { return };
    let number = |name| told(name).unwrap().parse::<u32>().unwrap();
    let (seed, round, groups) = (number(SEED) as u8, number(ROUND) as u16, number(GROUPS));
    let node = Node::open(&url).unwrap();
    let mut device = chain(if seed == 2 { "escort" } else { "custody" }, seed);
    if let Some(head) = node.read(|s| s.record.device(&device.device())?.head()) {
        device.sequence = head.sequence + 1;
        device.previous = Some(head.first());
    }
    let site = SiteId::new("north").unwrap();
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nready").unwrap();
    for group in 0..groups {
        let entries: Vec<_> = (0..group % 7 + 1)
            .map(|n| {
                let mut random = [seed; 10];
                random[1..3].copy_from_slice(&round.to_be_bytes());
                random[3..7].copy_from_slice(&group.to_be_bytes());
                random[7] = n as u8;
                let count = Muster::ByNumber { expected: group, counted: n };
                let event = Event::MusterTaken { site: site.clone(), count };
                device.sign(log::fact_id(7, random), at(group.into()), event).unwrap().bytes
            })
            .collect();
        for answer in node.submit_all(&entries, at(9)) {
            match answer {
                Ok(receipt) => writeln!(out, "ack {} {}", receipt.position, receipt.hash).unwrap(),
                Err(error) => {
                    writeln!(out, "failed {}", error.code()).unwrap();
                    return;
                }
            }
        }
        out.flush().unwrap();
    }
}

/// A child that runs, and what it has acknowledged so far.
pub struct Writer {
    process: Child,
    pub acknowledged: Arc<Mutex<Vec<(u64, FactHash)>>>,
    reading: Option<std::thread::JoinHandle<()>>,
}

impl Writer {
    pub fn start(mut command: Command) -> Self {
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let acknowledged = Arc::<Mutex<Vec<_>>>::default();
        let kept = acknowledged.clone();
        let reading = std::thread::spawn(move || {
            // A line cut short by the kill was no acknowledgement.
            for line in lines.map_while(Result::ok) {
                let Some(ack) = line.strip_prefix("ack ") else { continue };
                let Some((position, hash)) = ack.split_once(' ') else { continue };
                let (Ok(position), Ok(hash)) = (position.parse(), FactHash::parse(hash)) else {
                    continue;
                };
                kept.lock().unwrap().push((position, hash));
            }
        });
        Self { process, acknowledged, reading: Some(reading) }
    }

    pub fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// Waits until so many facts were acknowledged.
    ///
    /// # Panics
    /// When the child ends before.
    pub fn wait_for(&mut self, count: usize) {
        while self.count() < count {
            assert!(self.process.try_wait().unwrap().is_none(), "the child ended early");
            std::thread::yield_now();
        }
    }

    /// `kill -9`; gives what had been acknowledged.
    pub fn kill(mut self) -> Vec<(u64, FactHash)> {
        self.process.kill().unwrap();
        self.end()
    }

    /// Waits until it ends by itself; gives what had been acknowledged.
    pub fn end(&mut self) -> Vec<(u64, FactHash)> {
        self.process.wait().unwrap();
        if let Some(reading) = self.reading.take() {
            reading.join().unwrap();
        }
        std::mem::take(&mut self.acknowledged.lock().unwrap())
    }
}

/// Everything acknowledged is in the record, where it was said to be, and the record holds.
#[track_caller]
pub fn assert_kept(w: &World, acknowledged: &[(u64, FactHash)]) {
    let after = Node::open_with(&w.place.url, store::Check::Signatures).unwrap();
    for (position, hash) in acknowledged {
        assert_eq!(after.read(|s| s.position_of(hash)), Some(*position));
    }
    assert_eq!(w.findings(), [""; 0]);
}
