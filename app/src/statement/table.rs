//! The twelve months as a table, and their sum.

use crate::pieces::{Column, DataTable};
use crate::words::{self, money, signed_money, words};
use Column::{Figure, Text};
use domain::statement::{Use, YearOfUse};
use leptos::prelude::*;

#[component]
pub(super) fn Months(of: YearOfUse) -> impl IntoView {
    let t = &words().statement;
    let columns = vec![
        Text(t.column_month),
        Figure(t.column_paid),
        Figure(t.column_cancelled),
        Figure(t.column_used),
        Figure(t.column_bought),
        Figure(t.column_saved),
    ];
    let months = of.months().map(|(month, used)| row(t.month(&(month.0 % 100).to_string()), used)).collect_view();
    let total = row(t.total.to_owned(), of.total());
    view! { <DataTable label=t.months columns class="year-table">{months} {total}</DataTable> }
}

/// Of a month without anything it says so, in one cell.
fn row(name: String, used: &Use) -> AnyView {
    let (lang, t) = (words::lang(), &words().statement);
    if used.is_nothing() {
        return view! {
            <tr class="is-quiet">
                <th scope="row">{name}</th>
                <td class="figure" colspan="5">{t.quiet}</td>
            </tr>
        }
        .into_any();
    }
    let cancelled = used.cancelled.get();
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="figure" data-label=t.column_paid>{money(lang, used.paid)}</td>
            <td class="figure" data-label=t.column_cancelled>{signed_money(lang, -cancelled)}</td>
            <td class="figure year-sum" data-label=t.column_used>{signed_money(lang, used.used_won())}</td>
            <td class="figure" data-label=t.column_bought>{money(lang, used.bought)}</td>
            <td class="figure" data-label=t.column_saved>{money(lang, used.saved)}</td>
        </tr>
    }
    .into_any()
}
