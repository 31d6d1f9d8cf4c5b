//! The bank misbehaves: a purchase ends as it should all the same, and money moves once.

use crate::world::{Citizen, PIN, World, new_id, on_both_engines};
use app::words::{self, Lang};
use domain::WindowId;
use domain::buying::BankReason;
use sandbox::{Fault, Operation, Rule, Service};

fn debits(fault: Fault) -> Rule {
    Rule::new(Service::Bank, Operation::Debit, fault)
}

/// Buys while the next debit meets a fault.
async fn order_under(world: &World, citizen: &Citizen, window: WindowId, rule: Rule) -> String {
    let id = new_id();
    world.sandbox.sandbox.set_fault(rule.times(1)).unwrap();
    citizen.order(&id, window, 10_000).await.goes_to(&format!("/buy/{id}"));
    id
}

#[tokio::test]
async fn whatever_the_bank_does_money_moves_once() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        for rule in [
            debits(Fault::DropAfter),
            debits(Fault::DropBefore),
            debits(Fault::Twice),
            debits(Fault::Late).delay_ms(1_500),
            debits(Fault::Down),
            debits(Fault::Garbage),
        ] {
            let fault = rule.fault;
            let id = order_under(world, &citizen, window, rule).await;
            citizen.reaches(&id, "Posted").await;
            assert_eq!(world.debits(&id), 1, "{fault:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_slow_bank_is_waited_for_elsewhere() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        let began = tokio::time::Instant::now();
        let id = order_under(world, &citizen, window, debits(Fault::Slow).delay_ms(20_000)).await;
        assert!(began.elapsed().as_secs() < 5, "the page is there while the bank is not");
        let page = citizen.browser.open(&format!("/buy/{id}")).await;
        page.is_ok();
        assert!(!page.words().contains(Lang::Ko.words().progress.says_voided), "{}", page.words());
        citizen.reaches(&id, "Posted").await;
        assert_eq!(world.debits(&id), 1);
    })
    .await;
}

#[tokio::test]
async fn a_rejected_debit_gives_everything_back_and_says_why() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(10_000).await);
        let id = order_under(world, &citizen, window, debits(Fault::Reject)).await;
        citizen.reaches(&id, "Voided").await;
        let page = citizen.browser.open(&format!("/buy/{id}")).await;
        page.is_ok().says(words::bank_reason(Lang::Ko, BankReason::InsufficientFunds));
        assert_eq!(world.debits(&id), 0);
        // The place in the sale is free again.
        citizen.buys(window, 10_000).await;
    })
    .await;
}

#[tokio::test]
async fn while_the_bank_is_down_the_place_is_kept_and_nobody_says_sold_out() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(10_000).await);
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Any, Fault::Down)).unwrap();
        let id = new_id();
        citizen.order(&id, window, 10_000).await.goes_to(&format!("/buy/{id}"));
        citizen.reaches(&id, "Unknown").await;
        citizen.browser.open(&format!("/buy/{id}")).await.is_ok();
        let other = {
            world.sandbox.sandbox.clear_faults();
            let other = world.citizen().await;
            world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Any, Fault::Down)).unwrap();
            other
        };
        // Whether the first got it before or after the bank came back for a moment: it is theirs.
        let refused = other.order(&new_id(), window, 10_000).await.error();
        let kept = matches!(refused, app::Error::Refused(domain::Refused::AllReserved { .. } | domain::Refused::SoldOut { .. }));
        assert!(kept, "{refused:?}");
        world.sandbox.sandbox.clear_faults();
        citizen.reaches(&id, "Posted").await;
        assert_eq!(world.debits(&id), 1);
    })
    .await;
}

#[tokio::test]
async fn a_debit_that_comes_after_the_void_is_paid_back() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(20_000).await);
        let first = citizen.buys(window, 10_000).await;
        let account = world.sandbox.sandbox.transactions(0)[0].account.clone();
        // Every word to the bank is lost on the way, longer than the place is held.
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Debit, Fault::DropBefore)).unwrap();
        let id = new_id();
        citizen.order(&id, window, 10_000).await.goes_to(&format!("/buy/{id}"));
        world.minutes_pass(11).await;
        citizen.reaches(&id, "Voided").await;
        assert_eq!(world.debits(&id), 0);
        let page = citizen.browser.open(&format!("/buy/{id}")).await;
        page.is_ok().says(words::bank_reason(Lang::Ko, BankReason::NotReached));
        // One of those words was only slow.
        world.sandbox.sandbox.clear_faults();
        let slow = serde_json::json!({ "id": id, "account": account, "amount_won": 9_300, "memo": "late" });
        let request = reqwest::Client::builder().no_proxy().build().unwrap().post(format!("{}/bank/v1/debits", world.sandbox.base_url));
        let request = request.bearer_auth("sandbox-key").header("content-type", "application/json").body(slow.to_string());
        assert_eq!(request.send().await.unwrap().status(), 200);
        world.minutes_pass(2).await;
        citizen.reaches(&id, "Refunded").await;
        assert_eq!((world.debits(&id), world.moved(sandbox::Kind::Credit, &id)), (1, 1));
        citizen.browser.open(&format!("/buy/{id}")).await.is_ok().says(Lang::Ko.words().progress.says_refunded);
        // The place went back to the sale, once.
        citizen.buys(window, 10_000).await;
        let refused = citizen.order(&new_id(), window, 10_000).await.error();
        assert!(matches!(refused, app::Error::Refused(domain::Refused::SoldOut { .. })), "{refused:?}");
        assert_eq!(world.debits(&first), 1);
    })
    .await;
}

#[tokio::test]
async fn an_account_that_the_bank_does_not_know_is_not_linked() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let link_with = async |account: &str, pin: &str| {
            citizen.browser.post("/api/me/bank", &[("bank", "088"), ("account", account), ("pin", pin)]).await
        };
        let link = async |account: &str| link_with(account, PIN).await;
        link("1101234560000").await.refuses(&app::Error::AccountFailed);
        world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Verify, Fault::Garbage).times(1)).unwrap();
        link("110123456788").await.refuses(&app::Error::OutsideDown);
        link("110-123-456788").await.is_ok();
        let linked = || async { world.store().bank_account(citizen.person).await.unwrap() };
        let before = linked().await;
        link_with("110-123-456799", "135791").await.refuses(&app::Error::PinWrong { tries_left: 4 });
        assert_eq!(linked().await, before, "where money is taken from and sent to is changed with the PIN only");
    })
    .await;
}
