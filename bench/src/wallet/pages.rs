//! The pages of a wallet, asked for over HTTP by those with a full one, and home by those with one lot.

use super::{FULL, OFFERED, Round};
use crate::Outcome;
use crate::line::Line;
use crate::load::{self, Work, us};
use crate::site::Site;
use crate::town::{Person, Town};
use hdrhistogram::Histogram;
use rand::Rng;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

pub struct Page {
    pub name: &'static str,
    path: &'static str,
    is_full: bool,
}

const fn full(name: &'static str, path: &'static str) -> Page {
    Page { name, path, is_full: true }
}

pub const PAGES: &[Page] = &[
    Page { name: "home, one lot", path: "/", is_full: false },
    full("home", "/"),
    full("lots of a kind", "/vouchers/1"),
    full("history", "/history"),
];

struct Readers {
    people: Vec<Person>,
    path: &'static str,
    bytes: AtomicU64,
}

impl Work for Readers {
    type Spans = Histogram<u64>;

    async fn one(&self, line: &mut Line, due: Instant, latencies: &mut Histogram<u64>) -> Outcome<bool> {
        let person = &self.people[rand::rng().random_range(0..self.people.len())];
        let answer = line.get(self.path, &person.cookie).await?;
        if answer.status != 200 {
            return Err(format!("{}: {}", self.path, answer.status).into());
        }
        self.bytes.fetch_add(u64::try_from(answer.body.len())?, Ordering::Relaxed);
        latencies.record(us(due.elapsed())?)?;
        Ok(true)
    }
}

pub async fn round(town: &Town, site: &Site, page: &Page, seconds: u64) -> Outcome<Round> {
    let people = if page.is_full { &town.people[..FULL] } else { &town.people[FULL..] };
    let readers = Arc::new(Readers { people: people.to_vec(), path: page.path, bytes: AtomicU64::new(0) });
    // What a process does only once.
    load::offered(&readers, &site.addrs, OFFERED, 1).await?;
    readers.bytes.store(0, Ordering::Relaxed);
    let before = site.cpu(town);
    let done = load::offered(&readers, &site.addrs, OFFERED, seconds).await?;
    let (cpu, views) = (site.cpu(town).since(before), done.spans.len() as f64);
    Ok(Round {
        per_s: done.per_s(),
        p50_ms: done.whole_ms(0.5),
        p99_ms: done.whole_ms(0.99),
        cpu_us: (cpu.server + cpu.database).as_secs_f64() * 1e6 / views.max(1.0),
        size: readers.bytes.load(Ordering::Relaxed) as f64 / views.max(1.0),
    })
}
