use domain::buying::{Allowance, BankReason, BankSays, Facts, HoldOver, Reservation, State, Step, Wish, check_after_ms, decide};
use domain::buying::{most_now, next_step, price_now};
use domain::calendar::{Month, Span};
use domain::kind::{AfterExpiry, BasisPoints, Kind, Percent, Scope};
use domain::partner::Cap;
use domain::sale::{Pool, Who, Window};
use domain::{KindId, PersonId, PurchaseId, Refused, SaleId, Timestamp, WindowId, Won};
use proptest::prelude::*;

const JULY: Month = Month(202_607);

/// Everything a decision looks at; as it stands the purchase of 100,000 is fine.
#[derive(Clone, Debug)]
struct Case {
    kind: Kind,
    window: Window,
    pool: Pool,
    allowance: Allowance,
    cap: Option<Cap>,
    birth_year: i16,
    now: Timestamp,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn fine() -> Case {
    Case {
        kind: Kind {
            id: KindId(1),
            name_ko: "서울사랑상품권".into(),
            name_en: "Seoul voucher".into(),
            scope: Scope::Citywide,
            discount: BasisPoints(700),
            unit: Won::of(10_000),
            month_limit: Won::of(400_000),
            holding_cap: Won::of(1_000_000),
            validity_years: 5,
            refund_from: Percent::new(60),
            after_expiry: AfterExpiry::MODEL_TERMS,
        },
        window: Window {
            id: WindowId(3),
            sale: SaleId(2),
            kind: KindId(1),
            span: Span::new(at("2026-07-14T10:00:00+09:00"), at("2026-07-14T14:00:00+09:00")).unwrap(),
            who: Who::OddBirthYears,
        },
        pool: Pool { total: Won::of(5_000_000), held: Won::of(200_000), sold: Won::of(300_000) },
        allowance: Allowance { month: JULY, bought: Won::of(200_000), held: Won::of(600_000) },
        cap: None,
        birth_year: 1991,
        now: at("2026-07-14T10:30:00+09:00"),
    }
}

impl Case {
    fn facts(&self) -> Facts<'_> {
        let Case { kind, window, pool, allowance, birth_year, .. } = self;
        Facts { kind, window, pool, allowance, cap: self.cap.as_ref(), birth_year: *birth_year }
    }

    fn buy(&self, face: i64) -> Result<Reservation, Refused> {
        let id = PurchaseId::from_parts(1, [0; 10]);
        let wish = Wish { id, person: PersonId(4), window: self.window.id, face: Won::of(face), place: None, partner: None };
        decide(&self.facts(), &wish, self.now)
    }
}

#[test]
fn a_purchase_holds_pool_month_and_cap_together() {
    let reservation = fine().buy(100_000).unwrap();
    let price = reservation.price;
    assert_eq!((price.face.get(), price.paid.get(), price.fund.get()), (100_000, 93_000, 7_000));
    assert_eq!(reservation.allowance, Allowance { month: JULY, bought: Won::of(300_000), held: Won::of(700_000) });
    assert_eq!(reservation.pool, Pool { held: Won::of(300_000), ..fine().pool });
    assert_eq!(reservation.month, JULY);
}

/// In the order in which they are said: each line's case breaks this rule and all that follow it.
#[test]
fn each_refusal_has_its_figures_and_its_turn() {
    type Break = fn(&mut Case);
    let opens_at = at("2026-07-14T10:00:00+09:00");
    let closed_at = at("2026-07-14T14:00:00+09:00");
    let table: [(Break, i64, Refused); 7] = [
        (|case| case.pool.held = Won::of(4_700_000), 100_000, Refused::AllReserved { held: Won::of(4_700_000) }),
        (|case| case.allowance.held = Won::of(910_000), 100_000, Refused::HoldingCap { left: Won::of(90_000), cap: Won::of(1_000_000) }),
        (|case| case.allowance.bought = Won::of(310_000), 100_000, Refused::MonthLimit { left: Won::of(90_000), limit: Won::of(400_000) }),
        (|case| case.now = at("2026-07-14T14:00:00+09:00"), 100_000, Refused::WindowClosed { closed_at }),
        (|case| case.now = at("2026-07-14T09:59:59.999+09:00"), 100_000, Refused::NotYetOpen { opens_at }),
        (|case| case.birth_year = 1990, 100_000, Refused::NotYourWindow { who: Who::OddBirthYears }),
        (|_| {}, 105_000, Refused::NotInUnits { unit: Won::of(10_000) }),
    ];
    let mut case = fine();
    for (break_one, face, refused) in table {
        break_one(&mut case);
        assert_eq!(case.buy(face), Err(refused));
    }
    assert_eq!(fine().buy(0), Err(Refused::NotInUnits { unit: Won::of(10_000) }));
}

