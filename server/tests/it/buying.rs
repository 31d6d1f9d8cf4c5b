//! Buying over HTTP: once, within the limits, by the one who is signed in.

use crate::world::{Citizen, PIN, World, new_id, on_both_engines};
use app::Error;
use app::error::Input;
use domain::amount_input::AmountError;
use domain::{Refused, WindowId, Won};
use futures::future::join_all;

#[tokio::test]
async fn a_citizen_buys_a_voucher_and_sees_it() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        let id = citizen.buys(window, 100_000).await;
        let page = citizen.browser.open(&format!("/buy/{id}")).await;
        page.is_ok().says("93,000").says("100,000");
        citizen.browser.open("/").await.is_ok().says("100,000");
        citizen.browser.open("/history").await.is_ok().says("서울한강상품권");
        assert_eq!(world.debits(&id), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_times_the_same_purchase_is_one_debit() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        let id = new_id();
        let answers = join_all((0..50).map(|_| citizen.order(&id, window, 100_000))).await;
        for answer in &answers {
            answer.goes_to(&format!("/buy/{id}"));
        }
        citizen.reaches(&id, "Posted").await;
        assert_eq!(world.debits(&id), 1);
        assert_eq!(lots(world, &citizen).await, [100_000]);
    })
    .await;
}

#[tokio::test]
async fn the_same_id_with_another_amount_is_refused() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        let id = citizen.buys(window, 100_000).await;
        citizen.order(&id, window, 200_000).await.refuses(&Refused::IdReused.into());
        assert_eq!(lots(world, &citizen).await, [100_000]);
    })
    .await;
}

#[tokio::test]
async fn somebody_elses_purchase_is_not_there() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        let id = citizen.buys(window, 50_000).await;
        let stranger = world.citizen().await;
        stranger.browser.post("/api/purchases/get", &[("id", &id)]).await.refuses(&Error::NotFound);
        let page = stranger.browser.open(&format!("/buy/{id}")).await;
        page.is(404);
        assert!(!page.words().contains("46,500"), "{}", page.words());
        // Nor can the id be taken over.
        stranger.order(&id, window, 50_000).await.refuses(&Refused::IdReused.into());
        assert_eq!(lots(world, &stranger).await, [0; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_refusal_says_its_figures_and_changes_nothing() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        citizen.buys(window, 300_000).await;
        let limit = Refused::MonthLimit { left: Won::of(100_000), limit: Won::of(400_000) };
        citizen.order(&new_id(), window, 200_000).await.refuses(&limit.into());
        let small = world.sale(50_000).await;
        citizen.order(&new_id(), small, 60_000).await.refuses(&Refused::OnlyLeft { left: Won::of(50_000) }.into());
        citizen.buys(small, 50_000).await;
        citizen.order(&new_id(), small, 10_000).await.refuses(&Refused::SoldOut { total: Won::of(50_000) }.into());
        citizen.order(&new_id(), window, 15_000).await.refuses(&Refused::NotInUnits { unit: Won::of(10_000) }.into());
        citizen.order(&new_id(), WindowId(1), 10_000).await.refuses(&Refused::NoSuchWindow.into());
        assert_eq!(lots(world, &citizen).await, [300_000, 50_000]);
    })
    .await;
}

#[tokio::test]
async fn an_odd_amount_is_refused_in_words_and_changes_nothing() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        let window = window.to_string();
        let send = async |purchase: &str, window: &str, face: &str| {
            let fields = [("purchase", purchase), ("window", window), ("face", face), ("pin", PIN)];
            citizen.browser.post("/api/purchases/buy", &fields).await
        };
        for face in [
            "",
            "-10000",
            "0",
            "9223372036854775808",
            "99999999999999999999999999",
            "1e5",
            "<b>10000</b>",
            "NaN",
            "😀",
            &"9".repeat(10_000),
        ] {
            let answer = send(&new_id(), &window, face).await;
            assert!(matches!(answer.error(), Error::Input(Input::Amount(_))), "{face}: {}", answer.text);
        }
        let too_much = send(&new_id(), &window, "9223372036854775807").await.error();
        assert!(matches!(too_much, Error::Input(Input::Amount(AmountError::TooLarge)) | Error::Refused(_)), "{too_much:?}");
        for (purchase, window) in
            [("", window.as_str()), ("x", &window), ("'; DROP TABLE lot; --", &window), (&new_id(), "-"), (&new_id(), "")]
        {
            send(purchase, window, "10000").await.refuses(&Error::Input(Input::Id));
        }
        // Version 4: random ids would scatter over the hot index.
        send("9b2d4c1e-6a52-4a3c-9d43-8f2a6f0e7f11", &window, "10000").await.refuses(&Error::Input(Input::Id));
        assert_eq!(lots(world, &citizen).await, [0; 0]);
        assert!(world.sandbox.sandbox.transactions(0).is_empty());
        // Full-width digits are what a Korean keyboard types.
        let id = new_id();
        send(&id, &window, "１０,０００").await.goes_to(&format!("/buy/{id}"));
        citizen.reaches(&id, "Posted").await;
    })
    .await;
}

#[tokio::test]
async fn five_wrong_pins_lock_and_nothing_is_bought() {
    on_both_engines(async |world| {
        let (citizen, window) = (world.citizen().await, world.sale(1_000_000).await);
        let (id, window_id) = (new_id(), window.to_string());
        let wrong = [("purchase", id.as_str()), ("window", &window_id), ("face", "10000"), ("pin", "135791")];
        for tries_left in (1..5).rev() {
            citizen.browser.post("/api/purchases/buy", &wrong).await.refuses(&Error::PinWrong { tries_left });
        }
        let locked = |error| matches!(error, Error::PinLocked { .. });
        assert!(locked(citizen.browser.post("/api/purchases/buy", &wrong).await.error()));
        // The right one doesn't help any more, at the shop neither.
        assert!(locked(citizen.order(&id, window, 10_000).await.error()));
        let shop = world.shop(citizen.person, domain::district::District::MAPO).await;
        assert!(locked(citizen.bill(&new_id(), &shop, 1_000).await.error()));
        assert_eq!(lots(world, &citizen).await, [0; 0]);
        citizen.browser.post("/api/purchases/get", &[("id", &id)]).await.refuses(&Error::NotFound);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_is_never_oversold() {
    on_both_engines(async |world| {
        let window = world.sale(100_000).await;
        let citizens = join_all((0..6).map(|_| world.citizen())).await;
        let ids: Vec<String> = citizens.iter().map(|_| new_id()).collect();
        let answers = join_all(citizens.iter().zip(&ids).map(|(citizen, id)| citizen.order(id, window, 30_000))).await;
        let bought = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(bought, 3);
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            assert!(matches!(answer.error(), Error::Refused(Refused::OnlyLeft { .. })), "{}", answer.text);
        }
    })
    .await;
}

/// Faces of what somebody holds, oldest first.
async fn lots(world: &World, citizen: &Citizen) -> Vec<i64> {
    let wallet = world.store().wallet(citizen.person, domain::Timestamp::now()).await.unwrap();
    wallet.lots.iter().map(|lot| lot.face.get()).collect()
}
