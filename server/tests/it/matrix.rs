//! Every server function is a public endpoint. Each stands here with what it needs; one that is missing fails the test. What belongs to a
//! shop is tried by everybody: a stranger, somebody else, and each role of its staff.

use crate::world::on_both_engines;
use http::Method;
use leptos::server_fn::axum::server_fn_paths;

/// What whoever calls has to be.
#[derive(Debug, PartialEq)]
enum Needs {
    /// Nobody: for strangers too. The status that a stranger gets for the given fields.
    Nothing(u16),
    SignedIn,
    /// Staff of the shop, of any role.
    Staff,
    /// Staff of the shop; the status that those get who may, for fields that name nothing that is there.
    StaffGet(u16),
    /// Of this role at least; the status that those get. Below it nobody gets further than 403.
    From(Role, u16),
}

use Needs::{From, Nothing, SignedIn, Staff, StaffGet};
use domain::merchant::Role;

const ENDPOINTS: &[(&str, Needs, &str)] = &[
    // The city's console has a sign-in of its own; which operator may do what is told in `city`.
    ("/api/city/day", SignedIn, ""),
    ("/api/city/gifts/get", SignedIn, ""),
    ("/api/city/kinds/change", SignedIn, "kind=1&typed[discount]=1"),
    ("/api/city/kinds/changes/cancel", SignedIn, "id=1&version=1"),
    ("/api/city/kinds/changes/get", SignedIn, "id=1"),
    ("/api/city/kinds/changes/release", SignedIn, "id=1&version=1"),
    ("/api/city/kinds/changes/save", SignedIn, "id=1&version=1&typed[discount]=1"),
    ("/api/city/kinds/get", SignedIn, "id=1"),
    ("/api/city/kinds/list", SignedIn, ""),
    ("/api/city/kinds/make", SignedIn, "district=14&name_ko=a&name_en=a"),
    ("/api/city/kinds/new", SignedIn, ""),
    ("/api/city/lots/extend", SignedIn, "which=1:1&until=2030-01-01&reason=reason"),
    ("/api/city/lots/get", SignedIn, ""),
    ("/api/city/lots/waive", SignedIn, "kind=1&reason=reason"),
    ("/api/city/log", SignedIn, ""),
    ("/api/city/partners/cap", SignedIn, "partner=1&window=1&most=10000"),
    ("/api/city/partners/endpoint", SignedIn, "partner=1&url="),
    ("/api/city/partners/key", SignedIn, "partner=1&scopes=read"),
    ("/api/city/partners/list", SignedIn, ""),
    ("/api/city/partners/revoke", SignedIn, "key=1"),
    ("/api/city/partners/rotate", SignedIn, "key=1"),
    ("/api/city/partners/secret", SignedIn, "partner=1"),
    ("/api/city/plans/cancel", SignedIn, "id=1&version=1"),
    ("/api/city/plans/get", SignedIn, "id=1"),
    ("/api/city/plans/make", SignedIn, "name_ko=a&name_en=a&kind=1&day=2030-01-01&shape=empty"),
    ("/api/city/plans/new", SignedIn, ""),
    ("/api/city/plans/release", SignedIn, "id=1&version=1"),
    ("/api/city/plans/save", SignedIn, "id=1&version=1&typed[kind]=1"),
    ("/api/city/rooms/get", SignedIn, "window=1"),
    ("/api/city/rooms/steer", SignedIn, "window=1&gate=open&rate_per_s=1&most_inside=1"),
    ("/api/city/shops/decide", SignedIn, "number=SHOP&version=0&decision=closed&reason=reason"),
    ("/api/city/shops/get", SignedIn, "number=SHOP"),
    ("/api/city/shops/list", SignedIn, ""),
    ("/api/city/settlement/get", SignedIn, ""),
    ("/api/city/settlement/match", SignedIn, ""),
    ("/api/city/settlement/retry", SignedIn, "number=00000018&day=20260302"),
    ("/api/city/settlement/revenue", SignedIn, "number=00000018&year=2025&revenue=1"),
    ("/api/city/start/code", Nothing(409), "code=000000"),
    ("/api/city/start/demo", Nothing(200), ""),
    ("/api/city/start/out", Nothing(200), ""),
    ("/api/city/start/password", Nothing(200), "login=a&password=b"),
    ("/api/gift/accept", SignedIn, "link=0"),
    ("/api/gift/decline", SignedIn, "link=0"),
    // For whoever has the link, before they are a member.
    ("/api/gift/open", Nothing(404), "link=0"),
    ("/api/gift/thank", SignedIn, "link=0&thanks=thanks"),
    ("/api/gifts/desk", SignedIn, "kind=1"),
    (
        "/api/gifts/give",
        SignedIn,
        "typed[gift]=0193d6a0-0000-7000-8000-000000000001&typed[kind]=1&typed[to]=link&typed[card]=plain&typed[parts][0][lot]=1&typed[parts][0][amount]=1&pin=246810",
    ),
    ("/api/gifts/list", SignedIn, ""),
    ("/api/gifts/sent", SignedIn, "gift=0193d6a0-0000-7000-8000-000000000001"),
    ("/api/gifts/take-back", SignedIn, "gift=0193d6a0-0000-7000-8000-000000000001"),
    ("/api/home", Nothing(200), ""),
    ("/api/history/list", SignedIn, "before="),
    ("/api/me/bank", SignedIn, "bank=088&account=110123456789&pin=246810"),
    ("/api/me/language", Nothing(200), "language=en"),
    ("/api/me/profile", SignedIn, ""),
    ("/api/me/sessions", SignedIn, ""),
    ("/api/me/sessions/end", SignedIn, "id=1"),
    ("/api/me/sessions/end-others", SignedIn, ""),
    ("/api/me/text", Nothing(200), "size=large"),
    ("/api/merchant/about", Staff, "number=SHOP"),
    ("/api/merchant/application", Staff, "number=SHOP"),
    ("/api/merchant/ask", Staff, "number=SHOP&amount=1000"),
    ("/api/merchant/asked", StaffGet(404), "number=SHOP&id=1"),
    (
        "/api/merchant/cancel",
        From(Role::Manager, 404),
        "number=SHOP&payment=0193d6a0-0000-7000-8000-000000000001&id=0193d6a0-0000-7000-8000-000000000002&amount=1000",
    ),
    ("/api/merchant/listen", Staff, "number=SHOP&device=0193d6a0-0000-7000-8000-000000000001&wants=show&heard=0"),
    ("/api/merchant/devices/end", StaffGet(404), "number=SHOP&session=1"),
    ("/api/merchant/devices/list", Staff, "number=SHOP"),
    // Whoever holds the token; what it opens is told in `staffing`.
    ("/api/merchant/invitations/accept", SignedIn, "token=0"),
    ("/api/merchant/invitations/get", SignedIn, "token=0"),
    ("/api/merchant/invitations/make", From(Role::Manager, 200), "number=SHOP&role=cashier"),
    ("/api/merchant/invitations/revoke", From(Role::Manager, 409), "number=SHOP&id=1"),
    ("/api/merchant/mine", SignedIn, ""),
    // The own applications; that others' are not there is told in `applications`.
    ("/api/merchant/new/about", SignedIn, "id=1&name=a&category=5812&district=1&address=abcdef"),
    ("/api/merchant/new/account", SignedIn, "id=1&check=0193d6a0-0000-7000-8000-000000000001&bank=088&account=110123456789"),
    ("/api/merchant/new/begin", SignedIn, "business=123-45-67891"),
    ("/api/merchant/new/code", SignedIn, "id=1&code=0000"),
    ("/api/merchant/new/get", SignedIn, "id=1"),
    ("/api/merchant/new/list", SignedIn, ""),
    ("/api/merchant/new/send", SignedIn, "id=1"),
    ("/api/merchant/new/withdraw", SignedIn, "id=1"),
    ("/api/merchant/settlements", From(Role::Manager, 200), "number=SHOP&before="),
    ("/api/merchant/settlements/day", From(Role::Manager, 404), "number=SHOP&day=20260302&after=0"),
    ("/api/merchant/settlements/retry", From(Role::Owner, 200), "number=SHOP&day=20260302"),
    ("/api/merchant/payment", StaffGet(404), "number=SHOP&payment=0193d6a0-0000-7000-8000-000000000001"),
    ("/api/merchant/push/list", Staff, "number=SHOP"),
    ("/api/merchant/push/renew", SignedIn, "endpoint=http://10.0.0.1/&p256dh=a&auth=b"),
    ("/api/merchant/push/shown", Staff, "number=SHOP&first=1&last=1"),
    ("/api/merchant/push/sms", From(Role::Manager, 200), "number=SHOP&sms=on&person=&from=00:00&to=06:00"),
    ("/api/merchant/push/subscribe", StaffGet(400), "number=SHOP&endpoint=http://10.0.0.1/&p256dh=a&auth=b"),
    ("/api/merchant/push/unsubscribe", StaffGet(404), "number=SHOP&id=1"),
    ("/api/merchant/qr", Staff, "number=SHOP"),
    (
        "/api/merchant/take",
        StaffGet(404),
        "number=SHOP&payment=0193d6a0-0000-7000-8000-000000000001&code=770000000000001234567895&amount=1000",
    ),
    ("/api/merchant/staff/dismiss", From(Role::Manager, 404), "number=SHOP&person=1"),
    // Whoever works there goes, and is gone for the rest of this test: see `staffing`.
    ("/api/merchant/staff/leave", SignedIn, "number=SHOP"),
    ("/api/merchant/staff/list", Staff, "number=SHOP"),
    ("/api/merchant/staff/role", From(Role::Manager, 404), "number=SHOP&person=1&role=cashier"),
    ("/api/merchant/taken", StaffGet(404), "number=SHOP&payment=0193d6a0-0000-7000-8000-000000000001"),
    ("/api/merchant/till", Staff, "number=SHOP"),
    ("/api/merchant/today", Staff, "number=SHOP"),
    ("/api/offers/list", SignedIn, ""),
    ("/api/pay", SignedIn, "payment=0193d6a0-0000-7000-8000-000000000001&number=SHOP&amount=1000&pin=246810"),
    ("/api/pay/code", SignedIn, "pin=246810"),
    ("/api/pay/code/confirm", SignedIn, "id=1"),
    ("/api/pay/code/decline", SignedIn, "id=1"),
    ("/api/pay/code/renew", SignedIn, "id=1"),
    ("/api/pay/code/state", SignedIn, "id=1"),
    ("/api/pay/desk", SignedIn, "number=SHOP"),
    // Only reads what it was given, and leads to a page that asks who it is.
    ("/api/pay/find", Nothing(200), "code=SHOP"),
    ("/api/pay/payment", SignedIn, "id=0193d6a0-0000-7000-8000-000000000001"),
    ("/api/purchases/buy", SignedIn, "purchase=0193d6a0-0000-7000-8000-000000000001&window=1&face=10000&pin=246810"),
    ("/api/purchases/get", SignedIn, "id=0193d6a0-0000-7000-8000-000000000001"),
    ("/api/refunds/desk", SignedIn, "lot=1"),
    ("/api/refunds/get", SignedIn, "id=0193d6a0-0000-7000-8000-000000000001"),
    ("/api/refunds/lots", SignedIn, "kind=1"),
    ("/api/refunds/refund", SignedIn, "refund=0193d6a0-0000-7000-8000-000000000001&lot=1&back=93000&pin=246810"),
    ("/api/shops/find", Nothing(200), ""),
    ("/api/shops/map", Nothing(200), "corners[south]=37.5&corners[west]=126.9&corners[north]=37.6&corners[east]=127"),
    ("/api/shops/mine", SignedIn, ""),
    ("/api/shops/place", From(Role::Manager, 200), "number=SHOP&lat=37.5563&lon=126.9036"),
    ("/api/start/again", Nothing(409), ""),
    ("/api/start/bank", Nothing(409), "bank=088&account=110123456789"),
    ("/api/start/code", Nothing(409), "code=000000"),
    ("/api/start/confirm", Nothing(409), "pin=246810"),
    ("/api/start/identity", Nothing(409), "name=%EA%B9%80&birth_date=19900514"),
    ("/api/rooms/enter", SignedIn, "window=1"),
    ("/api/rooms/evidence", SignedIn, "window=1"),
    ("/api/rooms/join", SignedIn, "window=1"),
    ("/api/start/later", Nothing(409), ""),
    ("/api/start/forgotten", SignedIn, ""),
    ("/api/start/out", Nothing(200), ""),
    ("/api/start/phone", Nothing(200), "phone=01055509999"),
    ("/api/start/pin", Nothing(409), "pin=246810&again=246810"),
    ("/api/start/standing", Nothing(200), ""),
    ("/api/statement/year", SignedIn, "year="),
    ("/api/takings/look", From(Role::Manager, 200), "number=SHOP"),
    ("/api/takings/payments", Staff, "number=SHOP"),
    ("/api/visitor", Nothing(200), ""),
];

