//! Where somebody stands between the first page and the last, and the frame that each page has in common.

use crate::Error;
use crate::pieces::{Heading, Page, SkeletonShape};
use crate::start::next::Next;
use crate::visitor::Loaded;
use crate::words::words;
use domain::Timestamp;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A page of the entrance.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Phone,
    Code,
    /// The PIN of a member on an unknown device: beside the numbered steps.
    Confirm,
    Identity,
    Pin,
    Bank,
}

/// The numbered ones.
const STEPS: [Step; 5] = [Step::Phone, Step::Code, Step::Identity, Step::Pin, Step::Bank];

/// What is known so far. Personal, so it does not debug.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    pub is_signed_in: bool,
    /// Somebody has signed in with this browser before: then it is hardly a sign-up, and steps are not counted.
    pub is_known_browser: bool,
    pub under_way: Option<UnderWay>,
    /// A sale is on: nobody new is taken in until then.
    pub closed_until: Option<Timestamp>,
}

/// An enrolment, as far as its pages need it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct UnderWay {
    /// As typed: whoever typed it sees whether it was right.
    pub phone: String,
    /// By a code.
    pub is_proven: bool,
    /// Told only after the phone was proven.
    pub is_member: bool,
    /// Year, month and day of birth of the verified person, so that an obvious PIN is refused while it is typed.
    pub born: Option<(i16, u8, u8)>,
    pub has_pin: bool,
    /// In how many seconds another code may be asked for.
    pub again_in_s: u32,
    /// The account that the verified person has linked already, masked.
    pub account: Option<String>,
}

/// What a page does with a standing.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Door {
    Open,
    /// Signed in already: to where the person wanted to go.
    Inside,
    /// Further on: this one is answered.
    On(&'static str),
    /// A step is missing, or it took too long.
    Over,
}

impl Step {
    fn path(self) -> &'static str {
        match self {
            Step::Phone => "/start",
            Step::Code => "/start/code",
            Step::Confirm => "/start/confirm",
            Step::Identity => "/start/identity",
            Step::Pin => "/start/pin",
            Step::Bank => "/start/bank",
        }
    }

    /// One screen back.
    fn before(self) -> &'static str {
        match self {
            Step::Phone => "/",
            Step::Code | Step::Confirm | Step::Identity => Step::Phone.path(),
            Step::Pin => Step::Identity.path(),
            Step::Bank => Step::Pin.path(),
        }
    }

    /// 1 to 5; `None` beside the count.
    fn number(self) -> Option<usize> {
        STEPS.iter().position(|step| *step == self).map(|at| at + 1)
    }

    fn door(self, standing: &Standing) -> Door {
        if standing.is_signed_in {
            return Door::Inside;
        }
        let Some(way) = &standing.under_way else {
            return if self == Step::Phone { Door::Open } else { Door::Over };
        };
        match self {
            Step::Phone => Door::Open,
            Step::Code if way.is_proven && way.is_member => Door::On(Step::Confirm.path()),
            Step::Code if way.is_proven => Door::On(Step::Identity.path()),
            Step::Code => Door::Open,
            Step::Confirm if way.is_proven && way.is_member => Door::Open,
            Step::Identity if way.is_proven => Door::Open,
            Step::Pin if way.born.is_some() => Door::Open,
            Step::Bank if way.has_pin => Door::Open,
            Step::Confirm | Step::Identity | Step::Pin | Step::Bank => Door::Over,
        }
    }
}

/// How far the sign-up in this browser has come.
#[server(prefix = "/api", endpoint = "start/standing")]
pub async fn how_far() -> Result<Standing, Error> {
    use crate::web::{Cookie, answer, cookie, now, services, token, who};
    use domain::plan::Feature;
    answer(async {
        let is_known_browser = cookie(Cookie::Device).is_some();
        if who().await?.is_some() {
            return Ok(Standing { is_signed_in: true, is_known_browser, under_way: None, closed_until: None });
        }
        let under_way = match token(Cookie::Enrolment) {
            Some(token) => under_way(&token).await?,
            None => None,
        };
        let closed_until = services().store.suspended_until(Feature::SignUp, now()).await?;
        Ok(Standing { is_signed_in: false, is_known_browser, under_way, closed_until })
    })
    .await
}

