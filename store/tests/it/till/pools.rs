//! Reserving out of a pool: many in one commit, never more than there is, and the truth about what is left.

use super::{at, buyer, count, crowd, pool, reserve_all, settle_all, wish};
use crate::world::{on_both_engines, on_both_engines_in_order};
use domain::buying::{BankReason, BankSays, State, Wish};
use domain::calendar::Span;
use domain::sale::Who;
use domain::{Refused, Timestamp, WindowId, Won};
use jiff::{SignedDuration, ToSpan};
use store::till::Buyer;

#[tokio::test]
async fn hundreds_buy_at_once_and_the_pool_is_exact() {
    on_both_engines(async |world| {
        let people = crowd(world, 700).await;
        let window = world.window(world.citywide().await, 30_000_000).await;
        let wishes: Vec<_> = people.iter().map(|person| wish(world, person.id, window, 40_000)).collect();
        let answers = reserve_all(&world.store, &wishes, world.now).await;
        assert_eq!(count(&answers, &Ok(State::Reserved)), 700);
        assert_eq!(pool(world, window).await, (28_000_000, 0));
        let ids: Vec<_> = wishes.iter().map(|wish| wish.id).collect();
        let states = settle_all(&world.store, &ids, BankSays::Done, world.now).await;
        assert_eq!(count(&states, &Some(State::Posted)), 700);
        assert_eq!(pool(world, window).await, (0, 28_000_000));
        assert_eq!(world.number("SELECT COUNT(*) FROM lot WHERE remaining = 40000").await, 700);
    })
    .await;
}

#[tokio::test]
async fn three_hundred_race_for_a_hundred_and_it_is_not_called_sold_out_before_it_is() {
    on_both_engines(async |world| {
        let people = crowd(world, 301).await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let wishes: Vec<_> = people[..300].iter().map(|person| wish(world, person.id, window, 10_000)).collect();
        let answers = reserve_all(&world.store, &wishes, world.now).await;
        assert_eq!(count(&answers, &Ok(State::Reserved)), 100);
        assert_eq!(count(&answers, &Err(Refused::AllReserved { held: Won::of(1_000_000) })), 200);
        assert_eq!(pool(world, window).await, (1_000_000, 0));

        // One bank says no: exactly one place comes back.
        let got: Vec<_> = wishes.iter().zip(&answers).filter(|(_, answer)| answer.is_ok()).map(|(wish, _)| wish.id).collect();
        let rejected = BankSays::Rejected(BankReason::InsufficientFunds);
        assert_eq!(settle_all(&world.store, &got[..1], rejected, world.now).await, [Some(State::Voided)]);
        let again: Vec<_> = people[100..].iter().map(|person| wish(world, person.id, window, 10_000)).collect();
        let answers = reserve_all(&world.store, &again, world.now).await;
        assert_eq!(count(&answers, &Ok(State::Reserved)), 1);
        let last = again[answers.iter().position(Result::is_ok).unwrap()].id;

        let held: Vec<_> = got[1..].iter().copied().chain([last]).collect();
        settle_all(&world.store, &held, BankSays::Done, world.now).await;
        assert_eq!(pool(world, window).await, (0, 1_000_000));
        let late = reserve_all(&world.store, &[wish(world, people[300].id, window, 10_000)], world.now).await;
        assert_eq!(late, [Err(Refused::SoldOut { total: Won::of(1_000_000) })]);
    })
    .await;
}

#[tokio::test]
async fn whoever_asks_for_more_than_is_left_is_told_how_much_is() {
    on_both_engines(async |world| {
        let people = crowd(world, 5).await;
        let window = world.window(world.citywide().await, 100_000).await;
        let wishes: Vec<_> = people.iter().map(|person| wish(world, person.id, window, 30_000)).collect();
        let answers = reserve_all(&world.store, &wishes, world.now).await;
        assert_eq!(count(&answers, &Ok(State::Reserved)), 3);
        assert_eq!(count(&answers, &Err(Refused::OnlyLeft { left: Won::of(10_000) })), 2);
        let rest = reserve_all(&world.store, &[wish(world, people[4].id, window, 10_000)], world.now).await;
        assert_eq!(rest, [Ok(State::Reserved)]);
    })
    .await;
}

