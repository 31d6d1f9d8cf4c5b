//! One keep-alive connection to the server, as thin as it can be: the load generator shares the machine with what it measures. It
//! understands what our server and the baseline answer: a status, headers, and a body with its length.

use crate::Outcome;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The longest answer of those that are measured has a few hundred bytes.
const MOST_BYTES: usize = 64 * 1024;

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

    pub async fn get(&mut self, path: &str) -> Outcome<Answer<'_>> {
        self.ask(&format!("GET {path} HTTP/1.1\r\nhost: {}\r\n\r\n", self.to)).await
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
        while whole.is_none_or(|(_, length)| self.buffer.len() < length) {
            if self.stream.read_buf(&mut self.buffer).await? == 0 || self.buffer.len() > MOST_BYTES {
                return Err("the line was cut".into());
            }
            whole = whole.or_else(|| length(&self.buffer));
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

/// Of the head with its empty line, and of the whole; `None` while the head is not all there.
fn length(buffer: &[u8]) -> Option<(usize, usize)> {
    let head = buffer.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&buffer[..head]).ok()?;
    let lines = text.lines().filter_map(|line| line.split_once(": "));
    let body = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length")).find_map(|(_, value)| value.parse::<usize>().ok());
    Some((head, head + body.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_as_long_as_it_says() {
        assert_eq!(length(b"HTTP/1.1 200 OK\r\ncontent-le"), None);
        assert_eq!(length(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"), Some((38, 43)));
        assert_eq!(length(b"HTTP/1.1 204 No Content\r\n\r\n"), Some((27, 27)));
    }

    #[test]
    fn cookies_are_found() {
        let head = "HTTP/1.1 200 OK\r\nset-cookie: other=1; Path=/\r\nSet-Cookie: pass=abc; Path=/\r\n\r\n";
        let answer = Answer { status: 200, head, body: b"" };
        assert_eq!((answer.cookie("pass"), answer.cookie("pas")), (Some("abc"), None));
    }
}
