//! `cargo xtask run`: from a fresh clone to a running Pay+, of one node or of several.

mod nodes;
mod proxy;

use crate::failure::{Failure, Result, While};
use crate::options::Options;
use crate::place::Place;
use crate::process::{Program, pause};
use crate::release;
use crate::step::step;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub const HELP: &str = "\
cargo xtask run [--port 8080] [--data DIR] [--demo none|basic|sale-day] [--nodes N] [--no-build]
    Installs what is missing, builds, starts Pay+ and its sandbox (bank, identity, SMS, tax service) on this machine.
      --port N       Pay+ listens on 127.0.0.1:N, the sandbox on N+10 (default 8080)
      --data DIR     where everything is kept (default ./data); a second start goes on from there
      --demo WHAT    none, or basic: a few people, shops and a sale (default basic);
                     sale-day: also a sale that opens in two minutes, with a crowd that waits for it
      --nodes N      2 to 9 servers behind HAProxy, on N ports above, sharing one PostgreSQL: that of DATABASE_URL, or one
                     of this run, which is gone afterwards. Stop one of them, and the others go on
      --no-build     start what is built
    Environment, each optional: PAYPLUS_ADDR, PAYPLUS_DATA_DIR, DATABASE_URL (postgres://.. or sqlite://..),
    PAYPLUS_SANDBOX_URL or PAYPLUS_BANK_URL, PAYPLUS_IDENTITY_URL, PAYPLUS_SMS_URL and PAYPLUS_TAX_URL (no sandbox is
    started then),
    PAYPLUS_OUTSIDE_KEY, PAYPLUS_SERVER_KEY, PAYPLUS_DEMO, PAYPLUS_DEMO_SHOPS (2000; the city has 280000), PAYPLUS_LOG, PAYPLUS_SECURE_COOKIES.
    Secrets that are not set are made once and kept in the data folder, readable by you alone.";

pub fn run(place: &Place, args: &[String]) -> Result<()> {
    let options = Options::parse(args, &["--port", "--data", "--demo", "--nodes"], &["--no-build"])?;
    let mut settings = Settings::read(place, &options)?;
    let nodes = nodes::wanted(&options)?;
    settings.check_free()?;
    check_free(nodes.map(|count| nodes::addresses(&settings, count)).unwrap_or_default())?;
    if options.has("--no-build") {
        release::check(place)?;
    } else {
        release::build(place, &["server", "sandbox"])?;
    }
    match nodes {
        Some(count) => {
            let mut running = nodes::Nodes::start(place, &mut settings, count)?;
            settings.welcome(&nodes::addresses(&settings, count));
            stopping(running.watch())
        }
        None => {
            let mut running = Running::start(place, &settings)?;
            settings.welcome(&[]);
            stopping(running.watch())
        }
    }
}

/// Ctrl-C is how it ends.
fn stopping(watched: Result<()>) -> Result<()> {
    match watched {
        Err(Failure::Interrupted) => {
            println!("\nstopping");
            Ok(())
        }
        other => other,
    }
}

/// Where to listen, where to keep things, whom to talk to.
pub struct Settings {
    pub addr: SocketAddr,
    pub data: PathBuf,
    demo: String,
    /// `None` when the outside is somebody else's.
    sandbox_addr: Option<SocketAddr>,
    /// Where the sandbox's bank remembers.
    sandbox_journal: PathBuf,
    outside_key: String,
    database_url: String,
    /// The database is there at the next start.
    is_kept: bool,
}

impl Settings {
    pub fn read(place: &Place, options: &Options) -> Result<Settings> {
        let set = |option: &str, variable: &str| options.value(option).map(str::to_owned).or_else(|| std::env::var(variable).ok());
        let addr = match options.value("--port") {
            Some(port) => format!("127.0.0.1:{port}"),
            None => std::env::var("PAYPLUS_ADDR").unwrap_or_else(|_| "127.0.0.1:8080".to_owned()),
        };
        let addr: SocketAddr = addr.parse().map_err(|_| Failure::because(format!("{addr} is no address to listen on")))?;
        let outside = |url: &str| std::env::var_os(url).is_some();
        let others_play = ["PAYPLUS_BANK_URL", "PAYPLUS_IDENTITY_URL", "PAYPLUS_SMS_URL", "PAYPLUS_TAX_URL"].into_iter().all(outside);
        let own_sandbox = !others_play && !outside("PAYPLUS_SANDBOX_URL");
        // Demo people live on a sandbox's accounts.
        let demo = set("--demo", "PAYPLUS_DEMO").unwrap_or_else(|| if others_play { "none" } else { "basic" }.to_owned());
        if !["none", "basic", "sale-day"].contains(&demo.as_str()) {
            return Err(Failure::because(format!("--demo {demo}: it is none, basic or sale-day")));
        }
        let data = place.root.join(set("--data", "PAYPLUS_DATA_DIR").map_or_else(|| PathBuf::from("data"), PathBuf::from));
        // People's names and phones are in it.
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&data).while_doing(format_args!("making {}", data.display()))?;
        let sandbox_port = addr.port().checked_add(10).ok_or_else(|| Failure::because("the port has to be below 65526"))?;
        let database_url =
            std::env::var("DATABASE_URL").unwrap_or_else(|_| format!("sqlite://{}?mode=rwc", data.join("payplus.sqlite").display()));
        let outside_key = match std::env::var("PAYPLUS_OUTSIDE_KEY") {
            Ok(key) => key,
            Err(_) => kept_secret(&data.join("outside.key"))?,
        };
        let sandbox_addr = own_sandbox.then(|| SocketAddr::from(([127, 0, 0, 1], sandbox_port)));
        let sandbox_journal = data.join("sandbox.jsonl");
        Ok(Settings { addr, data, demo, sandbox_addr, sandbox_journal, outside_key, database_url, is_kept: true })
    }

    /// Tells at once, not after the build, that somebody else listens there.
    pub fn check_free(&self) -> Result<()> {
        check_free([Some(self.addr), self.sandbox_addr].into_iter().flatten())
    }

    /// What the server is told; what the person set in the environment stands.
    pub fn describe<'a>(&self, server: &'a mut Command) -> &'a mut Command {
        if std::env::var_os("PAYPLUS_PUBLIC_URL").is_none() {
            server.env("PAYPLUS_PUBLIC_URL", format!("http://{}", self.addr));
        }
        server.env("PAYPLUS_ADDR", self.addr.to_string()).env("PAYPLUS_DATA_DIR", &self.data);
        server.env("PAYPLUS_DEMO", &self.demo).env("DATABASE_URL", &self.database_url);
        server.env("PAYPLUS_OUTSIDE_KEY", &self.outside_key);
        if let Some(sandbox) = self.sandbox_addr {
            server.env("PAYPLUS_SANDBOX_URL", format!("http://{sandbox}"));
        }
        server
    }

    pub fn start_sandbox(&self, place: &Place) -> Result<Option<Service>> {
        let Some(addr) = self.sandbox_addr else { return Ok(None) };
        let mut sandbox = Command::new(place.release(release::SANDBOX));
        sandbox.arg("--addr").arg(addr.to_string()).arg("--data").arg(&self.sandbox_journal);
        sandbox.env("SANDBOX_KEY", &self.outside_key);
        let mut service = Service::start("sandbox", &mut sandbox, self.data.join("sandbox.log"))?;
        service.wait_for(addr, "/health")?;
        Ok(Some(service))
    }

    fn welcome(&self, nodes: &[SocketAddr]) {
        println!("\nPay+ is running: http://{}", self.addr);
        for (number, node) in (1..).zip(nodes) {
            println!("  node {number} behind it: http://{node}");
        }
        if let Some(sandbox) = self.sandbox_addr {
            println!("The sandbox (bank, identity, faults on demand): http://{sandbox}");
            println!("One-time codes arrive at http://{sandbox}/inbox");
        }
        if self.is_kept {
            println!("Kept in {} (also the logs); a second start goes on from there.", self.data.display());
        } else {
            println!("The logs are in {}; the database is gone when this ends.", self.data.display());
        }
        if let Ok(demo) = fs::read_to_string(self.data.join("demo.txt")) {
            println!("\n{}", demo.trim_end());
        }
        println!("\nStop with Ctrl-C.");
    }
}

