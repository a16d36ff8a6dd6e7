//! Connections: how many there may be, and how long each may keep this node waiting.

use crate::source::Source;
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::collections::HashMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_service::Service;

/// What clients may take of this node before they have shown who they are.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once: a process may often open 1,024 files, and the record needs some.
    pub most: usize,
    /// Of these from one source; this machine's own are not counted, a proxy may stand there.
    pub of_a_source: usize,
    /// For a TLS handshake.
    pub handshake: Duration,
    /// From an answer, or the connection's beginning, to the end of the next request's header.
    pub header: Duration,
    /// Between two parts of a request's body.
    pub body: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let (handshake, patience) = (Duration::from_secs(10), Duration::from_secs(30));
        Self { most: 768, of_a_source: 192, handshake, header: patience, body: patience }
    }
}

/// Serves until `stop` is over, then lets requests under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    routes: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let routes = routes.layer(RequestBodyTimeoutLayer::new(limits.body));
    let (seats, sources) = (Arc::new(Semaphore::new(limits.most)), Arc::new(Sources::default()));
    let under_way = GracefulShutdown::new();
    let admit = async {
        loop {
            // Whoever finds no seat waits in the system's queue: an idle connection ends soon.
            let Ok(seat) = seats.clone().acquire_owned().await else { return };
            let (stream, from) = next(&listener).await;
            let Some(place) = Place::of(&sources, from, limits.of_a_source) else { continue };
            let (tls, watcher, routes) = (tls.clone(), under_way.watcher(), routes.clone());
            tokio::spawn(async move {
                let _held = (seat, place);
                let Some(tls) = tls else {
                    return talk(stream, from, routes, limits, watcher).await;
                };
                if let Ok(Ok(stream)) = timeout(limits.handshake, tls.accept(stream)).await {
                    talk(stream, from, routes, limits, watcher).await;
                }
            });
        }
    };
    tokio::select! {
        () = admit => {}
        () = stop => {}
    }
    drop(listener);
    under_way.shutdown().await;
}

/// The next connection; waits a while when there are no files left to open.
async fn next(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(e)
                if matches!(e.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) => {}
            Err(error) => {
                tracing::error!(%error, "cannot take another connection");
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// One connection, request after request. How it ends is the client's business.
async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    from: SocketAddr,
    routes: Router,
    limits: Limits,
    watcher: Watcher,
) {
    let answer = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(from));
        routes.clone().call(Request::from(request.map(axum::body::Body::new)))
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.header);
    if let Err(error) = watcher.watch(http.serve_connection(TokioIo::new(stream), answer)).await {
        tracing::debug!(%error, "a connection ended");
    }
}

/// How many connections each source has.
#[derive(Default)]
struct Sources(Mutex<HashMap<Source, usize>>);

/// A connection's place among those of its source, for as long as it is held.
struct Place {
    sources: Arc<Sources>,
    source: Option<Source>,
}

impl Place {
    /// `None` when the source has as many as it may have.
    fn of(sources: &Arc<Sources>, from: SocketAddr, most: usize) -> Option<Self> {
        let source = Some(Source::of(from.ip())).filter(|source| !source.is_this_machine());
        if let Some(source) = source {
            let mut all = sources.0.lock().unwrap_or_else(PoisonError::into_inner);
            let held = all.entry(source).or_default();
            if *held >= most {
                return None;
            }
            *held += 1;
        }
        Some(Self { sources: sources.clone(), source })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(source) = self.source else { return };
        let mut all = self.sources.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = all.get_mut(&source) {
            *held -= 1;
            if *held == 0 {
                all.remove(&source);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_so_many_places_and_no_more_and_keeps_nothing_when_they_are_left() {
        let sources = Arc::new(Sources::default());
        let enter = |address: &str| Place::of(&sources, address.parse().unwrap(), 2);
        let held = [enter("192.0.2.7:1"), enter("192.0.2.7:2")];
        assert!(held.iter().all(Option::is_some));
        assert!(enter("192.0.2.7:3").is_none());
        assert!(enter("192.0.2.8:3").is_some(), "another source has its own");
        let own: Vec<_> = (1..9).map(|n| enter(&format!("127.0.0.1:{n}"))).collect();
        assert!(own.iter().all(Option::is_some));
        drop(held);
        assert!(enter("192.0.2.7:3").is_some());
        assert!(sources.0.lock().unwrap().is_empty());
    }
}
