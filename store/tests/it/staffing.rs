//! Staff of a shop: roles, invitations, and devices that are ended from afar.

use crate::world::{Citizen, Shop, World, on_both_engines};
use domain::merchant::{Role, Standing};
use domain::staff::{INVITATION_LIFE_MS, StaffRefused};
use futures::future::join_all;
use store::{Ear, OnDevice, StaffProof, Token};

async fn proof(world: &World, shop: &Shop, person: &Citizen) -> StaffProof {
    world.store.staff(person.id, shop.merchant.id, Role::Cashier).await.unwrap().unwrap()
}

async fn hired(world: &World, shop: &Shop, role: Role) -> (Citizen, StaffProof) {
    let person = world.citizen().await;
    let owner = world.owner_proof(shop).await;
    assert!(world.store.add_staff(&owner, person.id, role, world.now).await.unwrap());
    let proof = proof(world, shop, &person).await;
    (person, proof)
}

async fn invited(world: &World, by: &StaffProof, role: Role) -> Token {
    world.store.invite(by, role, world.now).await.unwrap().unwrap().1
}

#[tokio::test]
async fn an_invitation_is_good_once_for_whoever_comes_first() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        let owner = world.owner_proof(&shop).await;
        let (first, second) = (world.citizen().await, world.citizen().await);
        let token = invited(world, &owner, Role::Manager).await;
        let seen = world.store.invitation(&token, world.now).await.unwrap().unwrap();
        assert_eq!((seen.shop.id, seen.role, seen.is_open), (shop.merchant.id, Role::Manager, true));
        let accepted = world.store.accept_invitation(&token, first.id, world.now).await.unwrap().unwrap();
        assert_eq!(accepted, Ok((shop.merchant.id, Role::Manager)));
        for again in [&first, &second] {
            let over = world.store.accept_invitation(&token, again.id, world.now).await.unwrap().unwrap();
            assert_eq!(over, Err(StaffRefused::InvitationOver));
        }
        assert!(!world.store.invitation(&token, world.now).await.unwrap().unwrap().is_open);
        assert_eq!(world.store.role(second.id, shop.merchant.id).await.unwrap(), None);

        let nobodys = Token::parse(&"0".repeat(64)).unwrap();
        assert!(world.store.invitation(&nobodys, world.now).await.unwrap().is_none());
        assert!(world.store.accept_invitation(&nobodys, second.id, world.now).await.unwrap().is_none());
        let plain = world.rows("SELECT token_hash FROM invitation").await;
        let kept: Vec<u8> = sqlx::Row::get(&plain[0], "token_hash");
        assert!(!token.expose().contains(&hex::encode(kept)), "only a hash is kept");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_accept_at_once_one_gets_in() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        let token = invited(world, &world.owner_proof(&shop).await, Role::Cashier).await;
        let mut people = Vec::new();
        for _ in 0..6 {
            people.push(world.citizen().await.id);
        }
        let accepts = people.into_iter().map(|person| {
            let (store, token, now) = (world.store.clone(), token.clone(), world.now);
            tokio::spawn(async move { store.accept_invitation(&token, person, now).await.unwrap().unwrap() })
        });
        let said: Vec<_> = join_all(accepts).await.into_iter().map(|said| said.unwrap()).collect();
        assert_eq!(said.iter().filter(|said| said.is_ok()).count(), 1, "{said:?}");
        assert_eq!(world.number("SELECT COUNT(*) FROM staff").await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_ends_by_time_by_being_taken_back_and_with_the_power_of_who_made_it() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        let owner = world.owner_proof(&shop).await;
        let (manager, by_manager) = hired(world, &shop, Role::Manager).await;
        let person = world.citizen().await;
        let accept = async |token: &Token, now| world.store.accept_invitation(token, person.id, now).await.unwrap().unwrap();

        let token = invited(world, &owner, Role::Cashier).await;
        assert_eq!(accept(&token, world.later(INVITATION_LIFE_MS / 1_000)).await, Err(StaffRefused::InvitationOver));
        let (id, token) = world.store.invite(&owner, Role::Owner, world.now).await.unwrap().unwrap();
        let above = world.store.revoke_invitation(&by_manager, id, world.now).await.unwrap();
        assert_eq!(above, Err(StaffRefused::NotYours));
        world.store.revoke_invitation(&owner, id, world.now).await.unwrap().unwrap();
        let twice = world.store.revoke_invitation(&owner, id, world.now).await.unwrap();
        assert_eq!(twice, Err(StaffRefused::InvitationOver));
        assert_eq!(accept(&token, world.now).await, Err(StaffRefused::InvitationOver));

        let token = invited(world, &by_manager, Role::Cashier).await;
        world.store.dismiss(&owner, manager.id).await.unwrap().unwrap();
        assert!(!world.store.invitation(&token, world.now).await.unwrap().unwrap().is_open);
        assert_eq!(accept(&token, world.now).await, Err(StaffRefused::InvitationOver));

        let token = invited(world, &owner, Role::Cashier).await;
        world.store.set_standing(shop.merchant.id, Standing::Closed).await.unwrap();
        assert_eq!(accept(&token, world.now).await, Err(StaffRefused::ShopClosed));
        assert_eq!(world.store.invite(&owner, Role::Cashier, world.now).await.unwrap().err(), Some(StaffRefused::ShopClosed));
        world.store.set_standing(shop.merchant.id, Standing::Open).await.unwrap();
        assert_eq!(accept(&token, world.now).await, Ok((shop.merchant.id, Role::Cashier)), "refused is not used up");

        // Nobody loses by accepting.
        let token = invited(world, &owner, Role::Cashier).await;
        assert_eq!(accept(&token, world.now).await, Err(StaffRefused::AlreadyStaff(Role::Cashier)));
        let better = invited(world, &owner, Role::Manager).await;
        assert_eq!(accept(&better, world.now).await, Ok((shop.merchant.id, Role::Manager)));
    })
    .await;
}

