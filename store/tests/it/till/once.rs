//! Codes on screens, each good for one payment: the shop's with an amount, and the payer's own.

use super::{crowd_with, lots, total_of_day};
use crate::world::{Citizen, Shop, World, on_both_engines};
use domain::payer_code::{LIVES, PayerCode, RENEWS};
use domain::{OnceId, Refused, Timestamp, Won};
use futures::future::join_all;
use jiff::ToSpan;
use store::{Bill, PayerCodeState, Scan, Scanned, ShopCodeState, StaffProof};

fn bill(world: &World, staff: &StaffProof, amount: i64) -> Bill {
    Bill { id: world.payment_id(), merchant: staff.merchant(), amount: Won::of(amount), kind: None }
}

async fn payer_and_shop(world: &World) -> (Citizen, Shop, StaffProof) {
    let citizen = world.citizen().await;
    let window = world.window(world.citywide().await, 1_000_000).await;
    world.buy(&citizen, window, 200_000).await;
    let shop = world.shop().await;
    let staff = world.owner_proof(&shop).await;
    (citizen, shop, staff)
}

/// A fresh code of the payer, as it is shown.
async fn shown(world: &World, citizen: &Citizen) -> (OnceId, PayerCode) {
    let proof = world.pin_proof(citizen).await;
    let id = world.store.make_payer_code(proof, world.now).await.unwrap();
    (id, code_of(world, citizen, id).await)
}

async fn code_of(world: &World, citizen: &Citizen, id: OnceId) -> PayerCode {
    match state(world, citizen, id, world.now).await {
        PayerCodeState::Good { code, until } => {
            assert!(until <= world.now + LIVES);
            code
        }
        other => panic!("{other:?}"),
    }
}

async fn state(world: &World, citizen: &Citizen, id: OnceId, now: Timestamp) -> PayerCodeState {
    world.store.payer_code(citizen.id, id, now).await.unwrap().unwrap()
}

fn scan(world: &World, code: &PayerCode, amount: i64) -> Scan {
    Scan { payment: world.payment_id(), code: code.clone(), amount: Won::of(amount) }
}

async fn take(world: &World, staff: &StaffProof, scan: &Scan, now: Timestamp) -> Result<Scanned, Refused> {
    world.store.take_payer_code(staff, scan.clone(), now).await.unwrap()
}

async fn pay_asked(world: &World, who: &Citizen, bill: Bill, nonce: &str, now: Timestamp) -> Result<(), Refused> {
    world.store.pay_asked(world.pin_proof(who).await, bill, nonce, now).await.unwrap().map(drop)
}

#[tokio::test]
async fn the_amount_on_the_shops_screen_is_paid_once() {
    on_both_engines(async |world| {
        let (citizen, shop, staff) = payer_and_shop(world).await;
        let asked = world.store.ask_for(&staff, Won::of(32_000), world.now).await.unwrap().unwrap();
        let code = world.store.shop_code(&staff, asked, world.now).await.unwrap().unwrap();
        assert_eq!((code.amount.get(), code.state, code.nonce.len()), (32_000, ShopCodeState::Good, 32));
        let scanned = world.store.shop_code_by_nonce(&code.nonce, world.now).await.unwrap().unwrap();
        assert_eq!(scanned, code);

        let asks = bill(world, &staff, 32_000);
        assert_eq!(
            pay_asked(world, &citizen, Bill { amount: Won::of(31_000), ..asks }, &code.nonce, world.now).await,
            Err(Refused::NoSuchCode)
        );
        assert_eq!(pay_asked(world, &citizen, asks, &code.nonce, world.now).await, Ok(()));
        // The answer got lost: the same again, even when the code's time is over.
        assert_eq!(pay_asked(world, &citizen, asks, &code.nonce, world.now + LIVES).await, Ok(()));
        assert_eq!(pay_asked(world, &citizen, bill(world, &staff, 32_000), &code.nonce, world.now).await, Err(Refused::CodeUsed));
        let code = world.store.shop_code(&staff, asked, world.now).await.unwrap().unwrap();
        assert!(matches!(code.state, ShopCodeState::Paid(paid) if paid.payment == asks.id && paid.amount.get() == 32_000));
        assert_eq!(total_of_day(world, &shop, world.now).await, (1, 32_000));
    })
    .await;
}

