//! `/partner/docs`: the reference page, made from the OpenAPI document when the server starts. One page of ours, without scripts and
//! without anything from elsewhere.

use crate::headers;
use axum::response::{IntoResponse, Response};
use http::header;
use serde_json::Value;
use std::fmt::Write;
use utoipa::openapi::OpenApi;

pub const INTRODUCTION: &str = "서울 상품권을 다른 앱에서도 팔 수 있게 하는 API예요. 한 사람의 한도는 Pay+와 모든 앱을 합쳐서 지켜요. \
    구매할 때마다 파트너의 계좌에서 출금하고, 고객에게서는 파트너가 받아요. \
    Sells the city's vouchers through other apps. A person's limits hold over Pay+ and all apps together. Each purchase is debited from the \
    partner's own account; the partner collects from its customer.";

/// Where the nonce of the style goes.
const NONCE: &str = "NONCE-OF-THE-PAGE";

const GUIDE: &str = r#"<h2 id="begin">시작하기 · Getting started</h2>
<ol>
<li><b>키</b> — <code>Authorization: Bearer pp_…</code>. 키는 한 번만 보여 드려요. 교체한 키는 하루 동안 함께 쓸 수 있어요.
<br><span lang="en">A key is shown once. A rotated one is good for a day beside the new one.</span></li>
<li><b>고객</b> — 판매 전에 <code>POST /people</code>로 본인 확인을 해 두세요. 받은 이름(<code>per_…</code>)만 쓰고, 개인정보는 다시 보내지 않아요.
<br><span lang="en">Introduce people before the sale; afterwards only their reference is sent.</span></li>
<li><b>줄</b> — <code>has_room</code>인 시간은 줄을 서요: 번호표, 유지, 입장권.
<br><span lang="en">Windows with a room: ticket, renewals in time, pass.</span></li>
<li><b>구매</b> — 구매 번호(UUID v7)를 먼저 만들고, 답을 못 받으면 같은 번호로 다시 보내세요. 두 번 사지 않아요.
<br><span lang="en">Make the id first. No answer? Send the same again: it is the same purchase.</span></li>
<li><b>결과</b> — <code>unknown</code>이면 은행이 아직 답하지 않은 거예요. 기다리면 웹훅이 와요.
<br><span lang="en">Unknown means that the bank has not answered; a webhook follows.</span></li>
</ol>
<h2 id="webhooks">웹훅 · Webhooks</h2>
<p><a href="https://www.standardwebhooks.com/" rel="noreferrer">Standard Webhooks</a>: <code>webhook-id</code>, <code>webhook-timestamp</code>,
<code>webhook-signature</code> (<code>v1,</code> + base64(HMAC-SHA256(<i>id</i>.<i>timestamp</i>.<i>body</i>))).
<code>purchase.posted</code>, <code>purchase.voided</code>, <code>purchase.refunded</code>, <code>test</code>. 5초 안에 2xx로 답해 주세요. 아니면 사흘 동안
점점 뜸하게 다시 보내요. 같은 알림이 두 번 올 수 있고, 순서는 바뀔 수 있어요.
<br><span lang="en">Answer 2xx within five seconds, else it is tried for three days, less and less often. A message may come twice and out of order.</span></p>
"#;

