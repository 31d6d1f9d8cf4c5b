//! Shops and their staff.

use crate::world::on_both_engines;
use domain::MerchantId;
use domain::merchant::{Role, Standing};
use domain::merchant_number::MerchantNumber;
use futures::future::join_all;
use store::NewMerchant;

#[tokio::test]
async fn a_shop_is_found_by_its_number() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        assert_eq!(world.store.merchant_by_number(shop.merchant.number).await.unwrap(), Some(shop.merchant.clone()));
        assert_eq!(world.store.merchant(shop.merchant.id).await.unwrap(), Some(shop.merchant.clone()));
        let nobodys = (1..).map(|serial| MerchantNumber::from_serial(serial).unwrap()).find(|number| *number != shop.merchant.number);
        assert_eq!(world.store.merchant_by_number(nobodys.unwrap()).await.unwrap(), None);
        assert_eq!(world.store.merchant(MerchantId(-1)).await.unwrap(), None);
        assert_eq!(world.store.last_number(shop.merchant.id).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_given_number_is_given_once() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let number = MerchantNumber::from_serial(1).unwrap();
        let new = NewMerchant { number: Some(number), ..world.new_merchant() };
        assert_eq!(world.store.create_merchant(&new, owner.id, world.now).await.unwrap().number, number);
        world.store.create_merchant(&new, owner.id, world.now).await.unwrap_err();
        assert_eq!(world.number("SELECT COUNT(*) FROM merchant").await, 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM notice_count").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shops_that_sign_up_at_once_get_numbers_of_their_own() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let shops = (0..12).map(|_| {
            let (store, new, now) = (world.store.clone(), world.new_merchant(), world.now);
            tokio::spawn(async move { store.create_merchant(&new, owner.id, now).await.unwrap().number })
        });
        let mut numbers: Vec<_> = join_all(shops).await.into_iter().map(|number| number.unwrap()).collect();
        numbers.sort();
        numbers.dedup();
        assert_eq!(numbers.len(), 12);
        assert_eq!(world.store.shops_of(owner.id).await.unwrap().len(), 12);
    })
    .await;
}

