//! `/merchant/new`: the business number; and what was begun before.

use super::calls::{Begin, Begun, load_begun};
use crate::error::Input;
use crate::pieces::{Banner, Button, ErrorNote, Field, Glyph, Heading, LinkRow, Page, Section, device_now};
use crate::visitor::{Loaded, failed};
use crate::words::{self, lang, moment, words};
use domain::application::Stage;
use leptos::prelude::*;

#[component]
pub fn BeginPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_begun());
    view! {
        <Page title=words().joining.title_number heading=Heading::Large back="/merchant">
            <Loaded data let:begun>
                <Number begun />
            </Loaded>
        </Page>
    }
}

#[component]
fn Number(begun: Begun) -> impl IntoView {
    let (lang, t) = (lang(), &words().joining);
    let action = ServerAction::<Begin>::new();
    let problem = failed(action);
    let is_of_number = |error: &crate::Error| matches!(error, crate::Error::Input(Input::BusinessNumber(_)) | crate::Error::Application(_));
    let of_number = Signal::derive(move || problem.get().filter(is_of_number).map(|error| error.say(lang, device_now())));
    let other = move || problem.get().filter(|error| !is_of_number(error)).map(|error| error.say(lang, device_now()));
    let row = |(id, name, stage, shop): (_, String, Stage, Option<String>)| {
        let href = match shop {
            Some(shop) => format!("/merchant/{shop}/application"),
            None => format!("/merchant/new/{id}/check"),
        };
        view! { <li><LinkRow glyph=Glyph::Shop title=name note=t.resume_note(words::stage(lang, stage)) href /></li> }
    };
    let rows = begun.open.into_iter().map(row).collect_view();
    let has_open = !rows.is_empty();
    view! {
        {begun.closed_until.map(|until| view! { <Banner>{t.closed(&moment(lang, until, device_now()))}</Banner> })}
        <p class="lead">{t.lead_number}</p>
        <ActionForm action attr:class="step-form">
            <Field label=t.number_label name="business" inputmode="numeric" maxlength=16 placeholder="000-00-00000" hint=t.number_hint error=of_number />
            {move || other().map(|message| view! { <ErrorNote message /> })}
            <div class="actions">
                <Button busy=action.pending()>{t.number_button}</Button>
            </div>
        </ActionForm>
        {has_open.then(|| view! { <Section title=t.resume_title><ul class="rows">{rows}</ul></Section> })}
    }
    .into_any()
}
