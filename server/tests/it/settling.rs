//! Shops get their money, whatever the bank does: two weeks of the demo are closed, settled and paid out over HTTP, each day once.

use crate::browser::Browser;
use crate::city::signed_in;
use crate::world::{PIN, World, before_start_on_both_engines, eventually};
use domain::Timestamp;
use domain::calendar::Day;
use domain::phone::Phone;
use domain::settling::payout::PayoutState;
use sandbox::{Fault, Kind, Operation, Rule, Service};
use std::collections::BTreeSet;
use store::NotPaid;

/// The owner of the demo's shops.
const OWNER: &str = "010-2345-6702";

/// All days whose money is due have arrived, to the won. How many days.
async fn all_arrive(world: &World) -> usize {
    let today = Day::of(Timestamp::now());
    eventually("the money of each day", async || {
        let days = world.store().settled_days(100).await.unwrap();
        let due: Vec<_> = days.iter().filter(|day| day.pay_on < today).collect();
        (due.len() >= 5 && due.iter().all(|day| day.is_done && day.arrived == day.payout)).then_some(due.len())
    })
    .await
}

/// What the bank has credited: each under an id of its own, and all of it is what the city's desk says, as soon as it has heard of the
/// newest.
async fn was_paid_once(world: &World) {
    eventually("the desk to know what the bank has credited, and no more", async || {
        let transactions = world.sandbox.sandbox.transactions(0);
        let payouts: Vec<_> = transactions.iter().filter(|moved| moved.kind == Kind::Credit && moved.amount_won > 1).collect();
        let ids: BTreeSet<String> = payouts.iter().map(|moved| moved.id.to_string()).collect();
        assert_eq!(ids.len(), payouts.len());
        let credited: i64 = payouts.iter().map(|moved| moved.amount_won).sum();
        let arrived: i64 = world.store().settled_days(100).await.unwrap().iter().map(|day| day.arrived.get()).sum();
        (credited == arrived).then_some(())
    })
    .await;
}

async fn owner_signs_in(world: &World) -> Browser {
    let (browser, phone) = (world.browser(), Phone::parse(OWNER).unwrap());
    let before = world.sandbox.sandbox.messages(Some(&phone.digits())).len();
    // The demo has just signed the owner up, and codes have a pause between them.
    world.minutes_pass(1).await;
    browser.post("/api/start/phone", &[("phone", &phone.digits())]).await.goes_to("/start/code");
    let code = world.code_after(phone, before).await;
    browser.post("/api/start/code", &[("code", &code)]).await.goes_to("/start/confirm");
    browser.post("/api/start/confirm", &[("pin", PIN)]).await.is_ok();
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_bank_refuses_is_shown_to_city_and_shop_and_sent_again() {
    before_start_on_both_engines(async |world| {
        world.start_demo(&[Rule::new(Service::Bank, Operation::Credit, Fault::Reject).times(3)]).await;
        let refused: Vec<NotPaid> = eventually("three refused payouts", async || {
            let refused = world.store().payouts_not_paid(10).await.unwrap();
            (refused.len() == 3 && refused.iter().all(|one| one.state == PayoutState::Waiting)).then_some(refused)
        })
        .await;
        let owner = owner_signs_in(world).await;
        let number = refused[0].merchant.number;
        owner.open(&format!("/merchant/{number}/settlements")).await.is_ok().says("은행이 거절했어요").says("다시 보내요");
        let controller = signed_in(world, "chief", "controller").await;
        for left in (0..refused.len()).rev() {
            let page = controller.open("/city/settlement").await;
            page.is_ok().says("은행이 거절했어요").says("지금 다시 보내기");
            controller.submit(&page, "/api/city/settlement/retry", &[]).await.is_ok().says("다시 보내도록 했어요.");
            eventually("one less", async || (world.store().payouts_not_paid(10).await.unwrap().len() == left).then_some(())).await;
        }
        all_arrive(world).await;
        controller.open("/city/settlement").await.is_ok().says("거절되거나 멈춘 지급이 없어요.");
        owner.open(&format!("/merchant/{number}/settlements")).await.is_ok().says("지급");
        was_paid_once(world).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_is_slow_loses_its_answers_or_answers_twice_pays_each_day_once() {
    before_start_on_both_engines(async |world| {
        // Done, but nobody is told; and who asks about it meets a bank that is down.
        let bank = |operation, fault| Rule::new(Service::Bank, operation, fault);
        let faults = [bank(Operation::Credit, Fault::DropAfter).times(4), bank(Operation::Inquiry, Fault::Down).times(2)];
        world.start_demo(&faults).await;
        assert!(all_arrive(world).await > 0);
        was_paid_once(world).await;
    })
    .await;
    for fault in [Fault::Twice, Fault::Late] {
        before_start_on_both_engines(async |world| {
            world.start_demo(&[Rule::new(Service::Bank, Operation::Credit, fault).times(5).delay_ms(1_500)]).await;
            assert!(all_arrive(world).await > 0, "{fault:?}");
            was_paid_once(world).await;
        })
        .await;
    }
}
