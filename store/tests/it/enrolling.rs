//! Enrolments: the order of their pages, the way back, and who wins when two claim the same.

use crate::world::{PIN, World, on_both_engines, pin};
use futures::future::join_all;
use jiff::civil::date;
use store::{Bank, EnrolmentRefused, Identity, Language, PinChecked, Token};

fn identity() -> Identity {
    Identity { name: "김서울".to_owned(), birth_date: date(1985, 12, 31) }
}

#[tokio::test]
async fn an_enrolment_remembers_each_page() {
    on_both_engines(async |world| {
        let phone = world.new_phone();
        let token = world.store.begin_enrolment(phone, world.now).await.unwrap();
        let seen = async || {
            let enrolment = world.store.enrolment(&token, world.now).await.unwrap().unwrap();
            (enrolment.phone, enrolment.phone_proven, enrolment.identity, enrolment.pin_set)
        };
        assert!(seen().await == (phone, false, None, false));
        let proof = world.phone_proof(phone).await;
        world.store.verify_phone(&token, &proof, world.now).await.unwrap().unwrap();
        assert!(seen().await == (phone, true, None, false));
        world.store.set_identity(&token, &identity(), "ci", world.now).await.unwrap().unwrap();
        assert!(seen().await == (phone, true, Some(identity()), false));
        world.store.set_enrolment_pin(&token, &pin(PIN), world.now).await.unwrap().unwrap();
        assert!(seen().await == (phone, true, Some(identity()), true));

        let person = world.store.finish_enrolment(&token, None, world.now).await.unwrap().unwrap();
        assert_eq!(world.store.enrolment(&token, world.now).await.unwrap(), None);
        let member = world.store.member(person).await.unwrap().unwrap();
        assert!(member.phone == Some(phone) && member.name == "김서울" && member.birth_year() == 1985);
        assert_eq!((member.bank_masked, member.language), (None, Language::Ko));
        assert_eq!(world.store.member_by_phone(phone).await.unwrap(), Some(person));
    })
    .await;
}

