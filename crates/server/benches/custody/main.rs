//! A person's custody with its proof over HTTP, by 100 clients at once, beside two things served in the
//! same run: a bare read by primary key, and what this server answers without asking anybody. First in the
//! open room, then to officers who signed in, each with a session of their own. Before that, what it costs to
//! accept connections ourselves: the bare read with a connection for each, by `axum::serve` and by our loop.
//!
//! `cargo bench -p amana-server --bench custody`; `FACTS=n` sets how many the store holds, 64,000 unless
//! told; `STORE=sqlite` or `postgres` picks one. The bare server is axum and nothing else: no door, no
//! policies, the bytes as they are. Ours is the whole server as `amana serve` runs it; `/log/vkey` passes
//! its door and is answered from memory.

mod clients;
#[path = "../../../store/benches/measured/mod.rs"]
mod measured;
mod servers;

use clients::{Asked, CLIENTS, Latency, ask};
use domain::{AuthorityId, Officer, PersonId, Role};
use jiff::Timestamp;
use measured::baseline::{On, Place};
use measured::signed::{at, signed};
use measured::took::{peak_mib, timed};
use servers::{bare, bare_through_our_door, ours};
use signin::{Account, Accounts, Sessions, Way};
use std::sync::Arc;
use store::Node;

/// Facts to a transaction while the store is filled.
const GROUP: usize = 512;
/// Each contender's turns, so that what else the machine does falls on both alike.
const ROUNDS: usize = 5;
/// Part of what is answered about anybody.
const PROVEN: &str = "\"proof\":\"c2sp.org/tlog-proof@v1";

fn main() {
    let count = measured::facts(64_000);
    for (on, name) in measured::stores() {
        println!("--- {name}, {count} facts");
        measure(on, count);
    }
}

fn measure(on: On, count: usize) {
    let place = on.place("custody");
    let node = Arc::new(filled(&place, count));
    println!("  memory at most {} MiB once filled", peak_mib());
    let people = (count / 3).max(1);
    // Spread over the whole record.
    let nth = |n: usize| n.wrapping_mul(7_919) % people;
    let custody = |n| format!("/api/v1/people/{}/custody", PersonId::issue('A', nth(n) as u32));
    let row = |n| format!("/{}", 1 + 3 * nth(n));
    // Held here too: a PostgreSQL client may not be let go where futures run.
    let (bare, ours) = (bare(&place), ours(node.clone()));
    let anew = |server: &servers::Running| Asked {
        address: server.address,
        path: &row,
        cookies: &[],
        anew: true,
    };
    let through = bare_through_our_door(&place);
    beside(&anew(&bare), &[("a connection each, our loop", anew(&through))]);
    let bare = Asked { anew: false, ..anew(&bare) };
    let memory: &(dyn Fn(usize) -> String + Sync) = &|_| "/log/vkey".to_owned();
    let open = Asked { address: ours.address, path: &custody, cookies: &[], anew: false };
    let memory = Asked { path: memory, ..open };
    ask(1, &open).check(PROVEN);
    beside(&bare, &[("our server, from memory", memory), ("custody, fact and proof", open)]);
    let cookies = signed_in(&node);
    let officers = Asked { address: ours.address, path: &custody, cookies: &cookies, anew: false };
    ask(1, &officers).check(PROVEN);
    beside(&bare, &[("the same to officers", officers)]);
}

/// Our answers beside the bare ones, in turns.
fn beside(bare: &Asked, ours: &[(&str, Asked)]) {
    let mut of_bare = Latency::default();
    let mut of_ours: Vec<_> = ours.iter().map(|_| Latency::default()).collect();
    for _ in 0..ROUNDS {
        of_bare += ask(CLIENTS, bare);
        for (latency, (_, asked)) in of_ours.iter_mut().zip(ours) {
            *latency += ask(CLIENTS, asked);
        }
    }
    let (bare_cpu, bare_rate) = (of_bare.cpu_us(), of_bare.rate());
    let (bare50, bare99) = of_bare.p50_p99_ms();
    println!(
        "  bare read by primary key     p50 {bare50:>6.2} ms   p99 {bare99:>6.2} ms   cpu {bare_cpu:>4.0} us   {bare_rate:>6.0}/s"
    );
    for ((name, _), latency) in ours.iter().zip(of_ours) {
        let (cpu, rate) = (latency.cpu_us(), latency.rate());
        let (p50, p99) = latency.p50_p99_ms();
        println!(
            "  {name:<28} p50 {p50:>6.2} ms   p99 {p99:>6.2} ms   cpu {cpu:>4.0} us   {rate:>6.0}/s: {:.2}, {:.2}, {:.2} and {:.2} of bare",
            p50 / bare50,
            p99 / bare99,
            cpu / bare_cpu,
            rate / bare_rate
        );
    }
}

/// Sessions, one for each client, of officers who monitor. Nobody is let in without from now on.
fn signed_in(node: &Arc<Node>) -> Vec<String> {
    let now = Timestamp::now();
    let account = Account {
        login: "monitor".to_owned(),
        authority: AuthorityId::new("icrc").unwrap(),
        officer: Officer { role: Role::Monitor, number: 7 },
        name: "Invented Monitor".to_owned(),
        password: None,
        subject: None,
        since: now,
        closed: None,
    };
    Accounts::new(node.clone()).add(&account).unwrap();
    let sessions = Sessions::new(node.clone());
    let begun = (0..CLIENTS).map(|_| sessions.begin(&account, Way::Password, now).unwrap());
    begun.map(|token| format!("amana={}", token.secret())).collect()
}

/// A record of so many facts, and beside it a bare table of the same bytes.
fn filled(place: &Place, count: usize) -> Node {
    let signed = signed(count);
    let node = measured::opened(place, &signed);
    let mut bare = place.bare();
    let took = timed(|| {
        for part in signed.facts.chunks(GROUP) {
            assert!(node.submit_all(part, at(2)).iter().all(Result::is_ok));
        }
    });
    let (rate, cpu_us) = (took.rate(count), took.cpu_us(count));
    println!(
        "  filled at {rate:.0} facts/s, {cpu_us:.0} us cpu each, by {} devices",
        signed.keys.len()
    );
    signed.facts.chunks(GROUP).for_each(|part| _ = bare.insert(part));
    node
}
