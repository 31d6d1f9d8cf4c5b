use domain::district::District;
use domain::kind::{BasisPoints, Percent, Scope};
use domain::merchant::{Merchant, Standing};
use domain::paying::{Code, MOST, Wish, decide};
use domain::spending::{Draw, Lot, draw, order};
use domain::{KindId, LotId, MerchantId, PaymentId, PersonId, Refused, Timestamp, Won};
use jiff::ToSpan;
use proptest::prelude::*;

const MAPO: Scope = Scope::District(District::MAPO);
const GANGNAM: Scope = Scope::District(District::GANGNAM);

fn now() -> Timestamp {
    "2026-07-14T10:30:00+09:00".parse().unwrap()
}

/// Of the kind 1 (citywide) or 2 (a district's), bought and expiring so many hours from now.
fn lot(id: i64, scope: Scope, left: i64, bought: i64, expires: i64) -> Lot {
    Lot {
        id: LotId(id),
        kind: KindId(if scope == Scope::Citywide { 1 } else { 2 }),
        scope,
        face: Won::of(100_000),
        paid: Won::of(93_000),
        discount: BasisPoints(700),
        left: Won::of(left),
        refunded: Won::ZERO,
        refund_from: Some(Percent::new(60)),
        expired: Won::ZERO,
        given: Won::ZERO,
        gift: None,
        after_expiry: Percent::new(95),
        bought_at: now() + bought.hours(),
        expires_at: now() + expires.hours(),
    }
}

fn shop(standing: Standing) -> Merchant {
    Merchant {
        id: MerchantId(5),
        number: domain::merchant_number::MerchantNumber::from_serial(1_234_567).unwrap(),
        name: "망원분식".into(),
        district: District::MAPO,
        address: "서울 마포구 망원로 1".into(),
        category: "5812".into(),
        standing,
    }
}

fn wish(amount: i64, kind: Option<i64>) -> Wish {
    let id = PaymentId::from_parts(1, [0; 10]);
    Wish { id, payer: PersonId(4), merchant: MerchantId(5), amount: Won::of(amount), kind: kind.map(KindId), once: None }
}

fn pay(standing: Standing, lots: &[Lot], wish: Wish) -> Result<Vec<(i64, i64)>, Refused> {
    let agreed = decide(&shop(standing), lots, &wish, now())?;
    Ok(agreed.draws.iter().map(|draw| (draw.lot.0, draw.amount.get())).collect())
}

#[test]
fn the_district_first_then_the_earliest_expiry_then_the_oldest() {
    let lots = [
        lot(1, Scope::Citywide, 10, -9, 5),
        lot(2, MAPO, 10, -3, 9),
        lot(3, MAPO, 10, -5, 8),
        lot(4, MAPO, 10, -4, 8),
        lot(5, Scope::Citywide, 10, -1, 1),
        lot(6, GANGNAM, 10, -9, 1),
        lot(7, MAPO, 0, -9, 1),
        lot(8, MAPO, 10, -9, 0),
        lot(10, MAPO, 10, -4, 8),
    ];
    let ids =
        |chosen: Option<i64>| -> Vec<i64> { order(&lots, District::MAPO, chosen.map(KindId), now()).iter().map(|lot| lot.id.0).collect() };
    assert_eq!(ids(None), [3, 4, 10, 2, 5, 1]);
    assert_eq!(ids(Some(1)), [5, 1]);
    assert_eq!(ids(Some(2)), [3, 4, 10, 2]);
    assert!(ids(Some(3)).is_empty());
}

#[test]
fn a_lot_ends_with_the_moment_it_expires() {
    let lot = lot(1, MAPO, 10, -1, 1);
    assert!(lot.is_usable(District::MAPO, lot.expires_at - 1.nanosecond()));
    assert!(!lot.is_usable(District::MAPO, lot.expires_at));
}

