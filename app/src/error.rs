//! What people get when something did not work: the one place that gives it a status, and on the server the one place that
//! logs and numbers an incident. Personal data never stands in it, because without JavaScript it travels in the URL.

use crate::finding::FindingRefused;
use crate::words::{self, Lang};
use domain::amount_input::AmountError;
use domain::application::{ApplicationRefused, ShopRefused};
use domain::business_number::BusinessNumberError;
use domain::kind::change::ChangeRefused;
use domain::measures::MeasureRefused;
use domain::partner::PartnerRefused;
use domain::phone::PhoneError;
use domain::pin::PinRefused;
use domain::plan::PlanRefused;
use domain::qr::{MerchantNumberError, QrError};
use domain::staff::StaffRefused;
use domain::takings::filter::FilterError;
use domain::{Refused, Timestamp};
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

/// A "no" or a failure, as it reaches the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum Error {
    /// The rules say no. 409.
    #[error("refused: {0}")]
    Refused(#[from] Refused),
    /// What was typed can't be taken. 422.
    #[error("input: {0:?}")]
    Input(Input),
    /// 401.
    #[error("signed out")]
    SignedOut,
    /// Signed in, but not for this. 403.
    #[error("forbidden")]
    Forbidden,
    /// Not there, or not this person's: the two are not told apart. 404.
    #[error("not found")]
    NotFound,
    /// The pages of a sign-up took too long or came in another order: begin again. 409.
    #[error("the form is no longer good")]
    FormExpired,
    /// 403.
    #[error("wrong PIN, {tries_left} tries left")]
    PinWrong { tries_left: u32 },
    /// 403.
    #[error("PIN locked until {until}")]
    PinLocked { until: Timestamp },
    /// 422.
    #[error("wrong code, {tries_left} tries left")]
    CodeWrong { tries_left: u32 },
    /// 422.
    #[error("the code has expired")]
    CodeExpired,
    /// The last code was sent only seconds ago. 429.
    #[error("another code in {seconds} s")]
    CodeTooSoon { seconds: u32 },
    /// Enough codes for now. 429.
    #[error("no code until {until}")]
    CodesSent { until: Timestamp },
    /// 429.
    #[error("too many tries until {until}")]
    TooMany { until: Timestamp },
    /// The identity provider did not confirm. 422.
    #[error("identity not confirmed")]
    IdentityFailed,
    /// The bank does not know the account, or it is somebody else's. 422.
    #[error("account not confirmed")]
    AccountFailed,
    /// A service outside did not answer; nothing was changed. 503.
    #[error("a service outside does not answer")]
    OutsideDown,
    /// Closed while a sale is on; opens by itself. 503.
    #[error("suspended until {until}")]
    Suspended { until: Timestamp },
    /// This machine has too much to do, and paying goes first. Nothing was done. 503.
    #[error("overloaded, again in {seconds} s")]
    Overloaded { seconds: u32 },
    /// Login, password or code at the city's console: not told which. 403.
    #[error("not let in")]
    EntryWrong,
    /// At the city's console. 403 without the right, 404 without the thing, 422 for figures, else 409.
    #[error("plan: {0}")]
    Plan(#[from] PlanRefused),
    /// At the console, of kinds. 403 without the right, 404 without the thing, else 409.
    #[error("kind: {0}")]
    Change(#[from] ChangeRefused),
    /// At the console, of partner apps. 403 without the right, 404 without the thing, 422 for what was typed, else 409.
    #[error("partner: {0}")]
    Partner(#[from] PartnerRefused),
    /// Shops were not looked for, or not placed: 422, 429, or 503 while the server starts.
    #[error("finding: {0}")]
    Finding(#[from] FindingRefused),
    /// A shop that signs up. 413 and 429 as they say, 422 for what was typed or sent, else 409.
    #[error("application: {0}")]
    Application(#[from] ApplicationRefused),
    /// At the console, of shops. 403 without the right, 404 without the shop, 422 without a reason, else 409.
    #[error("shop: {0}")]
    Shop(#[from] ShopRefused),
    /// At the console, of vouchers that get more time. 403 without the right, 422 for what was typed, else 409.
    #[error("measure: {0}")]
    Measure(#[from] MeasureRefused),
    /// Of a shop's staff. 403 when it is not in one's power, 404 without the person, else 409.
    #[error("staff: {0}")]
    Staff(#[from] StaffRefused),
    /// Staff, but the shop was ended on this device from another one. 403.
    #[error("ended on this device")]
    DeviceEnded,
    /// Ours to mend; the number stands in the log. 500.
    #[error("incident {0}")]
    Incident(String),
    /// Made in the browser: the request did not reach us, or its answer did not come back.
    #[error("no connection")]
    NoConnection,
    /// What came can't be read as what was asked for. 400.
    #[error("bad request")]
    BadRequest,
    /// Sent by a page of another site. 403.
    #[error("from another site")]
    CrossSite,
    /// More than any form of ours sends. 413.
    #[error("too large")]
    TooLarge,
}

/// A field that can't be taken, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    Phone(PhoneError),
    Pin(PinRefused),
    PinMissing,
    PinsDiffer,
    Name,
    BirthDate,
    TooYoung,
    Bank,
    Account,
    Amount(AmountError),
    ShopNumber(MerchantNumberError),
    BusinessNumber(BusinessNumberError),
    Qr(QrError),
    /// Of a plan at the city's console.
    Plan(domain::plan::Field),
    /// Of a change of a kind, there too.
    Change(domain::kind::change::Field),
    /// Of payments that are looked for.
    Filter(FilterError),
    /// More words than fit, or none.
    Message,
    /// An id that is none.
    Id,
}

impl From<Input> for Error {
    fn from(input: Input) -> Error {
        Error::Input(input)
    }
}

impl Error {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Error::BadRequest | Error::Input(Input::Id) => 400,
            Error::SignedOut => 401,
            Error::Forbidden | Error::CrossSite | Error::PinWrong { .. } | Error::PinLocked { .. } | Error::EntryWrong => 403,
            Error::Input(Input::Filter(FilterError::OnlyToday)) => 403,
            Error::Plan(PlanRefused::NotYourRole(_) | PlanRefused::OwnPlan) => 403,
            Error::Plan(PlanRefused::NoSuchPlan | PlanRefused::NoSuchRoom) => 404,
            Error::Plan(PlanRefused::NoSettings(_)) => 422,
            Error::Change(ChangeRefused::NotYourRole(_) | ChangeRefused::OwnChange) => 403,
            Error::Change(ChangeRefused::NoSuchChange) => 404,
            Error::Refused(Refused::ManagersOnly) => 403,
            Error::NotFound
            | Error::Refused(
                Refused::NoSuchShop | Refused::NoSuchWindow | Refused::NoSuchCode | Refused::NoSuchPayment | Refused::NoSuchGift,
            ) => 404,
            Error::Refused(Refused::Busy) | Error::OutsideDown | Error::NoConnection => 503,
            Error::Suspended { .. } | Error::Overloaded { .. } => 503,
            Error::Partner(PartnerRefused::NotYourRole(_)) => 403,
            Error::Partner(PartnerRefused::NoSuchPartner | PartnerRefused::NoSuchKey | PartnerRefused::NoSuchWindow) => 404,
            Error::Partner(PartnerRefused::BadEndpoint | PartnerRefused::BadAmount | PartnerRefused::CapTooLow) => 422,
            Error::Finding(refused) => refused.status(),
            Error::Application(refused) => status_of_application(refused),
            Error::Shop(ShopRefused::NotYourRole(_)) | Error::Staff(StaffRefused::NotYours) | Error::DeviceEnded => 403,
            Error::Shop(ShopRefused::NoSuchShop) | Error::Staff(StaffRefused::NoSuchStaff) => 404,
            Error::Shop(ShopRefused::NoReason) => 422,
            Error::Measure(MeasureRefused::NotYourRole(_)) => 403,
            Error::Measure(MeasureRefused::NoReason | MeasureRefused::NotLater | MeasureRefused::TooLong) => 422,
            Error::Measure(MeasureRefused::Nothing) => 409,
            Error::Refused(_)
            | Error::FormExpired
            | Error::Plan(_)
            | Error::Change(_)
            | Error::Partner(_)
            | Error::Shop(_)
            | Error::Staff(_) => 409,
            Error::TooLarge => 413,
            Error::CodeTooSoon { .. } | Error::CodesSent { .. } | Error::TooMany { .. } => 429,
            Error::Incident(_) => 500,
            Error::Input(_) | Error::CodeWrong { .. } | Error::CodeExpired | Error::IdentityFailed | Error::AccountFailed => 422,
        }
    }

    /// For a 503 or a 429: when it makes sense to ask again.
    pub fn retry_after_s(&self, now: Timestamp) -> Option<u64> {
        match self {
            Error::Refused(Refused::Busy) | Error::OutsideDown => Some(1),
            Error::Overloaded { seconds } => Some(u64::from(*seconds)),
            Error::Finding(refused) => refused.retry_after_s(),
            Error::Suspended { until } => Some(u64::try_from(until.as_second() - now.as_second()).unwrap_or(0).max(1)),
            _ => None,
        }
    }

    /// Is it said at the PIN pad? All others belong to the form around it.
    pub fn is_of_pin(&self) -> bool {
        matches!(
            self,
            Error::PinWrong { .. } | Error::PinLocked { .. } | Error::TooMany { .. } | Error::Input(Input::Pin(_) | Input::PinMissing)
        )
    }

    /// A sentence for the person: what happened, and the next step.
    pub fn say(&self, lang: Lang, now: Timestamp) -> String {
        let trouble = &lang.words().trouble;
        match self {
            Error::Refused(refused) => words::refused(lang, refused),
            Error::Input(input) => input.say(lang),
            Error::SignedOut => trouble.signed_out.to_owned(),
            Error::Forbidden => trouble.forbidden.to_owned(),
            Error::NotFound => trouble.not_found.to_owned(),
            Error::FormExpired | Error::BadRequest => trouble.form_expired.to_owned(),
            Error::PinWrong { tries_left } => trouble.pin_wrong(*tries_left),
            Error::PinLocked { until } => trouble.pin_locked(&words::moment(lang, *until, now)),
            Error::CodeWrong { tries_left } => trouble.code_wrong(*tries_left),
            Error::CodeExpired => trouble.code_expired.to_owned(),
            Error::CodeTooSoon { seconds } => lang.words().start.send_again_in(&seconds.to_string()),
            Error::CodesSent { until } => trouble.code_limit(&words::moment(lang, *until, now)),
            Error::TooMany { until } => trouble.too_many(&words::moment(lang, *until, now)),
            Error::IdentityFailed => trouble.identity_failed.to_owned(),
            Error::AccountFailed => trouble.bank_link_failed.to_owned(),
            Error::OutsideDown => trouble.busy.to_owned(),
            Error::Overloaded { seconds } => trouble.overloaded(&seconds.to_string()),
            Error::Suspended { until } => trouble.suspended(&words::moment(lang, *until, now)),
            Error::Incident(number) => trouble.gone_wrong(number),
            Error::EntryWrong => lang.words().city.entry_wrong.to_owned(),
            Error::Plan(refused) => words::plan_refused(lang, refused),
            Error::Change(refused) => words::change_refused(lang, refused),
            Error::Partner(refused) => words::partner_refused(lang, refused),
            Error::Finding(refused) => refused.say(lang),
            Error::Application(refused) => words::application_refused(lang, refused, now),
            Error::Shop(refused) => words::shop_refused(lang, *refused),
            Error::Measure(refused) => words::measure_refused(lang, *refused),
            Error::Staff(refused) => words::staff_refused(lang, *refused),
            Error::DeviceEnded => lang.words().staff.device_ended.to_owned(),
            Error::NoConnection => trouble.no_connection.to_owned(),
            Error::CrossSite => trouble.cross_site.to_owned(),
            Error::TooLarge => trouble.too_large.to_owned(),
        }
    }
}

fn status_of_application(refused: &ApplicationRefused) -> u16 {
    match refused {
        ApplicationRefused::PictureTooLarge { .. } => 413,
        ApplicationRefused::TooOften { .. } => 429,
        ApplicationRefused::Field(_)
        | ApplicationRefused::NotAPicture
        | ApplicationRefused::PictureTooSmall
        | ApplicationRefused::CodeWrong { .. }
        | ApplicationRefused::AccountRejects => 422,
        ApplicationRefused::NotContinuing(_)
        | ApplicationRefused::NumberTaken
        | ApplicationRefused::In(_)
        | ApplicationRefused::Missing(_)
        | ApplicationRefused::TooMany
        | ApplicationRefused::NoCode
        | ApplicationRefused::IdReused => 409,
    }
}

impl Input {
    fn say(&self, lang: Lang) -> String {
        let trouble = &lang.words().trouble;
        match self {
            Input::Phone(error) => words::phone_error(lang, error).to_owned(),
            Input::Pin(refused) => words::pin_refused(lang, refused).to_owned(),
            Input::PinMissing => trouble.pin_missing.to_owned(),
            Input::PinsDiffer => lang.words().start.pin_differs.to_owned(),
            Input::Name => trouble.name_missing.to_owned(),
            Input::BirthDate => trouble.birth_wrong.to_owned(),
            Input::TooYoung => trouble.too_young.to_owned(),
            Input::Bank => lang.words().start.bank_choose.to_owned(),
            Input::Account => trouble.account_wrong.to_owned(),
            Input::Amount(error) => words::amount_error(lang, error),
            Input::ShopNumber(error) => words::shop_number_error(lang, error).to_owned(),
            Input::BusinessNumber(error) => words::business_number_error(lang, error).to_owned(),
            Input::Qr(error) => words::qr_error(lang, error).to_owned(),
            Input::Plan(field) => lang.words().city.unreadable(&words::plan_field(lang, *field)),
            Input::Change(field) => lang.words().city.unreadable(words::change_field(lang, *field)),
            Input::Filter(error) => words::filter_error(lang, *error).to_owned(),
            Input::Message => trouble.message_wrong.to_owned(),
            Input::Id => trouble.form_expired.to_owned(),
        }
    }
}

impl FromServerFnError for Error {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Error {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Error::NoConnection,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                // The body of the server function never runs, so nobody else gives the status.
                #[cfg(feature = "ssr")]
                crate::web::give_status(&Error::BadRequest);
                Error::BadRequest
            }
            #[cfg(feature = "ssr")]
            other => crate::web::incident(&other),
            #[cfg(not(feature = "ssr"))]
            _ => Error::Incident("-".to_owned()),
        }
    }
}

#[cfg(feature = "ssr")]
impl From<store::Error> for Error {
    fn from(error: store::Error) -> Error {
        crate::web::incident(&error)
    }
}

/// Nothing was changed, and the same may be sent again.
#[cfg(feature = "ssr")]
impl From<crate::outside::NoAnswer> for Error {
    fn from(no_answer: crate::outside::NoAnswer) -> Error {
        tracing::warn!(service = no_answer.service, why = %no_answer.why, "no answer from outside");
        Error::OutsideDown
    }
}
