//! People who buy: in by the session and the turn, the pass, then the PIN-confirmed purchase with the bank's debit, all over HTTP.

use crate::Outcome;
use crate::line::{Body, Line};
use crate::load::{Spans, Work, us};
use crate::town::{PIN, Person, Town};
use crate::witness::{Kept, Outcome as Came, Witness};
use domain::{PurchaseId, Timestamp, WindowId};
use hdrhistogram::Histogram;
use rand::Rng;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);
/// Between two tries of whoever is not let in yet.
const PAUSE: Duration = Duration::from_millis(100);

/// In microseconds, to a hundredth of themselves.
pub struct Latencies {
    pub pass: Histogram<u64>,
    pub purchase: Histogram<u64>,
    pub whole: Histogram<u64>,
}

impl Spans for Latencies {
    fn none() -> Outcome<Latencies> {
        Ok(Latencies { pass: Spans::none()?, purchase: Spans::none()?, whole: Spans::none()? })
    }

    fn add(&mut self, other: Latencies) -> Outcome<()> {
        self.pass.add(other.pass)?;
        self.purchase.add(other.purchase)?;
        Ok(self.whole.add(other.whole)?)
    }

    fn whole(&self) -> &Histogram<u64> {
        &self.whole
    }
}

impl Latencies {
    fn record(&mut self, from: Instant, entered: Instant, done: Instant) -> Outcome<()> {
        self.pass.record(us(entered - from)?)?;
        self.purchase.record(us(done - entered)?)?;
        self.whole.record(us(done - from)?)?;
        Ok(())
    }
}

/// People whose turn it is in one window.
pub struct Queue {
    window: WindowId,
    people: Vec<Person>,
    next: AtomicUsize,
}

impl Queue {
    fn next(&self) -> Option<&Person> {
        self.people.get(self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// Opens a window and has so many people join it, over so many lines; returns when they are all called. How many joined a second.
pub async fn join(town: &mut Town, nodes: &[SocketAddr], people: usize, lines: usize) -> Outcome<(Arc<Queue>, f64)> {
    let window = town.open_window().await?;
    let people: Vec<Person> = town.people.iter().take(people).cloned().collect();
    let queue = Arc::new(Queue { window, people, next: AtomicUsize::new(0) });
    // The rooms are looked for once a second.
    for node in nodes {
        until_called(&mut Line::open(*node).await?, window, &queue.people[0]).await?;
    }
    let began = Instant::now();
    let tasks = (0..lines).map(|number| {
        let (queue, node) = (Arc::clone(&queue), nodes[number % nodes.len()]);
        tokio::spawn(async move {
            let mut line = Line::open(node).await?;
            while let Some(person) = queue.next() {
                let form = format!("window={}", queue.window);
                let answer = line.post("/api/rooms/join", &person.cookie, Body::Form(&form)).await?;
                if answer.status != 200 {
                    return Err(format!("joining: {} {}", answer.status, String::from_utf8_lossy(answer.body)).into());
                }
            }
            Outcome::Ok(())
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await??;
    }
    let per_s = queue.people.len() as f64 / began.elapsed().as_secs_f64();
    let last = queue.people.last().ok_or("nobody joined")?;
    for node in nodes {
        until_called(&mut Line::open(*node).await?, window, last).await?;
    }
    queue.next.store(0, Ordering::Relaxed);
    println!("  {} people have joined", queue.people.len());
    Ok((queue, per_s))
}

/// Joins and renews until it is the turn of this person, who then waits with the others.
async fn until_called(line: &mut Line, window: WindowId, person: &Person) -> Outcome<()> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        let answer = line.post("/api/rooms/join", &person.cookie, Body::Form(&format!("window={window}"))).await?;
        if String::from_utf8_lossy(answer.body).contains("ComesIn") {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err("nobody is called".into())
}

/// Those of a queue who buy, and whoever keeps what they are told.
pub struct Buyers {
    pub queue: Arc<Queue>,
    pub witness: Arc<Witness>,
}

impl Work for Buyers {
    type Spans = Latencies;

    /// A whole purchase.
    async fn one(&self, line: &mut Line, due: Instant, latencies: &mut Latencies) -> Outcome<bool> {
        let queue = &self.queue;
        let Some(person) = queue.next() else { return Ok(false) };
        let answer = line.post("/api/rooms/enter", &person.cookie, Body::Form(&format!("window={}", queue.window))).await?;
        let Some(pass) = answer.cookie("payplus_pass").map(str::to_owned) else {
            return Err(format!("no pass: {} {}", answer.status, String::from_utf8_lossy(answer.body)).into());
        };
        let entered = Instant::now();
        let (random, units) = {
            let mut rng = rand::rng();
            (rng.random(), rng.random_range(10..=40))
        };
        let id = PurchaseId::from_parts(u64::try_from(Timestamp::now().as_millisecond())?, random);
        let form = format!("purchase={id}&window={}&face={}&pin={PIN}", queue.window, units * 10_000);
        let cookies = format!("{}; payplus_pass={pass}", person.cookie);
        let came = match line.post("/api/purchases/buy", &cookies, Body::Form(&form)).await {
            Ok(answer) => Came::of(answer.status),
            Err(_) => Came::Lost,
        };
        let done = Instant::now();
        self.witness.keep(Kept { id: id.uuid(), came });
        if came == Came::Done {
            latencies.record(due, entered, done)?;
        }
        Ok(true)
    }
}
