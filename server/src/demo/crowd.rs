//! The demo's sale day: a sale with a waiting room that opens in two minutes, and people who come for it. They do what people do
//! (join, wait, renew, think, type a PIN, buy), in this process instead of in browsers; bank and till are the real ones.

use super::cast::{PIN, Person};
use super::selling::{self, fresh};
use super::signing_up::{ADDRESS, account};
use super::{DemoError, cast};
use crate::rooms::Rooms;
use app::buying::bank;
use app::waiting::{Heard, Rooms as _, Told};
use app::web::Services;
use domain::buying::State;
use domain::calendar::Span;
use domain::pin::Pin;
use domain::room::{Figures, Pass, Settings};
use domain::sale::Who;
use domain::{PersonId, PurchaseId, Timestamp, WindowId, Won};
use jiff::SignedDuration;
use rand::Rng;
use std::sync::Arc;
use std::time::Duration;
use store::{NewWindow, Order, PinChecked};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const PEOPLE: u32 = 1_200;
const OPENS_IN: SignedDuration = SignedDuration::from_secs(120);
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(2);
/// Enough for every other of them.
const TOTAL: Won = Won::of(100_000_000);
/// Most come before it opens, the others in the minute after.
const COMES_WITHIN_MS: u64 = 150_000;
/// Of 10,000 won. The sandbox plays its faults on smaller amounts.
const UNITS: std::ops::RangeInclusive<i64> = 10..=30;
/// Choosing an amount and typing a PIN.
const THINKS_MS: std::ops::Range<u64> = 2_000..12_000;

/// The sale. Anew at each start: the one before is sold out by now.
pub async fn sale(services: &Services, now: Timestamp) -> Result<WindowId, DemoError> {
    let opens = now + OPENS_IN;
    let span = Span::new(opens, opens + OPEN_FOR).ok_or(DemoError::Odd("an empty window"))?;
    let window = selling::sale_with_room(services, vec![NewWindow::from((span, Who::Anyone, TOTAL))], now).await?;
    let figures = Figures { rate_per_s: 8, most_inside: 80, ..Figures::default() };
    let settings = Settings::new(figures).map_err(|_| DemoError::Odd("no such room"))?;
    services.store.create_room(window, &settings, now).await?;
    Ok(window)
}

/// Sends the crowd.
pub async fn come(
    services: &Services,
    rooms: &Arc<Rooms>,
    window: WindowId,
    stop: &CancellationToken,
    tasks: &TaskTracker,
) -> Result<(), DemoError> {
    let payer = Person { name: "모의 시민", ..cast::NEW_CITIZEN };
    let pin = Pin::parse(PIN).map_err(|_| DemoError::Odd("no PIN"))?;
    let linked = account(services, &payer).await?;
    let people = services.store.seed_members(PEOPLE, &pin, &linked, Timestamp::now()).await?;
    for person in people {
        let somebody = Somebody { services: services.clone(), rooms: Arc::clone(rooms), window, person };
        let stop = stop.clone();
        tasks.spawn(async move { stop.run_until_cancelled(somebody.live()).await });
    }
    tracing::info!(people = PEOPLE, %window, "a crowd is on its way to the sale");
    Ok(())
}

struct Somebody {
    services: Services,
    rooms: Arc<Rooms>,
    window: WindowId,
    person: PersonId,
}

impl Somebody {
    async fn live(self) {
        let comes_ms = rand::rng().random_range(0..COMES_WITHIN_MS);
        sleep(comes_ms).await;
        if let Err(error) = self.waits().await {
            tracing::warn!(%error, "somebody of the crowd gave up");
        }
    }

    async fn waits(&self) -> Result<(), DemoError> {
        let mut heard = self.joins().await?;
        while heard.told.goes_on() {
            if let Told::ComesIn { .. } = heard.told {
                match self.rooms.come_in(self.window, self.person).await? {
                    Some(Ok(pass)) => return self.buys(&pass).await,
                    Some(Err(other)) => heard = other,
                    None => return Ok(()),
                }
            }
            sleep(u64::try_from(heard.renew_in_ms).unwrap_or(0).max(500)).await;
            heard = match &heard.ticket {
                Some(ticket) => self.rooms.renew(self.window, ticket, Timestamp::now()).ok_or(DemoError::Odd("the room is gone"))?,
                None => self.joins().await?,
            };
        }
        Ok(())
    }

    async fn joins(&self) -> Result<Heard, DemoError> {
        self.rooms.join(self.window, self.person).await?.ok_or(DemoError::Odd("the room is gone"))
    }

    async fn buys(&self, pass: &Pass) -> Result<(), DemoError> {
        let (thinks_ms, units) = {
            let mut rng = rand::rng();
            (rng.random_range(THINKS_MS), rng.random_range(UNITS))
        };
        sleep(thinks_ms).await;
        let store = &self.services.store;
        let pin = Pin::parse(PIN).map_err(|_| DemoError::Odd("no PIN"))?;
        let now = Timestamp::now();
        let PinChecked::Right(proof) = store.check_pin(self.person, &pin, ADDRESS, now).await? else { return Ok(()) };
        let (ms, random) = fresh(now);
        let face = Won::of(units * 10_000);
        let order = Order { id: PurchaseId::from_parts(ms, random), window: self.window, face, place: Some(pass.place) };
        let Ok(debit) = store.buy(proof, order, now).await? else {
            // "Only so much is left", "sold out": people take it as it is.
            self.rooms.leave(pass);
            return Ok(());
        };
        let state = bank::debit(store, self.services.bank.as_ref(), debit.id, &debit.account, debit.paid).await?;
        if state == Some(State::Posted) {
            self.rooms.leave(pass);
        }
        Ok(())
    }
}

async fn sleep(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}
