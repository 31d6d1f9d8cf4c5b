//! When it is too much, what is least needed is refused first and in words, and paying never.

use crate::listening::Listening;
use crate::world::{Citizen, eventually, new_id, on_both_engines};
use app::Error;
use app::words::Lang;
use domain::district::District;
use http::Method;
use server::Limits;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn buying_is_refused_in_words_while_paying_goes_on() {
    on_both_engines(async |world| {
        let window = world.sale(1_000_000).await;
        let (payer, owner) = (world.citizen().await, world.citizen().await);
        let shop = world.shop(owner.person, District::MAPO).await;
        payer.buys(window, 50_000).await;
        world.stop().await;
        // Any wait at all is too much here.
        world.start_with(|config| config.shedding = Limits { lasts: Duration::ZERO, ..Limits::of(Duration::ZERO) }).await;
        let base = world.base_url();
        let [payer, owner] = [payer, owner].map(|citizen| Citizen { browser: citizen.browser.at(&base), ..citizen });
        let health = async || payer.browser.send(payer.browser.request(Method::GET, "/health")).await.is_ok().json();
        let refuses = serde_json::json!(["looking", "signing up", "buying", "reading"]);
        eventually("all that may be refused is", async || (health().await["refuses"] == refuses).then_some(())).await;

        let answer = payer.order(&new_id(), window, 10_000).await;
        assert!(matches!(answer.error(), Error::Overloaded { seconds: 5..20 }), "{:?}", answer.error());
        let seconds: u64 = answer.is(503).headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((5..20).contains(&seconds));
        for path in ["/buy", "/start", "/city", "/history", "/me", "/"] {
            let page = payer.browser.open(path).await;
            let words = Lang::Ko.words().trouble.overloaded("#");
            let (before, after) = words.split_once('#').unwrap();
            page.is(503).says(before).says(after);
        }
        // Shops are paid and hear of it.
        let mut listening = Listening::after(&owner.browser, &shop, 0).await;
        let id = payer.pays(&shop, 4_000).await;
        assert_eq!(listening.hears(1).await, [(1, 4_000)]);
        payer.browser.open(&format!("/pay/{}", shop.number)).await.is_ok();
        payer.browser.open(&format!("/payments/{id}")).await.is_ok();
        owner.browser.open(&format!("/merchant/{}", shop.number)).await.is_ok();
        // Who waits in line is heard: there is no such room, which is an answer.
        payer.browser.send(payer.browser.request(Method::POST, "/room/1/renew").body("x")).await.is(404);
        assert_eq!(world.store().till().waiting(), 0, "what was refused never came to the till");
    })
    .await;
}
