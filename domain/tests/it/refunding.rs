use domain::buying::{BankReason, BankSays};
use domain::kind::{AfterExpiry, BasisPoints, Percent, Price, Scope};
use domain::refunding::{self, Quote, State, Step, Wish, decide, next_step, quote};
use domain::spending::Lot;
use domain::{KindId, LotId, PersonId, RefundId, Refused, Timestamp, Won};
use jiff::ToSpan;
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-07-14T10:30:00+09:00".parse().unwrap()
}

fn lot(face: i64, paid: i64, spent: i64, refunded: i64, refund_from: u8) -> Lot {
    Lot {
        id: LotId(1),
        kind: KindId(1),
        scope: Scope::Citywide,
        face: Won::of(face),
        paid: Won::of(paid),
        discount: BasisPoints(700),
        left: Won::of(face - spent - refunded),
        refunded: Won::of(refunded),
        refund_from: Some(Percent::new(refund_from)),
        expired: Won::ZERO,
        given: Won::ZERO,
        gift: None,
        after_expiry: Percent::new(95),
        bought_at: now(),
        expires_at: now() + 1.hours(),
    }
}

fn price(face: i64, paid: i64) -> Quote {
    Quote::Now(Price { face: Won::of(face), paid: Won::of(paid), fund: Won::of(face - paid) })
}

fn after(spend: i64, back: i64) -> Quote {
    Quote::After { spend: Won::of(spend), back: Won::of(back) }
}

fn wish(back: Won) -> Wish {
    Wish { id: RefundId::from_parts(1, [0; 10]), person: PersonId(1), lot: LotId(1), back }
}

#[test]
fn what_comes_back_and_when() {
    /// Face, paid, spent, refunded before, threshold.
    type Case = (i64, i64, i64, i64, u8);
    let table: [(Case, Quote); 18] = [
        // Untouched: all that was paid.
        ((100_000, 93_000, 0, 0, 60), price(100_000, 93_000)),
        ((100_000, 93_000, 0, 0, 100), price(100_000, 93_000)),
        // Of the specification: 60,000 of 100,000 used, and what the screen says before.
        ((100_000, 93_000, 60_000, 0, 60), price(40_000, 37_200)),
        ((100_000, 93_000, 40_000, 0, 60), after(20_000, 37_200)),
        // Inclusive, to the won.
        ((100_000, 93_000, 59_999, 0, 60), after(1, 37_200)),
        ((100_000, 93_000, 60_001, 0, 60), price(39_999, 37_199)),
        ((100_000, 93_000, 1, 0, 60), after(59_999, 37_200)),
        // A threshold that is no whole won is reached by the next one.
        ((10_005, 9_305, 6_003, 0, 60), price(4_002, 3_722)),
        ((99, 93, 59, 0, 60), after(1, 36)),
        ((99, 93, 60, 0, 60), price(39, 36)),
        // Other ordinances.
        ((100_000, 90_000, 79_999, 0, 80), after(1, 18_000)),
        ((100_000, 90_000, 80_000, 0, 80), price(20_000, 18_000)),
        ((100_000, 90_000, 1, 0, 0), price(99_999, 89_999)),
        // By the time that it may there is nothing any more.
        ((100_000, 93_000, 1, 0, 100), Quote::Nothing),
        ((100_000, 93_000, 100_000, 0, 60), Quote::Nothing),
        // Cancelled after a refund: back over the threshold only with what was refunded, or when nothing of it is spent.
        ((100_000, 93_000, 30_000, 40_000, 60), Quote::Nothing),
        ((100_000, 93_000, 0, 40_000, 60), price(60_000, 55_800)),
        // Nothing was paid for it, so nothing comes back.
        ((100_000, 0, 0, 0, 60), Quote::Nothing),
    ];
    for ((face, paid, spent, refunded, refund_from), expected) in table {
        let lot = lot(face, paid, spent, refunded, refund_from);
        assert_eq!(quote(&lot, now()), expected, "{face} at {paid}, {spent} spent, {refunded} refunded, from {refund_from} %");
    }
}

