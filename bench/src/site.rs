//! The processes that are measured: the release server, as many nodes as wanted, and the sandbox that plays the bank; each a child of
//! this one, on loopback, ended by its own process id.

use crate::line::Line;
use crate::town::Town;
use crate::{Outcome, machine};
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(120);

pub struct Site {
    /// One a node.
    pub addrs: Vec<SocketAddr>,
    nodes: Vec<Process>,
    bank: Process,
    pub bank_url: String,
    folder: tempfile::TempDir,
}

/// CPU time so far.
#[derive(Clone, Copy)]
pub struct Cpu {
    pub server: Duration,
    pub bank: Duration,
    pub database: Duration,
    pub bench: Duration,
}

impl Cpu {
    pub fn since(self, before: Cpu) -> Cpu {
        Cpu {
            server: self.server.saturating_sub(before.server),
            bank: self.bank.saturating_sub(before.bank),
            database: self.database.saturating_sub(before.database),
            bench: self.bench.saturating_sub(before.bench),
        }
    }
}

impl Site {
    pub async fn start(town: &Town, nodes: usize) -> Outcome<Site> {
        let folder = tempfile::tempdir()?;
        let bank_addr = free()?;
        let mut sandbox = Command::new(program("sandbox")?);
        sandbox.args(["--addr", &bank_addr.to_string(), "--magic", "false"]).env("RUST_LOG", "warn");
        let mut bank = Process::start(&mut sandbox, &folder.path().join("sandbox.log"))?;
        bank.answers(bank_addr, "/health").await?;
        let bank_url = format!("http://{bank_addr}");
        let mut site = Site { addrs: Vec::new(), nodes: Vec::new(), bank, bank_url, folder };
        site.serve(town, nodes).await?;
        Ok(site)
    }

    /// So many servers, when there are none, beside the same bank.
    pub async fn serve(&mut self, town: &Town, nodes: usize) -> Outcome<()> {
        let folder = self.folder.path();
        for number in 0..nodes {
            let addr = free()?;
            let mut server = Command::new(program("payplus")?);
            server.env("PAYPLUS_ADDR", addr.to_string()).env("PAYPLUS_DATA_DIR", folder.join(format!("node-{number}")));
            server
                .env("DATABASE_URL", &town.url)
                .env("PAYPLUS_SERVER_KEY", crate::town::KEY_HEX)
                .env("PAYPLUS_SANDBOX_URL", &self.bank_url);
            server.env("PAYPLUS_SITE_DIR", folder).env("LEPTOS_HASH_FILES", "false").env("LEPTOS_OUTPUT_NAME", "payplus");
            let mut node = Process::start(&mut server, &folder.join(format!("node-{number}.log")))?;
            node.answers(addr, "/ready").await?;
            self.nodes.push(node);
            self.addrs.push(addr);
        }
        Ok(())
    }

    pub fn cpu(&self, town: &Town) -> Cpu {
        Cpu {
            server: self.nodes.iter().map(|node| machine::cpu(node.child.id())).sum(),
            bank: machine::cpu(self.bank.child.id()),
            database: town.postmaster.map_or(Duration::ZERO, machine::cluster_cpu),
            bench: machine::own_cpu(),
        }
    }

    /// Of all nodes.
    pub fn rss_mb(&self) -> f64 {
        self.nodes.iter().map(|node| machine::rss_mb(node.child.id())).sum()
    }

    /// Ends the servers, so that all they know is in the database; the bank goes on, to be asked by the auditor.
    pub fn stop_servers(&mut self) -> Outcome<()> {
        self.addrs.clear();
        for mut node in self.nodes.drain(..) {
            node.stop()?;
        }
        Ok(())
    }
}

/// A child with its log.
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    pub fn start(command: &mut Command, log: &Path) -> Outcome<Process> {
        let (out, twin) = (File::create(log)?, File::options().append(true).open(log)?);
        let child = command.stdin(Stdio::null()).stdout(out).stderr(twin).spawn();
        let child = child.map_err(|error| format!("{}: {error}; build the release first", command.get_program().display()))?;
        Ok(Process { child, log: log.to_owned() })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it listens there and says that all is well.
    pub async fn answers(&mut self, addr: SocketAddr, path: &str) -> Outcome<()> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Ok(mut line) = Line::open(addr).await
                && line.get(path, "").await.is_ok_and(|answer| answer.status == 200)
            {
                return Ok(());
            }
            if self.child.try_wait()?.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(format!("nobody answers at {addr}{path}: {:?}", self.last_words()).into())
    }

    fn last_words(&self) -> Vec<String> {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        log.lines().rev().take(5).map(str::to_owned).collect()
    }

    fn stop(&mut self) -> Outcome<()> {
        let killed = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status()?;
        let began = Instant::now();
        while killed.success() && began.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                let words = || format!("a server ended with {status}: {:?}", self.last_words());
                return if status.success() { Ok(()) } else { Err(words().into()) };
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err("a server does not end".into())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Of the release: beside the bench.
fn program(name: &str) -> Outcome<PathBuf> {
    Ok(std::env::current_exe()?.parent().ok_or("the bench has no folder")?.join(name))
}

/// An address of the loopback with a free port.
pub fn free() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
