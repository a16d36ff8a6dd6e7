//! A disk that fails: at each system call that touches the record's file, and when it is full.

use crate::children::{Task, Writer, assert_kept, rounds};
use crate::database::Database;
use crate::world::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a program asks of the file system when it appends.
const CALLS: &str = "openat,pread64,pwrite64,fdatasync,fsync,ftruncate,fallocate,unlink,mmap,\
                     newfstatat,fstat,lseek";

fn strace(w: &World) -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-e", &format!("trace={CALLS}")]);
    for file in ["record.db", "record.db-wal", "record.db-shm"] {
        strace.arg("-P").arg(w.place.dir.path().join(file));
    }
    strace
}

fn task(w: &World, round: usize) -> Task {
    Task { url: w.place.url.clone(), seed: 2, round: round as u16, groups: Some(3) }
}

/// How often each call is made by a run in which nothing fails.
fn counted(w: &World) -> BTreeMap<String, usize> {
    let log = w.place.dir.path().join("calls");
    let mut strace = strace(w);
    strace.arg("-o").arg(&log);
    let acknowledged = Writer::start(task(w, 0).under(strace)).end();
    assert!(!acknowledged.is_empty(), "strace is not here, or may not trace");
    assert_kept(w, &acknowledged);
    let mut calls = BTreeMap::new();
    for line in std::fs::read_to_string(log).unwrap().lines() {
        let call = line.split_once(' ').and_then(|(_, rest)| rest.trim().split_once('('));
        if let Some((name, _)) = call {
            *calls.entry(name.to_owned()).or_default() += 1;
        }
    }
    calls
}

/// Each call on the record's files fails once, in a run of its own. Whatever the program makes of
/// it, what it acknowledged is there, the record holds, and the next run goes on.
#[test]
fn each_call_fails_once() {
    let w = World::with_a_short_story(Database::Sqlite);
    let calls = counted(&w);
    for must in ["pwrite64", "fsync"] {
        assert!(calls.contains_key(must), "{calls:?}");
    }
    let total: usize = calls.values().sum();
    // Spread over all of them; every one with AMANA_FAULTS of that many.
    let step = total.div_ceil(rounds(24)).max(1);
    let each = calls.iter().flat_map(|(call, count)| (1..=*count).map(move |n| (call, n)));
    let (mut tried, mut failed, mut kept) = (0, 0, 0);
    for (round, (call, n)) in each.enumerate().step_by(step) {
        let mut strace = strace(&w);
        strace.args(["-e", &format!("inject={call}:error=EIO:when={n}"), "-o", "/dev/null"]);
        let acknowledged = Writer::start(task(&w, 1 + round).under(strace)).end();
        assert_kept(&w, &acknowledged);
        tried += 1;
        failed += usize::from(acknowledged.len() < 6);
        kept += acknowledged.len();
    }
    assert!(failed > 0, "no fault was felt");
    println!("{tried} of {total} calls failed, {failed} runs felt it, {kept} acknowledged, 0 lost");
    let after = Writer::start(task(&w, 60_000).command()).end();
    assert_eq!(after.len(), 6);
    assert_kept(&w, &after);
}

/// No file may grow beyond a limit: the write that would is refused, and nothing of it stays.
#[test]
fn a_full_disk() {
    let w = World::with_a_short_story(Database::Sqlite);
    let mut kept = 0;
    for round in 0..rounds(3) {
        // A little more than there is, in blocks of 512 bytes.
        let length = |file| std::fs::metadata(w.place.dir.path().join(file)).map_or(0, |m| m.len());
        let longest = length("record.db").max(length("record.db-wal"));
        let blocks = longest as usize / 512 + 60 + 37 * (round % 20);
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]);
        let endless = Task { groups: None, ..task(&w, round) };
        let acknowledged = Writer::start(endless.under(shell)).end();
        kept += acknowledged.len();
        assert_kept(&w, &acknowledged);
    }
    assert!(kept > 0, "the disk was full from the start");
    println!("{kept} acknowledged before the disk was full, 0 lost");
    let after = Writer::start(task(&w, 60_000).command()).end();
    assert_eq!(after.len(), 6);
    assert_kept(&w, &after);
}

/// PostgreSQL looks after its own disk; what can fail between it and us is the socket.
#[test]
fn each_message_fails_once() {
    let w = World::with_a_short_story(Database::Postgres);
    let (mut felt, mut kept) = (0, 0);
    for n in 0..rounds(16) {
        let call = ["sendto", "recvfrom"][n % 2];
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=sendto,recvfrom", "-e"]);
        strace.arg(format!("inject={call}:error=ECONNRESET:when={}", 1 + n * 3));
        let acknowledged = Writer::start(task(&w, n).under(strace)).end();
        felt += usize::from(acknowledged.len() < 6);
        kept += acknowledged.len();
        assert_kept(&w, &acknowledged);
    }
    assert!(felt > 0, "no fault was felt");
    println!("{felt} runs lost their connection, {kept} acknowledged, 0 lost");
}

/// The tests above mean nothing without it.
#[test]
fn strace_is_here() {
    let found = Command::new("strace").arg("-V").stdout(Stdio::null()).status();
    assert!(found.is_ok_and(|s| s.success()), "install the Debian package 'strace'");
    assert!(Path::new("/proc/self").exists());
}
