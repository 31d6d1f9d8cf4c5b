//! A table of the console and of a shop's books.

use leptos::prelude::*;

/// Heading of a column.
#[derive(Clone, Copy, Debug)]
pub enum Column {
    Text(&'static str),
    /// Of figures, which stand under each other's last digit: its cells have the class `figure`.
    Figure(&'static str),
}

/// On a phone each row is a card of labelled figures: every `td` says its column in `data-label`. Wider than the screen, it can be moved by
/// finger and keys.
#[component]
pub fn DataTable(
    /// What it is, for whoever hears the page.
    #[prop(into)]
    label: String,
    #[prop(optional, into)] caption: Option<String>,
    columns: Vec<Column>,
    #[prop(optional)] class: &'static str,
    /// The rows.
    children: Children,
) -> impl IntoView {
    let heading = |column| match column {
        Column::Text(name) => view! { <th scope="col">{name}</th> }.into_any(),
        Column::Figure(name) => view! { <th scope="col" class="figure">{name}</th> }.into_any(),
    };
    let columns = columns.into_iter().map(heading).collect_view();
    let class = format!("data-table {class}");
    view! {
        <div class="data-table-box" role="region" tabindex="0" aria-label=label>
            <table class=class.trim_end().to_owned()>
                {caption.map(|caption| view! { <caption>{caption}</caption> })}
                <thead>
                    <tr>{columns}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
