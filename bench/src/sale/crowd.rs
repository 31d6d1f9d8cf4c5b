//! A crowd that waits: pages that renew their tickets when the server says so.

use crate::Outcome;
use crate::line::{Body, Line};
use crate::town::Crowd;
use hdrhistogram::Histogram;
use rand::Rng;
use serde::Deserialize;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// As a proxy keeps them to its server.
const LINES: usize = 64;
/// Everybody has come within.
const COMES_WITHIN_MS: u64 = 9_000;

/// At work until it is sent home.
pub struct Waiting {
    goes_home: Arc<AtomicBool>,
    pub renewals: Arc<AtomicU64>,
    lines: Vec<JoinHandle<Outcome<Histogram<u64>>>>,
}

/// No more of an answer than a line needs: it shares the machine with what it measures.
#[derive(Deserialize)]
struct Heard<'a> {
    ticket: Option<&'a str>,
    renew_in_ms: u64,
}

impl Waiting {
    pub async fn come(crowd: &Crowd, nodes: &[SocketAddr]) -> Outcome<Waiting> {
        let (goes_home, renewals) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let mut lines = Vec::with_capacity(LINES);
        let share = crowd.tickets.len().div_ceil(LINES).max(1);
        for (number, tickets) in crowd.tickets.chunks(share).enumerate() {
            let line = Line::open(nodes[number % nodes.len()]).await?;
            let path = format!("/room/{}/renew", crowd.window);
            lines.push(tokio::spawn(renew(line, path, tickets.to_vec(), Arc::clone(&goes_home), Arc::clone(&renewals))));
        }
        Ok(Waiting { goes_home, renewals, lines })
    }

    /// How late answers were, of all renewals, in microseconds.
    pub async fn go_home(self) -> Outcome<Histogram<u64>> {
        self.goes_home.store(true, Ordering::Relaxed);
        let mut all = Histogram::new_with_max(120_000_000, 2)?;
        for line in self.lines {
            all.add(line.await??)?;
        }
        Ok(all)
    }
}

async fn renew(
    mut line: Line,
    path: String,
    mut tickets: Vec<String>,
    goes_home: Arc<AtomicBool>,
    renewals: Arc<AtomicU64>,
) -> Outcome<Histogram<u64>> {
    let mut latencies = Histogram::new_with_max(120_000_000, 2)?;
    let began = Instant::now();
    let comes = |number| (Reverse(began + Duration::from_millis(rand::rng().random_range(0..COMES_WITHIN_MS))), number);
    let mut due: BinaryHeap<(Reverse<Instant>, usize)> = (0..tickets.len()).map(comes).collect();
    while let Some((Reverse(at), number)) = due.pop() {
        if goes_home.load(Ordering::Relaxed) {
            break;
        }
        if at > Instant::now() + Duration::from_millis(1) {
            tokio::time::sleep_until(at.into()).await;
        }
        let asked = Instant::now();
        let answer = line.post(&path, "", Body::Text(&tickets[number])).await?;
        let heard: Heard<'_> = serde_json::from_slice(answer.body)?;
        latencies.record(u64::try_from(asked.elapsed().as_micros())?)?;
        renewals.fetch_add(1, Ordering::Relaxed);
        // Whoever is called takes no part any more: nobody in here buys.
        match heard.ticket {
            Some(ticket) => ticket.clone_into(&mut tickets[number]),
            None if String::from_utf8_lossy(answer.body).contains("Lapsed") => return Err("somebody in the crowd lost the place".into()),
            None => continue,
        }
        due.push((Reverse(asked + Duration::from_millis(heard.renew_in_ms)), number));
    }
    Ok(latencies)
}
