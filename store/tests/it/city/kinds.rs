//! From a draft to what applies: by two people, at its midnight, once; and no lot is touched.

use super::signed_in;
use crate::world::{Citizen, World, on_both_engines, unique_bytes};
use domain::buying::{BankSays, State, Wish};
use domain::calendar::{Day, Month, Span};
use domain::district::District;
use domain::kind::change::*;
use domain::kind::funding::Funding;
use domain::kind::terms::Terms;
use domain::kind::{AfterExpiry, BasisPoints, Kind, Percent, Scope};
use domain::operator::Role;
use domain::plan::{self, Plan, PlanRefused};
use domain::sale::Who;
use domain::{ChangeId, KindId, RefundId, Refused, Timestamp, WindowId, Won};
use futures::future::join;
use jiff::ToSpan;
use store::{NewKind, OperatorProof};

/// Two midnights after the world's day.
const DAY: Day = Day(20260716);

fn midnight() -> Timestamp {
    "2026-07-16T00:00:00+09:00".parse().unwrap()
}

/// From 10 to 5 %, and all else less too.
fn lesser() -> Terms {
    Terms {
        discount: BasisPoints(500),
        unit: Won::of(10_000),
        month_limit: Won::of(200_000),
        holding_cap: Won::of(500_000),
        validity_years: 2,
        refund_from: Percent::new(70),
        funding: Funding { nation: BasisPoints(100), city: BasisPoints(250), district: BasisPoints(150) },
    }
}

fn of(kind: KindId) -> Change {
    Change { of: Of::Kind(kind), terms: lesser(), start: Start::On(DAY) }
}

fn new_in(district: District) -> Change {
    let of = Of::New { district, name_ko: "마포동네상품권".to_owned(), name_en: "Mapo voucher".to_owned() };
    Change { of, terms: Terms::of_a_district(), start: Start::AtOnce }
}

/// The kind of Mapo, as a district's kind usually is.
async fn mapo(world: &World) -> KindId {
    let Terms { discount, unit, month_limit, holding_cap, validity_years, refund_from, funding } = Terms::of_a_district();
    let (name_ko, name_en) = ("마포동네상품권".to_owned(), "Mapo voucher".to_owned());
    let scope = Scope::District(District::MAPO);
    let after_expiry = AfterExpiry::MODEL_TERMS;
    let new = NewKind { name_ko, name_en, scope, discount, unit, month_limit, holding_cap, validity_years, refund_from, after_expiry };
    world.store.create_kinds(&[(new, funding)], world.now).await.unwrap()[0]
}

async fn kind_now(world: &World, id: KindId) -> Kind {
    world.store.kind(id).await.unwrap().unwrap()
}

async fn drafted(world: &World, planner: &OperatorProof, change: &Change) -> ChangeId {
    world.store.draft_kind_change(planner, change, world.now).await.unwrap().unwrap()
}

/// Released by somebody else than its planner.
async fn released(world: &World, change: &Change) -> ChangeId {
    let (planner, controller) = (signed_in(world, "planner").await, signed_in(world, "controller").await);
    let id = drafted(world, &planner, change).await;
    world.store.release_kind_change(&controller, id, 1, world.now).await.unwrap().unwrap();
    id
}

async fn not_ready(world: &World, by: &OperatorProof, id: ChangeId) -> Vec<(Field, Why)> {
    match world.store.release_kind_change(by, id, 1, world.now).await.unwrap() {
        Err(ChangeRefused::NotReady(problems)) => problems.iter().map(|problem| (problem.at, problem.why)).collect(),
        other => panic!("{other:?}"),
    }
}

/// Open for an hour from ten in the morning of that day on.
async fn window_on(world: &World, kind: KindId, day: &str, total: i64) -> WindowId {
    let opens_at: Timestamp = format!("{day}T10:00:00+09:00").parse().unwrap();
    let span = Span::new(opens_at, opens_at + 1.hour()).unwrap();
    world.sale(kind, &[(span, Who::Anyone, Won::of(total))]).await[0]
}

