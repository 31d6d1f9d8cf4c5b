//! The chain of what operators did.

use super::{operator, signed_in};
use crate::world::{World, on_both_engines};
use domain::calendar::Day;
use domain::plan::Plan;
use domain::{KindId, Won};
use store::{Chain, LogEntry, OperatorProof};

async fn read(world: &World, auditor: &OperatorProof) -> (Vec<LogEntry>, Chain) {
    world.store.audit_log(auditor, None, 100).await.unwrap().unwrap()
}

fn plan() -> Plan {
    Plan::by_parity(KindId(1), ("가".to_owned(), "a".to_owned()), Day(20260715), Won::of(20_000), Won::of(10_000))
}

#[tokio::test]
async fn each_action_is_one_entry_newest_first() {
    on_both_engines(async |world| {
        let auditor = signed_in(world, "auditor,planner").await;
        let id = world.store.draft_plan(&auditor, &plan(), world.now).await.unwrap().unwrap();
        let (entries, chain) = read(world, &auditor).await;
        let told: Vec<_> = entries.iter().map(|entry| (entry.number, entry.action.as_str(), entry.operator.is_some())).collect();
        assert_eq!(told, [(3, "plan drafted", true), (2, "signed in", true), (1, "operator made", false)]);
        assert_eq!((entries[0].at, entries[0].subject.as_str()), (world.now, format!("plan {id}").as_str()));
        let detail: serde_json::Value = serde_json::from_str(&entries[0].detail).unwrap();
        assert_eq!(serde_json::from_value::<Plan>(detail["plan"].clone()).unwrap(), plan());
        let Chain::Holds { entries: 3, head } = chain else { panic!("{chain:?}") };
        assert_eq!(head.len(), 64);
        let (older, _) = world.store.audit_log(&auditor, Some(3), 1).await.unwrap().unwrap();
        assert_eq!(older[0].number, 2);
    })
    .await;
}

#[tokio::test]
async fn entries_of_two_nodes_stand_in_one_row() {
    on_both_engines(async |world| {
        let auditor = signed_in(world, "auditor,planner").await;
        let node = world.second_store().await;
        let drafts = (0..20).map(|number| {
            let store = if number % 2 == 0 { &world.store } else { &node };
            // On SQLite both give the same ids in the same millisecond.
            let (auditor, plan, now) = (&auditor, plan(), world.later(number));
            async move { store.draft_plan(auditor, &plan, now).await.unwrap().unwrap() }
        });
        futures::future::join_all(drafts).await;
        let (entries, chain) = read(world, &auditor).await;
        assert!(matches!(chain, Chain::Holds { entries: 22, .. }), "{chain:?}");
        assert_eq!(entries.len(), 22);
        node.close().await;
    })
    .await;
}

/// One after the other: whoever changes a row, takes one out, puts one in or cuts the end off is found at the right number.
#[tokio::test]
async fn whatever_is_changed_in_the_log_is_found() {
    on_both_engines(async |world| {
        world.breaks("audit_log_is_unbroken");
        let auditor = signed_in(world, "auditor").await;
        operator(world, "planner").await;
        operator(world, "controller").await;
        let whole = "SELECT COUNT(*) FROM audit_log";
        assert_eq!(world.number(whole).await, 4);
        for (change, back, at) in [
            (
                "UPDATE audit_log SET detail = '{}' WHERE number = 3",
                Some("UPDATE audit_log SET detail = '{\"roles\":\"planner\"}' WHERE number = 3"),
                3,
            ),
            ("UPDATE audit_log SET at = at + 1 WHERE number = 1", Some("UPDATE audit_log SET at = at - 1 WHERE number = 1"), 1),
            (
                "UPDATE audit_log SET operator_id = operator_id + 1 WHERE number = 2",
                Some("UPDATE audit_log SET operator_id = operator_id - 1 WHERE number = 2"),
                2,
            ),
            ("UPDATE audit_log SET number = 9 WHERE number = 4", Some("UPDATE audit_log SET number = 4 WHERE number = 9"), 4),
            ("UPDATE audit_head SET number = 5", Some("UPDATE audit_head SET number = 4"), 5),
            ("DELETE FROM audit_log WHERE number = 4", None, 4),
            ("DELETE FROM audit_log WHERE number = 2", None, 2),
        ] {
            world.sql(change).await;
            assert_eq!(read(world, &auditor).await.1, Chain::Breaks { at }, "{change}");
            if let Some(back) = back {
                world.sql(back).await;
                assert!(matches!(read(world, &auditor).await.1, Chain::Holds { entries: 4, .. }), "{back}");
            }
        }
    })
    .await;
}
