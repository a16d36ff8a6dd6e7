//! `kill -9` in the middle of writing: every acknowledged fact is there afterwards.

use crate::children::{Task, Writer, assert_kept, rounds};
use crate::database::{Database, on_both};
use crate::world::*;

on_both!(what_was_acknowledged_outlives_the_process);

fn what_was_acknowledged_outlives_the_process(db: Database) {
    let w = World::with_a_short_story(db);
    let mut total = 0;
    for round in 0..rounds(4) {
        let task = Task { url: w.place.url.clone(), seed: 2, round: round as u16, groups: None };
        let mut child = Writer::start(task.command());
        child.wait_for(20 + 13 * (round % 10));
        let acknowledged = child.kill();
        total += acknowledged.len();
        assert_kept(&w, &acknowledged);
    }
    println!("{total} acknowledged, none lost");
}

/// Three processes on one database; whichever has the turn is killed, and comes back later.
#[test]
fn the_sequencer_is_killed_again_and_again() {
    let mut w = World::new(Database::Postgres);
    let mut task = |seed: u8| {
        w.enrol(seed);
        let url = format!("{}&application_name=child-{seed}", w.place.url);
        Task { url, seed, round: 0, groups: None }
    };
    let mut tasks = [task(100), task(101), task(102)];
    let mut children: Vec<_> = tasks.iter().map(|t| Some(Writer::start(t.command()))).collect();
    let mut acknowledged = Vec::new();
    let mut watch = w.place.client();
    let holder = "select application_name from pg_locks join pg_stat_activity using (pid) \
                  where locktype = 'advisory' and granted and application_name like 'child-%' \
                  and pg_locks.database = (select oid from pg_database where datname = current_database())";
    for _ in 0..rounds(6) {
        for child in children.iter_mut().flatten() {
            let more = child.count() + 10;
            child.wait_for(more);
        }
        let name: String = loop {
            if let Some(row) = watch.query_opt(holder, &[]).unwrap() {
                break row.get(0);
            }
        };
        let killed = tasks.iter().position(|t| t.url.ends_with(&name)).unwrap();
        acknowledged.extend(children[killed].take().unwrap().kill());
        // The others go on without it.
        for child in children.iter_mut().flatten() {
            let more = child.count() + 10;
            child.wait_for(more);
        }
        tasks[killed].round += 1;
        children[killed] = Some(Writer::start(tasks[killed].command()));
    }
    for child in children.into_iter().flatten() {
        acknowledged.extend(child.kill());
    }
    println!("{} acknowledged, none lost", acknowledged.len());
    assert_kept(&w, &acknowledged);
}