#[test]
fn of_a_lot_that_was_bought_through_a_partner_no_money_comes_back() {
    let lot = Lot { refund_from: None, ..lot(100_000, 93_000, 0, 0, 60) };
    assert_eq!(quote(&lot, now()), Quote::Nothing);
    assert_eq!(decide(&lot, &wish(Won::of(93_000)), now()), Err(Refused::NothingToRefund));
}

fn expired(face: i64, paid: i64, kept: i64) -> Quote {
    Quote::Expired { price: Price { face: Won::of(face), paid: Won::of(paid), fund: Won::of(face - paid) }, kept: Won::of(kept) }
}

#[test]
fn after_its_time_a_share_of_what_the_rest_had_cost_comes_back_whatever_was_spent() {
    /// Face, paid, spent, refunded before, share after the end.
    type Case = (i64, i64, i64, i64, u8);
    let table: [(Case, Quote); 8] = [
        // 95 % of 93,000; the whole discount goes back to the city.
        ((100_000, 93_000, 0, 0, 95), expired(95_350, 88_350, 4_650)),
        ((50_000, 46_500, 0, 0, 90), expired(45_350, 41_850, 4_650)),
        // No threshold any more.
        ((100_000, 93_000, 1, 0, 95), expired(95_349, 88_349, 4_650)),
        ((100_000, 93_000, 99_999, 0, 95), Quote::Nothing),
        ((100_000, 93_000, 99_990, 0, 95), expired(9, 8, 1)),
        ((100_000, 93_000, 30_000, 40_000, 95), expired(28_605, 26_505, 1_395)),
        ((100_000, 93_000, 100_000, 0, 95), Quote::Nothing),
        ((100_000, 93_000, 0, 0, 0), Quote::Nothing),
    ];
    for ((face, paid, spent, refunded, share), expected) in table {
        let lot = Lot { after_expiry: Percent::new(share), ..lot(face, paid, spent, refunded, 60) };
        let end = lot.expires_at;
        let booked = Lot { left: Won::ZERO, expired: lot.left, ..lot };
        for lot in [lot, booked] {
            let found = quote(&lot, end);
            // The city's share is what the discount was of all of it.
            assert_eq!(found, expected, "{face} at {paid}, {spent} spent, {refunded} refunded, {share} %");
            let decided = decide(&lot, &wish(found.back().unwrap_or(Won::of(1))), end);
            let given_up = decided.map(|agreed| (refunding::given_up(&agreed.price, agreed.kept), agreed.is_whole));
            let rest = Some(Won::of(face - spent - refunded));
            assert_eq!(given_up, found.back().map(|_| (rest, false)).ok_or(Refused::NothingToRefund));
        }
    }
    let partners = Lot { refund_from: None, ..lot(100_000, 93_000, 0, 0, 60) };
    assert_eq!(quote(&partners, partners.expires_at), Quote::Nothing);
}

#[test]
fn small_lots_give_back_less_of_themselves() {
    for (face, percent) in [(10_000, 90), (50_000, 90), (50_001, 95), (1_000_000, 95)] {
        assert_eq!(AfterExpiry::MODEL_TERMS.share(Won::of(face)), Percent::new(percent), "{face}");
    }
}

#[test]
fn what_the_page_said_is_what_is_done_or_it_is_asked_again() {
    let untouched = lot(100_000, 93_000, 0, 0, 60);
    let agreed = decide(&untouched, &wish(Won::of(93_000)), now()).unwrap();
    assert!(agreed.is_whole, "its month's limit comes back");
    assert_eq!(decide(&untouched, &wish(Won::of(92_999)), now()), Err(Refused::RefundChanged { back: Won::of(93_000) }));
    let used = lot(100_000, 93_000, 60_000, 0, 60);
    assert!(!decide(&used, &wish(Won::of(37_200)), now()).unwrap().is_whole);
    let early = lot(100_000, 93_000, 50_000, 0, 60);
    let refused = Refused::NotYetRefundable { spend: Won::of(10_000), back: Won::of(37_200) };
    assert_eq!(decide(&early, &wish(Won::of(46_500)), now()), Err(refused));
    let again = lot(100_000, 93_000, 0, 40_000, 60);
    assert!(!decide(&again, &wish(Won::of(55_800)), now()).unwrap().is_whole, "the limit of the month came back for nothing of it");
}

