//! From an empty record to a verified export: people, gates, a plan and a night, each said by whom it is for
//! to say, over HTTPS.

use super::{Operation, roll};
use crate::amana::{Ran, amana, hasakah};
use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use domain::*;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use log::{DeviceChain, Signer, SigningKey};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use store::Node;

const PASSWORD: &str = "seven quiet buses wait";

/// The reference operation, its first night tomorrow and no weather known yet.
fn upcoming(first: Date) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    later(&hasakah(), dir.path(), "2026-01-21".parse::<Date>().unwrap().until(first).unwrap());
    for reports in ["weather/metar.txt", "weather/taf.txt"] {
        std::fs::write(dir.path().join(reports), "# none yet\n").unwrap();
    }
    dir
}

/// Copies a folder with every date of 2026 so much later.
fn later(from: &Path, to: &Path, by: jiff::Span) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() {
            later(&from, &to, by);
            continue;
        }
        let text = std::fs::read_to_string(&from).unwrap();
        let mut parts = text.split("2026-");
        let mut moved = parts.next().unwrap().to_owned();
        for part in parts {
            match part.get(..5).and_then(|rest| format!("2026-{rest}").parse::<Date>().ok()) {
                Some(date) => moved += &format!("{}{}", date + by, &part[5..]),
                None => moved += &format!("2026-{part}"),
            }
        }
        std::fs::write(to, moved).unwrap();
    }
}

/// `amana serve` with a certificate of its own.
struct Served {
    process: Child,
    url: String,
    agent: ureq::Agent,
}

