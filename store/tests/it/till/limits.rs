//! What belongs to a person: limits that hold however many phones and channels ask at once, and ids that are good for one action.

use super::{allowance, at, bill, buyer, count, pay_all, pool, reserve_all, settle_all, wish};
use crate::world::on_both_engines;
use domain::buying::{BankReason, BankSays, State, Wish};
use domain::calendar::Span;
use domain::kind::{AfterExpiry, BasisPoints, Percent, Scope};
use domain::sale::Who;
use domain::{PaymentId, PurchaseId, Refused, Won, paying};
use futures::future::join;
use store::NewKind;

const REJECTED: BankSays = BankSays::Rejected(BankReason::InsufficientFunds);

#[tokio::test]
async fn forty_commands_of_one_person_keep_to_the_month_limit() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let kind = world.citywide().await;
        // Two sales of the same kind: the limit is of the kind.
        let windows = [world.window(kind, 10_000_000).await, world.window(kind, 10_000_000).await];
        let wishes: Vec<_> = (0..40).map(|at| wish(world, citizen.id, windows[at % 2], 20_000)).collect();
        let answers = reserve_all(&world.store, &wishes, world.now).await;
        assert_eq!(count(&answers, &Ok(State::Reserved)), 20);
        assert_eq!(count(&answers, &Err(Refused::MonthLimit { left: Won::ZERO, limit: Won::of(400_000) })), 20);
        assert_eq!(allowance(world, citizen.id).await, (400_000, 400_000));
        assert_eq!(pool(world, windows[0]).await.0 + pool(world, windows[1]).await.0, 400_000);
    })
    .await;
}

#[tokio::test]
async fn forty_commands_of_one_person_keep_to_the_holding_cap() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
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
        let window = world.window(world.store.create_kind(&new, world.now).await.unwrap(), 10_000_000).await;
        let wishes: Vec<_> = (0..40).map(|_| wish(world, citizen.id, window, 20_000)).collect();
        let answers = reserve_all(&world.store, &wishes, world.now).await;
        assert_eq!(count(&answers, &Ok(State::Reserved)), 7);
        assert_eq!(count(&answers, &Err(Refused::HoldingCap { left: Won::of(10_000), cap: Won::of(150_000) })), 33);

        // What is spent may be bought again, as far as the month goes.
        let ids: Vec<_> = wishes.iter().map(|wish| wish.id).collect();
        settle_all(&world.store, &ids, BankSays::Done, world.now).await;
        world.pay(&citizen, &world.shop().await, 100_000).await;
        world.buy(&citizen, window, 110_000).await;
        assert_eq!(allowance(world, citizen.id).await, (250_000, 150_000));
    })
    .await;
}

#[tokio::test]
async fn a_void_gives_the_month_limit_back_only_in_its_month() {
    on_both_engines(async |world| {
        let span = Span::new(world.now, at("2026-08-31T00:00:00+09:00")).unwrap();
        let window = world.sale(world.citywide().await, &[(span, Who::Anyone, Won::of(2_000_000))]).await[0];
        let (july, august) = (at("2026-07-31T23:59:59.999+09:00"), at("2026-08-01T00:00:00+09:00"));

        let same = world.citizen().await;
        let id = world.reserve(&same, window, 400_000, july).await;
        settle_all(&world.store, &[id], REJECTED, july).await;
        assert_eq!(allowance(world, same.id).await, (0, 0));
        world.buy_at(&same, window, 400_000, july).await;

        let later = world.citizen().await;
        let id = world.reserve(&later, window, 100_000, july).await;
        world.buy_at(&later, window, 300_000, august).await;
        settle_all(&world.store, &[id], REJECTED, august).await;
        assert_eq!(allowance(world, later.id).await, (300_000, 300_000), "July's void takes nothing off August");
        let more = reserve_all(&world.store, &[wish(world, later.id, window, 110_000)], august).await;
        assert_eq!(more, [Err(Refused::MonthLimit { left: Won::of(100_000), limit: Won::of(400_000) })]);
    })
    .await;
}

