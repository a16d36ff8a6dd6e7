//! `kill -9` in the middle of writing: every acknowledged fact is there afterwards.

use crate::world::*;
use domain::*;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use store::{Check, Node};

const URL: &str = "AMANA_TEST_KILLED_STORE";
const ROUND: &str = "AMANA_TEST_KILLED_ROUND";

/// The process that is killed: does nothing when run as a test. It acknowledges each fact on its
/// standard output, as a server would to a phone, and goes on until it is killed.
#[test]
fn child() {
    let (Ok(url), Ok(round)) = (std::env::var(URL), std::env::var(ROUND)) else { return };
    let node = Node::open(&url).unwrap();
    let mut escort = chain("escort", 2);
    let held = node.read(|s| s.record.devices().get(&escort.device()).map(|d| d.chain.clone()));
    if let Some((sequence, hashes)) = held.unwrap_or_default().pop_last() {
        escort.sequence = sequence + 1;
        escort.previous = hashes.first().copied();
    }
    let site = SiteId::new("north").unwrap();
    let mut random = [round.parse::<u8>().unwrap(); 10];
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nready").unwrap();
    for group in 0u32.. {
        let entries: Vec<_> = (0..group % 7 + 1)
            .map(|n| {
                random[2..6].copy_from_slice(&group.to_be_bytes());
                random[6..].copy_from_slice(&n.to_be_bytes());
                let count = Muster::ByNumber { expected: group, counted: n };
                let event = Event::MusterTaken { site: site.clone(), count };
                escort.sign(log::fact_id(7, random), at(group.into()), event).unwrap().bytes
            })
            .collect();
        for receipt in node.submit_all(&entries, at(9)) {
            let receipt = receipt.unwrap();
            writeln!(out, "ack {} {}", receipt.position, receipt.hash).unwrap();
        }
        out.flush().unwrap();
    }
}

#[test]
fn what_was_acknowledged_outlives_the_process() {
    let w = World::with_a_short_story();
    let url = w.node.url().to_owned();
    for round in 0..4 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::child", "--nocapture", "--test-threads=1"])
            .env(URL, &url)
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut acknowledged = Vec::new();
        for line in lines.by_ref() {
            let mut words = line.split(' ');
            if words.next() != Some("ack") {
                continue;
            }
            let position: u64 = words.next().unwrap().parse().unwrap();
            let hash = FactHash::parse(words.next().unwrap()).unwrap();
            acknowledged.push((position, hash));
            if acknowledged.len() == 40 + 13 * round {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!acknowledged.is_empty(), "the child never got to write");
        let after = Node::open_with(&url, Check::Signatures).unwrap();
        for (position, hash) in acknowledged {
            assert_eq!(after.read(|s| s.position_of(&hash)), Some(position));
        }
        assert_eq!(w.findings(), [""; 0]);
    }
}
