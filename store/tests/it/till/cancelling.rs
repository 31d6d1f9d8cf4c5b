use super::{allowance, bill, crowd_with, entries, lots, total_of_day};
use crate::world::{Citizen, Shop, World, on_both_engines, on_both_engines_in_order, unique_bytes};
use domain::cancelling::Wish;
use domain::kind::Scope;
use domain::merchant::{Role, Standing};
use domain::notice::Event;
use domain::{CancelId, PaymentId, Refused, Won};
use futures::future::join_all;
use jiff::ToSpan;
use store::{CancelOrder, Viewer};

fn wish(world: &World, shop: &Shop, payment: PaymentId, amount: i64) -> Wish {
    let id = CancelId::from_parts(world.now.as_millisecond().unsigned_abs(), unique_bytes());
    Wish { id, payment, merchant: shop.merchant.id, amount: Won::of(amount), by: shop.owner.id }
}

async fn cancel(world: &World, shop: &Shop, payment: PaymentId, amount: i64) -> Result<(), Refused> {
    world.store.till().cancel(wish(world, shop, payment, amount), world.now).await.unwrap()
}

/// A payer with lots of these sizes, and a shop.
async fn payer_with(world: &World, faces: &[i64]) -> (Citizen, Shop) {
    let citizen = world.citizen().await;
    let window = world.window(world.citywide().await, 1_000_000).await;
    for face in faces {
        world.buy(&citizen, window, *face).await;
    }
    (citizen, world.shop().await)
}

#[tokio::test]
async fn the_same_lots_get_it_and_the_shop_hears_of_it() {
    on_both_engines(async |world| {
        let (citizen, shop) = payer_with(world, &[30_000, 50_000]).await;
        let (payment, code) = world.pay(&citizen, &shop, 45_000).await;
        assert_eq!(lots(world, citizen.id).await, [0, 35_000]);

        cancel(world, &shop, payment, 20_000).await.unwrap();
        assert_eq!(lots(world, citizen.id).await, [5_000, 50_000], "the lot that was drawn on last gets it first");
        assert_eq!(allowance(world, citizen.id).await, (80_000, 55_000), "the month's limit stays as it was");
        cancel(world, &shop, payment, 25_000).await.unwrap();
        assert_eq!(lots(world, citizen.id).await, [30_000, 50_000]);
        assert_eq!(cancel(world, &shop, payment, 1).await, Err(Refused::AlreadyCancelled));

        let notices = world.store.notices_after(shop.merchant.id, 1, 9).await.unwrap();
        let told: Vec<_> = notices.iter().map(|notice| (notice.number, notice.event, notice.amount.get(), notice.code)).collect();
        assert_eq!(told, [(2, Event::Cancelled, 20_000, code), (3, Event::Cancelled, 25_000, code)]);
        let day = world.store.today(shop.merchant.id, world.now).await.unwrap();
        assert_eq!((day.paid_count, day.paid.get(), day.cancelled_count, day.cancelled.get()), (1, 45_000, 2, 45_000));
        let seen = world.store.payment(Viewer::Payer(citizen.id), payment).await.unwrap().unwrap();
        assert_eq!((seen.amount.get(), seen.cancelled.get()), (45_000, 45_000));
        let parts = world.store.cancelled_parts(payment).await.unwrap();
        assert_eq!(parts.iter().map(|part| part.amount.get()).collect::<Vec<_>>(), [20_000, 25_000]);
        assert_eq!(entries(world, "cancel").await.len(), 5);
        // It can be spent again.
        world.pay(&citizen, &shop, 80_000).await;
    })
    .await;
}

#[tokio::test]
async fn on_any_day_from_a_closed_shop_and_past_the_holding_cap() {
    on_both_engines(async |world| {
        let (citizen, shop) = payer_with(world, &[400_000]).await;
        let kind = world.rows("SELECT id FROM kind").await;
        let kind: i64 = sqlx::Row::get(&kind[0], 0);
        let (payment, _) = world.pay(&citizen, &shop, 400_000).await;
        world.sql(&format!("UPDATE kind SET holding_cap = 400000 WHERE id = {kind}")).await;
        world.sql(&format!("UPDATE kind_version SET holding_cap = 400000 WHERE kind_id = {kind}")).await;
        let months_later = world.now + (24 * 60).hours();
        let window = world.rows("SELECT id FROM sale_window").await;
        let window = domain::WindowId(sqlx::Row::get(&window[0], 0));
        world.sql(&format!("UPDATE sale_window SET closes_at = {}", domain::Timestamp::MAX.as_millisecond())).await;
        world.buy_at(&citizen, window, 400_000, months_later).await;
        world.store.set_standing(shop.merchant.id, Standing::Closed).await.unwrap();

        let order = wish(world, &shop, payment, 400_000);
        world.store.till().cancel(order, months_later).await.unwrap().unwrap();
        assert_eq!(lots(world, citizen.id).await, [400_000, 400_000]);
        assert_eq!(total_of_day(world, &shop, world.now).await, (1, 400_000), "the day that was paid stays as it was");
        let day = world.store.today(shop.merchant.id, months_later).await.unwrap();
        assert_eq!((day.paid.get(), day.cancelled_count, day.cancelled.get()), (0, 1, 400_000));
    })
    .await;
}