#[test]
fn a_payment_is_agreed_or_refused_with_its_figures() {
    let city = lot(1, Scope::Citywide, 5_000, -2, 5);
    let mapo = lot(2, MAPO, 3_000, -1, 5);
    let gangnam = lot(3, GANGNAM, 9_000, -1, 5);
    let gone = lot(4, GANGNAM, 9_000, -9, 0);
    let (most, none) = (Refused::PaymentAmount { most: MOST }, Refused::NotEnough { usable: Won::ZERO });
    let elsewhere = Refused::KindNotUsableHere { shop: District::MAPO, voucher: District::GANGNAM };
    let enough = |usable| Err(Refused::NotEnough { usable: Won::of(usable) });
    type Line<'a> = (Standing, &'a [Lot], Wish, Result<Vec<(i64, i64)>, Refused>);
    let table: [Line<'_>; 15] = [
        (Standing::Open, &[city, mapo], wish(3_000, None), Ok(vec![(2, 3_000)])),
        (Standing::Open, &[city, mapo], wish(3_001, None), Ok(vec![(2, 3_000), (1, 1)])),
        (Standing::Open, &[city, mapo, gangnam], wish(8_000, None), Ok(vec![(2, 3_000), (1, 5_000)])),
        (Standing::Open, &[city, mapo, gangnam], wish(8_001, None), enough(8_000)),
        (Standing::Open, &[city, mapo], wish(5_000, Some(1)), Ok(vec![(1, 5_000)])),
        (Standing::Open, &[city, mapo], wish(5_001, Some(1)), enough(5_000)),
        (Standing::Open, &[gangnam], wish(1, None), Err(elsewhere.clone())),
        (Standing::Open, &[gangnam], wish(1, Some(2)), Err(elsewhere)),
        // Not for where it is taken, but because it is another kind, or expired.
        (Standing::Open, &[gangnam], wish(1, Some(1)), Err(none.clone())),
        (Standing::Open, &[gone], wish(1, None), Err(none.clone())),
        (Standing::Open, &[], wish(1, None), Err(none)),
        (Standing::Open, &[city], wish(0, None), Err(most.clone())),
        (Standing::Open, &[city], wish(MOST.get() + 1, None), Err(most)),
        // The shop comes before the amount.
        (Standing::Pending, &[], wish(0, None), Err(Refused::ShopNotReady)),
        (Standing::Closed, &[city], wish(1_000, None), Err(Refused::ShopClosed)),
    ];
    for (standing, lots, wish, expected) in table {
        assert_eq!(pay(standing, lots, wish), expected, "{standing:?} {wish:?}");
    }
}

#[test]
fn codes_have_four_digits() {
    for (code, text) in [(0, "0000"), (42, "0042"), (9_999, "9999")] {
        assert_eq!(Code::new(code).unwrap().to_string(), text);
    }
    for code in [-1, 10_000, i64::MAX] {
        assert_eq!(Code::new(code), None);
    }
}

prop_compose! {
    fn any_lot()(id in 0..1_000i64, place in 0..3usize, left in 0..100_000i64, bought in -50..0i64, expires in -5..50i64) -> Lot {
        lot(id, [Scope::Citywide, MAPO, GANGNAM][place], left, bought, expires)
    }
}

proptest! {
    #[test]
    fn draws_add_up_and_take_no_lot_beyond_what_it_has(
        lots in prop::collection::btree_map(0..1_000i64, any_lot(), 0..12), amount in 1..600_000i64,
    ) {
        let lots: Vec<Lot> = lots.into_iter().map(|(id, lot)| Lot { id: LotId(id), ..lot }).collect();
        let ordered = order(&lots, District::MAPO, None, now());
        let usable = Won::sum(ordered.iter().map(|lot| lot.left)).unwrap();
        match draw(&ordered, Won::of(amount)) {
            Ok(draws) => {
                prop_assert_eq!(Won::sum(draws.iter().map(|draw| draw.amount)), Some(Won::of(amount)));
                // From the front: all but the last are emptied, and none is drawn on twice.
                for (at, (Draw { lot, kind, amount }, from)) in draws.iter().zip(&ordered).enumerate() {
                    prop_assert_eq!((*lot, *kind), (from.id, from.kind));
                    prop_assert!(!amount.is_zero() && *amount <= from.left);
                    prop_assert!(at + 1 == draws.len() || *amount == from.left);
                }
            }
            Err(all) => prop_assert!(all == usable && usable < Won::of(amount)),
        }
    }

    #[test]
    fn the_order_does_not_depend_on_how_the_lots_came(lots in prop::collection::vec(any_lot(), 0..10), turn in 0..10usize) {
        let mut turned = lots.clone();
        turned.rotate_left(turn.min(lots.len()));
        let keys = |lots: &[Lot]| -> Vec<_> {
            let ordered = order(lots, District::MAPO, None, now());
            ordered.iter().map(|lot| (lot.scope == Scope::Citywide, lot.expires_at, lot.bought_at, lot.id)).collect()
        };
        let sorted = keys(&lots);
        prop_assert!(sorted.is_sorted());
        prop_assert_eq!(sorted, keys(&turned));
    }

    #[test]
    fn any_randomness_makes_a_code(random: u32) {
        prop_assert!(Code::from_random(random).get() < 10_000);
    }
}
