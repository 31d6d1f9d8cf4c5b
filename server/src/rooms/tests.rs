//! Clocks that leap, people who go away, tickets played again: with a clock of the test's own, as no journey can.

use super::{Rooms, keeper};
use app::waiting::{Heard, Rooms as _, Told};
use domain::calendar::Span;
use domain::kind::{AfterExpiry, BasisPoints, Percent, Scope};
use domain::pin::Pin;
use domain::room::{Figures, Settings};
use domain::sale::Who;
use domain::{PersonId, Timestamp, WindowId, Won};
use jiff::SignedDuration;
use store::{Bank, Keys, NewKind, NewSale, Store};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

struct House {
    rooms: Rooms,
    window: WindowId,
    people: Vec<PersonId>,
    now: Timestamp,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

impl House {
    /// A room that opened a second ago, where one comes in at a time, and three people who may stand in its line.
    async fn open() -> House {
        let mut house = House::opens_in_s(-1).await;
        // Kept, drawn, and the first one called.
        for _ in 0..3 {
            house.pass_ms(1_000).await;
        }
        house
    }

    async fn opens_in_s(opens_in_s: i64) -> House {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("room.sqlite").display());
        let (store, now) = (Store::open(&url, Keys::new([7; 32])).await.unwrap(), Timestamp::now());
        let kind = NewKind {
            name_ko: "시험".to_owned(),
            name_en: "Trial".to_owned(),
            scope: Scope::Citywide,
            discount: BasisPoints(700),
            unit: Won::of(10_000),
            month_limit: Won::of(400_000),
            holding_cap: Won::of(1_000_000),
            validity_years: 5,
            refund_from: Percent::new(60),
            after_expiry: AfterExpiry::MODEL_TERMS,
        };
        let kind = store.create_kind(&kind, now).await.unwrap();
        let span = Span::new(now + SignedDuration::from_secs(opens_in_s), now + SignedDuration::from_hours(8)).unwrap();
        let windows = vec![(span, Who::Anyone, Won::of(1_000_000_000)).into()];
        store.create_sale(&NewSale { kind, name_ko: "판매".to_owned(), name_en: "Sale".to_owned(), windows }, now).await.unwrap();
        let window = store.on_sale(now).await.unwrap()[0].windows[0].0.id;
        let figures = Figures { most_inside: 1, rate_per_s: 1, ..Figures::default() };
        store.create_room(window, &Settings::new(figures).unwrap(), now).await.unwrap();
        let bank = Bank { account: "acc_test".to_owned(), masked: "***".to_owned() };
        let people = store.seed_members(3, &Pin::parse("246810").unwrap(), &bank, now).await.unwrap();
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let rooms = Rooms::new(&store, &stop, &tasks);
        House { rooms, window, people, now, stop, _folder: folder }
    }

    /// The clock goes on, and the keeper calls as usual.
    async fn pass_ms(&mut self, ms: i64) {
        self.now += SignedDuration::from_millis(ms);
        keeper::tick(&self.rooms, None, self.now).await.unwrap();
    }

    /// The clock leaps: the keeper sees a gap, forwards only.
    async fn leap_ms(&mut self, ms: i64) {
        let before = self.now;
        self.now += SignedDuration::from_millis(ms);
        keeper::tick(&self.rooms, Span::new(before, self.now), self.now).await.unwrap();
    }

    async fn join(&self, who: usize) -> Heard {
        self.rooms.joined(self.window, self.people[who], self.now).await.unwrap().unwrap()
    }