#[cfg(feature = "ssr")]
async fn under_way(token: &store::Token) -> Result<Option<UnderWay>, Error> {
    use crate::web::{now, services};
    let (store, now) = (services().store, now());
    let Some(enrolment) = store.enrolment(token, now).await? else { return Ok(None) };
    let is_proven = enrolment.phone_proven;
    let again_at = if is_proven { None } else { store.code_again_at(enrolment.phone).await? };
    Ok(Some(UnderWay {
        phone: enrolment.phone.to_string(),
        is_proven,
        is_member: is_proven && store.member_by_phone(enrolment.phone).await?.is_some(),
        born: enrolment.identity.as_ref().map(|identity| parts_of(identity.birth_date)),
        has_pin: enrolment.pin_set,
        again_in_s: again_at.map_or(0, |at| seconds_until(at, now)),
        account: if enrolment.pin_set { store.account_of_enrolment(token, now).await? } else { None },
    }))
}

/// As [`domain::pin::Pin::choose`] takes it.
#[cfg(feature = "ssr")]
pub(super) fn parts_of(date: jiff::civil::Date) -> (i16, u8, u8) {
    (date.year(), date.month().unsigned_abs(), date.day().unsigned_abs())
}

/// Rounded up, so that waiting them out is enough.
#[cfg(feature = "ssr")]
pub(super) fn seconds_until(at: domain::Timestamp, now: domain::Timestamp) -> u32 {
    let left_ms = (store::millis(at) - store::millis(now)).max(0);
    u32::try_from(left_ms.div_euclid(1_000) + i64::from(left_ms % 1_000 > 0)).unwrap_or(u32::MAX)
}

/// The enrolment of this browser with its token, or [`Error::FormExpired`].
#[cfg(feature = "ssr")]
pub(super) async fn enrolment() -> Result<(store::Token, store::Enrolment), Error> {
    use crate::web::{Cookie, now, services, token};
    let token = token(Cookie::Enrolment).ok_or(Error::FormExpired)?;
    let enrolment = services().store.enrolment(&token, now()).await?.ok_or(Error::FormExpired)?;
    Ok((token, enrolment))
}

/// As [`enrolment`], with its phone proven.
#[cfg(feature = "ssr")]
pub(super) async fn proven_enrolment() -> Result<(store::Token, store::Enrolment), Error> {
    let (token, enrolment) = enrolment().await?;
    if enrolment.phone_proven { Ok((token, enrolment)) } else { Err(Error::FormExpired) }
}

/// A step that the store took, or did not.
#[cfg(feature = "ssr")]
pub(super) fn taken<T>(step: Result<T, store::EnrolmentRefused>) -> Result<T, Error> {
    step.map_err(|_| Error::FormExpired)
}

/// Where the person wanted to go, from the address.
pub(crate) fn next() -> Next {
    use_query_map().with_untracked(|query| query.get_str("next").map(Next::parse)).unwrap_or_default()
}

/// Puts the cursor where the answer goes, once the page lives: one question a screen has one place to type.
pub(super) fn begin_in(id: &'static str) {
    Effect::new(move |_| set_timeout(move || focus(id), AFTER_SWAP));
}

/// By then the page before is gone, and the focus with it.
const AFTER_SWAP: Duration = Duration::from_millis(50);

fn focus(id: &str) {
    use leptos::wasm_bindgen::JsCast;
    // Whoever was quicker than the wasm stays where they type.
    let is_free = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
    let field = document().get_element_by_id(id).and_then(|field| field.dyn_into::<leptos::web_sys::HtmlElement>().ok());
    if let Some(field) = field.filter(|_| is_free) {
        // A field that can't take it stays as it is.
        let _ = field.focus();
    }
}

/// Carries it through a form.
#[component]
pub fn NextField() -> impl IntoView {
    view! { <input type="hidden" name="next" value=next().as_str().to_owned() /> }
}

