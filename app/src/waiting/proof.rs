//! The draw, counted again on this phone (Waiting room, point 2). Needs the wasm: a page that only shows what the server says proves nothing.

use super::calls::Evidence;
use crate::words::words;
use domain::WindowId;
use leptos::prelude::*;

/// What counting again gave.
// Nothing is counted on the server.
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
#[derive(Clone, PartialEq)]
enum Counted {
    NotYet,
    Counting,
    Right(Evidence),
    Wrong,
}

#[component]
pub(super) fn Proof(window: WindowId, place: u32) -> impl IntoView {
    let t = &words().wait;
    let counted = RwSignal::new(Counted::NotYet);
    let count = move |_| {
        counted.set(Counted::Counting);
        #[cfg(feature = "hydrate")]
        leptos::task::spawn_local(async move {
            let outcome = again(window, place).await;
            counted.try_set(outcome);
        });
        #[cfg(not(feature = "hydrate"))]
        let _ = window;
    };
    let says = move || match counted.get() {
        Counted::NotYet => String::new(),
        Counted::Counting => t.proof_counting.to_owned(),
        Counted::Right(_) => t.proof_right(&place.to_string()),
        Counted::Wrong => t.proof_wrong.to_owned(),
    };
    let evidence = move || match counted.get() {
        Counted::Right(evidence) => Some(view! {
            <p class="waiting-hex"><span>{t.proof_commitment}</span> <code>{evidence.commitment.to_string()}</code></p>
            <p class="waiting-hex"><span>{t.proof_seed}</span> <code>{evidence.seed}</code></p>
        }),
        _ => None,
    };
    view! {
        <details class="waiting-proof with-js">
            <summary>{t.proof_title}</summary>
            <p class="waiting-note">{t.proof_lead}</p>
            <button type="button" class="button button-line" disabled=move || counted.get() == Counted::Counting on:click=count>{t.proof_button}</button>
            <p class="waiting-counted" role="status">{says}</p>
            {evidence}
        </details>
    }
}

#[cfg(feature = "hydrate")]
async fn again(window: WindowId, place: u32) -> Counted {
    let list = async {
        let response = gloo_net::http::Request::get(&format!("/room/{window}/draw")).send().await.ok()?;
        if response.ok() { response.binary().await.ok() } else { None }
    };
    match (super::calls::room_evidence(window.to_string()).await, list.await) {
        (Ok(evidence), Some(list)) if super::calls::counted(&evidence, &list).is_some_and(|counted| counted.get() == place) => {
            Counted::Right(evidence)
        }
        _ => Counted::Wrong,
    }
}
