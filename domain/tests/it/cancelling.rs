use domain::cancelling::{Cancellable, Wish, decide, restores};
use domain::spending::Draw;
use domain::{CancelId, KindId, LotId, MerchantId, PaymentId, PersonId, Refused, Won};
use proptest::prelude::*;

fn draws(amounts: &[i64]) -> Vec<Draw> {
    (1..).zip(amounts).map(|(lot, amount)| Draw { lot: LotId(lot), kind: KindId(1), amount: Won::of(*amount) }).collect()
}

fn wish(amount: i64) -> Wish {
    let (id, payment) = (CancelId::from_parts(1, [1; 10]), PaymentId::from_parts(1, [0; 10]));
    Wish { id, payment, merchant: MerchantId(5), amount: Won::of(amount), by: PersonId(9) }
}

/// Of 10,000 out of two lots: 3,000 and then 7,000.
fn cancel(cancelled: i64, amount: i64) -> Result<Vec<(i64, i64)>, Refused> {
    let payment = Cancellable { merchant: MerchantId(5), amount: Won::of(10_000), cancelled: Won::of(cancelled) };
    let agreed = decide(&payment, &draws(&[3_000, 7_000]), &wish(amount))?;
    Ok(agreed.restores.iter().map(|draw| (draw.lot.0, draw.amount.get())).collect())
}

#[test]
fn the_lot_that_was_drawn_on_last_gets_it_first() {
    type Restored<'a> = Result<&'a [(i64, i64)], Refused>;
    let table: [(i64, i64, Restored<'_>); 9] = [
        (0, 10_000, Ok(&[(2, 7_000), (1, 3_000)])),
        (0, 7_000, Ok(&[(2, 7_000)])),
        (0, 1, Ok(&[(2, 1)])),
        (5_000, 2_500, Ok(&[(2, 2_000), (1, 500)])),
        (7_000, 3_000, Ok(&[(1, 3_000)])),
        (7_000, 3_001, Err(Refused::CancelAmount { left: Won::of(3_000) })),
        (0, 10_001, Err(Refused::CancelAmount { left: Won::of(10_000) })),
        (0, 0, Err(Refused::CancelAmount { left: Won::of(10_000) })),
        (10_000, 1, Err(Refused::AlreadyCancelled)),
    ];
    for (cancelled, amount, expected) in table {
        assert_eq!(cancel(cancelled, amount), expected.map(<[_]>::to_vec), "{cancelled} {amount}");
    }
}

#[test]
fn another_shops_payment_is_not_there() {
    let payment = Cancellable { merchant: MerchantId(6), amount: Won::of(10_000), cancelled: Won::ZERO };
    assert_eq!(decide(&payment, &draws(&[10_000]), &wish(1)), Err(Refused::NoSuchPayment));
}

proptest! {
    /// However it is cut into parts, each lot has back what it gave, never more on the way; and what is left of the payment after
    /// each part is what a payment of less would have drawn.
    #[test]
    fn parts_add_up_to_the_payment(amounts in prop::collection::vec(1i64..50_000, 1..6), cuts in prop::collection::vec(1i64..60_000, 1..12)) {
        let drawn = draws(&amounts);
        let total: i64 = amounts.iter().sum();
        let mut back = vec![0i64; amounts.len()];
        let mut cancelled = 0;
        for cut in cuts.into_iter().chain([total]) {
            let part = cut.min(total - cancelled);
            let restored = restores(&drawn, Won::of(cancelled), Won::of(part));
            prop_assert_eq!(restored.iter().map(|draw| draw.amount.get()).sum::<i64>(), part);
            for draw in restored {
                back[usize::try_from(draw.lot.0).unwrap() - 1] += draw.amount.get();
            }
            cancelled += part;
            let mut kept = total - cancelled;
            for (amount, back) in amounts.iter().zip(&back) {
                let still = (*amount).min(kept);
                kept -= still;
                prop_assert_eq!(amount - back, still);
            }
        }
        prop_assert_eq!(back, amounts);
    }
}
