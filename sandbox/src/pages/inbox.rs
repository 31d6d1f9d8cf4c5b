//! `GET /inbox?to=01012345678`: the phone that receives the messages. Looks again every three seconds.

use axum::extract::{Query, State};
use axum::response::Response;

use super::{clock, escaped, page};
use crate::Sandbox;
use crate::sms::{Message, Whose};

pub(super) async fn show(State(sandbox): State<Sandbox>, Query(Whose { to }): Query<Whose>) -> Response {
    // An empty field in the form on the index page means everyone.
    let to = to.as_deref().map(str::trim).filter(|to| !to.is_empty());
    let messages = sandbox.messages(to);
    let whose = match to {
        Some(to) => format!("<p>{} 번호로 온 문자예요. <a href=\"/inbox\">모든 번호 보기</a></p>", escaped(to)),
        None => "<p>모든 번호로 온 문자예요. 번호를 누르면 그 번호만 보여요.</p>".to_owned(),
    };
    let list = if messages.is_empty() {
        "<div class=\"card\">아직 온 문자가 없어요. 오면 여기에 바로 나타나요. <span lang=\"en\">No messages yet.</span></div>".to_owned()
    } else {
        messages.iter().map(card).collect()
    };
    let main = format!("{whose}{list}<p class=\"soft\">3초마다 새로 고쳐요. 가장 새 문자가 맨 위에 있어요.</p>");
    page("문자함", "<meta http-equiv=\"refresh\" content=\"3\">", &main)
}

fn card(Message { to, text, at, .. }: &Message) -> String {
    let to = escaped(to);
    format!(
        "<article class=\"card\"><header><a href=\"/inbox?to={to}\">{to}</a>{}</header><p>{}</p></article>",
        clock(*at),
        with_codes_marked(text)
    )
}

/// Escapes the text and makes each run of exactly six digits, a verification code, easy to read.
fn with_codes_marked(text: &str) -> String {
    let mut marked = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (run, after) =
            if digits > 0 { rest.split_at(digits) } else { rest.split_at(rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len())) };
        match digits {
            6 => marked.push_str(&format!("<strong class=\"code\">{run}</strong>")),
            _ => marked.push_str(&escaped(run)),
        }
        rest = after;
    }
    marked
}
