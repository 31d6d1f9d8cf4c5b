//! A city before its sale day: a million members, some of them signed in, rooms that are opened one after the other, and shops.

use crate::{Outcome, city};
use domain::pin::Pin;
use domain::room::{Figures, Pseudonym, Settings};
use domain::{PersonId, Timestamp, WindowId, Won};
use rand::Rng;
use sqlx::{AnyConnection, Connection, Row};
use std::collections::HashMap;
use store::{Bank, Joining, Keys, Store};

/// The same for the servers and for what is made here.
const KEY: [u8; 32] = [1; 32];
pub const KEY_HEX: &str = "0101010101010101010101010101010101010101010101010101010101010101";
pub const PIN: &str = "246810";
/// Of an account that the sandbox knows how to debit.
const ACCOUNT: &str = "acc_00000000000000000000000000000000";
/// Bank, fund and lot.
const ENTRIES_A_PURCHASE: u64 = 3;
/// What whoever pays has.
const PURSE: Won = Won::of(10_000_000);
/// In one transaction.
const AT_ONCE: usize = 20_000;

pub struct Town {
    pub engine: &'static str,
    pub url: String,
    /// Of PostgreSQL.
    pub postmaster: Option<u32>,
    /// In the database, numbered from one.
    pub members: u32,
    pub people: Vec<Person>,
    /// The numbers of those that may be paid; the first is owned by the first of the people, and so on.
    pub shops: Vec<String>,
    /// Purchases that were made before.
    pub before: usize,
    connection: AnyConnection,
    windows: i64,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Person {
    pub id: PersonId,
    /// As the browser sends it.
    pub cookie: String,
}

/// Of a town.
#[derive(Clone, Copy)]
pub struct Size {
    pub members: u32,
    /// Of them, signed in.
    pub people: usize,
    /// Others, who wait in a room of their own.
    pub waiting: usize,
    /// Entries of the ledger, from purchases before.
    pub ledger: u64,
    /// Shops that may be paid, each with an owner who is signed in; then everybody who is has something to pay with.
    pub shops: u32,
    /// The first so many of those who are signed in have nothing yet.
    pub empty: usize,
}

pub struct Crowd {
    pub window: WindowId,
    /// Tickets as a page would hold them.
    pub tickets: Vec<String>,
}

impl Town {
    /// As the servers open it, to make or measure something without them.
    pub async fn store(&self) -> Outcome<Store> {
        Ok(Store::open(&self.url, Keys::new(KEY)).await?)
    }

    pub async fn build(engine: &'static str, url: String, size: &Size) -> Outcome<Town> {
        let Size { members, people, ledger, shops, empty, .. } = *size;
        let store = Store::open(&url, Keys::new(KEY)).await?;
        let postmaster = match engine {
            "sqlite" => city::fill_sqlite(&url, members).await.map(|()| None)?,
            _ => city::fill_postgres(&url, members).await?,
        };
        let mut connection = AnyConnection::connect(&url).await?;
        if engine == "sqlite" {
            sqlx::raw_sql("PRAGMA busy_timeout = 10000").execute(&mut connection).await?;
        }
        give_pins(&store, &mut connection).await?;
        let (now, step) = (Timestamp::now(), i64::from(members) / people as i64);
        // From all over the table, as people come.
        let ids: Vec<PersonId> = (0..people as i64).map(|number| PersonId(number * step + 1)).collect();
        let mut signed_in = Vec::with_capacity(people);
        for some in ids.chunks(AT_ONCE) {
            let tokens = store.seed_sessions(some, now).await?;
            let of_token = some.iter().zip(&tokens);
            signed_in.extend(of_token.map(|(id, token)| Person { id: *id, cookie: format!("payplus_session={}", token.expose()) }));
        }
        let mut before = usize::try_from(ledger / ENTRIES_A_PURCHASE)?;
        crate::till::buy_before(&store, std::iter::repeat_with(move || crate::till::anybody(members)).take(before)).await?;
        let mut numbers = Vec::new();
        if shops > 0 {
            store.seed_shops(shops, ACCOUNT, now).await?;
            numbers = city::give_owners(&mut connection, &ids).await?;
            before += ids.len() - empty;
            crate::till::buy_before(&store, ids.into_iter().skip(empty).map(|person| (person, PURSE))).await?;
        }
        store.close().await;
        if engine == "postgres" {
            city::settle_postgres(&url).await?;
        }
        Ok(Town { engine, url, postmaster, members, people: signed_in, shops: numbers, before, connection, windows: city::WINDOW })
    }

