//! A served record of a few invented people, and the parties who sign for them.

use domain::*;
use jiff::Timestamp;
use log::{DeviceChain, SignedEntry, SigningKey};
use scenario::Scenario;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::{Document, Genesis, Node, Particulars};

const ORIGIN: &str = "amana.test/server";
/// The first convoy of the first night.
pub const MOVEMENT: &str = "2026-01-21/01";

/// A running server; it stops when this is dropped.
pub struct World {
    pub node: Arc<Node>,
    pub url: String,
    store: PathBuf,
    address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
    agent: ureq::Agent,
    devices: BTreeMap<&'static str, DeviceChain>,
    /// The last fact of each person's custody, as the parties know it.
    tips: BTreeMap<PersonId, FactHash>,
    ids: u8,
    _dir: tempfile::TempDir,
}

/// An answer: status, content type, body.
pub struct Answer {
    pub status: u16,
    pub kind: String,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }
    /// The code of a problem, once the rest of the envelope is as it should be.
    pub fn problem(&self) -> String {
        assert_eq!(self.kind, "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        for field in ["title", "detail", "next"] {
            assert!(!problem[field].as_str().unwrap().is_empty(), "{field}: {}", self.text);
        }
        problem["code"].as_str().unwrap().to_owned()
    }
}

pub fn person(number: u32) -> PersonId {
    PersonId::issue('A', number)
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn key(who: &str) -> SigningKey {
    SigningKey::from_bytes(&log::hash_of(who.as_bytes()).0)
}

fn scenario_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/hasakah-2026")
}

fn scenario() -> Arc<Scenario> {
    Arc::new(Scenario::read(&scenario_dir()).unwrap())
}

impl World {
    /// Opened, with an enrolled device for each party; nobody is registered yet. An exercise.
    pub fn new() -> Self {
        Self::with_web(None)
    }

    pub fn with_web(web: Option<PathBuf>) -> Self {
        Self::opened(web, vec![(server::play::EXERCISE_SEED.to_owned(), "1".to_owned())])
    }

    /// The same, and no exercise.
    pub fn in_earnest() -> Self {
        Self::opened(None, Vec::new())
    }

    fn opened(web: Option<PathBuf>, settings: Vec<(String, String)>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let scenario = scenario();
        let operation = scenario.operation.id.clone();
        let parties = ["sender", "escort-force", "justice", "judicial-council", "air-cover"];
        let chain = |key: SigningKey, party: &str, role, number| {
            let officer = Officer { role, number };
            let authority = AuthorityId::new(party).unwrap();
            DeviceChain::new(key, authority, officer, operation.clone(), ORIGIN)
        };
        let named = parties.map(|name| Party {
            authority: AuthorityId::new(name).unwrap(),
            key: log::public_key(&key(name)),
            resolves: name == "judicial-council",
        });
        let mut own: Vec<_> =
            parties.iter().map(|p| chain(key(p), p, Role::Keyholder, 1)).collect();
        let deciders = Some(Box::new(scenario.deciders()));
        let opening = Event::OperationOpened { authorities: named.to_vec(), deciders };
        let begun = at("2026-01-10T06:00:00Z");
        let opening = own[0].sign(log::fact_id(1, [0; 10]), begun, opening).unwrap();
        let towns = std::fs::read(scenario_dir().join("map/towns.csv")).unwrap();
        let store = dir.path().join("record.db");
        let genesis = Genesis {
            origin: ORIGIN.to_owned(),
            node: None,
            opening: opening.bytes,
            recorded_at: begun,
            documents: vec![Document {
                name: "scenario/map/towns.csv".to_owned(),
                media_type: "text/csv".to_owned(),
                bytes: towns,
            }],
            settings,
            log_key: Some([9; 32]),
            register: Some(register::Keyring {
                device: key("register"),
                sealing: vec![register::RegisterKey::new([8; 32])],
            }),
        };
        let node = Node::create(&format!("sqlite:{}", store.display()), genesis).unwrap();
        let enrolled = Event::DeviceEnrolled {
            key: log::public_key(&key("register")),
            role: Role::Register,
            site: None,
            term: None,
        };
        let entry = own[0].sign(log::fact_id(3, [0; 10]), begun, enrolled).unwrap();
        node.submit(&entry.bytes, begun).unwrap();
        let mut devices = BTreeMap::new();
        for (n, party) in parties.into_iter().enumerate() {
            let device = key(&format!("{party} desk"));
            let enrolled = Event::DeviceEnrolled {
                key: log::public_key(&device),
                role: Role::Registrar,
                site: None,
                term: None,
            };
            let id = log::fact_id(2, [n as u8; 10]);
            let entry = own[n].sign(id, begun, enrolled).unwrap();
            node.submit(&entry.bytes, begun).unwrap();
            devices.insert(party, chain(device, party, Role::Registrar, 7));
        }
        let node = Arc::new(node);
        let (address, stop, thread) = run(node.clone(), scenario, web);
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        World {
            node,
            url: format!("http://{address}"),
            store,
            address,
            stop: Some(stop),
            thread: Some(thread),
            agent: config.into(),
            devices,
            tips: BTreeMap::new(),
            ids: 0,
            _dir: dir,
        }
    }

