//! Sessions and known devices.

use crate::world::on_both_engines;
use store::{SESSION_LIFE_MS, Token};

const MONTH_S: i64 = SESSION_LIFE_MS / 1_000;

#[tokio::test]
async fn a_session_is_found_by_its_token_only() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let (token, id) = world.store.sign_in(citizen.id, "Chrome, Android", world.now).await.unwrap();
        let session = world.store.session(&token, world.now).await.unwrap().unwrap();
        assert_eq!((session.id, session.person, session.device.as_str()), (id, citizen.id, "Chrome, Android"));
        let other = Token::parse(&"00".repeat(32)).unwrap();
        assert_eq!(world.store.session(&other, world.now).await.unwrap(), None);
        // Only a hash is kept.
        let kept = world.number(&format!("SELECT COUNT(*) FROM session WHERE person_id = {} AND token_hash IS NOT NULL", citizen.id)).await;
        assert_eq!(kept, 1);
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_always_has_a_new_token() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let (one, _) = world.store.sign_in(citizen.id, "Safari, iPhone", world.now).await.unwrap();
        let (other, _) = world.store.sign_in(citizen.id, "Safari, iPhone", world.now).await.unwrap();
        assert_ne!(one.expose(), other.expose());
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_used_never_ends_and_an_unused_one_does() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let (used, _) = world.store.sign_in(citizen.id, "used", world.now).await.unwrap();
        let (unused, _) = world.store.sign_in(citizen.id, "unused", world.now).await.unwrap();
        for days in [20, 40, 60] {
            let at = world.later(days * 86_400);
            assert!(world.store.session(&used, at).await.unwrap().is_some(), "after {days} days");
        }
        for (seconds, there) in [(MONTH_S - 1, true), (MONTH_S, false), (MONTH_S + 1, false)] {
            // A look that comes too late to prolong: by list.
            let listed = world.store.sessions(citizen.id, world.later(seconds)).await.unwrap();
            assert_eq!(listed.iter().any(|session| session.device == "unused"), there, "after {seconds} s");
        }
        assert_eq!(world.store.session(&unused, world.later(MONTH_S)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn being_seen_is_written_once_in_ten_minutes() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let (token, id) = world.store.sign_in(citizen.id, "Chrome", world.now).await.unwrap();
        for (seconds, seen_s) in [(1, 0), (599, 0), (600, 600), (900, 600), (1_300, 1_300)] {
            world.store.session(&token, world.later(seconds)).await.unwrap().unwrap();
            let seen_at = world.number(&format!("SELECT seen_at FROM session WHERE id = {id}")).await;
            assert_eq!(seen_at, world.later(seen_s).as_millisecond(), "after {seconds} s");
        }
    })
    .await;
}

#[tokio::test]
async fn a_person_ends_own_sessions_and_nobody_elses() {
    on_both_engines(async |world| {
        let (citizen, other) = (world.citizen().await, world.citizen().await);
        let (phone, phone_id) = world.store.sign_in(citizen.id, "phone", world.now).await.unwrap();
        let (tablet, tablet_id) = world.store.sign_in(citizen.id, "tablet", world.now).await.unwrap();
        let (desktop, _) = world.store.sign_in(citizen.id, "desktop", world.now).await.unwrap();
        let (others, _) = world.store.sign_in(other.id, "phone", world.now).await.unwrap();

        assert!(!world.store.end_session(other.id, tablet_id).await.unwrap());
        assert!(world.store.session(&tablet, world.now).await.unwrap().is_some());
        assert!(world.store.end_session(citizen.id, tablet_id).await.unwrap());
        assert!(!world.store.end_session(citizen.id, tablet_id).await.unwrap());
        assert_eq!(world.store.session(&tablet, world.now).await.unwrap(), None);

        assert_eq!(world.store.end_other_sessions(citizen.id, phone_id).await.unwrap(), 1);
        for (token, there) in [(&phone, true), (&desktop, false), (&others, true)] {
            assert_eq!(world.store.session(token, world.now).await.unwrap().is_some(), there);
        }
    })
    .await;
}

#[tokio::test]
async fn the_twenty_first_session_ends_the_one_unseen_for_longest() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let mut tokens = Vec::new();
        for number in 0..20 {
            tokens.push(world.store.sign_in(citizen.id, "Chrome", world.later(number)).await.unwrap().0);
        }
        // The oldest is seen, so the second is now unseen for longest.
        world.store.session(&tokens[0], world.later(1_000)).await.unwrap().unwrap();
        world.store.sign_in(citizen.id, "Chrome", world.later(1_001)).await.unwrap();
        for (number, there) in [(0, true), (1, false), (2, true), (19, true)] {
            assert_eq!(world.store.session(&tokens[number], world.later(1_002)).await.unwrap().is_some(), there, "session {number}");
        }
        assert_eq!(world.store.sessions(citizen.id, world.later(1_002)).await.unwrap().len(), 20);
    })
    .await;
}

#[tokio::test]
async fn a_hostile_device_name_is_cut_and_kept_as_text() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        for (name, kept) in [
            ("<script>alert(1)</script>".to_owned(), "<script>alert(1)</script>".to_owned()),
            ("'; DROP TABLE session; --\0".to_owned(), "'; DROP TABLE session; --".to_owned()),
            ("가".repeat(10_000), "가".repeat(80)),
        ] {
            let (token, _) = world.store.sign_in(citizen.id, &name, world.now).await.unwrap();
            assert_eq!(world.store.session(&token, world.now).await.unwrap().unwrap().device, kept);
        }
    })
    .await;
}

#[tokio::test]
async fn a_device_is_known_to_each_person_that_signed_in_there() {
    on_both_engines(async |world| {
        let (mother, child, stranger) = (world.citizen().await, world.citizen().await, world.citizen().await);
        let first = world.store.remember_device(None, mother.id, world.now).await.unwrap();
        let second = world.store.remember_device(Some(&first), child.id, world.now).await.unwrap();
        let third = world.store.remember_device(Some(&second), child.id, world.now).await.unwrap();
        for (token, person, known) in [
            (&third, &mother, true),
            (&third, &child, true),
            (&third, &stranger, false),
            // The token is new at each sign-in: a copy of an older one opens nothing.
            (&first, &mother, false),
            (&second, &child, false),
        ] {
            assert_eq!(world.store.known_device(token, person.id, world.now).await.unwrap(), known);
        }
        let year_s = 365 * 86_400;
        assert!(world.store.known_device(&third, child.id, world.later(year_s - 1)).await.unwrap());
        assert!(!world.store.known_device(&third, child.id, world.later(year_s)).await.unwrap());
    })
    .await;
}
