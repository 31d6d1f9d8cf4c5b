//! The page of partner apps, by plain forms; and the command line.

use super::{App, app};
use crate::browser::Answer;
use crate::city::signed_in;
use crate::world::{World, on_both_engines};
use app::Error;
use domain::operator::Role;
use domain::partner::PartnerRefused;
use server::Config;
use server::partner::manage;

fn made(page: &Answer, mark: &str) -> String {
    let from = page.text.find(mark).unwrap_or_else(|| panic!("no {mark}: {}", page.words()));
    page.text[from..].chars().take_while(|c| c.is_ascii_alphanumeric() || "_+/=".contains(*c)).collect()
}

#[tokio::test]
async fn a_controller_makes_rotates_and_revokes_keys_which_are_shown_once() {
    on_both_engines(async |world| {
        let partner = app(world, "T-money Pay").await;
        let controller = signed_in(world, "han.seungin", "controller").await;
        let page = controller.open("/city/partners").await;
        page.is_ok().says("T-money Pay").says("read,buy,webhooks").says("사용 중");
        assert!(!page.text.contains(&partner.key), "no secret");
        let id = partner.id.to_string();
        let page = controller.submit(&page, "/api/city/partners/key", &[("partner", &id), ("scopes", "read")]).await;
        page.is_ok().says("지금 한 번만 보여 드려요");
        let prefixed = page.text.match_indices("pp_").map(|(at, _)| &page.text[at..]).find(|rest| rest.len() > 80 && rest[15..16] == *"_");
        let key: String = prefixed.unwrap().chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let second = App { key, ..partner.at(&world.base_url()) };
        second.get("/windows").await.is(200);
        second
            .post("/people", serde_json::json!({ "name": "a", "birth_date": "1990-05-14", "phone": "01066601234" }))
            .await
            .refuses(403, "scope_missing");
        let again = controller.open("/city/partners").await;
        assert!(!again.text.contains(&second.key), "shown once");

        let keys = world.store().partners().await.unwrap().remove(0).keys;
        let (newest, oldest) = (keys[0].id.to_string(), keys[1].id.to_string());
        let page = controller.submit(&again, "/api/city/partners/rotate", &[("key", &oldest)]).await;
        page.is_ok().says("지금 한 번만 보여 드려요");
        partner.get("/windows").await.is(200);
        let page = controller.submit(&page, "/api/city/partners/revoke", &[("key", &newest)]).await;
        page.is_ok().says("폐기됨");
        second.get("/windows").await.refuses(401, "key_revoked");
        let page = controller.submit(&page, "/api/city/partners/revoke", &[("key", &newest)]).await;
        page.says("이미 교체했거나 폐기한 키예요");

        // All of it stands in the log.
        let auditor = signed_in(world, "seo.gamsa", "auditor").await;
        auditor.open("/city/log").await.is_ok().says("키 만듦").says("키 교체").says("키 폐기");
        // Others look, and that is all.
        let page = auditor.open("/city/partners").await;
        page.is_ok().says("T-money Pay");
        assert!(!page.text.contains("/api/city/partners/key"), "no forms");
        let refused = Error::Partner(PartnerRefused::NotYourRole(Role::Controller));
        for (path, fields) in [
            ("/api/city/partners/key", vec![("partner", id.as_str()), ("scopes", "read")]),
            ("/api/city/partners/rotate", vec![("key", oldest.as_str())]),
            ("/api/city/partners/revoke", vec![("key", oldest.as_str())]),
            ("/api/city/partners/endpoint", vec![("partner", id.as_str()), ("url", "https://a.example.com/")]),
            ("/api/city/partners/secret", vec![("partner", id.as_str())]),
            ("/api/city/partners/cap", vec![("partner", id.as_str()), ("window", "1"), ("most", "1")]),
        ] {
            auditor.post(path, &fields).await.refuses(&refused);
        }
    })
    .await;
}

#[tokio::test]
async fn endpoints_and_shares_are_set_by_forms() {
    on_both_engines(async |world| {
        let partner = app(world, "MoneyTree").await;
        let window = super::buying::window_in(world, jiff::SignedDuration::from_mins(30), 1_000_000).await;
        let controller = signed_in(world, "han.seungin", "controller").await;
        let (id, window) = (partner.id.to_string(), window.to_string());
        let page = controller.open("/city/partners").await;
        for inside in ["https://10.0.0.1/hook", "http://partner.example.com/", "https://169.254.169.254/latest", "https://localhost/"] {
            let page = controller.submit(&page, "/api/city/partners/endpoint", &[("partner", &id), ("url", inside)]).await;
            page.says("내부 주소로는 보내지 않아요");
        }
        let url = ("url", "https://partner.example.com/hook");
        let page = controller.submit(&page, "/api/city/partners/endpoint", &[("partner", &id), url]).await;
        page.is_ok().says("https://partner.example.com/hook");
        assert_eq!(made(&page, "whsec_").len(), "whsec_".len() + 44);
        let page = controller.submit(&page, "/api/city/partners/secret", &[("partner", &id)]).await;
        page.is_ok().says("지금 한 번만 보여 드려요");
        let page = controller.submit(&page, "/api/city/partners/cap", &[("partner", &id), ("window", &window), ("most", "30만")]).await;
        page.is_ok().says("30만 원 가운데");
        let page = controller.submit(&page, "/api/city/partners/cap", &[("partner", &id), ("window", &window), ("most", "-1")]).await;
        page.says("원 단위 숫자로");
        let cap = world.store().partners().await.unwrap()[0].caps[0].cap;
        assert_eq!(cap.most.get(), 300_000);
    })
    .await;
}

#[tokio::test]
async fn the_command_line_makes_partners() {
    on_both_engines(async |world: &mut World| {
        let run = async |world: &World, order: &str| {
            let arguments = world.arguments().into_iter().chain([format!("--partner={order}")]);
            let config = Config::read(arguments).unwrap();
            manage::obey(&config, config.partner.as_ref().unwrap()).await
        };
        let key_in = |said: &str| said.split_whitespace().find(|word| word.starts_with("pp_")).unwrap().to_owned();
        let said = run(world, "Shinhan SOL=088:110-900-000002").await.unwrap();
        let first = App { key: key_in(&said), ..app(world, "T-money Pay").await };
        first.get("/windows").await.is(200);
        let with = |key: String| App { key, ..first.at(&world.base_url()) };
        run(world, "Shinhan SOL=088:110-900-000002").await.unwrap_err();
        run(world, "MoneyTree=088:110-900-0000").await.unwrap_err();
        run(world, "Nobody=key").await.unwrap_err();
        with(key_in(&run(world, "Shinhan SOL=key").await.unwrap())).get("/windows").await.is(200);
        let rotated = run(world, "Shinhan SOL=rotate").await.unwrap();
        assert_eq!(rotated.matches("runs out in a day").count(), 2, "{rotated}");
        run(world, "Shinhan SOL=https://10.0.0.1/").await.unwrap_err();
        assert!(run(world, "Shinhan SOL=https://partner.example.com/").await.unwrap().contains("whsec_"));
        assert!(run(world, "Shinhan SOL=secret").await.unwrap().contains("whsec_"));
        assert_eq!(run(world, "Shinhan SOL=revoke").await.unwrap().matches("revoked").count(), 4);
        first.get("/windows").await.refuses(401, "key_revoked");
        for wrong in ["", "Shinhan SOL", "Shinhan SOL=delete"] {
            assert!(Config::read(world.arguments().into_iter().chain([format!("--partner={wrong}")])).is_err(), "{wrong}");
        }
    })
    .await;
}