    /// Signs a fact and tells nobody.
    pub fn sign(&mut self, party: &str, when: &str, event: Event) -> SignedEntry {
        self.ids += 1;
        let id = log::fact_id(3, [self.ids; 10]);
        self.devices.get_mut(party).unwrap().sign(id, at(when), event).unwrap()
    }

    pub fn device(&self, party: &str) -> DeviceChain {
        self.devices[party].clone()
    }

    /// The key that the party answers with, its chain as the record has it.
    pub fn keyholder(&self, party: &str) -> DeviceChain {
        let mut chain = self.devices[party].clone();
        chain.key = key(party);
        chain.officer = Officer { role: Role::Keyholder, number: 1 };
        (chain.sequence, chain.previous) = self.node.read(|state| {
            let head = state.record.device(&chain.device()).and_then(|d| d.head());
            head.map_or((0, None), |head| (head.sequence + 1, Some(head.first())))
        });
        chain
    }

    /// Signs with any key's chain and posts; it has to be taken in.
    pub fn say_with(&mut self, chain: &mut DeviceChain, when: &str, event: Event) -> FactHash {
        self.ids += 1;
        let entry = chain.sign(log::fact_id(4, [self.ids; 10]), at(when), event).unwrap();
        let answer = self.post(&entry.bytes);
        assert_eq!(answer.status, 201, "{}", answer.text);
        entry.hash
    }

    /// Signs a fact and posts it; it has to be taken in.
    pub fn say(&mut self, party: &str, when: &str, event: Event) -> FactHash {
        let entry = self.sign(party, when, event);
        let answer = self.post(&entry.bytes);
        assert_eq!(answer.status, 201, "{}", answer.text);
        for (person, _, _) in log::decode(&entry.bytes).unwrap().claims().steps() {
            self.tips.insert(person, entry.hash);
        }
        entry.hash
    }

    /// People with the last fact of their custody.
    pub fn links(&self, people: &[u32]) -> Vec<Link> {
        people.iter().map(|n| Link { person: person(*n), after: self.tips[&person(*n)] }).collect()
    }

    pub fn post(&self, entry: &[u8]) -> Answer {
        self.post_as("application/cose", entry, "/api/v1/facts")
    }

    pub fn post_as(&self, kind: &str, body: &[u8], path: &str) -> Answer {
        let request = self.agent.post(format!("{}{path}", self.url)).content_type(kind);
        answer(request.send(body).unwrap())
    }

    pub fn get(&self, path: &str) -> Answer {
        answer(self.agent.get(format!("{}{path}", self.url)).call().unwrap())
    }