    fn renew(&self, heard: &Heard) -> Heard {
        self.rooms.renew(self.window, heard.ticket.as_deref().unwrap(), self.now).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn place(told: &Told) -> Option<u32> {
    match told {
        Told::Waits { place, .. } | Told::Called { place } | Told::ComesIn { place } => Some(*place),
        _ => None,
    }
}

#[tokio::test]
async fn away_within_the_grace_costs_nothing_and_longer_costs_the_place() {
    let mut house = House::open().await;
    let heard = [house.join(0).await, house.join(1).await, house.join(2).await];
    assert_eq!(heard.iter().map(|heard| place(&heard.told)).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    house.pass_ms(10_000).await;
    let (first, second) = (house.renew(&heard[0]), house.renew(&heard[1]));
    assert_eq!((place(&first.told), place(&second.told)), (Some(1), Some(2)));
    // The third has not been heard of for longer than the grace.
    house.pass_ms(22_000).await;
    assert!(matches!(house.renew(&heard[2]).told, Told::Lapsed { .. }));
    let again = house.join(2).await;
    assert_eq!(place(&again.told), Some(4));
    // The old ticket, played again, gives the old place to nobody.
    let replayed = house.renew(&heard[2]);
    assert_ne!(place(&replayed.told), Some(3), "{replayed:?}");
    assert_eq!(place(&house.renew(&again).told), Some(4));
    // Renewing an older copy of a living ticket is no way forward either.
    assert_eq!(place(&house.renew(&heard[1]).told), Some(2));
}

#[tokio::test]
async fn at_the_opening_the_first_is_waited_for_before_the_second_is_called() {
    let mut house = House::opens_in_s(2).await;
    let tickets = [house.join(0).await, house.join(1).await, house.join(2).await];
    assert!(tickets.iter().all(|heard| matches!(heard.told, Told::PreQueue { .. })), "{tickets:?}");
    // Opened, drawn, and called on again and again; the pages ask at their own moments, the first the last of them.
    for _ in 0..5 {
        house.pass_ms(1_000).await;
    }
    let heard = tickets.each_ref().map(|heard| house.renew(heard));
    assert_eq!(heard.iter().filter(|heard| matches!(heard.told, Told::ComesIn { .. })).count(), 1, "{heard:?}");
    assert!(heard.iter().all(|heard| matches!(heard.told, Told::ComesIn { place: 1 } | Told::Waits { place: 2 | 3, .. })), "{heard:?}");
    // Whoever does not come within the grace is passed over.
    for _ in 0..35 {
        house.pass_ms(1_000).await;
        tickets.iter().zip(&heard).filter(|(_, heard)| place(&heard.told) == Some(2)).for_each(|(ticket, _)| drop(house.renew(ticket)));
    }
    let second = heard.iter().find(|heard| place(&heard.told) == Some(2)).unwrap();
    assert!(matches!(house.renew(second).told, Told::ComesIn { place: 2 }));
}

#[tokio::test]
async fn a_clock_put_forward_by_an_hour_costs_nobody_the_place() {
    let mut house = House::open().await;
    let heard = [house.join(0).await, house.join(1).await, house.join(2).await];
    house.leap_ms(3_600_000).await;
    let after = heard.iter().map(|heard| place(&house.renew(heard).told)).collect::<Vec<_>>();
    assert_eq!(after, [Some(1), Some(2), Some(3)]);
    // From then on the grace is what it was.
    house.pass_ms(31_000).await;
    assert!(matches!(house.renew(&heard[2]).told, Told::Lapsed { .. }));
}

#[tokio::test]
async fn a_clock_put_back_by_an_hour_costs_nobody_the_place() {
    let mut house = House::open().await;
    let heard = [house.join(0).await, house.join(1).await, house.join(2).await];
    // Back to before the opening, for as long as it lasts.
    house.leap_ms(-3_600_000).await;
    let during = heard.iter().map(|heard| house.renew(heard)).collect::<Vec<_>>();
    assert!(during.iter().all(|heard| !matches!(heard.told, Told::Lapsed { .. } | Told::NoTicket)), "{during:?}");
    house.leap_ms(3_600_000).await;
    // Whoever was told meanwhile that it has not begun has no ticket, and finds the place again.
    let after = [house.join(0).await, house.join(1).await, house.renew(&heard[2])];
    assert_eq!(after.iter().map(|heard| place(&heard.told)).collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
}
