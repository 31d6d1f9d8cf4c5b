//! `/city/gifts`: signs of gifts that go round. Controllers and auditors look; nothing happens by itself.

use super::Operator;
use super::frame::{CityTab, Frame, Loaded};
use crate::Error;
use crate::pieces::Column::{Figure, Text};
use crate::pieces::{DataTable, EmptyState, Glyph, Section};
use crate::words::{kind_name, lang, moment, money, words};
use domain::gifting::Sign;
use domain::kind::Kind;
use domain::{Timestamp, Won};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CityGifts {
    pub who: Operator,
    /// The newest first.
    pub signs: Vec<SignLine>,
    pub now: Timestamp,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SignLine {
    pub sign: Sign,
    pub kind: Kind,
    /// `None`: several.
    pub from: Option<String>,
    pub to: String,
    pub amount: Won,
    pub gifts: i64,
    pub at: Timestamp,
}

/// For controllers and auditors.
#[server(prefix = "/api", endpoint = "city/gifts/get")]
pub async fn load_city_gifts() -> Result<CityGifts, Error> {
    use crate::web::{answer, now, operator, services};
    use domain::operator::Role;
    answer(async {
        let (who, now) = (operator().await?, now());
        if !who.roles().has(Role::Controller) && !who.roles().has(Role::Auditor) {
            return Err(Error::Forbidden);
        }
        let line = |sign: store::GiftSign| SignLine {
            sign: sign.sign,
            kind: sign.kind,
            from: sign.from,
            to: sign.to,
            amount: sign.amount,
            gifts: sign.gifts,
            at: sign.at,
        };
        let signs = services().store.gift_signs(now).await?.into_iter().map(line).collect();
        Ok(CityGifts { who: Operator::from(&who), signs, now })
    })
    .await
}

#[component]
pub fn CityGiftsPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_city_gifts());
    view! {
        <Loaded data let:loaded>
            <Frame title=words().gift.city_title tab=CityTab::Settlement who=loaded.who.clone()>
                <Signs loaded />
            </Frame>
        </Loaded>
    }
}

#[component]
fn Signs(loaded: CityGifts) -> impl IntoView {
    let (lang, t) = (lang(), &words().gift);
    let CityGifts { signs, now, .. } = loaded;
    let listed = if signs.is_empty() {
        view! { <EmptyState glyph=Glyph::Gift title=t.signs_none_title lead=t.signs_none /> }.into_any()
    } else {
        let row = |line: SignLine| {
            view! {
                <tr>
                    <th scope="row">{sign(line.sign)}</th>
                    <td data-label=t.sign_from>{line.from.unwrap_or_else(|| t.sign_several.to_owned())}</td>
                    <td data-label=t.sign_to>{line.to}</td>
                    <td data-label=t.sign_kind>{kind_name(lang, &line.kind).to_owned()}</td>
                    <td class="figure" data-label=t.sign_gifts>{line.gifts}</td>
                    <td class="figure" data-label=t.sign_amount>{money(lang, line.amount)}</td>
                    <td data-label=t.sign_at>{moment(lang, line.at, now)}</td>
                </tr>
            }
        };
        let rows = signs.into_iter().map(row).collect_view();
        let columns = vec![
            Text(t.sign),
            Text(t.sign_from),
            Text(t.sign_to),
            Text(t.sign_kind),
            Figure(t.sign_gifts),
            Figure(t.sign_amount),
            Text(t.sign_at),
        ];
        view! { <DataTable label=t.city_title columns>{rows}</DataTable> }.into_any()
    };
    view! {
        <p class="lead">{t.city_lead}</p>
        <Section title=t.signs_title>{listed}</Section>
    }
    .into_any()
}

fn sign(sign: Sign) -> &'static str {
    let t = &words().gift;
    match sign {
        Sign::Ring => t.sign_ring,
        Sign::PassedOn => t.sign_passed_on,
        Sign::ManyGivers => t.sign_many_givers,
        Sign::OwnShop => t.sign_own_shop,
    }
}
