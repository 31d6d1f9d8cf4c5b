//! 안 되는 까닭과 다음에 할 일.

use crate::words::{Lang, amount, day, district, money, time_of_day};
use domain::amount_input::AmountError;
use domain::buying::BankReason;
use domain::phone::PhoneError;
use domain::pin::PinRefused;
use domain::qr::{MerchantNumberError, QrError};
use domain::sale::Who;
use domain::{Refused, Timestamp, Won};

fn won(won: Won) -> String {
    amount(Lang::Ko, won)
}

fn when(at: Timestamp) -> String {
    format!("{} {}", day(Lang::Ko, at), time_of_day(Lang::Ko, at))
}

pub(super) fn refused(refused: &Refused) -> String {
    match refused {
        Refused::NotInUnits { unit } => format!("{} 단위로 살 수 있어요. 금액을 다시 골라 주세요.", won(*unit)),
        Refused::NotYourWindow { who: Who::OddBirthYears } => {
            "지금은 홀수 해에 태어난 분이 사는 시간이에요. 내 시간은 구매 화면에서 볼 수 있어요.".to_owned()
        }
        Refused::NotYourWindow { who: Who::EvenBirthYears } => {
            "지금은 짝수 해에 태어난 분이 사는 시간이에요. 내 시간은 구매 화면에서 볼 수 있어요.".to_owned()
        }
        Refused::NotYourWindow { who: Who::Anyone } => "내 시간은 구매 화면에서 볼 수 있어요. 그때 다시 해 주세요.".to_owned(),
        Refused::NotYetOpen { opens_at } => format!("{}부터 살 수 있어요. 그때 다시 와 주세요.", when(*opens_at)),
        Refused::WindowClosed { closed_at } => format!("{}에 판매가 끝났어요. 다음 판매는 홈에서 알려 드려요.", when(*closed_at)),
        Refused::MonthLimit { left, limit } if left.is_zero() => {
            format!("이번 달에 살 수 있는 {}을 모두 샀어요. 다음 달 1일부터 다시 살 수 있어요.", won(*limit))
        }
        Refused::MonthLimit { left, .. } => format!("이번 달에는 {}까지 더 살 수 있어요.", won(*left)),
        Refused::HoldingCap { left, cap } if left.is_zero() => {
            format!("가질 수 있는 {}이 가득 찼어요. 조금 쓰고 나면 다시 살 수 있어요.", won(*cap))
        }
        Refused::HoldingCap { left, cap } => {
            format!("{}까지 가질 수 있어서, 지금은 {}까지 더 살 수 있어요.", won(*cap), won(*left))
        }
        Refused::SoldOut { total } => format!("준비한 금액이 모두 팔렸어요. ({0} 중 {0}) 다음 판매는 홈에서 알려 드려요.", won(*total)),
        Refused::OnlyLeft { left } => format!("지금 {} 남았어요. 금액을 줄이면 살 수 있어요.", won(*left)),
        Refused::AllReserved { held } => {
            format!("남은 {}을 다른 분들이 결제하고 있어요. 다시 나올 수 있으니 잠시 뒤에 해 주세요.", won(*held))
        }
        Refused::ChannelCap { left, .. } if left.is_zero() => {
            "이 앱에서 팔 수 있는 금액이 모두 나갔어요. Pay+나 다른 앱에서는 살 수 있어요.".to_owned()
        }
        Refused::ChannelCap { left, .. } => {
            format!("이 앱에서는 {}까지 살 수 있어요. Pay+나 다른 앱에서는 더 살 수 있어요.", won(*left))
        }
        Refused::NoSuchWindow => "이 판매를 찾지 못했어요. 구매 화면에서 다시 골라 주세요.".to_owned(),
        Refused::NeedsPass => "이 판매는 차례대로 들어가서 사요. 대기실에서 차례를 기다려 주세요.".to_owned(),
        Refused::PassUsed => "이번 차례로는 이미 샀어요. 더 사려면 다시 줄을 서 주세요.".to_owned(),
        Refused::NoBankAccount => "연결된 계좌가 없어요. 계좌를 연결하면 바로 살 수 있어요.".to_owned(),
        Refused::NoSuchShop => "이 번호의 가게를 찾지 못했어요. 번호를 다시 확인해 주세요.".to_owned(),
        Refused::ShopClosed => "문을 닫은 가게라 결제할 수 없어요. 가게에 확인해 주세요.".to_owned(),
        Refused::ShopNotReady => "아직 결제를 받을 준비가 되지 않은 가게예요. 가게에 알려 주세요.".to_owned(),
        Refused::PaymentAmount { most } => format!("한 번에 1원부터 {}까지 결제할 수 있어요.", won(*most)),
        Refused::NotEnough { usable } if usable.is_zero() => "이 가게에서 쓸 수 있는 상품권이 없어요. 먼저 상품권을 사 주세요.".to_owned(),
        Refused::NotEnough { usable } => {
            format!("이 가게에서는 {}까지 쓸 수 있어요. 금액을 줄이거나 상품권을 더 사 주세요.", money(Lang::Ko, *usable))
        }
        Refused::KindNotUsableHere { shop, voucher } => {
            let (shop, voucher) = (district(Lang::Ko, *shop), district(Lang::Ko, *voucher));
            format!("이 가게는 {shop}에 있어서 {voucher} 상품권은 쓸 수 없어요. 서울 전역 상품권이나 {shop} 상품권으로 결제해 주세요.")
        }
        Refused::PayerCantPay => {
            "손님의 상품권으로는 이 금액을 결제할 수 없어요. 금액을 확인하거나 다른 방법으로 결제해 주세요.".to_owned()
        }
        Refused::CodeTaken => "이미 찍은 코드라서 손님의 확인을 기다리고 있어요. 그 결제를 마치거나 새 코드로 다시 해 주세요.".to_owned(),
        Refused::CodeUsed => "이미 결제에 쓴 코드예요. 새 코드로 다시 해 주세요.".to_owned(),
        Refused::CodeExpired => "코드의 시간이 끝났어요. 새 코드로 다시 해 주세요.".to_owned(),
        Refused::NoSuchCode => "Pay+의 결제 코드가 아니에요. 다시 찍거나 새 코드를 받아 주세요.".to_owned(),
        Refused::NoSuchPayment => "이 결제를 찾지 못했어요. 결제 목록에서 다시 골라 주세요.".to_owned(),
        Refused::AlreadyCancelled => "이미 모두 취소한 결제예요.".to_owned(),
        Refused::ManagersOnly => "결제 취소는 매니저나 주인만 할 수 있어요. 가게에 있는 매니저에게 알려 주세요.".to_owned(),
        Refused::CancelAmount { left } => format!("1원부터 {}까지 취소할 수 있어요.", won(*left)),
        Refused::NoSuchLot => "이 상품권을 찾지 못했어요. 내 상품권에서 다시 골라 주세요.".to_owned(),
        Refused::NotYetRefundable { spend, back } => {
            format!("{} 더 쓰면 {}을 돌려받을 수 있어요.", money(Lang::Ko, *spend), money(Lang::Ko, *back))
        }
        Refused::RefundChanged { back } => {
            format!("그사이 남은 금액이 달라져서 이제 {}을 돌려받을 수 있어요. 화면을 새로 열고 확인해 주세요.", money(Lang::Ko, *back))
        }
        Refused::NothingToRefund => "돌려받을 금액이 없어요. 내 상품권에서 남은 금액을 확인해 주세요.".to_owned(),
        Refused::GiftAmount { left } => format!("선물할 수 있는 금액은 1원부터 {}까지예요.", won(*left)),
        Refused::GiftToYourself => "나에게는 선물할 수 없어요. 다른 분에게 보내 주세요.".to_owned(),
        Refused::GiftTooFarAhead => "선물은 60일 뒤까지 예약할 수 있어요. 더 이른 날을 골라 주세요.".to_owned(),
        Refused::TooManyGifts { most } => format!("한 번에 {most}개까지 선물할 수 있어요. 답이 오고 하루가 지나면 더 보낼 수 있어요."),
        Refused::NoSuchGift => "이 선물을 찾지 못했어요. 받은 문자의 링크를 다시 열거나 보낸 분에게 확인해 주세요.".to_owned(),
        Refused::GiftOver => "이미 끝난 선물이에요. 다른 분이 받았거나 보낸 분에게 돌아갔어요.".to_owned(),
        Refused::GiftMonthCap { left, cap } if left.is_zero() => {
            format!("이번 달에 받을 수 있는 선물 {}을 모두 받았어요. 다음 달 1일부터 다시 받을 수 있어요.", won(*cap))
        }
        Refused::GiftMonthCap { left, .. } => {
            format!("이번 달에는 선물을 {}까지 더 받을 수 있어요. 다음 달 1일부터 다시 받을 수 있어요.", won(*left))
        }
        Refused::GiftHoldingCap { left, cap } => {
            format!("{}까지 가질 수 있어서, 지금은 {}까지 더 받을 수 있어요. 조금 쓰고 나서 받아 주세요.", won(*cap), won(*left))
        }
        Refused::IdReused => "이 화면으로는 이미 다른 내용을 처리했어요. 화면을 새로 열고 다시 해 주세요.".to_owned(),
        Refused::Busy => "지금 요청이 많아서 아직 처리하지 않았어요. 돈은 움직이지 않았어요. 잠시 뒤에 다시 눌러 주세요.".to_owned(),
    }
}

