//! One keep-alive connection to the server, as thin as it can be: the load generator shares the machine with what it measures. It
//! understands what our server and the baseline answer: a status, headers, and a body with its length or in pieces.

use crate::Outcome;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Of a page; the other answers that are measured have a few hundred bytes.
const MOST_BYTES: usize = 4 * 1024 * 1024;
const LAST_PIECE: &[u8] = b"\r\n0\r\n\r\n";

pub struct Line {
    to: SocketAddr,
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub struct Answer<'a> {
    pub status: u16,
    head: &'a str,
    pub body: &'a [u8],
}

impl Answer<'_> {
    /// The value of a cookie that it sets.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let set = lines.filter(|(header, _)| header.eq_ignore_ascii_case("set-cookie"));
        set.filter_map(|(_, value)| value.strip_prefix(name)?.strip_prefix('=')?.split(';').next()).next()
    }
}

/// What is sent as.
#[derive(Clone, Copy)]
pub enum Body<'a> {
    Form(&'a str),
    Json(&'a str),
    Text(&'a str),
}

impl Line {
    pub async fn open(to: SocketAddr) -> Outcome<Line> {
        Ok(Line { to, stream: dial(to).await?, buffer: Vec::with_capacity(4_096) })
    }

    /// Sends and reads one. After an error the line is a new one, and nobody knows what became of the request.
    pub async fn post(&mut self, path: &str, cookies: &str, body: Body<'_>) -> Outcome<Answer<'_>> {
        let (kind, text) = match body {
            Body::Form(text) => ("application/x-www-form-urlencoded", text),
            Body::Json(text) => ("application/json", text),
            Body::Text(text) => ("text/plain", text),
        };
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nsec-fetch-site: same-origin\r\naccept: application/json\r\ncookie: {cookies}\r\n\
             content-type: {kind}\r\ncontent-length: {}\r\n\r\n{text}",
            self.to,
            text.len()
        );
        self.ask(&request).await
    }

    pub async fn get(&mut self, path: &str, cookies: &str) -> Outcome<Answer<'_>> {
        self.ask(&format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept: text/html\r\ncookie: {cookies}\r\n\r\n", self.to)).await
    }

    async fn ask(&mut self, request: &str) -> Outcome<Answer<'_>> {
        match self.exchange(request).await {
            Ok(head) => self.answer(head),
            Err(error) => {
                self.stream = dial(self.to).await?;
                Err(error)
            }
        }
    }

    /// The length of the head that came back; it and the body stand in the buffer.
    async fn exchange(&mut self, request: &str) -> Outcome<usize> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        let mut whole = None;
        while !whole.as_ref().is_some_and(|(_, body)| is_whole(&self.buffer, body)) {
            if self.stream.read_buf(&mut self.buffer).await? == 0 || self.buffer.len() > MOST_BYTES {
                return Err("the line was cut".into());
            }
            whole = whole.or_else(|| head(&self.buffer));
        }
        whole.map(|(head, _)| head).ok_or_else(|| "no answer".into())
    }

    fn answer(&self, head: usize) -> Outcome<Answer<'_>> {
        let (head, body) = (std::str::from_utf8(&self.buffer[..head])?, &self.buffer[head..]);
        let status = head.get(9..12).ok_or("no status")?.parse()?;
        Ok(Answer { status, head, body })
    }
}

async fn dial(to: SocketAddr) -> Outcome<TcpStream> {
    let stream = TcpStream::connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// How a body ends.
#[derive(Debug, PartialEq, Eq)]
enum Ends {
    /// With so many bytes, head and all.
    At(usize),
    /// With a piece of nothing.
    WithLastPiece,
}

fn is_whole(buffer: &[u8], body: &Ends) -> bool {
    match body {
        Ends::At(length) => buffer.len() >= *length,
        // Nothing else is asked for before.
        Ends::WithLastPiece => buffer.ends_with(LAST_PIECE),
    }
}

/// The length of the head with its empty line; `None` while it is not all there.
fn head(buffer: &[u8]) -> Option<(usize, Ends)> {
    let head = buffer.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&buffer[..head]).ok()?;
    let header = |wanted: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once(": "));
        lines.find_map(|(name, value)| name.eq_ignore_ascii_case(wanted).then_some(value))
    };
    if header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        return Some((head, Ends::WithLastPiece));
    }
    let body = header("content-length").and_then(|value| value.parse::<usize>().ok());
    Some((head, Ends::At(head + body.unwrap_or(0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_as_long_as_it_says() {
        assert_eq!(head(b"HTTP/1.1 200 OK\r\ncontent-le"), None);
        assert_eq!(head(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"), Some((38, Ends::At(43))));
        assert_eq!(head(b"HTTP/1.1 204 No Content\r\n\r\n"), Some((27, Ends::At(27))));
        let pieces = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel";
        assert_eq!(head(pieces), Some((47, Ends::WithLastPiece)));
        assert!(!is_whole(pieces, &Ends::WithLastPiece));
        assert!(is_whole(&[pieces, LAST_PIECE].concat(), &Ends::WithLastPiece));
    }

    #[test]
    fn cookies_are_found() {
        let head = "HTTP/1.1 200 OK\r\nset-cookie: other=1; Path=/\r\nSet-Cookie: pass=abc; Path=/\r\n\r\n";
        let answer = Answer { status: 200, head, body: b"" };
        assert_eq!((answer.cookie("pass"), answer.cookie("pas")), (Some("abc"), None));
    }
}
