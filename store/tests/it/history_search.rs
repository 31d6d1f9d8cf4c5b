//! What somebody looks up in the own history is found by shop, amount, what happened and month, in pages, and nobody else's is.

use crate::world::{Citizen, Shop, World, on_both_engines, unique_bytes};
use domain::buying::BankSays;
use domain::calendar::{Month, Span};
use domain::history::{Search, Typed};
use domain::merchant::{Merchant, Standing};
use domain::paying;
use domain::refunding::{State, Wish};
use domain::sale::Who;
use domain::{KindId, PersonId, PurchaseId, RefundId, Timestamp, WindowId, Won};
use futures::stream::{self, StreamExt};
use jiff::ToSpan;
use std::time::Instant;
use store::{HistoryFound, HistoryRow, Mark, MonthTotals, NewMerchant};

fn search(q: &str, what: &str, month: &str) -> Search {
    Search::parse(&Typed { q: q.to_owned(), what: what.to_owned(), month: month.to_owned() }).unwrap()
}

/// A shop that is called so.
async fn shop_called(world: &World, name: &str) -> Shop {
    let owner = world.citizen().await;
    let new = NewMerchant { name: name.to_owned(), ..world.new_merchant() };
    let merchant = world.store.create_merchant(&new, owner.id, world.now).await.unwrap();
    assert!(world.store.set_standing(merchant.id, Standing::Open).await.unwrap());
    Shop { merchant: Merchant { standing: Standing::Open, ..merchant }, owner }
}