#[tokio::test]
async fn sent_twice_it_is_done_once_and_another_body_is_refused() {
    on_both_engines_in_order(async |world| {
        let (citizen, shop) = payer_with(world, &[50_000]).await;
        let (payment, _) = world.pay(&citizen, &shop, 50_000).await;
        let till = world.store.till();
        let order = wish(world, &shop, payment, 10_000);
        let answers = join_all((0..5).map(|_| till.cancel(order, world.now))).await;
        assert!(answers.into_iter().all(|answer| answer.unwrap() == Ok(())));
        assert_eq!(lots(world, citizen.id).await, [10_000]);
        let changed = Wish { amount: Won::of(11_000), ..order };
        assert_eq!(till.cancel(changed, world.now).await.unwrap(), Err(Refused::IdReused));
        let as_payment = Wish { id: CancelId::try_from(payment.uuid()).unwrap(), ..order };
        assert_eq!(till.cancel(as_payment, world.now).await.unwrap(), Err(Refused::IdReused));
        let nowhere = Wish { payment: world.payment_id(), ..wish(world, &shop, payment, 1) };
        assert_eq!(till.cancel(nowhere, world.now).await.unwrap(), Err(Refused::NoSuchPayment));
        let elsewhere = world.shop().await;
        assert_eq!(cancel(world, &elsewhere, payment, 1).await, Err(Refused::NoSuchPayment));
    })
    .await;
}

#[tokio::test]
async fn paid_and_cancelled_in_one_batch() {
    on_both_engines_in_order(async |world| {
        let (citizen, shop) = payer_with(world, &[50_000]).await;
        let till = world.store.till();
        let bill = bill(world, citizen.id, shop.merchant.id, 50_000);
        let order = wish(world, &shop, bill.id, 50_000);
        let (paid, cancelled) = futures::join!(till.pay(bill, world.now), till.cancel(order, world.now));
        paid.unwrap().unwrap();
        cancelled.unwrap().unwrap();
        assert_eq!(lots(world, citizen.id).await, [50_000]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_cancels_never_pass_the_payment() {
    on_both_engines(async |world| {
        let people = crowd_with(world, 4, 100_000).await;
        let shop = world.shop().await;
        let mut orders = Vec::new();
        for person in &people {
            let (payment, _) = world.pay(person, &shop, 90_000).await;
            orders.extend((0..20).map(|_| wish(world, &shop, payment, 7_000)));
        }
        let done = join_all(orders.iter().map(|order| world.store.till().cancel(*order, world.now))).await;
        let done = done.into_iter().filter(|done| done.as_ref().unwrap().is_ok()).count();
        assert_eq!(done, 4 * 12, "12 times 7,000 fit into 90,000");
        for person in &people {
            assert_eq!(lots(world, person.id).await.iter().sum::<i64>(), 94_000);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_beside_paying_out_of_the_same_lots() {
    on_both_engines(async |world| {
        let (citizen, shop) = payer_with(world, &[100_000, 100_000]).await;
        let mut paid = Vec::new();
        for _ in 0..10 {
            paid.push(world.pay(&citizen, &shop, 15_000).await.0);
        }
        let till = world.store.till();
        let cancels = paid.iter().map(|payment| till.cancel(wish(world, &shop, *payment, 15_000), world.now));
        let bills: Vec<_> = (0..10).map(|_| bill(world, citizen.id, shop.merchant.id, 5_000)).collect();
        let pays = bills.iter().map(|bill| till.pay(*bill, world.now));
        let (cancelled, paid) = futures::join!(join_all(cancels), join_all(pays));
        assert!(cancelled.into_iter().all(|done| done.unwrap().is_ok()));
        assert!(paid.into_iter().all(|done| done.unwrap().is_ok()));
        assert_eq!(lots(world, citizen.id).await.iter().sum::<i64>(), 150_000);
    })
    .await;
}

#[tokio::test]
async fn cashiers_do_not_cancel() {
    on_both_engines(async |world| {
        let (citizen, shop) = payer_with(world, &[50_000]).await;
        let (payment, _) = world.pay(&citizen, &shop, 50_000).await;
        let owner = world.owner_proof(&shop).await;
        let cashier = world.citizen().await;
        assert!(world.store.add_staff(&owner, cashier.id, Role::Cashier, world.now).await.unwrap());
        let proof = world.store.staff(cashier.id, shop.merchant.id, Role::Cashier).await.unwrap().unwrap();
        let Wish { id, amount, .. } = wish(world, &shop, payment, 50_000);
        let order = CancelOrder { id, payment, amount };
        assert_eq!(world.store.cancel(&proof, order, world.now).await.unwrap(), Err(Refused::ManagersOnly));
        assert_eq!(world.store.cancel(&owner, order, world.now).await.unwrap(), Ok(()));
    })
    .await;
}

#[tokio::test]
async fn each_kind_gets_its_own_back() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let shop = world.shop().await;
        let district = world.kind(Scope::District(domain::district::District::MAPO), 1_000).await;
        for kind in [world.citywide().await, district] {
            let window = world.window(kind, 1_000_000).await;
            world.buy(&citizen, window, 20_000).await;
        }
        let (payment, _) = world.pay(&citizen, &shop, 35_000).await;
        cancel(world, &shop, payment, 16_000).await.unwrap();
        let left = world.rows("SELECT remaining FROM lot ORDER BY district").await;
        let left: Vec<i64> = left.iter().map(|row| sqlx::Row::get(row, 0)).collect();
        assert_eq!(left, [20_000, 1_000], "the citywide one first: it was drawn on last");
    })
    .await;
}
