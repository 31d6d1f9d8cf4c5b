//! `/merchant/new/:application/photo`: the shop's picture. Files need a form of their own kind, which every browser sends by itself;
//! the server (`server/src/photos`) makes a new picture of it and leads back here, or on.

use super::calls::Shown;
use super::{Step, StepFrame, photo_path};
use crate::pieces::{Button, ErrorNote, LinkButton, Look, device_now};
use crate::words::{lang, words};
use domain::application::ApplicationRefused;
use domain::merchant_number::MerchantNumber;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Of an uploaded file.
pub const PHOTO_MAX_MB: u32 = 8;

/// What the server found wrong with a file, as it says it in the address.
const SAID: [(&str, ApplicationRefused); 3] = [
    ("not-a-picture", ApplicationRefused::NotAPicture),
    ("too-large", ApplicationRefused::PictureTooLarge { most_mb: PHOTO_MAX_MB }),
    ("too-small", ApplicationRefused::PictureTooSmall),
];

/// The page, with what was wrong. `open`: of a shop that is open already.
pub fn photo_page(application: domain::ApplicationId, open: Option<MerchantNumber>, refused: &ApplicationRefused) -> String {
    let said = SAID.iter().find(|(_, known)| known == refused).map_or("not-a-picture", |(said, _)| *said);
    let page = open.map_or_else(|| Step::Photo.path(application), super::keeping::path);
    format!("{page}?said={said}")
}

/// The page that follows a picture that was taken.
pub fn after_photo(application: domain::ApplicationId, open: Option<MerchantNumber>, done: domain::application::Done) -> String {
    open.map_or_else(|| super::next_step(done).path(application), super::keeping::path)
}

#[component]
pub fn PhotoPage() -> impl IntoView {
    view! {
        <StepFrame step=Step::Photo title=words().joining.title_photo let:shown>
            <Form shown />
        </StepFrame>
    }
}

#[component]
fn Form(shown: Shown) -> impl IntoView {
    let t = &words().joining;
    let name = shown.about.as_ref().map(|about| about.name.clone()).unwrap_or_default();
    let there = shown.photo.map(|photo| {
        let next = super::next_step(shown.done()).path(shown.id);
        view! {
            <figure class="shop-photo">
                <img src=photo_path(photo) alt=t.photo_alt(&name) />
                <figcaption class="small">{t.photo_there}</figcaption>
            </figure>
            <LinkButton href=next look=Look::Soft>{t.go_on}</LinkButton>
        }
    });
    view! {
        <p class="lead">{t.lead_photo}</p>
        {there}
        <PhotoForm application=shown.id />
    }
    .into_any()
}

/// The file, and what was wrong with the one before.
#[component]
pub(super) fn PhotoForm(application: domain::ApplicationId) -> impl IntoView {
    let (lang, t) = (lang(), &words().joining);
    let said = use_query_map().with_untracked(|query| query.get("said"));
    let refused = said.and_then(|said| SAID.into_iter().find(|(known, _)| *known == said)).map(|(_, refused)| refused);
    let refused = refused.map(|refused| crate::Error::from(refused).say(lang, device_now()));
    view! {
        {refused.map(|message| view! { <ErrorNote message /> })}
        <form class="step-form" method="post" action=format!("/photos/{application}") enctype="multipart/form-data">
            <div class="field">
                <label class="field-label" for="photo">{t.photo_label}</label>
                <input class="field-input" id="photo" type="file" name="photo" accept="image/jpeg,image/png,image/webp" required=true aria-describedby="photo-hint" />
                <p class="field-hint" id="photo-hint">{t.photo_hint}</p>
            </div>
            <div class="actions">
                <Button>{t.photo_button}</Button>
            </div>
        </form>
    }
    .into_any()
}
