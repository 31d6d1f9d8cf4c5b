//! The world outside Pay+, played over HTTP: a bank, an identity provider, an SMS gateway, the tax service and a push service.
//!
//! The server talks to the sandbox through the same HTTP adapters as to the real services; only base URL and key differ.
//! What makes it worth having are the *faults*: it can be slow, cut the line before or after doing the work, be delivered
//! a request twice, do it late, refuse, be down or answer nonsense, on command or by a magic amount.
//!
//! A walk through the files:
//!
//! - `bank` takes debits, credits and inquiries; `ledger` remembers them, `journal` keeps that memory over a restart;
//!   `accounts` links a bank account.
//! - `identity` turns a name and a birth date into a CI. `sms` delivers text messages into an inbox. `tax` tells
//!   how businesses are.
//! - `push` is a push service with the browsers behind it: `vapid` verifies who sends, `webpush` decrypts as a browser does.
//! - `faults` holds the table of faults and plays them; `line` is the wire that can be cut without an answer.
//! - `door` asks for the key and parses bodies. `pages` is what a person sees in the browser. `serving` binds and serves.
//!
//! Never reachable from another machine: [`bind`] and [`serve`] refuse every address that is not loopback.
//!
//! ```text
//! let bank = sandbox::start().await?;                      // 127.0.0.1, a port of its own
//! bank.sandbox.set_fault(Rule::new(Service::Bank, Operation::Debit, Fault::DropAfter).times(1))?;
//! // ... let the server talk to bank.base_url with "Authorization: Bearer sandbox-key" ...
//! bank.stop().await;
//! ```

mod accounts;
mod bank;
mod door;
mod faults;
mod identity;
mod journal;
mod ledger;
mod line;
mod pages;
mod push;
mod serving;
mod sms;
mod tax;
mod vapid;
mod webpush;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, io};

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Router, middleware};

pub use crate::faults::{BadRule, Fault, Operation, Rule, Service};
pub use crate::ledger::{Balance, Kind, OrderId, Reason, Transaction};
pub use crate::push::{Push, PushSubscription};
pub use crate::serving::{Running, bind, serve, start, start_with};
pub use crate::sms::Message;

/// The key the keyed routes expect when nobody says otherwise.
pub const DEFAULT_KEY: &str = "sandbox-key";

/// Largest request body, in bytes. The longest true request is an SMS of a few kilobytes.
const BODY_MAX_BYTES: usize = 16 * 1024;

/// How a sandbox behaves from its first request on.
#[derive(Clone)]
pub struct Settings {
    /// What `Authorization: Bearer <key>` must say on `/bank`, `/identity`, `/tax` and on sending an SMS.
    pub key: String,
    /// Whether certain amounts and phone numbers misbehave (see the index page). Off for tests, on in the binary.
    pub magic: bool,
    /// A JSON-lines file that lets the bank remember over a restart. Made when absent.
    pub journal: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { key: DEFAULT_KEY.to_owned(), magic: false, journal: None }
    }
}

/// One bank, one identity provider, one SMS gateway, one tax service and their faults. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

struct Inner {
    key: String,
    magic: bool,
    ledger: Mutex<ledger::Ledger>,
    inbox: Mutex<sms::Inbox>,
    devices: Mutex<push::Devices>,
    faults: Mutex<faults::Faults>,
}

impl Sandbox {
    /// Opens a sandbox, and reads its journal when it has one.
    ///
    /// # Errors
    /// When the journal can't be opened, is in use by another process, or holds a line that is not ours.
    pub fn open(settings: Settings) -> io::Result<Self> {
        let ledger = match &settings.journal {
            Some(path) => ledger::Ledger::from_journal(path)?,
            None => ledger::Ledger::default(),
        };
        Ok(Self(Arc::new(Inner {
            key: settings.key,
            magic: settings.magic,
            ledger: Mutex::new(ledger),
            inbox: Mutex::default(),
            devices: Mutex::default(),
            faults: Mutex::default(),
        })))
    }

    /// Sets a fault, in place of an earlier one for the same service and operation. [`Fault::None`] takes it away.
    ///
    /// # Errors
    /// When the service has no such operation, the fault has no meaning for it, or a figure is out of bounds.
    pub fn set_fault(&self, rule: Rule) -> Result<(), BadRule> {
        self.faults().set(rule)
    }

    /// Takes every fault away. Magic amounts stay.
    pub fn clear_faults(&self) {
        self.faults().clear();
    }

    /// The newest messages, newest first; of one phone number when `to` is given.
    pub fn messages(&self, to: Option<&str>) -> Vec<Message> {
        self.inbox().newest(to)
    }

    /// Money that moved, oldest first, from the first sequence number above `after`; at most 1,000 at a time.
    pub fn transactions(&self, after: u64) -> Vec<Transaction> {
        self.ledger().transactions(after)
    }

    /// What the bank moved in all.
    pub fn balance(&self) -> Balance {
        self.ledger().balance()
    }

    fn key(&self) -> &str {
        &self.0.key
    }

    fn magic(&self) -> bool {
        self.0.magic
    }

    fn ledger(&self) -> MutexGuard<'_, ledger::Ledger> {
        lock(&self.0.ledger)
    }

    fn inbox(&self) -> MutexGuard<'_, sms::Inbox> {
        lock(&self.0.inbox)
    }

    fn devices(&self) -> MutexGuard<'_, push::Devices> {
        lock(&self.0.devices)
    }

    fn faults(&self) -> MutexGuard<'_, faults::Faults> {
        lock(&self.0.faults)
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("magic", &self.0.magic).finish_non_exhaustive()
    }
}

/// Every state change is one insert at the end of its function, so a panic elsewhere leaves nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All endpoints. Served by [`serve`], a dropped connection is really dropped; called directly (`oneshot`) there is no
/// line to cut and the answer is 500 `{"error":"hung_up"}` instead.
pub fn router(sandbox: Sandbox) -> Router {
    let keyed = Router::new()
        .merge(bank::routes())
        .merge(identity::routes())
        .merge(sms::keyed_routes())
        .merge(tax::routes())
        .route_layer(middleware::from_fn_with_state(sandbox.clone(), door::ask_for_key));
    Router::new()
        .merge(keyed)
        .merge(sms::open_routes())
        .merge(push::routes())
        .merge(faults::routes())
        .merge(pages::routes())
        .route("/health", get(async || axum::Json(serde_json::json!({ "status": "ok" }))))
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(middleware::from_fn(line::hang_up_when_told))
        .with_state(sandbox)
}
