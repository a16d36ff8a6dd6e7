//! Heads are published with their witnesses, and not at all once a witness holds what was lost.

use crate::connections::{from, hasty, until_cut_off};
use crate::counted;
use crate::world::World;
use log::{Policy, SigningKey, WitnessKey};
use oversight::Witness;
use server::publisher::Publisher;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Node;

const ORIGIN: &str = "amana.test/publisher";
const BEAT: Duration = Duration::from_millis(20);

/// A record with so many counts said in it.
fn record(dir: &Path, name: &str, said: u32) -> Arc<Node> {
    let said: Vec<u32> = (0..said).collect();
    Arc::new(counted::record(dir, name, ORIGIN, &said))
}

/// A witness of that log, running until the test ends.
fn witness(dir: &Path, node: &Node) -> (WitnessKey, String) {
    let (key, address) = witness_within(server::Limits::default(), dir, node);
    (key, format!("http://{address}"))
}

/// One that answers as `amana witness` does.
fn witness_within(limits: server::Limits, dir: &Path, node: &Node) -> (WitnessKey, SocketAddr) {
    let key = || WitnessKey::new("witness.test/w", SigningKey::from_bytes(&[8; 32])).unwrap();
    let witness = Witness::open(dir, key(), vec![node.verifier().unwrap()]).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let never = std::future::pending::<()>();
            let routes = oversight::witness::serve::router(Arc::new(witness));
            server::serve_routes(server::Door::Plain(listener), routes, limits, never).await;
        });
    });
    (key(), address)
}

fn policy(node: &Node, key: &WitnessKey, url: &str) -> Policy {
    let (log, witness) = (node.vkey().unwrap(), key.cosigner().vkey());
    Policy::parse(&format!("log {log}\nwitness w {witness} {url}\nquorum w\n")).unwrap()
}

fn wait_for(what: &str, seen: impl Fn() -> bool) {
    let begun = Instant::now();
    while !seen() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what} never came");
        std::thread::sleep(BEAT);
    }
}

#[test]
fn a_head_is_published_once_a_witness_cosigned_it() {
    let dir = tempfile::tempdir().unwrap();
    let node = record(dir.path(), "record.db", 5);
    let (key, url) = witness(&dir.path().join("witness"), &node);
    let publisher = Publisher::start(node.clone(), policy(&node, &key, &url), BEAT).unwrap();
    wait_for("a witnessed head", || node.newest_head(true).unwrap().is_some());
    let head = node.newest_head(true).unwrap().unwrap();
    assert_eq!(head.size, 6);
    let note = log::Note::parse(&head.note).unwrap();
    assert!(key.cosigner().find(&note).unwrap().is_some());
    assert_eq!(publisher.publishing.halted(), None);
}

#[test]
fn without_its_witness_a_head_is_kept_and_not_published() {
    let dir = tempfile::tempdir().unwrap();
    let node = record(dir.path(), "record.db", 5);
    let key = WitnessKey::new("witness.test/w", SigningKey::from_bytes(&[8; 32])).unwrap();
    // Nobody listens there.
    let policy = policy(&node, &key, "http://127.0.0.1:9");
    let publisher = Publisher::start(node.clone(), policy, BEAT).unwrap();
    wait_for("a kept head", || node.newest_head(false).unwrap().is_some());
    assert!(node.newest_head(true).unwrap().is_none());
    assert_eq!(publisher.publishing.halted(), None, "it goes on asking");
}

#[test]
fn an_old_backup_that_a_witness_remembers_is_not_signed_on() {
    let dir = tempfile::tempdir().unwrap();
    let node = record(dir.path(), "record.db", 5);
    let (key, url) = witness(&dir.path().join("witness"), &node);
    let policy = policy(&node, &key, &url);
    let publisher = Publisher::start(node.clone(), policy.clone(), BEAT).unwrap();
    wait_for("a witnessed head", || node.newest_head(true).unwrap().is_some());
    drop(publisher);

    // On another machine, with the log's key and without the note of what was signed last.
    let other = dir.path().join("other");
    std::fs::create_dir(&other).unwrap();
    let restored = record(&other, "record.db", 3);
    let publisher = Publisher::start(restored.clone(), policy, BEAT).unwrap();
    wait_for("the halt", || publisher.publishing.halted().is_some());
    let why = publisher.publishing.halted().unwrap();
    assert!(why.contains("a head of 6 entries was signed"), "{why}");
    drop(publisher);
    assert!(restored.newest_head(false).unwrap().is_none(), "nothing was published");
}

/// A witness takes connections as the server does, so a stranger holds one of it no longer.
#[test]
fn half_a_header_to_a_witness_is_cut_off() {
    let (world, dir) = (World::new(), tempfile::tempdir().unwrap());
    let (_, address) = witness_within(hasty(), dir.path(), &world.node);
    let mut line = from("127.0.0.1", address);
    line.write_all(b"POST /add-checkp").unwrap();
    until_cut_off(&mut line);
}
