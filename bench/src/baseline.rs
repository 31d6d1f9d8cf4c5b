//! The baseline: what a typical team writes first, one transaction a purchase that locks the quota row, driven by pgbench
//! on the same PostgreSQL (`bench/baseline/`, taken from the measurements that the project was begun with).

use crate::Outcome;
use sqlx::{Connection, PgConnection};
use std::path::PathBuf;
use std::process::Command;

const SCHEMA: &str = include_str!("../baseline/schema.sql");
const SCRIPT: &str = include_str!("../baseline/typical.pgbench");
pub const CLIENTS: u32 = 16;

pub struct Typical {
    url: String,
    pgbench: PathBuf,
    script: tempfile::NamedTempFile,
    members: u32,
}

impl Typical {
    /// Fills the baseline's own database with as many members as ours.
    pub async fn prepare(url: String, members: u32) -> Outcome<Typical> {
        load(&url, members).await?;
        let script = tempfile::NamedTempFile::new()?;
        std::fs::write(script.path(), SCRIPT.replace("1000000", &members.to_string()))?;
        Ok(Typical { url, pgbench: pgbench()?, script, members })
    }

    /// Purchases per second with [`CLIENTS`] clients.
    pub fn round(&self, seconds: u64) -> Outcome<f64> {
        let mut command = Command::new(&self.pgbench);
        command.args(["-n", "-M", "prepared", "-j", "2", "-c", &CLIENTS.to_string(), "-T", &seconds.to_string(), "-f"]);
        let output = command.arg(self.script.path()).arg(&self.url).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let tps = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
        tps.ok_or_else(|| format!("pgbench with {} members said: {text}{}", self.members, String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// The baseline's tables with as many members as ours.
pub async fn load(url: &str, members: u32) -> Outcome<()> {
    let mut connection = PgConnection::connect(url).await?;
    let schema = SCHEMA.replace("1000000", &members.to_string());
    // VACUUM and CHECKPOINT can't run inside the implicit transaction of a script, so each statement goes alone.
    let lines: Vec<&str> = schema.lines().filter(|line| !line.starts_with("--")).collect();
    for statement in lines.join("\n").split(';').filter(|statement| !statement.trim().is_empty()) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut connection).await?;
    }
    Ok(())
}

/// On the PATH, else beside the newest server that Debian installed.
fn pgbench() -> Outcome<PathBuf> {
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    let mut folders: Vec<PathBuf> = on_path.collect();
    let mut debian: Vec<PathBuf> = versions.collect();
    debian.sort();
    folders.extend(debian.into_iter().rev());
    let found = folders.into_iter().map(|folder| folder.join("pgbench")).find(|program| program.is_file());
    found.ok_or_else(|| "pgbench is missing: it comes with Debian's postgresql".into())
}
