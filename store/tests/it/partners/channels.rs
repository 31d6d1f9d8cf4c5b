//! Four channels at once: our own app and three partners.

use super::{brings_citizen, order, partner};
use crate::till::nodes::on_two_nodes;
use crate::till::{allowance, at, pool, settle_all, wish};
use crate::world::{Citizen, World, on_both_engines};
use domain::buying::{BankReason, BankSays, State};
use domain::calendar::Span;
use domain::kind::{AfterExpiry, BasisPoints, Percent, Scope};
use domain::partner::{Cap, PartnerRefused};
use domain::sale::Who;
use domain::{PartnerId, PurchaseId, Refused, WindowId, Won};
use futures::future::{join, join_all};
use jiff::ToSpan;
use store::{By, Customer, KeyProof, NewKind, Store};

type Answered = Result<State, Refused>;

/// One person's four doors: `None` is our own.
struct Doors {
    citizen: Citizen,
    doors: Vec<Option<(KeyProof, Customer)>>,
}

async fn doors(world: &World) -> Doors {
    let citizen = world.citizen().await;
    let mut doors = vec![None];
    for name in ["T-money Pay", "Shinhan SOL", "MoneyTree"] {
        let key = partner(world, &format!("{name} {}", world.next())).await;
        let customer = brings_citizen(world, &key, &citizen).await;
        doors.push(Some((key, customer)));
    }
    Doors { citizen, doors }
}

impl Doors {
    /// `each` purchases through each door, all asked before any is answered.
    async fn rush(&self, world: &World, store: &Store, window: WindowId, face: i64, each: usize) -> Vec<(PurchaseId, Answered)> {
        let through = self.doors.iter().flat_map(|door| std::iter::repeat_n(door, each)).map(|door| async move {
            let order = order(world, window, face);
            let answer = match door {
                Some((key, customer)) => store.buy_through(key, customer, order, world.now).await.unwrap().map(|debit| debit.state),
                None => {
                    let wish = domain::buying::Wish { id: order.id, ..wish(world, self.citizen.id, window, face) };
                    store.till().reserve(wish, world.buyer(&self.citizen), world.now).await.unwrap().map(|debit| debit.state)
                }
            };
            (order.id, answer)
        });
        join_all(through).await
    }
}

fn taken(answers: &[(PurchaseId, Answered)]) -> Vec<PurchaseId> {
    answers.iter().filter(|(_, answer)| answer.is_ok()).map(|(id, _)| *id).collect()
}

fn refused(answers: &[(PurchaseId, Answered)]) -> Vec<&Refused> {
    answers.iter().filter_map(|(_, answer)| answer.as_ref().err()).collect()
}

/// A kind of which one may hold less than buy.
async fn with_a_low_cap(world: &World) -> WindowId {
    let new = NewKind {
        name_ko: "마포사랑상품권".to_owned(),
        name_en: "Mapo voucher".to_owned(),
        scope: Scope::Citywide,
        discount: BasisPoints(1_000),
        unit: Won::of(10_000),
        month_limit: Won::of(400_000),
        holding_cap: Won::of(150_000),
        validity_years: 5,
        refund_from: Percent::new(60),
        after_expiry: AfterExpiry::MODEL_TERMS,
    };
    world.window(world.store.create_kind(&new, world.now).await.unwrap(), 10_000_000).await
}

#[tokio::test]
async fn four_channels_together_keep_to_one_persons_month() {
    on_both_engines(async |world| {
        let person = doors(world).await;
        let window = world.window(world.citywide().await, 10_000_000).await;
        let answers = person.rush(world, &world.store, window, 30_000, 10).await;
        let month = Refused::MonthLimit { left: Won::of(10_000), limit: Won::of(400_000) };
        assert_eq!((taken(&answers).len(), refused(&answers)), (13, vec![&month; 27]));
        assert_eq!(allowance(world, person.citizen.id).await, (390_000, 390_000));
        assert_eq!(pool(world, window).await, (390_000, 0));
        settle_all(&world.store, &taken(&answers), BankSays::Done, world.now).await;
        assert_eq!(allowance(world, person.citizen.id).await, (390_000, 390_000));
    })
    .await;
}

#[tokio::test]
async fn four_channels_together_keep_to_one_persons_holding_cap() {
    on_both_engines(async |world| {
        let person = doors(world).await;
        let window = with_a_low_cap(world).await;
        let answers = person.rush(world, &world.store, window, 20_000, 10).await;
        let cap = Refused::HoldingCap { left: Won::of(10_000), cap: Won::of(150_000) };
        assert_eq!((taken(&answers).len(), refused(&answers)), (7, vec![&cap; 33]));
        assert_eq!(allowance(world, person.citizen.id).await, (140_000, 140_000));
    })
    .await;
}

