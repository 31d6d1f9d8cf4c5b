//! The city's console: signing in, a plan by one and its release by another, the roles, the log. By plain forms, as a browser without
//! JavaScript sends them.

use crate::browser::{Answer, Browser};
use crate::world::{World, new_id, on_both_engines, on_sqlite};
use app::Error;
use domain::calendar::in_seoul;
use domain::operator::{Login, Role, Roles};
use domain::plan::{PlanRefused, PlanState};
use domain::totp::{TotpSecret, step_at};
use domain::{Refused, Timestamp};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::ToSpan;
use server::Config;
use store::NewOperator;

const PASSWORD: &str = "correct horse battery staple";

struct Operator {
    browser: Browser,
    login: Login,
    totp: TotpSecret,
}

impl Operator {
    fn code(&self) -> String {
        self.totp.code(step_at(Timestamp::now()))
    }

    async fn signs_in(&self) -> Answer {
        let page = self.browser.open("/city").await;
        page.is_ok().says("판매 콘솔에 로그인해요");
        let fields = [("login", self.login.as_str()), ("password", PASSWORD)];
        let page = self.browser.submit(&page, "/api/city/start/password", &fields).await;
        page.is_ok().says("인증 앱의 코드를 적어 주세요");
        let page = self.browser.submit(&page, "/api/city/start/code", &[("code", &self.code())]).await;
        page.is_ok().says("판매 운영");
        page
    }
}

async fn operator(world: &World, login: &str, roles: &str) -> Operator {
    let login = Login::parse(login).unwrap();
    let mut secret = [1; 20];
    secret[..login.as_str().len().min(20)].copy_from_slice(&login.as_str().as_bytes()[..login.as_str().len().min(20)]);
    let totp = TotpSecret::new(secret);
    let new = NewOperator { login: &login, name: login.as_str(), password: PASSWORD, totp: &totp, roles: Roles::parse(roles).unwrap() };
    world.store().make_operator(&new, Timestamp::now()).await.unwrap();
    Operator { browser: world.browser(), login, totp }
}

pub async fn signed_in(world: &World, login: &str, roles: &str) -> Browser {
    let operator = operator(world, login, roles).await;
    operator.signs_in().await;
    operator.browser
}

/// Tomorrow in Seoul, as a form wants it.
fn tomorrow() -> String {
    in_seoul(Timestamp::now()).date().checked_add(1.day()).unwrap().to_string()
}

/// A draft made by forms; the path of its page.
async fn drafted(world: &World, planner: &Browser) -> String {
    world.sale(10_000).await;
    let page = planner.open("/city/plans/new").await;
    page.is_ok().says("어떤 판매를 계획할까요?").says("서울한강상품권");
    let kind = world.store().kinds().await.unwrap()[0].id.to_string();
    let fields = [
        ("name_ko", "내일의 판매"),
        ("name_en", "Tomorrow's sale"),
        ("kind", &kind),
        ("day", &tomorrow()),
        ("total", "2,000,000"),
        ("shape", "parity"),
    ];
    let page = planner.submit(&page, "/api/city/plans/make", &fields).await;
    page.is_ok().says("내일의 판매").says("승인할 수 있는 계획이에요.").says("홀수 해에 태어난 분");
    page.path
}

/// What the form of a draft sends when the room is switched off and the rest is as the preset made it.
fn without_room(kind: &str) -> Vec<(String, String)> {
    let day = tomorrow();
    let windows = [("10:00", "14:00", "odd", "1,000,000"), ("14:00", "18:00", "even", "1,000,000"), ("", "", "anyone", "")];
    let mut fields = vec![
        ("typed[name_ko]".to_owned(), "내일의 판매".to_owned()),
        ("typed[name_en]".to_owned(), "Tomorrow's sale".to_owned()),
        ("typed[kind]".to_owned(), kind.to_owned()),
        ("typed[day]".to_owned(), day),
    ];
    for (at, (from, to, who, amount)) in windows.into_iter().enumerate() {
        for (field, value) in [("from", from), ("to", to), ("who", who), ("amount", amount)] {
            fields.push((format!("typed[windows][{at}][{field}]"), value.to_owned()));
        }
    }
    for (field, value) in [("feature", "gifts"), ("from", "10:00"), ("to", "18:00")] {
        fields.push((format!("typed[suspensions][0][{field}]"), value.to_owned()));
    }
    fields
}

