//! Pages that listen, as a browser does: server-sent events over HTTP/1.1, read as they come. As thin as it can be, since they share the
//! machine with what is measured.

use crate::Outcome;
use domain::Timestamp;
use futures::{StreamExt, TryStreamExt, stream};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Streams that are being opened at the same time.
const OPENING: usize = 64;
const READ_BYTES: usize = 1_024;

/// Where a page listens, and as whom.
pub struct Place {
    pub path: String,
    pub cookie: String,
}

/// A notice that reached a page.
pub struct Heard {
    /// Which of the pages, from 0.
    pub page: usize,
    pub number: i64,
    /// Of the commit, by the server's clock; `None` of one that was read from the table.
    pub committed_us: Option<i64>,
    pub at_us: i64,
    pub data: String,
}

impl Heard {
    pub fn late_us(&self) -> Option<u64> {
        self.committed_us.map(|committed_us| u64::try_from(self.at_us - committed_us).unwrap_or(0))
    }
}

/// Open pages. They are closed when it is dropped.
pub struct Ears {
    pub heard: mpsc::UnboundedReceiver<Heard>,
    pub count: usize,
    _pages: JoinSet<()>,
}

impl Ears {
    /// Opens them all, and returns when each has been greeted.
    pub async fn open(addr: SocketAddr, places: Vec<Place>) -> Outcome<Ears> {
        let (tell, heard) = mpsc::unbounded_channel();
        let count = places.len();
        let opening = stream::iter(places).map(|place| Page::open(addr, place)).buffered(OPENING);
        let pages: Vec<Page> = opening.try_collect().await?;
        let mut reading = JoinSet::new();
        for (number, page) in pages.into_iter().enumerate() {
            reading.spawn(page.listen(number, tell.clone()));
        }
        Ok(Ears { heard, count, _pages: reading })
    }
}

struct Page {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Page {
    async fn open(addr: SocketAddr, place: Place) -> Outcome<Page> {
        let Place { path, cookie } = place;
        let mut stream = TcpStream::connect(addr).await?;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {addr}\r\naccept: text/event-stream\r\ncookie: {cookie}\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut page = Page { stream, buffer: Vec::with_capacity(READ_BYTES) };
        let hello = page.block().await?;
        if !hello.starts_with("HTTP/1.1 200") || !hello.contains("event: hello") {
            return Err(format!("no stream at {path}: {hello}").into());
        }
        Ok(page)
    }

    async fn listen(mut self, page: usize, tell: mpsc::UnboundedSender<Heard>) {
        // Nobody may want to know any more. A stream that ended is missed by whoever counts.
        while let Ok(block) = self.block().await {
            let at_us = Timestamp::now().as_microsecond();
            if heard(page, &block, at_us).is_some_and(|heard| tell.send(heard).is_err()) {
                return;
            }
        }
    }

    /// The next lines up to an empty one, with what HTTP writes between.
    async fn block(&mut self) -> Outcome<String> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|end| end == b"\n\n") {
                let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
                return Ok(String::from_utf8(block)?);
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the stream ended".into());
            }
        }
    }
}

/// `None` of a block that only keeps the line alive.
fn heard(page: usize, block: &str, at_us: i64) -> Option<Heard> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
    let committed_us = field(": committed ").and_then(|at| at.parse().ok());
    Some(Heard { page, number: field("id: ")?.parse().ok()?, committed_us, at_us, data: field("data: ")?.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::heard;

    #[test]
    fn a_block_is_read_with_what_http_writes_between() {
        let told = heard(7, "\r\n5c\r\n: committed 1000\nid: 3\ndata: {\"number\":3}\n\n", 1_400).unwrap();
        assert_eq!((told.page, told.number, told.late_us(), told.data.as_str()), (7, 3, Some(400), "{\"number\":3}"));
        let from_the_table = heard(0, "id: 4\ndata: {}\n\n", 9).unwrap();
        assert_eq!((from_the_table.number, from_the_table.late_us()), (4, None));
        assert!(heard(0, "\r\n4\r\n:\n\n", 9).is_none());
    }
}
