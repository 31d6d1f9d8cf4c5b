//! Work that many do at once over HTTP: one thing after the other as fast as it goes, or each at its own moment.

use crate::Outcome;
use crate::line::Line;
use hdrhistogram::Histogram;
use rand::Rng;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, Semaphore};

pub trait Work: Send + Sync + 'static {
    type Spans: Spans;

    /// One thing, which was due at this moment. `false`: nobody is left to do it.
    fn one(&self, line: &mut Line, due: Instant, spans: &mut Self::Spans) -> impl Future<Output = Outcome<bool>> + Send;
}

/// How long it took.
pub trait Spans: Sized + Send + 'static {
    fn none() -> Outcome<Self>;
    fn add(&mut self, other: Self) -> Outcome<()>;
    /// Of the whole.
    fn whole(&self) -> &Histogram<u64>;
}

/// In microseconds, to a hundredth of themselves.
impl Spans for Histogram<u64> {
    fn none() -> Outcome<Histogram<u64>> {
        Ok(Histogram::new_with_max(120_000_000, 2)?)
    }

    fn add(&mut self, other: Histogram<u64>) -> Outcome<()> {
        Ok(Histogram::add(self, other)?)
    }

    fn whole(&self) -> &Histogram<u64> {
        self
    }
}

pub struct Done<S> {
    pub spans: S,
    pub elapsed: Duration,
}

impl<S: Spans> Done<S> {
    pub fn per_s(&self) -> f64 {
        self.spans.whole().len() as f64 / self.elapsed.as_secs_f64()
    }

    pub fn whole_ms(&self, quantile: f64) -> f64 {
        ms(self.spans.whole(), quantile)
    }
}

pub fn ms(latencies: &Histogram<u64>, quantile: f64) -> f64 {
    latencies.value_at_quantile(quantile) as f64 / 1_000.0
}

pub fn us(span: Duration) -> Outcome<u64> {
    Ok(u64::try_from(span.as_micros())?)
}

async fn lines(nodes: &[SocketAddr], lines: usize) -> Outcome<Vec<Line>> {
    let mut open = Vec::with_capacity(lines);
    for number in 0..lines {
        open.push(Line::open(nodes[number % nodes.len()]).await?);
    }
    Ok(open)
}

/// Through so many lines at once, each one thing after the other, until the time is over or nobody is left.
pub async fn at_once<W: Work>(work: &Arc<W>, nodes: &[SocketAddr], count: usize, seconds: u64) -> Outcome<Done<W::Spans>> {
    let open = lines(nodes, count).await?;
    let began = Instant::now();
    let end = began + Duration::from_secs(seconds);
    let tasks = open.into_iter().map(|mut line| {
        let work = Arc::clone(work);
        tokio::spawn(async move {
            let mut spans = W::Spans::none()?;
            while Instant::now() < end && work.one(&mut line, Instant::now(), &mut spans).await? {}
            Outcome::Ok(spans)
        })
    });
    let mut spans = W::Spans::none()?;
    for task in tasks.collect::<Vec<_>>() {
        spans.add(task.await??)?;
    }
    Ok(Done { spans, elapsed: began.elapsed() })
}

/// At a rate: each is due at its own moment, and what it waits for a free line counts.
pub async fn offered<W: Work>(work: &Arc<W>, nodes: &[SocketAddr], per_s: u32, seconds: u64) -> Outcome<Done<W::Spans>> {
    const LINES: usize = 512;
    let free = Arc::new(Mutex::new(lines(nodes, LINES).await?));
    let spans = Arc::new(Mutex::new(W::Spans::none()?));
    let slots = Arc::new(Semaphore::new(LINES));
    let began = Instant::now();
    let total = u64::from(per_s) * seconds;
    let mut tasks = Vec::with_capacity(usize::try_from(total)?);
    let mut due = began;
    for _ in 0..total {
        // Arrivals of a crowd: exponential gaps.
        due += Duration::from_secs_f64(-f64::ln(1.0 - rand::rng().random::<f64>()) / f64::from(per_s));
        tokio::time::sleep_until(due.into()).await;
        let (work, free, spans, slots) = (Arc::clone(work), Arc::clone(&free), Arc::clone(&spans), Arc::clone(&slots));
        tasks.push(tokio::spawn(async move {
            let _slot = slots.acquire_owned().await?;
            let mut line = free.lock().await.pop().ok_or("no line is free")?;
            let mut own = W::Spans::none()?;
            work.one(&mut line, due, &mut own).await?;
            free.lock().await.push(line);
            spans.lock().await.add(own)
        }));
    }
    for task in tasks {
        task.await??;
    }
    let spans = Arc::into_inner(spans).ok_or("somebody is still at work")?.into_inner();
    Ok(Done { spans, elapsed: began.elapsed() })
}
