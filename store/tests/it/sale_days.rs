//! The sale day: what pauses, and what is left over.

use crate::till::nodes::on_two_nodes;
use crate::world::on_both_engines;
use domain::Won;
use domain::calendar::Span;
use domain::plan::Feature;
use domain::sale::Who;
use jiff::ToSpan;
use store::{NewSale, NewWindow};

#[tokio::test]
async fn a_suspension_ends_by_itself_and_one_that_follows_goes_on() {
    on_both_engines(async |world| {
        let span = |from: i64, to: i64| Span::new(world.later(from), world.later(to)).unwrap();
        world.store.suspend(Feature::SignUp, span(10, 20), world.now).await.unwrap();
        world.store.suspend(Feature::SignUp, span(20, 30), world.now).await.unwrap();
        world.store.suspend(Feature::SignUp, span(40, 50), world.now).await.unwrap();
        world.store.suspend(Feature::Gifts, span(0, 100), world.now).await.unwrap();
        let until = async |at: i64| world.store.suspended_until(Feature::SignUp, world.later(at)).await.unwrap();
        for (at, wanted) in [(9, None), (10, Some(30)), (19, Some(30)), (29, Some(30)), (30, None), (45, Some(50)), (50, None)] {
            assert_eq!(until(at).await, wanted.map(|seconds| world.later(seconds)), "at {at} s");
        }
        assert_eq!(world.store.suspended_until(Feature::ShopFinder, world.later(10)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn what_is_left_over_goes_on_at_the_opening_and_what_comes_back_follows() {
    on_both_engines(async |world| {
        let kind = world.citywide().await;
        let open = world.now - 1.hour();
        let span = |from: i64, to: i64| Span::new(open + from.hours(), open + to.hours()).unwrap();
        let windows = vec![
            (span(0, 4), Who::Anyone, Won::of(300_000)),
            (span(4, 8), Who::Anyone, Won::of(200_000)),
            (span(8, 12), Who::Anyone, Won::ZERO),
        ];
        let names = ("정기 판매".to_owned(), "Sale day".to_owned());
        let new = NewSale { kind, name_ko: names.0, name_en: names.1, windows: taking(windows) };
        let sale = world.store.create_sale(&new, world.now).await.unwrap();
        let windows: Vec<_> = world.store.on_sale(world.now).await.unwrap().into_iter().filter(|view| view.sale == sale).collect();
        let ids: Vec<_> = windows[0].windows.iter().map(|(window, _)| window.id).collect();
        let citizen = world.citizen().await;
        world.buy(&citizen, ids[0], 100_000).await;
        let held = world.reserve(&citizen, ids[0], 50_000, world.now).await;
        // Frozen until the last window opens.
        assert!(world.store.move_left_over(world.later(7 * 3_600 - 1)).await.unwrap().is_empty());
        let moved = world.store.move_left_over(world.later(7 * 3_600)).await.unwrap();
        assert_eq!(moved, [(ids[0], ids[2], Won::of(150_000)), (ids[1], ids[2], Won::of(200_000))]);
        assert!(world.store.move_left_over(world.later(7 * 3_600 + 1)).await.unwrap().is_empty());
        // A reservation of the morning that comes to nothing goes the same way.
        let says = domain::buying::BankSays::Rejected(domain::buying::BankReason::InsufficientFunds);
        world.store.till().settle(held, says, world.now).await.unwrap();
        let moved = world.store.move_left_over(world.later(7 * 3_600 + 2)).await.unwrap();
        assert_eq!(moved, [(ids[0], ids[2], Won::of(50_000))]);
        let (_, pool, _) = world.store.window(ids[2]).await.unwrap().unwrap();
        assert_eq!((pool.total, pool.left()), (Won::of(400_000), Won::of(400_000)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_move_at_once_move_once_while_the_till_sells() {
    on_two_nodes(async |world, second| {
        let kind = world.citywide().await;
        let open = world.now - 1.hour();
        let (first, last) = (Span::new(open, world.now).unwrap(), Span::new(world.now, world.now + 1.hour()).unwrap());
        let windows = vec![(first, Who::Anyone, Won::of(300_000)), (last, Who::Anyone, Won::of(100_000))];
        let new = NewSale { kind, name_ko: "정기".to_owned(), name_en: "Sale".to_owned(), windows: taking(windows) };
        let sale = world.store.create_sale(&new, world.now).await.unwrap();
        let views = world.store.on_sale(world.now).await.unwrap();
        let id = views.iter().find(|view| view.sale == sale).unwrap().windows[1].0.id;
        let citizen = world.citizen().await;
        let buy = async || world.buy(&citizen, id, 10_000).await;
        let (here, there, ..) = futures::join!(world.store.move_left_over(world.now), second.move_left_over(world.now), async {
            for _ in 0..5 {
                buy().await;
            }
        });
        let moved: i64 = [here.unwrap(), there.unwrap()].iter().flatten().map(|(_, _, amount)| amount.get()).sum();
        assert_eq!(moved, 300_000);
    })
    .await;
}

/// The last of them takes what is left of the others.
fn taking(windows: Vec<(Span, Who, Won)>) -> Vec<NewWindow> {
    let mut windows: Vec<NewWindow> = windows.into_iter().map(Into::into).collect();
    windows.last_mut().unwrap().takes_left_over = true;
    windows
}