#[tokio::test]
async fn a_change_applies_from_its_midnight_on() {
    on_both_engines(async |world| {
        let kind = mapo(world).await;
        let id = released(world, &of(kind)).await;
        let row = world.store.kind_change(id).await.unwrap().unwrap();
        assert_eq!((row.state, row.from, row.kind), (ChangeState::Released, Some(midnight()), Some(kind)));
        let just_before = midnight() - jiff::SignedDuration::from_millis(1);
        assert_eq!(world.store.apply_due_changes(just_before).await.unwrap(), []);
        assert_eq!(kind_now(world, kind).await.discount, BasisPoints(1_000));
        assert_eq!(world.store.apply_due_changes(midnight()).await.unwrap(), [(id, kind)]);
        assert_eq!(world.store.apply_due_changes(midnight()).await.unwrap(), [], "once");
        let now = kind_now(world, kind).await;
        assert_eq!(Terms::of(&now, lesser().funding), lesser());
        assert_eq!(
            (now.name_ko.as_str(), now.scope),
            ("마포동네상품권", Scope::District(District::MAPO)),
            "what is not of its terms stays"
        );
        let versions = world.store.kind_versions(kind).await.unwrap();
        let told: Vec<_> = versions.iter().map(|each| (each.version, each.terms, each.from, each.change)).collect();
        assert_eq!(told, [(2, lesser(), Some(midnight()), Some(id)), (1, Terms::of_a_district(), None, None)]);
        let rows = world.store.kind_rows().await.unwrap();
        assert_eq!((rows.len(), &rows[0].kind, &rows[0].version), (1, &now, &versions[0]));
        assert_eq!(world.store.kind_changes(kind, 10).await.unwrap()[0].state, ChangeState::Applied);
        assert!(world.store.open_kind_changes(10).await.unwrap().is_empty());
    })
    .await;
}

/// Discount, validity and threshold of each lot, in the order in which they were bought.
async fn terms_of_lots(world: &World, citizen: &Citizen) -> Vec<(u16, i16, Option<u8>, i64)> {
    let mut lots = world.store.wallet(citizen.id, midnight() + 34.hours()).await.unwrap().lots;
    lots.sort_by_key(|lot| lot.id);
    let year = |at: Timestamp| domain::calendar::in_seoul(at).year();
    lots.iter().map(|lot| (lot.discount.0, year(lot.expires_at), lot.refund_from.map(Percent::get), lot.paid.get())).collect()
}

#[tokio::test]
async fn what_was_bought_or_reserved_before_a_change_keeps_its_terms() {
    on_both_engines(async |world| {
        let (kind, citizen, other) = (mapo(world).await, world.citizen().await, world.citizen().await);
        let today = world.window(kind, 1_000_000).await;
        let after = window_on(world, kind, "2026-07-17", 1_000_000).await;
        world.buy(&citizen, today, 100_000).await;
        let open = world.reserve(&citizen, today, 50_000, world.now).await;
        let given_up = world.reserve(&other, today, 300_000, world.now).await;
        released(world, &of(kind)).await;
        world.store.apply_due_changes(midnight()).await.unwrap();
        // The bank answers about them only now; and of the one it says no.
        let then = midnight() + 34.hours();
        assert_eq!(world.store.till().settle(open, BankSays::Done, then).await.unwrap(), Some(State::Posted));
        let no = BankSays::Rejected(domain::buying::BankReason::InsufficientFunds);
        assert_eq!(world.store.till().settle(given_up, no, then).await.unwrap(), Some(State::Voided));
        world.buy_at(&citizen, after, 50_000, then).await;
        let (old, new) = ((1_000, 2031, Some(60)), (500, 2028, Some(70)));
        let lot = |terms: (u16, i16, Option<u8>), paid| (terms.0, terms.1, terms.2, paid);
        assert_eq!(terms_of_lots(world, &citizen).await, [lot(old, 90_000), lot(old, 45_000), lot(new, 47_500)]);
        // 200,000 of this month by now: the limit of today counts what was bought under the one of before.
        let wish = |face| Wish { id: world.purchase_id(), person: citizen.id, window: after, face, place: None, partner: None };
        let refused = world.store.till().reserve(wish(Won::of(10_000)), world.buyer(&citizen), then).await.unwrap();
        assert_eq!(refused, Err(Refused::MonthLimit { left: Won::ZERO, limit: Won::of(200_000) }));
    })
    .await;
}

