//! Why not, and what to do next.

use crate::words::{Lang, amount, day, district, money, time_of_day};
use domain::amount_input::AmountError;
use domain::buying::BankReason;
use domain::phone::PhoneError;
use domain::pin::PinRefused;
use domain::qr::{MerchantNumberError, QrError};
use domain::sale::Who;
use domain::{Refused, Timestamp, Won};

fn won(won: Won) -> String {
    amount(Lang::En, won)
}

fn when(at: Timestamp) -> String {
    format!("{} on {}", time_of_day(Lang::En, at), day(Lang::En, at))
}

pub(super) fn refused(refused: &Refused) -> String {
    match refused {
        Refused::NotInUnits { unit } => format!("Vouchers come in steps of {}. Please choose another amount.", won(*unit)),
        Refused::NotYourWindow { who: Who::OddBirthYears } => {
            "This time is for people born in odd years. The buy page shows when it is your turn.".to_owned()
        }
        Refused::NotYourWindow { who: Who::EvenBirthYears } => {
            "This time is for people born in even years. The buy page shows when it is your turn.".to_owned()
        }
        Refused::NotYourWindow { who: Who::Anyone } => "The buy page shows when it is your turn.".to_owned(),
        Refused::NotYetOpen { opens_at } => format!("The sale opens at {}. Please come back then.", when(*opens_at)),
        Refused::WindowClosed { closed_at } => format!("The sale ended at {}. The next one is shown at home.", when(*closed_at)),
        Refused::MonthLimit { left, limit } if left.is_zero() => {
            format!("You bought all of the {} for this month. You can buy again on the 1st.", won(*limit))
        }
        Refused::MonthLimit { left, .. } => format!("You can buy {} more this month.", won(*left)),
        Refused::HoldingCap { left, cap } if left.is_zero() => {
            format!("Your wallet is full at {}. Spend a little and you can buy again.", won(*cap))
        }
        Refused::HoldingCap { left, cap } => format!("A wallet holds {}, so you can buy {} more now.", won(*cap), won(*left)),
        Refused::SoldOut { total } => format!("All of it is sold ({0} of {0}). The next sale is shown at home.", won(*total)),
        Refused::OnlyLeft { left } => format!("{} is left now. Choose less and you can buy.", won(*left)),
        Refused::AllReserved { held } => {
            format!("Others are paying for the last {}. Some may come back, so please try again in a moment.", won(*held))
        }
        Refused::ChannelCap { left, .. } if left.is_zero() => {
            "This app has sold all of its share. You can still buy in Pay+ or another app.".to_owned()
        }
        Refused::ChannelCap { left, .. } => {
            format!("This app can sell {} more. You can buy more in Pay+ or another app.", won(*left))
        }
        Refused::NoSuchWindow => "We could not find this sale. Please choose again on the buy page.".to_owned(),
        Refused::NeedsPass => "People wait in line for this sale. Please go to the waiting room, it keeps your place.".to_owned(),
        Refused::PassUsed => "You have already bought with this turn. To buy more, please line up again.".to_owned(),
        Refused::NoBankAccount => "No bank account is linked. Link one and you can buy right away.".to_owned(),
        Refused::NoSuchShop => "There is no shop with this number. Please check it.".to_owned(),
        Refused::ShopClosed => "This shop has closed down and can't be paid. Please ask the shop.".to_owned(),
        Refused::ShopNotReady => "This shop can't take payments yet. Please tell the shop.".to_owned(),
        Refused::PaymentAmount { most } => format!("One payment is between ₩1 and {}.", won(*most)),
        Refused::NotEnough { usable } if usable.is_zero() => "You have no voucher for this shop. Please buy one first.".to_owned(),
        Refused::NotEnough { usable } => {
            format!("You can spend {} here. Pay less or buy another voucher.", money(Lang::En, *usable))
        }
        Refused::KindNotUsableHere { shop, voucher } => {
            let (shop, voucher) = (district(Lang::En, *shop), district(Lang::En, *voucher));
            format!("This shop is in {shop}, so a {voucher} voucher can't be used. Please pay with an all-Seoul or a {shop} voucher.")
        }
        Refused::PayerCantPay => {
            "The customer's vouchers don't cover this amount here. Please check the amount, or take another way to pay.".to_owned()
        }
        Refused::CodeTaken => {
            "This code was scanned before and waits for the customer. Please finish that payment, or use a new code.".to_owned()
        }
        Refused::CodeUsed => "This code has already paid. Please use a new one.".to_owned(),
        Refused::CodeExpired => "This code's time is over. Please use a new one.".to_owned(),
        Refused::NoSuchCode => "This is not a payment code of Pay+. Please scan again or get a new code.".to_owned(),
        Refused::NoSuchPayment => "We could not find this payment. Please choose it from the list again.".to_owned(),
        Refused::AlreadyCancelled => "All of this payment has been cancelled already.".to_owned(),
        Refused::ManagersOnly => "Only a manager or the owner can cancel a payment. Please tell the manager of the shop.".to_owned(),
        Refused::CancelAmount { left } => format!("You can cancel from 1 won up to {}.", won(*left)),
        Refused::NoSuchLot => "We can’t find this voucher. Please choose again among your vouchers.".to_owned(),
        Refused::NotYetRefundable { spend, back } => {
            format!("Spend {} more and {} can come back.", money(Lang::En, *spend), money(Lang::En, *back))
        }
        Refused::RefundChanged { back } => {
            format!("What is left has changed: {} can come back now. Please open the page anew and look again.", money(Lang::En, *back))
        }
        Refused::NothingToRefund => "There is nothing to come back. Please look at what is left of your vouchers.".to_owned(),
        Refused::GiftAmount { left } => format!("You can give from 1 won up to {}.", won(*left)),
        Refused::GiftToYourself => "You can’t give to yourself. Please send it to somebody else.".to_owned(),
        Refused::GiftTooFarAhead => "A gift can be planned up to 60 days ahead. Please choose an earlier day.".to_owned(),
        Refused::TooManyGifts { most } => {
            format!("You can give {most} gifts at once. Once they are answered and a day is over you can give more.")
        }
        Refused::NoSuchGift => "We could not find this gift. Please open the link again, or ask whoever sent it.".to_owned(),
        Refused::GiftOver => "This gift is over: somebody else accepted it, or it went back to its sender.".to_owned(),
        Refused::GiftMonthCap { left, cap } if left.is_zero() => {
            format!("You have received all of the {} that gifts may be this month. You can accept again from the 1st.", won(*cap))
        }
        Refused::GiftMonthCap { left, .. } => {
            format!("You can receive {} more in gifts this month. You can accept again from the 1st.", won(*left))
        }
        Refused::GiftHoldingCap { left, cap } => {
            format!("You can hold {} in all, so {} more now. Please spend some of it and accept then.", won(*cap), won(*left))
        }
        Refused::IdReused => "This page was already used for something else. Please open it again.".to_owned(),
        Refused::Busy => "It is very busy and nothing was done. No money moved. Please press again in a moment.".to_owned(),
    }
}

