//! The demo: made once, by the ways that people take.

use crate::world::{World, on_both_engines};
use domain::Timestamp;
use domain::application::Stage;
use domain::phone::Phone;
use server::Config;

#[tokio::test]
async fn a_demo_is_made_once() {
    on_both_engines(async |world: &mut World| {
        world.stop().await;
        let mut arguments = world.arguments();
        arguments.retain(|argument| argument != "--demo=none");
        arguments.push("--demo=basic".to_owned());
        let mut seen = Vec::new();
        for _ in 0..2 {
            let running = server::start(Config::read(arguments.clone()).unwrap()).await.unwrap();
            let store = &running.store;
            let sky = store.member_by_phone(Phone::parse("010-2345-6701").unwrap()).await.unwrap().unwrap();
            let owner = store.member_by_phone(Phone::parse("010-2345-6702").unwrap()).await.unwrap().unwrap();
            let now = Timestamp::now();
            let wallet = store.wallet(sky, now).await.unwrap();
            assert_eq!(wallet.lots.len(), 2);
            seen.push((
                sky,
                wallet,
                store.payments(sky, None, 10).await.unwrap().len(),
                store.shops_of(owner).await.unwrap().len(),
                store.kinds().await.unwrap().len(),
                store.on_sale(now).await.unwrap().len(),
                store
                    .partners()
                    .await
                    .unwrap()
                    .iter()
                    .map(|partner| (partner.name.clone(), partner.keys.len(), partner.caps.len()))
                    .collect::<Vec<_>>(),
            ));
            running.stop().await;
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!((seen[0].2, seen[0].3, seen[0].4, seen[0].5), (3, 3, 26, 4));
        assert_eq!(seen[0].6, ["MoneyTree", "Shinhan SOL", "T-money Pay"].map(|name| (name.to_owned(), 1, 1)));
        let running = server::start(Config::read(arguments).unwrap()).await.unwrap();
        let jiwoo = running.store.member_by_phone(Phone::parse("010-2345-6704").unwrap()).await.unwrap().unwrap();
        let waiting = running.store.applications_of(jiwoo).await.unwrap();
        assert_eq!(waiting.iter().map(|one| one.stage).collect::<Vec<_>>(), [Stage::Submitted], "one shop in the city's queue");
        let browser = crate::browser::Browser::new(&format!("http://{}", running.addr));
        let entries = browser.post("/api/city/start/demo", &[]).await.is_ok().json();
        for entry in entries.as_array().unwrap() {
            let [login, password, code] = ["login", "password", "code"].map(|name| entry[name].as_str().unwrap().to_owned());
            browser.open("/city/start").await.is_ok().says("체험용 계정").says(&login);
            browser.post("/api/city/start/password", &[("login", &login), ("password", &password)]).await.goes_to("/city/start/code");
            browser.post("/api/city/start/code", &[("code", &code)]).await.goes_to("/city");
        }
        assert_eq!(entries.as_array().unwrap().len(), 3);
        running.stop().await;
        let told = std::fs::read_to_string(world.folder.path().join("data/demo.txt")).unwrap();
        for part in [
            "010-2345-6701",
            "김하늘",
            "모퉁이커피",
            "00010017",
            "246810",
            "/inbox",
            "/city",
            "controller",
            "otpauth://",
            "MoneyTree  pp_",
            "햇살만두",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
    })
    .await;
}
