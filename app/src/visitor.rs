//! Who looks at a page, and what pages share when they ask the server: waiting in the page's own shape, sending strangers to
//! sign in and back, and errors said where they happened.

use crate::Error;
use crate::pieces::{ErrorNote, NotFound, Page, Skeleton, SkeletonShape, device_now};
use crate::start::SignOut;
use crate::start::next::Next;
use crate::words::{lang, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_url;
use serde::{Deserialize, Serialize};

/// A signed-in member, as far as pages need it. Personal: it does not debug.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Visitor {
    pub name: String,
    /// Decides the own window of a sale day.
    pub birth_year: i16,
    /// Nothing can be bought without a linked account (`/me/bank` links one).
    pub has_bank: bool,
    /// Of how many shops this is staff.
    pub shops: usize,
}

/// Who is signed in, if anybody.
#[server(prefix = "/api", endpoint = "visitor")]
pub async fn who_looks() -> Result<Option<Visitor>, Error> {
    use crate::web::{answer, services, who};
    answer(async {
        let Some(who) = who().await? else { return Ok(None) };
        let Some(member) = services().store.member(who.person).await? else { return Ok(None) };
        let shops = services().store.shops_of(who.person).await?.len();
        Ok(Some(Visitor { birth_year: member.birth_year(), has_bank: member.bank_masked.is_some(), name: member.name, shops }))
    })
    .await
}

/// For living pages: whoever was signed out meanwhile, on another device say, or may not look any more is told so by the page, loaded anew.
pub(crate) fn leave_if_shut(error: &Error) {
    if matches!(error, Error::SignedOut | Error::Forbidden | Error::NotFound | Error::DeviceEnded) {
        // A browser that does not load keeps asking.
        let _ = window().location().reload();
    }
}

/// Asks again and again, each second, while `goes_on` says so and somebody looks; the page shows the newest answer.
pub(crate) fn follow_while<T, F>(latest: RwSignal<T>, goes_on: impl Fn(&T) -> bool + 'static, ask: impl Fn() -> F + 'static)
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Error>> + 'static,
{
    // The server sends the page as it is now.
    #[cfg(not(feature = "hydrate"))]
    let _ = (latest, goes_on, ask);
    #[cfg(feature = "hydrate")]
    {
        use gloo_timers::future::TimeoutFuture;
        use std::rc::Rc;
        const EVERY_MS: u32 = 1_000;
        let (goes_on, ask) = (Rc::new(goes_on), Rc::new(ask));
        Effect::new(move |_| {
            let (goes_on, ask) = (Rc::clone(&goes_on), Rc::clone(&ask));
            leptos::task::spawn_local(async move {
                // Until the page was left, or there is no more to come.
                while latest.try_with_untracked(|latest| goes_on(latest)) == Some(true) {
                    TimeoutFuture::new(EVERY_MS).await;
                    if document().hidden() {
                        continue;
                    }
                    match ask().await {
                        // Disposed while the answer was on its way: nobody is looking.
                        Ok(answer) => drop(latest.try_set(answer)),
                        Err(error) => leave_if_shut(&error),
                    }
                }
            });
        });
    }
}

/// What a page loaded, when it is there. Until then the skeleton; signed out it leads to the sign-in and back here; any other
/// error is said. `data` is best a `Resource::new_blocking`: the page is then sent whole.
///
/// `<Loaded data let:home>...</Loaded>`
#[component]
pub fn Loaded<T, V>(
    data: Resource<Result<T, Error>>,
    #[prop(optional)] shape: SkeletonShape,
    /// Where an error leads on to, and how that is called.
    #[prop(optional)]
    instead: Option<(&'static str, &'static str)>,
    children: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    loaded(data, shape, children, move |error| {
        let message = error.say(lang(), device_now());
        match instead {
            Some((href, action)) => view! { <ErrorNote message href action /> }.into_any(),
            None => view! { <ErrorNote message /> }.into_any(),
        }
    })
}

/// As [`Loaded`], for what brings its own frame: whatever is said instead has a frame too.
#[component]
pub fn LoadedPage<T, V>(data: Resource<Result<T, Error>>, children: impl Fn(T) -> V + Clone + Send + Sync + 'static) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    loaded(data, SkeletonShape::default(), children, |error| match error {
        Error::NotFound => view! { <NotFound /> }.into_any(),
        Error::DeviceEnded => view! { <DeviceEnded /> }.into_any(),
        error => view! {
            <Page title=words().trouble.gone_wrong_title back="/">
                <ErrorNote message=error.say(lang(), device_now()) />
            </Page>
        }
        .into_any(),
    })
}

fn loaded<T, V>(
    data: Resource<Result<T, Error>>,
    shape: SkeletonShape,
    children: impl Fn(T) -> V + Clone + Send + Sync + 'static,
    otherwise: impl Fn(Error) -> AnyView + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=move || view! { <Skeleton shape /> }>
            {
                let children = children.clone();
                move || {
                    let children = children.clone();
                    Suspend::new(async move {
                        match data.await {
                            Ok(loaded) => children(loaded).into_any(),
                            Err(Error::SignedOut) => view! { <ToSignIn /> }.into_any(),
                            Err(error) => otherwise(error),
                        }
                    })
                }
            }
        </Transition>
    }
}

/// A shop that was ended here from another device: only a new sign-in opens it again.
#[component]
fn DeviceEnded() -> impl IntoView {
    let t = &words().staff;
    view! {
        <Page title=t.device_ended_title back="/">
            <p class="lead">{t.device_ended}</p>
            <form method="post" action=SignOut::url()>
                <input type="hidden" name="next" value="/merchant" />
                <button class="button button-primary">
                    <span class="button-label">{t.sign_in_again}</span>
                </button>
            </form>
        </Page>
    }
}

/// For a page that needs nothing but a signed-in person: `<SignedInOnly let:visitor>...</SignedInOnly>`.
#[component]
pub fn SignedInOnly<V: IntoView + 'static>(children: impl Fn(Visitor) -> V + Clone + Send + Sync + 'static) -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| async { who_looks().await?.ok_or(Error::SignedOut) });
    view! { <Loaded data children /> }
}

/// Leads a stranger to the sign-in, which leads back to this page.
#[component]
pub fn ToSignIn() -> impl IntoView {
    let here = use_url().with_untracked(|url| match url.search().trim_start_matches('?') {
        search if search.is_empty() || search.contains("__err=") => url.path().to_owned(),
        search => format!("{}?{search}", url.path()),
    });
    view! { <Redirect path=Next::parse(&here).behind("/start") /> }
}

/// What went wrong with the last sending of a form; nothing while it is being sent again.
pub fn failed<F>(action: ServerAction<F>) -> Signal<Option<Error>>
where
    F: ServerFn<Error = Error> + Clone + Send + Sync + 'static,
    F::Output: Clone + Send + Sync + 'static,
{
    Signal::derive(move || if action.pending().get() { None } else { action.value().get().and_then(Result::err) })
}

/// [`failed`] as a sentence, to be shown beside the field or the button (which announce it).
pub fn failure<F>(action: ServerAction<F>) -> Signal<Option<String>>
where
    F: ServerFn<Error = Error> + Clone + Send + Sync + 'static,
    F::Output: Clone + Send + Sync + 'static,
{
    let (error, lang) = (failed(action), lang());
    Signal::derive(move || error.get().map(|error| error.say(lang, device_now())))
}