#[tokio::test]
async fn four_channels_at_two_nodes_keep_to_one_persons_limits() {
    on_two_nodes(async |world, second| {
        for _ in 0..3 {
            let person = doors(world).await;
            let (month, held) = (world.window(world.citywide().await, 10_000_000).await, with_a_low_cap(world).await);
            let rush = |store| person.rush(world, store, month, 30_000, 5);
            let (here, there) = join(rush(&world.store), rush(second)).await;
            assert_eq!(taken(&here).len() + taken(&there).len(), 13);
            let rush = |store| person.rush(world, store, held, 20_000, 5);
            let (here, there) = join(rush(&world.store), rush(second)).await;
            assert_eq!(taken(&here).len() + taken(&there).len(), 7);
            assert_eq!(allowance(world, person.citizen.id).await, (530_000, 530_000));
        }
    })
    .await;
}

/// A window that opens in an hour, where the partner may sell `most`; and the time when it is open.
async fn capped(world: &World, partner: PartnerId, total: i64, most: i64) -> WindowId {
    let span = Span::new(world.now + 1.hour(), world.now + 4.hours()).unwrap();
    let window = world.sale(world.citywide().await, &[(span, Who::Anyone, Won::of(total))]).await[0];
    world.store.set_cap(By::CommandLine, window, partner, Won::of(most), world.now).await.unwrap().unwrap();
    window
}

async fn cap_of(world: &World, window: WindowId, partner: PartnerId) -> Cap {
    world.store.cap(window, partner).await.unwrap().unwrap()
}

fn cap(most: i64, held: i64, sold: i64) -> Cap {
    Cap { most: Won::of(most), held: Won::of(held), sold: Won::of(sold) }
}

/// So many people buy through one partner at once, half of them at each store.
async fn crowd_buys(world: &World, stores: [&Store; 2], key: &KeyProof, window: WindowId, size: usize) -> Vec<(PurchaseId, Answered)> {
    let mut people = Vec::new();
    for _ in 0..size {
        let ci = format!("crowd-{}", world.next());
        people.push(super::brings(&world.store, key, &ci, "손님", jiff::civil::date(1990, 5, 17), world.now).await);
    }
    let then = world.later(3_600);
    let buy = |(number, customer): (usize, Customer)| async move {
        let order = order(world, window, 20_000);
        let debit = stores[number % 2].buy_through(key, &customer, order, then).await.unwrap();
        (order.id, debit.map(|debit| debit.state))
    };
    join_all(people.into_iter().enumerate().map(buy)).await
}

#[tokio::test]
async fn a_channel_never_sells_more_than_its_share() {
    on_both_engines(async |world| {
        let (key, free) = (partner(world, "T-money Pay").await, partner(world, "MoneyTree").await);
        let window = capped(world, key.partner(), 10_000_000, 310_000).await;
        let answers = crowd_buys(world, [&world.store; 2], &key, window, 40).await;
        let full = Refused::ChannelCap { left: Won::of(10_000), most: Won::of(310_000) };
        assert_eq!((taken(&answers).len(), refused(&answers)), (15, vec![&full; 25]));
        assert_eq!(cap_of(world, window, key.partner()).await, cap(310_000, 300_000, 0));
        // Posted is sold; voided comes back.
        let then = world.later(3_600);
        let ids = taken(&answers);
        settle_all(&world.store, &ids[..10], BankSays::Done, then).await;
        settle_all(&world.store, &ids[10..], BankSays::Rejected(BankReason::InsufficientFunds), then).await;
        assert_eq!(cap_of(world, window, key.partner()).await, cap(310_000, 0, 200_000));
        assert_eq!(pool(world, window).await, (0, 200_000));
        assert_eq!(taken(&crowd_buys(world, [&world.store; 2], &key, window, 10).await).len(), 5);
        // Others have no cap, nor has our own app.
        assert_eq!(taken(&crowd_buys(world, [&world.store; 2], &free, window, 20).await).len(), 20);
        let citizen = world.citizen().await;
        world.buy_at(&citizen, window, 400_000, then).await;
    })
    .await;
}

