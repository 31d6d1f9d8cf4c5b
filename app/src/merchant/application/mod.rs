//! A shop signs up (`/merchant/new`): business number, what it is, a picture, an account, a last look. One question a page; what was
//! answered is kept, so whoever leaves comes back to where it was. Afterwards the shop's own page tells what the city said (`state`).

mod about;
mod account;
mod begin;
mod calls;
mod check;
mod keeping;
mod photo;
mod state;

pub use about::AboutPage;
pub use account::AccountPage;
pub use begin::BeginPage;
pub use check::CheckPage;
pub use keeping::AboutShopPage;
pub use photo::{PHOTO_MAX_MB, PhotoPage, after_photo, photo_page};
pub use state::{StandingNote, StatePage};

use crate::pieces::{Heading, Page};
use crate::visitor::Loaded;
use crate::words::words;
use calls::{Shown, load_application};
use domain::application::{Done, Part, Stage};
use domain::{ApplicationId, PhotoId};
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::{use_location, use_params_map};

/// A page of the application, in order.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Step {
    Number,
    About,
    Photo,
    Account,
    Check,
}

const STEPS: [Step; 5] = [Step::Number, Step::About, Step::Photo, Step::Account, Step::Check];

impl Step {
    fn path(self, id: ApplicationId) -> String {
        match self {
            Step::Number => "/merchant/new".to_owned(),
            Step::About => format!("/merchant/new/{id}"),
            Step::Photo => format!("/merchant/new/{id}/photo"),
            Step::Account => format!("/merchant/new/{id}/account"),
            Step::Check => format!("/merchant/new/{id}/check"),
        }
    }

    /// 1 to 5.
    fn number(self) -> usize {
        STEPS.iter().position(|step| *step == self).map_or(1, |at| at + 1)
    }

    fn before(self) -> Step {
        STEPS[self.number().saturating_sub(2)]
    }
}

/// The page of what is missing first; nothing, and it is looked at once more.
fn next_step(done: Done) -> Step {
    match done.missing().first() {
        Some(Part::About) => Step::About,
        Some(Part::Photo) => Step::Photo,
        Some(Part::Payout) => Step::Account,
        None => Step::Check,
    }
}

/// Where a picture is fetched.
pub fn photo_path(photo: PhotoId) -> String {
    format!("/photos/{photo}")
}

/// The frame of a step, for an application that may be written; any other leads to its shop.
#[component]
fn StepFrame<V: IntoView + 'static>(
    step: Step,
    title: &'static str,
    children: impl Fn(Shown) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("application").unwrap_or_default());
    // What was done leads to the same page with another query: it is read anew.
    let search = use_location().search;
    let data = Resource::new_blocking(move || (id(), search.get()), |(id, _)| load_application(id));
    let back = move || id().parse().map_or_else(|_| "/merchant/new".to_owned(), |id| step.before().path(id));
    view! {
        <Page title heading=Heading::Large back=back()>
            <Loaded data instead=("/merchant/new", words().joining.new_shop) let:shown>
                {match (shown.stage, &shown.shop) {
                    (Stage::Draft | Stage::SentBack, _) => {
                        let number = step.number();
                        view! {
                            <Progress number />
                            {children(shown)}
                        }
                            .into_any()
                    }
                    (_, Some(shop)) => view! { <Redirect path=format!("/merchant/{shop}/application") /> }.into_any(),
                    (_, None) => view! { <Redirect path="/merchant/new" /> }.into_any(),
                }}
            </Loaded>
        </Page>
    }
}

#[component]
fn Progress(number: usize) -> impl IntoView {
    let dots = (1..=STEPS.len()).map(|at| view! { <span class="dot" class:is-done=at <= number></span> }).collect_view();
    view! {
        <p class="start-step">
            <span class="for-ears">{words().common.step_of(number, STEPS.len())}</span>
            <span class="dots" aria-hidden="true">{dots}</span>
            <span class="small" aria-hidden="true">{format!("{number}/{}", STEPS.len())}</span>
        </p>
    }
    .into_any()
}