fn check_free(addresses: impl IntoIterator<Item = SocketAddr>) -> Result<()> {
    for addr in addresses {
        std::net::TcpListener::bind(addr)
            .map_err(|why| Failure::because(format!("{addr}: {why}. Something runs there already? Choose another --port")))?;
    }
    Ok(())
}

/// The services in the order in which they are stopped.
struct Running(Vec<Service>);

impl Running {
    fn start(place: &Place, settings: &Settings) -> Result<Running> {
        step("starting Pay+", "seconds", || {
            let sandbox = settings.start_sandbox(place)?;
            let mut command = Command::new(place.release(release::SERVER));
            settings.describe(release::describe_site(place, &mut command));
            let mut server = Service::start("server", command.current_dir(&place.root), settings.data.join("server.log"))?;
            server.wait_for(settings.addr, "/ready")?;
            Ok(Running([Some(server), sandbox].into_iter().flatten().collect()))
        })
    }

    fn watch(&mut self) -> Result<()> {
        loop {
            for service in &mut self.0 {
                service.check()?;
            }
            pause()?;
        }
    }
}

/// A program with its log.
pub struct Service {
    program: Program,
    log: PathBuf,
}

impl Service {
    fn start(name: &str, command: &mut Command, log: PathBuf) -> Result<Service> {
        let file = File::create(&log).while_doing(format_args!("making {}", log.display()))?;
        let twin = file.try_clone().while_doing("sharing a log")?;
        let program = Program::service(name, command.stdout(Stdio::from(file)).stderr(Stdio::from(twin)))?;
        Ok(Service { program, log })
    }

