//! The real program, in a process of its own, to be killed or asked to end.

use crate::browser::Browser;
use crate::world::{World, arguments};
use http::StatusCode;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};

pub struct Process {
    child: Child,
    pub base_url: String,
}

impl Process {
    pub fn start(world: &World) -> Process {
        let arguments = arguments(&world.database_url, world.folder.path(), &world.sandbox.base_url);
        let mut command = Command::new(env!("CARGO_BIN_EXE_payplus"));
        command.args(&arguments[1..]).env("PAYPLUS_LOG", "info").stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let base_url = loop {
            let line = lines.next().expect("the server says where it listens").unwrap();
            if let Some(at) = line.find("http://127.0.0.1:") {
                break line[at..].trim().to_owned();
            }
        };
        // Whoever does not read on would block the log.
        std::thread::spawn(move || lines.for_each(drop));
        Process { child, base_url }
    }

    /// As `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, as whoever runs it does before a new version.
    pub fn terminate(&self) {
        let done = Command::new("sh").arg("-c").arg(format!("kill -s TERM {}", self.child.id())).status().unwrap();
        assert!(done.success());
    }

    /// How it ended, once it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends; the status of the answer, if there was one.
pub fn send(browser: &Browser, path: &str, body: String) -> tokio::task::JoinHandle<Option<StatusCode>> {
    let request = browser.request(http::Method::POST, path);
    let request = request.header("content-type", "application/x-www-form-urlencoded").header("accept", "application/json").body(body);
    tokio::spawn(async move { request.send().await.ok().map(|response| response.status()) })
}