#[tokio::test]
async fn a_channels_share_holds_at_two_nodes() {
    on_two_nodes(async |world, second| {
        let key = partner(world, "Shinhan SOL").await;
        let window = capped(world, key.partner(), 10_000_000, 300_000).await;
        let answers = crowd_buys(world, [&world.store, second], &key, window, 60).await;
        assert_eq!(taken(&answers).len(), 15);
        assert_eq!(cap_of(world, window, key.partner()).await, cap(300_000, 300_000, 0));
        let ids = taken(&answers);
        let then = world.later(3_600);
        // Both hear the bank's word. Whoever is second may have read a purchase just before the first wrote it, and says so.
        join(settle_all(&world.store, &ids, BankSays::Done, then), settle_all(second, &ids, BankSays::Done, then)).await;
        assert_eq!(settle_all(second, &ids, BankSays::Done, then).await, vec![Some(State::Posted); 15]);
        assert_eq!(cap_of(world, window, key.partner()).await, cap(300_000, 0, 300_000));
        assert_eq!(world.number("SELECT COUNT(*) FROM webhook").await, 15, "told once each");
    })
    .await;
}

#[tokio::test]
async fn the_database_itself_keeps_a_cap() {
    on_both_engines(async |world| {
        let key = partner(world, "MoneyTree").await;
        let window = capped(world, key.partner(), 1_000_000, 100_000).await;
        let answers = crowd_buys(world, [&world.store; 2], &key, window, 5).await;
        assert_eq!(taken(&answers).len(), 5);
        for broken in ["held = held + 10000", "sold = sold + 10000", "most = 90000", "held = -1"] {
            let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&world.url).await.unwrap();
            let update = sqlx::AssertSqlSafe(format!("UPDATE channel_cap SET {broken}"));
            sqlx::query(update).execute(&mut connection).await.unwrap_err();
        }
    })
    .await;
}

#[tokio::test]
async fn a_cap_comes_before_the_sale_and_never_below_what_is_sold() {
    on_both_engines(async |world| {
        let key = partner(world, "T-money Pay").await;
        let window = capped(world, key.partner(), 1_000_000, 100_000).await;
        let set =
            async |window, partner, most, now| world.store.set_cap(By::CommandLine, window, partner, Won::of(most), now).await.unwrap();
        assert_eq!(set(WindowId(1), key.partner(), 1, world.now).await, Err(PartnerRefused::NoSuchWindow));
        assert_eq!(set(window, PartnerId(1), 1, world.now).await, Err(PartnerRefused::NoSuchPartner));
        let late = partner(world, "MoneyTree").await;
        assert_eq!(set(window, late.partner(), 1, world.later(3_540)).await, Err(PartnerRefused::HasBegun));
        assert_eq!(set(window, late.partner(), 500_000, world.later(3_539)).await, Ok(()));
        assert_eq!(taken(&crowd_buys(world, [&world.store; 2], &key, window, 5).await).len(), 5);
        let then = world.later(3_700);
        assert_eq!(set(window, key.partner(), 90_000, then).await, Err(PartnerRefused::CapTooLow));
        assert_eq!(set(window, key.partner(), 140_000, then).await, Ok(()));
        assert_eq!(taken(&crowd_buys(world, [&world.store; 2], &key, window, 5).await).len(), 2);
    })
    .await;
}

#[tokio::test]
async fn partners_keep_to_the_rules_of_the_window() {
    on_both_engines(async |world| {
        let key = partner(world, "T-money Pay").await;
        let span = Span::new(world.now, world.now + 4.hours()).unwrap();
        let window = world.sale(world.citywide().await, &[(span, Who::OddBirthYears, Won::of(1_000_000))]).await[0];
        let even = brings_citizen(world, &key, &world.citizen().await).await;
        let odd = super::brings(&world.store, &key, "ci-odd", "홀수", jiff::civil::date(1991, 1, 1), world.now).await;
        let buy = async |customer: &Customer, face, now| {
            world.store.buy_through(&key, customer, order(world, window, face), now).await.unwrap().map(|debit| debit.state)
        };
        assert_eq!(buy(&even, 10_000, world.now).await, Err(Refused::NotYourWindow { who: Who::OddBirthYears }));
        assert_eq!(buy(&odd, 10_000, world.now).await, Ok(State::Reserved));
        assert_eq!(buy(&odd, 15_000, world.now).await, Err(Refused::NotInUnits { unit: Won::of(10_000) }));
        let closed_at = at("2026-07-14T14:30:00+09:00");
        assert_eq!(buy(&odd, 10_000, closed_at).await, Err(Refused::WindowClosed { closed_at }));
        world.store.create_room(window, &domain::room::Settings::default(), world.now).await.unwrap();
        assert_eq!(buy(&odd, 10_000, world.now).await, Err(Refused::NeedsPass));
        // The first purchase was made before there was a room.
        world.breaks("passes_buy_once_and_their_owners");
    })
    .await;
}
