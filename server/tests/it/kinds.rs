//! Voucher kinds at the console: what applies, a change by one and its release by another, a new kind for a district. By plain forms.

use crate::browser::{Answer, Browser};
use crate::city::signed_in;
use crate::world::{World, eventually, on_both_engines, on_sqlite};
use app::Error;
use domain::Timestamp;
use domain::calendar::in_seoul;
use domain::district::District;
use domain::kind::change::{ChangeRefused, ChangeState};
use domain::kind::{BasisPoints, Scope};
use domain::operator::Role;
use jiff::ToSpan;

const CHANGE: &str = "/api/city/kinds/change";
const SAVE: &str = "/api/city/kinds/changes/save";
const RELEASE: &str = "/api/city/kinds/changes/release";
const CANCEL: &str = "/api/city/kinds/changes/cancel";

/// A day in Seoul, as a form wants it. Sales of these journeys end within 24 hours.
fn in_days(days: i64) -> String {
    in_seoul(Timestamp::now()).date().checked_add(days.days()).unwrap().to_string()
}

/// What the form of a change sends: 5 %, in three days, and what is given here instead.
fn typed<'a>(day: &'a str, other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let fields = [
        ("typed[discount]", "5"),
        ("typed[unit]", "10,000"),
        ("typed[month_limit]", "200,000"),
        ("typed[holding_cap]", "500,000"),
        ("typed[validity_years]", "2"),
        ("typed[refund_from]", "70"),
        ("typed[nation]", "1"),
        ("typed[city]", "2.5"),
        ("typed[district]", "1.5"),
        ("typed[start]", "day"),
        ("typed[day]", day),
    ];
    let mut fields = fields.to_vec();
    for (name, value) in other {
        fields.retain(|(field, _)| field != name);
        fields.push((name, value));
    }
    fields
}

/// The kind of Mapo, on sale until tomorrow: 7 %, paid by the city. The path of its page.
async fn mapo(world: &World) -> String {
    world.sale_of(Scope::District(District::MAPO), 1_000_000).await;
    format!("/city/kinds/{}", world.store().kinds().await.unwrap()[0].id)
}

async fn drafted(planner: &Browser, kind: &str, day: &str) -> Answer {
    let page = planner.open(kind).await;
    let page = planner.submit(&page, CHANGE, &typed(day, &[])).await;
    page.is_ok().says("작성 중");
    page
}

