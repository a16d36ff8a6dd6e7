//! Listening: plain HTTP for this machine alone, TLS for others, until asked to stop.

use crate::app::App;
use crate::connections::{self, Limits};
use crate::routes::router;
use axum::Router;
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(
        "will not listen on {0}: plain HTTP is for this machine alone; give --tls-cert and --tls-key \
         (`amana certificate` makes them), or listen on 127.0.0.1"
    )]
    NotLoopback(SocketAddr),
    #[error("cannot use {path}: {what}; `amana certificate` makes a pair")]
    Certificate { path: PathBuf, what: String },
    #[error("cannot listen on {listen}")]
    Listen { listen: SocketAddr, source: std::io::Error },
}

/// How requests come in.
pub enum Door {
    /// Plain HTTP, on an address of this machine alone.
    Plain(TcpListener),
    /// TLS 1.2 and 1.3 by rustls.
    Tls(TcpListener, TlsAcceptor),
}

impl Door {
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        match self {
            Door::Plain(listener) | Door::Tls(listener, _) => listener.local_addr(),
        }
    }
}

/// A certificate chain and its key, PEM.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub chain: PathBuf,
    pub key: PathBuf,
}

/// Serves until interrupted (SIGINT or SIGTERM). `web` is the folder of the built web client.
pub async fn serve(app: App, door: Door, web: Option<PathBuf>) {
    serve_on(door, app, web, Limits::default(), interrupted()).await;
}

/// Takes the address: one of this machine's own, or any with a certificate.
pub async fn bind(listen: SocketAddr, tls: Option<&Certificate>) -> Result<Door, ServeError> {
    if tls.is_none() && !listen.ip().is_loopback() {
        return Err(ServeError::NotLoopback(listen));
    }
    let acceptor = tls.map(acceptor).transpose()?;
    let listener =
        TcpListener::bind(listen).await.map_err(|source| ServeError::Listen { listen, source })?;
    Ok(match acceptor {
        None => Door::Plain(listener),
        Some(acceptor) => Door::Tls(listener, acceptor),
    })
}

fn acceptor(certificate: &Certificate) -> Result<TlsAcceptor, ServeError> {
    let unusable =
        |path: &PathBuf, what: String| ServeError::Certificate { path: path.clone(), what };
    let chain = CertificateDer::pem_file_iter(&certificate.chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| unusable(&certificate.chain, e.to_string()))?;
    if chain.is_empty() {
        return Err(unusable(&certificate.chain, "it holds no certificate".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(&certificate.key)
        .map_err(|e| unusable(&certificate.key, e.to_string()))?;
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring supports TLS 1.2 and 1.3")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|e| unusable(&certificate.key, e.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config).into())
}

/// Serves until `stop` is over, then lets requests under way finish; open feeds end.
pub async fn serve_on(
    door: Door,
    app: App,
    web: Option<PathBuf>,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let feed = app.feed.clone();
    let stop = async move {
        stop.await;
        feed.end();
    };
    serve_routes(door, router(app, web), limits, stop).await;
}

/// As [`serve_on`], for any routes: a witness's too.
pub async fn serve_routes(
    door: Door,
    routes: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let (listener, tls) = match door {
        Door::Plain(listener) => (listener, None),
        Door::Tls(listener, acceptor) => (listener, Some(acceptor)),
    };
    connections::serve(listener, tls, routes, limits, stop).await;
}

/// Until SIGINT or SIGTERM.
pub async fn interrupted() {
    let interrupt = tokio::signal::ctrl_c();
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate => {}
    }
}
