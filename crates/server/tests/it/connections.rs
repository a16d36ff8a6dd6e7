//! Clients that take their time, over real sockets.

use crate::world::{Running, World};
use server::{Certificate, Limits};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long a test waits for what has to come: nothing here takes near as long.
const PATIENCE: Duration = Duration::from_secs(20);
const ASK: &str = "GET /api/v1/checkpoint HTTP/1.1\r\nhost: localhost\r\n\r\n";

pub fn hasty() -> Limits {
    let soon = Duration::from_millis(300);
    Limits { handshake: soon, header: soon, body: soon, ..Limits::default() }
}

/// A connection from one of this machine's many addresses.
pub fn from(address: &str, to: SocketAddr) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(format!("{address}:0").parse().unwrap()).unwrap();
        socket.connect(to).await.unwrap()
    });
    let stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// What the server says until it hangs up; it has to.
pub fn until_cut_off(line: &mut TcpStream) -> String {
    let mut said = Vec::new();
    match line.read_to_end(&mut said) {
        Ok(_) => {}
        Err(e) => assert_eq!(e.kind(), std::io::ErrorKind::ConnectionReset, "not cut off: {e}"),
    }
    String::from_utf8_lossy(&said).into_owned()
}

fn is_served(line: &mut TcpStream) {
    line.write_all(ASK.as_bytes()).unwrap();
    let mut head = [0; 12];
    line.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 200");
}

fn close((_, stop, thread): Running) {
    drop(stop);
    thread.join().unwrap();
}

#[test]
fn half_a_header_or_half_a_body_is_cut_off_and_others_are_served() {
    let world = World::new();
    let door = world.another_door(hasty(), None);
    let begun = [
        "GET /api/v1/chec",
        "POST /api/v1/facts HTTP/1.1\r\nhost: localhost\r\ncontent-length: 900\r\n\r\nhalf",
    ];
    let mut slow = begun.map(|text| {
        let mut line = from("127.0.0.1", door.0);
        line.write_all(text.as_bytes()).unwrap();
        line
    });
    is_served(&mut from("127.0.0.1", door.0));
    assert_eq!(until_cut_off(&mut slow[0]), "");
    let said = until_cut_off(&mut slow[1]);
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said}");
    close(door);
}

#[test]
fn who_holds_every_seat_loses_them_and_the_next_is_served() {
    let world = World::new();
    let door = world.another_door(Limits { most: 2, ..hasty() }, None);
    let mut idle = [from("127.0.0.1", door.0), from("127.0.0.1", door.0)];
    is_served(&mut idle[0]);
    is_served(&mut from("127.0.0.1", door.0));
    until_cut_off(&mut idle[1]);
    close(door);
}

#[test]
fn a_handshake_not_ended_is_cut_off_and_others_are_served() {
    let world = World::new();
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = Certificate { chain: dir.path().join("cert"), key: dir.path().join("key") };
    std::fs::write(&certificate.chain, made.cert.pem()).unwrap();
    std::fs::write(&certificate.key, made.signing_key.serialize_pem()).unwrap();
    let door = world.another_door(hasty(), Some(certificate));
    // A record's header that promises a greeting (RFC 8446 section 5.1), and nothing of it.
    let mut half = from("127.0.0.1", door.0);
    half.write_all(&[22, 3, 1, 2, 0]).unwrap();
    let tls = ureq::tls::TlsConfig::builder().disable_verification(true).build();
    let agent: ureq::Agent = ureq::Agent::config_builder().tls_config(tls).build().into();
    let url = format!("https://localhost:{}/api/v1/checkpoint", door.0.port());
    assert_eq!(agent.get(url).call().unwrap().status(), 200);
    until_cut_off(&mut half);
    drop(agent);
    close(door);
}
