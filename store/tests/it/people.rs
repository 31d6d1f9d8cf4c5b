//! Members and their settings.

use crate::world::on_both_engines;
use domain::PersonId;
use store::{Bank, Language, TextSize};

#[tokio::test]
async fn settings_are_remembered() {
    on_both_engines(async |world| {
        let (citizen, other) = (world.citizen().await, world.citizen().await);
        world.store.set_language(citizen.id, Language::En).await.unwrap();
        world.store.set_text_size(citizen.id, TextSize::Large).await.unwrap();
        let member = world.store.member(citizen.id).await.unwrap().unwrap();
        assert_eq!((member.language, member.text_size), (Language::En, TextSize::Large));
        world.store.set_text_size(citizen.id, TextSize::Normal).await.unwrap();
        assert_eq!(world.store.member(citizen.id).await.unwrap().unwrap().text_size, TextSize::Normal);
        let untouched = world.store.member(other.id).await.unwrap().unwrap();
        assert_eq!((untouched.language, untouched.text_size), (Language::Ko, TextSize::Normal));
    })
    .await;
}

#[tokio::test]
async fn another_bank_account_takes_the_first_ones_place() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        assert_eq!(world.store.bank_account(citizen.id).await.unwrap(), Some(citizen.account.clone()));
        let bank = Bank { account: "acc-2".to_owned(), masked: "새벽 ***-9".to_owned() };
        world.store.link_bank(world.pin_proof(&citizen).await, &bank).await.unwrap();
        assert_eq!(world.store.bank_account(citizen.id).await.unwrap().as_deref(), Some("acc-2"));
        let member = world.store.member(citizen.id).await.unwrap().unwrap();
        assert_eq!(member.bank_masked.as_deref(), Some("새벽 ***-9"));
        assert!(!format!("{bank:?}").contains("acc-2"));
    })
    .await;
}

#[tokio::test]
async fn nobody_is_nobody() {
    on_both_engines(async |world| {
        let nobody = PersonId(i64::MAX);
        assert_eq!(world.store.member(nobody).await.unwrap(), None);
        assert_eq!(world.store.bank_account(nobody).await.unwrap(), None);
        assert_eq!(world.store.member_by_phone(world.new_phone()).await.unwrap(), None);
        world.store.set_language(nobody, Language::En).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM member").await, 0);
    })
    .await;
}