#[test]
fn sold_out_is_said_only_when_all_of_it_is_sold() {
    for (held, sold, refused) in [
        (0, 5_000_000, Refused::SoldOut { total: Won::of(5_000_000) }),
        (10_000, 4_990_000, Refused::AllReserved { held: Won::of(10_000) }),
        (5_000_000, 0, Refused::AllReserved { held: Won::of(5_000_000) }),
        (0, 4_990_000, Refused::OnlyLeft { left: Won::of(10_000) }),
        (0, 4_981_000, Refused::OnlyLeft { left: Won::of(10_000) }),
        (4_000_000, 910_000, Refused::OnlyLeft { left: Won::of(90_000) }),
        // Less than a unit is nothing that anybody could buy.
        (0, 4_990_001, Refused::SoldOut { total: Won::of(5_000_000) }),
    ] {
        let pool = Pool { total: Won::of(5_000_000), held: Won::of(held), sold: Won::of(sold) };
        assert_eq!(Case { pool, ..fine() }.buy(100_000), Err(refused), "{held} held, {sold} sold");
    }
}

#[test]
fn a_new_month_begins_with_nothing_bought_and_months_do_not_go_back() {
    let june = Allowance { month: Month(202_606), bought: Won::of(400_000), held: Won::of(400_000) };
    let bought = Case { allowance: june, ..fine() }.buy(400_000).unwrap().allowance;
    assert_eq!(bought, Allowance { month: JULY, bought: Won::of(400_000), held: Won::of(800_000) });

    let august = Allowance { month: Month(202_608), bought: Won::of(390_000), held: Won::ZERO };
    let late = Case { allowance: august, ..fine() };
    assert_eq!(late.buy(20_000), Err(Refused::MonthLimit { left: Won::of(10_000), limit: Won::of(400_000) }));
    assert_eq!(most_now(&late.facts(), late.now), Ok(Won::of(10_000)), "what is offered is what is granted");
}

#[test]
fn a_release_gives_the_month_back_only_in_its_month() {
    let held = Allowance { month: JULY, bought: Won::of(300_000), held: Won::of(500_000) };
    let back = |reserved_in| held.release(Won::of(100_000), reserved_in);
    assert_eq!(back(JULY), Allowance { month: JULY, bought: Won::of(200_000), held: Won::of(400_000) });
    assert_eq!(back(Month(202_606)), Allowance { month: JULY, bought: Won::of(300_000), held: Won::of(400_000) });
}

#[test]
fn every_state_takes_every_word() {
    use BankSays as Says;
    let reason = BankReason::AccountClosed;
    let words = [Says::Done, Says::Rejected(reason), Says::NotFound, Says::Unclear, Says::Returned];
    let (post, void, wait, late) = (Step::Post, Step::Void(reason), Step::Await, Step::RefundLate);
    let (over, end, none) = (Step::Void(BankReason::NotReached), Step::FinishRefund, Step::Nothing);
    // Done, rejected, not found, unclear, returned.
    let table = [
        (State::Reserved, HoldOver::No, [post, void, wait, wait, wait]),
        (State::Reserved, HoldOver::Yes, [post, void, over, wait, wait]),
        (State::Unknown, HoldOver::No, [post, void, wait, wait, wait]),
        (State::Unknown, HoldOver::Yes, [post, void, over, wait, wait]),
        (State::Posted, HoldOver::No, [none; 5]),
        (State::Posted, HoldOver::Yes, [none; 5]),
        (State::Voided, HoldOver::No, [late, none, none, none, none]),
        (State::Voided, HoldOver::Yes, [late, none, none, none, none]),
        (State::Refunding, HoldOver::No, [wait, wait, wait, wait, end]),
        (State::Refunding, HoldOver::Yes, [wait, wait, wait, wait, end]),
        (State::Refunded, HoldOver::No, [none; 5]),
        (State::Refunded, HoldOver::Yes, [none; 5]),
    ];
    assert_eq!(table.len(), State::ALL.len() * 2);
    for (state, hold, steps) in table {
        for (says, step) in words.into_iter().zip(steps) {
            assert_eq!(next_step(state, says, hold), step, "{state:?} {hold:?} {says:?}");
        }
        // Only a hold can be posted or voided, so neither happens twice.
        assert_eq!(state.holds(), steps.contains(&Step::Post));
    }
}

