//! `/city/log`: what operators did, newest first, and whether the chain of hashes holds. For auditors.

use super::Operator;
use super::frame::{CityTab, Frame, Loaded};
use crate::Error;
use crate::pieces::Column::{Figure, Text};
use crate::pieces::{Banner, DataTable, Tone};
use crate::words::{clock, date, lang, words};
use domain::Timestamp;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
const SHOWN: i64 = 50;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CityLog {
    pub who: Operator,
    pub lines: Vec<LogLine>,
    pub chain: Chain,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct LogLine {
    pub number: i64,
    pub at: Timestamp,
    /// `None`: the command line.
    pub operator: Option<String>,
    /// As stored: "plan released".
    pub action: String,
    pub subject: String,
    /// JSON.
    pub detail: String,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chain {
    Holds { entries: i64, head: String },
    Breaks { at: i64 },
}

/// Entries below a number, or the newest.
#[server(prefix = "/api", endpoint = "city/log")]
pub async fn load_log(#[server(default)] before: Option<i64>) -> Result<CityLog, Error> {
    use super::done;
    use crate::web::{answer, operator, services};
    answer(async {
        let who = operator().await?;
        let (entries, chain) = done(services().store.audit_log(&who, before, SHOWN).await?)?;
        let lines = entries.into_iter().map(|entry| LogLine {
            number: entry.number,
            at: entry.at,
            operator: entry.operator,
            action: entry.action,
            subject: entry.subject,
            detail: entry.detail,
        });
        let chain = match chain {
            store::Chain::Holds { entries, head } => Chain::Holds { entries, head },
            store::Chain::Breaks { at } => Chain::Breaks { at },
        };
        Ok(CityLog { who: Operator::from(&who), lines: lines.collect(), chain })
    })
    .await
}

#[component]
pub fn LogPage() -> impl IntoView {
    let query = use_query_map();
    let data = Resource::new_blocking(move || query.with(|query| query.get("before").and_then(|text| text.parse().ok())), load_log);
    view! {
        <Loaded data let:log>
            <Frame title=words().city.log_title tab=CityTab::Log who=log.who.clone()>
                <Log log />
            </Frame>
        </Loaded>
    }
}

#[component]
fn Log(log: CityLog) -> impl IntoView {
    let t = &words().city;
    let chain = match log.chain {
        Chain::Holds { entries, head } => view! {
            <Banner tone=Tone::Good>
                <p><b>{t.chain_holds(entries)}</b></p>
                <p class="city-head">{t.chain_head(&head)}</p>
                <p class="small">{t.chain_head_note}</p>
            </Banner>
        }
        .into_any(),
        Chain::Breaks { at } => view! { <Banner tone=Tone::Bad><b>{t.chain_breaks(at)}</b></Banner> }.into_any(),
    };
    let oldest = log.lines.last().map_or(0, |line| line.number);
    let older = (oldest > 1).then(|| {
        view! { <a class="button button-soft" href=format!("/city/log?before={oldest}")><span class="button-label">{t.older}</span></a> }
    });
    let rows = log.lines.into_iter().map(line_view).collect_view();
    let columns = vec![
        Figure(t.column_number),
        Text(t.column_when),
        Text(t.column_by),
        Text(t.column_action),
        Text(t.column_subject),
        Text(t.column_detail),
    ];
    view! {
        {chain}
        <DataTable label=t.log_title columns>{rows}</DataTable>
        <div class="actions-row">
            {older}
            <a class="button button-plain" href="/city/log"><span class="button-label">{t.newest}</span></a>
        </div>
    }
    .into_any()
}

fn line_view(line: LogLine) -> impl IntoView {
    let (lang, t) = (lang(), &words().city);
    let at = format!("{} {}", date(lang, line.at), clock(line.at));
    // The subject of a plan or a change leads to it.
    let page = |(what, id): (&str, &str)| match what {
        "plan" => Some(format!("/city/plans/{id}")),
        "change" => Some(format!("/city/kinds/changes/{id}")),
        _ => None,
    };
    let subject = match line.subject.split_once(' ').filter(|(_, id)| id.parse::<i64>().is_ok()).and_then(page) {
        Some(href) => view! { <a class="city-link" href=href>{line.subject.clone()}</a> }.into_any(),
        None => line.subject.clone().into_any(),
    };
    view! {
        <tr>
            <th scope="row" class="figure">{line.number}</th>
            <td data-label=t.column_when>{at}</td>
            <td data-label=t.column_by>{line.operator.unwrap_or_else(|| t.command_line.to_owned())}</td>
            <td data-label=t.column_action>{did(&line.action)}</td>
            <td data-label=t.column_subject>{subject}</td>
            <td>
                <details>
                    <summary>{t.column_detail}</summary>
                    <code class="city-detail">{line.detail}</code>
                </details>
            </td>
        </tr>
    }
}

/// An action of a later version is told as it is stored.
fn did(action: &str) -> String {
    let (t, k, p, s) = (&words().city, &words().kinds, &words().partners, &words().shops);
    let says = match action {
        "operator made" => t.did_made,
        "signed in" => t.did_in,
        "signed out" => t.did_out,
        "operator locked" => t.did_locked,
        "plan drafted" => t.did_drafted,
        "plan changed" => t.did_changed,
        "plan released" => t.did_released,
        "plan cancelled" => t.did_cancelled,
        "room steered" => t.did_steered,
        "kind change drafted" => k.did_drafted,
        "kind change rewritten" => k.did_rewritten,
        "kind change released" => k.did_released,
        "kind change cancelled" => k.did_cancelled,
        "partner made" => p.did_partner,
        "key made" => p.did_key,
        "key rotated" => p.did_rotated,
        "key revoked" => p.did_revoked,
        "endpoint set" => p.did_endpoint,
        "webhook secret rotated" => p.did_secret,
        "channel cap set" => p.did_cap,
        "shop approved" => s.did_approved,
        "shop sent back" => s.did_sent_back,
        "shop closed" => s.did_closed,
        "shop reopened" => s.did_reopened,
        "payout retried" => words().settling.did_retried,
        "revenue declared" => words().settling.did_declared,
        "lots extended" => words().expiry.did_extended,
        "lots waived" => words().expiry.did_waived,
        other => other,
    };
    says.to_owned()
}
