//! Telling what happens and how long it takes.

use crate::failure::Result;
use std::time::{Duration, Instant};

/// Announces `what` and how long it may take, does it, says how long it took.
pub fn step<T>(what: &str, may_take: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {what} ({may_take})");
    let clock = Clock::start();
    let done = work()?;
    println!("    {what}: {}", clock.read());
    Ok(done)
}

/// Time since a moment: on the wall, and of the processors in the programs we started (the fairer figure on a shared machine).
pub struct Clock {
    began: Instant,
    cpu_before: Option<Duration>,
}

impl Clock {
    pub fn start() -> Clock {
        Clock { began: Instant::now(), cpu_before: cpu_of_children() }
    }

    pub fn read(&self) -> String {
        let wall = took(self.began.elapsed());
        let cpu = cpu_of_children().zip(self.cpu_before).map(|(now, before)| now.saturating_sub(before));
        // Where the system does not tell, or there is nothing to tell.
        let cpu = cpu.filter(|cpu| !cpu.is_zero()).map(|cpu| format!(" ({} of CPU)", took(cpu)));
        wall + &cpu.unwrap_or_default()
    }
}

fn took(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// Of all that ended and was waited for, as Linux counts it: in hundredths of a second, in fields 16 and 17 of the line.
fn cpu_of_children() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(13);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks()? + ticks()?) * 10))
}
