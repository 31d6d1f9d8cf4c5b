//! Sentences for every expected "no": of the rules, of the bank, and of what was typed or scanned. The matches name each
//! variant, so a new refusal does not compile before it has its words in both languages.

mod en;
mod ko;

use super::Lang;
use domain::Refused;
use domain::amount_input::AmountError;
use domain::buying::BankReason;
use domain::phone::PhoneError;
use domain::pin::PinRefused;
use domain::qr::{MerchantNumberError, QrError};

/// Why the rules said no, with the figures, and what can be done.
pub fn refused(lang: Lang, refused: &Refused) -> String {
    match lang {
        Lang::Ko => ko::refused(refused),
        Lang::En => en::refused(refused),
    }
}

/// Why the bank said no.
pub fn bank_reason(lang: Lang, reason: BankReason) -> &'static str {
    match lang {
        Lang::Ko => ko::bank_reason(reason),
        Lang::En => en::bank_reason(reason),
    }
}

/// Why a new PIN is not taken.
pub fn pin_refused(lang: Lang, refused: &PinRefused) -> &'static str {
    match lang {
        Lang::Ko => ko::pin_refused(refused),
        Lang::En => en::pin_refused(refused),
    }
}

/// Why what was typed is no phone number.
pub fn phone_error(lang: Lang, error: &PhoneError) -> &'static str {
    match lang {
        Lang::Ko => ko::phone_error(error),
        Lang::En => en::phone_error(error),
    }
}

/// Why what was typed is no amount.
pub fn amount_error(lang: Lang, error: &AmountError) -> String {
    match lang {
        Lang::Ko => ko::amount_error(error),
        Lang::En => en::amount_error(error),
    }
}

/// Why what was typed is no shop's number.
pub fn shop_number_error(lang: Lang, error: &MerchantNumberError) -> &'static str {
    match lang {
        Lang::Ko => ko::shop_number_error(error),
        Lang::En => en::shop_number_error(error),
    }
}

/// Why what was scanned can't be paid.
pub fn qr_error(lang: Lang, error: &QrError) -> &'static str {
    match lang {
        Lang::Ko => ko::qr_error(error),
        Lang::En => en::qr_error(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Won;
    use domain::district::District;
    use domain::sale::Who;

    #[test]
    fn refusals_carry_their_figures() {
        let month = Refused::MonthLimit { left: Won::of(100_000), limit: Won::of(400_000) };
        assert_eq!(refused(Lang::Ko, &month), "이번 달에는 10만 원까지 더 살 수 있어요.");
        let elsewhere = Refused::KindNotUsableHere { shop: District::MAPO, voucher: District::GANGNAM };
        assert!(refused(Lang::Ko, &elsewhere).starts_with("이 가게는 마포구에 있어서 강남구 상품권은 쓸 수 없어요."));
        assert!(refused(Lang::En, &elsewhere).contains("Mapo-gu"));
        let closed = Refused::WindowClosed { closed_at: "2025-11-22T05:00:00Z".parse().expect("a timestamp") };
        assert!(refused(Lang::Ko, &closed).contains("11월 22일 오후 2시"));
        assert!(refused(Lang::Ko, &Refused::NotYourWindow { who: Who::EvenBirthYears }).contains("짝수"));
    }
}