/// Codes that partners meet, with the status: what `type` of a problem points at.
pub const CODES: &[(&str, u16, &str, &str)] = &[
    ("key_missing", 401, "키가 없어요", "No key"),
    ("key_unknown", 401, "모르는 키예요", "Unknown key"),
    ("key_expired", 401, "기한이 지난 키예요", "Expired key"),
    ("key_revoked", 401, "폐기된 키예요", "Revoked key"),
    ("scope_missing", 403, "이 키에 없는 권한이에요", "The key lacks the scope"),
    ("too_often", 429, "요청이 잦아요. Retry-After 뒤에 다시 보내세요", "Too many requests"),
    ("bad_body", 400, "본문이 이 요청의 JSON이 아니에요", "Not the JSON of this request"),
    ("bad_id", 400, "구매 번호는 UUID v7이에요", "Ids are UUIDs of version 7"),
    ("not_found", 404, "없거나 이 파트너의 것이 아니에요", "Not there, or not this partner's"),
    ("no_such_person", 404, "이 파트너가 소개한 사람이 아니에요", "Not introduced by this partner"),
    ("no_such_window", 404, "없는 판매 시간이에요", "No such window"),
    ("no_room", 404, "줄을 서지 않는 판매 시간이에요", "A window without a line"),
    ("not_your_turn", 409, "아직 차례가 아니에요", "Not their turn yet"),
    ("needs_pass", 409, "입장권이 필요하거나 지난 입장권이에요", "A pass is needed, or it is over"),
    ("pass_used", 409, "이미 쓴 입장권이에요", "The pass was used"),
    ("not_in_units", 409, "금액이 단위에 맞지 않아요", "Not a multiple of the unit"),
    ("not_your_window", 409, "출생 연도가 맞지 않는 시간이에요", "Not for this birth year"),
    ("not_yet_open", 409, "아직 열리지 않았어요", "Not open yet"),
    ("window_closed", 409, "끝난 판매예요", "Closed"),
    ("month_limit", 409, "모든 앱을 합친 이번 달 한도를 넘어요", "Over the month's limit of all channels"),
    ("holding_cap", 409, "모든 앱을 합친 보유 한도를 넘어요", "Over what may be held"),
    ("only_left", 409, "남은 금액보다 많아요", "More than is left"),
    (
        "all_reserved",
        409,
        "남은 금액을 다른 사람들이 결제하고 있어요. 다시 나올 수 있어요",
        "All that is left is reserved; some may come back",
    ),
    ("sold_out", 409, "모두 팔렸어요", "Sold out"),
    ("channel_cap", 409, "이 앱의 몫이 모두 나갔어요", "This channel's share is sold"),
    ("id_reused", 422, "다른 내용으로 이미 쓴 번호예요", "The id was used with another body"),
    ("idempotency_key_differs", 422, "Idempotency-Key가 구매 번호와 달라요", "The header is not the purchase's id"),
    ("bank_insufficient_funds", 402, "파트너 계좌의 잔액이 모자라요", "The partner's account lacks funds"),
    ("bank_account_closed", 402, "파트너 계좌가 닫혔어요", "The partner's account is closed"),
    ("bank_limit", 402, "파트너 계좌의 출금 한도를 넘어요", "Over the account's limit at the bank"),
    ("bank_not_reached", 402, "은행에 닿지 못해 취소했어요", "The bank was not reached; given up"),
    ("bank_other", 402, "은행이 거절했어요", "Refused by the bank"),
    ("identity_failed", 422, "본인 확인이 되지 않았어요", "The identity was not confirmed"),
    ("name", 422, "이름을 확인해 주세요", "Not a name"),
    ("birth_date", 422, "생년월일을 확인해 주세요", "Not a birth date"),
    ("phone", 422, "휴대폰 번호를 확인해 주세요", "Not a mobile number"),
    ("amount", 422, "금액을 확인해 주세요", "Not an amount"),
    ("too_young", 422, "가입할 수 있는 나이가 아니에요", "Too young"),
    ("too_many", 429, "같은 번호로 본인 확인을 너무 많이 했어요", "Too many verifications of one phone"),
    ("suspended", 503, "판매 중에는 새 본인 확인을 쉬어요", "No introductions while a sale is on"),
    ("outside_down", 503, "밖의 서비스가 답하지 않아요", "A service outside does not answer"),
    ("busy", 503, "지금 몰렸어요. 아무 일도 하지 않았으니 다시 보내세요", "Busy; nothing was done, send it again"),
    ("overloaded", 503, "지금 몰려서 덜 급한 요청을 쉬어요. Retry-After 뒤에 다시 보내세요", "Too much at once: again after Retry-After"),
    ("method_not_allowed", 405, "다른 메서드로 부르는 주소예요", "Another method is needed"),
    ("cross_site", 403, "다른 사이트의 페이지에서 보낸 요청이에요", "Sent by a page of another site"),
    ("too_large", 413, "본문이 너무 커요", "The body is too large"),
    ("incident", 500, "저희 잘못이에요. 번호를 알려 주시면 찾아볼게요", "Ours to mend; the number names it in our log"),
    ("no_endpoint", 409, "웹훅 주소가 없어요", "No endpoint is set"),
];

