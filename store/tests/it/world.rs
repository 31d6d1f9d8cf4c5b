//! What a test stands on: a database of its own, a fixed time, and people, shops and sales made through the same functions as
//! the real ones.

use domain::business_number::BusinessNumber;
use domain::buying::{self, BankSays, State};
use domain::calendar::Span;
use domain::district::District;
use domain::kind::{AfterExpiry, BasisPoints, Percent, Scope};
use domain::merchant::{Merchant, Standing};
use domain::paying::{self, Code};
use domain::phone::Phone;
use domain::pin::Pin;
use domain::sale::Who;
use domain::{KindId, PaymentId, PersonId, PurchaseId, Timestamp, WindowId, Won};
use futures::FutureExt;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, ToSpan};
use sqlx::{AnyConnection, Connection, Row};
use std::panic::AssertUnwindSafe;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use store::till::{Buyer, LANES};
use store::{Bank, CodeChecked, Identity, Keys, NewKind, NewMerchant, NewSale, PhoneProof, PinChecked, PinProof, StaffProof, Store, Token};

pub const PIN: &str = "270418";
pub const ADDRESS: &str = "203.0.113.7";

/// A test's database, and the time it is there.
pub struct World {
    pub store: Store,
    pub url: String,
    /// 2026-07-14 10:30 in Seoul. Tests move it by hand ([`World::later`]); nothing sleeps.
    pub now: Timestamp,
    made: AtomicU32,
    /// Checks of the audit that the test breaks on purpose.
    broken: Mutex<Vec<&'static str>>,
}

/// A person with an account, a PIN ([`PIN`]) and a linked bank account.
#[derive(Clone)]
pub struct Citizen {
    pub id: PersonId,
    pub name: String,
    pub phone: Phone,
    pub birth_date: Date,
    pub ci: String,
    pub account: String,
}

/// A shop that may be paid.
#[derive(Clone)]
pub struct Shop {
    pub merchant: Merchant,
    pub owner: Citizen,
}

/// Runs a test on SQLite and, when there is one, on PostgreSQL, each in a database of its own that is gone afterwards. Ends
/// with an audit.
pub async fn on_both_engines(test: impl AsyncFn(&World)) {
    on_both_engines_with(LANES, test).await;
}

/// For what is only so when commands are decided in the order in which they were sent: in one lane.
pub async fn on_both_engines_in_order(test: impl AsyncFn(&World)) {
    on_both_engines_with(1, test).await;
}

/// As [`on_both_engines`], after `past` has made tables of an earlier version in the database at the URL it is given.
pub async fn on_both_engines_with_past(past: impl AsyncFn(&str), test: impl AsyncFn(&World)) {
    on_each_engine(LANES, past, test).await;
}

async fn on_both_engines_with(lanes: usize, test: impl AsyncFn(&World)) {
    on_each_engine(lanes, async |_: &str| {}, test).await;
}

async fn on_each_engine(lanes: usize, past: impl AsyncFn(&str), test: impl AsyncFn(&World)) {
    sqlx::any::install_default_drivers();
    on_sqlite(&past, &test).await;
    match std::env::var("PAYPLUS_TEST_POSTGRES").ok().filter(|url| !url.is_empty()) {
        Some(url) => on_postgres(&url, lanes, &past, &test).await,
        None if std::env::var("CI").is_ok_and(|ci| ci == "true") => panic!("PAYPLUS_TEST_POSTGRES is not set, and CI tests both engines"),
        None => println!("PAYPLUS_TEST_POSTGRES is not set: on SQLite only"),
    }
}

async fn on_sqlite(past: impl AsyncFn(&str), test: impl AsyncFn(&World)) {
    println!("on SQLite");
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("pay.db").display());
    past(&url).await;
    World::open(url, 1).await.run(test).await;
}

