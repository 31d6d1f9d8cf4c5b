//! `/payments/:payment`: just paid it is the moving confirmation with the code; later it is the receipt.

use super::{Paid, load_payment};
use crate::pieces::{
    Banner, ConfirmationPulse, Facts, Lines, LinkButton, Look, Money, Page, Section, Slip, SlipButtons, SlipPaper, Tab, Tone, stamp,
};
use crate::visitor::Loaded;
use crate::words::{self, Lang, kind_name, lang, money, words};
use domain::business_number::BusinessNumber;
use domain::paying::Payment;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// For so long a payment is confirmed with movement; a screenshot of it is still by then.
const FRESH_S: i64 = 180;

#[component]
pub fn PaymentPage() -> impl IntoView {
    let params = use_params_map();
    let paid = Resource::new_blocking(move || params.with(|params| params.get("payment").unwrap_or_default()), load_payment);
    view! {
        <Page title=words().history.receipt back="/" tab=Tab::History>
            <Loaded data=paid let:paid>
                <Confirmation paid />
            </Loaded>
        </Page>
    }
}

#[component]
fn Confirmation(paid: Paid) -> impl IntoView {
    let (lang, t) = (lang(), words());
    let Paid { payment, business_number, kinds, now } = paid;
    let place = words::district(lang, payment.merchant.district);
    let is_fresh = now.duration_since(payment.created_at).as_secs() < FRESH_S && payment.cancelled.is_zero();
    let head = if is_fresh {
        let shop = payment.merchant.name.clone();
        view! { <ConfirmationPulse shop place amount=payment.amount code=payment.code at=payment.created_at /> }.into_any()
    } else {
        view! {
            <div class="paid-head">
                <p class="paid-shop">{payment.merchant.name.clone()}</p>
                <p class="paid-amount">
                    <Money amount=payment.amount />
                </p>
            </div>
        }
        .into_any()
    };
    let cancelled = (!payment.cancelled.is_zero()).then(|| {
        let words = &t.history;
        let text = if payment.cancelled == payment.amount {
            words.cancelled_all.to_owned()
        } else {
            words.cancelled(&money(lang, payment.cancelled))
        };
        view! { <Banner tone=Tone::Warn>{text}</Banner> }
    });
    let facts = vec![
        (t.history.shop.to_owned(), format!("{} · {place}", payment.merchant.name)),
        (t.history.paid_at.to_owned(), stamp(lang, payment.created_at)),
        (t.history.amount.to_owned(), money(lang, payment.amount)),
        (t.history.code.to_owned(), payment.code.to_string()),
        (t.history.payment_id.to_owned(), payment.id.to_string()),
    ];
    let draws = payment.draws.iter().map(|draw| {
        let name = kinds.iter().find(|kind| kind.id == draw.kind).map(|kind| kind_name(lang, kind).to_owned()).unwrap_or_default();
        (name, money(lang, draw.amount))
    });
    let draws: Lines = draws.collect();
    let slip = slip(lang, &payment, business_number, draws.clone());
    view! {
        {head}
        {cancelled}
        <Section title=t.pay.see_receipt>
            <Facts facts />
        </Section>
        <Section title=t.history.lots_used>
            <Facts facts=draws />
        </Section>
        <SlipButtons slip=slip.clone() />
        <SlipPaper slip />
        <div class="dock">
            <LinkButton look=if is_fresh { Look::Primary } else { Look::Line } href="/">{t.pay.finish}</LinkButton>
        </div>
    }
}

/// The receipt on paper, or sent on. Drawn are the vouchers as they were when it was paid; what was cancelled stands beside.
fn slip(lang: Lang, payment: &Payment, business_number: Option<String>, draws: Lines) -> Slip {
    let (t, of_slip) = (&lang.words().history, &lang.words().slip);
    let mut lines = Vec::new();
    if let Some(number) = business_number {
        let number = BusinessNumber::parse(&number).map_or(number, |number| number.to_string());
        lines.push((of_slip.business_number.to_owned(), number));
    }
    if !payment.merchant.address.is_empty() {
        lines.push((of_slip.address.to_owned(), payment.merchant.address.clone()));
    }
    lines.push((t.paid_at.to_owned(), stamp(lang, payment.created_at)));
    if !payment.cancelled.is_zero() {
        lines.push((of_slip.cancelled.to_owned(), money(lang, payment.cancelled)));
        lines.push((of_slip.kept.to_owned(), money(lang, payment.amount.left_after(payment.cancelled))));
    }
    lines.push((t.code.to_owned(), payment.code.to_string()));
    lines.push((t.payment_id.to_owned(), payment.id.to_string()));
    let drawn = (!draws.is_empty()).then(|| (t.lots_used.to_owned(), draws));
    Slip { title: t.receipt.to_owned(), name: payment.merchant.name.clone(), amount: money(lang, payment.amount), lines, drawn }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::district::District;
    use domain::merchant::{Merchant, Standing};
    use domain::merchant_number::MerchantNumber;
    use domain::paying::Code;
    use domain::{MerchantId, PaymentId, Won};

    fn payment(cancelled: i64, address: &str) -> Payment {
        Payment {
            id: PaymentId::from_parts(1_760_000_000_000, [7; 10]),
            merchant: Merchant {
                id: MerchantId(1),
                number: MerchantNumber::from_serial(1).expect("a serial"),
                name: "모퉁이커피".to_owned(),
                district: District::MAPO,
                address: address.to_owned(),
                category: "5814".to_owned(),
                standing: Standing::Open,
            },
            amount: Won::of(32_000),
            code: Code::new(42).expect("a code"),
            created_at: "2026-07-14T10:30:05+09:00".parse().expect("a timestamp"),
            cancelled: Won::of(cancelled),
            draws: Vec::new(),
        }
    }

    #[test]
    fn a_receipt_says_who_when_how_much_and_out_of_what() {
        let number = BusinessNumber::from_first_nine(120_810_001).expect("nine digits");
        let drawn = vec![("서울사랑상품권".to_owned(), "32,000원".to_owned())];
        let slip = slip(Lang::Ko, &payment(2_000, "서울 마포구 망원동 12"), Some(number.digits()), drawn.clone());
        assert_eq!((slip.name.as_str(), slip.amount.as_str()), ("모퉁이커피", "32,000원"));
        assert_eq!(slip.drawn, Some(("쓴 상품권".to_owned(), drawn)));
        let said = |term: &str| slip.lines.iter().find(|(name, _)| name == term).map(|(_, fact)| fact.as_str());
        assert_eq!(said("결제한 때"), Some("2026년 7월 14일 10:30:05"));
        assert_eq!((said("취소한 금액"), said("취소하고 남은 금액")), (Some("2,000원"), Some("30,000원")));
        assert_eq!(said("주소"), Some("서울 마포구 망원동 12"));
        assert_eq!(said("확인 코드"), Some(payment(0, "").code.to_string().as_str()));
        assert_eq!(said("사업자등록번호"), Some(number.to_string().as_str()));
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let slip = slip(Lang::En, &payment(0, ""), None, Vec::new());
        assert_eq!(slip.drawn, None);
        let terms: Vec<&str> = slip.lines.iter().map(|(term, _)| term.as_str()).collect();
        let t = &Lang::En.words().history;
        assert_eq!(terms, [t.paid_at, t.code, t.payment_id]);
    }
}
