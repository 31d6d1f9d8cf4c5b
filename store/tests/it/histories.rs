//! Purchases and payments as they are looked up and listed.

use crate::world::{Citizen, World, on_both_engines};
use domain::buying::{BankReason, BankSays, State};
use domain::calendar::{Month, Span};
use domain::merchant::Role;
use domain::{GiftId, PaymentId, PurchaseId, RefundId, Timestamp, WindowId, Won};
use jiff::ToSpan;
use store::{HistoryRow, Mark, MonthTotals, OpenedGift, SentGift, Viewer};

/// One purchase in each state, a second apart: reserved, unknown, posted, voided, voided and watched, refunding, refunded.
async fn one_of_each(world: &World, citizen: &Citizen, window: WindowId) -> Vec<(PurchaseId, State)> {
    let rejected = BankSays::Rejected(BankReason::InsufficientFunds);
    let ways: [(&[BankSays], State); 6] = [
        (&[], State::Reserved),
        (&[BankSays::Unclear], State::Unknown),
        (&[BankSays::Done], State::Posted),
        (&[rejected], State::Voided),
        (&[rejected, BankSays::Done], State::Refunding),
        (&[rejected, BankSays::Done, BankSays::Returned], State::Refunded),
    ];
    let mut purchases = Vec::new();
    for (second, (says, state)) in ways.into_iter().enumerate() {
        let now = world.later(second as i64);
        let id = world.reserve(citizen, window, 10_000, now).await;
        for word in says {
            world.store.till().settle(id, *word, now).await.unwrap();
        }
        purchases.push((id, state));
    }
    // Given up because the bank had not heard of it; watched for a late debit.
    let now = world.later(10);
    let id = world.reserve(citizen, window, 10_000, now).await;
    assert_eq!(world.store.till().settle(id, BankSays::NotFound, world.later(700)).await.unwrap(), Some(State::Voided));
    purchases.push((id, State::Voided));
    purchases
}

