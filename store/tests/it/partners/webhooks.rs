use super::{brings_citizen, buys, order, partner};
use crate::world::{World, on_both_engines};
use domain::buying::{BankReason, BankSays};
use domain::partner::{Endpoint, Event, Loopback, PartnerRefused};
use domain::{PurchaseId, Timestamp, Won};
use store::{AfterTry, By, KeyProof, Tried, Webhook};

const ARRIVED: Tried<'_> = Tried { status: Some(204), error: None, jitter: 0 };
const FAILED: Tried<'_> = Tried { status: Some(500), error: Some("500"), jitter: 0 };
const DAY_S: i64 = 86_400;

fn endpoint() -> Endpoint {
    Endpoint::parse("https://partner.example.com/hook", Loopback::Refused).unwrap()
}

async fn told_at(world: &World, key: &KeyProof) -> store::WebhookSecret {
    world.store.set_endpoint(By::CommandLine, key.partner(), Some(&endpoint()), world.now).await.unwrap().unwrap().unwrap()
}

async fn claim(world: &World, key: &KeyProof, at: Timestamp) -> Vec<Webhook> {
    world.store.claim_webhooks(key.partner(), 16, Loopback::Refused, at).await.unwrap()
}

/// Bought, and the bank's word heard.
async fn bought(world: &World, key: &KeyProof, says: &[BankSays]) -> PurchaseId {
    let window = world.window(world.citywide().await, 1_000_000).await;
    let customer = brings_citizen(world, key, &world.citizen().await).await;
    let order = order(world, window, 10_000);
    buys(world, key, &customer, order).await.unwrap();
    for says in says {
        world.store.till().settle(order.id, *says, world.now).await.unwrap();
    }
    order.id
}

