//! What is forgotten, and what is not.

use crate::world::{ADDRESS, PIN, on_both_engines, pin, unique_bytes};
use domain::{PayoutCheckId, Won};
use store::{Bank, BankLine};

const DAY_S: i64 = 86_400;

#[tokio::test]
async fn only_what_is_of_no_more_use_is_forgotten() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let (token, _) = world.store.sign_in(citizen.id, "Chrome", world.now).await.unwrap();
        let (seen, _) = world.store.sign_in(citizen.id, "seen", world.now).await.unwrap();
        let device = world.store.remember_device(None, citizen.id, world.now).await.unwrap();
        world.store.check_pin(citizen.id, &pin("000000"), ADDRESS, world.now).await.unwrap();
        world.store.send_code(world.new_phone(), ADDRESS, world.now).await.unwrap().unwrap();
        let outbox = world.store.outbox();
        let effects = outbox.claim(10, world.now).await.unwrap();
        assert_eq!(effects.len(), 2);
        outbox.sent(&effects[0]).await.unwrap();
        outbox.sent(&effects[1]).await.unwrap();

        assert_eq!(world.store.prune(world.now).await.unwrap(), 0);
        let count = async |table: &str| world.number(&format!("SELECT COUNT(*) FROM {table}")).await;
        world.store.prune(world.later(1_800)).await.unwrap();
        assert_eq!((count("enrolment").await, count("phone_code").await), (0, 2));
        world.store.prune(world.later(DAY_S + 3_600)).await.unwrap();
        assert_eq!((count("phone_code").await, count("attempt").await, count("outbox").await), (0, 0, 2));
        world.store.prune(world.later(7 * DAY_S + 3_600)).await.unwrap();
        assert_eq!((count("outbox").await, count("session").await), (0, 2));
        world.store.session(&seen, world.later(20 * DAY_S)).await.unwrap().unwrap();
        world.store.prune(world.later(30 * DAY_S)).await.unwrap();
        assert_eq!(world.store.session(&token, world.later(30 * DAY_S)).await.unwrap(), None);
        assert!(world.store.session(&seen, world.later(30 * DAY_S)).await.unwrap().is_some());
        assert_eq!((count("session").await, count("known_device").await), (1, 1));
        world.store.prune(world.later(365 * DAY_S)).await.unwrap();
        assert!(!world.store.known_device(&device, citizen.id, world.later(365 * DAY_S)).await.unwrap());
        assert_eq!((count("known_device").await, count("member").await), (0, 1));
        // The wrong try is still counted with the PIN itself.
        let wrong = world.number("SELECT pin_tries FROM member").await;
        assert_eq!(wrong, 1);
        world.store.check_pin(citizen.id, &pin(PIN), ADDRESS, world.now).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn unsent_effects_are_kept_whatever_their_age() {
    on_both_engines(async |world| {
        world.store.send_code(world.new_phone(), ADDRESS, world.now).await.unwrap().unwrap();
        world.store.prune(world.later(100 * DAY_S)).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM outbox").await, 1);
    })
    .await;
}

#[tokio::test]
async fn more_than_fits_one_transaction_is_forgotten_too() {
    on_both_engines(async |world| {
        let values: Vec<String> = (0..1_234).map(|number| format!("('b{number}', {number}, 1)")).collect();
        world.sql(&format!("INSERT INTO attempt (bucket, span_start, count) VALUES {}", values.join(", "))).await;
        assert_eq!(world.store.prune(world.now).await.unwrap(), 1_234);
    })
    .await;
}

#[tokio::test]
async fn a_code_that_nobody_paid_with_is_forgotten_and_looked_at_for_two_days_only() {
    on_both_engines(async |world| {
        let staff = world.owner_proof(&world.shop().await).await;
        let count = async || world.number("SELECT COUNT(*) FROM once").await;
        world.store.ask_for(&staff, Won::of(1_000), world.now).await.unwrap().unwrap();
        world.store.prune(world.later(DAY_S)).await.unwrap();
        assert_eq!(count().await, 1);
        world.store.prune(world.later(DAY_S + 1)).await.unwrap();
        assert_eq!(count().await, 0);
        // Whatever is older has been looked at, again and again.
        world.store.ask_for(&staff, Won::of(1_000), world.now).await.unwrap().unwrap();
        world.store.prune(world.later(3 * DAY_S + 1)).await.unwrap();
        assert_eq!(count().await, 1);
        world.store.prune(world.later(3 * DAY_S)).await.unwrap();
        assert_eq!(count().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_won_that_was_sent_is_known_when_its_draft_is_forgotten() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let business = domain::business_number::BusinessNumber::from_first_nine(220_810_077).unwrap();
        let id = world.store.begin_application(owner.id, business, world.now).await.unwrap().unwrap();
        world.store.set_photo(owner.id, id, b"jpeg", world.now).await.unwrap().unwrap().unwrap();
        let bank = Bank { account: "acc-1".to_owned(), masked: "신한 ***6789".to_owned() };
        let checks = [0, 1].map(|_| PayoutCheckId::from_parts(world.now.as_millisecond().unsigned_abs(), unique_bytes()));
        for (check, is_taken) in checks.into_iter().zip([true, false]) {
            world.store.begin_one_won(owner.id, id, check, &bank, world.now).await.unwrap().unwrap().unwrap();
            world.store.one_won_was_sent(check, is_taken).await.unwrap();
        }
        let line = BankLine { seq: 1, is_debit: false, order: checks[0].uuid(), amount: 1, moved_at: world.now };
        world.store.keep_bank_lines(&[line]).await.unwrap();
        let later = world.later(90 * DAY_S + 1);
        world.store.prune(later).await.unwrap();
        assert!(world.store.applications_of(owner.id).await.unwrap().is_empty());
        let count = async |of: &str| world.number(&format!("SELECT COUNT(*) FROM {of}")).await;
        let kept = (count("payout_check").await, count("application WHERE stage = 'closed'").await, count("photo").await);
        assert_eq!(kept, (1, 1, 0));
        assert_eq!(count("payout_check WHERE account <> '' OR masked <> ''").await, 0);
        let matched = world.store.match_bank(later, later).await.unwrap();
        assert_eq!((matched.found, matched.account_checks), (0, 1));
        assert_eq!(world.store.prune(later).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_shop_that_was_begun_and_never_sent_is_forgotten_after_ninety_days() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let business = domain::business_number::BusinessNumber::from_first_nine(220_810_077).unwrap();
        let id = world.store.begin_application(owner.id, business, world.now).await.unwrap().unwrap();
        world.store.set_photo(owner.id, id, b"jpeg", world.now).await.unwrap().unwrap().unwrap();
        world.store.prune(world.later(89 * DAY_S)).await.unwrap();
        assert!(world.store.application(owner.id, id).await.unwrap().is_some());
        world.store.prune(world.later(90 * DAY_S + 1)).await.unwrap();
        assert!(world.store.application(owner.id, id).await.unwrap().is_none());
        assert_eq!(world.number("SELECT COUNT(*) FROM photo").await, 0);
    })
    .await;
}
