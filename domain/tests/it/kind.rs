use domain::Won;
use domain::district::{District, NoSuchDistrict};
use domain::kind::{BasisPoints, Price, Scope};
use proptest::prelude::*;

#[test]
fn the_fund_never_pays_more_than_the_discount() {
    for (face, discount, paid, fund) in [
        (100_000, 700, 93_000, 7_000),
        (10_000, 1_000, 9_000, 1_000),
        (10_000, 0, 10_000, 0),
        (10_000, 10_000, 0, 10_000),
        (10_000, 65_535, 0, 10_000),
        (10_001, 733, 9_268, 733),
        (1, 9_999, 1, 0),
        (0, 700, 0, 0),
    ] {
        let price = Price::of(Won::of(face), BasisPoints(discount));
        assert_eq!((price.face.get(), price.paid.get(), price.fund.get()), (face, paid, fund), "{face} at {discount}");
    }
}

#[test]
fn there_are_twenty_five_districts() {
    let all: Vec<District> = District::all().collect();
    assert_eq!(all.len(), 25);
    for (number, district) in (1..).zip(&all) {
        assert_eq!((District::new(number), district.number()), (Ok(*district), number));
        assert!(district.ko().ends_with('구') && district.en().ends_with("-gu"));
        assert_eq!(serde_json::to_string(district).unwrap(), number.to_string());
    }
    let mut names: Vec<&str> = all.iter().flat_map(|district| [district.ko(), district.en()]).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 50);
    for number in [0, 26, 255] {
        assert_eq!(District::new(number), Err(NoSuchDistrict(number)));
        assert!(serde_json::from_str::<District>(&number.to_string()).is_err());
    }
    assert_eq!((District::MAPO.ko(), District::GANGNAM.ko()), ("마포구", "강남구"));
}

#[test]
fn a_district_voucher_is_taken_in_its_district_only() {
    for shop in District::all() {
        assert!(Scope::Citywide.covers(shop));
        assert_eq!(Scope::District(District::MAPO).covers(shop), shop == District::MAPO);
    }
}

proptest! {
    #[test]
    fn what_is_paid_and_what_the_fund_adds_are_the_face(face in 0..=Won::MAX.get(), discount: u16) {
        let price = Price::of(Won::of(face), BasisPoints(discount));
        prop_assert_eq!(price.paid.plus(price.fund), Some(Won::of(face)));
        let exact = i128::from(face) * i128::from(discount.min(10_000));
        let fund = i128::from(price.fund.get()) * 10_000;
        prop_assert!(fund <= exact && exact - fund < 10_000);
    }
}