#[tokio::test]
async fn purchases_are_listed_whatever_became_of_them() {
    on_both_engines(async |world| {
        let (citizen, other) = (world.citizen().await, world.citizen().await);
        let window = world.window(world.citywide().await, 1_000_000).await;
        let mut made = one_of_each(world, &citizen, window).await;
        world.buy(&other, window, 10_000).await;
        let open: Vec<_> = world.store.open_purchases(citizen.id).await.unwrap().iter().map(|bought| (bought.id, bought.state)).collect();
        assert_eq!(open, [made[0], made[1], made[4]]);
        made.reverse();
        let listed: Vec<_> =
            world.store.purchases(citizen.id, None, 50).await.unwrap().iter().map(|bought| (bought.id, bought.state)).collect();
        assert_eq!(listed, made);
        for (id, state) in made {
            let found = world.store.purchase(citizen.id, id).await.unwrap().unwrap();
            assert_eq!((found.id, found.state, found.price.face), (id, state, Won::of(10_000)));
            assert_eq!(found.expires_at.is_some(), state == State::Posted);
            assert_eq!(found.reason.is_some(), !matches!(state, State::Reserved | State::Unknown | State::Posted), "{state:?}");
            // Someone else's is nobody's.
            assert_eq!(world.store.purchase(other.id, id).await.unwrap(), None);
        }
        assert_eq!(world.store.purchase(citizen.id, world.purchase_id()).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_payment_is_seen_by_its_payer_and_its_shop_only() {
    on_both_engines(async |world| {
        let (payer, stranger) = (world.citizen().await, world.citizen().await);
        let (shop, elsewhere) = (world.shop().await, world.shop().await);
        let window = world.window(world.citywide().await, 1_000_000).await;
        world.buy(&payer, window, 20_000).await;
        world.buy(&payer, window, 20_000).await;
        let (id, code) = world.pay(&payer, &shop, 25_000).await;

        let seen = world.store.payment(Viewer::Payer(payer.id), id).await.unwrap().unwrap();
        assert_eq!((seen.id, seen.amount, seen.code, seen.cancelled), (id, Won::of(25_000), code, Won::ZERO));
        assert_eq!((seen.merchant, seen.created_at), (shop.merchant.clone(), world.now));
        assert_eq!(seen.draws.iter().map(|draw| draw.amount.get()).collect::<Vec<_>>(), [20_000, 5_000]);
        let wallet = world.store.wallet(payer.id, world.now).await.unwrap();
        assert_eq!(seen.draws[1].lot, wallet.lots[0].id);

        let staff = world.owner_proof(&shop).await;
        let by_shop = world.store.payment(Viewer::Staff(&staff), id).await.unwrap().unwrap();
        assert_eq!((by_shop.id, by_shop.code), (id, code));
        assert!(by_shop.draws.is_empty());
        let other_staff = world.store.staff(elsewhere.owner.id, elsewhere.merchant.id, Role::Cashier).await.unwrap().unwrap();
        assert_eq!(world.store.payment(Viewer::Staff(&other_staff), id).await.unwrap(), None);
        // The owner of the shop is not the payer.
        for person in [stranger.id, shop.owner.id] {
            assert_eq!(world.store.payment(Viewer::Payer(person), id).await.unwrap(), None);
        }
        assert_eq!(world.store.payment(Viewer::Payer(payer.id), world.payment_id()).await.unwrap(), None);
    })
    .await;
}

#[derive(Debug, PartialEq)]
enum Seen {
    Bought(PurchaseId),
    Paid(PaymentId),
    Refunded(RefundId),
    Gift(GiftId),
}

fn seen(row: &HistoryRow) -> Seen {
    match row {
        HistoryRow::Bought(purchase) => Seen::Bought(purchase.id),
        HistoryRow::Paid(payment) => Seen::Paid(payment.id),
        HistoryRow::Refunded(refund) => Seen::Refunded(refund.id),
        HistoryRow::Gave(SentGift { gift, .. }) | HistoryRow::Got(OpenedGift { gift, .. }) => Seen::Gift(gift.id),
    }
}

#[tokio::test]
async fn history_is_one_line_of_time_in_pages_of_any_size() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let shop = world.shop().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let mut made: Vec<(Timestamp, Seen)> = Vec::new();
        // Three things in each second, so that pages end within a millisecond.
        for second in 0..5 {
            let now = world.later(second);
            for _ in 0..2 {
                made.push((now, Seen::Bought(world.buy_at(&citizen, window, 10_000, now).await)));
            }
            made.push((now, Seen::Paid(world.pay_at(&citizen, &shop, 1_500, now).await.0)));
        }
        let whole = world.store.history(citizen.id, None, 100).await.unwrap();
        assert_eq!(whole.len(), made.len());
        assert!(made.iter().all(|(at, one)| whole.iter().any(|row| row.at() == *at && seen(row) == *one)));
        assert!(whole.windows(2).all(|pair| pair[0].mark() > pair[1].mark()));
        for size in [1, 2, 4, 7, 15] {
            let (mut paged, mut before) = (Vec::new(), None::<Mark>);
            loop {
                let page = world.store.history(citizen.id, before, size).await.unwrap();
                assert!(page.len() <= size as usize);
                let Some(last) = page.last() else { break };
                // As it stands in the link to the next page.
                before = Some(last.mark().to_string().parse().unwrap());
                paged.extend(page);
            }
            assert_eq!(paged, whole, "pages of {size}");
        }
        assert!(world.store.history(world.citizen().await.id, None, 100).await.unwrap().is_empty());
        for hostile in [i64::MIN, -1, 0] {
            assert!(world.store.history(citizen.id, None, hostile).await.unwrap().is_empty());
        }
        assert_eq!(world.store.history(citizen.id, None, i64::MAX).await.unwrap(), whole);
    })
    .await;
}

#[tokio::test]
async fn every_listed_payment_has_its_draws() {
    on_both_engines(async |world| {
        let (payer, other, shop) = (world.citizen().await, world.citizen().await, world.shop().await);
        let window = world.window(world.citywide().await, 1_000_000).await;
        for citizen in [&payer, &other] {
            world.buy(citizen, window, 20_000).await;
            world.buy(citizen, window, 20_000).await;
        }
        for second in 0..3 {
            world.pay_at(&payer, &shop, 9_000, world.later(second)).await;
            world.pay_at(&other, &shop, 9_000, world.later(second)).await;
        }
        let payments = world.store.payments(payer.id, None, 10).await.unwrap();
        let draws: Vec<Vec<i64>> = payments.iter().map(|paid| paid.draws.iter().map(|draw| draw.amount.get()).collect()).collect();
        assert_eq!(draws, [vec![2_000, 7_000], vec![9_000], vec![9_000]]);
    })
    .await;
}

#[tokio::test]
async fn totals_and_lists_know_what_is_spent_and_what_is_left() {
    on_both_engines(async |world| {
        let (citizen, other, shop) = (world.citizen().await, world.citizen().await, world.shop().await);
        let window = world.window(world.citywide().await, 1_000_000).await;
        let span = Span::new(world.now, world.now + 1.hour()).unwrap();
        let totals = async || {
            let months = world.store.totals_by_month(citizen.id, span).await.unwrap();
            assert!(months.iter().all(|(month, _)| *month == Month(202_607)) && months.len() < 2, "{months:?}");
            months.first().map(|(_, totals)| *totals).unwrap_or_default()
        };
        assert_eq!(totals().await, MonthTotals::default());
        world.buy_at(&citizen, window, 70_000, world.later(-1)).await;
        let mut made = Vec::new();
        for second in 0..3 {
            made.insert(0, world.buy_at(&citizen, window, 10_000, world.later(second)).await);
        }
        world.reserve(&citizen, window, 50_000, world.later(-1)).await;
        world.buy(&other, window, 90_000).await;
        let bought = MonthTotals { bought: Won::of(30_000), saved: Won::of(2_100), paid: Won::ZERO };
        assert_eq!(totals().await, bought, "neither what was bought before nor what is reserved");
        // The older one, the first, and a part of the second; then all.
        for (amount, paid) in [(85_000, 85_000), (15_000, 100_000)] {
            world.pay(&citizen, &shop, amount).await;
            assert_eq!(totals().await, MonthTotals { paid: Won::of(paid), ..bought });
            let listed = world.store.purchases(citizen.id, None, 3).await.unwrap();
            assert_eq!(listed.iter().map(|bought| bought.id).collect::<Vec<_>>(), made);
            assert!(listed.iter().all(|bought| bought.state == State::Posted && bought.expires_at.is_some()));
        }
    })
    .await;
}
