//! Telling what happens and how long it takes.

use crate::failure::Result;
use std::time::{Duration, Instant};

/// Announces `what` and how long it may take, does it, says how long it took.
pub fn step<T>(what: &str, may_take: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {what} ({may_take})");
    let began = Instant::now();
    let done = work()?;
    println!("    {what}: {}", took(began.elapsed()));
    Ok(done)
}

pub fn took(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 10 { format!("{:.1} s", time.as_secs_f64()) } else { format!("{} min {:02} s", seconds / 60, seconds % 60) }
}