#[tokio::test]
async fn lots_of_one_batch_get_the_terms_of_their_own_reservations() {
    on_both_engines(async |world| {
        let kind = mapo(world).await;
        let (today, after) = (world.window(kind, 1_000_000).await, window_on(world, kind, "2026-07-17", 1_000_000).await);
        let (one, other) = (world.citizen().await, world.citizen().await);
        let old = world.reserve(&one, today, 50_000, world.now).await;
        released(world, &of(kind)).await;
        world.store.apply_due_changes(midnight()).await.unwrap();
        let then = midnight() + 34.hours();
        let new = world.reserve(&other, after, 50_000, then).await;
        let till = world.store.till();
        let (first, second) = join(till.settle(old, BankSays::Done, then), till.settle(new, BankSays::Done, then)).await;
        assert_eq!((first.unwrap(), second.unwrap()), (Some(State::Posted), Some(State::Posted)));
        assert_eq!(terms_of_lots(world, &one).await, [(1_000, 2031, Some(60), 45_000)]);
        assert_eq!(terms_of_lots(world, &other).await, [(500, 2028, Some(70), 47_500)]);
    })
    .await;
}

#[tokio::test]
async fn each_action_needs_its_role_and_other_eyes() {
    on_both_engines(async |world| {
        let (planner, controller) = (signed_in(world, "planner").await, signed_in(world, "controller").await);
        let (both, auditor) = (signed_in(world, "planner,controller").await, signed_in(world, "auditor").await);
        let (kind, store) = (mapo(world).await, &world.store);
        let change = of(kind);
        let (no_planner, no_controller) = (ChangeRefused::NotYourRole(Role::Planner), ChangeRefused::NotYourRole(Role::Controller));
        let id = drafted(world, &planner, &change).await;
        for other in [&controller, &auditor] {
            assert_eq!(store.draft_kind_change(other, &change, world.now).await.unwrap(), Err(no_planner.clone()));
            assert_eq!(store.rewrite_kind_change(other, id, 1, &change, world.now).await.unwrap(), Err(no_planner.clone()));
            assert_eq!(store.cancel_kind_change(other, id, 1, world.now).await.unwrap(), Err(no_planner.clone()));
        }
        for other in [&planner, &auditor] {
            assert_eq!(store.release_kind_change(other, id, 1, world.now).await.unwrap(), Err(no_controller.clone()));
        }
        let more = Change { terms: Terms { validity_years: 3, ..lesser() }, ..change.clone() };
        assert_eq!(store.rewrite_kind_change(&both, id, 1, &more, world.now).await.unwrap(), Ok(2));
        assert_eq!(store.rewrite_kind_change(&planner, id, 1, &change, world.now).await.unwrap(), Err(ChangeRefused::Changed));
        assert_eq!(
            store.release_kind_change(&controller, id, 1, world.now).await.unwrap(),
            Err(ChangeRefused::Changed),
            "not what was seen"
        );
        assert_eq!(store.release_kind_change(&both, id, 2, world.now).await.unwrap(), Err(ChangeRefused::OwnChange), "wrote some of it");
        assert_eq!(store.release_kind_change(&controller, id, 2, world.now).await.unwrap(), Ok(midnight()));
        let is_released = Err(ChangeRefused::In(ChangeState::Released));
        assert_eq!(store.release_kind_change(&controller, id, 3, world.now).await.unwrap(), is_released);
        assert_eq!(store.cancel_kind_change(&planner, id, 3, world.now).await.unwrap(), Err(no_controller));
        let none = store.cancel_kind_change(&planner, ChangeId(1), 1, world.now).await.unwrap();
        assert_eq!(none, Err(ChangeRefused::NoSuchChange));
        // A draft that is not of the same kind stays of the one that it was begun for.
        let row = store.kind_change(id).await.unwrap().unwrap();
        assert_eq!((row.change, row.authors), (more, vec![planner.id(), both.id()]));
        let logged = world.rows("SELECT action FROM audit_log WHERE subject LIKE 'change %' ORDER BY number").await;
        let logged: Vec<String> = logged.iter().map(|row| sqlx::Row::get(row, 0)).collect();
        assert_eq!(logged, ["kind change drafted", "kind change rewritten", "kind change released"], "what was refused is not logged");
    })
    .await;
}

