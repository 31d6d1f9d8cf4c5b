//! `--nodes N`: several servers on one PostgreSQL database, behind HAProxy, all on this machine's loopback.

use super::proxy::Proxy;
use super::{Service, Settings};
use crate::cluster::{Cluster, Durability};
use crate::failure::{Failure, Result, While};
use crate::options::Options;
use crate::place::Place;
use crate::process::pause;
use crate::release;
use crate::step::step;
use std::fs;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::process::Command;

/// Their ports lie between Pay+'s and the sandbox's.
const POSSIBLE: RangeInclusive<u16> = 2..=9;
/// For which a node that stops says so and still answers: four looks of the proxy.
const NOTICE_MS: u32 = 1_000;

/// How many, if several are wanted.
pub fn wanted(options: &Options) -> Result<Option<u16>> {
    let Some(asked) = options.value("--nodes") else { return Ok(None) };
    let count: u16 = asked.parse().map_err(|_| Failure::because(format!("--nodes {asked}: it is a number")))?;
    match count {
        1 => Ok(None),
        count if POSSIBLE.contains(&count) => Ok(Some(count)),
        _ => Err(Failure::because(format!("--nodes {count}: it is 1 to {}", POSSIBLE.end()))),
    }
}

/// Where each listens.
pub fn addresses(settings: &Settings, count: u16) -> Vec<SocketAddr> {
    (1..=count).map(|number| SocketAddr::new(settings.addr.ip(), settings.addr.port() + number)).collect()
}

/// Nodes, what stands before and behind them, in the order in which they are stopped.
pub struct Nodes {
    /// `None` once it has ended by itself: the others go on.
    nodes: Vec<Option<Service>>,
    proxy: Proxy,
    sandbox: Option<Service>,
    _cluster: Option<Cluster>,
}

impl Nodes {
    pub fn start(place: &Place, settings: &mut Settings, count: u16) -> Result<Nodes> {
        let cluster = if settings.database_url.starts_with("postgres") { None } else { Some(private(settings)?) };
        step(&format!("starting {count} nodes of Pay+ behind HAProxy"), "seconds", || {
            let sandbox = settings.start_sandbox(place)?;
            let addresses = addresses(settings, count);
            let mut nodes = Vec::new();
            for (number, addr) in (1..).zip(&addresses) {
                // The first brings the tables up to date and makes the demo's data, and then the others come.
                nodes.push(Some(start_node(place, settings, number, *addr)?));
            }
            let proxy = Proxy::start(settings.addr, &addresses, &settings.data.join("proxy.log"))?;
            Ok(Nodes { nodes, proxy, sandbox, _cluster: cluster })
        })
    }

    pub fn watch(&mut self) -> Result<()> {
        loop {
            self.proxy.service().check()?;
            self.sandbox.as_mut().map_or(Ok(()), Service::check)?;
            for node in &mut self.nodes {
                if let Some(Err(why)) = node.as_mut().map(Service::check) {
                    println!("{why}\nThe other nodes go on.");
                    *node = None;
                }
            }
            if self.nodes.iter().all(Option::is_none) {
                return Err(Failure::because("no node is left"));
            }
            pause()?;
        }
    }
}

fn start_node(place: &Place, settings: &Settings, number: u16, addr: SocketAddr) -> Result<Service> {
    let mut command = Command::new(place.release(release::SERVER));
    settings.describe(release::describe_site(place, &mut command));
    command.env("PAYPLUS_ADDR", addr.to_string()).env("PAYPLUS_NOTICE_MS", NOTICE_MS.to_string());
    if number > 1 {
        command.env("PAYPLUS_DEMO", "none");
    }
    let log = settings.data.join(format!("server-{number}.log"));
    let mut node = Service::start(&format!("node {number}"), command.current_dir(&place.root), log)?;
    node.wait_for(addr, "/ready")?;
    Ok(node)
}

/// A cluster for this run. It is gone afterwards, so the sandbox's bank begins anew too.
fn private(settings: &mut Settings) -> Result<Cluster> {
    let cluster = Cluster::start(Durability::Full)?;
    settings.database_url = cluster.url.clone();
    settings.is_kept = false;
    settings.sandbox_journal = settings.data.join("sandbox-of-nodes.jsonl");
    if settings.sandbox_journal.exists() {
        fs::remove_file(&settings.sandbox_journal).while_doing("forgetting the sandbox of an earlier run")?;
    }
    Ok(cluster)
}