#[tokio::test]
async fn a_code_ends_after_three_minutes_and_is_its_shops_alone() {
    on_both_engines(async |world| {
        let (citizen, _, staff) = payer_and_shop(world).await;
        let asked = world.store.ask_for(&staff, Won::of(1_000), world.now).await.unwrap().unwrap();
        let code = world.store.shop_code(&staff, asked, world.now).await.unwrap().unwrap();
        let late = world.now + LIVES;
        assert_eq!(pay_asked(world, &citizen, bill(world, &staff, 1_000), &code.nonce, late).await, Err(Refused::CodeExpired));
        assert_eq!(pay_asked(world, &citizen, bill(world, &staff, 1_000), "feed", world.now).await, Err(Refused::NoSuchCode));
        let other = world.owner_proof(&world.shop().await).await;
        assert!(world.store.shop_code(&other, asked, world.now).await.unwrap().is_none());
        for amount in [0, domain::paying::MOST.get() + 1] {
            assert!(world.store.ask_for(&staff, Won::of(amount), world.now).await.unwrap().is_err());
        }
        assert_eq!(pay_asked(world, &citizen, bill(world, &staff, 1_000), &code.nonce, late - 1.millisecond()).await, Ok(()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_code_of_a_shop_and_many_payers() {
    on_both_engines(async |world| {
        let people = crowd_with(world, 12, 50_000).await;
        let (_, shop, staff) = payer_and_shop(world).await;
        let asked = world.store.ask_for(&staff, Won::of(10_000), world.now).await.unwrap().unwrap();
        let wish = |person: &Citizen| domain::paying::Wish { once: Some(asked), ..super::bill(world, person.id, shop.merchant.id, 10_000) };
        let wishes: Vec<_> = people.iter().map(wish).collect();
        let answers = join_all(wishes.iter().map(|wish| world.store.till().pay(*wish, world.now))).await;
        let paid = answers.iter().filter(|answer| answer.as_ref().unwrap().is_ok()).count();
        assert_eq!(paid, 1, "{answers:?}");
        assert!(answers.into_iter().all(|answer| matches!(answer.unwrap(), Ok(_) | Err(Refused::CodeUsed))));
        assert_eq!(total_of_day(world, &shop, world.now).await, (1, 10_000));
    })
    .await;
}

#[tokio::test]
async fn a_small_amount_is_paid_by_the_scan() {
    on_both_engines(async |world| {
        let (citizen, shop, staff) = payer_and_shop(world).await;
        let (id, code) = shown(world, &citizen).await;
        let scan = scan(world, &code, 50_000);
        let paid = take(world, &staff, &scan, world.now).await;
        assert!(matches!(paid, Ok(Scanned::Paid(_))));
        assert_eq!(take(world, &staff, &scan, world.now + 1.hour()).await, paid, "the same scan again, whenever");
        let state = state(world, &citizen, id, world.now).await;
        assert!(matches!(state, PayerCodeState::Paid(paid) if paid.payment == scan.payment));
        let changed = Scan { amount: Won::of(49_000), ..scan };
        assert_eq!(take(world, &staff, &changed, world.now).await, Err(Refused::IdReused));
        assert_eq!(total_of_day(world, &shop, world.now).await, (1, 50_000));
    })
    .await;
}

#[tokio::test]
async fn above_fifty_thousand_the_payer_says_yes_on_the_own_phone() {
    on_both_engines(async |world| {
        let (citizen, shop, staff) = payer_and_shop(world).await;
        let (id, code) = shown(world, &citizen).await;
        let scan = scan(world, &code, 50_001);
        assert_eq!(take(world, &staff, &scan, world.now).await, Ok(Scanned::Asked));
        assert_eq!(total_of_day(world, &shop, world.now).await, (0, 0));
        let asked = state(world, &citizen, id, world.now).await;
        assert!(matches!(asked, PayerCodeState::Asked { merchant, amount, .. } if merchant == shop.merchant.id && amount.get() == 50_001));
        let stranger = world.citizen().await;
        assert_eq!(world.store.confirm_payer_code(stranger.id, id, world.now).await.unwrap(), Err(Refused::NoSuchCode));
        let confirmed = world.store.confirm_payer_code(citizen.id, id, world.now).await.unwrap();
        assert_eq!(confirmed, Ok(scan.payment));
        assert_eq!(world.store.confirm_payer_code(citizen.id, id, world.now).await.unwrap(), confirmed, "pressed twice");
        let seen = world.store.taken_code(&staff, scan.payment).await.unwrap().unwrap();
        assert!(seen.paid.is_some() && !seen.is_declined);
        assert!(!world.store.decline_payer_code(citizen.id, id, world.now).await.unwrap(), "too late to say no");
    })
    .await;
}

#[tokio::test]
async fn the_payer_says_no_or_nothing() {
    on_both_engines(async |world| {
        let (citizen, _, staff) = payer_and_shop(world).await;
        let (id, code) = shown(world, &citizen).await;
        let said_no = scan(world, &code, 60_000);
        take(world, &staff, &said_no, world.now).await.unwrap();
        assert!(world.store.decline_payer_code(citizen.id, id, world.now).await.unwrap());
        assert_eq!(world.store.confirm_payer_code(citizen.id, id, world.now).await.unwrap(), Err(Refused::CodeExpired));
        assert!(world.store.taken_code(&staff, said_no.payment).await.unwrap().unwrap().is_declined);
        assert_eq!(state(world, &citizen, id, world.now).await, PayerCodeState::Declined);

        let (id, code) = shown(world, &citizen).await;
        let said_nothing = scan(world, &code, 60_000);
        take(world, &staff, &said_nothing, world.now).await.unwrap();
        let late = world.now + LIVES;
        assert_eq!(world.store.confirm_payer_code(citizen.id, id, late).await.unwrap(), Err(Refused::CodeExpired));
        assert_eq!(take(world, &staff, &said_nothing, late).await, Err(Refused::CodeExpired));
        assert_eq!(lots(world, citizen.id).await, [200_000]);
    })
    .await;
}

#[tokio::test]
async fn a_refused_payment_ends_the_code() {
    on_both_engines(async |world| {
        let (citizen, shop, staff) = payer_and_shop(world).await;
        world.pay(&citizen, &shop, 190_000).await;
        let (id, code) = shown(world, &citizen).await;
        let scan = scan(world, &code, 20_000);
        // How much there is in the wallet is not for the shop.
        assert_eq!(take(world, &staff, &scan, world.now).await, Err(Refused::PayerCantPay));
        assert_eq!(state(world, &citizen, id, world.now).await, PayerCodeState::Declined);
        assert_eq!(take(world, &staff, &scan, world.now).await, Err(Refused::CodeExpired));
    })
    .await;
}

#[tokio::test]
async fn a_page_that_was_refused_one_code_is_told_how_it_went_on_with_the_next() {
    on_both_engines(async |world| {
        let (poor, shop, staff) = payer_and_shop(world).await;
        world.pay(&poor, &shop, 190_000).await;
        let (rich, ..) = payer_and_shop(world).await;
        let first = scan(world, &shown(world, &poor).await.1, 20_000);
        assert_eq!(take(world, &staff, &first, world.now).await, Err(Refused::PayerCantPay));
        assert!(world.store.taken_code(&staff, first.payment).await.unwrap().unwrap().is_declined);
        let second = Scan { code: shown(world, &rich).await.1, ..first };
        assert!(matches!(take(world, &staff, &second, world.now).await, Ok(Scanned::Paid(_))));
        let seen = world.store.taken_code(&staff, second.payment).await.unwrap().unwrap();
        assert!(seen.paid.is_some_and(|paid| paid.payment == second.payment) && !seen.is_declined);
    })
    .await;
}

#[tokio::test]
async fn another_scan_of_a_code_is_told_what_became_of_the_first() {
    on_both_engines(async |world| {
        let (citizen, _, staff) = payer_and_shop(world).await;
        let other = world.owner_proof(&world.shop().await).await;
        let (id, code) = shown(world, &citizen).await;
        take(world, &staff, &scan(world, &code, 60_000), world.now).await.unwrap();
        let mut answers = Vec::new();
        for (staff, now) in [(&staff, world.now), (&other, world.now), (&other, world.now + LIVES)] {
            answers.push(take(world, staff, &scan(world, &code, 60_000), now).await);
        }
        assert_eq!(answers, [Err(Refused::CodeTaken), Err(Refused::CodeTaken), Err(Refused::CodeExpired)]);
        assert_eq!(world.store.renew_payer_code(citizen.id, id, world.now).await.unwrap(), None, "a shop waits");
        assert!(world.store.decline_payer_code(citizen.id, id, world.now).await.unwrap());
        assert_eq!(take(world, &other, &scan(world, &code, 60_000), world.now).await, Err(Refused::CodeExpired));
        assert!(world.store.renew_payer_code(citizen.id, id, world.now).await.unwrap().is_some());

        let (id, code) = shown(world, &citizen).await;
        take(world, &staff, &scan(world, &code, 10_000), world.now).await.unwrap();
        assert_eq!(take(world, &other, &scan(world, &code, 10_000), world.now + LIVES).await, Err(Refused::CodeUsed));
        assert_eq!(world.store.renew_payer_code(citizen.id, id, world.now).await.unwrap(), None, "it has paid");
    })
    .await;
}

#[tokio::test]
async fn a_code_is_renewed_for_ten_minutes_and_the_old_one_ends() {
    on_both_engines(async |world| {
        let (citizen, _, staff) = payer_and_shop(world).await;
        let (first, old) = shown(world, &citizen).await;
        let renewed = world.store.renew_payer_code(citizen.id, first, world.now).await.unwrap().unwrap();
        assert_ne!(code_of(world, &citizen, renewed).await, old);
        assert_eq!(take(world, &staff, &scan(world, &old, 1_000), world.now).await, Err(Refused::CodeExpired), "a screenshot");
        let late = world.now + RENEWS;
        let last = world.store.renew_payer_code(citizen.id, renewed, late - 1.millisecond()).await.unwrap().unwrap();
        assert_eq!(world.store.renew_payer_code(citizen.id, last, late).await.unwrap(), None, "the PIN is asked again");
        let stranger = world.citizen().await;
        assert_eq!(world.store.renew_payer_code(stranger.id, last, world.now).await.unwrap(), None);
        assert_eq!(world.store.payer_code(stranger.id, last, world.now).await.unwrap(), None);
        let unknown = PayerCode::from_random(7);
        assert_eq!(take(world, &staff, &scan(world, &unknown, 1_000), world.now).await, Err(Refused::NoSuchCode));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_code_at_fifty_tills_pays_once() {
    on_both_engines(async |world| {
        let (citizen, first, staff) = payer_and_shop(world).await;
        let (second, other) = (world.shop().await, world.second_store_if_shared().await);
        let elsewhere = world.owner_proof(&second).await;
        let (_, code) = shown(world, &citizen).await;
        let scans: Vec<Scan> = (0..50).map(|_| scan(world, &code, 10_000)).collect();
        let takes = scans.iter().enumerate().map(|(at, scan)| {
            let store = other.as_ref().filter(|_| at % 3 == 0).unwrap_or(&world.store);
            store.take_payer_code(if at % 2 == 0 { &staff } else { &elsewhere }, scan.clone(), world.now)
        });
        let answers = join_all(takes).await;
        let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        assert!(
            answers.iter().all(|answer| matches!(answer, Ok(Scanned::Paid(_)) | Err(Refused::CodeUsed | Refused::CodeTaken))),
            "{answers:?}"
        );
        let totals = (total_of_day(world, &first, world.now).await, total_of_day(world, &second, world.now).await);
        assert!(matches!(totals, ((1, 10_000), (0, 0)) | ((0, 0), (1, 10_000))));
        assert_eq!(lots(world, citizen.id).await, [190_000]);
        if let Some(other) = other {
            other.close().await;
        }
    })
    .await;
}
