//! Refunds of lots: what the page says comes back is what the bank is told to pay, once, whatever the bank does.

use crate::world::{Citizen, PIN, World, eventually, new_id, on_both_engines};
use app::Error;
use app::words::{self, Lang};
use domain::buying::BankReason;
use domain::district::District;
use domain::{Refused, WindowId, Won};
use futures::future::join_all;
use sandbox::{Fault, Operation, Rule, Service};

/// The newest lot of somebody, with its kind.
async fn lot_of(world: &World, citizen: &Citizen) -> (String, String) {
    let wallet = world.store().wallet(citizen.person, domain::Timestamp::now()).await.unwrap();
    let lot = wallet.lots.last().unwrap();
    (lot.id.to_string(), lot.kind.to_string())
}

async fn ask(citizen: &Citizen, id: &str, lot: &str, back: i64) -> crate::browser::Answer {
    let fields = [("refund", id), ("lot", lot), ("back", &back.to_string()), ("pin", PIN)];
    citizen.browser.post("/api/refunds/refund", &fields).await
}

async fn reaches(citizen: &Citizen, id: &str, state: &str) {
    eventually(&format!("refund {id} is {state}"), async || {
        let answer = citizen.browser.post("/api/refunds/get", &[("id", id)]).await;
        (answer.is_ok().json()["refund"]["state"] == state).then_some(())
    })
    .await;
}

fn credits(world: &World, id: &str) -> usize {
    world.moved(sandbox::Kind::Credit, id)
}

async fn holder_of(world: &World, face: i64) -> (Citizen, WindowId, String, String) {
    let (citizen, window) = (world.citizen().await, world.sale(2_000_000).await);
    citizen.buys(window, face).await;
    let (lot, kind) = lot_of(world, &citizen).await;
    (citizen, window, lot, kind)
}

#[tokio::test]
async fn the_page_says_what_would_come_back_until_it_does_without_a_script() {
    on_both_engines(async |world| {
        let (citizen, _, lot, kind) = holder_of(world, 100_000).await;
        let shop = world.shop(world.citizen().await.person, District::MAPO).await;
        let browser = &citizen.browser;
        let lots = format!("/vouchers/{kind}");
        assert!(browser.open("/").await.is_ok().text.contains(&lots), "the card on home leads to the lots");
        let t = &Lang::Ko.words().refund;
        browser.open(&lots).await.is_ok().says(&t.refund_now("93,000원"));

        citizen.pays(&shop, 40_000).await;
        let later = t.later("20,000원", "37,200원");
        browser.open(&lots).await.says(&later).says("60,000");
        browser.open(&format!("/refund/{lot}")).await.says(t.not_yet_title).says(&later);
        ask(&citizen, &new_id(), &lot, 37_200)
            .await
            .refuses(&Refused::NotYetRefundable { spend: Won::of(20_000), back: Won::of(37_200) }.into());

        citizen.pays(&shop, 20_000).await;
        let desk = browser.open(&format!("/refund/{lot}")).await;
        desk.is_ok().says("40,000").says("37,200").says("2,800");
        let wrong = browser.submit(&desk, "/api/refunds/refund", &[("pin", "135791")]).await;
        wrong.says(&Error::PinWrong { tries_left: 4 }.say(Lang::Ko, domain::Timestamp::now()));
        let desk = browser.open(&format!("/refund/{lot}")).await;
        let followed = browser.submit(&desk, "/api/refunds/refund", &[("pin", PIN)]).await;
        let id = followed.path.strip_prefix("/refunds/").expect("the refund's own page").to_owned();
        reaches(&citizen, &id, "Posted").await;
        browser.open(&followed.path).await.is_ok().says(t.done_title).says("37,200");
        let moved = world.sandbox.sandbox.transactions(0).into_iter().find(|moved| moved.id.to_string() == id).unwrap();
        assert_eq!(moved.amount_won, 37_200);
        browser.open("/history").await.says("37,200").says(t.state_posted);
        browser.open(&lots).await.is_ok().says(t.none_title);
        browser.open("/vouchers/1").await.is(404);
    })
    .await;
}