const STYLE: &str = "body{font:1rem/1.6 Pretendard,system-ui,sans-serif;margin:0 auto;max-width:52rem;padding:1rem;color:#1b1d21;background:#fff}\
    code{font-size:.9em;background:#f1f3f6;border-radius:.25rem;padding:.1em .3em;overflow-wrap:anywhere}\
    table{border-collapse:collapse;width:100%}\
    th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #dfe3e8}\
    section{border:1px solid #dfe3e8;border-radius:.75rem;padding:.25rem 1rem 1rem;margin:1rem 0}h3 code{background:none;padding:0}\
    a{color:#0b5cad}[lang=en]{color:#4a5058}:target{outline:3px solid #0b5cad}\
    @media(max-width:40rem){thead{display:none}tr{display:block;padding:.5rem 0;border-bottom:1px solid #dfe3e8}\
    th,td{display:inline;border:0;padding:0 .5rem 0 0;overflow-wrap:anywhere}}\
    @media(prefers-color-scheme:dark){body{color:#e8eaed;background:#15171b}code{background:#262a30}th,td,section{border-color:#3a4048}\
    a{color:#7db8f5}[lang=en]{color:#b4bac2}}";

/// The page, with a place for the nonce.
pub fn page(document: &OpenApi) -> String {
    let api = serde_json::to_value(document).unwrap_or_default();
    let mut html = format!(
        "<!DOCTYPE html><html lang=\"ko\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Pay+ 파트너 API</title><style nonce=\"{NONCE}\">{STYLE}</style></head><body><main>\
         <h1>Pay+ 파트너 API</h1><p>{}</p><p><a href=\"{}/openapi.json\">OpenAPI 문서 (JSON)</a></p>{GUIDE}<h2 id=\"requests\">요청 · Requests</h2>",
        escaped(INTRODUCTION),
        super::BASE
    );
    for (path, methods) in object(&api["paths"]) {
        for (method, operation) in object(methods) {
            request(&mut html, path, method, operation);
        }
    }
    html.push_str("<h2 id=\"schemas\">형식 · Schemas</h2>");
    for (name, schema) in object(&api["components"]["schemas"]) {
        shape(&mut html, name, schema);
    }
    html.push_str("<h2 id=\"problems\">거절의 코드 · Codes of problems</h2><table><thead><tr><th>code</th><th>status</th><th>뜻</th><th lang=\"en\">meaning</th></tr></thead><tbody>");
    for (code, status, ko, en) in CODES {
        // Writing to a string can't fail.
        let _ = write!(
            html,
            "<tr id=\"{code}\"><th scope=\"row\"><code>{code}</code></th><td>{status}</td><td>{ko}</td><td lang=\"en\">{en}</td></tr>"
        );
    }
    html.push_str("</tbody></table></main></body></html>");
    html
}

pub fn answer(page: &str) -> Response {
    let nonce = hex::encode(rand::random::<[u8; 16]>());
    let policy = headers::policy(Some(&nonce), None);
    let html = page.replacen(NONCE, &nonce, 1);
    (
        [(header::CONTENT_TYPE, "text/html; charset=utf-8".parse().unwrap_or(policy.clone())), (header::CONTENT_SECURITY_POLICY, policy)],
        html,
    )
        .into_response()
}

