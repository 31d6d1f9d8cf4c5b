//! One-time codes: what they open, how often they may be sent and guessed.

use crate::world::{ADDRESS, World, on_both_engines};
use domain::phone::Phone;
use futures::future::join_all;
use store::{CodeChecked, CodeRefused, Language, Limits};

/// A word for each answer, to compare by.
fn word(checked: &CodeChecked) -> String {
    match checked {
        CodeChecked::Right(_) => "right".to_owned(),
        CodeChecked::Wrong { tries_left } => format!("wrong, {tries_left} left"),
        CodeChecked::Expired => "expired".to_owned(),
        CodeChecked::TooMany { .. } => "too many".to_owned(),
    }
}

async fn check(world: &World, phone: Phone, code: &str, after_s: i64) -> String {
    word(&world.store.check_code(phone, code, ADDRESS, world.later(after_s)).await.unwrap())
}

fn wrong(code: &str) -> String {
    let other = (code.parse::<u32>().unwrap() + 1) % 1_000_000;
    format!("{other:06}")
}

#[tokio::test]
async fn a_code_opens_once() {
    on_both_engines(async |world| {
        let phone = world.new_phone();
        world.store.send_code(phone, ADDRESS, world.now).await.unwrap().unwrap();
        let code = world.code_sent_to(phone).await;
        assert_eq!(check(world, world.new_phone(), &code, 0).await, "expired");
        assert_eq!(check(world, phone, &format!(" {code} "), 0).await, "right");
        assert_eq!(check(world, phone, &code, 0).await, "expired");
    })
    .await;
}

#[tokio::test]
async fn a_code_is_good_for_three_minutes() {
    on_both_engines(async |world| {
        for (after_s, answer) in [(179, "right"), (180, "expired"), (181, "expired")] {
            let phone = world.new_phone();
            let sent = world.store.send_code(phone, ADDRESS, world.now).await.unwrap().unwrap();
            assert_eq!((sent.expires_at, sent.again_at), (world.later(180), world.later(20)));
            let code = world.code_sent_to(phone).await;
            assert_eq!(check(world, phone, &code, after_s).await, answer, "after {after_s} s");
        }
    })
    .await;
}

#[tokio::test]
async fn only_the_newest_code_is_good() {
    on_both_engines(async |world| {
        let phone = world.new_phone();
        world.store.send_code(phone, ADDRESS, world.now).await.unwrap().unwrap();
        let old = world.code_sent_to(phone).await;
        world.store.send_code(phone, ADDRESS, world.later(20)).await.unwrap().unwrap();
        let new = world.code_sent_to(phone).await;
        if old != new {
            assert_eq!(check(world, phone, &old, 21).await, "wrong, 4 left");
        }
        assert_eq!(check(world, phone, &new, 21).await, "right");
    })
    .await;
}