pub(super) fn bank_reason(reason: BankReason) -> &'static str {
    match reason {
        BankReason::InsufficientFunds => "There is not enough money in the account. Please top it up and buy again.",
        BankReason::AccountClosed => "The linked account can't be used. Please link another one.",
        BankReason::BankLimit => "This is above your bank's daily limit. Buy less, or again tomorrow.",
        BankReason::NotReached => "The bank could not be reached. No money was taken. Please buy again.",
        BankReason::Other => "The bank could not do it. No money was taken. Please try again in a moment.",
    }
}

pub(super) fn pin_refused(refused: &PinRefused) -> &'static str {
    match refused {
        PinRefused::NotSixDigits => "A PIN has six digits.",
        PinRefused::AllEqual => "Six equal digits are easy to guess. Please choose another PIN.",
        PinRefused::Run => "Digits in a row are easy to guess. Please choose another PIN.",
        PinRefused::Repeated => "Repeated digits are easy to guess. Please choose another PIN.",
        PinRefused::BirthDate => "Birthdays are easy to guess. Please choose another PIN.",
        PinRefused::PhoneNumber => "Phone numbers are easy to guess. Please choose another PIN.",
    }
}

pub(super) fn phone_error(error: &PhoneError) -> &'static str {
    match error {
        PhoneError::Empty => "Please enter your phone number.",
        PhoneError::NotDigits => "Please use digits, such as 010-1234-5678.",
        PhoneError::Foreign => "A Korean mobile number is needed. Please enter one that begins with 010.",
        PhoneError::NotMobile => "Please enter a mobile number that begins with 010.",
        PhoneError::WrongLength { .. } => "Please check how many digits there are, such as 010-1234-5678.",
    }
}

pub(super) fn amount_error(error: &AmountError) -> String {
    match error {
        AmountError::Empty => "Please enter an amount.".to_owned(),
        AmountError::Zero => "Please enter an amount above zero.".to_owned(),
        AmountError::Negative => "Please enter the amount without a minus sign.".to_owned(),
        AmountError::Fraction => "Please enter whole won.".to_owned(),
        AmountError::TooLarge => "That amount is too large. Please enter a smaller one.".to_owned(),
        AmountError::BadGrouping => "Please check the commas or use digits only, such as 30,000.".to_owned(),
        AmountError::LeadingZero => "Please enter an amount that does not begin with 0.".to_owned(),
        AmountError::Ambiguous => "This can be read in two ways. Please use digits only, such as 35000.".to_owned(),
        AmountError::NotANumber { character } => format!("Please use digits, without ‘{character}’."),
    }
}

pub(super) fn shop_number_error(error: &MerchantNumberError) -> &'static str {
    match error {
        MerchantNumberError::NotEightDigits => "A shop number has eight digits. You find it under the QR code.",
        MerchantNumberError::WrongCheckDigit => "One digit seems to differ. Please check the shop number.",
        MerchantNumberError::SerialOutOfRange => "There is no such shop number. Please check it.",
    }
}

pub(super) fn qr_error(error: &QrError) -> &'static str {
    match error {
        QrError::NotOurs => "This code belongs to another payment service. Please scan one with the Pay+ sign.",
        QrError::NotEmv | QrError::TooLong => "This is not a payment code. Please scan the shop's Pay+ code.",
        QrError::UnsupportedCurrency | QrError::UnsupportedCountry => "Only codes for won in Korea can be paid.",
        QrError::BadMerchantNumber(_) => "The shop number in this code looks wrong. Please tell the shop and pay by its number.",
        QrError::BadAmount => "The amount in this code can't be read. Please ask the shop for a new code.",
        QrError::WrongCrc | QrError::MissingCrc => "The code is damaged or was read in part. Scan again or pay by the shop's number.",
        QrError::BadId { .. }
        | QrError::BadLength { .. }
        | QrError::Duplicate { .. }
        | QrError::Missing { .. }
        | QrError::BadValue { .. } => "The code can't be read. Scan again or pay by the shop's number.",
    }
}
