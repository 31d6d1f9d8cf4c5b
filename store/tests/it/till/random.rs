//! Histories drawn at random, sent in batches, beside a reference that knows nothing of lots' rows, batches or SQL: a few maps of
//! whole numbers, one command after the other. Every answer and every balance must agree, and the ledger must add up.

use super::{bill, buyer, wish};
use crate::world::{Shop, World, on_both_engines, on_both_engines_in_order};
use domain::buying::{self, BankReason, BankSays, State};
use domain::{CancelId, KindId, PersonId, PurchaseId, WindowId, Won, cancelling, paying};
use futures::future::{BoxFuture, FutureExt, join_all};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::collections::BTreeMap;

const PEOPLE: usize = 3;
const SHOPS: usize = 2;
const STEPS: usize = 240;
/// Small enough that it runs out.
const POOL: i64 = 900_000;
const MONTH_LIMIT: i64 = 400_000;

/// What happens, by places in lists: the reference and the till make of it what they should.
#[derive(Clone, Debug)]
enum Act {
    Reserve {
        who: usize,
        window: usize,
        units: i64,
    },
    /// The same command sent again.
    ReserveAgain {
        purchase: usize,
    },
    Settle {
        purchase: usize,
        says: BankSays,
    },
    Pay {
        who: usize,
        shop: usize,
        amount: i64,
    },
    Cancel {
        payment: usize,
        amount: i64,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let says = prop_oneof![
        4 => Just(BankSays::Done),
        2 => Just(BankSays::Rejected(BankReason::BankLimit)),
        1 => Just(BankSays::NotFound),
        1 => Just(BankSays::Unclear),
        1 => Just(BankSays::Returned),
    ];
    prop_oneof![
        4 => (0..PEOPLE, 0..2usize, 1..12i64).prop_map(|(who, window, units)| Act::Reserve { who, window, units }),
        1 => any::<usize>().prop_map(|purchase| Act::ReserveAgain { purchase }),
        5 => (any::<usize>(), says).prop_map(|(purchase, says)| Act::Settle { purchase, says }),
        4 => (0..PEOPLE, 0..SHOPS, 1..90_000i64).prop_map(|(who, shop, amount)| Act::Pay { who, shop, amount }),
        3 => (any::<usize>(), 1..60_000i64).prop_map(|(payment, amount)| Act::Cancel { payment, amount }),
    ]
}

/// Batches of 1 to 12 commands.
fn history() -> impl Strategy<Value = Vec<Vec<Act>>> {
    prop::collection::vec(prop::collection::vec(act(), 1..13), STEPS / 8)
}

#[derive(Clone, Debug, PartialEq)]
enum Answer {
    Refused,
    State(Option<State>),
    Paid,
    Cancelled,
}

#[derive(Clone)]
struct Bought {
    wish: buying::Wish,
    kind: KindId,
    state: State,
}

/// The rules once more, as short as they can be said.
#[derive(Default)]
struct Reference {
    held: BTreeMap<WindowId, i64>,
    sold: BTreeMap<WindowId, i64>,
    bought: BTreeMap<(PersonId, KindId), i64>,
    holds: BTreeMap<(PersonId, KindId), i64>,
    wallet: BTreeMap<PersonId, i64>,
    earned: BTreeMap<usize, (i64, i64)>,
    cancelled: BTreeMap<usize, (i64, i64)>,
    /// Every payment that was sent, by shop, and what of it is still paid: nothing when it was refused.
    payments: Vec<(paying::Wish, usize, i64)>,
    purchases: Vec<Bought>,
    late: i64,
}

impl Reference {
    fn reserve(&mut self, wish: buying::Wish, kind: KindId) -> Answer {
        let (face, key) = (wish.face.get(), (wish.person, kind));
        let taken = self.held.get(&wish.window).unwrap_or(&0) + self.sold.get(&wish.window).unwrap_or(&0);
        let (bought, holds) = (*self.bought.get(&key).unwrap_or(&0), *self.holds.get(&key).unwrap_or(&0));
        if bought + face > MONTH_LIMIT || holds + face > 1_000_000 || taken + face > POOL {
            return Answer::Refused;
        }
        *self.held.entry(wish.window).or_default() += face;
        self.bought.insert(key, bought + face);
        self.holds.insert(key, holds + face);
        self.purchases.push(Bought { wish, kind, state: State::Reserved });
        Answer::State(Some(State::Reserved))
    }

