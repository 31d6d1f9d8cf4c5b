//! What a run cost: CPU time and memory of this process and of PostgreSQL, read from /proc.

use std::time::Duration;

/// CPU time that this process has used.
pub fn own_cpu() -> Duration {
    cpu_of("self").map_or(Duration::ZERO, |cpu| cpu.own)
}

/// CPU time of a PostgreSQL cluster: its postmaster, all it has reaped, and all that live.
pub fn cluster_cpu(postmaster: u32) -> Duration {
    let Some(parent) = cpu_of(&postmaster.to_string()) else { return Duration::ZERO };
    let processes = std::fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let children = processes.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())).filter_map(|pid| cpu_of(&pid));
    children.filter(|cpu| cpu.parent == postmaster).map(|cpu| cpu.own).sum::<Duration>() + parent.own + parent.reaped
}

/// CPU time that a process of ours has used.
pub fn cpu(pid: u32) -> Duration {
    cpu_of(&pid.to_string()).map_or(Duration::ZERO, |cpu| cpu.own)
}

/// The parent of a process.
pub fn parent_of(pid: u32) -> Option<u32> {
    cpu_of(&pid.to_string()).map(|cpu| cpu.parent)
}

/// Resident memory of this process in MB.
pub fn own_rss_mb() -> f64 {
    rss_mb("self")
}

/// Resident memory of a process, by its id, in MB.
pub fn rss_mb(process: impl std::fmt::Display) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).map_or(0.0, |kb| kb / 1024.0)
}

struct Cpu {
    parent: u32,
    own: Duration,
    reaped: Duration,
}

fn cpu_of(pid: &str) -> Option<Cpu> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold spaces; fields are counted behind it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    // Linux counts these in hundredths of a second on every platform we run on.
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok().map(|ticks| Duration::from_millis(ticks * 10));
    Some(Cpu { parent: fields.get(1)?.parse().ok()?, own: ticks(11)? + ticks(12)?, reaped: ticks(13)? + ticks(14)? })
}
