//! A person's year: its sums are those of its lines, cancels stand in the month they happen in, and nobody else's stand in it.

use crate::world::{Shop, World, on_both_engines, unique_bytes};
use domain::calendar::{Month, Span};
use domain::cancelling::Wish;
use domain::sale::Who;
use domain::statement::{Year, YearOfUse};
use domain::{CancelId, PaymentId, Timestamp, Won};
use store::{Mark, StatementLine};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn cancel(world: &World, shop: &Shop, payment: PaymentId, amount: i64, now: Timestamp) {
    let id = CancelId::from_parts(now.as_millisecond().unsigned_abs(), unique_bytes());
    let wish = Wish { id, payment, merchant: shop.merchant.id, amount: Won::of(amount), by: shop.owner.id };
    world.store.till().cancel(wish, now).await.unwrap().unwrap();
}

/// All lines, in pages of this size.
async fn lines(world: &World, person: domain::PersonId, year: Year, size: i64) -> Vec<StatementLine> {
    let (mut all, mut after) = (Vec::new(), None::<Mark>);
    loop {
        let page = world.store.statement_lines(person, year, after, size).await.unwrap();
        assert!(page.lines.len() <= size as usize);
        all.extend(page.lines);
        after = page.after;
        if after.is_none() {
            return all;
        }
    }
}

fn signed(line: &StatementLine) -> i64 {
    if line.is_cancel { -line.amount.get() } else { line.amount.get() }
}

/// Month, payments, cancels: of the months with something.
fn figures(year: &YearOfUse) -> Vec<(i32, i64, i64, i64, i64)> {
    let months = year.months().filter(|(_, used)| !used.is_nothing());
    months.map(|(of, used)| (of.0, used.paid.get(), used.cancelled.get(), used.bought.get(), used.saved.get())).collect()
}

#[tokio::test]
async fn a_year_adds_up_and_cancels_stand_where_they_happened() {
    on_both_engines(async |world| {
        let (citizen, other, shop) = (world.citizen().await, world.citizen().await, world.shop().await);
        let span = Span::new(at("2025-11-01T00:00:00+09:00"), world.later(3_600)).unwrap();
        let window = world.sale(world.citywide().await, &[(span, Who::Anyone, Won::of(3_000_000))]).await[0];
        let (last_year, this_year) = (Year::of(at("2025-12-01T00:00:00Z")), Year::of(world.now));
        assert_eq!(world.store.first_use(citizen.id).await.unwrap(), None);
        let empty = world.store.year_of_use(citizen.id, this_year).await.unwrap();
        assert!(empty.total().is_nothing() && empty.months().count() == 12);

        world.buy_at(&citizen, window, 100_000, at("2025-12-30T12:00:00+09:00")).await;
        // A second before new year in Seoul, and at new year.
        let (old, _) = world.pay_at(&citizen, &shop, 30_000, at("2025-12-31T23:59:59+09:00")).await;
        let (new, _) = world.pay_at(&citizen, &shop, 20_000, at("2026-01-01T00:00:00+09:00")).await;
        // In the same millisecond as its payment, then in another month, and of last year's payment in this year.
        cancel(world, &shop, new, 5_000, at("2026-01-01T00:00:00+09:00")).await;
        cancel(world, &shop, new, 1_000, at("2026-03-31T23:59:59.999+09:00")).await;
        cancel(world, &shop, old, 30_000, at("2026-02-01T00:00:00+09:00")).await;
        world.buy_at(&citizen, window, 200_000, at("2026-05-05T12:00:00+09:00")).await;
        world.buy_at(&other, window, 100_000, at("2026-05-05T12:00:00+09:00")).await;
        let (others, _) = world.pay_at(&other, &shop, 9_000, at("2026-05-06T12:00:00+09:00")).await;
        cancel(world, &shop, others, 9_000, at("2026-05-07T12:00:00+09:00")).await;

        let (before, year) =
            (world.store.year_of_use(citizen.id, last_year).await.unwrap(), world.store.year_of_use(citizen.id, this_year).await.unwrap());
        assert_eq!(figures(&before), [(202_512, 30_000, 0, 100_000, 7_000)]);
        let expected =
            [(202_601, 20_000, 5_000, 0, 0), (202_602, 0, 30_000, 0, 0), (202_603, 0, 1_000, 0, 0), (202_605, 0, 0, 200_000, 14_000)];
        assert_eq!(figures(&year), expected);
        assert_eq!((year.total().used_won(), before.total().used_won()), (-16_000, 30_000));
        assert_eq!((year.total().paid_count, year.total().cancelled_count), (1, 3));
        assert_eq!(world.store.first_use(citizen.id).await.unwrap().map(Month::of), Some(Month(202_512)));

        let all = lines(world, citizen.id, this_year, 100).await;
        let told: Vec<_> = all.iter().map(|line| (line.payment, signed(line))).collect();
        assert_eq!(told.iter().map(|(_, won)| won).sum::<i64>(), -16_000, "the file adds up to the page");
        assert!(told[..2].contains(&(new, 20_000)) && told[..2].contains(&(new, -5_000)), "in one millisecond in either order");
        assert_eq!(told[2..], [(old, -30_000), (new, -1_000)]);
        assert!(all.iter().all(|line| line.shop == shop.merchant.name && line.business_number.len() >= 10));
        for size in [1, 2, 3, 4] {
            assert_eq!(lines(world, citizen.id, this_year, size).await, all, "pages of {size}");
        }
        assert_eq!(lines(world, citizen.id, last_year, 2).await.iter().map(signed).collect::<Vec<_>>(), [30_000]);
        assert!(lines(world, world.citizen().await.id, this_year, 10).await.is_empty());
        let number = world.store.business_number_of(citizen.id, new).await.unwrap().unwrap();
        assert_eq!(number, all[0].business_number);
        assert_eq!(world.store.business_number_of(other.id, new).await.unwrap(), None, "only of one's own payment");
    })
    .await;
}

#[tokio::test]
async fn what_expired_saved_nothing() {
    on_both_engines(async |world| {
        let (citizen, shop) = (world.citizen().await, world.shop().await);
        let window = world.window(world.citywide().await, 2_000_000).await;
        world.buy(&citizen, window, 100_000).await;
        world.pay(&citizen, &shop, 30_000).await;
        let year = Year::of(world.now);
        let saved = async || world.store.year_of_use(citizen.id, year).await.unwrap().total().saved;
        assert_eq!(saved().await, Won::of(7_000));
        let end = world.store.wallet(citizen.id, world.now).await.unwrap().lots[0].expires_at;
        assert_eq!(world.store.expire_lots(end).await.unwrap(), (1, Won::of(70_000)));
        assert_eq!(saved().await, Won::of(2_100), "only what was spent");
        let months = world.store.totals_by_month(citizen.id, year.span().unwrap()).await.unwrap();
        assert_eq!(months.iter().map(|(_, totals)| totals.saved).collect::<Vec<_>>(), [Won::of(2_100)]);
        assert!(world.store.year_of_use(citizen.id, Year::of(end)).await.unwrap().total().is_nothing(), "an end is no use");
    })
    .await;
}