#[tokio::test]
async fn a_refused_command_leaves_its_neighbours_untouched() {
    on_both_engines_in_order(async |world| {
        let people = crowd(world, 6).await;
        let kind = world.citywide().await;
        let window = world.window(kind, 200_000).await;
        let closed = Span::new(world.now - 2.hours(), world.now - 1.hour()).unwrap();
        let closed = world.sale(kind, &[(closed, Who::Anyone, Won::of(100_000))]).await[0];
        let nowhere = WindowId(7);
        let (limit, closed_at) = (Won::of(400_000), world.now - 1.hour());
        let table: [(usize, WindowId, i64, Result<State, Refused>); 8] = [
            (0, window, 50_000, Ok(State::Reserved)),
            (1, window, 15_000, Err(Refused::NotInUnits { unit: Won::of(10_000) })),
            (1, window, 50_000, Ok(State::Reserved)),
            (2, nowhere, 10_000, Err(Refused::NoSuchWindow)),
            (2, closed, 10_000, Err(Refused::WindowClosed { closed_at })),
            (3, window, 410_000, Err(Refused::MonthLimit { left: limit, limit })),
            (4, window, 110_000, Err(Refused::OnlyLeft { left: Won::of(100_000) })),
            (5, window, 100_000, Ok(State::Reserved)),
        ];
        let wishes: Vec<Wish> = table.iter().map(|(who, window, face, _)| wish(world, people[*who].id, *window, *face)).collect();
        let answers = reserve_all(&world.store, &wishes, world.now).await;
        assert_eq!(answers, table.map(|(.., answer)| answer));
        assert_eq!(pool(world, window).await, (200_000, 0));
        assert_eq!(pool(world, closed).await, (0, 0));
        assert_eq!(world.number("SELECT COUNT(*) FROM purchase").await, 3);
        assert_eq!(world.number("SELECT COUNT(*) FROM allowance").await, 3);
    })
    .await;
}

#[tokio::test]
async fn a_window_opens_and_closes_to_the_millisecond() {
    on_both_engines(async |world| {
        let people = crowd(world, 4).await;
        let (opens_at, closes_at) = (at("2026-07-14T14:00:00+09:00"), at("2026-07-14T18:00:00+09:00"));
        let span = Span::new(opens_at, closes_at).unwrap();
        let window = world.sale(world.citywide().await, &[(span, Who::EvenBirthYears, Won::of(100_000))]).await[0];
        let millisecond = SignedDuration::from_millis(1);
        let table: [(Timestamp, Result<State, Refused>); 4] = [
            (opens_at - millisecond, Err(Refused::NotYetOpen { opens_at })),
            (opens_at, Ok(State::Reserved)),
            (closes_at - millisecond, Ok(State::Reserved)),
            (closes_at, Err(Refused::WindowClosed { closed_at: closes_at })),
        ];
        for ((now, expected), person) in table.into_iter().zip(&people) {
            let answers = reserve_all(&world.store, &[wish(world, person.id, window, 10_000)], now).await;
            assert_eq!(answers, [expected], "{now}");
        }
        let odd = Buyer { birth_year: 1991, ..buyer() };
        let refused = world.store.till().reserve(wish(world, people[0].id, window, 10_000), odd, opens_at).await.unwrap();
        assert_eq!(refused, Err(Refused::NotYourWindow { who: Who::EvenBirthYears }));
    })
    .await;
}

#[tokio::test]
async fn a_lot_keeps_the_price_of_its_reservation_when_the_kind_changes_meanwhile() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let id = world.reserve(&citizen, window, 100_000, world.now).await;
        world.sql("UPDATE kind SET discount_bp = 1000, unit = 50000, month_limit = 50000, holding_cap = 50000").await;
        assert_eq!(settle_all(&world.store, &[id], BankSays::Done, world.now).await, [Some(State::Posted)]);
        let lots = world.store.wallet(citizen.id, world.now).await.unwrap().lots;
        let figures: Vec<_> = lots.iter().map(|lot| (lot.face.get(), lot.paid.get(), lot.discount.0)).collect();
        assert_eq!(figures, [(100_000, 93_000, 700)]);
        assert_eq!(super::entries(world, "buy").await, [(1010, 93_000), (5010, 7_000), (2010, -100_000)]);
        // The audit wants a kind to be its newest version.
        world.sql("UPDATE kind SET unit = 10000, month_limit = 400000, holding_cap = 1000000, discount_bp = 700").await;
    })
    .await;
}
