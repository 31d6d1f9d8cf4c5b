//! The wire that can be cut.
//!
//! A handler can't close its connection: whatever it returns, hyper answers with something. So the sandbox puts its own
//! stream under hyper. A handler that wants to hang up returns [`hang_up`]; the outermost middleware sees the mark
//! and flips the switch of this connection; from then on the stream refuses to write, hyper gives the connection up, and the client
//! sees the end of the stream without a single byte of an answer.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::Request;
use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections open at a time; further ones wait in the kernel's backlog.
const CONNECTIONS_MAX: usize = 4096;

/// Marks a response that must never be written.
#[derive(Clone)]
struct HangUp;

/// The answer that cuts the line instead. Without a line (a router called directly) it is 500 `{"error":"hung_up"}`.
pub(crate) fn hang_up() -> Response {
    let mut response = crate::door::refuse(StatusCode::INTERNAL_SERVER_ERROR, "hung_up");
    response.extensions_mut().insert(HangUp);
    response
}

/// The outermost middleware: cuts the connection of a request whose answer is [`hang_up`].
pub(crate) async fn hang_up_when_told(request: Request, next: Next) -> Response {
    let line = request.extensions().get::<ConnectInfo<Line>>().map(|ConnectInfo(line)| line.clone());
    let response = next.run(request).await;
    if response.extensions().get::<HangUp>().is_some()
        && let Some(line) = line
    {
        line.cut();
    }
    response
}

/// The switch of one connection.
#[derive(Clone, Default)]
pub(crate) struct Line(Arc<AtomicBool>);

impl Line {
    fn cut(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_cut(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Connected<IncomingStream<'_, Lines>> for Line {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        stream.io().line.clone()
    }
}

/// Accepts connections that can be cut, [`CONNECTIONS_MAX`] at a time.
pub(crate) struct Lines {
    listener: TcpListener,
    places: Arc<Semaphore>,
}

impl Lines {
    pub(crate) fn new(listener: TcpListener) -> Self {
        Self { listener, places: Arc::new(Semaphore::new(CONNECTIONS_MAX)) }
    }
}

impl Listener for Lines {
    type Io = Wire;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Wire, Self::Addr) {
        let place = Arc::clone(&self.places).acquire_owned().await.expect("nobody closes this semaphore");
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    // Only speeds small answers up; a socket that refuses it works all the same.
                    let _ = stream.set_nodelay(true);
                    return (Wire { stream, line: Line::default(), _place: place }, peer);
                }
                Err(error) => {
                    tracing::warn!(%error, "accept failed");
                    // Out of file descriptors, most likely: give others the time to close theirs.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A TCP stream that writes nothing once its [`Line`] is cut.
pub(crate) struct Wire {
    stream: TcpStream,
    line: Line,
    _place: OwnedSemaphorePermit,
}

impl Wire {
    fn refuse_if_cut(&self) -> io::Result<()> {
        if self.line.is_cut() { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.refuse_if_cut()?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        self.refuse_if_cut()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
