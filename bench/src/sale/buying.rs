//! People who buy: in by the session and the turn, the pass, then the PIN-confirmed purchase with the bank's debit, all over HTTP.

use super::line::{Body, Line};
use super::town::{PIN, Person, Town};
use super::witness::{Kept, Outcome as Came, Witness};
use crate::Outcome;
use domain::{PurchaseId, Timestamp, WindowId};
use hdrhistogram::Histogram;
use rand::Rng;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const PATIENCE: Duration = Duration::from_secs(60);
/// Between two tries of whoever is not let in yet.
const PAUSE: Duration = Duration::from_millis(100);

/// In microseconds, to a hundredth of themselves.
pub struct Latencies {
    pub pass: Histogram<u64>,
    pub purchase: Histogram<u64>,
    pub whole: Histogram<u64>,
}

impl Latencies {
    fn new() -> Outcome<Latencies> {
        let histogram = || Histogram::new_with_max(120_000_000, 2);
        Ok(Latencies { pass: histogram()?, purchase: histogram()?, whole: histogram()? })
    }

    fn add(&mut self, other: Latencies) -> Outcome<()> {
        self.pass.add(other.pass)?;
        self.purchase.add(other.purchase)?;
        self.whole.add(other.whole)?;
        Ok(())
    }

    fn record(&mut self, from: Instant, entered: Instant, done: Instant) -> Outcome<()> {
        let us = |span: Duration| u64::try_from(span.as_micros());
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

/// What a span of buying gave.
pub struct Bought {
    pub latencies: Latencies,
    pub elapsed: Duration,
}

impl Bought {
    pub fn per_s(&self) -> f64 {
        self.latencies.whole.len() as f64 / self.elapsed.as_secs_f64()
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

/// Buys through so many lines at once, each one purchase after the other, until the time is over or everybody has bought.
pub async fn at_once(queue: &Arc<Queue>, nodes: &[SocketAddr], lines: usize, seconds: u64, witness: &Arc<Witness>) -> Outcome<Bought> {
    let mut open = Vec::with_capacity(lines);
    for number in 0..lines {
        open.push(Line::open(nodes[number % nodes.len()]).await?);
    }
    let began = Instant::now();
    let end = began + Duration::from_secs(seconds);
    let tasks = open.into_iter().map(|mut line| {
        let (queue, witness) = (Arc::clone(queue), Arc::clone(witness));
        tokio::spawn(async move {
            let mut latencies = Latencies::new()?;
            while Instant::now() < end {
                let Some(person) = queue.next() else { break };
                one(&mut line, queue.window, person, Instant::now(), &mut latencies, &witness).await?;
            }
            Outcome::Ok(latencies)
        })
    });
    let mut latencies = Latencies::new()?;
    for task in tasks.collect::<Vec<_>>() {
        latencies.add(task.await??)?;
    }
    Ok(Bought { latencies, elapsed: began.elapsed() })
}

/// Buys at a rate: each purchase is due at its own moment, and what it waits for a free line counts.
pub async fn offered(queue: &Arc<Queue>, nodes: &[SocketAddr], per_s: u32, seconds: u64, witness: &Arc<Witness>) -> Outcome<Bought> {
    const LINES: usize = 512;
    let mut free = Vec::with_capacity(LINES);
    for number in 0..LINES {
        free.push(Line::open(nodes[number % nodes.len()]).await?);
    }
    let (free, latencies) = (Arc::new(Mutex::new(free)), Arc::new(Mutex::new(Latencies::new()?)));
    let slots = Arc::new(tokio::sync::Semaphore::new(LINES));
    let began = Instant::now();
    let total = u64::from(per_s) * seconds;
    let mut tasks = Vec::with_capacity(usize::try_from(total)?);
    let mut due = began;
    for _ in 0..total {
        // Arrivals of a crowd: exponential gaps.
        due += Duration::from_secs_f64(-f64::ln(1.0 - rand::rng().random::<f64>()) / f64::from(per_s));
        tokio::time::sleep_until(due.into()).await;
        let (queue, witness, free, latencies) = (Arc::clone(queue), Arc::clone(witness), Arc::clone(&free), Arc::clone(&latencies));
        let slots = Arc::clone(&slots);
        tasks.push(tokio::spawn(async move {
            let _slot = slots.acquire_owned().await?;
            let Some(person) = queue.next() else { return Ok(()) };
            let mut line = free.lock().await.pop().ok_or("no line is free")?;
            let mut own = Latencies::new()?;
            one(&mut line, queue.window, person, due, &mut own, &witness).await?;
            free.lock().await.push(line);
            latencies.lock().await.add(own)
        }));
    }
    for task in tasks {
        task.await??;
    }
    let latencies = Arc::into_inner(latencies).ok_or("somebody still buys")?.into_inner();
    Ok(Bought { latencies, elapsed: began.elapsed() })
}

/// A whole purchase. `from` is when it was due.
async fn one(
    line: &mut Line,
    window: WindowId,
    person: &Person,
    from: Instant,
    latencies: &mut Latencies,
    witness: &Witness,
) -> Outcome<()> {
    let answer = line.post("/api/rooms/enter", &person.cookie, Body::Form(&format!("window={window}"))).await?;
    let Some(pass) = answer.cookie("payplus_pass").map(str::to_owned) else {
        return Err(format!("no pass: {} {}", answer.status, String::from_utf8_lossy(answer.body)).into());
    };
    let entered = Instant::now();
    let (random, units) = {
        let mut rng = rand::rng();
        (rng.random(), rng.random_range(10..=40))
    };
    let id = PurchaseId::from_parts(u64::try_from(Timestamp::now().as_millisecond())?, random);
    let form = format!("purchase={id}&window={window}&face={}&pin={PIN}", units * 10_000);
    let cookies = format!("{}; payplus_pass={pass}", person.cookie);
    let came = match line.post("/api/purchases/buy", &cookies, Body::Form(&form)).await {
        Ok(answer) => Came::of(answer.status),
        Err(_) => Came::Lost,
    };
    let done = Instant::now();
    witness.keep(Kept { id, came });
    if came == Came::Done {
        latencies.record(from, entered, done)?;
    }
    Ok(())
}
