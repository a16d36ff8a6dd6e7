//! Listening: on this machine only, until asked to stop.

use crate::app::App;
use crate::routes::router;
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use tokio::net::TcpListener;

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(
        "will not listen on {0}: plain HTTP is for this machine alone; listen on 127.0.0.1 and put \
         a TLS proxy in front"
    )]
    NotLoopback(SocketAddr),
    #[error("cannot listen on {listen}")]
    Listen { listen: SocketAddr, source: std::io::Error },
    #[error("cannot go on serving")]
    Serve(#[source] std::io::Error),
}

/// Serves until interrupted (SIGINT or SIGTERM). `web` is the folder of the built web client.
pub async fn serve(app: App, listen: SocketAddr, web: Option<PathBuf>) -> Result<(), ServeError> {
    let listener = bind(listen).await?;
    serve_on(listener, app, web, interrupted()).await
}

/// Takes the address, which must be one of this machine's own.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, ServeError> {
    if !listen.ip().is_loopback() {
        return Err(ServeError::NotLoopback(listen));
    }
    TcpListener::bind(listen).await.map_err(|source| ServeError::Listen { listen, source })
}

/// Serves until `stop` is over, then lets requests under way finish; open feeds end.
pub async fn serve_on(
    listener: TcpListener,
    app: App,
    web: Option<PathBuf>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let feed = app.feed.clone();
    let stop = async move {
        stop.await;
        feed.end();
    };
    let routes = router(app, web);
    axum::serve(listener, routes).with_graceful_shutdown(stop).await.map_err(ServeError::Serve)
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