    /// As an officer of the exercise, `authority/role`.
    pub fn get_as(&self, who: &str, path: &str) -> Answer {
        let request = self.agent.get(format!("{}{path}", self.url));
        answer(request.header("cookie", format!("amana-as={who}")).call().unwrap())
    }

    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    pub fn feed(&self, last_seen: Option<u64>) -> Feed {
        let mut request = self.agent.get(format!("{}/api/v1/feed", self.url));
        if let Some(position) = last_seen {
            request = request.header("last-event-id", position.to_string());
        }
        let body = request.call().unwrap().into_body().into_reader();
        Feed(std::io::BufReader::new(Box::new(body)))
    }

    /// The same record opened by somebody else.
    pub fn other_process(&self) -> Node {
        Node::open(&format!("sqlite:{}", self.store.display())).unwrap()
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Another door to the same record, with limits of its own.
    pub fn another_door(
        &self,
        limits: server::Limits,
        tls: Option<server::Certificate>,
    ) -> Running {
        run_within(self.node.clone(), scenario(), None, limits, tls)
    }

    /// Rows that the node keeps beside the record and may change.
    pub fn cabinet_rows(&self) -> u64 {
        let open = rusqlite::Connection::open(&self.store).unwrap();
        let count = open.query_row("select count(*) from cabinet", (), |row| row.get::<_, i64>(0));
        u64::try_from(count.unwrap()).unwrap()
    }

    /// Six people registered at hasakah/w1 and cleared; their identity is in the register.
    pub fn register(&mut self) -> Vec<u32> {
        let numbers: Vec<u32> = (1..=6).collect();
        let sections = numbers.iter().map(|n| identity(*n));
        let sections: Vec<_> = sections.collect();
        self.node.keep_particulars(&sections, at("2026-01-12T05:00:00Z")).unwrap();
        let unit = UnitId::parse("hasakah/w1").unwrap();
        let people = sections.iter().map(|s| (s.person, s.commitment())).collect();
        self.say("sender", "2026-01-12T06:00:00Z", Event::Registered { unit, people });
        for gate in Gate::ALL {
            let people = numbers.iter().map(|n| person(*n)).collect();
            let event = Event::GateDecided {
                gate: *gate,
                outcome: GateOutcome::Passed,
                basis: Basis::Document,
                people,
                replaces: None,
            };
            self.say("judicial-council", "2026-01-15T06:00:00Z", event);
        }
        numbers
    }

    /// Boards everyone, hands them to the escort and departs. Returns the offer at the gate.
    pub fn depart(&mut self, people: &[u32]) -> FactHash {
        let movement = MovementId::parse(MOVEMENT).unwrap();
        let vehicle = VehicleId::new("hasakah-bus-01").unwrap();
        let named = people.iter().map(|n| person(*n)).collect();
        let vehicles = vec![(vehicle.clone(), named)];
        let when = "2026-01-21T13:30:00Z";
        self.say("sender", when, Event::ManifestFrozen { movement, vehicles });
        let links = self.links(people);
        let when = "2026-01-21T16:00:00Z";
        self.say("sender", when, Event::Boarded { movement, vehicle, people: links });
        let offer = self.offer("sender", "escort-force", "hasakah", "2026-01-21T16:30:00Z", people);
        let accepted = people.iter().map(|n| (person(*n), domain::Answer::Accepted)).collect();
        self.answer("escort-force", "2026-01-21T16:40:00Z", offer, accepted);
        let aboard = people.len() as u32;
        self.say("escort-force", "2026-01-21T17:00:00Z", Event::Departed { movement, aboard });
        offer
    }

    pub fn offer(
        &mut self,
        giver: &str,
        to: &str,
        site: &str,
        when: &str,
        people: &[u32],
    ) -> FactHash {
        let people = self.links(people);
        let event = Event::HandoverOffered {
            movement: MovementId::parse(MOVEMENT).unwrap(),
            to: AuthorityId::new(to).unwrap(),
            site: SiteId::new(site).unwrap(),
            people,
        };
        self.say(giver, when, event)
    }

    pub fn answer(
        &mut self,
        by: &str,
        when: &str,
        offer: FactHash,
        outcomes: Vec<(PersonId, domain::Answer)>,
    ) -> FactHash {
        self.say(by, when, Event::HandoverAnswered { offer, outcomes })
    }

    /// Arrives at karkh; the receiver takes all but the last two and places them.
    pub fn arrive(&mut self, people: &[u32]) {
        let movement = MovementId::parse(MOVEMENT).unwrap();
        let site = SiteId::new("karkh").unwrap();
        let when = "2026-01-22T05:00:00Z";
        self.say("escort-force", when, Event::Arrived { movement, site });
        let when = "2026-01-22T05:10:00Z";
        let offer = self.offer("escort-force", "justice", "karkh", when, people);
        let (taken, rest) = people.split_at(people.len() - 2);
        let mut outcomes: Vec<_> =
            taken.iter().map(|n| (person(*n), domain::Answer::Accepted)).collect();
        let papers = domain::Answer::Refused(RefusalReason::PapersMissing);
        outcomes.push((person(rest[0]), papers));
        outcomes.push((person(rest[1]), domain::Answer::NotPresent));
        self.answer("justice", "2026-01-22T05:40:00Z", offer, outcomes);
        let unit = UnitId::parse("karkh/w1").unwrap();
        let links = self.links(taken);
        self.say("justice", "2026-01-22T06:00:00Z", Event::Placed { unit, people: links });
    }
}

impl Drop for World {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let over = thread.join();
            assert!(std::thread::panicking() || over.is_ok(), "the server failed");
        }
    }
}