#[tokio::test]
async fn every_server_function_asks_who_calls() {
    on_both_engines(async |world| {
        // The router must have been built: then all are registered.
        let owner = world.citizen().await;
        let merchant = world.shop(owner.person, domain::district::District::MAPO).await;
        let shop = merchant.number.to_string();
        let (cashier, manager) = (world.citizen().await, world.citizen().await);
        let proof = world.store().staff(owner.person, merchant.id, Role::Owner).await.unwrap().unwrap();
        for (person, role) in [(cashier.person, Role::Cashier), (manager.person, Role::Manager)] {
            assert!(world.store().add_staff(&proof, person, role, domain::Timestamp::now()).await.unwrap());
        }
        let staff = [(Role::Cashier, &cashier), (Role::Manager, &manager), (Role::Owner, &owner)];
        let mut registered: Vec<(String, Method)> = server_fn_paths().map(|(path, method)| (path.to_owned(), method)).collect();
        registered.sort_by(|one, other| one.0.cmp(&other.0));
        let listed: Vec<(String, Method)> = ENDPOINTS.iter().map(|(path, ..)| ((*path).to_owned(), Method::POST)).collect();
        let missing: Vec<_> = registered.iter().filter(|endpoint| !listed.contains(endpoint)).collect();
        assert!(missing.is_empty(), "say in ENDPOINTS what they need: {missing:?}");
        let gone: Vec<_> = listed.iter().filter(|endpoint| !registered.contains(endpoint)).collect();
        assert!(gone.is_empty(), "take them off ENDPOINTS: {gone:?}");

        let signed_in = world.citizen().await;
        for (path, needs, body) in ENDPOINTS {
            let body = body.replace("SHOP", &shop).into_bytes();
            let form = "application/x-www-form-urlencoded";
            let stranger = world.browser().post_body(path, form, body.clone()).await;
            match needs {
                Nothing(status) => assert_eq!(stranger.status.as_u16(), *status, "{path}: {}", stranger.text),
                SignedIn | Staff | StaffGet(_) | From(..) => assert_eq!(stranger.error(), app::Error::SignedOut, "{path}"),
            }
            let (least, status) = match needs {
                Nothing(_) | SignedIn => continue,
                Staff => (Role::Cashier, 200),
                StaffGet(status) => (Role::Cashier, *status),
                From(role, status) => (*role, *status),
            };
            let other = signed_in.browser.post_body(path, form, body.clone()).await;
            assert_eq!(other.error(), app::Error::NotFound, "{path}");
            for (role, person) in staff {
                let answer = person.browser.post_body(path, form, body.clone()).await;
                let expected = if role < least { 403 } else { status };
                assert_eq!(answer.status.as_u16(), expected, "{path} by {role:?}: {}", answer.text);
            }
        }
    })
    .await;
}