#[tokio::test]
async fn a_partner_is_told_what_became_of_each_purchase_once() {
    on_both_engines(async |world| {
        let (key, other) = (partner(world, "T-money Pay").await, partner(world, "MoneyTree").await);
        let secret = told_at(world, &key).await;
        let refused = BankSays::Rejected(BankReason::InsufficientFunds);
        let posted = bought(world, &key, &[BankSays::Unclear, BankSays::Done, BankSays::Done]).await;
        let voided = bought(world, &key, &[refused, refused]).await;
        let refunded = bought(world, &key, &[refused, BankSays::Done, BankSays::Returned]).await;
        bought(world, &key, &[BankSays::Unclear]).await;
        bought(world, &other, &[BankSays::Done]).await;
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        world.buy(&citizen, window, 10_000).await;

        assert_eq!(world.store.partners_to_tell(world.now).await.unwrap(), [key.partner()], "the other has no endpoint");
        let claimed = claim(world, &key, world.now).await;
        let mut said: Vec<_> = claimed.iter().map(|webhook| (webhook.told.unwrap().purchase, webhook.event)).collect();
        let mut expected = vec![
            (posted, Event::PurchasePosted),
            (voided, Event::PurchaseVoided),
            (refunded, Event::PurchaseVoided),
            (refunded, Event::PurchaseRefunded),
        ];
        let order = |one: &(PurchaseId, Event)| (one.0, one.1.as_str());
        said.sort_by_key(order);
        expected.sort_by_key(order);
        assert_eq!(said, expected);
        assert!(claimed.iter().all(|webhook| webhook.secrets == [secret.clone()] && webhook.told.unwrap().face == Won::of(10_000)));
        assert!(claim(world, &key, world.now).await.is_empty(), "they are being sent");
        for webhook in &claimed {
            assert_eq!(world.store.webhook_tried(webhook, ARRIVED, world.now).await.unwrap(), AfterTry::Sent);
            assert_eq!(world.store.webhook_tried(webhook, FAILED, world.now).await.unwrap(), AfterTry::NotOurs);
        }
        assert!(world.store.partners_to_tell(world.later(DAY_S)).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_fails_is_tried_later_and_later_and_given_up_after_three_days() {
    on_both_engines(async |world| {
        let key = partner(world, "Shinhan SOL").await;
        told_at(world, &key).await;
        bought(world, &key, &[BankSays::Done]).await;
        let mut now = world.now;
        let mut pauses_s = Vec::new();
        loop {
            let webhook = claim(world, &key, now).await.pop().unwrap();
            match world.store.webhook_tried(&webhook, FAILED, now).await.unwrap() {
                AfterTry::Again { due_at } => {
                    assert!(claim(world, &key, due_at - jiff::SignedDuration::from_millis(1)).await.is_empty());
                    pauses_s.push(due_at.as_second() - now.as_second());
                    now = due_at;
                }
                AfterTry::GivenUp => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(pauses_s[..6], [2, 4, 8, 16, 32, 64]);
        assert!(now > world.later(2 * DAY_S) && now < world.later(3 * DAY_S), "{now}");
        assert!(world.store.partners_to_tell(world.later(9 * DAY_S)).await.unwrap().is_empty());
        let tries = i64::try_from(pauses_s.len()).unwrap() + 1;
        assert_eq!(world.number("SELECT COUNT(*) FROM webhook_try WHERE status = 500 AND error = '500'").await, tries);
        assert_eq!(world.store.partners().await.unwrap()[0].webhooks_given_up, 1);
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_dies_leaves_its_messages_to_the_next() {
    on_both_engines(async |world| {
        let key = partner(world, "MoneyTree").await;
        told_at(world, &key).await;
        bought(world, &key, &[BankSays::Done]).await;
        let lost = claim(world, &key, world.now).await.pop().unwrap();
        assert!(claim(world, &key, world.later(59)).await.is_empty());
        let again = claim(world, &key, world.later(60)).await.pop().unwrap();
        assert_eq!((again.id, again.tries), (lost.id, 2), "the same message under the same id");
        assert_eq!(world.store.webhook_tried(&lost, FAILED, world.later(60)).await.unwrap(), AfterTry::NotOurs);
        assert_eq!(world.store.webhook_tried(&again, ARRIVED, world.later(60)).await.unwrap(), AfterTry::Sent);
    })
    .await;
}

#[tokio::test]
async fn messages_wait_for_an_endpoint_but_not_for_ever() {
    on_both_engines(async |world| {
        let key = partner(world, "T-money Pay").await;
        assert_eq!(world.store.send_test(&key, world.now).await.unwrap(), Err(PartnerRefused::NoEndpoint));
        assert_eq!(
            world.store.rotate_webhook_secret(By::CommandLine, key.partner(), world.now).await.unwrap(),
            Err(PartnerRefused::NoEndpoint)
        );
        bought(world, &key, &[BankSays::Done]).await;
        bought(world, &key, &[BankSays::Done]).await;
        assert_eq!(world.store.give_webhooks_up(world.later(3 * DAY_S - 1)).await.unwrap(), 0);
        told_at(world, &key).await;
        let taken = world.store.claim_webhooks(key.partner(), 1, Loopback::Refused, world.now).await.unwrap().pop().unwrap();
        world.store.webhook_tried(&taken, ARRIVED, world.now).await.unwrap();
        assert_eq!(world.store.give_webhooks_up(world.later(3 * DAY_S)).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_rotated_secret_signs_for_a_day_beside_the_new_one() {
    on_both_engines(async |world| {
        let key = partner(world, "T-money Pay").await;
        let old = told_at(world, &key).await;
        assert!(old.expose().starts_with("whsec_") && old.bytes().len() == 32);
        let moved = Endpoint::parse("https://partner.example.com/other", Loopback::Refused).unwrap();
        let kept = world.store.set_endpoint(By::CommandLine, key.partner(), Some(&moved), world.now).await.unwrap().unwrap();
        assert_eq!(kept, None, "another address keeps the secret");
        let new = world.store.rotate_webhook_secret(By::CommandLine, key.partner(), world.now).await.unwrap().unwrap();
        for (at, signs) in [(DAY_S - 1, vec![new.clone(), old]), (DAY_S, vec![new])] {
            world.store.send_test(&key, world.now).await.unwrap().unwrap();
            let webhook = claim(world, &key, world.later(at)).await.pop().unwrap();
            assert_eq!((webhook.event, webhook.told, webhook.endpoint.as_str()), (Event::Test, None, moved.as_str()));
            assert_eq!(webhook.secrets, signs);
            world.store.webhook_tried(&webhook, ARRIVED, world.later(at)).await.unwrap();
        }
        let kept = world.number("SELECT COUNT(*) FROM audit_log WHERE detail LIKE '%whsec%'").await;
        assert_eq!(kept, 0);
    })
    .await;
}