    /// Another window with a room before it, open since a second ago; nobody is turned away. Servers find it within a second.
    pub async fn open_window(&mut self) -> Outcome<WindowId> {
        self.open(Figures { rate_per_s: 100_000, most_inside: 1_000_000, ..Figures::default() }).await
    }

    async fn open(&mut self, figures: Figures) -> Outcome<WindowId> {
        self.windows += 1;
        let (id, now) = (self.windows, Timestamp::now().as_millisecond());
        let mut seed = vec![0; 32];
        rand::rng().fill(&mut seed[..]);
        let figures = Figures::from(Settings::new(figures)?);
        let mut transaction = self.connection.begin().await?;
        let window = "INSERT INTO sale_window (id, sale_id, kind_id, opens_at, closes_at, who, total, planned) \
                      VALUES ($1, 1, 1, $2, 4102444800000, 'anyone', 900000000000000, 900000000000000)";
        sqlx::query(window).bind(id).bind(now - 1_000).execute(&mut *transaction).await?;
        let room = "INSERT INTO room (window_id, figures, seed, rate_per_s, most_inside, ticked_at) VALUES ($1, $2, $3, $4, $5, $6)";
        let room = sqlx::query(room).bind(id).bind(serde_json::to_string(&figures)?).bind(seed).bind(i64::from(figures.rate_per_s));
        room.bind(i64::from(figures.most_inside)).bind(now).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(WindowId(id))
    }

    /// People who stand in a line that moves by one a second. Their tickets are signed here, with the servers' key. No server may be
    /// running; the one that is started next finds them.
    pub async fn bring_crowd(&mut self, size: &Size) -> Outcome<Crowd> {
        let Size { members, waiting, .. } = *size;
        let store = self.store().await?;
        let figures = Figures { rate_per_s: 1, most_inside: 1, ..Figures::default() };
        let window = self.open(figures).await?;
        let (key, now) = (store.room_key(), Timestamp::now());
        let mut tickets = Vec::with_capacity(waiting);
        let people: Vec<PersonId> = (0..waiting as i64).map(|number| PersonId(i64::from(members) - number)).collect();
        for some in people.chunks(AT_ONCE) {
            let joining =
                |person: &PersonId| Joining { person: *person, pseudonym: Pseudonym::of(&key, window, *person), instead_of: None };
            let joining: Vec<Joining> = some.iter().map(joining).collect();
            for row in store.join_room(window, &joining, now, now).await? {
                let ticket = domain::room::Ticket::new(window, row.pseudonym, domain::room::Place::new(row.number).ok(), now);
                tickets.push(ticket.sign(&key));
            }
        }
        store.close().await;
        Ok(Crowd { window, tickets })
    }

    /// What has become of every purchase: its id and its state.
    pub async fn purchases(&mut self) -> Outcome<HashMap<Vec<u8>, String>> {
        self.states("SELECT id, state FROM purchase").await
    }

    /// The same of payments: whatever is there is posted.
    pub async fn payments(&mut self) -> Outcome<HashMap<Vec<u8>, String>> {
        self.states("SELECT id, 'posted' FROM payment").await
    }

    async fn states(&mut self, select: &'static str) -> Outcome<HashMap<Vec<u8>, String>> {
        let rows = sqlx::query(select).fetch_all(&mut self.connection).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }
}

/// Everybody has the same PIN and bank account. How a PIN is kept is the store's affair: one member is made by it.
async fn give_pins(store: &Store, connection: &mut AnyConnection) -> Outcome<()> {
    let pin = Pin::parse(PIN).map_err(|error| format!("{error:?}"))?;
    let bank = Bank { account: ACCOUNT.to_owned(), masked: "신한 ***0000".to_owned() };
    let made = store.seed_members(1, &pin, &bank, Timestamp::now()).await?;
    let made = made.first().ok_or("no member was made")?;
    let update = "UPDATE member SET pin_salt = (SELECT pin_salt FROM member WHERE person_id = $1), \
                  pin_hash = (SELECT pin_hash FROM member WHERE person_id = $1), bank_account = $2, bank_masked = $3 WHERE person_id <> $1";
    sqlx::query(update).bind(made.0).bind(bank.account).bind(bank.masked).execute(&mut *connection).await?;
    Ok(())
}