pub type Running = (SocketAddr, tokio::sync::oneshot::Sender<()>, std::thread::JoinHandle<()>);

fn run(node: Arc<Node>, scenario: Arc<Scenario>, web: Option<PathBuf>) -> Running {
    run_within(node, scenario, web, server::Limits::default(), None)
}

fn run_within(
    node: Arc<Node>,
    scenario: Arc<Scenario>,
    web: Option<PathBuf>,
    limits: server::Limits,
    tls: Option<server::Certificate>,
) -> Running {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (tell, told) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        let sign_in = server::SignIn::new(node.clone(), "http://localhost:8080");
        let app = server::App::new(node, scenario, None, sign_in);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async move {
            let door = server::bind("127.0.0.1:0".parse().unwrap(), tls.as_ref()).await.unwrap();
            tell.send(door.address().unwrap()).unwrap();
            let stopped = async {
                let _ = stopped.await;
            };
            server::serve_on(door, app, web, limits, stopped).await;
        });
    });
    (told.recv().unwrap(), stop, thread)
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> Answer {
    let kind = response.headers().get("content-type").and_then(|k| k.to_str().ok());
    Answer {
        status: response.status().as_u16(),
        kind: kind.unwrap_or_default().to_owned(),
        text: response.body_mut().read_to_string().unwrap(),
    }
}

fn identity(number: u32) -> Particulars {
    let person = person(number);
    let particulars = serde_json::json!({
        "person": person.to_string(),
        "name_ar": "شخص مختلق",
        "name_latin": format!("Invented Person {number}"),
        "mother_ar": "أم مختلقة",
        "mother_latin": "Invented Mother",
        "born": "1990",
        "recorded_age": 35,
        "age_basis": "declared",
        "nationality_claimed": if number.is_multiple_of(2) { "SY" } else { "IQ" },
        "nationality_verified": if number == 1 { Some("IQ") } else { None },
    });
    let plaintext = register::canonical(&particulars).unwrap();
    Particulars { person, section: Section::Identity, salt: [number as u8; 32], plaintext }
}

/// An open feed.
pub struct Feed(std::io::BufReader<Box<dyn std::io::Read>>);

impl Feed {
    /// The next event: its name, id and data.
    pub fn next(&mut self) -> Option<(String, u64, Value)> {
        use std::io::BufRead;
        let (mut name, mut id, mut data) = (String::new(), 0, Value::Null);
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end().split_once(':') {
                Some(("event", text)) => name = text.trim().to_owned(),
                Some(("id", text)) => id = text.trim().parse().unwrap(),
                Some(("data", text)) => data = serde_json::from_str(text).unwrap(),
                None if !name.is_empty() => return Some((name, id, data)),
                _ => {}
            }
        }
    }
}
