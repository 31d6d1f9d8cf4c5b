use super::listener::Listener;
use super::{App, app};
use crate::world::{World, eventually, on_both_engines, on_postgres, postgres};
use domain::Timestamp;
use domain::partner::{Endpoint, Loopback};
use http::Method;
use sandbox::{Fault, Operation, Rule, Service};
use serde_json::json;
use store::By;

async fn listens(world: &World, partner: &App) -> (Listener, String) {
    let listener = Listener::open().await;
    let endpoint = Endpoint::parse(&listener.url, Loopback::Allowed).unwrap();
    let secret = world.store().set_endpoint(By::CommandLine, partner.id, Some(&endpoint), Timestamp::now()).await.unwrap().unwrap();
    (listener, secret.unwrap().expose())
}

async fn heard(listener: &Listener, event: &str, times: usize) -> Vec<super::listener::Heard> {
    eventually(&format!("{event}, {times} times"), async || Some(listener.of(event)).filter(|heard| heard.len() >= times)).await
}

#[tokio::test]
async fn what_fails_is_sent_again_until_it_arrives_signed() {
    on_both_engines(async |world| {
        let (partner, window) = (app(world, "T-money Pay").await, world.sale(1_000_000).await);
        let (listener, secret) = listens(world, &partner).await;
        // Down, then a redirect, which is not followed; then well.
        listener.will_answer(&[500, 307]);
        let person = partner.introduces("김하늘").await;
        let order = partner.order(&person, window, 50_000);
        partner.post("/purchases", order.clone()).await.is(201);
        let heard = heard(&listener, "purchase.posted", 3).await;
        assert!(heard.iter().all(|heard| heard.is_signed_by(&secret) && heard.signatures() == 1));
        assert_eq!((&heard[0].id, &heard[0].body), (&heard[2].id, &heard[2].body), "the same message under the same id");
        let data = json!({ "purchase": order["id"], "window": order["window"], "amount_won": 50_000, "reason": null });
        assert_eq!(heard[0].body["data"], data);
        let raw = heard[0].body.to_string();
        assert!(!raw.contains("김하늘") && !raw.contains("1990") && !raw.contains(&person), "nothing personal: {raw}");
        let tries = eventually("it has arrived", async || {
            let row = world.store().partners().await.unwrap().remove(0);
            (row.webhooks_due == 0).then_some(())
        });
        tries.await;
        assert_eq!(listener.of("purchase.posted").len(), 3, "and not once more");
    })
    .await;
}

#[tokio::test]
async fn a_partner_hears_of_what_was_refused_and_of_what_was_unknown() {
    on_both_engines(async |world| {
        let (partner, window) = (app(world, "MoneyTree").await, world.sale(1_000_000).await);
        let (listener, secret) = listens(world, &partner).await;
        let person = partner.introduces("손님").await;
        let under = |fault| world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Debit, fault).times(1)).unwrap();
        under(Fault::Reject);
        partner.post("/purchases", partner.order(&person, window, 10_000)).await.refuses(402, "bank_insufficient_funds");
        under(Fault::DropAfter);
        let unknown = partner.order(&person, window, 20_000);
        partner.post("/purchases", unknown.clone()).await.is(202);
        let voided = heard(&listener, "purchase.voided", 1).await;
        assert_eq!(voided[0].body["data"]["reason"], "insufficient_funds");
        let posted = heard(&listener, "purchase.posted", 1).await;
        assert_eq!(posted[0].body["data"]["purchase"], unknown["id"]);
        // A rotated secret signs beside the new one.
        let new = world.store().rotate_webhook_secret(By::CommandLine, partner.id, Timestamp::now()).await.unwrap().unwrap().expose();
        let said = partner.ask(Method::POST, "/webhooks/test", None).await.is(202);
        let test = heard(&listener, "test", 1).await.remove(0);
        assert_eq!((json!(test.id), test.signatures()), (said.body["webhook_id"].clone(), 2));
        assert!(test.is_signed_by(&secret) && test.is_signed_by(&new));
    })
    .await;
}

#[tokio::test]
async fn without_an_endpoint_nothing_is_tried() {
    on_both_engines(async |world| {
        let (partner, window) = (app(world, "T-money Pay").await, world.sale(1_000_000).await);
        partner.ask(Method::POST, "/webhooks/test", None).await.refuses(409, "no_endpoint");
        let person = partner.introduces("손님").await;
        partner.post("/purchases", partner.order(&person, window, 10_000)).await.is(201);
        // Once there is one, what waited is sent.
        let (listener, secret) = listens(world, &partner).await;
        assert!(heard(&listener, "purchase.posted", 1).await[0].is_signed_by(&secret));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_sell_for_one_partner_and_tell_it_once() {
    let Some(server) = postgres() else { return };
    on_postgres(&server, async |world: &mut World| {
        let (partner, window) = (app(world, "Shinhan SOL").await, world.sale(1_000_000).await);
        let (listener, _) = listens(world, &partner).await;
        let second = world.second_node().await;
        let there = partner.at(&format!("http://{}", second.addr));
        let person = partner.introduces("손님").await;
        let order = partner.order(&person, window, 30_000);
        let (here, also) = futures::join!(partner.post("/purchases", order.clone()), there.post("/purchases", order.clone()));
        assert!(here.status.is_success() && also.status.is_success(), "{} {}", here.body, also.body);
        let many = (0..20).map(|number| if number % 2 == 0 { &partner } else { &there });
        let answers = futures::future::join_all(many.map(|app| app.post("/purchases", app.order(&person, window, 30_000)))).await;
        assert_eq!(answers.iter().filter(|said| said.status.is_success()).count(), 12, "400,000 less the first 30,000");
        let heard = heard(&listener, "purchase.posted", 13).await;
        let ids: std::collections::BTreeSet<_> = heard.iter().map(|heard| heard.id.clone()).collect();
        assert_eq!((heard.len(), ids.len()), (13, 13));
        second.stop().await;
    })
    .await;
}
