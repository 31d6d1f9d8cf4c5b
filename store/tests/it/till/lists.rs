//! The live lots of a person, which the allowance of each kind lists. That the lists say what the lots say is checked by the
//! audit after every test of this folder.

use super::{bill, lots, pay_all, reserve_all, settle_all, wish};
use crate::world::{World, on_both_engines};
use domain::buying::{BankReason, BankSays, State};
use domain::{KindId, PersonId, PurchaseId, Refused, Won};
use futures::future::join3;
use sqlx::Row;

const REJECTED: BankSays = BankSays::Rejected(BankReason::InsufficientFunds);

/// The ids that an allowance lists.
async fn listed(world: &World, person: PersonId, kind: KindId) -> Vec<i64> {
    let rows = world.rows(&format!("SELECT lots FROM allowance WHERE person_id = {person} AND kind_id = {kind}")).await;
    let bytes: Vec<u8> = rows[0].get(0);
    bytes.chunks(8).map(|id| i64::from_be_bytes(id.try_into().unwrap())).collect()
}

/// The id that a purchase keeps for its lot.
async fn lot_of(world: &World, person: PersonId, id: PurchaseId) -> i64 {
    let rows = world.rows(&format!("SELECT id, lot_id FROM purchase WHERE person_id = {person}")).await;
    let row = rows.iter().find(|row| row.get::<Vec<u8>, _>(0) == id.uuid().as_bytes()).unwrap();
    row.get(1)
}

#[tokio::test]
async fn a_lot_is_listed_from_its_reservation_to_its_last_won() {
    on_both_engines(async |world| {
        let (citizen, kind, shop) = (world.citizen().await, world.citywide().await, world.shop().await);
        let window = world.window(kind, 1_000_000).await;
        let first = world.reserve(&citizen, window, 20_000, world.now).await;
        let lot = lot_of(world, citizen.id, first).await;
        assert_eq!(listed(world, citizen.id, kind).await, [lot]);
        for says in [BankSays::Unclear, BankSays::Done, BankSays::Done] {
            settle_all(&world.store, &[first], says, world.now).await;
            assert_eq!(listed(world, citizen.id, kind).await, [lot], "{says:?}");
        }
        assert_eq!(world.store.wallet(citizen.id, world.now).await.unwrap().lots[0].id.0, lot);

        let second = world.reserve(&citizen, window, 30_000, world.now).await;
        let third = world.buy(&citizen, window, 10_000).await;
        let (second_lot, third_lot) = (lot_of(world, citizen.id, second).await, lot_of(world, citizen.id, third).await);
        assert_eq!(listed(world, citizen.id, kind).await, [lot, second_lot, third_lot], "in order of reservation");
        settle_all(&world.store, &[second, second], REJECTED, world.now).await;
        assert_eq!(listed(world, citizen.id, kind).await, [lot, third_lot]);
        // The debit of what was given up comes late: there is no lot in it.
        settle_all(&world.store, &[second], BankSays::Done, world.now).await;
        assert_eq!(listed(world, citizen.id, kind).await, [lot, third_lot]);

        world.pay(&citizen, &shop, 19_999).await;
        assert_eq!(listed(world, citizen.id, kind).await, [lot, third_lot]);
        world.pay(&citizen, &shop, 1).await;
        assert_eq!(listed(world, citizen.id, kind).await, [third_lot]);
        world.pay(&citizen, &shop, 10_000).await;
        assert!(listed(world, citizen.id, kind).await.is_empty());
        assert_eq!(lots(world, citizen.id).await, [0, 0]);
    })
    .await;
}

#[tokio::test]
async fn a_payment_out_of_several_lots_and_kinds_leaves_in_each_list_what_is_left() {
    on_both_engines(async |world| {
        let (citizen, shop) = (world.citizen().await, world.shop().await);
        let kinds = [world.citywide().await, world.citywide().await];
        let windows = [world.window(kinds[0], 1_000_000).await, world.window(kinds[1], 1_000_000).await];
        let mut bought = Vec::new();
        for second in 0..6 {
            let now = world.later(second);
            bought.push(world.buy_at(&citizen, windows[second as usize % 2], 10_000, now).await);
        }
        let mut ids = Vec::new();
        for id in bought {
            ids.push(lot_of(world, citizen.id, id).await);
        }
        // The first three of all, and half of the fourth.
        world.pay_at(&citizen, &shop, 35_000, world.later(9)).await;
        assert_eq!(listed(world, citizen.id, kinds[0]).await, [ids[4]]);
        assert_eq!(listed(world, citizen.id, kinds[1]).await, [ids[3], ids[5]]);
        let wallet = world.store.wallet(citizen.id, world.now).await.unwrap();
        assert_eq!(wallet.lots.iter().map(|lot| lot.id.0).collect::<Vec<_>>(), ids[3..]);
        assert_eq!(world.store.purchases(citizen.id, None, 50).await.unwrap().len(), 6, "spent ones too, each once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lanes_that_meet_at_one_person_lose_no_lot() {
    on_both_engines(async |world| {
        let (citizen, kind, shop) = (world.citizen().await, world.citywide().await, world.shop().await);
        let window = world.window(kind, 10_000_000).await;
        let mut open: Vec<PurchaseId> = Vec::new();
        for _ in 0..30 {
            // As much is reserved as is given up at the same time: the figures come out as they were, the list does not.
            let wishes: Vec<_> = (0..4).map(|_| wish(world, citizen.id, window, 10_000)).collect();
            let bills: Vec<_> = (0..2).map(|_| bill(world, citizen.id, shop.merchant.id, 5_000)).collect();
            let (post, void) = open.split_at(open.len() / 4);
            let (reserved, _, _) = join3(
                reserve_all(&world.store, &wishes, world.now),
                async {
                    settle_all(&world.store, void, REJECTED, world.now).await;
                    settle_all(&world.store, post, BankSays::Done, world.now).await;
                },
                pay_all(&world.store, &bills, world.now),
            )
            .await;
            let reserved = wishes.iter().zip(reserved).filter(|(_, answer)| *answer == Ok(State::Reserved));
            open = reserved.map(|(wish, _)| wish.id).collect();
        }
        let left: i64 = lots(world, citizen.id).await.iter().sum();
        let wallet = world.store.wallet(citizen.id, world.now).await.unwrap();
        assert_eq!(wallet.lots.iter().map(|lot| lot.left.get()).sum::<i64>(), left);
    })
    .await;
}

#[tokio::test]
async fn a_list_that_names_someone_elses_lot_neither_shows_nor_spends_it() {
    on_both_engines(async |world| {
        let (owner, other, kind) = (world.citizen().await, world.citizen().await, world.citywide().await);
        let window = world.window(kind, 1_000_000).await;
        world.buy(&owner, window, 50_000).await;
        world.buy(&other, window, 10_000).await;
        let theirs = format!("(SELECT lots FROM allowance WHERE person_id = {})", owner.id);
        world.sql(&format!("UPDATE allowance SET lots = {theirs} WHERE person_id = {}", other.id)).await;
        world.breaks("live_lots_are_listed");
        assert!(world.store.wallet(other.id, world.now).await.unwrap().lots.is_empty());
        let bill = bill(world, other.id, world.shop().await.merchant.id, 1_000);
        assert_eq!(pay_all(&world.store, &[bill], world.now).await, [Err(Refused::NotEnough { usable: Won::ZERO })]);
        assert_eq!(lots(world, owner.id).await, [50_000]);
    })
    .await;
}