pub(super) fn bank_reason(reason: BankReason) -> &'static str {
    match reason {
        BankReason::InsufficientFunds => "계좌에 돈이 모자라요. 돈을 채우고 다시 사 주세요.",
        BankReason::AccountClosed => "연결한 계좌를 쓸 수 없어요. 다른 계좌를 연결해 주세요.",
        BankReason::BankLimit => "은행의 하루 이체 한도를 넘었어요. 금액을 줄이거나 내일 다시 사 주세요.",
        BankReason::NotReached => "은행에 닿지 못했어요. 돈은 나가지 않았어요. 다시 사 주세요.",
        BankReason::Other => "은행에서 처리하지 못했어요. 돈은 나가지 않았어요. 잠시 뒤에 다시 사 주세요.",
    }
}

pub(super) fn pin_refused(refused: &PinRefused) -> &'static str {
    match refused {
        PinRefused::NotSixDigits => "PIN은 숫자 여섯 자리예요.",
        PinRefused::AllEqual => "같은 숫자 여섯 개는 쉽게 맞힐 수 있어요. 다른 PIN을 골라 주세요.",
        PinRefused::Run => "이어지는 숫자는 쉽게 맞힐 수 있어요. 다른 PIN을 골라 주세요.",
        PinRefused::Repeated => "되풀이되는 숫자는 쉽게 맞힐 수 있어요. 다른 PIN을 골라 주세요.",
        PinRefused::BirthDate => "생년월일은 쉽게 맞힐 수 있어요. 다른 PIN을 골라 주세요.",
        PinRefused::PhoneNumber => "전화번호는 쉽게 맞힐 수 있어요. 다른 PIN을 골라 주세요.",
    }
}