async fn send(browser: &Browser, page: &Answer, action: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.submit(page, action, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_plans_another_releases_and_people_buy() {
    on_both_engines(async |world| {
        let planner = signed_in(world, "planner", "planner,controller").await;
        let controller = signed_in(world, "controller", "controller").await;
        let path = drafted(world, &planner).await;

        let page = planner.open(&path).await;
        let kind = world.store().kinds().await.unwrap()[0].id.to_string();
        let page = send(&planner, &page, "/api/city/plans/save", &without_room(&kind)).await;
        page.is_ok().says("2번째 판").says("내가 쓴 계획은 내가 승인할 수 없어요.");
        let id = path.rsplit('/').next().unwrap();
        let own = planner.post("/api/city/plans/release", &[("id", id), ("version", "2")]).await;
        own.refuses(&PlanRefused::OwnPlan.into());
        // Whoever looked at the version before releases nothing.
        let stale = controller.post("/api/city/plans/release", &[("id", id), ("version", "1")]).await;
        stale.refuses(&PlanRefused::Changed.into());

        let page = controller.open(&path).await;
        let page = controller.submit(&page, "/api/city/plans/release", &[]).await;
        page.is_ok().says("승인됨").says("승인 controller");
        controller.open("/city").await.is_ok().says("내일의 판매 · 서울한강상품권").says("1,000,000원");
        let again = controller.post("/api/city/plans/release", &[("id", id), ("version", "3")]).await;
        again.refuses(&PlanRefused::In(PlanState::Released).into());

        // Everybody in these journeys was born in 1990: from two in the afternoon.
        let citizen = world.citizen().await;
        citizen.browser.open("/buy").await.is_ok().says("서울한강상품권");
        let sales = world.store().on_sale(Timestamp::now()).await.unwrap();
        let sale = sales.iter().find(|sale| sale.name_ko == "내일의 판매").unwrap();
        let (window, _) = &sale.windows[1];
        let opens_at = window.span.from();
        citizen.order(&new_id(), window.id, 50_000).await.refuses(&Refused::NotYetOpen { opens_at }.into());
        let minutes = (opens_at - Timestamp::now()).total(jiff::Unit::Minute).unwrap();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        world.minutes_pass(minutes as u64 + 5).await;
        citizen.buys(window.id, 50_000).await;
    })
    .await;
}

#[tokio::test]
async fn each_operator_does_what_the_role_allows() {
    on_both_engines(async |world| {
        let planner = signed_in(world, "planner", "planner").await;
        let controller = signed_in(world, "controller", "controller").await;
        let auditor = signed_in(world, "auditor", "auditor").await;
        let path = drafted(world, &planner).await;
        let id = path.rsplit('/').next().unwrap();
        let needs = |role| Error::Plan(PlanRefused::NotYourRole(role));

        planner.post("/api/city/plans/release", &[("id", id), ("version", "1")]).await.refuses(&needs(Role::Controller));
        for other in [&controller, &auditor] {
            other.post("/api/city/plans/cancel", &[("id", id), ("version", "1")]).await.refuses(&needs(Role::Planner));
            let refused = other.open("/city/plans/new").await;
            refused.is(403).says("계획 권한이 있는 담당자만 할 수 있어요.");
            assert!(!other.open(&path).await.is_ok().text.contains("/api/city/plans/save"), "no form for them");
        }
        for other in [&planner, &controller] {
            other.open("/city/log").await.is(403).says("감사 권한이 있는 담당자만 할 수 있어요.");
            other.post("/api/city/log", &[]).await.refuses(&needs(Role::Auditor));
        }
        let log = auditor.open("/city/log").await;
        log.is_ok().says("그대로예요").says("계획 작성").says("로그인").says("planner");

        // Called off by the controller, thrown away by nobody else.
        let page = controller.open(&path).await;
        let page = controller.submit(&page, "/api/city/plans/release", &[]).await;
        planner.post("/api/city/plans/cancel", &[("id", id), ("version", "2")]).await.refuses(&needs(Role::Controller));
        let page = controller.submit(&page, "/api/city/plans/cancel", &[]).await;
        page.is_ok().says("취소됨");
        assert!(!controller.open("/city").await.words().contains("내일의 판매 · "), "no longer among what is on sale");
        controller.open("/city/plans/1").await.is(404);
        controller.open("/city/plans/x").await.is(404);
        controller.open("/city/rooms/x").await.is(404);
    })
    .await;
}

#[tokio::test]
async fn a_controller_steers_a_waiting_room() {
    on_both_engines(async |world| {
        let planner = signed_in(world, "planner", "planner,auditor").await;
        let controller = signed_in(world, "controller", "controller").await;
        let path = drafted(world, &planner).await;
        let page = controller.open(&path).await;
        controller.submit(&page, "/api/city/plans/release", &[]).await.is_ok();
        let window = world.store().rooms(Timestamp::now()).await.unwrap()[0].window.id;
        let path = format!("/city/rooms/{window}");
        let page = controller.open(&path).await;
        page.is_ok().says("시작 전").says("순서는 누구도 바꿀 수 없어요.");
        let fields = [("gate", "paused"), ("rate_per_s", "77"), ("most_inside", "500")];
        controller.submit(&page, "/api/city/rooms/steer", &fields).await.is_ok().says("멈춤");
        let admission = world.store().rooms(Timestamp::now()).await.unwrap()[0].admission;
        assert_eq!((admission.gate.as_str(), admission.rate_per_s, admission.most_inside), ("paused", 77, 500));
        let window = window.to_string();
        let none = [("window", window.as_str()), ("gate", "open"), ("rate_per_s", "0"), ("most_inside", "1")];
        let refused = controller.post("/api/city/rooms/steer", &none).await;
        assert!(matches!(refused.error(), Error::Plan(PlanRefused::NoSettings(_))), "{}", refused.text);
        let odd = [("window", window.as_str()), ("gate", "ajar"), ("rate_per_s", "1"), ("most_inside", "1")];
        controller.post("/api/city/rooms/steer", &odd).await.refuses(&Error::BadRequest);
        planner.open(&path).await.is_ok().says("승인·운영 담당자만 바꿀 수 있어요.");
        planner.open("/city/log").await.is_ok().says("대기실 조정");
    })
    .await;
}

#[tokio::test]
async fn strangers_and_forged_cookies_stay_outside() {
    on_both_engines(async |world| {
        let kim = operator(world, "kim", "planner").await;
        // The right code after a wrong password, the wrong code after the right one: the same answer.
        let browser = world.browser();
        for (login, password, code) in
            [("kim", "wrong", kim.code()), ("nobody", PASSWORD, kim.code()), ("kim", PASSWORD, "000000".to_owned())]
        {
            browser.post("/api/city/start/password", &[("login", login), ("password", password)]).await.goes_to("/city/start/code");
            browser.post("/api/city/start/code", &[("code", &code)]).await.refuses(&Error::EntryWrong);
        }
        browser.post("/api/city/day", &[]).await.refuses(&Error::SignedOut);
        assert_eq!(browser.look("/city").await.headers["location"], "/city/start");

        let answer = kim.signs_in().await;
        assert_eq!(answer.path, "/city");
        let cookie = kim.browser.cookie("payplus_city").unwrap();
        let citizen = world.citizen().await.browser;
        citizen.post("/api/city/day", &[]).await.refuses(&Error::SignedOut);
        let session = citizen.cookie("payplus_session").unwrap();
        let swapped = format!("{}{}", &cookie[..63], if cookie.ends_with('0') { '1' } else { '0' });
        for forged in ["", "x", &session, &swapped, &cookie[1..], &cookie.to_uppercase().replace(char::is_numeric, "0")] {
            citizen.set_cookie("payplus_city", forged);
            citizen.post("/api/city/day", &[]).await.refuses(&Error::SignedOut);
        }
        // Nor does the console's cookie make a citizen.
        kim.browser.set_cookie("payplus_session", &cookie);
        kim.browser.post("/api/me/profile", &[]).await.refuses(&Error::SignedOut);

        // A used code opens nothing; a page of another site changes nothing.
        browser.post("/api/city/start/password", &[("login", "kim"), ("password", PASSWORD)]).await.goes_to("/city/start/code");
        let request = browser.request(Method::POST, "/api/city/start/out").header("accept", "application/json");
        let elsewhere = [("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site")];
        let elsewhere = elsewhere.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let request = request.headers(HeaderMap::from_iter(elsewhere)).body("");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        browser.send(request).await.is(403);

        let page = kim.browser.open("/city").await;
        let out = kim.browser.submit(&page, "/api/city/start/out", &[]).await;
        out.is_ok().says("판매 콘솔에 로그인해요");
        kim.browser.set_cookie("payplus_city", &cookie);
        kim.browser.post("/api/city/day", &[]).await.refuses(&Error::SignedOut);
    })
    .await;
}

#[tokio::test]
async fn the_cookie_is_hidden_and_strict() {
    on_sqlite(async |world| {
        let answer = world.browser().post("/api/city/start/password", &[("login", "a"), ("password", "b")]).await;
        let line = answer.headers["set-cookie"].to_str().unwrap();
        for part in ["payplus_city=", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
            assert!(line.contains(part), "{line}");
        }
        let page = world.browser().open("/city/start").await;
        assert!(!page.words().contains("체험용 계정"), "no demo, no codes");
        for page in ["/city", "/city/log", "/city/plans/new", "/city/plans/1", "/city/rooms/1", "/city/kinds", "/city/kinds/1"] {
            world.browser().open(page).await.is_ok().says("판매 콘솔에 로그인해요");
        }
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_names_its_field_and_what_is_wrong_is_kept() {
    on_sqlite(async |world| {
        let planner = signed_in(world, "planner", "planner").await;
        let path = drafted(world, &planner).await;
        let page = planner.open(&path).await;
        let kind = world.store().kinds().await.unwrap()[0].id.to_string();
        let mut fields = without_room(&kind);
        let amount = |fields: &mut Vec<(String, String)>, to: &str| {
            let field = fields.iter_mut().find(|(name, _)| name == "typed[windows][0][amount]").unwrap();
            field.1 = to.to_owned();
        };
        amount(&mut fields, "많이");
        let page = send(&planner, &page, "/api/city/plans/save", &fields).await;
        page.is_ok().says("1번째 판매 시간, 금액 (원) 칸을 다시 확인해 주세요.").says("1번째 판");
        amount(&mut fields, "15,000");
        let page = send(&planner, &page, "/api/city/plans/save", &fields).await;
        page.is_ok().says("1번째 판매 시간, 금액 (원): 1만 원 단위여야 해요").says("2번째 판");
        assert!(!page.text.contains(" style="), "no style attributes: the policy forbids them");
    })
    .await;
}

#[tokio::test]
async fn an_operator_is_made_on_the_command_line() {
    on_both_engines(async |world| {
        let mut arguments = world.arguments();
        arguments.push("--operator=Kim.Minji=planner,auditor".to_owned());
        let config = Config::read(arguments).unwrap();
        let told = server::operator::make(&config, config.operator.as_ref().unwrap()).await.unwrap();
        let after = |mark: &str| told.split_once(mark).unwrap().1.lines().next().unwrap().trim().to_owned();
        let browser = world.browser();
        let fields = [("login", "kim.minji"), ("password", &*after("password:"))];
        browser.post("/api/city/start/password", &fields).await.goes_to("/city/start/code");
        assert!(after("app:").starts_with("otpauth://totp/PayPlus:kim.minji?secret="), "{told}");
        assert_eq!(after("by hand:").len(), 32);
        for wrong in ["kim", "kim=", "kim=boss", "=planner"] {
            let mut arguments = world.arguments();
            arguments.push(format!("--operator={wrong}"));
            assert!(Config::read(arguments).is_err(), "{wrong}");
        }
    })
    .await;
}
