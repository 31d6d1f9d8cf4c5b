//! Connections: one task each, HTTP/1.1. `axum::serve` would read each connection's first bytes apart, to tell HTTP/2 from it, and hyper then
//! doubles the buffer that it reads into: 8 kB for each open page of a shop, of which there are thousands (bench/README.md, "Telling the
//! shop"). Proxies speak HTTP/1.1 to us.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// Lets everybody in until `closing`, then waits for the answers that are under way.
pub async fn serve(mut listener: TcpListener, router: Router, closing: CancellationToken) {
    let connections = GracefulShutdown::new();
    // What can't be accepted is waited for by axum's listener: it gives connections only.
    while let Some((line, from)) = closing.run_until_cancelled(Listener::accept(&mut listener)).await {
        // Only speeds small answers up.
        let _ = line.set_nodelay(true);
        let router = router.clone();
        let answer = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>(from));
            router.clone().oneshot(request)
        });
        let connection = connections.watch(http1::Builder::new().serve_connection(TokioIo::new(line), answer));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::trace!(%error, %from, "a connection broke");
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
}