/// The frame of a step: question, way back, how far; and the door, which lets through only those whose turn it is.
#[component]
pub(super) fn StepPage<V: IntoView + 'static>(
    step: Step,
    title: &'static str,
    children: impl Fn(Standing) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let next = next();
    let back = next.behind(step.before());
    let data = Resource::new_blocking(|| (), |()| how_far());
    view! {
        <Page title heading=Heading::Large back>
            <Loaded data shape=SkeletonShape::Card let:standing>
                {
                    let progress = if standing.is_known_browser && !step.is_certain() { None } else { step.number() };
                    match step.door(&standing) {
                        Door::Open => {
                            view! {
                                {progress.map(|number| view! { <Progress number /> })}
                                {children(standing)}
                            }
                                .into_any()
                        }
                        Door::Inside => view! { <Redirect path=next.href().to_owned() /> }.into_any(),
                        Door::On(path) => view! { <Redirect path=next.behind(path) /> }.into_any(),
                        Door::Over => view! { <Redirect path=over(&next) /> }.into_any(),
                    }
                }
            </Loaded>
        </Page>
    }
}

impl Step {
    /// Is it a sign-up for certain? Who comes back to sign in leaves before.
    fn is_certain(self) -> bool {
        matches!(self, Step::Identity | Step::Pin | Step::Bank)
    }
}

/// The first page, which then says why.
fn over(next: &Next) -> String {
    let path = next.behind(Step::Phone.path());
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}over=1")
}

/// "3/5" and as many dots.
#[component]
fn Progress(number: usize) -> impl IntoView {
    let dots = (1..=STEPS.len()).map(|at| view! { <span class="dot" class:is-done=at <= number></span> }).collect_view();
    view! {
        <p class="start-step">
            <span class="for-ears">{words().common.step_of(number, STEPS.len())}</span>
            <span class="dots" aria-hidden="true">
                {dots}
            </span>
            <span class="small" aria-hidden="true">
                {format!("{number}/{}", STEPS.len())}
            </span>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(way: Option<UnderWay>) -> Standing {
        Standing { is_signed_in: false, is_known_browser: false, under_way: way, closed_until: None }
    }

    fn way(is_proven: bool, is_member: bool, born: Option<(i16, u8, u8)>, has_pin: bool) -> Standing {
        let phone = "010-1234-5678".to_owned();
        standing(Some(UnderWay { phone, is_proven, is_member, born, has_pin, again_in_s: 0, account: None }))
    }

    const ALL: [Step; 6] = [Step::Phone, Step::Code, Step::Confirm, Step::Identity, Step::Pin, Step::Bank];

    #[test]
    fn each_step_opens_after_the_one_before_it_only() {
        use Door::{On, Open, Over};
        let born = Some((1991, 3, 2));
        let to_identity = || On("/start/identity");
        let table = [
            (standing(None), [Open, Over, Over, Over, Over, Over]),
            (way(false, false, None, false), [Open, Open, Over, Over, Over, Over]),
            (way(true, false, None, false), [Open, to_identity(), Over, Open, Over, Over]),
            (way(true, true, None, false), [Open, On("/start/confirm"), Open, Open, Over, Over]),
            (way(true, false, born, false), [Open, to_identity(), Over, Open, Open, Over]),
            (way(true, false, born, true), [Open, to_identity(), Over, Open, Open, Open]),
        ];
        for (standing, doors) in table {
            assert_eq!(ALL.map(|step| step.door(&standing)), doors);
        }
    }

    #[test]
    fn whoever_is_signed_in_is_led_on_from_every_step() {
        let inside = Standing { is_signed_in: true, ..standing(None) };
        assert!(ALL.into_iter().all(|step| step.door(&inside) == Door::Inside));
    }

    #[test]
    fn going_back_and_beginning_again_keep_where_the_person_wanted_to_go() {
        let next = Next::parse("/pay/00000018");
        assert_eq!(over(&next), "/start?next=/pay/00000018&over=1");
        assert_eq!(over(&Next::default()), "/start?over=1");
        assert_eq!(next.behind(Step::Bank.before()), "/start/pin?next=/pay/00000018");
    }
}