/// Open from the first of May 2026 on.
async fn long_window(world: &World, kind: KindId) -> WindowId {
    let span = Span::new(at("2026-05-01T00:00:00+09:00"), world.now + 1.hour()).unwrap();
    world.sale(kind, &[(span, Who::Anyone, Won::of(3_000_000))]).await[0]
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Amounts of what was found, those of purchases and refunds with a letter.
fn told(found: &HistoryFound) -> Vec<String> {
    let row = |row: &HistoryRow| match row {
        HistoryRow::Paid(payment) => payment.amount.get().to_string(),
        HistoryRow::Bought(purchase) => format!("b{}", purchase.price.face.get()),
        HistoryRow::Refunded(refund) => format!("r{}", refund.price.paid.get()),
        HistoryRow::Gave(sent) => format!("g{}", sent.gift.amount.get()),
        HistoryRow::Got(opened) => format!("a{}", opened.gift.amount.get()),
    };
    found.rows.iter().map(row).collect()
}

/// All pages of this size, put together.
async fn whole(world: &World, person: PersonId, search: &Search, size: i64) -> Vec<String> {
    let (mut all, mut before) = (Vec::new(), None::<Mark>);
    loop {
        let page = world.store.search_history(person, search, before, size).await.unwrap();
        assert!(page.rows.len() <= size as usize);
        all.extend(told(&page));
        let Some(earlier) = page.earlier else { return all };
        assert!(before.is_none_or(|before| earlier < before), "it goes back");
        // As it stands in the link to the next page.
        before = Some(earlier.to_string().parse().unwrap());
    }
}

async fn refund_all_of(world: &World, citizen: &Citizen, purchase: PurchaseId, back: i64, now: Timestamp) {
    let lot = world.store.wallet(citizen.id, now).await.unwrap().lots.last().unwrap().id;
    let id = RefundId::from_parts(now.as_millisecond().unsigned_abs(), unique_bytes());
    let wish = Wish { id, person: citizen.id, lot, back: Won::of(back) };
    world.store.till().refund(wish, citizen.account.clone(), now).await.unwrap().unwrap();
    let of = async || world.store.refunds_of_purchase(citizen.id, purchase).await.unwrap();
    assert_eq!(of().await.iter().map(|refund| (refund.id, refund.state)).collect::<Vec<_>>(), [(id, State::Reserved)]);
    world.store.till().settle_refund(id, BankSays::Done, now).await.unwrap();
    assert_eq!(of().await.iter().map(|refund| (refund.id, refund.state)).collect::<Vec<_>>(), [(id, State::Posted)]);
}

#[tokio::test]
async fn rows_are_found_by_shop_amount_what_and_month() {
    on_both_engines(async |world| {
        let (citizen, other) = (world.citizen().await, world.citizen().await);
        let window = long_window(world, world.citywide().await).await;
        let (cafe, books) = (shop_called(world, "모퉁이커피").await, shop_called(world, "Cafe 7942").await);
        world.buy_at(&citizen, window, 100_000, at("2026-05-31T23:59:59+09:00")).await;
        world.pay_at(&citizen, &cafe, 3_200, at("2026-05-31T23:59:59.500+09:00")).await;
        world.pay_at(&citizen, &cafe, 7_942, at("2026-06-01T00:00:00+09:00")).await;
        world.pay_at(&citizen, &books, 12_000, at("2026-06-10T12:00:00+09:00")).await;
        let last = world.buy_at(&citizen, window, 50_000, at("2026-06-20T12:00:00+09:00")).await;
        refund_all_of(world, &citizen, last, 46_500, at("2026-07-01T00:00:00+09:00")).await;
        world.buy_at(&other, window, 100_000, at("2026-06-01T00:00:00+09:00")).await;
        world.pay_at(&other, &cafe, 4_444, at("2026-06-02T00:00:00+09:00")).await;

        let all: &[&str] = &["r46500", "b50000", "12000", "7942", "3200", "b100000"];
        for (asked, found) in [
            (search("", "", ""), all),
            (search("커피", "", ""), &["7942", "3200"]),
            (search("ㅁㅌㅇ ㅋㅍ", "", ""), &["7942", "3200"]),
            (search("CAFE", "", ""), &["12000"]),
            // An amount, and a shop that is called so.
            (search("7942", "", ""), &["12000", "7942"]),
            (search("3,200원", "", ""), &["3200"]),
            (search("10만", "", ""), &["b100000"]),
            (search("93000", "", ""), &["b100000"]),
            (search("46,500원", "", ""), &["r46500", "b50000"]),
            (search("46,500원", "refunded", ""), &["r46500"]),
            // The kind's name, in either language.
            (search("서울사랑", "", ""), &["r46500", "b50000", "b100000"]),
            (search("seoul", "bought", ""), &["b50000", "b100000"]),
            (search("", "paid", ""), &["12000", "7942", "3200"]),
            (search("", "bought", ""), &["b50000", "b100000"]),
            (search("", "", "2026-06"), &["b50000", "12000", "7942"]),
            (search("", "paid", "2026-05"), &["3200"]),
            (search("커피", "", "2026-05"), &["3200"]),
            (search("커피", "bought", ""), &[]),
            (search("찻집", "", ""), &[]),
            (search("", "", "2026-04"), &[]),
            (search("4,444", "", ""), &[]),
        ] {
            for size in [1, 2, 5, 100] {
                assert_eq!(whole(world, citizen.id, &asked, size).await, found, "{asked:?} in pages of {size}");
            }
        }
        for hostile in [i64::MIN, -1, 0] {
            let none = world.store.search_history(citizen.id, &Search::default(), None, hostile).await.unwrap();
            assert!(none.rows.is_empty());
        }
        assert_eq!(whole(world, citizen.id, &Search::default(), 150).await, all);
        assert_eq!(world.store.refunds_of_purchase(other.id, last).await.unwrap(), [], "nobody else's");
        let months = world.store.totals_by_month(citizen.id, Span::new(at("2026-05-01T00:00:00+09:00"), world.now).unwrap()).await.unwrap();
        let figures = |bought, saved, paid| MonthTotals { bought: Won::of(bought), saved: Won::of(saved), paid: Won::of(paid) };
        // What was refunded saved nothing.
        let expected = [(Month(202_606), figures(50_000, 0, 19_942)), (Month(202_605), figures(100_000, 7_000, 3_200))];
        assert_eq!(months, expected);
    })
    .await;
}

/// Prints how long it takes here, in a debug build.
#[tokio::test(flavor = "multi_thread")]
async fn a_needle_among_twelve_thousand_rows_is_found_in_bounded_pages() {
    on_both_engines(async |world| {
        let citizen = world.citizen().await;
        let window = long_window(world, world.citywide().await).await;
        world.buy_at(&citizen, window, 300_000, at("2026-05-01T00:00:00+09:00")).await;
        let (usual, once) = (shop_called(world, "모퉁이커피").await, shop_called(world, "한번간집").await);
        let begun = at("2026-05-02T00:00:00+09:00").as_millisecond();
        world.pay_at(&citizen, &once, 7_777, Timestamp::from_millisecond(begun - 1).unwrap()).await;
        let pays = (0..12_000i64).map(|number| {
            let now = Timestamp::from_millisecond(begun + number * 100_000).unwrap();
            let (id, merchant) = (world.payment_id(), usual.merchant.id);
            let wish = paying::Wish { id, payer: citizen.id, merchant, amount: Won::of(1 + number % 7), kind: None, once: None };
            world.store.till().pay(wish, now)
        });
        let paid: Vec<_> = stream::iter(pays).buffer_unordered(1_000).collect().await;
        assert!(paid.into_iter().all(|paid| paid.unwrap().is_ok()));

        let timed = async |what: &str, search: Search, before: Option<Mark>| {
            let began = Instant::now();
            let found = world.store.search_history(citizen.id, &search, before, 40).await.unwrap();
            println!("{what}: {} rows in {:?}", found.rows.len(), began.elapsed());
            found
        };
        let mut found = timed("a needle, first stretch", search("ㅎㅂㄱㅈ", "", ""), None).await;
        let mut stretches = 1;
        while found.rows.is_empty() {
            assert!(found.earlier.is_some(), "what is empty goes on");
            found = timed("a needle, on", search("ㅎㅂㄱㅈ", "", ""), found.earlier).await;
            stretches += 1;
        }
        assert_eq!((told(&found), found.earlier, stretches), (vec!["7777".to_owned()], None, 3));
        let often = timed("a shop that is everywhere", search("커피", "", ""), None).await;
        assert_eq!((often.rows.len(), often.earlier), (40, often.rows.last().map(HistoryRow::mark)));
        let month = timed("a month", search("", "", "2026-05"), None).await;
        assert_eq!(month.rows.len(), 40);
        assert!(month.rows.iter().all(|row| Month::of(row.at()) == Month(202_605)));
        assert_eq!(timed("an amount in a month", search("7,777", "", "2026-05"), None).await.rows.len(), 0);
        assert_eq!(whole(world, citizen.id, &search("7,777", "", "2026-05"), 40).await, ["7777"]);
        let (began, span) = (Instant::now(), Span::new(at("2026-05-01T00:00:00+09:00"), world.now).unwrap());
        assert_eq!(world.store.totals_by_month(citizen.id, span).await.unwrap().len(), 1);
        println!("totals by month: {:?}", began.elapsed());
    })
    .await;
}