#[tokio::test]
async fn a_shop_without_a_payout_account_stays_closed_to_payers() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let new = NewMerchant { payout_account: None, ..world.new_merchant() };
        let shop = world.store.create_merchant(&new, owner.id, world.now).await.unwrap();
        assert_eq!(shop.standing, Standing::Pending);
        assert!(!world.store.set_standing(shop.id, Standing::Open).await.unwrap());
        assert_eq!(world.store.merchant(shop.id).await.unwrap().unwrap().standing, Standing::Pending);
        assert!(world.store.set_standing(shop.id, Standing::Closed).await.unwrap());
        assert!(!world.store.set_standing(MerchantId(5), Standing::Closed).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_proof_of_staff_is_given_by_rank() {
    on_both_engines(async |world| {
        let (shop, elsewhere) = (world.shop().await, world.shop().await);
        let (manager, cashier, stranger) = (world.citizen().await, world.citizen().await, world.citizen().await);
        let owner = world.owner_proof(&shop).await;
        assert!(world.store.add_staff(&owner, manager.id, Role::Manager, world.now).await.unwrap());
        assert!(world.store.add_staff(&owner, cashier.id, Role::Cashier, world.now).await.unwrap());
        let ranks = [(&shop.owner, Some(Role::Owner)), (&manager, Some(Role::Manager)), (&cashier, Some(Role::Cashier)), (&stranger, None)];
        for (person, rank) in ranks {
            assert_eq!(world.store.role(person.id, shop.merchant.id).await.unwrap(), rank);
            for asked in Role::ALL {
                let proof = world.store.staff(person.id, shop.merchant.id, asked).await.unwrap();
                assert_eq!(proof.is_some(), rank.is_some_and(|rank| rank >= asked), "{rank:?} asked as {asked:?}");
                if let Some(proof) = proof {
                    assert_eq!((proof.person(), proof.merchant(), Some(proof.role())), (person.id, shop.merchant.id, rank));
                }
            }
            assert!(world.store.staff(person.id, elsewhere.merchant.id, Role::Cashier).await.unwrap().is_none());
        }
        let shops = world.store.shops_of(cashier.id).await.unwrap();
        assert_eq!(shops, [(shop.merchant.clone(), Role::Cashier)]);
    })
    .await;
}

/// Who may give which role to whom: (asks, has, is to become, allowed).
const GIVING: [(Role, Option<Role>, Role, bool); 14] = [
    (Role::Owner, None, Role::Owner, true),
    (Role::Owner, None, Role::Manager, true),
    (Role::Owner, None, Role::Cashier, true),
    (Role::Owner, Some(Role::Cashier), Role::Manager, true),
    (Role::Owner, Some(Role::Manager), Role::Cashier, true),
    (Role::Owner, Some(Role::Owner), Role::Cashier, false),
    (Role::Manager, None, Role::Cashier, true),
    (Role::Manager, None, Role::Manager, false),
    (Role::Manager, None, Role::Owner, false),
    (Role::Manager, Some(Role::Manager), Role::Cashier, false),
    (Role::Manager, Some(Role::Owner), Role::Cashier, false),
    (Role::Cashier, None, Role::Cashier, false),
    (Role::Cashier, None, Role::Owner, false),
    (Role::Cashier, Some(Role::Cashier), Role::Manager, false),
];

#[tokio::test]
async fn roles_are_given_downwards() {
    on_both_engines(async |world| {
        for (asks, has, becomes, allowed) in GIVING {
            let (shop, asker, target) = (world.shop().await, world.citizen().await, world.citizen().await);
            let owner = world.owner_proof(&shop).await;
            assert!(world.store.add_staff(&owner, asker.id, asks, world.now).await.unwrap());
            if let Some(has) = has {
                assert!(world.store.add_staff(&owner, target.id, has, world.now).await.unwrap());
            }
            let proof = world.store.staff(asker.id, shop.merchant.id, Role::Cashier).await.unwrap().unwrap();
            let case = format!("{asks:?} makes {has:?} a {becomes:?}");
            assert_eq!(world.store.add_staff(&proof, target.id, becomes, world.now).await.unwrap(), allowed, "{case}");
            let after = world.store.role(target.id, shop.merchant.id).await.unwrap();
            assert_eq!(after, if allowed { Some(becomes) } else { has }, "{case}");
        }
    })
    .await;
}

#[tokio::test]
async fn staff_is_taken_out_downwards() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        let (manager, cashier) = (world.citizen().await, world.citizen().await);
        let owner = world.owner_proof(&shop).await;
        world.store.add_staff(&owner, manager.id, Role::Manager, world.now).await.unwrap();
        world.store.add_staff(&owner, cashier.id, Role::Cashier, world.now).await.unwrap();
        let by_manager = world.store.staff(manager.id, shop.merchant.id, Role::Manager).await.unwrap().unwrap();
        let by_cashier = world.store.staff(cashier.id, shop.merchant.id, Role::Cashier).await.unwrap().unwrap();
        assert!(!world.store.remove_staff(&by_cashier, manager.id).await.unwrap());
        assert!(!world.store.remove_staff(&by_manager, shop.owner.id).await.unwrap());
        assert!(!world.store.remove_staff(&by_manager, manager.id).await.unwrap());
        assert!(!world.store.remove_staff(&owner, shop.owner.id).await.unwrap());
        assert!(world.store.remove_staff(&by_manager, cashier.id).await.unwrap());
        assert!(world.store.remove_staff(&owner, manager.id).await.unwrap());
        assert_eq!(world.number("SELECT COUNT(*) FROM staff").await, 1);
    })
    .await;
}
