use domain::Won;
use domain::buying::{BankReason, BankSays};
use domain::calendar::Day;
use domain::kind::BasisPoints;
use domain::settling::payout::{Next, PayoutState, REJECTIONS_MOST, next};
use domain::settling::{DayFigures, Settled, fee_rate, last_to_close, pays_at, settle};
use proptest::prelude::*;

fn day(paid: i64, cancelled: i64) -> DayFigures {
    DayFigures { paid_count: 1, paid: Won::of(paid), cancelled_count: i64::from(cancelled > 0), cancelled: Won::of(cancelled) }
}

#[test]
fn tiers_are_inclusive() {
    let table = [(0, 0), (800_000_000, 0), (800_000_001, 30), (1_200_000_000, 30), (1_200_000_001, 50), (Won::MAX.get(), 50)];
    for (revenue, rate) in table {
        assert_eq!(fee_rate(Won::of(revenue)), BasisPoints(rate), "{revenue}");
    }
}

#[test]
fn a_day_is_settled() {
    // What was paid, cancelled, owed before, basis points; the fee, the payout, what is owed after.
    let table = [
        (100_000, 0, 0, 0, (0, 100_000, 0)),
        (100_000, 0, 0, 50, (500, 99_500, 0)),
        (100_000, 40_000, 0, 30, (180, 59_820, 0)),
        (333, 0, 0, 30, (0, 333, 0)),
        (334, 0, 0, 30, (1, 333, 0)),
        (199, 0, 0, 50, (0, 199, 0)),
        (200, 0, 0, 50, (1, 199, 0)),
        (0, 70_000, 0, 50, (0, 0, 70_000)),
        (20_000, 0, 70_000, 50, (0, 0, 50_000)),
        (20_000, 30_000, 70_000, 50, (0, 0, 80_000)),
        (70_000, 0, 70_000, 50, (0, 0, 0)),
        (170_000, 0, 70_000, 50, (500, 99_500, 0)),
        (50_000, 50_000, 0, 50, (0, 0, 0)),
    ];
    for (paid, cancelled, debt, rate, (fee, payout, after)) in table {
        let settled = settle(&day(paid, cancelled), Won::of(debt), BasisPoints(rate));
        let expected = Settled { fee: Won::of(fee), payout: Won::of(payout), debt: Won::of(after) };
        assert_eq!(settled, Some(expected), "{paid} {cancelled} {debt} {rate}");
    }
}

#[test]
fn what_is_beyond_all_money_is_not_settled() {
    assert_eq!(settle(&day(0, Won::MAX.get()), Won::of(1), BasisPoints(0)), None);
}

#[test]
fn a_day_is_closed_a_minute_after_midnight_in_seoul() {
    let table = [
        ("2026-11-23T00:00:59.999+09:00", 20261121),
        ("2026-11-23T00:01:00+09:00", 20261122),
        ("2026-11-23T23:59:59+09:00", 20261122),
        ("2026-01-01T00:01:00+09:00", 20251231),
    ];
    for (now, last) in table {
        assert_eq!(last_to_close(now.parse().unwrap()), Some(Day(last)), "{now}");
    }
    assert_eq!(pays_at(Day(20261124)), "2026-11-24T09:00:00+09:00".parse().unwrap());
}

#[test]
fn a_payout_is_tried_again_only_after_a_rejection() {
    let reason = BankReason::AccountClosed;
    assert_eq!(next(BankSays::Done, 4, 9), Next::Pay);
    for says in [BankSays::NotFound, BankSays::Unclear] {
        for (asked, after_ms) in [(0, 5_000), (1, 10_000), (6, 320_000), (7, 600_000), (1_000, 600_000)] {
            assert_eq!(next(says, 0, asked), Next::Ask { after_ms });
        }
    }
    let minutes = [10, 60, 360, 1_440];
    for (rejections, minutes) in (0..).zip(minutes) {
        assert_eq!(next(BankSays::Rejected(reason), rejections, 0), Next::TryAgain { after_ms: minutes * 60_000, reason });
    }
    assert_eq!(next(BankSays::Rejected(reason), REJECTIONS_MOST - 1, 0), Next::Stop { reason });
    for state in PayoutState::ALL {
        assert_eq!(PayoutState::parse(state.as_str()), Some(state));
    }
}

proptest! {
    #[test]
    fn nothing_is_made_or_lost_over_any_days(
        days in prop::collection::vec((0_i64..2_000_000, 0_i64..2_000_000), 1..40),
        rate in prop::sample::select(vec![0_u16, 30, 50]),
    ) {
        let (mut debt, mut net, mut out, mut fees) = (Won::ZERO, 0, 0, 0);
        for (paid, cancelled) in days {
            let settled = settle(&day(paid, cancelled), debt, BasisPoints(rate)).unwrap();
            prop_assert!(settled.debt.is_zero() || settled.taken() == Some(Won::ZERO));
            // No more than its share, no less than that rounded down.
            let taken = settled.taken().unwrap();
            prop_assert_eq!(Some(settled.fee), taken.share(i64::from(rate), 10_000));
            net += paid - cancelled;
            out += settled.payout.get();
            fees += settled.fee.get();
            debt = settled.debt;
            prop_assert_eq!(net, out + fees - debt.get());
        }
    }
}
