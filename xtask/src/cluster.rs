//! A PostgreSQL of our own for one run: in a temporary folder, on a free port of the loopback, gone afterwards.

use crate::failure::{Failure, Result, While};
use crate::options::Options;
use crate::place::Place;
use crate::process::{Program, output, pause, run};
use crate::step::step;
use crate::tools;
use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub const HELP: &str = "\
cargo xtask postgres
    A PostgreSQL for running single tests by hand; prints the variable they want, ends at Ctrl-C.";

pub fn keep_up(_: &Place, args: &[String]) -> Result<()> {
    Options::parse(args, &[], &[])?;
    let cluster = Cluster::start(Durability::None)?;
    println!("export PAYPLUS_TEST_POSTGRES={}", cluster.url);
    loop {
        match pause() {
            Err(Failure::Interrupted) => return Ok(()),
            other => other?,
        }
    }
}

/// What a crash of the machine may cost the cluster.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Everything: tests make and drop databases by the dozen.
    None,
    /// Nothing, as in production: what is measured must be what is promised.
    Full,
}

pub struct Cluster {
    /// Of the superuser; every user of the cluster makes databases of its own.
    pub url: String,
    _server: Program,
    _folder: Folder,
}

/// A folder that goes when it is dropped (the server, declared before it, has ended by then).
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The account that runs the cluster: PostgreSQL refuses root, so root lends Debian's `postgres`.
#[derive(Clone, Copy)]
enum Account {
    Ours,
    Lent { uid: u32, gid: u32 },
}

impl Account {
    fn choose() -> Result<Account> {
        if id(&["-u"])? != 0 {
            return Ok(Account::Ours);
        }
        Ok(Account::Lent { uid: id(&["-u", "postgres"])?, gid: id(&["-g", "postgres"])? })
    }

    fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Account::Lent { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        command
    }
}

impl Cluster {
    pub fn start(durability: Durability) -> Result<Cluster> {
        let programs = tools::postgres_programs()?;
        step("starting a PostgreSQL cluster", "a few seconds", || Cluster::start_with(&programs, durability))
    }

    fn start_with(programs: &Path, durability: Durability) -> Result<Cluster> {
        let account = Account::choose()?;
        // The usual folder may lie in memory, where a commit costs nothing: not for measurements.
        let parent = if durability == Durability::Full { PathBuf::from("/var/tmp") } else { std::env::temp_dir() };
        let folder = Folder(parent.join(format!("payplus-postgres-{}", std::process::id())));
        fs::create_dir(&folder.0).while_doing("making the cluster's folder")?;
        if let Account::Lent { uid, gid } = account {
            std::os::unix::fs::chown(&folder.0, Some(uid), Some(gid)).while_doing("lending the cluster's folder")?;
        }
        let data = folder.0.join("data");
        let mut initdb = account.command(&programs.join("initdb"));
        initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--pgdata"]);
        run(initdb.arg(&data).current_dir(&folder.0).stdout(Stdio::null()))?;

        let port = free_port()?;
        let log = folder.0.join("log");
        let log_file = File::create(&log).while_doing("making the cluster's log")?;
        let mut postgres = account.command(&programs.join("postgres"));
        postgres.arg("-D").arg(&data).arg("-k").arg(&folder.0).arg("-p").arg(port.to_string()).current_dir(&folder.0);
        for setting in ["listen_addresses=127.0.0.1", "max_connections=300", "shared_buffers=1GB", "logging_collector=off"] {
            postgres.args(["-c", setting]);
        }
        if durability == Durability::Full {
            // As on any server that is written to all day: checkpoints by the clock, not every few seconds.
            for setting in ["max_wal_size=4GB", "checkpoint_timeout=15min"] {
                postgres.args(["-c", setting]);
            }
        }
        if durability == Durability::None {
            for setting in ["fsync=off", "synchronous_commit=off", "full_page_writes=off"] {
                postgres.args(["-c", setting]);
            }
        }
        let log_twin = log_file.try_clone().while_doing("making the cluster's log")?;
        // INT is PostgreSQL's fast shutdown: sessions are cut, data written.
        let mut server =
            Program::service_ending_by("INT", "PostgreSQL", postgres.stdout(Stdio::from(log_file)).stderr(Stdio::from(log_twin)))?;
        wait_until_ready(programs, port, &mut server, &log)?;
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        Ok(Cluster { url, _server: server, _folder: folder })
    }
}

fn wait_until_ready(programs: &Path, port: u16, server: &mut Program, log: &Path) -> Result<()> {
    let mut ask = Command::new(programs.join("pg_isready"));
    ask.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
    let began = Instant::now();
    while output(&mut ask).is_err() {
        if server.ended()?.is_some() || began.elapsed() > Duration::from_secs(60) {
            let said = fs::read_to_string(log).unwrap_or_default();
            return Err(Failure::because(format!("PostgreSQL did not start: {}", said.trim())));
        }
        pause()?;
    }
    Ok(())
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").while_doing("looking for a free port")?;
    Ok(listener.local_addr().while_doing("looking for a free port")?.port())
}

fn id(args: &[&str]) -> Result<u32> {
    let id = output(Command::new("id").args(args))?;
    id.trim().parse().map_err(|_| Failure::because(format!("`id` answered {id:?}")))
}
