//! What a shop is told, read back.

use crate::world::on_both_engines;
use domain::merchant::Role;
use domain::notice::Event;
use domain::{MerchantId, SessionId, Won};
use std::collections::HashSet;
use store::{DayTotal, Ear, SESSION_LIFE_MS};

#[tokio::test]
async fn notices_are_read_after_a_number_and_from_the_newest() {
    on_both_engines(async |world| {
        let (payer, shop, elsewhere) = (world.citizen().await, world.shop().await, world.shop().await);
        world.buy(&payer, world.window(world.citywide().await, 1_000_000).await, 100_000).await;
        let mut paid = Vec::new();
        for amount in [1_000, 2_000, 3_000] {
            paid.push(world.pay(&payer, &shop, amount).await);
        }
        world.pay(&payer, &elsewhere, 4_000).await;
        let all = world.store.notices_after(shop.merchant.id, 0, 10).await.unwrap();
        let told: Vec<_> = all.iter().map(|notice| (notice.number, notice.payment, notice.code, notice.amount.get())).collect();
        assert_eq!(told, [(1, paid[0].0, paid[0].1, 1_000), (2, paid[1].0, paid[1].1, 2_000), (3, paid[2].0, paid[2].1, 3_000)]);
        assert!(all.iter().all(|notice| notice.event == Event::Paid && notice.at == world.now));
        let numbers = |notices: Vec<domain::notice::Notice>| notices.iter().map(|notice| notice.number).collect::<Vec<_>>();
        for (after, limit, read) in [(0, 2, vec![1, 2]), (1, 10, vec![2, 3]), (3, 10, vec![]), (99, 10, vec![]), (-5, 1, vec![1])] {
            assert_eq!(numbers(world.store.notices_after(shop.merchant.id, after, limit).await.unwrap()), read, "after {after}");
        }
        assert_eq!(numbers(world.store.latest_notices(shop.merchant.id, 2).await.unwrap()), [3, 2]);
        for (merchant, last) in [(shop.merchant.id, 3), (elsewhere.merchant.id, 1), (MerchantId(1), 0)] {
            assert_eq!(world.store.last_number(merchant).await.unwrap(), last);
        }
    })
    .await;
}

#[tokio::test]
async fn a_day_of_a_shop_ends_at_midnight_in_seoul() {
    on_both_engines(async |world| {
        let (payer, shop) = (world.citizen().await, world.shop().await);
        world.buy(&payer, world.window(world.citywide().await, 1_000_000).await, 100_000).await;
        // 10:30 now: midnight is 13.5 hours away.
        let midnight_s = 13 * 3_600 + 1_800;
        world.pay_at(&payer, &shop, 1_000, world.later(0)).await;
        world.pay_at(&payer, &shop, 2_000, world.later(midnight_s - 1)).await;
        world.pay_at(&payer, &shop, 4_000, world.later(midnight_s)).await;
        for (at_s, count, paid) in [(0, 2, 3_000), (midnight_s - 1, 2, 3_000), (midnight_s, 1, 4_000), (midnight_s + 86_400, 0, 0)] {
            let today = world.store.today(shop.merchant.id, world.later(at_s)).await.unwrap();
            assert_eq!(today, DayTotal { paid_count: count, paid: Won::of(paid), ..DayTotal::default() }, "after {at_s} s");
        }
    })
    .await;
}

#[tokio::test]
async fn whoever_listens_may_as_long_as_the_session_and_the_job_last() {
    on_both_engines(async |world| {
        let (shop, elsewhere) = (world.shop().await, world.shop().await);
        let (owner, cashier) = (&shop.owner, world.citizen().await);
        let by = world.store.staff(owner.id, shop.merchant.id, Role::Owner).await.unwrap().unwrap();
        assert!(world.store.add_staff(&by, cashier.id, Role::Cashier, world.now).await.unwrap());
        let mut ears = Vec::new();
        // More than one statement asks about.
        for _ in 0..15 {
            for person in [owner, &cashier] {
                let (_, session) = world.store.sign_in(person.id, "Chrome", world.now).await.unwrap();
                ears.push(Ear { session, shop: shop.merchant.id });
            }
        }
        let strange = [Ear { shop: elsewhere.merchant.id, ..ears[0] }, Ear { session: SessionId(7), ..ears[0] }];
        let many: Vec<Ear> = ears.iter().copied().cycle().take(300).chain(strange).collect();
        let may = async |seconds| world.store.who_may_hear(&many, world.later(seconds)).await.unwrap();
        assert_eq!(may(0).await, HashSet::from_iter(ears.iter().copied()));
        assert!(world.store.who_may_hear(&[], world.now).await.unwrap().is_empty());

        // One session, then all of a person's but one, then the job: each is counted before it is answered.
        let counts = || (world.store.endings(owner.id), world.store.endings(cashier.id));
        let before = counts();
        assert!(world.store.end_session(owner.id, ears[0].session).await.unwrap());
        assert_eq!(may(0).await.len(), 29);
        assert_eq!(world.store.end_other_sessions(owner.id, ears[2].session).await.unwrap(), 13);
        // They took turns.
        let of_cashier = ears.iter().skip(1).step_by(2);
        let left: HashSet<Ear> = of_cashier.chain([&ears[2]]).copied().collect();
        assert_eq!(may(0).await, left);
        assert_ne!(counts().0, before.0);
        assert!(world.store.remove_staff(&by, cashier.id).await.unwrap());
        assert_eq!(may(0).await, HashSet::from([ears[2]]));
        assert_ne!(counts().1, before.1);
    })
    .await;
}

#[tokio::test]
async fn a_counter_that_only_listens_stays_signed_in() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        let (token, session) = world.store.sign_in(shop.owner.id, "Tablet", world.now).await.unwrap();
        let (_, silent) = world.store.sign_in(shop.owner.id, "Phone", world.now).await.unwrap();
        let ear = Ear { session, shop: shop.merchant.id };
        let month_s = SESSION_LIFE_MS / 1_000;
        for seconds in [599, month_s - 1, 2 * month_s - 2] {
            assert!(world.store.who_may_hear(&[ear], world.later(seconds)).await.unwrap().contains(&ear), "after {seconds} s");
        }
        let listed = world.store.sessions(shop.owner.id, world.later(2 * month_s)).await.unwrap();
        assert_eq!(listed.iter().map(|session| session.id).collect::<Vec<_>>(), [session], "not {silent:?}");
        assert!(world.store.session(&token, world.later(3 * month_s - 3)).await.unwrap().is_some());
        assert!(world.store.who_may_hear(&[ear], world.later(9 * month_s)).await.unwrap().is_empty());
    })
    .await;
}