impl Served {
    fn start(operation: &Operation) -> Self {
        let tls = operation.file("tls");
        amana(&["certificate", "--name", "127.0.0.1", "--out", &tls]).ok();
        let listen = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let (url, in_tls) = (format!("https://{listen}"), |name| format!("{tls}/{name}"));
        let mut process = Command::new(env!("CARGO_BIN_EXE_amana"))
            .args(["serve", "--store", &operation.store, "--listen", &listen, "--address", &url])
            .args(["--tls-cert", &in_tls("server.pem"), "--tls-key", &in_tls("server.key")])
            .args(["--web", "/nowhere"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect(&listen).is_err() {
            assert!(process.try_wait().unwrap().is_none(), "it does not serve");
            std::thread::sleep(Duration::from_millis(20));
        }
        let pem = std::fs::read(in_tls("authority.pem")).unwrap();
        let roots = [ureq::tls::Certificate::from_pem(&pem).unwrap()];
        let tls = ureq::tls::TlsConfig::builder()
            .root_certs(ureq::tls::RootCerts::new_with_certs(&roots))
            .build();
        let agent =
            ureq::Agent::config_builder().http_status_as_error(false).tls_config(tls).build();
        Self { process, url, agent: agent.into() }
    }

    /// Status, body, and the cookie that was set.
    fn ask(&self, method: &str, path: &str, cookie: &str, body: Value) -> (u16, Value, String) {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("cookie", cookie)
            .header("content-type", "application/json");
        let mut answer = self.agent.run(request.body(body.to_string()).unwrap()).unwrap();
        let set = answer.headers().get("set-cookie").map(|c| c.to_str().unwrap().to_owned());
        let set = set.unwrap_or_default().split(';').next().unwrap_or_default().to_owned();
        let text = answer.body_mut().read_to_string().unwrap();
        (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or_default(), set)
    }

    fn get(&self, path: &str, cookie: &str) -> Value {
        let (status, body, _) = self.ask("GET", path, cookie, Value::Null);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    fn say(&self, device: &mut DeviceChain, event: Event) -> FactHash {
        let now = Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap();
        let mut random = [0; 10];
        random.copy_from_slice(&device.device().0[..10]);
        random[9] = device.sequence as u8;
        let id = log::fact_id(now.as_millisecond() as u64, random);
        let entry = device.sign(id, now, event).unwrap();
        let request = ureq::http::Request::post(format!("{}/api/v1/facts", self.url))
            .header("content-type", "application/cose");
        let mut answer = self.agent.run(request.body(entry.bytes).unwrap()).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status().as_u16(), 201, "{text}");
        entry.hash
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Operation {
    fn account(&self, login: &str, authority: &str, role: &str) {
        let mut adding = Command::new(env!("CARGO_BIN_EXE_amana"))
            .args(["account", "add", login, "--store", &self.store, "--authority", authority])
            .args(["--role", role, "--number", "7", "--name", "Invented Officer"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        adding.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
        assert!(adding.wait().unwrap().success());
    }

    /// A phone: its keyholder draws a ticket, it shows the ticket and its key, the keyholder types its digits.
    fn phone(
        &self,
        served: &Served,
        authority: &str,
        role: Role,
        site: Option<&str>,
    ) -> DeviceChain {
        let login = format!("{authority}-keys");
        self.account(&login, authority, "keyholder");
        let credentials = json!({ "login": login, "password": PASSWORD });
        let (status, _, cookie) = served.ask("POST", "/api/v1/session", "", credentials);
        assert_eq!((status, cookie.starts_with("__Host-amana=")), (200, true));
        let asked = json!({ "role": role.code(), "site": site });
        let (status, ticket, _) = served.ask("POST", "/api/v1/devices/tickets", &cookie, asked);
        assert_eq!(status, 201, "{ticket}");
        let secret = ticket["address"].as_str().unwrap().split_once('#').unwrap().1;
        let key = SigningKey::from_bytes(&log::hash_of(secret.as_bytes()).0);
        let public = log::public_key(&key);
        let request = json!({
            "ticket": secret,
            "key": BASE64.encode(public.0),
            "signature": BASE64.encode(key.sign(&signin::possession_message(secret)).to_bytes()),
        });
        let (status, waiting, _) = served.ask("POST", "/api/v1/devices/requests", "", request);
        assert_eq!(status, 201, "{waiting}");
        let own = self.file(&format!("keys/{authority}.key"));
        let digits = signin::comparison_code(&public);
        self.run(&["device", "enrol", &digits, "--key", &own]).ok();
        self.chain(key, authority, role)
    }

    fn chain(&self, key: SigningKey, authority: &str, role: Role) -> DeviceChain {
        let node = Node::open(&self.store).unwrap();
        let (operation, origin) = (node.operation().clone(), node.origin());
        let officer = Officer { role, number: 7 };
        DeviceChain::new(key, AuthorityId::new(authority).unwrap(), officer, operation, origin)
    }

    /// Where each one's custody stands, for the next to follow.
    fn links(&self, people: &[PersonId]) -> Vec<Link> {
        let node = Node::open(&self.store).unwrap();
        let tip = |person: &PersonId| Link {
            person: *person,
            after: node.read(|state| state.record.standing(*person).unwrap().tip().unwrap()),
        };
        people.iter().map(tip).collect()
    }

    fn solve(&self, out: &str) -> Ran {
        let out = self.file(out);
        amana(&["plan", "solve", &self.store, "--out", &out, "--time-limit", "1", "--json"])
    }

    fn adopt(&self, plan: &str, key: &str) -> Ran {
        let plan = self.file(plan);
        self.run(&["plan", "adopt", &plan, "--key", key])
    }

    fn read(&self, plan: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.file(plan)).unwrap()).unwrap()
    }
}

fn within_seconds(seconds: u64, holds: impl Fn() -> bool) -> bool {
    let until = Instant::now() + Duration::from_secs(seconds);
    while !holds() {
        if Instant::now() > until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    true
}

fn people(of: &Value) -> Vec<PersonId> {
    of.as_array().unwrap().iter().map(|p| PersonId::parse(p.as_str().unwrap()).unwrap()).collect()
}

#[test]
fn twenty_people_are_registered_planned_for_moved_and_accounted_for() {
    let tomorrow = Timestamp::now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(3)));
    let tomorrow = tomorrow.date() + 1.day();
    let folder = upcoming(tomorrow);
    let scenario = scenario::Scenario::read(folder.path()).unwrap();
    let operation = Operation::of(folder.path());
    operation.account("salma", "justice", "director");
    let served = Served::start(&operation);
    let (status, body, _) = served.ask("GET", "/api/v1/operation", "", Value::Null);
    assert_eq!((status, &body["code"]), (401, &"sign-in-needed".into()));
    let credentials = json!({ "login": "salma", "password": PASSWORD });
    let (_, _, salma) = served.ask("POST", "/api/v1/session", "", credentials);
    assert_eq!(served.get("/api/v1/operation", &salma)["exercise"], false);

    // People.
    let planner = operation.office("judicial-council", "planner", None);
    let nobody = operation.solve("none.json");
    assert!(nobody.err.contains("nobody is registered yet"), "{}", nobody.err);
    let registrar = operation.office("sender", "registrar", Some("hasakah"));
    operation.register(&roll(20), &registrar).ok();

    // Gates, by whom the operation lets decide them; one of the twenty is not sent.
    let everybody: Vec<PersonId> =
        roll(20).lines().skip(1).map(|line| PersonId::parse(&line[..10]).unwrap()).collect();
    let (sent_back, rest) = everybody.split_last().unwrap();
    let list = operation.file("cleared.csv");
    let numbers: Vec<String> = rest.iter().map(PersonId::to_string).collect();
    std::fs::write(&list, format!("id\n{}\n", numbers.join("\n"))).unwrap();
    let last = sent_back.to_string();
    let decide = |key: &str, said: &[&str]| {
        operation.run(&[&["decide", "gate"], said, &["--key", key]].concat())
    };
    let mut keys = BTreeMap::new();
    for (gate, role, basis) in [
        (Gate::Order, "judge", "court-order"),
        (Gate::Age, "physician", "document"),
        (Gate::Review, "judge", "interview"),
        (Gate::Fitness, "physician", "medical"),
        (Gate::Acceptance, "director", "receiver-list"),
    ] {
        let by = &scenario.authorities.iter().find(|a| a.clears.contains(&gate)).unwrap().id;
        let key = keys.entry((by.clone(), role));
        let key = key.or_insert_with(|| operation.office(by.as_str(), role, None));
        let code = gate.code();
        decide(key, &[code, "passed", "--basis", basis, "--list", &list]).ok();
        let outcome = if gate == Gate::Review { "failed" } else { "passed" };
        decide(key, &[code, outcome, "--basis", basis, &last]).ok();
    }
    let justice = operation.file("justice-director-hq");
    for (said, why) in [
        (["order", "passed", "--basis", "court-order", &last], "is decided by judicial-council"),
        (["acceptance", "passed", "--basis", "medical", "A-999999-0"], "nobody is registered as"),
        (["acceptance", "barely", "--basis", "medical", &last], "use one of: passed"),
    ] {
        let refused = decide(&justice, &said);
        assert!(refused.code == 2 && refused.err.contains(why), "{why}: {}", refused.err);
    }

    // What the receiver takes; nobody says it for them.
    let promise = |key: &str, said: &[&str]| {
        operation.run(&[&["decide", "intake"], said, &["--key", key]].concat())
    };
    let stranger = promise(&registrar, &["karkh", "--foreseen"]);
    assert!(stranger.err.contains("that is decided by justice"), "{}", stranger.err);
    let never = promise(&justice, &["karkh", "2020-01-01=5"]);
    assert!(never.err.contains("none of the operation's nights"), "{}", never.err);
    assert!(operation.solve("foreseen.json").err.contains("nobody promises intake: karkh"));
    promise(&justice, &["karkh", "--foreseen"]).ok();
    let night = format!("{tomorrow}=100");
    promise(&justice, &["karkh", &night]).ok();

    // A plan, adopted by whose it is to adopt.
    let solved = operation.solve("plan.json");
    assert!(!solved.err.contains("intake: karkh"), "{}", solved.err);
    solved.ok();
    let stranger = operation.adopt("plan.json", &registrar);
    assert!(stranger.err.contains("the key is sender's"), "{}", stranger.err);
    let mut forged = operation.read("plan.json");
    let first = &mut forged["movements"][0]["vehicles"][0]["persons"];
    first.as_array_mut().unwrap().push(sent_back.to_string().into());
    std::fs::write(operation.file("forged.json"), forged.to_string()).unwrap();
    let refused = operation.adopt("forged.json", &planner);
    assert!(refused.code == 1 && refused.out.contains("not adopted"), "{}", refused.out);
    operation.adopt("plan.json", &planner).ok();
    let again = operation.adopt("plan.json", &planner);
    assert!(again.err.contains("revision 2"), "{}", again.err);
    let plan = operation.read("plan.json");
    assert!(!plan.to_string().contains(&sent_back.to_string()), "whose gate failed is not planned");
    // Another process wrote it: the server sees that within a moment.
    let shown = || served.get("/api/v1/plan", &salma)["revisions"].as_array().unwrap().len() == 1;
    assert!(within_seconds(10, shown), "the room shows no plan");

    // The night, by phones that were enrolled through the server.
    let mut gate = operation.phone(&served, "sender", Role::Gate, Some("hasakah"));
    let mut escort = operation.phone(&served, "escort-force", Role::Escort, None);
    let mut reception = BTreeMap::new();
    let beds = &plan["beds"];
    let tonight = plan["movements"].as_array().unwrap().iter().filter(|m| m["night"] == 0);
    let mut moved = 0;
    for m in tonight {
        let movement = MovementId { night: tomorrow, number: m["number"].as_u64().unwrap() as u8 };
        let route = scenario.route(m["route"].as_str().unwrap()).unwrap();
        let receiver = scenario.site(&route.dest).unwrap().authority.clone();
        let reception = reception.entry(receiver.clone()).or_insert_with(|| {
            operation.phone(&served, receiver.as_str(), Role::Reception, Some(route.dest.as_str()))
        });
        let vehicles: Vec<(VehicleId, Vec<PersonId>)> = (m["vehicles"].as_array().unwrap().iter())
            .map(|v| (VehicleId::new(v["id"].as_str().unwrap()).unwrap(), people(&v["persons"])))
            .collect();
        let aboard: Vec<PersonId> = vehicles.iter().flat_map(|(_, p)| p.clone()).collect();
        served.say(&mut gate, Event::ManifestFrozen { movement, vehicles: vehicles.clone() });
        for (vehicle, people) in vehicles {
            let people = operation.links(&people);
            served.say(&mut gate, Event::Boarded { movement, vehicle, people });
        }
        let accepted: Vec<_> = aboard.iter().map(|p| (*p, Answer::Accepted)).collect();
        let (to, site) = (escort.authority.clone(), route.origin.clone());
        let people = operation.links(&aboard);
        let offer = served.say(&mut gate, Event::HandoverOffered { movement, to, site, people });
        served.say(&mut escort, Event::HandoverAnswered { offer, outcomes: accepted.clone() });
        served.say(&mut escort, Event::Departed { movement, aboard: aboard.len() as u32 });
        served.say(&mut escort, Event::Arrived { movement, site: route.dest.clone() });
        let (to, site) = (receiver, route.dest.clone());
        let people = operation.links(&aboard);
        let offer = served.say(&mut escort, Event::HandoverOffered { movement, to, site, people });
        served.say(reception, Event::HandoverAnswered { offer, outcomes: accepted });
        for person in &aboard {
            let unit = UnitId::parse(beds[person.to_string()].as_str().unwrap()).unwrap();
            let people = operation.links(&[*person]);
            served.say(reception, Event::Placed { unit, people });
        }
        moved += aboard.len() as u64;
    }
    assert!(2 * moved > rest.len() as u64, "most leave in the first night: {plan}");

    // The books, the next plan on top of what was carried out, the statement and the proof.
    let balance = operation.run(&["balance", "--json"]).json();
    for (account, people) in [("registered", 20), ("departed", moved), ("admitted", moved)] {
        assert_eq!(balance[account], people, "{account}: {balance}");
    }
    assert_eq!(operation.run(&["discrepancy", "list"]).ok(), "0 discrepancies\n");
    operation.solve("next.json").ok();
    let next = operation.read("next.json");
    assert_eq!((&next["revision"], &next["since"]["night"]), (&2.into(), &1.into()));
    let gone = next["movements"].as_array().unwrap().iter().filter(|m| m["night"] == 0);
    let gone = gone.flat_map(|m| m["vehicles"].as_array().unwrap().clone());
    let gone: u64 = gone.map(|v| v["persons"].as_array().unwrap().len() as u64).sum();
    assert_eq!(gone, moved, "what was carried out stays as it was");
    operation.adopt("next.json", &planner).ok();
    let stated = ["statement", "issue", "--definition", "admitted@1", "--authority", "justice"];
    let stated = operation.run(&[&stated[..], &["--key", &justice]].concat()).ok();
    assert!(stated.contains(&format!("value {moved}\n")), "{stated}");
    assert!(operation.run(&["obligations"]).ok().contains("justice"));

    let whole = operation.run(&["verify"]).ok();
    assert!(whole.contains("all holds"), "{whole}");
    let file = operation.file("operation.tar");
    operation.run(&["export", "--out", &file]).ok();
    let exported = amana(&["verify", &file]).ok();
    let facts = |told: &str| told.lines().last().unwrap().to_owned();
    assert_eq!(facts(&exported), facts(&whole));
    assert!(exported.contains("1 of 1 computed again"), "{exported}");

    // Elsewhere it goes on as it was.
    drop(served);
    let moved_to = format!("sqlite:{}", operation.file("elsewhere.sqlite"));
    amana(&["migrate-store", "--from", &operation.store, "--to", &moved_to]).ok();
    let listed = amana(&["device", "list", "--store", &moved_to]).ok();
    assert!(listed.contains("justice reception"), "{listed}");
}