    fn check(&mut self) -> Result<()> {
        let Some(status) = self.program.ended()? else { return Ok(()) };
        Err(Failure::because(format!("{} ended ({status}). The end of {}:\n{}", self.program.name, self.log.display(), tail(&self.log))))
    }

    fn wait_for(&mut self, addr: SocketAddr, path: &str) -> Result<()> {
        const PATIENCE: Duration = Duration::from_secs(60);
        let began = Instant::now();
        while !answers_ok(addr, path) {
            self.check()?;
            if began.elapsed() > PATIENCE {
                let name = &self.program.name;
                return Err(Failure::because(format!("{name}: no answer at http://{addr}{path}; see {}", self.log.display())));
            }
            pause()?;
        }
        Ok(())
    }
}

fn tail(log: &Path) -> String {
    const LINES: usize = 20;
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

/// Whether a GET is answered with 200.
fn answers_ok(addr: SocketAddr, path: &str) -> bool {
    const PATIENCE: Duration = Duration::from_secs(5);
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&addr, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n")?;
        let mut status_line = [0; 12];
        stream.read_exact(&mut status_line)?;
        Ok(status_line.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}

/// A secret of 32 bytes in hex, made at the first call and kept in `file`, readable by its owner alone.
fn kept_secret(file: &Path) -> Result<String> {
    if let Ok(kept) = fs::read_to_string(file) {
        return Ok(kept.trim().to_owned());
    }
    let mut bytes = [0_u8; 32];
    File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes)).while_doing("making a secret")?;
    let secret: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut kept = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).while_doing("keeping a secret")?;
    kept.write_all(secret.as_bytes()).while_doing("keeping a secret")?;
    Ok(secret)
}
