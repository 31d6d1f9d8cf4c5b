//! Finding shops: what the index is made of, how fresh it stays, and that only open shops are shown.

use crate::world::{Shop, World, on_both_engines};
use domain::finding::{Area, Needle, Place, Spot, Wish, fold};
use domain::merchant::{Role, Standing};
use domain::{MerchantId, Timestamp};
use std::sync::Arc;
use store::{Finder, NewMerchant, Round, StaffProof};

fn named(typed: &str) -> Wish {
    Wish { name: Needle::parse(typed).unwrap(), ..Wish::default() }
}

fn here() -> Place {
    Place::from_degrees(37.556, 126.905).unwrap()
}

/// Whole rounds, until nothing new is seen.
async fn rounds(finder: &Arc<Finder>, world: &World) {
    let mut round = Round::default();
    while finder.look(&world.store, &mut round).await.unwrap() > 0 || !round.is_over() {}
}

fn found(finder: &Finder, wish: &Wish) -> Vec<MerchantId> {
    finder.search(wish, None, 0, 100).unwrap().hits.into_iter().map(|hit| hit.id).collect()
}

async fn proof(world: &World, shop: &Shop) -> StaffProof {
    world.owner_proof(shop).await
}

#[tokio::test]
async fn the_index_follows_what_happens_to_shops() {
    on_both_engines(async |world| {
        let finder = Arc::new(Finder::default());
        assert_eq!(finder.search(&Wish::default(), None, 0, 10), None);
        let one = world.shop().await;
        finder.load(&world.store).await.unwrap();
        let all = Wish::default();
        assert_eq!(found(&finder, &all), [one.merchant.id]);

        let two = world.shop().await;
        let pending = world.store.create_merchant(&world.new_merchant(), one.owner.id, world.now).await.unwrap();
        rounds(&finder, world).await;
        let mut both = [one.merchant.id, two.merchant.id];
        let mut seen = found(&finder, &all);
        seen.sort_unstable();
        both.sort_unstable();
        assert_eq!(seen, both);
        assert_eq!(found(&finder, &named(&two.merchant.name)), [two.merchant.id]);

        world.store.set_standing(one.merchant.id, Standing::Closed).await.unwrap();
        world.store.set_standing(pending.id, Standing::Open).await.unwrap();
        let open = world.store.open_shops(&[pending.id, one.merchant.id, two.merchant.id]).await.unwrap();
        assert_eq!(open.iter().map(|shop| shop.id).collect::<Vec<_>>(), [pending.id, two.merchant.id]);
        rounds(&finder, world).await;
        assert_eq!(found(&finder, &all).len(), 2);
        assert!(!found(&finder, &all).contains(&one.merchant.id));
        assert_eq!(world.store.open_shops(&[]).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_shop_is_near_once_its_staff_has_said_where_it_is() {
    on_both_engines(async |world| {
        let (shop, finder) = (world.shop().await, Arc::new(Finder::default()));
        finder.load(&world.store).await.unwrap();
        let near = |finder: &Finder| finder.search(&Wish::default(), Some(here()), 0, 10).unwrap().total;
        assert_eq!((near(&finder), finder.on_map(&Wish::default(), Area::CITY).unwrap().total), (0, 0));

        let cashier = world.citizen().await;
        let owner = proof(world, &shop).await;
        world.store.add_staff(&owner, cashier.id, Role::Cashier, world.now).await.unwrap();
        let of_cashier = world.store.staff(cashier.id, shop.merchant.id, Role::Cashier).await.unwrap().unwrap();
        assert!(!world.store.set_place(&of_cashier, here(), world.now).await.unwrap());
        let gangnam = Place::from_degrees(37.5113, 127.0592).unwrap();
        assert!(!world.store.set_place(&owner, gangnam, world.now).await.unwrap());
        assert_eq!(world.store.place_of(shop.merchant.id).await.unwrap(), None);

        let first = Place::from_degrees(37.559, 126.91).unwrap();
        for place in [first, here()] {
            assert!(world.store.set_place(&owner, place, world.now).await.unwrap());
            assert_eq!(world.store.place_of(shop.merchant.id).await.unwrap(), Some(place));
        }
        rounds(&finder, world).await;
        let hit = finder.search(&Wish::default(), Some(here()), 0, 10).unwrap().hits[0];
        assert_eq!((hit.id, hit.distance_m), (shop.merchant.id, Some(0)));
        let spots = finder.on_map(&Wish::default(), Area::CITY).unwrap().spots;
        assert_eq!(spots, [Spot::Shop { id: shop.merchant.id, place: here() }]);
    })
    .await;
}

#[tokio::test]
async fn the_day_of_the_last_payment_is_known() {
    on_both_engines(async |world| {
        let (shop, quiet) = (world.shop().await, world.shop().await);
        let finder = Arc::new(Finder::default());
        finder.load(&world.store).await.unwrap();
        let lately = |now: Timestamp| Wish { paid_since: Some(domain::finding::lately(now)), ..Wish::default() };
        assert_eq!(found(&finder, &lately(world.now)), []);
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        world.buy(&citizen, window, 50_000).await;
        world.pay(&citizen, &shop, 10_000).await;
        rounds(&finder, world).await;
        assert_eq!(found(&finder, &lately(world.now)), [shop.merchant.id]);
        assert_eq!(found(&finder, &lately(world.later(91 * 86_400))), []);
        assert!(found(&finder, &Wish::default()).contains(&quiet.merchant.id));
    })
    .await;
}

#[tokio::test]
async fn many_shops_are_read_page_by_page_and_made_once() {
    on_both_engines(async |world| {
        assert_eq!(world.store.seed_shops(1_000, "acc_seeded", world.now).await.unwrap(), 1_000);
        assert_eq!(world.store.seed_shops(5_000, "acc_seeded", world.now).await.unwrap(), 4_000);
        assert_eq!(world.store.seed_shops(5_000, "acc_seeded", world.now).await.unwrap(), 0);
        let finder = Arc::new(Finder::default());
        finder.load(&world.store).await.unwrap();
        let held = finder.held().unwrap();
        assert_eq!(held.shops, 5_000);
        assert!(held.bytes / held.shops < 250, "{} bytes a shop", held.bytes / held.shops);
        assert_eq!(finder.on_map(&Wish::default(), Area::CITY).unwrap().total, 5_000);

        // What comes later is found in the same page, far before the round comes by.
        let owner = world.citizen().await;
        let new = NewMerchant { name: "새로온 마라탕".to_owned(), ..world.new_merchant() };
        let new = world.store.create_merchant(&new, owner.id, world.later(60)).await.unwrap();
        world.store.set_standing(new.id, Standing::Open).await.unwrap();
        let mut round = Round::default();
        assert_eq!(finder.look(&world.store, &mut round).await.unwrap(), 1);
        assert!(!round.is_over());
        assert_eq!(found(&finder, &named("ㅅㄹㅇ마라탕")), [new.id]);

        // More than stands beside an index: it is made anew.
        assert_eq!(world.store.seed_shops(8_000, "acc_seeded", world.later(120)).await.unwrap(), 3_000);
        rounds(&finder, world).await;
        assert_eq!(finder.held().unwrap().shops, 8_001);
        let everywhere = |typed: &str| finder.search(&named(typed), None, 0, 10_000).unwrap().hits.len();
        let written = world.store.shops_to_find(MerchantId(0), 10_000).await.unwrap();
        let has = |typed: &str| {
            let typed = fold(typed);
            written.iter().filter(|entry| domain::finding::Rank::of(&typed, &entry.name).is_some()).count()
        };
        for typed in ["치킨", "ㅊㅋ", "ㄱ", "집", "cof", "1호점"] {
            assert_eq!(everywhere(typed), has(typed), "{typed}");
        }
    })
    .await;
}
