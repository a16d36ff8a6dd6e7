//! The two servers, each on a runtime of its own, until dropped.

use crate::measured::baseline::{Bare, Place};
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use scenario::Scenario;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use store::Node;
use tokio::sync::oneshot;

/// Connections that share the bare reads, as many as the store has for readers.
const CONNECTIONS: usize = 8;

pub struct Running {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.thread.take().map(std::thread::JoinHandle::join);
    }
}

/// Axum over a table of positions and bytes.
pub fn bare(place: &Place) -> Running {
    let routes = rows(place);
    run(async move |door, stopped| {
        axum::serve(door, routes).with_graceful_shutdown(stopped).await.unwrap();
    })
}

/// The same, and its connections come in through our own loop.
pub fn bare_through_our_door(place: &Place) -> Running {
    let routes = rows(place);
    run(async move |door, stopped| {
        let limits = server::Limits::default();
        server::serve_routes(server::Door::Plain(door), routes, limits, stopped).await;
    })
}

fn rows(place: &Place) -> Router {
    let pool: Arc<[_]> = (0..CONNECTIONS).map(|_| Mutex::new(place.bare_again())).collect();
    Router::new().route("/{position}", get(row)).with_state(pool)
}

type Pool = Arc<[Mutex<Bare>]>;

async fn row(State(pool): State<Pool>, Path(position): Path<usize>) -> Vec<u8> {
    let read = move || pool[position % CONNECTIONS].lock().unwrap().read(position as i64);
    tokio::task::spawn_blocking(read).await.unwrap()
}

/// The server as it is, over the record.
pub fn ours(node: Arc<Node>) -> Running {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/hasakah-2026");
    let scenario = Arc::new(Scenario::read(folder.as_ref()).unwrap());
    let sign_in = server::SignIn::new(node.clone(), "http://localhost");
    let app = server::App::new(node, scenario, None, sign_in);
    run(async move |door, stopped| {
        let limits = server::Limits::default();
        server::serve_on(server::Door::Plain(door), app, None, limits, stopped).await;
    })
}

fn run<F>(serve: F) -> Running
where
    F: AsyncFnOnce(tokio::net::TcpListener, std::pin::Pin<Box<dyn Future<Output = ()> + Send>>)
        + Send
        + 'static,
{
    let (stop, stopped) = oneshot::channel::<()>();
    let (tell, told) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        tokio::runtime::Runtime::new().unwrap().block_on(async move {
            let door = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(door.local_addr().unwrap()).unwrap();
            let stopped = Box::pin(async move { drop(stopped.await) });
            serve(door, stopped).await;
        });
    });
    Running { address: told.recv().unwrap(), stop: Some(stop), thread: Some(thread) }
}
