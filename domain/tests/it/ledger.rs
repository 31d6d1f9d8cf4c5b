use domain::kind::{BasisPoints, Price};
use domain::ledger::{Account, Cause, Entry, Transfer, Unbalanced};
use domain::settling::Settled;
use domain::spending::Draw;
use domain::{EscrowId, KindId, LotId, MerchantId, Won};
use proptest::prelude::*;

/// Account, owner and signed amount of each entry, as stored.
fn stored(transfer: Result<Transfer, Unbalanced>) -> Vec<(i64, i64, i64)> {
    let transfer = transfer.unwrap();
    transfer.entries().iter().map(|entry| (entry.account.code(), entry.account.owner(), entry.signed())).collect()
}

fn draw(lot: i64, amount: i64) -> Draw {
    Draw { lot: LotId(lot), kind: KindId(1), amount: Won::of(amount) }
}

#[test]
fn the_postings_are_those_of_the_specification() {
    let price = Price::of(Won::of(100_000), BasisPoints(700));
    let buy = Transfer::buy(KindId(1), LotId(7), &price);
    assert_eq!(stored(buy), [(1010, 0, 93_000), (5010, 1, 7_000), (2010, 7, -100_000)]);
    let pay = Transfer::pay(MerchantId(5), Won::of(60_000), &[draw(7, 40_000), draw(8, 20_000)]);
    assert_eq!(stored(pay), [(2010, 7, 40_000), (2010, 8, 20_000), (2020, 5, -60_000)]);
    let (escrow, given) = (EscrowId(9), Won::of(60_000));
    let from = [draw(7, 40_000), draw(8, 20_000)];
    assert_eq!(stored(Transfer::gift(escrow, given, &from)), [(2010, 7, 40_000), (2010, 8, 20_000), (2050, 9, -60_000)]);
    let accepted = Transfer::gift_accepted(escrow, given, &[draw(17, 40_000), draw(18, 20_000)]);
    assert_eq!(stored(accepted), [(2050, 9, 60_000), (2010, 17, -40_000), (2010, 18, -20_000)]);
    let back = Transfer::gift_back(escrow, given, &from);
    assert_eq!(stored(back.clone()), [(2050, 9, 60_000), (2010, 7, -40_000), (2010, 8, -20_000)]);
    assert_eq!(back.unwrap().cause(), Cause::GiftBack);
    let settled = Settled { fee: Won::of(300), payout: Won::of(59_700), debt: Won::ZERO };
    assert_eq!(stored(Transfer::settle(MerchantId(5), &settled)), [(2020, 5, 60_000), (2040, 5, -59_700), (4010, 0, -300)]);
    assert_eq!(stored(Transfer::payout(MerchantId(5), Won::of(59_700))), [(2040, 5, 59_700), (1010, 0, -59_700)]);
    assert_eq!(stored(Transfer::late_debit(price.paid)), [(1010, 0, 93_000), (2030, 0, -93_000)]);
    assert_eq!(stored(Transfer::late_refund(price.paid)), [(2030, 0, 93_000), (1010, 0, -93_000)]);
}

#[test]
fn entries_of_zero_are_left_out() {
    let without = Price::of(Won::of(10_000), BasisPoints(0));
    assert_eq!(stored(Transfer::buy(KindId(1), LotId(7), &without)), [(1010, 0, 10_000), (2010, 7, -10_000)]);
    let given = Price::of(Won::of(10_000), BasisPoints(10_000));
    assert_eq!(stored(Transfer::buy(KindId(1), LotId(7), &given)), [(5010, 1, 10_000), (2010, 7, -10_000)]);
}

#[test]
fn what_does_not_balance_or_moves_nothing_cannot_be_held() {
    let odd = Price { face: Won::of(100), paid: Won::of(93), fund: Won::of(8) };
    assert_eq!(Transfer::buy(KindId(1), LotId(7), &odd), Err(Unbalanced { debits: 101, credits: 100 }));
    assert!(Transfer::pay(MerchantId(5), Won::of(10), &[draw(7, 9)]).is_err());
    assert!(Transfer::pay(MerchantId(5), Won::of(10), &[]).is_err());
    assert!(Transfer::pay(MerchantId(5), Won::ZERO, &[]).is_err());
    assert!(Transfer::late_debit(Won::ZERO).is_err());
    assert_eq!(Transfer::new(Cause::Cancel, []), Err(Unbalanced { debits: 0, credits: 0 }));
    // More than 64 bits hold is counted all the same.
    let flood = vec![Entry::debit(Account::BankClearing, Won::MAX); 20_000];
    assert_eq!(Transfer::new(Cause::Buy, flood), Err(Unbalanced { debits: i64::MAX, credits: 0 }));
}

proptest! {
    #[test]
    fn a_transfer_adds_up_to_zero_or_does_not_exist(lines in prop::collection::vec((any::<bool>(), 0..5i64, 0..4i64), 0..8)) {
        let entry = |(debit, amount, lot): &(bool, i64, i64)| {
            let (account, amount) = (Account::Lot(LotId(*lot)), Won::of(*amount));
            if *debit { Entry::debit(account, amount) } else { Entry::credit(account, amount) }
        };
        let sum: i64 = lines.iter().map(|line| entry(line).signed()).sum();
        let moves = lines.iter().any(|(_, amount, _)| *amount != 0);
        let transfer = Transfer::new(Cause::Pay, lines.iter().map(entry));
        prop_assert_eq!(transfer.is_ok(), sum == 0 && moves);
        if let Ok(transfer) = transfer {
            prop_assert_eq!(transfer.entries().iter().map(Entry::signed).sum::<i64>(), 0);
            prop_assert!(transfer.entries().iter().all(|entry| !entry.amount.is_zero()));
        }
    }
}
