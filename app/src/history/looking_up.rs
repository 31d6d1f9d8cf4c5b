//! The form above the history: one field for a shop's name or an amount, what happened as chips, and the month. It holds what was asked
//! for, and so does the address.

use crate::finding::send;
use crate::pieces::{Button, EmptyState, Glyph, LinkButton, Look};
use crate::words::{self, Lang, words};
use domain::Timestamp;
use domain::calendar::Month;
use domain::finding::TEXT_CHARS_MAX;
use domain::history::{Typed, What};
use leptos::prelude::*;
use leptos_router::components::Form;
use leptos_router::params::ParamsMap;

/// Months to choose from: six years. What is older is reached page by page.
const MONTHS_MOST: usize = 72;

/// The address of what is asked for, from the page on that begins before this mark.
pub(super) fn link(asked: &Typed, before: Option<&str>) -> String {
    let mut query = ParamsMap::new();
    let fields = [("q", asked.q.trim()), ("what", &asked.what), ("month", &asked.month), ("before", before.unwrap_or_default())];
    for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
        query.insert(name, value.to_owned());
    }
    format!("/history{}", query.to_query_string())
}

/// What is asked for, in words: "“커피”, 결제, 2026년 7월".
pub(super) fn said(lang: Lang, asked: &Typed) -> String {
    let q = Some(asked.q.trim()).filter(|q| !q.is_empty()).map(|q| format!("“{q}”"));
    let what = What::parse(&asked.what).map(|what| name(lang, what).to_owned());
    let month = Month::parse(&asked.month).map(|month| words::month(lang, month));
    [q, what, month].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn name(lang: Lang, what: What) -> &'static str {
    let t = &lang.words().lookup;
    match what {
        What::Bought => t.bought,
        What::Paid => t.paid,
        What::Refunded => t.refunded,
        What::Gift => t.gifts,
    }
}

/// From this month back to the first with anything in it, and the one that is asked for.
fn months(asked: &Typed, since: Option<Month>, now: Timestamp) -> Vec<Month> {
    let this = Month::of(now);
    let back = std::iter::successors(Some(this), |month| Some(month.before()));
    let mut months: Vec<Month> = back.take_while(|month| since.is_some_and(|since| *month >= since)).take(MONTHS_MOST).collect();
    months.extend(Month::parse(&asked.month).filter(|asked| !months.contains(asked)));
    months
}

#[component]
pub(super) fn LookUp(asked: Typed, since: Option<Month>, now: Timestamp) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().lookup);
    let chip = |what: Option<What>, label: &'static str| {
        let value = what.map_or("", What::as_str);
        let href = link(&Typed { what: value.to_owned(), ..asked.clone() }, None);
        let current = (asked.what == value).then_some("true");
        view! { <li><a class="chip" href=href aria-current=current>{label}</a></li> }
    };
    let chips = std::iter::once(chip(None, t.any)).chain(What::ALL.map(|what| chip(Some(what), name(lang, what)))).collect_view();
    let option = |month: Month| {
        let value = month.to_string();
        let is_chosen = value == asked.month;
        view! { <option value=value selected=is_chosen>{words::month(lang, month)}</option> }
    };
    let options = months(&asked, since, now).into_iter().map(option).collect_view();
    let what = (!asked.what.is_empty()).then(|| view! { <input type="hidden" name="what" value=asked.what.clone() /> });
    view! {
        <Form method="GET" action="/history" attr:class="lookup" attr:role="search">
            <div class="lookup-line">
                <label class="for-ears" for="q">{t.label}</label>
                <input
                    class="field-input"
                    id="q"
                    name="q"
                    type="search"
                    enterkeyhint="search"
                    autocomplete="off"
                    maxlength=TEXT_CHARS_MAX.to_string()
                    placeholder=t.hint
                    value=asked.q.clone()
                    prop:value=asked.q.clone()
                />
                <Button look=Look::Soft>{t.button}</Button>
            </div>
            {what}
            <div class="lookup-choices">
                <ul class="quiet-chips" aria-label=t.whats>{chips}</ul>
                <select class="field-input lookup-month" name="month" aria-label=t.month prop:value=asked.month.clone() on:change=send>
                    <option value="">{t.any_month}</option>
                    {options}
                </select>
            </div>
        </Form>
    }
    .into_any()
}

/// Nothing on this page: says what was looked for, and goes on where there is more to look through.
#[component]
pub(super) fn NothingFound(asked: Typed, earlier: Option<String>) -> impl IntoView {
    let (t, asked_words) = (&words().lookup, said(words::lang(), &asked));
    match earlier {
        Some(mark) => view! {
            <p class="lead" role="status">{t.looked_part(&asked_words)}</p>
            <LinkButton href=link(&asked, Some(&mark)) look=Look::Line>{t.go_on}</LinkButton>
        }
        .into_any(),
        None => {
            let lead = t.none(&asked_words);
            view! { <EmptyState glyph=Glyph::History title=t.none_title lead href="/history" action=t.clear /> }.into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(q: &str, what: &str, month: &str) -> Typed {
        Typed { q: q.to_owned(), what: what.to_owned(), month: month.to_owned() }
    }

    #[test]
    fn an_address_holds_what_was_asked() {
        assert_eq!(link(&Typed::default(), None), "/history");
        assert_eq!(link(&typed(" a&b ", "paid", "2026-07"), Some("5-00")), "/history?q=a%26b&what=paid&month=2026%2D07&before=5%2D00");
    }

    #[test]
    fn what_was_asked_is_said() {
        assert_eq!(said(Lang::Ko, &typed("커피 ", "paid", "2026-07")), "“커피”, 결제, 2026년 7월");
        assert_eq!(said(Lang::En, &typed("", "refunded", "")), "Refunded");
    }

    #[test]
    fn months_go_back_to_the_first() {
        let now = "2026-02-10T00:00:00Z".parse().expect("a timestamp");
        let of = |month: &str, since: i32| {
            let months = months(&typed("", "", month), Some(Month(since)), now);
            months.into_iter().map(|month| month.0).collect::<Vec<_>>()
        };
        assert_eq!(of("", 202_512), [202_602, 202_601, 202_512]);
        assert_eq!(of("2025-11", 202_602), [202_602, 202_511], "the one that is asked for can be seen");
        assert_eq!(of("", 201_001).len(), MONTHS_MOST);
        assert!(months(&Typed::default(), None, now).is_empty());
    }
}
