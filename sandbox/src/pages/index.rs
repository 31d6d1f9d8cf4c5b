//! `/`: what this is, the faults that are set, forms to set them, and the magic amounts and phones.

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};

use super::{escaped, page, won};
use crate::Sandbox;
use crate::accounts::BANKS;
use crate::bank::MAGIC_AMOUNTS;
use crate::door;
use crate::faults::{DELAY_DEFAULT_MS, DELAY_MAX_MS, Fault, Operation, Rule, Service};
use crate::sms::MAGIC_PHONES;
use crate::tax::STATES;

pub(super) async fn show(State(sandbox): State<Sandbox>) -> Response {
    let main = format!(
        "<p>은행, 본인 확인, 문자 발송, 국세청 조회를 흉내 내는 곳이에요. Pay+ 서버는 진짜와 똑같은 HTTP로 여기와 이야기하고, 여기서는 느려지거나 끊기거나 두 번 \
         오는 일을 일부러 만들 수 있어요.</p><p lang=\"en\">Plays bank, identity provider, SMS gateway and tax service, with faults on demand.</p>\
         {}{}{}{}{}",
        inbox_form(),
        rules(&sandbox.faults().rules()),
        fault_form(),
        magic(sandbox.magic()),
        by_hand()
    );
    page("안내", "", &main)
}

fn inbox_form() -> &'static str {
    "<h2>문자함</h2><form action=\"/inbox\" method=\"get\"><label>휴대전화 번호\
     <input name=\"to\" inputmode=\"numeric\" autocomplete=\"off\" placeholder=\"01012345678\"></label><button>문자 보기</button></form>"
}

fn rules(rules: &[Rule]) -> String {
    if rules.is_empty() {
        return "<h2>지금 켜진 장애</h2><p>없어요. 모두 정상으로 답해요.</p>".to_owned();
    }
    let row = |rule: &Rule| {
        let left = rule.times.map_or_else(|| "바꿀 때까지".to_owned(), |times| format!("{times}번"));
        let (service, operation) = (words_of_service(rule.service), words_of_operation(rule.operation));
        format!("<tr><td>{service}, {operation}</td><td>{}</td><td>{left}</td></tr>", words_with_delay(rule.fault, rule.delay_ms))
    };
    let rows: String = rules.iter().map(row).collect();
    format!(
        "<h2>지금 켜진 장애</h2><div class=\"scroll\"><table><thead><tr><th>어디에</th><th>무슨 일이</th><th>남은 횟수</th></tr></thead><tbody>{rows}\
         </tbody></table></div><form action=\"/faults/clear\" method=\"post\"><button class=\"quiet\">모든 장애 끄기</button></form>"
    )
}

fn fault_form() -> String {
    let services = options(&[Service::Bank, Service::Identity, Service::Sms, Service::Tax, Service::Push], words_of_service);
    let operations = options(&Operation::ALL, words_of_operation);
    let faults = options(&Fault::ALL, words_of_fault);
    format!(
        "<h2>장애 만들기</h2><form action=\"/faults\" method=\"post\"><label>서비스<select name=\"service\">{services}</select></label>\
         <label>하는 일<select name=\"operation\">{operations}</select></label><label>장애<select name=\"fault\">{faults}</select></label>\
         <label>지연(밀리초)<input name=\"delay_ms\" type=\"number\" min=\"0\" max=\"{DELAY_MAX_MS}\" value=\"{DELAY_DEFAULT_MS}\"></label>\
         <label>횟수(비우면 바꿀 때까지)<input name=\"times\" type=\"number\" min=\"1\"></label><button>이 장애 적용하기</button></form>"
    )
}

fn options<T: Copy + Serialize>(all: &[T], words: fn(T) -> &'static str) -> String {
    all.iter().map(|&one| format!("<option value=\"{}\">{}</option>", wire_name(one), words(one))).collect()
}

fn magic(active: bool) -> String {
    let state = if active {
        "켜져 있어요. 손으로 바로 시험해 보세요."
    } else {
        "꺼져 있어요. <code>--magic true</code>로 시작하면 켜져요."
    };
    let amount = |&(price_won, fault, delay_ms, face_won): &(i64, Fault, u64, i64)| {
        format!(
            "<tr><td class=\"num\">{}</td><td class=\"num\">{}</td><td>{}</td></tr>",
            won(price_won),
            won(face_won),
            words_with_delay(fault, delay_ms)
        )
    };
    let phone = |&(ending, fault, delay_ms): &(&str, Fault, u64)| {
        format!("<tr><td>…{ending}</td><td>{}</td></tr>", words_with_delay(fault, delay_ms))
    };
    let amounts: String = MAGIC_AMOUNTS.iter().map(amount).collect();
    let phones: String = MAGIC_PHONES.iter().map(phone).collect();
    format!(
        "<h2>마법 금액과 번호</h2><p>{state}</p><div class=\"scroll\"><table><thead><tr><th class=\"num\">결제 금액</th><th class=\"num\">액면 (7% 할인)</th>\
         <th>출금할 때 생기는 일</th></tr></thead><tbody>{amounts}</tbody></table><table><thead><tr><th>전화번호 끝자리</th><th>문자를 보낼 때 생기는 일</th></tr>\
         </thead><tbody>{phones}</tbody></table></div>"
    )
}