#[tokio::test]
async fn no_page_can_be_skipped() {
    on_both_engines(async |world| {
        let out_of_order = Err(EnrolmentRefused::OutOfOrder);
        let (phone, other) = (world.new_phone(), world.new_phone());
        let token = world.store.begin_enrolment(phone, world.now).await.unwrap();
        assert_eq!(world.store.set_identity(&token, &identity(), "ci", world.now).await.unwrap(), out_of_order);
        assert_eq!(world.store.set_enrolment_pin(&token, &pin(PIN), world.now).await.unwrap(), out_of_order);
        assert_eq!(finish(world, &token).await, out_of_order);
        let proof_of_other = world.phone_proof(other).await;
        assert_eq!(world.store.verify_phone(&token, &proof_of_other, world.now).await.unwrap(), out_of_order);

        let proof = world.phone_proof(phone).await;
        world.store.verify_phone(&token, &proof, world.now).await.unwrap().unwrap();
        assert_eq!(world.store.set_enrolment_pin(&token, &pin(PIN), world.now).await.unwrap(), out_of_order);
        assert_eq!(finish(world, &token).await, out_of_order);
        world.store.set_identity(&token, &identity(), "ci", world.now).await.unwrap().unwrap();
        assert_eq!(finish(world, &token).await, out_of_order);
        // Another identity forgets the PIN, which was checked against the first one's birth date.
        world.store.set_enrolment_pin(&token, &pin(PIN), world.now).await.unwrap().unwrap();
        world.store.set_identity(&token, &identity(), "ci", world.now).await.unwrap().unwrap();
        assert_eq!(finish(world, &token).await, out_of_order);
        assert_eq!(world.number("SELECT COUNT(*) FROM person").await, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM member").await, 0);
    })
    .await;
}

async fn finish(world: &World, token: &Token) -> Result<(), EnrolmentRefused> {
    world.store.finish_enrolment(token, None, world.now).await.unwrap().map(|_| ())
}

#[tokio::test]
async fn an_enrolment_is_gone_after_half_an_hour() {
    on_both_engines(async |world| {
        let token = world.enrolment_with_pin(world.new_phone(), "김서울", date(1985, 1, 2), "ci").await;
        assert!(world.store.enrolment(&token, world.later(1_799)).await.unwrap().is_some());
        let late = world.later(1_800);
        assert_eq!(world.store.enrolment(&token, late).await.unwrap(), None);
        let gone = Err(EnrolmentRefused::Gone);
        assert_eq!(world.store.set_enrolment_pin(&token, &pin(PIN), late).await.unwrap(), gone);
        assert_eq!(world.store.finish_enrolment(&token, None, late).await.unwrap().map(|_| ()), gone);
        let stranger = Token::parse(&"ab".repeat(32)).unwrap();
        assert_eq!(world.store.set_enrolment_pin(&stranger, &pin(PIN), world.now).await.unwrap(), gone);
    })
    .await;
}

#[tokio::test]
async fn one_human_is_one_person_whatever_the_phone() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let kind = world.citywide().await;
        let window = world.window(kind, 1_000_000).await;
        world.buy(&citizen, window, 100_000).await;
        world.store.set_language(citizen.id, Language::En).await.unwrap();
        let (session, _) = world.store.sign_in(citizen.id, "old phone", world.now).await.unwrap();
        let device = world.store.remember_device(None, citizen.id, world.now).await.unwrap();

        let new_phone = world.new_phone();
        let token = world.enrolment_with_pin(new_phone, "김개명", citizen.birth_date, &citizen.ci).await;
        let person = world.store.finish_enrolment(&token, None, world.now).await.unwrap().unwrap();
        assert_eq!(person, citizen.id);
        let member = world.store.member(person).await.unwrap().unwrap();
        assert!(member.phone == Some(new_phone) && member.name == "김개명");
        // Money, bank account and settings stay; sessions and known devices end.
        assert_eq!(world.store.wallet(person, world.now).await.unwrap().lots.len(), 1);
        assert_eq!(world.store.bank_account(person).await.unwrap(), Some(citizen.account.clone()));
        assert_eq!(member.language, Language::En);
        assert_eq!(world.store.session(&session, world.now).await.unwrap(), None);
        assert!(!world.store.known_device(&device, person, world.now).await.unwrap());
        assert_eq!(world.store.member_by_phone(citizen.phone).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_number_with_a_new_owner_leaves_the_old_account_its_money_and_sessions() {
    on_both_engines(async |world| {
        let old = world.citizen().await;
        let kind = world.citywide().await;
        let window = world.window(kind, 1_000_000).await;
        world.buy(&old, window, 50_000).await;
        let (session, _) = world.store.sign_in(old.id, "Chrome", world.now).await.unwrap();

        let new = world.enrol(old.phone, "이한강", date(2001, 1, 1), "ci-new").await;
        assert_ne!(new.id, old.id);
        assert_eq!(world.store.member_by_phone(old.phone).await.unwrap(), Some(new.id));
        let left = world.store.member(old.id).await.unwrap().unwrap();
        assert!(left.phone.is_none() && left.name == old.name);
        assert!(world.store.session(&session, world.now).await.unwrap().is_some());
        assert_eq!(world.store.wallet(old.id, world.now).await.unwrap().lots.len(), 1);
        assert!(world.store.wallet(new.id, world.now).await.unwrap().lots.is_empty());

        let back = world.enrol(world.new_phone(), &old.name, old.birth_date, &old.ci).await;
        assert_eq!(back.id, old.id);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_tap_on_the_last_page_makes_one_member() {
    on_both_engines(async |world| {
        let token = world.enrolment_with_pin(world.new_phone(), "김서울", date(1985, 1, 2), "ci").await;
        let bank = Bank { account: "acc".to_owned(), masked: "한강 ***".to_owned() };
        let taps = (0..5).map(|_| {
            let (store, token, bank, now) = (world.store.clone(), token.clone(), bank.clone(), world.now);
            // Each tap signs in with what it was answered, as the page does.
            tokio::spawn(async move {
                let person = store.finish_enrolment(&token, Some(&bank), now).await.unwrap().unwrap();
                (person, store.sign_in(person, "Chrome", now).await.unwrap().0)
            })
        });
        let answers: Vec<_> = join_all(taps).await.into_iter().map(|answer| answer.unwrap()).collect();
        for (person, session) in &answers {
            assert_eq!(*person, answers[0].0);
            // No tap ends the session of another.
            assert!(world.store.session(session, world.now).await.unwrap().is_some());
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM member").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_human_on_many_phones_at_once_is_one_person() {
    on_both_engines(async |world| {
        let mut tokens = Vec::new();
        for _ in 0..6 {
            tokens.push(world.enrolment_with_pin(world.new_phone(), "김서울", date(1985, 1, 2), "one ci").await);
        }
        let finished = tokens.into_iter().map(|token| {
            let (store, now) = (world.store.clone(), world.now);
            tokio::spawn(async move { store.finish_enrolment(&token, None, now).await.unwrap().unwrap() })
        });
        let people: Vec<_> = join_all(finished).await.into_iter().map(|person| person.unwrap()).collect();
        assert!(people.iter().all(|person| *person == people[0]), "{people:?}");
        assert_eq!(world.number("SELECT COUNT(*) FROM person").await, 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM member").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_humans_on_one_phone_at_once_leave_it_to_one() {
    on_both_engines(async |world| {
        let phone = world.new_phone();
        let mut tokens = Vec::new();
        for number in 0..4 {
            tokens.push(world.enrolment_with_pin(phone, "김서울", date(1985, 1, 2), &format!("ci {number}")).await);
        }
        let finished = tokens.into_iter().map(|token| {
            let (store, now) = (world.store.clone(), world.now);
            tokio::spawn(async move { store.finish_enrolment(&token, None, now).await.unwrap().unwrap() })
        });
        let people: Vec<_> = join_all(finished).await.into_iter().map(|person| person.unwrap()).collect();
        let owner = world.store.member_by_phone(phone).await.unwrap().unwrap();
        assert!(people.contains(&owner));
        assert_eq!(world.number("SELECT COUNT(*) FROM member").await, 4);
        assert_eq!(world.number("SELECT COUNT(*) FROM member WHERE phone LIKE 'gone:%'").await, 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_humans_who_swap_phones_at_once_both_get_theirs() {
    on_both_engines(async |world| {
        for _ in 0..5 {
            let (one, other) = (world.citizen().await, world.citizen().await);
            let to_other = world.enrolment_with_pin(other.phone, &one.name, one.birth_date, &one.ci).await;
            let to_one = world.enrolment_with_pin(one.phone, &other.name, other.birth_date, &other.ci).await;
            let finish = |token: Token| {
                let (store, now) = (world.store.clone(), world.now);
                tokio::spawn(async move { store.finish_enrolment(&token, None, now).await.unwrap().unwrap() })
            };
            let (first, second) = tokio::join!(finish(to_other), finish(to_one));
            assert_eq!((first.unwrap(), second.unwrap()), (one.id, other.id));
            // Each has the other's, or the earlier one lost it again to the later: a phone is never two people's.
            assert_eq!(world.store.member_by_phone(other.phone).await.unwrap(), Some(one.id));
            assert_eq!(world.store.member_by_phone(one.phone).await.unwrap(), Some(other.id));
        }
    })
    .await;
}

#[tokio::test]
async fn hostile_names_are_kept_as_text() {
    on_both_engines(async |world| {
        for (number, (name, kept)) in [
            ("김🦊서울".to_owned(), "김🦊서울".to_owned()),
            ("<b>O'Neill</b>".to_owned(), "<b>O'Neill</b>".to_owned()),
            ("가\0나\n다".to_owned(), "가 나 다".to_owned()),
            ("김".repeat(10_000), "김".repeat(100)),
        ]
        .into_iter()
        .enumerate()
        {
            let citizen = world.enrol(world.new_phone(), &name, date(1985, 1, 2), &format!("ci {number} \0 🦊")).await;
            let member = world.store.member(citizen.id).await.unwrap().unwrap();
            assert_eq!(member.name, kept);
            assert!(!format!("{member:?}").contains(&kept));
            let right = world.store.check_pin(citizen.id, &pin(PIN), "", world.now).await.unwrap();
            assert!(matches!(right, PinChecked::Right(_)));
        }
    })
    .await;
}
