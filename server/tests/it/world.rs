//! What a journey stands on: a database of its own, a sandbox, a server; sales and shops; and citizens who signed up by the
//! real forms.

use crate::browser::Browser;
use domain::business_number::BusinessNumber;
use domain::calendar::Span;
use domain::district::District;
use domain::kind::{AfterExpiry, BasisPoints, Percent, Scope};
use domain::merchant::{Merchant, Role, Standing};
use domain::phone::Phone;
use domain::sale::Who;
use domain::{PersonId, Timestamp, WindowId, Won};
use futures::FutureExt;
use jiff::SignedDuration;
use server::{Config, Running};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use store::{NewKind, NewMerchant, NewSale, Store};

pub const PIN: &str = "246810";
pub const SERVER_KEY: &str = "0707070707070707070707070707070707070707070707070707070707070707";
/// Longer than anything a journey waits for.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct World {
    pub sandbox: sandbox::Running,
    pub database_url: String,
    pub folder: tempfile::TempDir,
    server: Option<Running>,
    made: AtomicU32,
}

/// Runs a journey on SQLite and, when there is one, on PostgreSQL. Ends with an audit.
pub async fn on_both_engines(journey: impl AsyncFn(&mut World)) {
    println!("on SQLite");
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("pay.db").display());
    World::open(url, folder).await.run(&journey).await;
    match postgres() {
        Some(server) => on_postgres(&server, &journey).await,
        None => println!("PAYPLUS_TEST_POSTGRES is not set: on SQLite only"),
    }
}

/// As [`on_both_engines`], but nothing is started: the journey does that, once the world outside is as it wants it.
pub async fn before_start_on_both_engines(journey: impl AsyncFn(&mut World)) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("pay.db").display());
    World::make(url, folder).await.run(&journey).await;
    if let Some(server) = postgres() {
        in_new_database(&server, async |url| World::make(url, tempfile::tempdir().unwrap()).await.run(&journey).await).await;
    }
}

/// For what has nothing to do with the database.
pub async fn on_sqlite(journey: impl AsyncFn(&mut World)) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("pay.db").display());
    World::open(url, folder).await.run(&journey).await;
}