#[test]
fn stored_words_are_read_back() {
    assert!(State::ALL.iter().all(|state| State::parse(state.as_str()) == Some(*state)));
    assert!(BankReason::ALL.iter().all(|reason| BankReason::parse(reason.as_str()) == *reason));
    assert_eq!((State::parse("paid"), BankReason::parse("moon")), (None, BankReason::Other));
}

#[test]
fn the_bank_is_asked_less_and_less_often() {
    let waits: Vec<i64> = [-1, 0, 1, 2, 3, 4, 5, 6, 7, i64::MAX].map(check_after_ms).to_vec();
    assert_eq!(waits, [1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
}

prop_compose! {
    fn any_case()(
        total in 0..600i64, held in 0..300i64, sold in 0..300i64, bought in 0..50i64, own in 0..120i64,
        month in 202_606..=202_608, year in 1950i16..2010, minutes in -60i64..300,
    ) -> Case {
        let ten = |number: i64| Won::of(number * 10_000);
        let taken = held + sold;
        Case {
            pool: Pool { total: ten(total.max(taken)), held: ten(held), sold: ten(sold) },
            allowance: Allowance { month: Month(month), bought: ten(bought), held: ten(own) },
            birth_year: year,
            now: at("2026-07-14T10:00:00+09:00") + jiff::SignedDuration::from_mins(minutes),
            ..fine()
        }
    }
}

proptest! {
    #[test]
    fn nothing_is_granted_beyond_a_limit(case in any_case(), face in 0..1_300_000i64) {
        let Ok(granted) = case.buy(face) else { return Ok(()) };
        prop_assert!(granted.pool.left().plus(Won::of(face)) == Some(case.pool.left()) && granted.pool.total == case.pool.total);
        prop_assert!(granted.allowance.bought <= case.kind.month_limit && granted.allowance.held <= case.kind.holding_cap);
        prop_assert!(case.window.who.admits(case.birth_year) && case.window.span.contains(case.now));
        prop_assert_eq!(granted.price.paid.plus(granted.price.fund), Some(granted.price.face));
        prop_assert_eq!(price_now(&case.facts(), Won::of(face), case.now), Ok(granted.price));
        let back = granted.allowance.release(Won::of(face), granted.month);
        prop_assert_eq!((back.held, back.bought), (case.allowance.held, case.allowance.bought_in(granted.month)));
    }

    #[test]
    fn the_most_that_is_offered_is_granted_and_one_unit_more_is_not(case in any_case()) {
        match most_now(&case.facts(), case.now) {
            Ok(most) => {
                prop_assert!(case.buy(most.get()).is_ok());
                prop_assert!(case.buy(most.get() + 10_000).is_err());
            }
            Err(refused) => prop_assert_eq!(case.buy(10_000), Err(refused)),
        }
    }
}

#[test]
fn a_channel_sells_its_share_and_the_window_is_not_sold_out_for_that() {
    let cap = |held, sold| Some(Cap { most: Won::of(300_000), held: Won::of(held), sold: Won::of(sold) });
    let with = |cap| Case { cap, ..fine() };
    let reserved = with(cap(100_000, 100_000)).buy(100_000).unwrap();
    assert_eq!(reserved.cap, cap(200_000, 100_000), "held with pool and limits");
    let refused = |left| Err(Refused::ChannelCap { left: Won::of(left), most: Won::of(300_000) });
    assert_eq!(with(cap(105_000, 100_000)).buy(100_000).map(|_| ()), refused(90_000));
    assert_eq!(with(cap(0, 300_000)).buy(10_000).map(|_| ()), refused(0));
    // What the person or the window says no to comes first.
    let sold_out = Case { pool: Pool { total: Won::of(500_000), held: Won::ZERO, sold: Won::of(500_000) }, ..with(cap(0, 300_000)) };
    assert_eq!(sold_out.buy(10_000).map(|_| ()), Err(Refused::SoldOut { total: Won::of(500_000) }));
    let at_limit = Case { allowance: Allowance { month: JULY, bought: Won::of(400_000), held: Won::ZERO }, ..with(cap(0, 300_000)) };
    assert!(matches!(at_limit.buy(10_000), Err(Refused::MonthLimit { .. })));
    assert_eq!(fine().buy(100_000).unwrap().cap, None, "our own app has none");
}