fn request(html: &mut String, path: &str, method: &str, operation: &Value) {
    let (summary, description) = (text(&operation["summary"]), text(&operation["description"]));
    let method = method.to_uppercase();
    let _ = write!(html, "<section><h3>{summary} <code>{method} {}</code></h3><p lang=\"en\">{description}</p><ul>", escaped(path));
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let _ = write!(html, "<li><code>{}</code> ({})</li>", text(&parameter["name"]), text(&parameter["in"]));
    }
    if let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") {
        let _ = write!(html, "<li>본문 · body: {}</li>", kind_of(schema));
    }
    for (status, answer) in object(&operation["responses"]) {
        let schema = answer["content"].as_object().and_then(|content| content.values().next()).map(|content| kind_of(&content["schema"]));
        let _ = write!(html, "<li><code>{status}</code> {}</li>", schema.unwrap_or_default());
    }
    html.push_str("</ul></section>");
}

fn shape(html: &mut String, name: &str, schema: &Value) {
    let _ = write!(html, "<section id=\"{name}\"><h3>{name}</h3><p lang=\"en\">{}</p><table><tbody>", text(&schema["description"]));
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (field, of) in object(&schema["properties"]) {
        let optional = if required.contains(&field.as_str()) { "" } else { "?" };
        let _ = write!(
            html,
            "<tr><th scope=\"row\"><code>{field}{optional}</code></th><td>{}</td><td lang=\"en\">{}</td></tr>",
            kind_of(of),
            text(&of["description"])
        );
    }
    html.push_str("</tbody></table></section>");
}

/// Of a schema: the name of another one as a link, or its type.
fn kind_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"#{name}\">{name}</a>");
    }
    if schema["type"] == "array" {
        return format!("{}[]", kind_of(&schema["items"]));
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(kinds) = schema[several].as_array() {
            return kinds.iter().map(kind_of).collect::<Vec<_>>().join(" | ");
        }
    }
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().map(text).collect::<Vec<_>>().join(" | "),
        one => text(one),
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    escaped(value.as_str().unwrap_or_default())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partner::Problem;
    use app::Error;
    use app::error::Input;
    use domain::buying::BankReason;
    use domain::sale::Who;
    use domain::{Refused, Timestamp, Won};

    /// What a purchase or an introduction can meet. `Refused` has no list of all; a new one that buying knows belongs here too.
    fn problems() -> Vec<Problem> {
        let (won, at) = (Won::of(1), Timestamp::UNIX_EPOCH);
        let refused = [
            Refused::NotInUnits { unit: won },
            Refused::NotYourWindow { who: Who::Anyone },
            Refused::NotYetOpen { opens_at: at },
            Refused::WindowClosed { closed_at: at },
            Refused::MonthLimit { left: won, limit: won },
            Refused::HoldingCap { left: won, cap: won },
            Refused::SoldOut { total: won },
            Refused::OnlyLeft { left: won },
            Refused::AllReserved { held: won },
            Refused::ChannelCap { left: won, most: won },
            Refused::NoSuchWindow,
            Refused::NeedsPass,
            Refused::PassUsed,
            Refused::IdReused,
            Refused::Busy,
        ];
        let errors = [
            Error::NotFound,
            Error::IdentityFailed,
            Error::OutsideDown,
            Error::TooLarge,
            Error::TooMany { until: at },
            Error::Suspended { until: at },
            Error::Incident(String::new()),
            Input::TooYoung.into(),
            Input::Name.into(),
            Input::BirthDate.into(),
        ];
        let bank = BankReason::ALL.map(|reason| Problem::bank(reason, Value::Null));
        refused.into_iter().map(Problem::from).chain(errors.into_iter().map(Problem::from)).chain(bank).collect()
    }

    #[test]
    fn every_code_is_explained_once_with_its_status() {
        for problem in problems() {
            let explained: Vec<u16> = CODES.iter().filter(|(code, ..)| *code == problem.code()).map(|(_, status, ..)| *status).collect();
            assert_eq!(explained, [problem.status()], "{}", problem.code());
        }
        let page = page(&crate::partner::document());
        assert!(CODES.iter().all(|(code, ..)| page.contains(&format!("id=\"{code}\""))));
    }
}
