//! `/statement?year=2026`: a year of somebody's use for the year-end tax return, month by month, to read, print and take along as a file
//! (`/statement/2026.csv`, which the server writes).

mod table;

use crate::Error;
use crate::pieces::{Button, EmptyState, Facts, Glyph, Look, Page, Section, Tab, print, stamp};
use crate::visitor::LoadedPage;
use crate::words::{self, date, signed_money, words};
use domain::Timestamp;
use domain::statement::{Year, YearOfUse};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use table::Months;

/// A year of whoever asks. Personal, so it does not debug.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct StatementView {
    /// Masked: papers lie about.
    pub name: String,
    pub of: YearOfUse,
    /// To choose from, the newest first.
    pub years: Vec<Year>,
    pub now: Timestamp,
}

/// What whoever asks used in a year ("2026"; empty: the year that a return is made for now). Not found: no year of ours.
#[server(prefix = "/api", endpoint = "statement/year")]
pub async fn year_statement(#[server(default)] year: String) -> Result<StatementView, Error> {
    use crate::web::{answer, now, services, signed_in};
    use domain::statement::masked_name;
    /// Years to choose from: the tax office takes corrections of the last five.
    const YEARS_MOST: usize = 6;
    answer(async {
        let (who, now, store) = (signed_in().await?, now(), services().store);
        let year = if year.is_empty() { Year::asked_for(now) } else { Year::parse(&year, now).ok_or(Error::NotFound)? };
        let member = store.member(who.person).await?.ok_or(Error::SignedOut)?;
        let first = store.first_use(who.person).await?.map_or(year, Year::of);
        let mut years = Year::up_to(first.min(year), now, YEARS_MOST);
        if !years.contains(&year) {
            years.push(year);
        }
        Ok(StatementView { name: masked_name(&member.name), of: store.year_of_use(who.person, year).await?, years, now })
    })
    .await
}

#[component]
pub fn YearPage() -> impl IntoView {
    let query = use_query_map();
    let data = Resource::new_blocking(move || query.with(|query| query.get("year")).unwrap_or_default(), year_statement);
    view! {
        <LoadedPage data let:view>
            <Page title=words().statement.title back="/history" tab=Tab::History>
                <Statement view />
            </Page>
        </LoadedPage>
    }
}

#[component]
fn Statement(view: StatementView) -> impl IntoView {
    let t = &words().statement;
    let StatementView { name, of, years, now } = view;
    let year = of.year.to_string();
    let chip = |other: &Year| {
        let (href, current) = (format!("/statement?year={other}"), (*other == of.year).then_some("true"));
        view! { <li><a class="chip" href=href aria-current=current>{t.year(&other.to_string())}</a></li> }
    };
    let years = view! { <ul class="quiet-chips no-print" aria-label=t.years>{years.iter().map(chip).collect_view()}</ul> };
    let title = view! { <h2 class="statement-title">{t.of_year(&year)}</h2> };
    if of.total().is_nothing() {
        return view! {
            <div class="year-statement">
                {years} {title}
                <EmptyState glyph=Glyph::Chart title=t.none_title(&year) lead=t.none href="/history" action=words().lookup.clear />
            </div>
        }
        .into_any();
    }
    let (used, counts) = figures(words::lang(), &of);
    let facts = facts(words::lang(), name, of.year, now);
    view! {
        <article class="statement year-statement">
            {years} {title}
            <div class="year-hero">
                <p class="year-label">{t.used}</p>
                <p class="year-used">{used}</p>
                <p class="year-counts">{counts}</p>
            </div>
            <Facts facts />
            <Section title=t.months><Months of /></Section>
            <div class="year-notes">
                <p>{t.how}</p>
                <p>{t.official}</p>
                <p>{t.markets}</p>
            </div>
            <div class="year-files no-print">
                <a class=Look::Line.class() href=format!("/statement/{year}.csv") rel="external">
                    <span class="button-label">{t.csv}</span>
                </a>
                <div class="with-js">
                    <Button look=Look::Line r#type="button" on_press=Callback::new(|_| print())>{t.print}</Button>
                </div>
            </div>
        </article>
    }
    .into_any()
}

/// What was used, and how many payments and cancels that is.
fn figures(lang: words::Lang, of: &YearOfUse) -> (String, String) {
    let total = of.total();
    let counts = lang.words().statement.counts(&total.paid_count.to_string(), &total.cancelled_count.to_string());
    (signed_money(lang, total.used_won()), counts)
}

/// Whose, of which days (a year that runs: up to today), made when.
fn facts(lang: words::Lang, name: String, year: Year, now: Timestamp) -> Vec<(String, String)> {
    let t = &lang.words().statement;
    let days = year.span().map(|span| {
        let last = Timestamp::from_millisecond(span.to().as_millisecond() - 1).unwrap_or(now).min(now);
        format!("{} – {}", date(lang, span.from()), date(lang, last))
    });
    vec![(t.name.to_owned(), name), (t.span.to_owned(), days.unwrap_or_default()), (t.made_at.to_owned(), stamp(lang, now))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;
    use domain::Won;
    use domain::calendar::Month;
    use domain::statement::Use;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn a_year_that_runs_goes_up_to_today_and_one_that_is_over_to_its_end() {
        let year = Year::of(at("2026-01-01T00:00:00+09:00"));
        let span = |now: &str| facts(Lang::Ko, String::new(), year, at(now)).remove(1).1;
        assert_eq!(span("2026-07-14T10:00:00+09:00"), "2026년 1월 1일 – 2026년 7월 14일");
        assert_eq!(span("2027-02-01T10:00:00+09:00"), "2026년 1월 1일 – 2026년 12월 31일");
    }

    #[test]
    fn more_cancelled_than_paid_is_below_zero() {
        let year = Year::of(at("2026-01-01T00:00:00+09:00"));
        let happened = [
            (Month(202_601), Use { paid_count: 1, paid: Won::of(1_000), ..Use::default() }),
            (Month(202_602), Use { cancelled_count: 2, cancelled: Won::of(31_000), ..Use::default() }),
        ];
        let of = YearOfUse::of(year, happened).expect("no more than there is");
        assert_eq!(figures(Lang::Ko, &of), ("−30,000원".to_owned(), "결제 1건, 취소 2건".to_owned()));
    }
}