async fn on_postgres(server: &str, lanes: usize, past: impl AsyncFn(&str), test: impl AsyncFn(&World)) {
    println!("on PostgreSQL");
    static MADE: AtomicU32 = AtomicU32::new(0);
    let name = format!("store_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    run_sql(server, &format!("CREATE DATABASE {name}")).await;
    let url = with_database(server, &name);
    let played = async {
        past(&url).await;
        World::open(url.clone(), lanes).await.run(test).await;
    };
    let outcome = AssertUnwindSafe(played).catch_unwind().await;
    run_sql(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

impl World {
    async fn open(url: String, lanes: usize) -> World {
        let store = Store::open_with_lanes(&url, keys(), lanes).await.unwrap();
        let now = "2026-07-14T10:30:00+09:00".parse().unwrap();
        World { store, url, now, made: AtomicU32::new(0), broken: Mutex::default() }
    }

    async fn run(self, test: impl AsyncFn(&World)) {
        test(&self).await;
        self.store.close().await;
        self.audit().await;
    }

    /// The one place where what a test left is checked against the invariants.
    async fn audit(&self) {
        let options = auditor::Options { now: Some(self.now), ..auditor::Options::default() };
        let report = auditor::audit_with(&self.url, options).await.unwrap();
        assert_eq!(report.broken(), *self.broken.lock().unwrap(), "{report}");
    }

    /// The test breaks this check of the audit on purpose.
    pub fn breaks(&self, check: &'static str) {
        self.broken.lock().unwrap().push(check);
    }

    pub fn later(&self, seconds: i64) -> Timestamp {
        self.now + SignedDuration::from_secs(seconds)
    }

    /// The same database opened once more: another node on PostgreSQL.
    pub async fn second_store(&self) -> Store {
        Store::open(&self.url, keys()).await.unwrap()
    }

    /// Another node, where there can be one.
    pub async fn second_store_if_shared(&self) -> Option<Store> {
        match self.store.engine() {
            store::Engine::Sqlite => None,
            store::Engine::Postgres => Some(self.second_store().await),
        }
    }

    /// 1, 2, 3, ...: for names and numbers that nobody else has.
    pub fn next(&self) -> u32 {
        self.made.fetch_add(1, Ordering::Relaxed) + 1
    }

    // People

    pub fn new_phone(&self) -> Phone {
        Phone::parse(&format!("010{:08}", 20_000_000 + self.next())).unwrap()
    }

    /// A new member, born in 1990.
    pub async fn citizen(&self) -> Citizen {
        self.citizen_born(date(1990, 5, 17)).await
    }

    pub async fn citizen_born(&self, birth_date: Date) -> Citizen {
        let number = self.next();
        self.enrol(self.new_phone(), &format!("시민{number}"), birth_date, &format!("ci-{number}")).await
    }

    /// All pages of an enrolment. Comes back as a member.
    pub async fn enrol(&self, phone: Phone, name: &str, birth_date: Date, ci: &str) -> Citizen {
        let token = self.enrolment_with_pin(phone, name, birth_date, ci).await;
        let account = format!("acc-{ci}");
        let bank = Bank { account: account.clone(), masked: "한강 ***-1234".to_owned() };
        let id = self.store.finish_enrolment(&token, Some(&bank), self.now).await.unwrap().unwrap();
        Citizen { id, name: name.to_owned(), phone, birth_date, ci: ci.to_owned(), account }
    }

    /// All pages but the last.
    pub async fn enrolment_with_pin(&self, phone: Phone, name: &str, birth_date: Date, ci: &str) -> Token {
        let token = self.store.begin_enrolment(phone, self.now).await.unwrap();
        let proof = self.phone_proof(phone).await;
        self.store.verify_phone(&token, &proof, self.now).await.unwrap().unwrap();
        let identity = Identity { name: name.to_owned(), birth_date };
        self.store.set_identity(&token, &identity, ci, self.now).await.unwrap().unwrap();
        self.store.set_enrolment_pin(&token, &pin(PIN), self.now).await.unwrap().unwrap();
        token
    }

    /// By a code, sent and read. Everyone has an address of their own here.
    pub async fn phone_proof(&self, phone: Phone) -> PhoneProof {
        let address = format!("198.51.100.{}", self.next());
        // The limit on codes of one phone is not what these tests are about.
        self.sql(&format!("UPDATE phone_code SET created_at = 0 WHERE phone = '{}'", phone.digits())).await;
        self.store.send_code(phone, &address, self.now).await.unwrap().unwrap();
        let code = self.code_sent_to(phone).await;
        match self.store.check_code(phone, &code, &address, self.now).await.unwrap() {
            CodeChecked::Right(proof) => proof,
            other => panic!("{other:?}"),
        }
    }

    /// What the newest text message to this phone says.
    pub async fn message_to(&self, phone: Phone) -> String {
        let bodies = self.rows("SELECT body FROM outbox WHERE topic = 'sms' ORDER BY id DESC").await;
        let bodies = bodies.iter().map(|row| row.get::<String, _>(0));
        let mut messages = bodies.filter_map(|body| serde_json::from_str::<serde_json::Value>(&body).ok());
        let message = messages.find(|message| message["to"] == phone.digits().as_str()).expect("no message to this phone");
        message["text"].as_str().unwrap().to_owned()
    }

    /// The six digits in it.
    pub async fn code_sent_to(&self, phone: Phone) -> String {
        let message = self.message_to(phone).await;
        let code: String = message.chars().filter(char::is_ascii_digit).take(6).collect();
        assert_eq!(code.len(), 6, "{message}");
        code
    }

    pub async fn pin_proof(&self, citizen: &Citizen) -> PinProof {
        match self.store.check_pin(citizen.id, &pin(PIN), ADDRESS, self.now).await.unwrap() {
            PinChecked::Right(proof) => proof,
            other => panic!("{other:?}"),
        }
    }

    // Vouchers

    /// The citywide kind of the specification: 7 %, 400,000 a month, 1,000,000 held.
    pub async fn citywide(&self) -> KindId {
        self.kind(Scope::Citywide, 700).await
    }

    pub async fn kind(&self, scope: Scope, discount_bp: u16) -> KindId {
        let new = NewKind {
            name_ko: "서울사랑상품권".to_owned(),
            name_en: "Seoul voucher".to_owned(),
            scope,
            discount: BasisPoints(discount_bp),
            unit: Won::of(10_000),
            month_limit: Won::of(400_000),
            holding_cap: Won::of(1_000_000),
            validity_years: 5,
            refund_from: Percent::new(60),
            after_expiry: AfterExpiry::MODEL_TERMS,
        };
        self.store.create_kind(&new, self.now).await.unwrap()
    }

    /// A sale to anyone of `total` face, open from an hour ago for five hours.
    pub async fn window(&self, kind: KindId, total: i64) -> WindowId {
        let span = Span::new(self.now - 1.hour(), self.now + 4.hours()).unwrap();
        self.sale(kind, &[(span, Who::Anyone, Won::of(total))]).await[0]
    }

    /// The windows in the order they were given in.
    pub async fn sale(&self, kind: KindId, windows: &[(Span, Who, Won)]) -> Vec<WindowId> {
        let new = NewSale {
            kind,
            name_ko: "7월 발행".to_owned(),
            name_en: "July sale".to_owned(),
            windows: windows.iter().copied().map(Into::into).collect(),
        };
        let sale = self.store.create_sale(&new, self.now).await.unwrap();
        let rows = self.rows(&format!("SELECT id FROM sale_window WHERE sale_id = {sale} ORDER BY id")).await;
        rows.iter().map(|row| WindowId(row.get(0))).collect()
    }

    pub fn purchase_id(&self) -> PurchaseId {
        PurchaseId::from_parts(self.now.as_millisecond().unsigned_abs(), unique_bytes())
    }

    pub fn payment_id(&self) -> PaymentId {
        PaymentId::from_parts(self.now.as_millisecond().unsigned_abs(), unique_bytes())
    }

    pub fn buyer(&self, citizen: &Citizen) -> Buyer {
        Buyer { birth_year: citizen.birth_date.year(), account: citizen.account.clone() }
    }

    /// Reserved, and the bank was not asked.
    pub async fn reserve(&self, citizen: &Citizen, window: WindowId, face: i64, now: Timestamp) -> PurchaseId {
        let wish = buying::Wish { id: self.purchase_id(), person: citizen.id, window, face: Won::of(face), place: None, partner: None };
        let debit = self.store.till().reserve(wish, self.buyer(citizen), now).await.unwrap().unwrap();
        assert_eq!((debit.id, debit.state), (wish.id, State::Reserved));
        wish.id
    }

    /// Reserved, debited and posted: the lot is there.
    pub async fn buy(&self, citizen: &Citizen, window: WindowId, face: i64) -> PurchaseId {
        self.buy_at(citizen, window, face, self.now).await
    }

    pub async fn buy_at(&self, citizen: &Citizen, window: WindowId, face: i64, now: Timestamp) -> PurchaseId {
        let id = self.reserve(citizen, window, face, now).await;
        assert_eq!(self.store.till().settle(id, BankSays::Done, now).await.unwrap(), Some(State::Posted));
        id
    }

    // Shops

    /// An open shop in Mapo with an owner.
    pub async fn shop(&self) -> Shop {
        self.shop_in(District::MAPO).await
    }

    pub async fn shop_in(&self, district: District) -> Shop {
        let owner = self.citizen().await;
        let new = NewMerchant { district, ..self.new_merchant() };
        let merchant = self.store.create_merchant(&new, owner.id, self.now).await.unwrap();
        assert!(self.store.set_standing(merchant.id, Standing::Open).await.unwrap());
        Shop { merchant: Merchant { standing: Standing::Open, ..merchant }, owner }
    }

    pub fn new_merchant(&self) -> NewMerchant {
        let number = self.next();
        NewMerchant {
            number: None,
            business_number: BusinessNumber::from_first_nine(123_000_000 + number).unwrap(),
            name: format!("망원분식 {number}"),
            district: District::MAPO,
            address: "서울 마포구 망원로 1".to_owned(),
            category: "5812".to_owned(),
            payout_account: Some("payout-1".to_owned()),
        }
    }

    pub async fn owner_proof(&self, shop: &Shop) -> StaffProof {
        let role = domain::merchant::Role::Owner;
        self.store.staff(shop.owner.id, shop.merchant.id, role).await.unwrap().unwrap()
    }

    pub async fn pay(&self, payer: &Citizen, shop: &Shop, amount: i64) -> (PaymentId, Code) {
        self.pay_at(payer, shop, amount, self.now).await
    }

    pub async fn pay_at(&self, payer: &Citizen, shop: &Shop, amount: i64, now: Timestamp) -> (PaymentId, Code) {
        let wish = paying::Wish {
            id: self.payment_id(),
            payer: payer.id,
            merchant: shop.merchant.id,
            amount: Won::of(amount),
            kind: None,
            once: None,
        };
        let code = self.store.till().pay(wish, now).await.unwrap().unwrap();
        (wish.id, code)
    }

    // The database, past the store

    pub async fn sql(&self, statement: &str) {
        run_sql(&self.url, statement).await;
    }

    pub async fn rows(&self, select: &str) -> Vec<sqlx::any::AnyRow> {
        let mut connection = AnyConnection::connect(&self.url).await.unwrap();
        let rows = sqlx::query(sqlx::AssertSqlSafe(select.to_owned())).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        rows
    }

    /// Waits, ten seconds at most, until a statement selects this number: for what goes on after its caller has left.
    pub async fn eventually(&self, select: &str, number: i64) {
        let reached = async {
            while self.number(select).await != number {
                tokio::task::yield_now().await;
            }
        };
        let in_time = tokio::time::timeout(std::time::Duration::from_secs(10), reached).await;
        in_time.unwrap_or_else(|_| panic!("never {number}: {select}"));
    }

    /// A whole number that a statement counts or selects.
    pub async fn number(&self, select: &str) -> i64 {
        self.rows(select).await[0].get(0)
    }
}

pub fn pin(digits: &str) -> Pin {
    Pin::parse(digits).unwrap()
}

fn keys() -> Keys {
    Keys::new([42; 32])
}

pub fn unique_bytes() -> [u8; 10] {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&MADE.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}

async fn run_sql(url: &str, statement: &str) {
    let mut connection = AnyConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// The same server and user, another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, String::new()), |(address, query)| (address, format!("?{query}")));
    let (scheme, rest) = address.split_once("://").unwrap();
    let server = rest.split('/').next().unwrap_or(rest);
    format!("{scheme}://{server}/{name}{query}")
}
