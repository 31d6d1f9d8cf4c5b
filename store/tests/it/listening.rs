//! Which device of a shop speaks, and what the devices say that they told.

use crate::world::{World, on_both_engines, unique_bytes};
use domain::listening::{Ack, Claim, Told, Wants, Word};
use domain::{DeviceId, Timestamp};
use futures::future::join_all;
use store::{Listened, Listening, Outcome, StaffProof, Way};

fn device(world: &World, name: &str) -> Listening {
    let device = DeviceId::from_parts(world.now.as_millisecond().unsigned_abs(), unique_bytes());
    Listening { name: name.to_owned(), word: Word { device, wants: Wants::Speak, heard: Some(0), seen: None } }
}

async fn says(world: &World, staff: &StaffProof, who: &Listening, wants: Wants, heard: i64, now: Timestamp) -> Listened {
    world.store.listen(staff, &Listening { word: Word { wants, heard: Some(heard), ..who.word }, ..who.clone() }, now).await.unwrap()
}

#[tokio::test]
async fn the_shop_chooses_who_speaks_and_nothing_is_said_twice() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        world.buy(&citizen, window, 100_000).await;
        for amount in 1..=9 {
            world.pay(&citizen, &shop, 100 * amount).await;
        }
        let staff = world.owner_proof(&shop).await;
        let (tablet, phone) = (device(world, "카운터 태블릿"), device(world, "사장님 폰"));
        let first = says(world, &staff, &tablet, Wants::Speak, 3, world.now).await;
        assert_eq!(first, Listened { speaks: true, speaker: Some("카운터 태블릿".into()), heard: 3, claim: Claim::default() });
        let second = says(world, &staff, &phone, Wants::Speak, 0, world.now).await;
        assert_eq!(second, Listened { speaks: false, speaker: Some("카운터 태블릿".into()), heard: 3, claim: Claim::default() });
        let own = says(world, &staff, &tablet, Wants::Speak, 8, world.later(10)).await.claim;
        assert_eq!(own, Claim { after: 3, up_to: 8 });
        let taken = says(world, &staff, &phone, Wants::TakeOver, 0, world.later(11)).await;
        assert_eq!(taken, Listened { speaks: true, speaker: Some("사장님 폰".into()), heard: 8, claim: Claim::default() });
        let silent = says(world, &staff, &tablet, Wants::Speak, 8, world.later(12)).await;
        assert!(!silent.speaks && silent.claim == own, "whoever speaks now, that is the tablet's to say");
        let listed = world.store.listeners(&staff, world.later(12)).await.unwrap();
        let listed: Vec<_> = listed.iter().map(|(name, _, speaks)| (name.as_str(), *speaks)).collect();
        assert_eq!(listed, [("카운터 태블릿", false), ("사장님 폰", true)]);
        // The phone is put away without a word: after a while the tablet speaks again.
        assert!(!says(world, &staff, &tablet, Wants::Speak, 8, world.later(55)).await.speaks);
        assert!(says(world, &staff, &tablet, Wants::Speak, 8, world.later(57)).await.speaks);
        // Turned off, it leaves the word at once.
        let off = says(world, &staff, &tablet, Wants::Show, 9, world.later(58)).await;
        assert_eq!(off, Listened { speaks: false, speaker: None, heard: 9, claim: Claim { after: 3, up_to: 8 } });
        assert_eq!(says(world, &staff, &phone, Wants::Speak, 0, world.later(58)).await.heard, 9);
        // Nobody has heard what has not been.
        assert_eq!(says(world, &staff, &phone, Wants::Speak, 1_000, world.later(59)).await.heard, 9);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_that_ask_at_once_one_speaks() {
    on_both_engines(async |world| {
        let shop = world.shop().await;
        let staff = world.owner_proof(&shop).await;
        let devices: Vec<_> = (0..20).map(|number| device(world, &format!("기기 {number}"))).collect();
        let told = join_all(devices.iter().map(|device| world.store.listen(&staff, device, world.now))).await;
        assert_eq!(told.into_iter().filter(|told| told.as_ref().unwrap().speaks).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_devices_told_is_kept_with_how_long_it_took() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        world.buy(&citizen, window, 100_000).await;
        let (shop, other) = (world.shop().await, world.shop().await);
        for amount in [1_000, 2_000] {
            world.pay(&citizen, &shop, amount).await;
        }
        let staff = world.owner_proof(&shop).await;
        assert!(!world.store.was_acknowledged(shop.merchant.id, 1).await.unwrap());
        let acks = [
            Ack { number: 1, told: Told::Spoken, waited_ms: 300 },
            Ack { number: 2, told: Told::Shown, waited_ms: 0 },
            Ack { number: 77, told: Told::Spoken, waited_ms: 0 },
        ];
        let soon = world.now + jiff::SignedDuration::from_millis(500);
        world.store.acknowledge(&staff, "카운터 태블릿", &acks, soon).await.unwrap();
        world.store.acknowledge(&staff, "카운터 태블릿", &acks, world.later(60)).await.unwrap();
        let tries = world.store.tries_of(shop.merchant.id, 1).await.unwrap();
        let tries: Vec<_> = tries.iter().map(|told| (told.way, told.device.as_str(), told.outcome, told.after_ms)).collect();
        assert_eq!(tries, [(Way::Spoken, "카운터 태블릿", Outcome::Done, 200)], "the first word stands");
        assert!(world.store.was_acknowledged(shop.merchant.id, 2).await.unwrap());
        assert!(world.store.tries_of(shop.merchant.id, 77).await.unwrap().is_empty());
        assert!(world.store.tries_of(other.merchant.id, 1).await.unwrap().is_empty());
    })
    .await;
}