#[test]
fn the_banks_word_decides_once_and_a_credit_it_has_not_heard_of_is_never_given_up() {
    let no = BankSays::Rejected(BankReason::AccountClosed);
    for state in [State::Reserved, State::Unknown] {
        assert_eq!(next_step(state, BankSays::Done), Step::Post);
        assert_eq!(next_step(state, no), Step::Void(BankReason::AccountClosed));
        for says in [BankSays::NotFound, BankSays::Unclear, BankSays::Returned] {
            assert_eq!(next_step(state, says), Step::Await, "{says:?}");
        }
    }
    for state in [State::Posted, State::Voided] {
        for says in [BankSays::Done, no, BankSays::NotFound, BankSays::Unclear, BankSays::Returned] {
            assert_eq!(next_step(state, says), Step::Nothing, "{says:?}");
        }
    }
    for state in State::ALL {
        assert_eq!(State::parse(state.as_str()), Some(state));
        assert_eq!(state.is_open(), next_step(state, BankSays::Done) == Step::Post);
    }
}

#[derive(Clone, Debug)]
enum Act {
    Spend(i64),
    Cancel(i64),
    Refund { is_done: bool },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (1..120_000i64).prop_map(Act::Spend),
        2 => (1..120_000i64).prop_map(Act::Cancel),
        2 => any::<bool>().prop_map(|is_done| Act::Refund { is_done }),
    ];
    prop::collection::vec(act, 1..40)
}

proptest! {
    /// Whatever happened to a lot: what the page says is what the refund does, and nobody gains or loses a won.
    #[test]
    fn the_simulator_and_the_refund_never_differ(face in 1..2_000_000i64, percent in 0..=100i64, refund_from in 0..=100u8, acts in acts()) {
        let paid = face * percent / 100;
        let mut lot = lot(face, paid, 0, 0, refund_from);
        let (mut back, mut returned) = (0, 0);
        for act in acts {
            match act {
                Act::Spend(most) => lot.left = lot.left.left_after(Won::of(most)),
                Act::Cancel(most) => {
                    let spent = face - lot.left.get() - lot.refunded.get();
                    lot.left = Won::of(lot.left.get() + most.min(spent));
                }
                Act::Refund { is_done } => match quote(&lot, now()) {
                    Quote::Now(price) => {
                        prop_assert_eq!(decide(&lot, &wish(price.paid), now()).map(|agreed| agreed.price), Ok(price));
                        prop_assert_eq!(price.face, lot.left);
                        prop_assert_eq!(price.paid.get(), lot.left.get() * paid / face, "less its share of the discount, rounded down");
                        if is_done {
                            (back, returned) = (back + price.paid.get(), returned + price.fund.get());
                            (lot.left, lot.refunded) = (Won::ZERO, Won::of(lot.refunded.get() + price.face.get()));
                        }
                    }
                    Quote::After { spend, back } => {
                        prop_assert_eq!(decide(&lot, &wish(back), now()), Err(Refused::NotYetRefundable { spend, back }));
                        let spent = |amount: i64| Lot { left: Won::of(lot.left.get() - amount), ..lot };
                        let is_now = |lot: &Lot| matches!(quote(lot, now()), Quote::Now(price) if price.paid == back);
                        prop_assert!(is_now(&spent(spend.get())), "the promise holds");
                        prop_assert!(spend.get() == 1 || !is_now(&spent(spend.get() - 1)), "and not a won before");
                    }
                    Quote::Nothing => prop_assert!(decide(&lot, &wish(Won::ZERO), now()).is_err()),
                    Quote::Expired { .. } => prop_assert!(false, "it has not expired"),
                },
            }
            let spent = lot.spent().get();
            prop_assert_eq!(paid + (face - paid), spent + back + returned + lot.left.get(), "bought is spent, refunded, returned and left");
            prop_assert!(back <= paid, "nobody gets the discount as money");
        }
    }
}