#[tokio::test]
async fn five_wrong_tries_spend_a_code() {
    on_both_engines(async |world| {
        let phone = world.new_phone();
        world.store.send_code(phone, ADDRESS, world.now).await.unwrap().unwrap();
        let code = world.code_sent_to(phone).await;
        let hostile = ["", "000", "1234567", "１２３４５６", "' OR 1=1 --"];
        for (typed, left) in hostile.iter().zip([4, 3, 2, 1, 0]) {
            assert_eq!(check(world, phone, typed, 1).await, format!("wrong, {left} left"), "{typed}");
        }
        let spent = world.store.check_code(phone, &code, ADDRESS, world.later(2)).await.unwrap();
        assert!(matches!(spent, CodeChecked::TooMany { until } if until == world.later(20)), "{spent:?}");
        world.store.send_code(phone, ADDRESS, world.later(20)).await.unwrap().unwrap();
        let code = world.code_sent_to(phone).await;
        assert_eq!(check(world, phone, &code, 21).await, "right");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_guesses_at_once_are_five() {
    on_both_engines(async |world| {
        let phone = world.new_phone();
        world.store.send_code(phone, ADDRESS, world.now).await.unwrap().unwrap();
        let wrong = wrong(&world.code_sent_to(phone).await);
        let guesses = (0..50).map(|_| {
            let (store, wrong, now) = (world.store.clone(), wrong.clone(), world.now);
            tokio::spawn(async move { word(&store.check_code(phone, &wrong, ADDRESS, now).await.unwrap()) })
        });
        let mut answers: Vec<String> = join_all(guesses).await.into_iter().map(|answer| answer.unwrap()).collect();
        answers.retain(|answer| answer.starts_with("wrong"));
        answers.sort();
        assert_eq!(answers, ["wrong, 0 left", "wrong, 1 left", "wrong, 2 left", "wrong, 3 left", "wrong, 4 left"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_right_at_once_one_wins() {
    on_both_engines(async |world| {
        for _ in 0..5 {
            let phone = world.new_phone();
            world.store.send_code(phone, ADDRESS, world.now).await.unwrap().unwrap();
            let code = world.code_sent_to(phone).await;
            let tries = (0..4).map(|_| {
                let (store, code, now) = (world.store.clone(), code.clone(), world.now);
                tokio::spawn(async move { word(&store.check_code(phone, &code, ADDRESS, now).await.unwrap()) })
            });
            let answers: Vec<String> = join_all(tries).await.into_iter().map(|answer| answer.unwrap()).collect();
            assert_eq!(answers.iter().filter(|answer| *answer == "right").count(), 1, "{answers:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_guess_is_counted_when_the_caller_hangs_up() {
    on_both_engines(async |world| {
        let phone = world.new_phone();
        world.store.send_code(phone, ADDRESS, world.now).await.unwrap().unwrap();
        let code = world.code_sent_to(phone).await;
        let wrong = wrong(&code);
        for _ in 0..5 {
            // Polled once, then dropped: the guess is under way and nobody waits for the answer.
            let mut guess = Box::pin(world.store.check_code(phone, &wrong, ADDRESS, world.now));
            assert!(futures::poll!(guess.as_mut()).is_pending());
        }
        // The guesses end before or after this one; in the end all are counted.
        world.eventually("SELECT MAX(tries) FROM phone_code", 5).await;
        assert_eq!(check(world, phone, &code, 0).await, "too many");
    })
    .await;
}

#[tokio::test]
async fn a_phone_gets_five_codes_an_hour_and_one_in_twenty_seconds() {
    on_both_engines(async |world| {
        let phone = world.new_phone();
        // 10:30 in Seoul; the hour ends at 11:00.
        let hour_ends = world.later(1_800);
        for (after_s, answer) in [
            (0, Ok(world.later(20))),
            (0, Err(CodeRefused::TooSoon { again_at: world.later(20) })),
            (19, Err(CodeRefused::TooSoon { again_at: world.later(20) })),
            (20, Ok(world.later(40))),
            (40, Ok(world.later(60))),
            (60, Ok(world.later(80))),
            (80, Ok(world.later(100))),
            (100, Err(CodeRefused::TooMany { until: hour_ends })),
            (1_799, Err(CodeRefused::TooMany { until: hour_ends })),
            (1_800, Ok(world.later(1_820))),
        ] {
            let sent = world.store.send_code(phone, ADDRESS, world.later(after_s)).await.unwrap();
            assert_eq!(sent.map(|sent| sent.again_at), answer, "after {after_s} s");
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM outbox WHERE topic = 'sms'").await, 6);
        assert_eq!(world.number("SELECT COUNT(*) FROM phone_code").await, 6);
    })
    .await;
}

#[tokio::test]
async fn an_address_gets_thirty_codes_an_hour() {
    on_both_engines(async |world| {
        for number in 1..=31 {
            let sent = world.store.send_code(world.new_phone(), ADDRESS, world.now).await.unwrap();
            assert_eq!(sent.is_ok(), number <= 30, "code {number}");
        }
        assert!(world.store.send_code(world.new_phone(), "203.0.113.8", world.now).await.unwrap().is_ok());
    })
    .await;
}

#[tokio::test]
async fn the_limit_in_all_holds_for_everyone() {
    on_both_engines(async |world| {
        world.store.send_code(world.new_phone(), ADDRESS, world.now).await.unwrap().unwrap();
        let full = Limits::CODES_IN_ALL.most;
        world.sql(&format!("UPDATE attempt SET count = {full} WHERE bucket = 'code:all'")).await;
        let refused = world.store.send_code(world.new_phone(), "203.0.113.8", world.now).await.unwrap();
        assert_eq!(refused, Err(CodeRefused::TooMany { until: world.later(1_800) }));
    })
    .await;
}

#[tokio::test]
async fn an_address_that_guesses_at_many_phones_is_stopped() {
    on_both_engines(async |world| {
        let phone = world.new_phone();
        world.store.send_code(phone, ADDRESS, world.now).await.unwrap().unwrap();
        let code = world.code_sent_to(phone).await;
        assert_eq!(check(world, phone, &wrong(&code), 0).await, "wrong, 4 left");
        let full = Limits::WRONG_CODES_PER_ADDRESS.most;
        world.sql(&format!("UPDATE attempt SET count = {full} WHERE bucket LIKE 'wrong code:address%'")).await;
        assert_eq!(check(world, phone, &code, 0).await, "too many");
        let elsewhere = world.store.check_code(phone, &code, "203.0.113.8", world.now).await.unwrap();
        assert_eq!(word(&elsewhere), "right");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_taps_on_send_send_one_code() {
    on_both_engines(async |world| {
        let phone = world.new_phone();
        let taps = (0..10).map(|_| {
            let (store, now) = (world.store.clone(), world.now);
            tokio::spawn(async move { store.send_code(phone, ADDRESS, now).await.unwrap().is_ok() })
        });
        let sent = join_all(taps).await.into_iter().filter(|tap| *tap.as_ref().unwrap()).count();
        assert_eq!(sent, 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM outbox").await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_message_is_in_the_language_of_the_member_and_the_answer_tells_nothing() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        world.store.set_language(citizen.id, Language::En).await.unwrap();
        let stranger = world.new_phone();
        let to_member = world.store.send_code(citizen.phone, ADDRESS, world.later(60)).await.unwrap();
        let to_stranger = world.store.send_code(stranger, ADDRESS, world.later(60)).await.unwrap();
        assert_eq!(to_member, to_stranger);
        assert!(world.message_to(citizen.phone).await.starts_with("[Pay+] Your code is "));
        assert!(world.message_to(stranger).await.starts_with("[Pay+] 인증번호 "));
        // Neither code nor phone stands in clear outside of the outbox.
        let kept = world.number(&format!("SELECT COUNT(*) FROM attempt WHERE bucket LIKE '%{}%'", stranger.digits())).await;
        assert_eq!(kept, 0);
    })
    .await;
}
