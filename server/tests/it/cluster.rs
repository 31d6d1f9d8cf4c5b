//! A PostgreSQL of one test's own, to be stopped in the worst way.

use crate::world::eventually;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Cluster {
    programs: PathBuf,
    /// PostgreSQL refuses root, so root lends Debian's `postgres`: user and group.
    lent: Option<(u32, u32)>,
    folder: tempfile::TempDir,
    port: u16,
}

impl Cluster {
    /// Like the tests' own, but what is committed is written at once: it has to outlive the process.
    pub async fn start() -> Cluster {
        let folder = tempfile::tempdir().unwrap();
        let lent = (id(&["-u"]) == Some(0)).then(|| (id(&["-u", "postgres"]).unwrap(), id(&["-g", "postgres"]).unwrap()));
        if let Some((uid, gid)) = lent {
            std::os::unix::fs::chown(folder.path(), Some(uid), Some(gid)).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Cluster { programs: programs(), lent, folder, port };
        cluster.run("initdb", &["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--pgdata"]);
        cluster.begin().await;
        cluster
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Also after [`Cluster::break_off`]: it then reads its log and goes on from there.
    pub async fn begin(&self) {
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=100 -k {} -p {}",
            self.folder.path().display(),
            self.port
        );
        self.run("pg_ctl", &["start", "--no-wait", "--silent", "--log", &self.path("log"), "--options", &options, "--pgdata"]);
        let mut ready = Command::new(self.programs.join("pg_isready"));
        ready.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        eventually("PostgreSQL is there", async || ready.status().unwrap().success().then_some(())).await;
    }

    /// As if the processes had been killed: nothing is finished, nothing is written.
    pub fn break_off(&self) {
        self.run("pg_ctl", &["stop", "--silent", "--mode=immediate", "--pgdata"]);
    }

    /// One of PostgreSQL's programs, on this cluster's data.
    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(self.programs.join(program));
        command.args(arguments).arg(self.path("data")).current_dir(self.folder.path()).stdout(Stdio::null());
        if let Some((uid, gid)) = self.lent {
            command.uid(uid).gid(gid);
        }
        assert!(command.status().unwrap().success(), "{program} {arguments:?}");
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // The test may have failed while it was down.
        let mut stop = Command::new(self.programs.join("pg_ctl"));
        stop.args(["stop", "--silent", "--mode=immediate", "--pgdata"]).arg(self.path("data")).stderr(Stdio::null());
        if let Some((uid, gid)) = self.lent {
            stop.uid(uid).gid(gid);
        }
        let _ = stop.status();
    }
}

fn programs() -> PathBuf {
    let debian = |version: u32| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin"));
    let complete = |folder: &Path| folder.join("initdb").exists() && folder.join("pg_ctl").exists();
    let on_path = || std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).find(|folder| complete(folder));
    (13..30).rev().map(debian).find(|folder| complete(folder)).or_else(on_path).expect("PostgreSQL's programs, where there is a PostgreSQL")
}

fn id(arguments: &[&str]) -> Option<u32> {
    let said = Command::new("id").args(arguments).output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().parse().ok()
}