fn id(page: &Answer) -> &str {
    page.path.rsplit('/').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_plans_a_change_another_releases_it_and_its_day_brings_it() {
    on_both_engines(async |world| {
        let planner = signed_in(world, "planner", "planner,controller").await;
        let controller = signed_in(world, "controller", "controller").await;
        let kind = mapo(world).await;
        planner.open("/city/kinds").await.is_ok().says("서울한강상품권").says("마포구").says("7%").says("시비 7%").says("처음부터");
        let day = in_days(3);
        let page = drafted(&planner, &kind, &day).await;
        page.says("승인할 수 있는 변경이에요.").says("내가 쓴 변경은 내가 승인할 수 없어요.").says("국비 1% · 시비 2.5% · 구비 1.5%");
        planner.open("/city/kinds").await.is_ok().says("변경: 서울한강상품권");
        let own = planner.post(RELEASE, &[("id", id(&page)), ("version", "1")]).await;
        own.refuses(&ChangeRefused::OwnChange.into());
        let stale = controller.post(RELEASE, &[("id", id(&page)), ("version", "0")]).await;
        stale.refuses(&ChangeRefused::Changed.into());

        let seen = controller.open(&page.path).await;
        let seen = controller.submit(&seen, RELEASE, &[]).await;
        seen.is_ok().says("승인됨").says("승인 controller");
        let again = controller.post(RELEASE, &[("id", id(&page)), ("version", "2")]).await;
        again.refuses(&ChangeRefused::In(ChangeState::Released).into());
        let number = world.store().kinds().await.unwrap()[0].id;
        assert_eq!(world.store().kind(number).await.unwrap().unwrap().discount, BasisPoints(700), "not before its day");

        world.minutes_pass(3 * 24 * 60).await;
        eventually("the change applies", async || {
            world.store().kind(number).await.unwrap().filter(|kind| kind.discount == BasisPoints(500))
        })
        .await;
        // Sessions have ended by then.
        let auditor = signed_in(world, "auditor", "auditor").await;
        auditor.open(&kind).await.is_ok().says("5%").says("70% 이상 사용").says("2년").says("적용됨").says("처음부터");
        auditor.open("/city/log").await.is_ok().says("상품권 변경 작성").says("상품권 변경 승인");
        auditor.open(&page.path).await.is_ok().says("적용됨");
    })
    .await;
}

#[tokio::test]
async fn a_district_gets_its_kind_at_once() {
    on_both_engines(async |world| {
        let planner = signed_in(world, "planner", "planner").await;
        let controller = signed_in(world, "controller", "controller").await;
        world.sale(10_000).await;
        let page = planner.open("/city/kinds").await;
        page.is_ok().says("새 자치구 상품권 만들기");
        let fields = [("district", "14"), ("name_ko", "마포동네상품권"), ("name_en", "Mapo voucher")];
        let mut drafts = Vec::new();
        for _ in 0..2 {
            let page = planner.open("/city/kinds/new").await;
            let page = planner.submit(&page, "/api/city/kinds/make", &fields).await;
            page.is_ok().says("새 상품권: 마포동네상품권").says("마포구").says("10%").says("승인할 수 있는 변경이에요.");
            drafts.push(page);
        }
        let names = [("typed[name_ko]", "마포우리상품권"), ("typed[name_en]", "Our Mapo"), ("typed[start]", "once")];
        let page = planner.submit(&drafts[0], SAVE, &typed("", &names)).await;
        page.is_ok().says("새 상품권: 마포우리상품권").says("승인하는 즉시").says("2번째 판");
        let page = controller.open(&page.path).await;
        let page = controller.submit(&page, RELEASE, &[]).await;
        page.is_ok().says("적용됨").says("상품권 종류 보기");
        let kinds = world.store().kinds().await.unwrap();
        let made = kinds.iter().find(|kind| kind.scope == Scope::District(District::MAPO)).unwrap();
        assert_eq!((made.name_ko.as_str(), made.discount), ("마포우리상품권", BasisPoints(500)));
        planner.open("/city/plans/new").await.is_ok().says("마포우리상품권");
        planner.open(&drafts[1].path).await.is_ok().says("쓸 수 있는 곳: 이 자치구에는 상품권이 있거나 곧 생겨요");
        let page = planner.open("/city/kinds/new").await;
        assert!(!page.is_ok().words().contains("마포구"), "only districts without one");
    })
    .await;
}

#[tokio::test]
async fn each_operator_does_with_kinds_what_the_role_allows() {
    on_both_engines(async |world| {
        let planner = signed_in(world, "planner", "planner").await;
        let controller = signed_in(world, "controller", "controller").await;
        let auditor = signed_in(world, "auditor", "auditor").await;
        let kind = mapo(world).await;
        let day = in_days(3);
        let page = drafted(&planner, &kind, &day).await;
        let needs = |role| Error::Change(ChangeRefused::NotYourRole(role));
        let which = [("id", id(&page)), ("version", "1")];
        planner.post(RELEASE, &which).await.refuses(&needs(Role::Controller));
        auditor.post(RELEASE, &which).await.refuses(&needs(Role::Controller));
        for other in [&controller, &auditor] {
            let shown = other.open(&kind).await;
            assert!(!shown.is_ok().text.contains(CHANGE), "no form for them");
            assert!(!other.open(&page.path).await.is_ok().text.contains(SAVE));
            other.post(CANCEL, &which).await.refuses(&needs(Role::Planner));
            let kind = [("kind", kind.rsplit('/').next().unwrap())];
            other.post(CHANGE, &[&kind[..], &typed(&day, &[])].concat()).await.refuses(&needs(Role::Planner));
            other.post(SAVE, &[&which[..], &typed(&day, &[])].concat()).await.refuses(&needs(Role::Planner));
            other
                .post("/api/city/kinds/make", &[("district", "1"), ("name_ko", "a"), ("name_en", "a")])
                .await
                .refuses(&needs(Role::Planner));
            other.open("/city/kinds/new").await.is(403).says("계획 권한이 있는 담당자만 할 수 있어요.");
        }
        let seen = controller.open(&page.path).await;
        let seen = controller.submit(&seen, RELEASE, &[]).await;
        planner.post(CANCEL, &[("id", id(&page)), ("version", "2")]).await.refuses(&needs(Role::Controller));
        controller.submit(&seen, CANCEL, &[]).await.is_ok().says("취소됨");
        for path in ["/city/kinds/1", "/city/kinds/x", "/city/kinds/changes/1", "/city/kinds/changes/x"] {
            auditor.open(path).await.is(404);
        }
        auditor.post("/api/city/kinds/make", &[("district", "26"), ("name_ko", "a"), ("name_en", "a")]).await.is(422);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_change_is_said_in_words() {
    on_sqlite(async |world| {
        let planner = signed_in(world, "planner", "planner").await;
        let kind = mapo(world).await;
        let (today, day) = (in_days(0), in_days(3));
        let page = planner.open(&kind).await;
        planner.submit(&page, CHANGE, &typed(&day, &[("typed[discount]", "많이")])).await.is_ok().says("할인 칸을 다시 확인해 주세요.");
        let page = planner.submit(&page, CHANGE, &typed(&day, &[("typed[discount]", "21")])).await;
        page.is_ok().says("할인: 0%에서 20% 사이여야 해요").says("할인 재원: 더하면 5%예요. 할인 21%와 같아야 해요");
        let wrong = [("typed[month_limit]", "600,000"), ("typed[refund_from]", "50"), ("typed[validity_years]", "11")];
        let page = planner.submit(&page, SAVE, &typed(&today, &wrong)).await;
        page.is_ok().says("월 구매 한도: 보유 한도 50만 원보다 클 수 없어요").says("환불 기준: 60%에서 80% 사이여야 해요 (조례)");
        page.says("유효 기간: 1년에서 10년 사이여야 해요").says("적용 시점: 내일부터 고를 수 있어요");
        let page = planner.submit(&page, SAVE, &typed("", &[("typed[start]", "once")])).await;
        page.is_ok().says("적용 시점: 그날 이 상품권을 팔아요");
        assert!(!page.text.contains(" style="), "no style attributes: the policy forbids them");
        let page = planner.submit(&page, CANCEL, &[]).await;
        page.is_ok().says("취소됨");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_kind_says_what_its_discount_has_cost() {
    on_both_engines(async |world| {
        let auditor = signed_in(world, "auditor", "auditor").await;
        let citizen = world.citizen().await;
        let window = world.sale_of(Scope::District(District::MAPO), 1_000_000).await;
        citizen.buys(window, 50_000).await;
        let kind = world.store().kinds().await.unwrap()[0].id;
        let page = auditor.open(&format!("/city/kinds/{kind}")).await;
        page.is_ok().says("할인에 든 돈").says("3,500원").says("시비");
    })
    .await;
}
