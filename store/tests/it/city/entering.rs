//! Password, then code.

use super::{PASSWORD, entered, finish, operator};
use crate::world::on_both_engines;
use domain::operator::{Role, Roles};
use domain::totp::step_at;
use store::{Entered, NewOperator};

#[tokio::test]
async fn password_and_code_let_an_operator_in_for_twelve_hours() {
    on_both_engines(async |world| {
        let kim = operator(world, "planner,auditor").await;
        let token = kim.enters(world, world.now).await;
        let proof = world.store.operator(&token, world.now).await.unwrap().unwrap();
        assert_eq!((proof.id(), proof.roles().has(Role::Planner), proof.roles().has(Role::Controller)), (kim.id, true, false));
        let hours = 12 * 3_600;
        assert!(world.store.operator(&token, world.later(hours - 1)).await.unwrap().is_some());
        assert!(world.store.operator(&token, world.later(hours)).await.unwrap().is_none());
        world.store.sign_operator_out(&token, world.now).await.unwrap();
        assert!(world.store.operator(&token, world.now).await.unwrap().is_none());
        world.store.sign_operator_out(&token, world.now).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM audit_log WHERE action = 'signed out'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn nobody_learns_which_part_was_wrong() {
    on_both_engines(async |world| {
        let kim = operator(world, "planner").await;
        for (login, password) in [(kim.login.as_str(), "wrong"), ("nobody", PASSWORD), ("", ""), ("a\0'b", "\0"), (kim.login.as_str(), "")]
        {
            let entry = world.store.begin_entry(login, password, "203.0.113.9", world.now).await.unwrap().unwrap();
            assert!(matches!(finish(&world.store, world, &entry, &kim.code(world.now), world.now).await, Entered::Wrong), "{login}");
        }
        let entry = kim.entry(world, PASSWORD, world.now).await;
        for code in ["", "12345", "가나다라마바", &kim.code(world.later(90)), &kim.code(world.later(-90))] {
            assert!(matches!(finish(&world.store, world, &entry, code, world.now).await, Entered::Wrong), "{code}");
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM operator_session").await, 0);
        // An entry is not a session, nor the other way round, and neither lives for ever.
        assert!(world.store.operator(&entry, world.now).await.unwrap().is_none());
        let late = world.later(300);
        assert!(matches!(finish(&world.store, world, &entry, &kim.code(late), late).await, Entered::BeginAgain));
    })
    .await;
}

#[tokio::test]
async fn a_code_works_once_on_any_node() {
    on_both_engines(async |world| {
        let kim = operator(world, "planner").await;
        let other_node = world.second_store().await;
        let (one, other) = (kim.entry(world, PASSWORD, world.now).await, kim.entry(world, PASSWORD, world.now).await);
        let code = kim.code(world.now);
        let (first, second) =
            tokio::join!(finish(&world.store, world, &one, &code, world.now), finish(&other_node, world, &other, &code, world.now));
        let let_in = [&first, &second].iter().filter(|entered| matches!(entered, Entered::In(_))).count();
        assert_eq!(let_in, 1, "{first:?} {second:?}");
        let again = kim.entry(world, PASSWORD, world.now).await;
        assert!(matches!(finish(&world.store, world, &again, &code, world.now).await, Entered::Wrong));
        let earlier = kim.totp.code(step_at(world.now) - 1);
        assert!(matches!(finish(&world.store, world, &again, &earlier, world.now).await, Entered::Wrong), "nor one before it");
        entered(finish(&world.store, world, &again, &kim.code(world.later(30)), world.later(30)).await);
        other_node.close().await;
    })
    .await;
}

#[tokio::test]
async fn five_wrong_codes_lock_and_wrong_passwords_do_not() {
    on_both_engines(async |world| {
        let kim = operator(world, "planner").await;
        for _ in 0..10 {
            let entry = kim.entry(world, "wrong", world.now).await;
            finish(&world.store, world, &entry, "000000", world.now).await;
        }
        let entry = kim.entry(world, PASSWORD, world.now).await;
        for _ in 0..4 {
            assert!(matches!(finish(&world.store, world, &entry, "000000", world.now).await, Entered::Wrong));
        }
        entered(finish(&world.store, world, &entry, &kim.code(world.now), world.now).await);
        let entry = kim.entry(world, PASSWORD, world.later(60)).await;
        for _ in 0..5 {
            finish(&world.store, world, &entry, "000000", world.later(60)).await;
        }
        let locked = world.later(120);
        assert!(matches!(finish(&world.store, world, &entry, &kim.code(locked), locked).await, Entered::Wrong), "locked");
        assert_eq!(world.number("SELECT COUNT(*) FROM audit_log WHERE action = 'operator locked'").await, 1);
        kim.enters(world, world.later(60 + 900)).await;
    })
    .await;
}

#[tokio::test]
async fn an_address_is_asked_to_wait() {
    on_both_engines(async |world| {
        let kim = operator(world, "planner").await;
        for _ in 0..30 {
            world.store.begin_entry("nobody", &"x".repeat(300), "203.0.113.77", world.now).await.unwrap().unwrap();
        }
        let until = world.store.begin_entry(kim.login.as_str(), PASSWORD, "203.0.113.77", world.now).await.unwrap().unwrap_err();
        assert_eq!(until, "2026-07-14T11:00:00+09:00".parse().unwrap());
        kim.enters(world, world.now).await;
        let entry = kim.entry(world, "wrong", world.now).await;
        for _ in 0..30 {
            assert!(matches!(world.store.finish_entry(&entry, "000000", "203.0.113.78", world.now).await.unwrap(), Entered::Wrong));
        }
        let more = world.store.finish_entry(&entry, "000000", "203.0.113.78", world.now).await.unwrap();
        assert!(matches!(more, Entered::TooMany { .. }), "{more:?}");
    })
    .await;
}

#[tokio::test]
async fn an_operator_made_again_has_new_secrets_and_no_session() {
    on_both_engines(async |world| {
        let kim = operator(world, "planner").await;
        let token = kim.enters(world, world.now).await;
        let totp = domain::totp::TotpSecret::new([9; 20]);
        let new = NewOperator { login: &kim.login, name: "김", password: "another", totp: &totp, roles: Roles::parse("auditor").unwrap() };
        assert_eq!(world.store.make_operator(&new, world.now).await.unwrap(), kim.id);
        assert!(world.store.operator(&token, world.now).await.unwrap().is_none());
        assert!(world.store.has_operator(&kim.login).await.unwrap());
        let entry = kim.entry(world, PASSWORD, world.now).await;
        assert!(matches!(finish(&world.store, world, &entry, &totp.code(step_at(world.now)), world.now).await, Entered::Wrong));
        let entry = kim.entry(world, "another", world.now).await;
        entered(finish(&world.store, world, &entry, &totp.code(step_at(world.now)), world.now).await);
    })
    .await;
}

#[tokio::test]
async fn nothing_in_the_database_lets_anybody_in() {
    on_both_engines(async |world| {
        let kim = operator(world, "planner").await;
        kim.enters(world, world.now).await;
        let found = world.number("SELECT COUNT(*) FROM operator WHERE password_hash LIKE '%staple%'").await;
        assert_eq!(found, 0);
        let sealed: Vec<u8> = sqlx::Row::get(&world.rows("SELECT totp_secret FROM operator").await[0], 0);
        let secret = kim.totp.expose_for_sealing();
        assert!(!sealed.windows(secret.len()).any(|part| part == secret));
        // What is over is forgotten.
        world.store.prune(world.later(13 * 3_600)).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM operator_session").await, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM operator_entry").await, 0);
    })
    .await;
}
