//! `GET /transactions`: what the bank moved, newest first, with its totals.

use axum::extract::State;
use axum::response::Response;

use super::{clock, escaped, page, won};
use crate::Sandbox;
use crate::ledger::{Kind, Transaction};

/// Rows shown; the rest is in `GET /bank/v1/transactions`.
const ROWS_MAX: u64 = 200;

pub(super) async fn show(State(sandbox): State<Sandbox>) -> Response {
    let balance = sandbox.balance();
    let mut newest = sandbox.transactions(balance.last_seq.saturating_sub(ROWS_MAX));
    newest.reverse();
    let totals = format!(
        "<div class=\"scroll\"><table><thead><tr><th>합계</th><th class=\"num\">건수</th><th class=\"num\">금액</th></tr></thead><tbody>\
         <tr><td>출금 (시민 → 도시)</td><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>\
         <tr><td>입금 (되돌려 준 돈, 계좌 확인용 1원)</td><td class=\"num\">{}</td><td class=\"num\">{}</td></tr>\
         <tr><th>차액</th><td></td><td class=\"num\">{}</td></tr></tbody></table></div>",
        balance.debits,
        won(balance.debited_won),
        balance.credits,
        won(balance.credited_won),
        won(balance.net_won)
    );
    let list = if newest.is_empty() {
        "<div class=\"card\">아직 움직인 돈이 없어요. <span lang=\"en\">No money has moved yet.</span></div>".to_owned()
    } else {
        let rows: String = newest.iter().map(row).collect();
        format!(
            "<div class=\"scroll\"><table><thead><tr><th class=\"num\">번호</th><th>종류</th><th class=\"num\">금액</th><th>메모, 계좌, id</th>\
             <th>시각</th></tr></thead><tbody>{rows}</tbody></table></div>"
        )
    };
    let main = format!("{totals}<h2>거래</h2>{list}<p class=\"soft\">가장 새로운 {ROWS_MAX}건까지 보여요.</p>");
    page("은행 거래", "", &main)
}

fn row(transaction: &Transaction) -> String {
    let Transaction { seq, kind, id, amount_won, account, memo, at } = transaction;
    let kind = match kind {
        Kind::Debit => "출금",
        Kind::Credit => "입금",
    };
    format!(
        "<tr><td class=\"num\">{seq}</td><td class=\"kind\">{kind}</td><td class=\"num\">{}</td><td>{}<br><code>{}</code><br><code>{id}</code></td><td>{}</td></tr>",
        won(*amount_won),
        escaped(memo),
        escaped(account),
        clock(*at)
    )
}
