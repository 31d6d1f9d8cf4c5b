//! Callers: those who go away, those whose command can't be saved, and those who come when the till has closed.

use super::{bill, buyer, crowd_with, lots, pay_all, pool, reserve_all, settle_all, wish};
use crate::world::on_both_engines;
use domain::Refused;
use domain::buying::{BankSays, State};
use futures::future::join_all;
use std::pin::pin;
use store::till::QUEUE;
use store::{Engine, Error};

#[tokio::test]
async fn a_caller_who_goes_away_changes_nothing() {
    on_both_engines(async |world| {
        let people = crowd_with(world, 3, 10_000).await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let shop = world.shop().await.merchant.id;
        let wishes: Vec<_> = people.iter().map(|person| wish(world, person.id, window, 20_000)).collect();
        let gone = bill(world, people[0].id, shop, 4_000);
        let till = world.store.till();
        {
            // Both are in the queue when their callers hang up.
            let mut reserving = pin!(till.reserve(wishes[0], buyer(), world.now));
            let mut paying = pin!(till.pay(gone, world.now));
            assert!(futures::poll!(reserving.as_mut()).is_pending());
            assert!(futures::poll!(paying.as_mut()).is_pending());
        }
        // Neither their neighbours nor they themselves, when they ask again, notice.
        assert_eq!(reserve_all(&world.store, &wishes, world.now).await, vec![Ok(State::Reserved); 3]);
        assert_eq!(pool(world, window).await, (60_000, 0));
        assert!(pay_all(&world.store, &[gone], world.now).await[0].is_ok());
        assert_eq!(lots(world, people[0].id).await, [6_000]);

        {
            let mut settling = pin!(till.settle(wishes[0].id, BankSays::Done, world.now));
            assert!(futures::poll!(settling.as_mut()).is_pending());
        }
        let ids: Vec<_> = wishes.iter().map(|wish| wish.id).collect();
        assert_eq!(settle_all(&world.store, &ids, BankSays::Done, world.now).await, [Some(State::Posted); 3]);
        assert_eq!(pool(world, window).await, (0, 60_000));
    })
    .await;
}

#[tokio::test]
async fn a_command_that_cannot_be_saved_fails_alone() {
    on_both_engines(async |world| {
        let people = crowd_with(world, 20, 10_000).await;
        let (good, bad) = (world.shop().await, world.shop().await);
        // Somebody wrote a notice past the till: the shop's next one has its number.
        let write = format!(
            "INSERT INTO notice (merchant_id, number, payment_id, event, amount, code, at) \
             SELECT {}, 1, id, 'paid', 1, 1, 0 FROM purchase LIMIT 1",
            bad.merchant.id
        );
        world.sql(&write).await;
        let shop = |at: usize| if at == 7 { bad.merchant.id } else { good.merchant.id };
        let bills: Vec<_> = people.iter().enumerate().map(|(at, person)| bill(world, person.id, shop(at), 1_000)).collect();
        let commands = bills.iter().map(|bill| world.store.till().pay(*bill, world.now));
        for (at, answer) in join_all(commands).await.into_iter().enumerate() {
            match answer {
                Ok(Ok(_)) => assert_ne!(at, 7),
                Err(_) => assert_eq!(at, 7),
                Ok(Err(refused)) => panic!("{refused}"),
            }
        }
        assert_eq!(super::total_of_day(world, &good, world.now).await, (19, 19_000));
        assert_eq!(super::total_of_day(world, &bad, world.now).await, (0, 0));
        assert_eq!(lots(world, people[7].id).await, [10_000]);

        // Mended, the same id goes through.
        world.sql(&format!("DELETE FROM notice WHERE merchant_id = {}", bad.merchant.id)).await;
        assert!(pay_all(&world.store, &[bills[7]], world.now).await[0].is_ok());
    })
    .await;
}

#[tokio::test]
async fn damaged_rows_stop_only_whom_they_belong_to() {
    on_both_engines(async |world| {
        let people = crowd_with(world, 12, 10_000).await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        // More in a row than one would take for a database that is gone.
        let damaged: Vec<String> = people[4..9].iter().map(|person| person.id.to_string()).collect();
        let damaged = format!("person_id IN ({})", damaged.join(", "));
        world.sql(&format!("UPDATE allowance SET month = 99999999999 WHERE {damaged}")).await;
        let wishes: Vec<_> = people.iter().map(|person| wish(world, person.id, window, 20_000)).collect();
        let commands = wishes.iter().map(|wish| world.store.till().reserve(*wish, buyer(), world.now));
        for (at, answer) in join_all(commands).await.into_iter().enumerate() {
            match answer {
                Ok(answer) => {
                    assert!(answer.as_ref().is_ok_and(|debit| debit.state == State::Reserved) && !(4..9).contains(&at), "{at}: {answer:?}")
                }
                Err(error) => assert!((4..9).contains(&at), "{at}: {error}"),
            }
        }
        assert_eq!(pool(world, window).await, (140_000, 0));
        world.sql(&format!("UPDATE allowance SET month = 202607 WHERE {damaged}")).await;
        assert_eq!(reserve_all(&world.store, &wishes, world.now).await, vec![Ok(State::Reserved); 12]);
        assert_eq!(pool(world, window).await, (240_000, 0));
    })
    .await;
}

#[tokio::test]
async fn a_closed_till_answers_whom_it_has_taken_and_nobody_else() {
    on_both_engines(async |world| {
        let people = crowd_with(world, 40, 10_000).await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let shop = world.shop().await.merchant.id;
        let wishes: Vec<_> = people.iter().map(|person| wish(world, person.id, window, 10_000)).collect();
        let till = world.store.till();
        assert!(till.is_open());
        let (answers, ()) = futures::join!(reserve_all(&world.store, &wishes, world.now), till.close());
        assert_eq!(answers, vec![Ok(State::Reserved); 40]);
        assert_eq!(pool(world, window).await, (400_000, 0));

        assert!(!till.is_open());
        let reserved = till.reserve(wish(world, people[0].id, window, 10_000), buyer(), world.now).await;
        assert!(matches!(reserved, Err(Error::TillClosed)));
        assert!(matches!(till.settle(wishes[0].id, BankSays::Done, world.now).await, Err(Error::TillClosed)));
        assert!(matches!(till.pay(bill(world, people[0].id, shop, 1), world.now).await, Err(Error::TillClosed)));
        till.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_full_queue_turns_purchases_away_but_never_the_banks_word() {
    on_both_engines(async |world| {
        // SQLite's till has a thread of its own and may take some while the queue fills.
        let is_exact = world.store.engine() == Engine::Postgres;
        let people = crowd_with(world, 1, 10_000).await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let held = wish(world, people[0].id, window, 10_000);
        assert_eq!(reserve_all(&world.store, &[held], world.now).await, [Ok(State::Reserved)]);

        let again = vec![held; QUEUE + 500];
        let words = [held.id; 10];
        let ((), answers, states) = futures::join!(
            async { assert_eq!(world.store.till().waiting(), 0) },
            reserve_all(&world.store, &again, world.now),
            settle_all(&world.store, &words, BankSays::Done, world.now)
        );
        let busy = answers.iter().filter(|answer| **answer == Err(Refused::Busy)).count();
        assert!(if is_exact { busy == 500 } else { busy <= 500 }, "{busy}");
        assert!(answers.iter().all(|answer| matches!(answer, Ok(State::Reserved | State::Posted) | Err(Refused::Busy))));
        assert_eq!(states, [Some(State::Posted); 10]);
    })
    .await;
}