#[tokio::test]
async fn of_changes_and_releases_at_once_one_wins() {
    on_both_engines(async |world| {
        let planner = signed_in(world, "planner").await;
        let (one, other) = (signed_in(world, "controller").await, signed_in(world, "controller").await);
        let node = world.second_store().await;
        // The same change twice.
        let kind = mapo(world).await;
        let id = drafted(world, &planner, &of(kind)).await;
        let (first, second) =
            join(world.store.release_kind_change(&one, id, 1, world.now), node.release_kind_change(&other, id, 1, world.now)).await;
        assert_eq!(usize::from(first.unwrap().is_ok()) + usize::from(second.unwrap().is_ok()), 1);
        // Two of one kind: the second would change what the first has agreed on.
        let kind = world.kind(Scope::District(District::GANGNAM), 1_000).await;
        let (a, b) = (drafted(world, &planner, &of(kind)).await, drafted(world, &planner, &of(kind)).await);
        let (first, second) =
            join(world.store.release_kind_change(&one, a, 1, world.now), node.release_kind_change(&other, b, 1, world.now)).await;
        let refused: Vec<_> = [first.unwrap(), second.unwrap()].into_iter().filter_map(Result::err).collect();
        let waits = Problem { at: Field::Kind, why: Why::Waits { from: midnight() } };
        assert_eq!(refused, [ChangeRefused::NotReady(vec![waits])]);
        // A sale on the very day against the change.
        let kind = world.kind(Scope::Citywide, 700).await;
        let funding = Funding { nation: BasisPoints(100), city: BasisPoints(400), district: BasisPoints(0) };
        let id = drafted(world, &planner, &Change { terms: Terms { funding, ..lesser() }, ..of(kind) }).await;
        let names = ("판매".to_owned(), "Sale".to_owned());
        let plan = Plan::by_parity(kind, names, DAY, Won::of(10_000_000), Won::of(10_000));
        let plan = world.store.draft_plan(&planner, &plan, world.now).await.unwrap().unwrap();
        let (change, sale) =
            join(world.store.release_kind_change(&one, id, 1, world.now), node.release_plan(&other, plan, 1, world.now)).await;
        match (change.unwrap(), sale.unwrap()) {
            (Ok(_), Err(PlanRefused::NotReady(problems))) => {
                assert_eq!(problems, [plan::Problem { at: plan::Field::Day, why: plan::Why::KindChanges }]);
            }
            (Err(ChangeRefused::NotReady(problems)), Ok(_)) => {
                assert!(matches!(problems[..], [Problem { at: Field::Start, why: Why::OnSale { .. } }]), "{problems:?}");
            }
            other => panic!("{other:?}"),
        }
        // Applied on one of the nodes, never on both.
        let (here, there) = join(world.store.apply_due_changes(midnight()), node.apply_due_changes(midnight())).await;
        let applied = here.unwrap().len() + there.unwrap().len();
        assert_eq!(i64::try_from(applied).unwrap(), world.number("SELECT COUNT(*) FROM kind_version WHERE version = 2").await);
        assert!((2..=3).contains(&applied));
        node.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_day_of_sale_has_one_set_of_terms() {
    on_both_engines(async |world| {
        let (planner, controller) = (signed_in(world, "planner").await, signed_in(world, "controller").await);
        let kind = mapo(world).await;
        window_on(world, kind, "2026-07-16", 1_000_000).await;
        let later = window_on(world, kind, "2026-07-20", 50_000).await;
        let opens_at = "2026-07-16T10:00:00+09:00".parse().unwrap();
        let id = drafted(world, &planner, &of(kind)).await;
        assert_eq!(not_ready(world, &controller, id).await, [(Field::Start, Why::OnSale { opens_at })]);
        let shown = world.store.kind_change_problems(id, &of(kind), world.now).await.unwrap();
        assert_eq!(shown, [Problem { at: Field::Start, why: Why::OnSale { opens_at } }], "the page says what a release says");
        // A unit that a window to come was not planned in.
        let terms = Terms { unit: Won::of(20_000), month_limit: Won::of(200_000), holding_cap: Won::of(400_000), ..lesser() };
        let odd = Change { terms, start: Start::On(Day(20260718)), ..of(kind) };
        let id = drafted(world, &planner, &odd).await;
        let opens_at = "2026-07-20T10:00:00+09:00".parse().unwrap();
        assert_eq!(not_ready(world, &controller, id).await, [(Field::Unit, Why::WindowAmount { opens_at })]);
        world.sql(&format!("UPDATE sale_window SET total = 60000, planned = 60000 WHERE id = {later}")).await;
        world.store.release_kind_change(&controller, id, 1, world.now).await.unwrap().unwrap();
        // From then on sales are planned in the unit to come; and the change can't be called off under them.
        let names = || ("판매".to_owned(), "Sale".to_owned());
        let plan = |unit: i64, day| Plan { room: None, ..Plan::by_parity(kind, names(), Day(day), Won::of(unit), Won::of(unit / 2)) };
        let released = async |day, total| {
            let plan = world.store.draft_plan(&planner, &plan(total, day), world.now).await.unwrap().unwrap();
            world.store.release_plan(&controller, plan, 1, world.now).await.unwrap()
        };
        let not_whole = released(20260721, 100_000).await.unwrap_err();
        let unit = Won::of(20_000);
        let at = |number| plan::Problem { at: plan::Field::Window(number, plan::Part::Amount), why: plan::Why::NotAMultiple { unit } };
        assert_eq!(not_whole, PlanRefused::NotReady(vec![at(0), at(1)]));
        released(20260717, 100_000).await.unwrap();
        assert_eq!(
            world.store.cancel_kind_change(&controller, id, 2, world.now).await.unwrap(),
            Ok(()),
            "all is whole in the old unit too"
        );
    })
    .await;
}

#[tokio::test]
async fn a_change_is_called_off_until_a_minute_before() {
    on_both_engines(async |world| {
        let controller = signed_in(world, "controller").await;
        for (before_s, is_in_time) in [(61, true), (60, false), (-60, false)] {
            let kind = world.kind(Scope::District(District::MAPO), 1_000).await;
            let id = released(world, &of(kind)).await;
            let then = midnight() - before_s.seconds();
            let cancelled = world.store.cancel_kind_change(&controller, id, 2, then).await.unwrap();
            assert_eq!(cancelled, if is_in_time { Ok(()) } else { Err(ChangeRefused::TooLate) }, "{before_s}");
            let applied = world.store.apply_due_changes(midnight()).await.unwrap();
            assert_eq!(applied, if is_in_time { vec![] } else { vec![(id, kind)] });
        }
        // Sales in a unit that only the change has brought hold it.
        let planner = signed_in(world, "planner").await;
        let kind = mapo(world).await;
        let id = released(world, &Change { terms: Terms { unit: Won::of(5_000), ..lesser() }, ..of(kind) }).await;
        window_on(world, kind, "2026-07-20", 15_000).await;
        assert_eq!(world.store.cancel_kind_change(&controller, id, 2, world.now).await.unwrap(), Err(ChangeRefused::PlannedOn));
        let draft = drafted(world, &planner, &of(kind)).await;
        world.store.cancel_kind_change(&planner, draft, 1, world.now).await.unwrap().unwrap();
        let again = world.store.cancel_kind_change(&planner, draft, 2, world.now).await.unwrap();
        assert_eq!(again, Err(ChangeRefused::NotYourRole(Role::Controller)), "what is over is no planner's any more");
        let again = world.store.cancel_kind_change(&controller, draft, 2, world.now).await.unwrap();
        assert_eq!(again, Err(ChangeRefused::In(ChangeState::Cancelled)));
    })
    .await;
}

#[tokio::test]
async fn a_district_gets_one_kind() {
    on_both_engines(async |world| {
        let planner = signed_in(world, "planner").await;
        let (one, other) = (signed_in(world, "controller").await, signed_in(world, "controller").await);
        let node = world.second_store().await;
        let (a, b) = (drafted(world, &planner, &new_in(District::MAPO)).await, drafted(world, &planner, &new_in(District::MAPO)).await);
        let (first, second) =
            join(world.store.release_kind_change(&one, a, 1, world.now), node.release_kind_change(&other, b, 1, world.now)).await;
        let refused: Vec<_> = [first.unwrap(), second.unwrap()].into_iter().filter_map(Result::err).collect();
        assert_eq!(refused, [ChangeRefused::NotReady(vec![Problem { at: Field::District, why: Why::Taken }])]);
        let rows = world.store.kind_rows().await.unwrap();
        assert_eq!((rows.len(), rows[0].version.terms, rows[0].version.from), (1, Terms::of_a_district(), Some(world.now)), "at once");
        // It can be sold from that moment on.
        let (citizen, window) = (world.citizen().await, window_on(world, rows[0].kind.id, "2026-07-15", 100_000).await);
        world.buy_at(&citizen, window, 30_000, "2026-07-15T10:30:00+09:00".parse().unwrap()).await;
        // One that waits for its day keeps the district too.
        let id = released(world, &Change { start: Start::On(DAY), ..new_in(District::GANGNAM) }).await;
        let third = drafted(world, &planner, &new_in(District::GANGNAM)).await;
        assert_eq!(not_ready(world, &one, third).await, [(Field::District, Why::Taken)]);
        assert_eq!(world.store.apply_due_changes(midnight()).await.unwrap().len(), 1);
        let row = world.store.kind_change(id).await.unwrap().unwrap();
        assert_eq!((row.state, row.kind.is_some()), (ChangeState::Applied, true));
        node.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_ledger_says_what_the_discount_cost_whom() {
    on_both_engines(async |world| {
        let (kind, citizen) = (mapo(world).await, world.citizen().await);
        let (today, after) = (world.window(kind, 1_000_000).await, window_on(world, kind, "2026-07-17", 1_000_000).await);
        let july = Month::of(world.now);
        assert_eq!(world.store.discount_cost(kind, july).await.unwrap().paid, Won::ZERO);
        // 10,000 of 2, 5 and 3 %; and a reservation that has cost nothing yet.
        world.buy(&citizen, today, 100_000).await;
        world.reserve(&citizen, today, 10_000, world.now).await;
        released(world, &of(kind)).await;
        world.store.apply_due_changes(midnight()).await.unwrap();
        // 2,500 of 1, 2.5 and 1.5 %.
        world.buy_at(&citizen, after, 50_000, midnight() + 34.hours()).await;
        let lot = world.store.wallet(citizen.id, world.now).await.unwrap().lots.iter().min_by_key(|lot| lot.id).unwrap().id;
        let id = RefundId::from_parts(world.now.as_millisecond().unsigned_abs(), unique_bytes());
        let wish = domain::refunding::Wish { id, person: citizen.id, lot, back: Won::of(90_000) };
        world.store.till().refund(wish, "acc-1".to_owned(), world.now).await.unwrap().unwrap();
        world.store.till().settle_refund(id, BankSays::Done, world.now).await.unwrap();
        let cost = world.store.discount_cost(kind, july).await.unwrap();
        assert_eq!((cost.paid.get(), cost.paid_by.map(Won::get)), (12_500, [2_500, 6_250, 3_750]));
        assert_eq!((cost.back.get(), cost.back_to.map(Won::get)), (10_000, [2_000, 5_000, 3_000]), "by the shares it was paid by");
        let august = Month::of(world.now + (24 * 31).hours());
        assert_eq!(world.store.discount_cost(kind, august).await.unwrap().paid, Won::ZERO);
        let citywide = world.citywide().await;
        assert_eq!(world.store.discount_cost(citywide, july).await.unwrap().paid, Won::ZERO);
    })
    .await;
}
