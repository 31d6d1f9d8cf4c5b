//! The bottom sheet: a native `<dialog>`, so that focus, Escape and the inert page behind it are the browser's work. A
//! page rendered with `open` shows it without JavaScript too, at its place in the flow.

use super::icon::{Glyph, Icon};
use crate::words::words;
use leptos::ev::MouseEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::{Event, EventTarget};

/// A sheet that slides up; a card in the middle on wide screens.
#[component]
pub fn BottomSheet(
    open: RwSignal<bool>,
    /// Unique on the page.
    #[prop(default = "sheet")]
    id: &'static str,
    #[prop(into)] title: Signal<String>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    let starts_open = open.get_untracked();
    Effect::new(move |_| {
        let wanted = open.get();
        let Some(dialog) = dialog.get() else { return };
        let is_modal = dialog.matches(":modal").unwrap_or(false);
        if wanted && !is_modal {
            // Rendered open it is not modal yet; a browser without modals keeps it open as it is.
            dialog.close();
            if dialog.show_modal().is_err() {
                dialog.set_open(true);
            }
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog
            node_ref=dialog
            class="sheet"
            id=id
            open=starts_open
            aria-labelledby=labelled_by
            on:cancel=move |event: Event| {
                event.prevent_default();
                open.set(false);
            }
            on:click=move |event: MouseEvent| {
                // On the backdrop the event's target is the dialog itself.
                let on_backdrop = dialog.get_untracked().is_some_and(|dialog| {
                    event.target().is_some_and(|target| target == *AsRef::<EventTarget>::as_ref(&dialog))
                });
                if on_backdrop {
                    open.set(false);
                }
            }
        >
            <div class="sheet-body">
                <div class="sheet-head">
                    <h2 class="sheet-title" id=title_id tabindex="-1" autofocus>{move || title.get()}</h2>
                    <button type="button" class="icon-button with-js" aria-label=words().common.close on:click=move |_| open.set(false)>
                        <Icon glyph=Glyph::Close />
                    </button>
                </div>
                {children()}
            </div>
        </dialog>
    }
    .into_any()
}
