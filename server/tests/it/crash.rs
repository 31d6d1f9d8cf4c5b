//! The process is killed at the worst moment: what it left open is resolved by the next one.

use crate::browser::Browser;
use crate::world::{World, arguments, eventually, new_id, on_both_engines};
use sandbox::{Fault, Operation, Rule, Service};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The real program, in a process of its own.
struct Process {
    child: Child,
    base_url: String,
}

impl Process {
    fn start(world: &World) -> Process {
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
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purchase_that_a_crash_left_is_resolved_by_the_next_start() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        world.stop().await;
        let process = Process::start(world);
        let (debited, unheard) = (new_id(), new_id());
        // The bank debits at once and says so only when nobody is there to hear it.
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Debit, Fault::Slow).delay_ms(600_000)).unwrap();
        order(&citizen.browser.at(&process.base_url), &debited, &window.to_string());
        eventually("the bank has debited", async || (world.debits(&debited) == 1).then_some(())).await;
        // And of this one the bank never hears.
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Any, Fault::DropBefore)).unwrap();
        let browser = citizen.browser.at(&process.base_url);
        order(&browser, &unheard, &window.to_string());
        eventually("it is reserved", async || {
            let answer = browser.post("/api/purchases/get", &[("id", &unheard)]).await;
            (answer.status == 200).then_some(())
        })
        .await;
        process.kill();
        world.audit().await;
        world.sandbox.sandbox.clear_faults();
        world.start().await;
        let citizen = crate::world::Citizen { browser: citizen.browser.at(&world.base_url()), ..citizen };
        for id in [&debited, &unheard] {
            citizen.reaches(id, "Posted").await;
            assert_eq!(world.debits(id), 1);
        }
    })
    .await;
}

/// Sends without waiting for an answer.
fn order(browser: &Browser, id: &str, window: &str) {
    let body = format!("purchase={id}&window={window}&face=10000&pin={}", crate::world::PIN);
    let request = browser.request(http::Method::POST, "/api/purchases/buy");
    let request = request.header("content-type", "application/x-www-form-urlencoded").header("accept", "application/json").body(body);
    tokio::spawn(async move {
        // The process is killed meanwhile.
        let _ = request.send().await;
    });
}