    fn settle(&mut self, purchase: usize, says: BankSays) -> Answer {
        let Bought { wish, kind, state } = self.purchases[purchase].clone();
        let (face, key) = (wish.face.get(), (wish.person, kind));
        let open = matches!(state, State::Reserved | State::Unknown);
        let next = match says {
            BankSays::Done if open => {
                *self.held.entry(wish.window).or_default() -= face;
                *self.sold.entry(wish.window).or_default() += face;
                *self.wallet.entry(wish.person).or_default() += face;
                State::Posted
            }
            BankSays::Rejected(_) if open => {
                *self.held.entry(wish.window).or_default() -= face;
                *self.bought.entry(key).or_default() -= face;
                *self.holds.entry(key).or_default() -= face;
                State::Voided
            }
            BankSays::Unclear if open => State::Unknown,
            BankSays::Done if state == State::Voided => {
                self.late += face * 93 / 100;
                State::Refunding
            }
            BankSays::Returned if state == State::Refunding => {
                self.late -= face * 93 / 100;
                State::Refunded
            }
            _ => state,
        };
        self.purchases[purchase].state = next;
        Answer::State(Some(next))
    }

    fn pay(&mut self, wish: &paying::Wish, shop: usize) -> Answer {
        let (amount, wallet) = (wish.amount.get(), self.wallet.entry(wish.payer).or_default());
        if amount > *wallet {
            self.payments.push((*wish, shop, 0));
            return Answer::Refused;
        }
        self.payments.push((*wish, shop, amount));
        *wallet -= amount;
        let earned = self.earned.entry(shop).or_default();
        *earned = (earned.0 + 1, earned.1 + amount);
        Answer::Paid
    }

    fn cancel(&mut self, payment: usize, amount: i64) -> Answer {
        let (wish, shop, left) = &mut self.payments[payment];
        if amount > *left {
            return Answer::Refused;
        }
        *left -= amount;
        *self.wallet.entry(wish.payer).or_default() += amount;
        let cancelled = self.cancelled.entry(*shop).or_default();
        *cancelled = (cancelled.0 + 1, cancelled.1 + amount);
        Answer::Cancelled
    }
}

struct Cast {
    people: Vec<PersonId>,
    shops: Vec<Shop>,
    windows: Vec<(WindowId, KindId)>,
}

impl Cast {
    async fn of(world: &World) -> Cast {
        let mut cast = Cast { people: Vec::new(), shops: Vec::new(), windows: Vec::new() };
        for _ in 0..PEOPLE {
            cast.people.push(world.citizen().await.id);
        }
        for _ in 0..SHOPS {
            cast.shops.push(world.shop().await);
        }
        for _ in 0..2 {
            let kind = world.citywide().await;
            cast.windows.push((world.window(kind, POOL).await, kind));
        }
        cast
    }
}

/// Plays a history, the commands of a batch at once. The reference takes them in the order in which they are sent; in lanes they
/// may be taken in another, and then only the books tell (every test ends with an audit).
async fn replay(world: &World, cast: &Cast, history: &[Vec<Act>], is_in_order: bool) {
    let mut reference = Reference::default();
    for batch in history {
        let mut expected = Vec::new();
        let mut commands: Vec<BoxFuture<'_, Answer>> = Vec::new();
        for act in batch {
            let any = |place: &usize| (!reference.purchases.is_empty()).then(|| place % reference.purchases.len());
            match act {
                Act::Reserve { who, window, units } => {
                    let (window, kind) = cast.windows[*window];
                    let wish = wish(world, cast.people[*who], window, units * 10_000);
                    expected.push(reference.reserve(wish, kind));
                    commands.push(reserve(world, wish));
                }
                Act::ReserveAgain { purchase } => {
                    let Some(at) = any(purchase) else { continue };
                    expected.push(Answer::State(Some(reference.purchases[at].state)));
                    commands.push(reserve(world, reference.purchases[at].wish));
                }
                Act::Settle { purchase, says } => {
                    let Some(at) = any(purchase) else { continue };
                    let id: PurchaseId = reference.purchases[at].wish.id;
                    expected.push(reference.settle(at, *says));
                    let settled = world.store.till().settle(id, *says, world.now);
                    commands.push(settled.map(|state| Answer::State(state.unwrap())).boxed());
                }
                Act::Pay { who, shop, amount } => {
                    let bill = bill(world, cast.people[*who], cast.shops[*shop].merchant.id, *amount);
                    expected.push(reference.pay(&bill, *shop));
                    let paid = world.store.till().pay(bill, world.now);
                    commands.push(paid.map(|paid| if paid.unwrap().is_ok() { Answer::Paid } else { Answer::Refused }).boxed());
                }
                Act::Cancel { payment, amount } => {
                    if reference.payments.is_empty() {
                        continue;
                    }
                    let at = payment % reference.payments.len();
                    let (bill, shop, _) = reference.payments[at];
                    let (id, by) = (CancelId::try_from(world.payment_id().uuid()).unwrap(), cast.people[0]);
                    let merchant = cast.shops[shop].merchant.id;
                    let wish = cancelling::Wish { id, payment: bill.id, merchant, amount: Won::of(*amount), by };
                    expected.push(reference.cancel(at, *amount));
                    let cancelled = world.store.till().cancel(wish, world.now);
                    let answer = |done: Result<(), _>| if done.is_ok() { Answer::Cancelled } else { Answer::Refused };
                    commands.push(cancelled.map(move |done| answer(done.unwrap())).boxed());
                }
            }
        }
        let answers = join_all(commands).await;
        if is_in_order {
            assert_eq!(answers, expected, "{batch:?}");
        }
    }
    if is_in_order {
        compare(world, cast, &reference).await;
    }
}

fn reserve(world: &World, wish: buying::Wish) -> BoxFuture<'_, Answer> {
    let reserved = world.store.till().reserve(wish, buyer(), world.now);
    reserved.map(|state| state.unwrap().map_or(Answer::Refused, |debit| Answer::State(Some(debit.state)))).boxed()
}