#[tokio::test]
async fn who_invites_whom_and_who_changes_whose_job() {
    on_both_engines(async |world| {
        for asks in Role::ALL {
            let shop = world.shop().await;
            let (_, by) = hired(world, &shop, asks).await;
            for role in Role::ALL {
                let made = world.store.invite(&by, role, world.now).await.unwrap();
                assert_eq!(made.is_ok(), asks.may_give(role), "{asks:?} invites a {role:?}");
                let (target, _) = hired(world, &shop, role).await;
                for becomes in Role::ALL {
                    let case = format!("{asks:?} makes a {role:?} a {becomes:?}");
                    let changed = world.store.change_role(&by, target.id, becomes).await.unwrap();
                    assert_eq!(changed.is_ok(), asks.may_change(role) && asks.may_give(becomes), "{case}");
                    if changed.is_ok() {
                        world.sql(&format!("UPDATE staff SET role = '{}' WHERE person_id = {}", role.as_str(), target.id)).await;
                    }
                }
                let gone = world.store.dismiss(&by, target.id).await.unwrap();
                assert_eq!(gone.is_ok(), asks.may_change(role), "{asks:?} dismisses a {role:?}");
            }
            // A proof from before the job ended is worth nothing.
            world.sql(&format!("DELETE FROM staff WHERE person_id = {}", by.person())).await;
            let (target, _) = hired(world, &shop, Role::Cashier).await;
            assert_eq!(world.store.dismiss(&by, target.id).await.unwrap(), Err(StaffRefused::NotYours));
            assert!(world.store.invite(&by, Role::Cashier, world.now).await.unwrap().is_err());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_keeps_an_owner_even_when_two_leave_at_once() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        let one = world.owner_proof(&shop).await;
        assert_eq!(world.store.leave_shop(&one).await.unwrap(), Err(StaffRefused::LastOwner));
        let (_, other) = hired(world, &shop, Role::Owner).await;
        let (first, second) = tokio::join!(world.store.leave_shop(&one), world.store.leave_shop(&other));
        let (first, second) = (first.unwrap(), second.unwrap());
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        assert_eq!(world.number("SELECT COUNT(*) FROM staff WHERE role = 'owner'").await, 1);
        let (_, cashier) = hired_by_anyone(world, &shop).await;
        world.store.leave_shop(&cashier).await.unwrap().unwrap();
        assert_eq!(world.store.leave_shop(&cashier).await.unwrap(), Err(StaffRefused::NoSuchStaff));
    })
    .await;
}

async fn hired_by_anyone(world: &World, shop: &Shop) -> (Citizen, StaffProof) {
    let person = world.citizen().await;
    let (shop_id, now) = (shop.merchant.id, 1);
    world
        .sql(&format!("INSERT INTO staff (merchant_id, person_id, role, created_at) VALUES ({shop_id}, {}, 'cashier', {now})", person.id))
        .await;
    let proof = proof(world, shop, &person).await;
    (person, proof)
}

#[tokio::test]
async fn a_device_is_listed_once_it_saw_the_shop_and_sees_it_no_more_once_ended() {
    on_both_engines(async |world| {
        let (shop, elsewhere) = (world.shop().await, world.shop().await);
        let owner = world.owner_proof(&shop).await;
        let (cashier, by_cashier) = hired(world, &shop, Role::Cashier).await;
        let (_, tablet) = world.store.sign_in(cashier.id, "Chrome · Android", world.now).await.unwrap();
        let (_, phone) = world.store.sign_in(cashier.id, "Safari · iPhone", world.now).await.unwrap();
        let id = shop.merchant.id;
        let look = async |session, shop| world.store.staff_on(cashier.id, session, shop, Role::Cashier, world.now).await.unwrap();
        assert!(matches!(look(tablet, id).await, OnDevice::Open(_)));
        assert!(matches!(look(tablet, elsewhere.merchant.id).await, OnDevice::Stranger));
        let listed = world.store.shop_devices(&owner, world.now).await.unwrap();
        assert_eq!(listed.iter().map(|one| (one.session, one.device.as_str())).collect::<Vec<_>>(), [(tablet, "Chrome · Android")]);
        assert!(world.store.shop_devices(&world.owner_proof(&elsewhere).await, world.now).await.unwrap().is_empty());

        let hears = async || !world.store.who_may_hear(&[Ear { session: tablet, shop: id }], world.now).await.unwrap().is_empty();
        let before = world.store.endings(cashier.id);
        assert!(hears().await);
        let elsewheres = world.store.end_shop_device(&world.owner_proof(&elsewhere).await, tablet, world.now).await.unwrap();
        assert_eq!(elsewheres, Err(StaffRefused::NoSuchStaff));
        world.store.end_shop_device(&owner, tablet, world.now).await.unwrap().unwrap();
        assert!(matches!(look(tablet, id).await, OnDevice::Ended));
        assert!(!hears().await);
        assert_ne!(world.store.endings(cashier.id), before);
        assert!(matches!(look(phone, id).await, OnDevice::Open(_)), "the person still works there");
        assert_eq!(world.store.sessions(cashier.id, world.now).await.unwrap().len(), 2, "and is signed in");

        // A cashier ends the own ones only.
        let (_, desk) = world.store.sign_in(shop.owner.id, "Edge · Windows", world.now).await.unwrap();
        world.store.staff_on(shop.owner.id, desk, id, Role::Cashier, world.now).await.unwrap();
        let mine: Vec<_> = world.store.shop_devices(&by_cashier, world.now).await.unwrap().into_iter().map(|one| one.session).collect();
        assert_eq!(mine, [phone]);
        assert_eq!(world.store.end_shop_device(&by_cashier, desk, world.now).await.unwrap(), Err(StaffRefused::NotYours));
        world.store.end_shop_device(&by_cashier, phone, world.now).await.unwrap().unwrap();

        // What was ended is forgotten with its session, not before.
        assert_eq!(world.number("SELECT COUNT(*) FROM shop_device").await, 3);
        world.store.prune(world.now).await.unwrap();
        assert!(matches!(look(tablet, id).await, OnDevice::Ended));
        world.store.end_session(cashier.id, tablet).await.unwrap();
        world.store.prune(world.now).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM shop_device").await, 2);
    })
    .await;
}
