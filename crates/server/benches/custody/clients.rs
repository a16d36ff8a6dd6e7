//! Clients that ask, each the next thing once it has the last, over connections that they keep or one for
//! each question.

use crate::measured::took::timed;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Clients at once.
pub const CLIENTS: usize = 100;
/// Requests by each in a round.
const EACH: usize = 100;

/// How long each request took, what all cost the processor, and one of the answers.
#[derive(Default)]
pub struct Latency {
    took: Vec<Duration>,
    cpu: Duration,
    /// By the clock, all clients at once.
    lasted: Duration,
    answer: String,
}

impl std::ops::AddAssign for Latency {
    fn add_assign(&mut self, other: Self) {
        self.took.extend(other.took);
        self.cpu += other.cpu;
        self.lasted += other.lasted;
        self.answer = other.answer;
    }
}

impl Latency {
    pub fn p50_p99_ms(mut self) -> (f64, f64) {
        self.took.sort_unstable();
        let at = |percent: usize| self.took[self.took.len() * percent / 100].as_secs_f64() * 1e3;
        (at(50), at(99))
    }

    /// Answers a second.
    pub fn rate(&self) -> f64 {
        self.took.len() as f64 / self.lasted.as_secs_f64()
    }

    /// Of the whole process, the clients in it too, for each request: in microseconds.
    pub fn cpu_us(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / self.took.len() as f64
    }

    /// The server answers what it is measured for.
    pub fn check(&self, holds: &str) {
        assert!(self.answer.contains(holds), "{}", self.answer);
    }
}

/// What the clients of a turn ask for.
pub struct Asked<'a> {
    pub address: SocketAddr,
    /// The path of the nth request; each client has its own share of the numbers.
    pub path: &'a (dyn Fn(usize) -> String + Sync),
    /// A cookie for each client, where they are signed in.
    pub cookies: &'a [String],
    /// A connection for each request.
    pub anew: bool,
}

/// So many clients ask at once.
pub fn ask(clients: usize, asked: &Asked) -> Latency {
    let mut all = Latency::default();
    let took = timed(|| {
        std::thread::scope(|scope| {
            let client = |n: usize| scope.spawn(move || one(asked, n));
            let asking: Vec<_> = (0..clients).map(client).collect();
            asking.into_iter().for_each(|client| all += client.join().unwrap());
        });
    });
    (all.cpu, all.lasted) = (took.cpu, took.wall);
    all
}

fn one(asked: &Asked, client: usize) -> Latency {
    let Asked { address, path, cookies, anew } = asked;
    let cookie = cookies.get(client).map(|cookie| format!("cookie: {cookie}\r\n"));
    let cookie = cookie.unwrap_or_default();
    let mut line = connected(*address);
    let mut latency = Latency::default();
    for n in client * EACH..(client + 1) * EACH {
        let request = format!("GET {} HTTP/1.1\r\nhost: localhost\r\n{cookie}\r\n", path(n));
        let begun = Instant::now();
        if *anew {
            line = connected(*address);
        }
        line.get_mut().write_all(request.as_bytes()).unwrap();
        let body = answer(&mut line);
        latency.took.push(begun.elapsed());
        latency.answer = String::from_utf8_lossy(&body).into_owned();
    }
    latency
}

fn connected(address: SocketAddr) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    BufReader::new(stream)
}

/// The body of a 200 with its length in a header, as both servers answer.
fn answer(from: &mut impl BufRead) -> Vec<u8> {
    let (mut status, mut length) = (String::new(), 0);
    from.read_line(&mut status).unwrap();
    loop {
        let mut line = String::new();
        from.read_line(&mut line).unwrap();
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).unwrap();
    assert!(status.contains(" 200 "), "{status}{}", String::from_utf8_lossy(&body));
    body
}
