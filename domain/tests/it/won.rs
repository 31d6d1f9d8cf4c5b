use domain::Won;
use proptest::prelude::*;

fn won() -> impl Strategy<Value = Won> {
    (0..=Won::MAX.get()).prop_map(Won::of)
}

#[test]
fn only_amounts_of_money_are_taken() {
    for good in [0, 1, 93_000, Won::MAX.get()] {
        assert_eq!(Won::new(good).map(Won::get), Ok(good));
    }
    for bad in [-1, i64::MIN, Won::MAX.get() + 1, i64::MAX] {
        assert_eq!(Won::new(bad).unwrap_err().0, bad);
        assert!(serde_json::from_str::<Won>(&bad.to_string()).is_err());
    }
    assert_eq!(serde_json::to_string(&Won::of(93_000)).unwrap(), "93000");
    assert!(serde_json::from_str::<Won>("0.5").is_err());
}

#[test]
fn sums_and_differences_end_at_the_edges() {
    assert_eq!(Won::MAX.plus(Won::of(1)), None);
    assert_eq!(Won::MAX.plus(Won::ZERO), Some(Won::MAX));
    assert_eq!(Won::of(5).minus(Won::of(6)), None);
    assert_eq!(Won::of(5).minus(Won::of(5)), Some(Won::ZERO));
    assert_eq!(Won::of(5).left_after(Won::of(6)), Won::ZERO);
    assert_eq!(Won::sum([]), Some(Won::ZERO));
    assert_eq!(Won::sum([Won::of(1), Won::of(2)]), Some(Won::of(3)));
    assert_eq!(Won::sum(vec![Won::MAX; 20_000]), None);
}

#[test]
fn shares_are_rounded_down_and_exact() {
    for (amount, over, under, share) in [
        (100_000, 700, 10_000, Some(7_000)),
        (10_001, 700, 10_000, Some(700)),
        (40_000, 93_000, 100_000, Some(37_200)),
        (1, 9_999, 10_000, Some(0)),
        (Won::MAX.get(), i64::MAX, i64::MAX, Some(Won::MAX.get())),
        (Won::MAX.get(), 2, 1, None),
        (5, 1, 0, None),
        (5, 1, -1, None),
        (5, -1, 1, None),
    ] {
        assert_eq!(Won::of(amount).share(over, under).map(Won::get), share, "{amount} * {over} / {under}");
    }
}

#[test]
fn digits_stand_in_threes() {
    for (amount, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (93_000, "93,000"), (1_234_567, "1,234,567")] {
        assert_eq!(Won::of(amount).to_string(), text);
    }
    assert_eq!(format!("{:>9}|{:?}", Won::of(1_000), Won::of(1_000)), "    1,000|₩1,000");
}

#[test]
fn no_unit_of_zero_divides_anything() {
    assert!(!Won::of(0).is_multiple_of(Won::ZERO));
    assert_eq!(Won::of(7).rounded_down_to(Won::ZERO), Won::of(7));
}

proptest! {
    #[test]
    fn what_is_added_can_be_taken_away(a in won(), b in won()) {
        if let Some(sum) = a.plus(b) {
            prop_assert_eq!(sum.minus(b), Some(a));
            prop_assert_eq!(b.plus(a), Some(sum));
        }
        prop_assert_eq!(a.minus(b).is_some(), a >= b);
        prop_assert_eq!(a.left_after(b), a.minus(b).unwrap_or(Won::ZERO));
    }

    #[test]
    fn a_share_and_the_rest_are_the_whole(amount in won(), part in 0..=10_000i64) {
        let share = amount.share(part, 10_000).unwrap();
        prop_assert!(share <= amount);
        let exact = i128::from(amount.get()) * i128::from(part);
        let shared = i128::from(share.get()) * 10_000;
        prop_assert!(shared <= exact && exact < shared + 10_000);
    }

    #[test]
    fn rounding_down_finds_the_greatest_multiple(amount in won(), unit in 1..1_000_000i64) {
        let unit = Won::of(unit);
        let rounded = amount.rounded_down_to(unit);
        prop_assert!(rounded.is_multiple_of(unit) && rounded <= amount && amount.minus(rounded).unwrap() < unit);
    }

    #[test]
    fn grouped_digits_are_the_number(amount in won()) {
        prop_assert_eq!(amount.to_string().replace(',', ""), amount.get().to_string());
    }
}