/// The URL of a cluster where databases may be made. CI has one.
pub fn postgres() -> Option<String> {
    let url = std::env::var("PAYPLUS_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
    let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(url.is_some() || !is_ci, "PAYPLUS_TEST_POSTGRES is not set, and CI tests both engines");
    url
}

pub async fn on_postgres(server: &str, journey: impl AsyncFn(&mut World)) {
    in_new_database(server, async |url| World::open(url, tempfile::tempdir().unwrap()).await.run(&journey).await).await;
}

/// Drops it afterwards, whatever became of it.
async fn in_new_database(server: &str, work: impl AsyncFn(String)) {
    println!("on PostgreSQL");
    static MADE: AtomicU32 = AtomicU32::new(0);
    let name = format!("server_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    psql(server, &format!("CREATE DATABASE {name}"));
    let (before, _) = server.rsplit_once('/').unwrap();
    let outcome = AssertUnwindSafe(work(format!("{before}/{name}"))).catch_unwind().await;
    psql(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

/// SQL is not spoken in this crate, but databases have to be made: by PostgreSQL's own client.
fn psql(server: &str, statement: &str) {
    let beside = |version: u32| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin/psql"));
    let program = (13..30).map(beside).find(|path| path.exists()).unwrap_or_else(|| PathBuf::from("psql"));
    let done = Command::new(program).args(["-X", "-q", "-v", "ON_ERROR_STOP=1", server, "-c", statement]).status().unwrap();
    assert!(done.success(), "{statement}");
}

/// Waits until `look` sees it.
pub async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    let mut look = look;
    let seen = async {
        let mut every = tokio::time::interval(Duration::from_millis(25));
        loop {
            every.tick().await;
            if let Some(seen) = look().await {
                return seen;
            }
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.unwrap_or_else(|_| panic!("not within {PATIENCE:?}: {what}"))
}

impl World {
    async fn open(database_url: String, folder: tempfile::TempDir) -> World {
        let mut world = World::make(database_url, folder).await;
        world.start().await;
        world
    }

    async fn make(database_url: String, folder: tempfile::TempDir) -> World {
        // Shown by the tests that fail.
        let _ = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_test_writer().try_init();
        let sandbox = sandbox::start().await.unwrap();
        World { sandbox, database_url, folder, server: None, made: AtomicU32::new(0) }
    }

    async fn run(mut self, journey: impl AsyncFn(&mut World)) {
        journey(&mut self).await;
        self.stop().await;
        self.audit().await;
        self.sandbox.stop().await;
    }

    /// Database and bank, as they are now.
    pub async fn audit(&self) {
        let bank_url = Some(self.sandbox.base_url.clone());
        let options = auditor::Options { bank_url, bank_key: sandbox::DEFAULT_KEY.to_owned(), ..auditor::Options::default() };
        let report = auditor::audit_with(&self.database_url, options).await.unwrap();
        assert!(report.broken().is_empty(), "{report}");
    }

    /// As on the command line; environment variables of whoever runs the tests are overruled.
    pub fn arguments(&self) -> Vec<String> {
        arguments(&self.database_url, self.folder.path(), &self.sandbox.base_url)
    }

    pub async fn start(&mut self) {
        self.server = Some(server::start(Config::read(self.arguments()).unwrap()).await.unwrap());
    }

    /// With the people, shops and two weeks of the demo. The outside misbehaves from when its shops are registered on: before the first
    /// of them is settled.
    pub async fn start_demo(&mut self, faults: &[sandbox::Rule]) {
        let mut arguments = self.arguments();
        arguments.retain(|argument| argument != "--demo=none");
        arguments.extend(["--demo=basic", "--demo-shops=10"].map(str::to_owned));
        let outside = self.sandbox.sandbox.clone();
        let break_things = async {
            eventually("the won that proves an account", async || {
                outside.transactions(0).iter().any(|moved| moved.amount_won == 1).then_some(())
            })
            .await;
            faults.iter().for_each(|fault| outside.set_fault(fault.clone()).unwrap());
        };
        let (running, ()) = tokio::join!(server::start(Config::read(arguments).unwrap()), break_things);
        self.server = Some(running.unwrap());
    }

    /// As [`World::start`], set up otherwise.
    pub async fn start_with(&mut self, change: impl FnOnce(&mut Config)) {
        self.server = Some(self.second_node_with(change).await);
    }

    /// One more node on the same database.
    pub async fn second_node(&self) -> Running {
        server::start(Config::read(self.arguments()).unwrap()).await.unwrap()
    }

    pub async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.stop().await;
        }
    }

    /// One more node, set up otherwise.
    pub async fn second_node_with(&self, change: impl FnOnce(&mut Config)) -> Running {
        let mut config = Config::read(self.arguments()).unwrap();
        change(&mut config);
        server::start(config).await.unwrap()
    }

    /// Says something to this world's PostgreSQL database.
    pub fn psql(&self, statement: &str) {
        psql(&self.database_url, statement);
    }

    fn server(&self) -> &Running {
        self.server.as_ref().unwrap()
    }

    pub fn store(&self) -> &Store {
        &self.server().store
    }

    pub fn base_url(&self) -> String {
        format!("http://{}", self.server().addr)
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.base_url())
    }

    pub fn new_phone(&self) -> Phone {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        Phone::parse(&format!("0105550{:04}", 1000 + number)).unwrap()
    }

    /// The code in the first text message that a phone gets.
    pub async fn code_for(&self, phone: Phone) -> String {
        self.code_after(phone, 0).await
    }

    /// The newest code in the text messages of a phone after so many.
    pub async fn code_after(&self, phone: Phone, before: usize) -> String {
        let digits = phone.digits();
        eventually("a code in the inbox", async || {
            let messages = self.sandbox.sandbox.messages(Some(&digits));
            let code = |text: &str| text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).map(str::to_owned);
            messages.get(..messages.len().checked_sub(before)?)?.iter().find_map(|message| code(&message.text))
        })
        .await
    }

    /// A browser that somebody new has signed up with, account linked.
    pub async fn citizen(&self) -> Citizen {
        let phone = self.new_phone();
        let browser = self.browser();
        self.sign_up(&browser, phone, &format!("시민{}", phone.digits())).await;
        let person = self.store().member_by_phone(phone).await.unwrap().unwrap();
        Citizen { browser, phone, person }
    }

    pub async fn sign_up(&self, browser: &Browser, phone: Phone, name: &str) {
        let digits = phone.digits();
        browser.post("/api/start/phone", &[("phone", &digits)]).await.goes_to("/start/code");
        let code = self.code_for(phone).await;
        browser.post("/api/start/code", &[("code", &code)]).await.goes_to("/start/identity");
        browser.post("/api/start/identity", &[("name", name), ("birth_date", "19900514")]).await.goes_to("/start/pin");
        browser.post("/api/start/pin", &[("pin", PIN), ("again", PIN)]).await.goes_to("/start/bank");
        browser.post("/api/start/bank", &[("bank", "088"), ("account", "110123456789")]).await.is_ok();
    }

    /// A citywide kind at 7 % and a window that is open for anyone.
    pub async fn sale(&self, total: i64) -> WindowId {
        self.sale_of(Scope::Citywide, total).await
    }

    pub async fn sale_of(&self, scope: Scope, total: i64) -> WindowId {
        let now = Timestamp::now();
        let kind = NewKind {
            name_ko: "서울한강상품권".to_owned(),
            name_en: "Seoul Hangang Voucher".to_owned(),
            scope,
            discount: BasisPoints(700),
            unit: Won::of(10_000),
            month_limit: Won::of(400_000),
            holding_cap: Won::of(1_000_000),
            validity_years: 5,
            refund_from: Percent::new(60),
            after_expiry: AfterExpiry::MODEL_TERMS,
        };
        let kind = self.store().create_kind(&kind, now).await.unwrap();
        let span = Span::new(now - SignedDuration::from_hours(1), now + SignedDuration::from_hours(24)).unwrap();
        let windows = vec![(span, Who::Anyone, Won::of(total))];
        let sale = NewSale {
            kind,
            name_ko: "판매".to_owned(),
            name_en: "Sale".to_owned(),
            windows: windows.into_iter().map(Into::into).collect(),
        };
        let sale = self.store().create_sale(&sale, now).await.unwrap();
        let views = self.store().on_sale(now).await.unwrap();
        views.into_iter().find(|view| view.sale == sale).unwrap().windows[0].0.id
    }

    /// An open shop of somebody.
    pub async fn shop(&self, owner: PersonId, district: District) -> Merchant {
        let made = self.made.fetch_add(1, Ordering::Relaxed);
        let new = NewMerchant {
            number: None,
            business_number: BusinessNumber::from_first_nine(120_810_000 + made).unwrap(),
            name: "모퉁이커피".to_owned(),
            district,
            address: "서울 마포구 망원동 골목길 12".to_owned(),
            category: "5814".to_owned(),
            payout_account: Some("acc_payout".to_owned()),
        };
        let shop = self.store().create_merchant(&new, owner, Timestamp::now()).await.unwrap();
        assert!(self.store().set_standing(shop.id, Standing::Open).await.unwrap());
        self.store().merchant(shop.id).await.unwrap().unwrap()
    }

    pub async fn hire(&self, owner: PersonId, shop: &Merchant, person: PersonId) {
        let proof = self.store().staff(owner, shop.id, Role::Owner).await.unwrap().unwrap();
        assert!(self.store().add_staff(&proof, person, Role::Cashier, Timestamp::now()).await.unwrap());
    }

    pub async fn minutes_pass(&self, minutes: u64) {
        self.store().time_passes(Duration::from_secs(60 * minutes)).await.unwrap();
    }

    /// Debits that the bank carried out for a purchase.
    pub fn debits(&self, purchase: &str) -> usize {
        self.moved(sandbox::Kind::Debit, purchase)
    }

    pub fn moved(&self, kind: sandbox::Kind, purchase: &str) -> usize {
        self.sandbox.sandbox.transactions(0).iter().filter(|moved| moved.kind == kind && moved.id.to_string() == purchase).count()
    }
}

pub fn arguments(database_url: &str, folder: &Path, sandbox_url: &str) -> Vec<String> {
    let folder = folder.display();
    let arguments = [
        "payplus",
        "--addr=127.0.0.1:0",
        &format!("--data-dir={folder}/data"),
        &format!("--database-url={database_url}"),
        &format!("--site-dir={folder}/site"),
        "--hash-files=false",
        &format!("--sandbox-url={sandbox_url}"),
        &format!("--bank-url={sandbox_url}"),
        &format!("--identity-url={sandbox_url}"),
        &format!("--sms-url={sandbox_url}"),
        &format!("--tax-url={sandbox_url}"),
        "--outside-key=sandbox-key",
        &format!("--server-key={SERVER_KEY}"),
        "--demo=none",
        // Other tests keep the machine busy: what is refused then is not what a journey is about.
        "--shed-after-ms=60000",
        "--secure-cookies=false",
    ];
    arguments.map(str::to_owned).to_vec()
}

/// Somebody with a browser.
pub struct Citizen {
    pub browser: Browser,
    pub phone: Phone,
    pub person: PersonId,
}

impl Citizen {
    /// Buys and waits until the voucher is there.
    pub async fn buys(&self, window: WindowId, face: i64) -> String {
        let id = new_id();
        self.order(&id, window, face).await.is_ok();
        self.reaches(&id, "Posted").await;
        id
    }

    pub async fn order(&self, id: &str, window: WindowId, face: i64) -> crate::browser::Answer {
        let (window, face) = (window.to_string(), face.to_string());
        self.browser.post("/api/purchases/buy", &[("purchase", id), ("window", &window), ("face", &face), ("pin", PIN)]).await
    }

    /// The state that a purchase is in.
    pub async fn state(&self, id: &str) -> String {
        let answer = self.browser.post("/api/purchases/get", &[("id", id)]).await;
        answer.is_ok().json()["purchase"]["state"].as_str().unwrap().to_owned()
    }

    pub async fn reaches(&self, id: &str, state: &str) {
        eventually(&format!("{id} is {state}"), async || (self.state(id).await == state).then_some(())).await;
    }

    pub async fn pays(&self, shop: &Merchant, amount: i64) -> String {
        let id = new_id();
        self.bill(&id, shop, amount).await.goes_to(&format!("/payments/{id}"));
        id
    }

    pub async fn bill(&self, id: &str, shop: &Merchant, amount: i64) -> crate::browser::Answer {
        let (number, amount) = (shop.number.to_string(), amount.to_string());
        self.browser.post("/api/pay", &[("payment", id), ("number", &number), ("amount", &amount), ("pin", PIN)]).await
    }
}

/// As pages get it from the server.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}
