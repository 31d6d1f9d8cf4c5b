use super::{App, app};
use crate::world::{Citizen, World, eventually, new_id, on_both_engines};
use domain::calendar::Span;
use domain::room::{Figures, Settings};
use domain::sale::Who;
use domain::{Timestamp, WindowId, Won};
use futures::future::join_all;
use jiff::SignedDuration;
use sandbox::{Fault, Operation, Rule, Service};
use serde_json::{Value, json};
use store::{By, NewSale};

/// As the identity provider knows a citizen of the world: the same human as at the partner.
fn name_of(citizen: &Citizen) -> String {
    format!("시민{}", citizen.phone.digits())
}

fn debited(world: &World, id: &Value) -> Vec<String> {
    let id = id.as_str().unwrap();
    let moved = world.sandbox.sandbox.transactions(0);
    moved
        .iter()
        .filter(|moved| moved.kind == sandbox::Kind::Debit && moved.id.to_string() == id)
        .map(|moved| moved.account.clone())
        .collect()
}

async fn reaches(partner: &App, id: &Value, status: &str) -> Value {
    let path = format!("/purchases/{}", id.as_str().unwrap());
    eventually(&format!("{id} is {status}"), async || {
        let said = partner.get(&path).await.is(200);
        (said.body["status"] == status).then_some(said.body)
    })
    .await
}

#[tokio::test]
async fn a_partner_buys_and_the_voucher_is_there_after_signing_up() {
    on_both_engines(async |world| {
        let (partner, window) = (app(world, "T-money Pay").await, world.sale(1_000_000).await);
        let phone = world.new_phone();
        let person = partner.introduces("새손님").await;
        let offered = partner.get("/windows").await.is(200).body;
        let sale = offered["windows"].as_array().unwrap().iter().find(|sale| sale["window"] == json!(window.to_string())).unwrap();
        assert_eq!((&sale["who"], &sale["left_won"], &sale["has_room"]), (&json!("anyone"), &json!(1_000_000), &json!(false)));
        let order = partner.order(&person, window, 100_000);
        let bought = partner.post("/purchases", order.clone()).await.is(201);
        assert_eq!((&bought.body["status"], &bought.body["paid_won"]), (&json!("posted"), &json!(93_000)));
        assert_eq!(bought.headers["location"], format!("/partner/v1/purchases/{}", order["id"].as_str().unwrap()));
        assert_eq!(debited(world, &order["id"]), std::slice::from_ref(&partner.account), "the partner's own account");
        // Whoever signs up as that human has it.
        let browser = world.browser();
        world.sign_up(&browser, phone, "새손님").await;
        let member = world.store().member_by_phone(phone).await.unwrap().unwrap();
        let citizen = Citizen { browser, phone, person: member };
        assert_eq!(citizen.state(order["id"].as_str().unwrap()).await, "Posted");
        citizen.browser.open("/history").await.is_ok().says("100,000");
        citizen
            .order(&new_id(), window, 310_000)
            .await
            .refuses(&domain::Refused::MonthLimit { left: Won::of(300_000), limit: Won::of(400_000) }.into());
        let allowance = partner.get(&format!("/people/{person}/allowance")).await.is(200).body;
        assert_eq!(allowance["windows"][0]["most_won"], 300_000);
    })
    .await;
}

#[tokio::test]
async fn the_same_purchase_again_is_the_same_answer() {
    on_both_engines(async |world| {
        let (partner, other) = (app(world, "T-money Pay").await, app(world, "MoneyTree").await);
        let window = world.sale(1_000_000).await;
        let (person, there) = (partner.introduces("손님").await, other.introduces("손님").await);
        assert_ne!(person, there, "no two partners call a person alike");
        let order = partner.order(&person, window, 50_000);
        let answers = join_all((0..8).map(|_| partner.post("/purchases", order.clone()))).await;
        for said in answers {
            // Those that came while the bank was asked say that it is not known yet.
            assert!(said.status == 201 || said.status == 202, "{}", said.body);
        }
        let first = reaches(&partner, &order["id"], "posted").await;
        assert_eq!(partner.post("/purchases", order.clone()).await.is(201).body, first);
        assert_eq!(debited(world, &order["id"]).len(), 1);
        let with = |field: &str, value: Value| {
            let mut changed = order.clone();
            changed[field] = value;
            changed
        };
        partner.post("/purchases", with("amount_won", json!(60_000))).await.refuses(422, "id_reused");
        partner.post("/purchases", with("person", json!(partner.introduces("다른 손님").await))).await.refuses(422, "id_reused");
        other.post("/purchases", with("person", json!(there))).await.refuses(422, "id_reused");
        other.get(&format!("/purchases/{}", order["id"].as_str().unwrap())).await.refuses(404, "not_found");
        other.post("/purchases", other.order(&person, window, 10_000)).await.refuses(404, "no_such_person");

        let key = format!("Bearer {}", partner.key);
        let id = order["id"].as_str().unwrap();
        for (shown, status) in [(id.to_owned(), 201), (format!("\"{id}\""), 201), (new_id(), 422), ("x".to_owned(), 422)] {
            let more = [("idempotency-key", shown.as_str())];
            partner.ask_with(&key, http::Method::POST, "/purchases", Some(order.clone()), &more).await.is(status);
        }
    })
    .await;
}