async fn compare(world: &World, cast: &Cast, reference: &Reference) {
    for (window, _) in &cast.windows {
        let expected = (reference.held.get(window).copied().unwrap_or(0), reference.sold.get(window).copied().unwrap_or(0));
        assert_eq!(super::pool(world, *window).await, expected);
    }
    for person in &cast.people {
        let lots: i64 = super::lots(world, *person).await.iter().sum();
        assert_eq!(lots, reference.wallet.get(person).copied().unwrap_or(0));
        let bought: i64 = reference.bought.iter().filter(|(key, _)| key.0 == *person).map(|(_, face)| face).sum();
        assert_eq!(super::allowance(world, *person).await.0, bought);
    }
    for (at, shop) in cast.shops.iter().enumerate() {
        let earned = reference.earned.get(&at).copied().unwrap_or_default();
        assert_eq!(super::total_of_day(world, shop, world.now).await, earned);
        let owed =
            format!("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM entry WHERE account = 2020 AND owner = {}", shop.merchant.id);
        let cancelled = reference.cancelled.get(&at).copied().unwrap_or_default();
        let day = world.store.today(shop.merchant.id, world.now).await.unwrap();
        assert_eq!((day.cancelled_count, day.cancelled.get()), cancelled);
        assert_eq!(-world.number(&owed).await, earned.1 - cancelled.1);
        assert_eq!(world.store.last_number(shop.merchant.id).await.unwrap(), earned.0 + cancelled.0);
    }
    let sum = |account: i64| format!("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM entry WHERE account = {account}");
    let sold: i64 = reference.sold.values().sum();
    assert_eq!(world.number(&sum(1010)).await, sold * 93 / 100 + reference.late);
    assert_eq!(world.number(&sum(5010)).await, sold * 7 / 100);
    assert_eq!(-world.number(&sum(2010)).await, reference.wallet.values().sum::<i64>());
    assert_eq!(-world.number(&sum(2030)).await, reference.late);
    assert_eq!(world.number("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM entry").await, 0);
}

/// A history by its seed; `PAYPLUS_TEST_SEED` plays one again.
fn seeds() -> Vec<u64> {
    match std::env::var("PAYPLUS_TEST_SEED").ok().and_then(|seed| seed.parse().ok()) {
        Some(seed) => vec![seed],
        None => {
            let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
            vec![1, 2, u64::from(clock.subsec_nanos())]
        }
    }
}

fn drawn(seed: u64) -> Vec<Vec<Act>> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    history().new_tree(&mut runner).unwrap().current()
}

#[tokio::test]
async fn random_histories_end_where_the_reference_ends() {
    for seed in seeds() {
        println!("PAYPLUS_TEST_SEED={seed}");
        let history = drawn(seed);
        on_both_engines_in_order(async |world| {
            let cast = Cast::of(world).await;
            replay(world, &cast, &history, true).await;
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn random_histories_in_lanes_keep_the_books() {
    for seed in seeds() {
        println!("PAYPLUS_TEST_SEED={seed}");
        let history = drawn(seed);
        on_both_engines(async |world| {
            let cast = Cast::of(world).await;
            replay(world, &cast, &history, false).await;
        })
        .await;
    }
}
