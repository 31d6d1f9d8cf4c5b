//! From a draft to a sale, by two people; and back.

use super::{operator, signed_in};
use crate::world::{World, on_both_engines};
use domain::calendar::Day;
use domain::operator::Role;
use domain::plan::{Field, Part, Plan, PlanRefused, PlanState, Problem, Why};
use domain::room::admission::Gate;
use domain::room::{Figures, NotSettings};
use domain::sale::Who;
use domain::{KindId, PlanId, Refused, WindowId, Won};
use store::OperatorProof;

const TOTAL: i64 = 50_000_000_000;

/// The day after the world's.
fn plan(kind: KindId) -> Plan {
    let names = ("7월 15일 판매".to_owned(), "Sale of 15 July".to_owned());
    Plan::by_parity(kind, names, Day(20260715), Won::of(TOTAL), Won::of(10_000))
}

async fn drafted(world: &World, planner: &OperatorProof) -> PlanId {
    let kind = world.citywide().await;
    world.store.draft_plan(planner, &plan(kind), world.now).await.unwrap().unwrap()
}

#[tokio::test]
async fn another_operator_releases_what_one_planned() {
    on_both_engines(async |world| {
        let (planner, controller) = (signed_in(world, "planner").await, signed_in(world, "controller").await);
        let id = drafted(world, &planner).await;
        let row = world.store.plan(id).await.unwrap().unwrap();
        assert_eq!(
            (row.state, row.version, row.planner.as_str(), row.authors.as_slice()),
            (PlanState::Draft, 1, planner.name(), &[planner.id()][..])
        );
        let sale = world.store.release_plan(&controller, id, 1, world.now).await.unwrap().unwrap();
        let views = world.store.on_sale(world.now).await.unwrap();
        let view = views.iter().find(|view| view.sale == sale).unwrap();
        let told: Vec<_> = view.windows.iter().map(|(window, pool)| (window.who, pool.total.get())).collect();
        assert_eq!(told, [(Who::OddBirthYears, TOTAL / 2), (Who::EvenBirthYears, TOTAL / 2), (Who::Anyone, 0)]);
        assert_eq!(view.name_ko, "7월 15일 판매");
        let rooms = world.store.rooms(world.now).await.unwrap();
        assert_eq!(rooms.len(), 3);
        assert_eq!(rooms[0].settings, domain::room::Settings::default());
        let row = world.store.plan(id).await.unwrap().unwrap();
        assert_eq!((row.state, row.sale, row.releaser.as_deref()), (PlanState::Released, Some(sale), Some(controller.name())));
        // Neither twice nor another way afterwards.
        let again = world.store.release_plan(&controller, id, row.version, world.now).await.unwrap();
        assert_eq!(again, Err(PlanRefused::In(PlanState::Released)));
        let changed = world.store.change_plan(&planner, id, row.version, &row.plan, world.now).await.unwrap();
        assert_eq!(changed, Err(PlanRefused::In(PlanState::Released)));
        assert_eq!(world.store.plans(10).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn whoever_wrote_any_of_it_does_not_release_it() {
    on_both_engines(async |world| {
        let all = signed_in(world, "planner,controller,auditor").await;
        let other = signed_in(world, "planner,controller").await;
        let id = drafted(world, &all).await;
        assert_eq!(world.store.release_plan(&all, id, 1, world.now).await.unwrap(), Err(PlanRefused::OwnPlan));
        let row = world.store.plan(id).await.unwrap().unwrap();
        assert_eq!(world.store.change_plan(&other, id, 1, &row.plan, world.now).await.unwrap(), Ok(2));
        for author in [&all, &other] {
            assert_eq!(world.store.release_plan(author, id, 2, world.now).await.unwrap(), Err(PlanRefused::OwnPlan));
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM sale").await, 0);
        let third = signed_in(world, "controller").await;
        world.store.release_plan(&third, id, 2, world.now).await.unwrap().unwrap();
    })
    .await;
}

#[tokio::test]
async fn each_action_needs_its_role() {
    on_both_engines(async |world| {
        let (planner, controller) = (signed_in(world, "planner").await, signed_in(world, "controller").await);
        let auditor = signed_in(world, "auditor").await;
        let id = drafted(world, &planner).await;
        let store = &world.store;
        let (not_planner, not_controller) = (PlanRefused::NotYourRole(Role::Planner), PlanRefused::NotYourRole(Role::Controller));
        let plan = plan(KindId(1));
        for other in [&controller, &auditor] {
            assert_eq!(store.draft_plan(other, &plan, world.now).await.unwrap(), Err(not_planner.clone()));
            assert_eq!(store.change_plan(other, id, 1, &plan, world.now).await.unwrap(), Err(not_planner.clone()));
            assert_eq!(store.cancel_plan(other, id, 1, world.now).await.unwrap(), Err(not_planner.clone()));
        }
        for other in [&planner, &auditor] {
            assert_eq!(store.release_plan(other, id, 1, world.now).await.unwrap(), Err(not_controller.clone()));
            assert_eq!(store.steer(other, WindowId(1), Gate::Paused, 1, 1, world.now).await.unwrap(), Err(not_controller.clone()));
            let no_log = store.audit_log(&controller, None, 10).await.unwrap().unwrap_err();
            assert_eq!(no_log, PlanRefused::NotYourRole(Role::Auditor));
        }
        store.release_plan(&controller, id, 1, world.now).await.unwrap().unwrap();
        assert_eq!(store.cancel_plan(&planner, id, 2, world.now).await.unwrap(), Err(not_controller));
        assert_eq!(world.number("SELECT COUNT(*) FROM audit_log WHERE subject LIKE 'plan%'").await, 2, "what was refused is not logged");
    })
    .await;
}

#[tokio::test]
async fn whoever_read_an_older_version_changes_nothing() {
    on_both_engines(async |world| {
        let (planner, controller) = (signed_in(world, "planner").await, signed_in(world, "controller").await);
        let id = drafted(world, &planner).await;
        let mut plan = world.store.plan(id).await.unwrap().unwrap().plan;
        plan.windows.pop();
        assert_eq!(world.store.change_plan(&planner, id, 1, &plan, world.now).await.unwrap(), Ok(2));
        assert_eq!(world.store.change_plan(&planner, id, 1, &plan, world.now).await.unwrap(), Err(PlanRefused::Changed));
        assert_eq!(world.store.release_plan(&controller, id, 1, world.now).await.unwrap(), Err(PlanRefused::Changed), "not what was seen");
        assert_eq!(world.store.cancel_plan(&planner, id, 1, world.now).await.unwrap(), Err(PlanRefused::Changed));
        assert_eq!(world.store.cancel_plan(&planner, PlanId(1), 1, world.now).await.unwrap(), Err(PlanRefused::NoSuchPlan));
        assert_eq!(world.store.plan(id).await.unwrap().unwrap().plan, plan);
    })
    .await;
}

#[tokio::test]
async fn one_release_of_many_at_once_makes_one_sale() {
    on_both_engines(async |world| {
        let planner = signed_in(world, "planner").await;
        let (one, other) = (signed_in(world, "controller").await, signed_in(world, "controller").await);
        let id = drafted(world, &planner).await;
        let node = world.second_store().await;
        let (first, second, third) = tokio::join!(
            world.store.release_plan(&one, id, 1, world.now),
            node.release_plan(&other, id, 1, world.now),
            world.store.cancel_plan(&planner, id, 1, world.now),
        );
        let done = usize::from(first.unwrap().is_ok()) + usize::from(second.unwrap().is_ok()) + usize::from(third.unwrap().is_ok());
        assert_eq!(done, 1);
        assert!(world.number("SELECT COUNT(*) FROM sale").await <= 1);
        node.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_plan_with_problems_stays_a_draft() {
    on_both_engines(async |world| {
        let (planner, controller) = (signed_in(world, "planner").await, signed_in(world, "controller").await);
        let kind = world.citywide().await;
        let mut wrong = plan(kind);
        wrong.windows[0].amount = Won::of(5_000);
        wrong.name_en = "a\0\n".to_owned();
        let id = world.store.draft_plan(&planner, &wrong, world.now).await.unwrap().unwrap();
        let unit = Won::of(10_000);
        let problems = vec![Problem { at: Field::Window(0, Part::Amount), why: Why::NotAMultiple { unit } }];
        assert_eq!(world.store.release_plan(&controller, id, 1, world.now).await.unwrap(), Err(PlanRefused::NotReady(problems)));
        let row = world.store.plan(id).await.unwrap().unwrap();
        assert_eq!((row.version, row.state, row.plan.name_en.as_str()), (1, PlanState::Draft, "a"));
        // Time runs out for a draft too.
        let fine = plan(kind);
        assert_eq!(world.store.change_plan(&planner, id, 1, &fine, world.now).await.unwrap(), Ok(2));
        let late = world.later(86_400);
        let refused = world.store.release_plan(&controller, id, 2, late).await.unwrap().unwrap_err();
        assert_eq!(refused, PlanRefused::NotReady(vec![Problem { at: Field::Window(0, Part::Hours), why: Why::Past }]));
        let no_kind = Plan { kind: KindId(404), ..fine };
        let id = world.store.draft_plan(&planner, &no_kind, world.now).await.unwrap().unwrap();
        let refused = world.store.release_plan(&controller, id, 1, world.now).await.unwrap().unwrap_err();
        assert_eq!(refused, PlanRefused::NotReady(vec![Problem { at: Field::Kind, why: Why::Missing }]));
    })
    .await;
}

#[tokio::test]
async fn a_released_plan_is_called_off_until_people_may_wait() {
    on_both_engines(async |world| {
        let (planner, controller) = (signed_in(world, "planner").await, signed_in(world, "controller").await);
        // Opens 23.5 hours from now, the pre-queue 30 minutes earlier.
        let pre_queue_s = 23 * 3_600;
        for (after_s, is_in_time) in [(0, true), (pre_queue_s - 61, true), (pre_queue_s - 60, false), (pre_queue_s + 1_800, false)] {
            let id = drafted(world, &planner).await;
            let sale = world.store.release_plan(&controller, id, 1, world.now).await.unwrap().unwrap();
            let windows: Vec<WindowId> = shown(world, sale).await;
            let then = world.later(after_s);
            let cancelled = world.store.cancel_plan(&controller, id, 2, then).await.unwrap();
            assert_eq!(cancelled, if is_in_time { Ok(()) } else { Err(PlanRefused::HasBegun) }, "{after_s}");
            let row = world.store.plan(id).await.unwrap().unwrap();
            assert_eq!(row.state, if is_in_time { PlanState::Cancelled } else { PlanState::Released });
            if is_in_time {
                assert!(shown(world, sale).await.is_empty(), "no screen shows it");
                assert_eq!(row.plan.windows.len(), 3, "the plan keeps the hours");
                assert_eq!(world.store.cancel_plan(&controller, id, 3, then).await.unwrap(), Err(PlanRefused::In(PlanState::Cancelled)));
                let buyer = world.citizen().await;
                let wish = domain::buying::Wish {
                    id: world.purchase_id(),
                    person: buyer.id,
                    window: windows[1],
                    face: Won::of(10_000),
                    place: None,
                    partner: None,
                };
                for at in [then, world.later(86_400 + 4 * 3_600)] {
                    let refused = world.store.till().reserve(wish, world.buyer(&buyer), at).await.unwrap().unwrap_err();
                    assert!(matches!(refused, Refused::WindowClosed { .. } | Refused::NeedsPass), "{refused:?}");
                }
            }
        }
    })
    .await;
}

async fn shown(world: &World, sale: domain::SaleId) -> Vec<WindowId> {
    let views = world.store.on_sale(world.now).await.unwrap();
    views.into_iter().filter(|view| view.sale == sale).flat_map(|view| view.windows).map(|(window, _)| window.id).collect()
}

#[tokio::test]
async fn a_draft_is_thrown_away() {
    on_both_engines(async |world| {
        let planner = signed_in(world, "planner").await;
        let id = drafted(world, &planner).await;
        world.store.cancel_plan(&planner, id, 1, world.now).await.unwrap().unwrap();
        let row = world.store.plan(id).await.unwrap().unwrap();
        assert_eq!((row.state, row.sale, row.cancelled_at), (PlanState::Cancelled, None, Some(world.now)));
    })
    .await;
}

#[tokio::test]
async fn a_controller_steers_a_room() {
    on_both_engines(async |world| {
        let (planner, controller) = (signed_in(world, "planner").await, signed_in(world, "controller").await);
        let id = drafted(world, &planner).await;
        world.store.release_plan(&controller, id, 1, world.now).await.unwrap().unwrap();
        let window = world.store.rooms(world.now).await.unwrap()[0].window.id;
        world.store.steer(&controller, window, Gate::Paused, 55, 1_234, world.now).await.unwrap().unwrap();
        let admission = world.store.rooms(world.now).await.unwrap()[0].admission;
        assert_eq!((admission.gate, admission.rate_per_s, admission.most_inside), (Gate::Paused, 55, 1_234));
        for (rate, inside, why) in [(0, 1, NotSettings::Rate), (1, 0, NotSettings::MostInside), (100_001, 1, NotSettings::Rate)] {
            let refused = world.store.steer(&controller, window, Gate::Open, rate, inside, world.now).await.unwrap();
            assert_eq!(refused, Err(PlanRefused::NoSettings(why)));
        }
        let nowhere = world.store.steer(&controller, WindowId(1), Gate::Open, 1, 1, world.now).await.unwrap();
        assert_eq!(nowhere, Err(PlanRefused::NoSuchRoom));
        assert_eq!(world.number("SELECT COUNT(*) FROM audit_log WHERE action = 'room steered'").await, 1);
        let figures = Figures::default();
        assert_eq!(world.store.rooms(world.now).await.unwrap()[0].settings.rate_per_s, figures.rate_per_s, "what was planned stays");
        assert!(operator(world, "auditor").await.id != controller.id());
    })
    .await;
}