#[tokio::test]
async fn the_same_id_gets_the_first_answer_in_one_batch_and_in_two() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let wish = wish(world, citizen.id, window, 50_000);
        assert_eq!(reserve_all(&world.store, &[wish; 5], world.now).await, vec![Ok(State::Reserved); 5]);
        assert_eq!(pool(world, window).await, (50_000, 0));
        assert_eq!(allowance(world, citizen.id).await, (50_000, 50_000));
        settle_all(&world.store, &[wish.id], BankSays::Done, world.now).await;
        // Long after the window has closed it still is the same purchase.
        assert_eq!(reserve_all(&world.store, &[wish], world.later(86_400)).await, [Ok(State::Posted)]);

        let bill = bill(world, citizen.id, world.shop().await.merchant.id, 7_000);
        let codes = pay_all(&world.store, &[bill; 5], world.now).await;
        assert!(codes[0].is_ok());
        assert_eq!(codes, vec![codes[0].clone(); 5]);
        assert_eq!(pay_all(&world.store, &[bill], world.later(60)).await[0], codes[0]);
        assert_eq!(super::lots(world, citizen.id).await, [43_000]);
        assert_eq!(world.number("SELECT COUNT(*) FROM notice").await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_same_id_with_another_body_is_refused() {
    on_both_engines(async |world| {
        let (citizen, other) = (world.citizen().await, world.citizen().await);
        let kind = world.citywide().await;
        let (window, second) = (world.window(kind, 1_000_000).await, world.window(kind, 1_000_000).await);
        let first = wish(world, citizen.id, window, 50_000);
        let others = [Wish { face: Won::of(60_000), ..first }, Wish { person: other.id, ..first }, Wish { window: second, ..first }];
        let together: Vec<_> = [first].into_iter().chain(others).collect();
        let reused = Err(Refused::IdReused);
        let expected = [Ok(State::Reserved), reused.clone(), reused.clone(), reused];
        assert_eq!(reserve_all(&world.store, &together, world.now).await, expected);
        assert_eq!(reserve_all(&world.store, &together, world.now).await, expected);

        settle_all(&world.store, &[first.id], BankSays::Done, world.now).await;
        let (shop, elsewhere) = (world.shop().await, world.shop().await);
        let paid = bill(world, citizen.id, shop.merchant.id, 5_000);
        let together = [
            paid,
            paying::Wish { amount: Won::of(5_001), ..paid },
            paying::Wish { payer: other.id, ..paid },
            paying::Wish { merchant: elsewhere.merchant.id, ..paid },
            paying::Wish { kind: Some(kind), ..paid },
        ];
        for _ in 0..2 {
            let answers = pay_all(&world.store, &together, world.now).await;
            assert!(answers[0].is_ok());
            assert_eq!(count(&answers, &Err(Refused::IdReused)), 4);
        }
        assert_eq!(super::lots(world, citizen.id).await, [45_000]);
    })
    .await;
}

#[tokio::test]
async fn an_id_that_bought_cannot_pay_and_the_other_way_round() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let bought = world.buy(&citizen, window, 50_000).await;
        let shop = world.shop().await.merchant.id;
        let till = world.store.till();

        let with_bought = paying::Wish { id: PaymentId::try_from(bought.uuid()).unwrap(), ..bill(world, citizen.id, shop, 1_000) };
        assert_eq!(till.pay(with_bought, world.now).await.unwrap(), Err(Refused::IdReused));
        let paid = bill(world, citizen.id, shop, 1_000);
        till.pay(paid, world.now).await.unwrap().unwrap();
        let with_paid = Wish { id: PurchaseId::try_from(paid.id.uuid()).unwrap(), ..wish(world, citizen.id, window, 10_000) };
        assert_eq!(till.reserve(with_paid, buyer(), world.now).await.unwrap(), Err(Refused::IdReused));

        // In one batch, where neither is in the database yet: the first has it.
        let buys = wish(world, citizen.id, window, 10_000);
        let pays = paying::Wish { id: PaymentId::try_from(buys.id.uuid()).unwrap(), ..bill(world, citizen.id, shop, 1_000) };
        let (buys, pays) = join(till.reserve(buys, buyer(), world.now), till.pay(pays, world.now)).await;
        assert_eq!((buys.unwrap().map(|debit| debit.state), pays.unwrap()), (Ok(State::Reserved), Err(Refused::IdReused)));
        assert_eq!(super::lots(world, citizen.id).await, [49_000]);
    })
    .await;
}