pub(super) fn phone_error(error: &PhoneError) -> &'static str {
    match error {
        PhoneError::Empty => "휴대폰 번호를 적어 주세요.",
        PhoneError::NotDigits => "휴대폰 번호는 숫자로 적어 주세요. 예: 010-1234-5678",
        PhoneError::Foreign => "한국 휴대폰 번호로 시작할 수 있어요. 010으로 시작하는 번호를 적어 주세요.",
        PhoneError::NotMobile => "010으로 시작하는 휴대폰 번호를 적어 주세요.",
        PhoneError::WrongLength { .. } => "번호의 자릿수를 확인해 주세요. 예: 010-1234-5678",
    }
}

pub(super) fn amount_error(error: &AmountError) -> String {
    match error {
        AmountError::Empty => "금액을 적어 주세요.".to_owned(),
        AmountError::Zero => "1원보다 큰 금액을 적어 주세요.".to_owned(),
        AmountError::Negative => "빼기 표시 없이 금액을 적어 주세요.".to_owned(),
        AmountError::Fraction => "원 단위로 적어 주세요.".to_owned(),
        AmountError::TooLarge => "금액이 너무 커요. 줄여서 적어 주세요.".to_owned(),
        AmountError::BadGrouping => "쉼표 자리를 확인하거나 숫자만 적어 주세요. 예: 30,000".to_owned(),
        AmountError::LeadingZero => "0으로 시작하지 않는 금액을 적어 주세요.".to_owned(),
        AmountError::Ambiguous => "두 가지로 읽을 수 있는 금액이에요. 숫자로만 적어 주세요. 예: 35000".to_owned(),
        AmountError::NotANumber { character } => format!("‘{character}’ 없이 숫자로 적어 주세요."),
    }
}

pub(super) fn shop_number_error(error: &MerchantNumberError) -> &'static str {
    match error {
        MerchantNumberError::NotEightDigits => "가게 번호는 숫자 여덟 자리예요. QR 아래를 봐 주세요.",
        MerchantNumberError::WrongCheckDigit => "숫자 하나가 다른 것 같아요. 가게 번호를 다시 확인해 주세요.",
        MerchantNumberError::SerialOutOfRange => "없는 가게 번호예요. 다시 확인해 주세요.",
    }
}

pub(super) fn qr_error(error: &QrError) -> &'static str {
    match error {
        QrError::NotOurs => "다른 결제 서비스의 QR이에요. Pay+ 표시가 있는 QR을 비춰 주세요.",
        QrError::NotEmv | QrError::TooLong => "결제 QR이 아니에요. 가게의 Pay+ QR을 비춰 주세요.",
        QrError::UnsupportedCurrency | QrError::UnsupportedCountry => "한국에서 원화로 결제하는 QR만 쓸 수 있어요.",
        QrError::BadMerchantNumber(_) => "QR의 가게 번호가 이상해요. 가게에 알려 주시고 번호로 결제해 주세요.",
        QrError::BadAmount => "QR의 금액을 읽을 수 없어요. 가게에 새 QR을 부탁해 주세요.",
        QrError::WrongCrc | QrError::MissingCrc => "QR이 상했거나 일부만 읽혔어요. 다시 비추거나 가게 번호로 결제해 주세요.",
        QrError::BadId { .. }
        | QrError::BadLength { .. }
        | QrError::Duplicate { .. }
        | QrError::Missing { .. }
        | QrError::BadValue { .. } => "QR을 읽을 수 없어요. 다시 비추거나 가게 번호로 결제해 주세요.",
    }
}