#[tokio::test]
async fn whatever_the_bank_does_the_money_comes_back_once() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(2_000_000).await);
        for (fault, delay_ms) in
            [(Fault::DropAfter, 0), (Fault::DropBefore, 0), (Fault::Twice, 0), (Fault::Late, 1_500), (Fault::Down, 0), (Fault::Garbage, 0)]
        {
            citizen.buys(window, 10_000).await;
            let (lot, _) = lot_of(world, &citizen).await;
            let rule = Rule::new(Service::Bank, Operation::Credit, fault).delay_ms(delay_ms);
            world.sandbox.sandbox.set_fault(rule.times(1)).unwrap();
            let id = new_id();
            ask(&citizen, &id, &lot, 9_300).await.goes_to(&format!("/refunds/{id}"));
            reaches(&citizen, &id, "Posted").await;
            assert_eq!(credits(world, &id), 1, "{fault:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_no_of_the_bank_puts_the_voucher_back_and_says_why() {
    on_both_engines(async |world| {
        let (citizen, _, lot, _) = holder_of(world, 100_000).await;
        let shop = world.shop(world.citizen().await.person, District::MAPO).await;
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Credit, Fault::Reject).times(1)).unwrap();
        let id = new_id();
        ask(&citizen, &id, &lot, 93_000).await.goes_to(&format!("/refunds/{id}"));
        reaches(&citizen, &id, "Voided").await;
        let page = citizen.browser.open(&format!("/refunds/{id}")).await;
        let answer = citizen.browser.post("/api/refunds/get", &[("id", &id)]).await;
        let reason: BankReason = serde_json::from_value(answer.json()["refund"]["reason"].clone()).unwrap();
        page.is_ok().says(words::bank_reason_of_refund(Lang::Ko, reason)).says(Lang::Ko.words().refund.failed);
        assert_eq!(credits(world, &id), 0);
        citizen.pays(&shop, 100_000).await;
    })
    .await;
}

#[tokio::test]
async fn while_the_bank_is_silent_the_voucher_is_kept_and_a_restart_forgets_nothing() {
    on_both_engines(async |world| {
        let (citizen, _, lot, kind) = holder_of(world, 100_000).await;
        let shop = world.shop(world.citizen().await.person, District::MAPO).await;
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Credit, Fault::Down)).unwrap();
        let id = new_id();
        ask(&citizen, &id, &lot, 93_000).await.goes_to(&format!("/refunds/{id}"));
        reaches(&citizen, &id, "Unknown").await;
        let t = &Lang::Ko.words().refund;
        citizen.browser.open(&format!("/refunds/{id}")).await.is_ok().says(t.says_unknown);
        citizen.browser.open("/").await.says(t.state_unknown);
        citizen.browser.open(&format!("/vouchers/{kind}")).await.is_ok().says(t.under_way);
        citizen.bill(&new_id(), &shop, 1_000).await.refuses(&Refused::NotEnough { usable: Won::ZERO }.into());
        world.sandbox.sandbox.clear_faults();
        reaches(&citizen, &id, "Posted").await;
        assert_eq!(credits(world, &id), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_refund_twenty_times_is_one_and_nobody_elses() {
    on_both_engines(async |world| {
        let (citizen, _, lot, _) = holder_of(world, 100_000).await;
        let stranger = world.citizen().await;
        ask(&stranger, &new_id(), &lot, 93_000).await.refuses(&Refused::NoSuchLot.into());
        let lead = words::refused(Lang::Ko, &Refused::NothingToRefund);
        stranger.browser.open(&format!("/refund/{lot}")).await.says(&lead);
        ask(&citizen, &new_id(), &lot, 92_999).await.refuses(&Refused::RefundChanged { back: Won::of(93_000) }.into());
        let id = new_id();
        for answer in join_all((0..20).map(|_| ask(&citizen, &id, &lot, 93_000))).await {
            answer.goes_to(&format!("/refunds/{id}"));
        }
        reaches(&citizen, &id, "Posted").await;
        assert_eq!(credits(world, &id), 1);
        stranger.browser.post("/api/refunds/get", &[("id", &id)]).await.refuses(&Error::NotFound);
        ask(&citizen, &id, &lot, 1).await.refuses(&Refused::IdReused.into());
        ask(&citizen, &new_id(), &lot, 93_000).await.refuses(&Refused::NothingToRefund.into());
        for (field, value) in [("refund", "x"), ("lot", "x"), ("back", "-1"), ("back", "1.5"), ("back", "99999999999999999999")] {
            let fields = [("refund", id.as_str()), ("lot", lot.as_str()), ("back", "1"), ("pin", PIN)];
            let fields = fields.map(|(name, known)| (name, if name == field { value } else { known }));
            assert!(
                matches!(citizen.browser.post("/api/refunds/refund", &fields).await.error(), Error::Input(_) | Error::BadRequest),
                "{field}"
            );
        }
    })
    .await;
}