#[tokio::test]
async fn four_channels_at_once_keep_to_one_persons_month() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(10_000_000).await);
        let mut apps = Vec::new();
        for name in ["T-money Pay", "Shinhan SOL", "MoneyTree"] {
            let partner = app(world, name).await;
            let person = partner.introduces(&name_of(&citizen)).await;
            apps.push((partner, person));
        }
        // Our own app and three others, five times each, 30,000 at a time: 600,000 are wanted.
        let through = apps.iter().flat_map(|one| std::iter::repeat_n(one, 5)).map(async |(partner, person): &(App, String)| {
            let said = partner.post("/purchases", partner.order(person, window, 30_000)).await;
            match said.status.as_u16() {
                201 | 202 => true,
                _ => {
                    said.refuses(409, "month_limit");
                    false
                }
            }
        });
        let own = (0..5).map(async |_| citizen.order(&new_id(), window, 30_000).await.status.as_u16());
        let (through, own) = futures::join!(join_all(through), join_all(own));
        let own_bought = world.store().purchases(citizen.person, None, 100).await.unwrap();
        assert_eq!(own_bought.len(), 13, "{through:?} {own:?}");
        let faces: i64 = own_bought.iter().map(|purchase| purchase.price.face.get()).sum();
        assert_eq!(faces, 390_000);
        let allowance = world.store().allowance(citizen.person, own_bought[0].kind.id).await.unwrap();
        assert_eq!(allowance.bought, Won::of(390_000));
        for purchase in own_bought {
            citizen.reaches(&purchase.id.to_string(), "Posted").await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_the_bank_says_is_what_the_partner_hears() {
    on_both_engines(async |world| {
        let (partner, window) = (app(world, "Shinhan SOL").await, world.sale(1_000_000).await);
        let person = partner.introduces("손님").await;
        let under = |fault| world.sandbox.sandbox.set_fault(Rule::new(Service::Bank, Operation::Debit, fault).times(1)).unwrap();
        under(Fault::Reject);
        let refused = partner.order(&person, window, 10_000);
        let said = partner.post("/purchases", refused.clone()).await.refuses(402, "bank_insufficient_funds");
        assert_eq!((&said.body["purchase"]["status"], &said.body["purchase"]["reason"]), (&json!("refused"), &json!("insufficient_funds")));
        // Again: the same answer, and no second try at the bank.
        partner.post("/purchases", refused.clone()).await.refuses(402, "bank_insufficient_funds");
        assert!(debited(world, &refused["id"]).is_empty());
        // The line breaks after the bank has debited: it is not known, until it is asked.
        under(Fault::DropAfter);
        let unknown = partner.order(&person, window, 20_000);
        let said = partner.post("/purchases", unknown.clone()).await.is(202);
        assert_eq!((&said.body["status"], said.headers["retry-after"].to_str().unwrap()), (&json!("unknown"), "2"));
        reaches(&partner, &unknown["id"], "posted").await;
        assert_eq!(debited(world, &unknown["id"]).len(), 1);
        partner.post("/purchases", unknown).await.is(201);
        // A rule says no.
        partner.post("/purchases", partner.order(&person, window, 15_000)).await.refuses(409, "not_in_units");
        let over = partner.post("/purchases", partner.order(&person, window, 390_000)).await.refuses(409, "month_limit");
        assert_eq!(over.body["figures"], json!({ "left": 380_000, "limit": 400_000 }));
        partner.post("/purchases", partner.order(&person, WindowId(1), 10_000)).await.refuses(404, "no_such_window");
    })
    .await;
}

pub async fn window_in(world: &World, opens_in: SignedDuration, total: i64) -> WindowId {
    let now = Timestamp::now();
    let any = world.sale(10_000).await;
    let (_, _, kind) = world.store().window(any).await.unwrap().unwrap();
    let span = Span::new(now + opens_in, now + opens_in + SignedDuration::from_hours(4)).unwrap();
    let windows = vec![(span, Who::Anyone, Won::of(total)).into()];
    let sale = NewSale { kind: kind.id, name_ko: "판매".to_owned(), name_en: "Sale".to_owned(), windows };
    let sale = world.store().create_sale(&sale, now).await.unwrap();
    let views = world.store().on_sale(now).await.unwrap();
    views.into_iter().find(|view| view.sale == sale).unwrap().windows[0].0.id
}

#[tokio::test]
async fn a_channel_sells_its_share_and_others_go_on() {
    on_both_engines(async |world| {
        let (capped, free) = (app(world, "T-money Pay").await, app(world, "MoneyTree").await);
        let window = window_in(world, SignedDuration::from_mins(30), 1_000_000).await;
        world.store().set_cap(By::CommandLine, window, capped.id, Won::of(50_000), Timestamp::now()).await.unwrap().unwrap();
        let (person, there) = (capped.introduces("손님").await, free.introduces("손님").await);
        world.minutes_pass(31).await;
        let buys = join_all((0..6).map(|_| capped.post("/purchases", capped.order(&person, window, 20_000)))).await;
        let (taken, refused): (Vec<_>, Vec<_>) = buys.into_iter().partition(|said| said.status.is_success());
        assert_eq!((taken.len(), refused.len()), (2, 4));
        for said in refused {
            let said = said.refuses(409, "channel_cap");
            assert_eq!(said.body["figures"], json!({ "left": 10_000, "most": 50_000 }));
        }
        free.post("/purchases", free.order(&there, window, 100_000)).await.is(201);
        let shown = capped.get("/windows").await.is(200).body;
        let sale = shown["windows"].as_array().unwrap().iter().find(|sale| sale["window"] == json!(window.to_string())).unwrap();
        assert_eq!((&sale["channel_left_won"], &sale["left_won"]), (&json!(10_000), &json!(860_000)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn partners_customers_wait_in_the_same_line() {
    on_both_engines(async |world| {
        let (partner, citizen) = (app(world, "T-money Pay").await, world.citizen().await);
        let window = window_in(world, SignedDuration::from_millis(-1_000), 1_000_000).await;
        let figures = Figures { most_inside: 1, ..Figures::default() };
        world.store().create_room(window, &Settings::new(figures).unwrap(), Timestamp::now()).await.unwrap();
        let (first, second) = (partner.introduces(&name_of(&citizen)).await, partner.introduces("다음 손님").await);
        let join = async |person: &str| partner.post(&format!("/windows/{window}/tickets"), json!({ "person": person })).await;
        let drawn = eventually("the order is drawn", async || {
            let place = join(&first).await.is(200).body;
            (place["standing"] != "drawing").then_some(place)
        });
        let place = drawn.await;
        assert_eq!(place["place"], 1);
        let behind = join(&second).await.is(200).body;
        assert_eq!(behind["place"], 2);
        // The person's own phone finds the same place.
        let own = citizen.browser.post("/api/rooms/join", &[("window", &window.to_string())]).await.is_ok().json();
        assert!(own["heard"]["told"].to_string().contains("\"place\":1"), "{own}");
        partner.post("/purchases", partner.order(&first, window, 10_000)).await.refuses(409, "needs_pass");

        let renew =
            async |ticket: &Value| partner.post(&format!("/windows/{window}/renewals"), json!({ "ticket": ticket })).await.is(200).body;
        let ticket = place["ticket"].clone();
        eventually("the first is called", async || (renew(&ticket).await["standing"] == "comes_in").then_some(())).await;
        let enter = async |person: &str| partner.post(&format!("/windows/{window}/passes"), json!({ "person": person })).await;
        enter(&second).await.refuses(409, "not_your_turn");
        let pass = enter(&first).await.is(200).body["pass"].clone();
        assert_eq!(enter(&first).await.is(200).body["pass"], pass, "asked for again it is the same");
        let order = |person: &str, pass: &Value| {
            let mut order = partner.order(person, window, 10_000);
            order["pass"] = pass.clone();
            order
        };
        partner.post("/purchases", order(&second, &pass)).await.refuses(409, "needs_pass");
        let bought = order(&first, &pass);
        partner.post("/purchases", bought.clone()).await.is(201);
        // Sent again it needs none; another purchase needs another.
        let mut again = bought.clone();
        again["pass"] = Value::Null;
        partner.post("/purchases", again).await.is(201);
        partner.post("/purchases", order(&first, &pass)).await.refuses(409, "pass_used");
        // The purchase has let the next one in.
        let ticket = behind["ticket"].clone();
        eventually("the second is called", async || (renew(&ticket).await["standing"] == "comes_in").then_some(())).await;
        let pass = enter(&second).await.is(200).body["pass"].clone();
        partner.post("/purchases", order(&second, &pass)).await.is(201);
        partner.post("/windows/1/tickets", json!({ "person": first })).await.refuses(404, "no_room");
    })
    .await;
}

#[tokio::test]
async fn nobody_new_is_introduced_while_sign_up_is_closed() {
    on_both_engines(async |world| {
        let (partner, window) = (app(world, "T-money Pay").await, world.sale(1_000_000).await);
        let person = partner.introduces("손님").await;
        let now = Timestamp::now();
        let span = Span::new(now - SignedDuration::from_mins(1), now + SignedDuration::from_mins(10)).unwrap();
        world.store().suspend(domain::plan::Feature::SignUp, span, now).await.unwrap();
        let body = json!({ "name": "새손님", "birth_date": "1990-05-14", "phone": "01066601111" });
        let said = partner.post("/people", body).await.refuses(503, "suspended");
        assert!(said.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 500);
        partner.post("/purchases", partner.order(&person, window, 10_000)).await.is(201);
    })
    .await;
}
