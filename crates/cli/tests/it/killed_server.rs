//! `kill -9` of the server while devices send: what it acknowledged is in the next verified tree.

use crate::amana::{Database, amana, hasakah, store};
use domain::{AuthorityId, Event, FactHash, Muster, Officer, OperationId, Role, SiteId};
use jiff::Timestamp;
use log::{DeviceChain, SigningKey};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::Node;

/// How often a server is killed: `few` in an ordinary run, more when `AMANA_FAULTS` says so.
fn rounds(few: usize) -> usize {
    std::env::var("AMANA_FAULTS").ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

/// A server that can be killed and started again at the same address.
struct Server {
    store: String,
    address: SocketAddr,
    process: Child,
}

impl Server {
    fn start(store: &str) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let process = Self::spawn(store, address);
        Self { store: store.to_owned(), address, process }
    }

    fn spawn(store: &str, address: SocketAddr) -> Child {
        let listen = address.to_string();
        let process = Command::new(env!("CARGO_BIN_EXE_amana"))
            .args(["serve", "--store", store, "--listen", &listen, "--web", "/nowhere"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect(address).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        process
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn restart(&mut self) {
        self.process = Self::spawn(&self.store, self.address);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The own key of an authority in the exercise of seed 1, by the name that the simulator gives it.
fn own_key(authority: &str) -> SigningKey {
    SigningKey::from_bytes(
        &log::hash_of(format!("amana/exercise-key/v1 1 {authority}/keyholder/-/0").as_bytes()).0,
    )
}

/// Sends one entry; the position it was acknowledged at, or `None` when no answer came.
fn post(to: SocketAddr, entry: &[u8]) -> Option<u64> {
    let mut stream = TcpStream::connect(to).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).ok()?;
    let head = format!(
        "POST /api/v1/facts HTTP/1.1\r\nhost: {to}\r\ncontent-type: application/cose\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        entry.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(entry).ok()?;
    let mut answer = BufReader::new(stream);
    let mut status = String::new();
    answer.read_line(&mut status).ok()?;
    let mut rest = String::new();
    answer.read_to_string(&mut rest).ok()?;
    match status.split(' ').nth(1)? {
        "200" | "201" => {}
        // Nothing was decided: send again.
        "503" => return None,
        _ => panic!("{status}{rest}"),
    }
    let body: serde_json::Value = serde_json::from_str(rest.split("\r\n\r\n").nth(1)?).ok()?;
    body["position"].as_u64()
}

/// A device that sends its facts one after the other, each until it is acknowledged, to whichever
/// server answers.
fn send(
    mut device: DeviceChain,
    to: &[SocketAddr],
    stop: &AtomicBool,
    kept: &Mutex<Vec<(u64, FactHash)>>,
) {
    let begin = device.sequence;
    for n in begin.. {
        let mut random = [0; 10];
        random[..2].copy_from_slice(&device.device().0[..2]);
        random[2..].copy_from_slice(&n.to_be_bytes());
        let at = Timestamp::from_second(1_769_018_400 + n as i64).unwrap();
        let count = Muster::ByNumber { expected: n as u32, counted: n as u32 };
        let site = SiteId::new("hasakah").unwrap();
        let event = Event::MusterTaken { site, count };
        let id = log::fact_id(at.as_millisecond() as u64, random);
        let entry = device.sign(id, at, event).unwrap();
        for server in to.iter().cycle().skip(n as usize) {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            if let Some(position) = post(*server, &entry.bytes) {
                kept.lock().unwrap().push((position - 1, log::hash_of(&entry.bytes)));
                break;
            }
        }
    }
}

/// Two servers on one store, one of them killed and started again while devices send.
fn kill_and_go_on(url: &str) {
    let scenario = hasakah();
    amana(&["init", "--store", url, "--scenario", scenario.to_str().unwrap()]).ok();
    let node = Node::open(url).unwrap();
    let chain = |authority: &&str| {
        let officer = Officer { role: Role::Keyholder, number: 1 };
        let operation: OperationId = node.operation().clone();
        let own = AuthorityId::new(authority).unwrap();
        let key = own_key(authority);
        let mut chain = DeviceChain::new(key, own, officer, operation, node.origin());
        // It enrolled its authority's office already.
        let head = node.read(|state| {
            let head = state.record.device(&chain.device())?.head()?;
            Some((head.sequence, head.first()))
        });
        let (sequence, last) = head.expect("a keyholder that has signed");
        (chain.sequence, chain.previous) = (sequence + 1, Some(last));
        chain
    };
    let devices: Vec<_> = ["sender", "escort-force", "air-cover"].iter().map(chain).collect();
    drop(node);
    let mut servers = [Server::start(url), Server::start(url)];
    let addresses = servers.each_ref().map(|server| server.address);
    let (stop, kept) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for device in devices {
            scope.spawn(|| send(device, &addresses, &stop, &kept));
        }
        for round in 0..rounds(4) {
            let more = kept.lock().unwrap().len() + 25;
            while kept.lock().unwrap().len() < more {
                std::thread::sleep(Duration::from_millis(5));
            }
            servers[round % 2].kill();
            let told = amana(&["verify", "--store", url, "--json"]).json();
            assert_eq!(told["holds"], true, "{told}");
            servers[round % 2].restart();
        }
        stop.store(true, Ordering::Relaxed);
    });
    drop(servers);
    let told = amana(&["verify", "--store", url, "--json"]).json();
    assert_eq!((&told["holds"], &told["notes"]), (&true.into(), &serde_json::json!([])), "{told}");
    let node = Node::open(url).unwrap();
    let kept = kept.into_inner().unwrap();
    for (position, hash) in &kept {
        assert_eq!(node.read(|state| state.position_of(hash)), Some(*position));
    }
    println!("{} facts acknowledged, none lost", kept.len());
}

#[test]
fn acknowledged_facts_outlive_the_server_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    kill_and_go_on(&store(dir.path()));
}

#[test]
fn acknowledged_facts_outlive_the_server_on_postgres() {
    let dir = tempfile::tempdir().unwrap();
    kill_and_go_on(&Database::new(dir.path(), "killed").url);
}