fn by_hand() -> String {
    let banks: Vec<String> = BANKS.iter().map(|(code, _, name)| format!("{code} {name}")).collect();
    let state = |word: &'static str| if word.is_empty() { "등록되지 않은 번호" } else { word };
    let businesses: Vec<String> = STATES.iter().map(|(begins, _, word)| format!("{begins}로 시작하면 {}", state(word))).collect();
    format!(
        "<h2>늘 통하는 값</h2><ul><li>계좌: {}. 숫자 10~14자리면 확인돼요. 0000으로 끝나면 없는 계좌예요.</li>\
         <li>이름이 \u{2018}불일치\u{2019}이거나 \u{2018}거부\u{2019}로 시작하면 본인 확인과 예금주 확인이 되지 않아요.</li>\
         <li>이름과 생년월일이 같으면 전화번호가 달라도 같은 사람(CI)이에요.</li>\
         <li>사업자등록번호: {}. 그 밖의 번호는 모두 계속사업자예요.</li>\
         <li>계좌 확인용 1원의 코드는 <a href=\"/transactions\">은행 거래</a>의 메모에서 볼 수 있어요.</li></ul>",
        escaped(&banks.join(", ")),
        businesses.join(", ")
    )
}

fn words_of_service(service: Service) -> &'static str {
    match service {
        Service::Bank => "은행",
        Service::Identity => "본인 확인",
        Service::Sms => "문자",
        Service::Tax => "국세청",
        Service::Push => "푸시",
    }
}

fn words_of_operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Any => "모두",
        Operation::Debit => "출금 (은행)",
        Operation::Credit => "입금 (은행)",
        Operation::Inquiry => "조회 (은행)",
        Operation::Verify => "확인 (은행 계좌, 본인)",
        Operation::Status => "상태 조회 (국세청)",
        Operation::Send => "발송 (문자, 푸시)",
    }
}

fn words_of_fault(fault: Fault) -> &'static str {
    match fault {
        Fault::None => "정상",
        Fault::Slow => "처리하고 늦게 답해요",
        Fault::DropAfter => "처리하고 답 없이 끊어요",
        Fault::DropBefore => "처리하지 않고 끊어요",
        Fault::Twice => "같은 요청이 동시에 두 번 와요",
        Fault::Late => "접수만 하고 나중에 처리해요",
        Fault::Reject => "거절해요",
        Fault::Down => "점검 중이라고 답해요(503)",
        Fault::Garbage => "처리하고 엉뚱한 답을 해요",
    }
}

fn words_with_delay(fault: Fault, delay_ms: u64) -> String {
    let words = words_of_fault(fault);
    match fault {
        Fault::Slow | Fault::Late => format!("{words} ({}.{}초)", delay_ms / 1000, delay_ms % 1000 / 100),
        _ => words.to_owned(),
    }
}

/// The name a value has in JSON and in the form.
fn wire_name(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("unit variants are written as strings, not {other:?}"),
    }
}

/// The form's fields; numbers come as text because an empty field is an empty text.
#[derive(Deserialize)]
pub(super) struct RuleForm {
    service: Service,
    operation: Operation,
    fault: Fault,
    delay_ms: String,
    times: String,
}

impl RuleForm {
    fn parse(self) -> Option<Rule> {
        let rule = Rule::new(self.service, self.operation, self.fault);
        let rule = match self.delay_ms.trim() {
            "" => rule,
            text => rule.delay_ms(text.parse().ok()?),
        };
        Some(match self.times.trim() {
            "" => rule,
            text => rule.times(text.parse().ok()?),
        })
    }
}

pub(super) async fn set_fault(State(sandbox): State<Sandbox>, headers: HeaderMap, Form(form): Form<RuleForm>) -> Response {
    if comes_from_elsewhere(&headers) {
        return door::refuse(StatusCode::FORBIDDEN, "cross_site");
    }
    let refused = match form.parse().map(|rule| sandbox.set_fault(rule)) {
        Some(Ok(())) => return Redirect::to("/").into_response(),
        Some(Err(bad)) => bad.name(),
        None => "bad_number",
    };
    let main = format!(
        "<div class=\"card\" role=\"alert\">이 장애는 적용할 수 없어요. 서비스와 하는 일이 맞는지 확인해 주세요. <code>{refused}</code></div>\
         <p><a href=\"/\">돌아가서 다시 고르기</a></p>"
    );
    (StatusCode::UNPROCESSABLE_ENTITY, page("적용하지 못했어요", "", &main)).into_response()
}

pub(super) async fn clear_faults(State(sandbox): State<Sandbox>, headers: HeaderMap) -> Response {
    if comes_from_elsewhere(&headers) {
        return door::refuse(StatusCode::FORBIDDEN, "cross_site");
    }
    sandbox.clear_faults();
    Redirect::to("/").into_response()
}

/// A loopback port can be reached by any page the same browser has open; those must not press our buttons.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}
