//! What every server function needs of HTTP: who asks, with which cookies, from where; and how an answer gets its status.
//!
//! A server function is a public endpoint. It reads: `answer(async { let who = signed_in().await?; ...one store call... })`.

use crate::error::{Error, Input};
use crate::outside::{Bank, Identity, Tax};
use crate::words::Lang;
use axum::extract::ConnectInfo;
use domain::pin::Pin;
use domain::{PersonId, SessionId, Timestamp};
use http::header::{ACCEPT, ACCEPT_LANGUAGE, COOKIE, HOST, RETRY_AFTER, SET_COOKIE, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use leptos::prelude::{expect_context, use_context, with_context};
use leptos_axum::ResponseOptions;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use store::{OperatorProof, PinChecked, PinProof, Store, Token};

/// What pages and server functions work with. Provided as context by the server.
#[derive(Clone)]
pub struct Services {
    pub store: Store,
    pub bank: Arc<dyn Bank>,
    pub identity: Arc<dyn Identity>,
    /// The index of shops, and who asks it.
    pub finding: Arc<crate::finding::Finding>,
    pub tax: Arc<dyn Tax>,
    /// The waiting rooms of this node.
    pub rooms: Arc<dyn crate::waiting::Rooms>,
    /// Base URL of the sandbox's pages when it stands behind us; the ribbon says so.
    pub sandbox: Option<Arc<str>>,
    /// The key that browsers bind a push subscription to (VAPID, base64url).
    pub push_key: Arc<str>,
    pub cookies: CookieMode,
    /// Debits that go on when whoever bought has left; a server that stops waits for them.
    pub debits: tokio_util::task::TaskTracker,
    /// Wakes the worker of the outbox, so that a code leaves at once.
    pub outbox: Arc<tokio::sync::Notify>,
    /// Wakes the job of lots that end, so that more time is given at once.
    pub ending: Arc<tokio::sync::Notify>,
    /// Wakes the job of gifts, so that whoever gets one hears of it at once.
    pub gifts: Arc<tokio::sync::Notify>,
    /// Where our pages are, as people type it: for links in messages. No slash at its end.
    pub address: Arc<str>,
}

/// Whether cookies travel over TLS only. Loopback has none.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum CookieMode {
    Secure,
    Plain,
}

/// Our cookies. All are HttpOnly and SameSite=Lax; the console's are Strict: no link from outside opens it signed in.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Cookie {
    Session,
    /// Marks a browser that has signed in before.
    Device,
    /// A sign-up between its pages.
    Enrolment,
    /// The pass of a waiting room.
    Pass,
    /// An operator of the city.
    City,
    /// A secret that was just made, on its way to the page that shows it once.
    Shown,
    /// An invitation that was just made, likewise.
    Invitation,
    Language,
    /// The size of the text.
    Text,
}

impl Cookie {
    pub fn name(self) -> &'static str {
        match self {
            Cookie::Session => "payplus_session",
            Cookie::Device => "payplus_device",
            Cookie::Enrolment => "payplus_enrolment",
            Cookie::Pass => "payplus_pass",
            Cookie::City => "payplus_city",
            Cookie::Shown => "payplus_shown",
            Cookie::Invitation => "payplus_invitation",
            Cookie::Language => "payplus_lang",
            Cookie::Text => "payplus_text",
        }
    }

    fn max_age_s(self) -> i64 {
        match self {
            Cookie::Session => 30 * 86_400,
            Cookie::Device | Cookie::Language | Cookie::Text => 400 * 86_400,
            Cookie::Enrolment => 30 * 60,
            Cookie::Pass => 60 * 60,
            Cookie::City => 12 * 60 * 60,
            Cookie::Shown | Cookie::Invitation => 60,
        }
    }
}

/// The value of a cookie in a request's headers.
pub fn cookie_in(headers: &HeaderMap, cookie: Cookie) -> Option<&str> {
    let pairs = headers.get_all(COOKIE).into_iter().filter_map(|header| header.to_str().ok()).flat_map(|header| header.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == cookie.name()).map(|(_, value)| value)
}

pub fn services() -> Services {
    expect_context::<Services>()
}

/// The server's clock. The rules take it as an argument.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Milliseconds and randomness for an id that a page will send (it is the client's id, made for it while rendering).
pub fn new_id() -> (u64, [u8; 10]) {
    let id = uuid::Uuid::now_v7().into_bytes();
    let mut random = [0; 10];
    random.copy_from_slice(&id[6..]);
    (u64::try_from(store::millis(now())).unwrap_or(0), random)
}

/// Looks at the request as it is: a copy of its headers costs more than most of what is looked for.
pub(crate) fn of_request<T>(look: impl FnOnce(&Parts) -> T) -> Option<T> {
    with_context::<Parts, T>(look)
}

pub fn cookie(cookie: Cookie) -> Option<String> {
    of_request(|parts| cookie_in(&parts.headers, cookie).map(str::to_owned)).flatten()
}

pub fn token(of: Cookie) -> Option<Token> {
    Token::parse(&cookie(of)?)
}

/// Values of ours only (hex tokens, language codes): nothing in them needs quoting.
pub fn set_cookie(cookie: Cookie, value: &str) {
    write_cookie(cookie, value, cookie.max_age_s());
}

pub fn drop_cookie(cookie: Cookie) {
    write_cookie(cookie, "", 0);
}

fn write_cookie(cookie: Cookie, value: &str, max_age_s: i64) {
    let secure = if services().cookies == CookieMode::Secure { "; Secure" } else { "" };
    let same_site = if matches!(cookie, Cookie::City | Cookie::Shown | Cookie::Invitation) { "Strict" } else { "Lax" };
    let line = format!("{}={value}; Path=/; HttpOnly; SameSite={same_site}; Max-Age={max_age_s}{secure}", cookie.name());
    if let Ok(line) = HeaderValue::from_str(&line) {
        expect_context::<ResponseOptions>().append_header(SET_COOKIE, line);
    }
}

/// Where the request came from, for limits only: nothing is bound to it, phones change it. Behind a proxy on loopback the
/// last hop of X-Forwarded-For counts, else the peer.
pub fn address() -> String {
    of_request(address_of).flatten().map_or_else(|| "unknown".to_owned(), |address| address.to_string())
}

/// A page of ours as a link for other phones: at the host that this browser asks.
pub fn address_of_page(path: &str) -> String {
    let scheme = if services().cookies == CookieMode::Secure { "https" } else { "http" };
    let host = of_request(|parts| parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned());
    format!("{scheme}://{}{path}", host.unwrap_or_default())
}

fn address_of(parts: &Parts) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let forwarded = || -> Option<IpAddr> { parts.headers.get("x-forwarded-for")?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok() };
    match peer {
        Some(peer) if peer.is_loopback() => Some(forwarded().unwrap_or(peer)),
        peer => peer,
    }
}

/// The browser as the list of sessions shows it: "Chrome · Android".
pub fn device() -> String {
    let agent = of_request(|parts| parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default().to_owned());
    let agent = agent.unwrap_or_default();
    let first = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[
        ("SamsungBrowser", "Samsung Internet"),
        ("Whale", "Whale"),
        ("KAKAOTALK", "KakaoTalk"),
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => String::new(),
    }
}

/// Proof that the request is a signed-in person's.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub person: PersonId,
    pub session: SessionId,
}

/// Who asks, if anybody.
pub async fn who() -> Result<Option<SignedIn>, Error> {
    let Some(token) = token(Cookie::Session) else { return Ok(None) };
    let session = services().store.session(&token, now()).await?;
    Ok(session.map(|session| SignedIn { person: session.person, session: session.id }))
}

/// Who asks, or [`Error::SignedOut`].
pub async fn signed_in() -> Result<SignedIn, Error> {
    who().await?.ok_or(Error::SignedOut)
}

/// The operator of the city who asks, or [`Error::SignedOut`]. What it does is judged by its roles in the store.
pub async fn operator() -> Result<OperatorProof, Error> {
    let token = token(Cookie::City).ok_or(Error::SignedOut)?;
    services().store.operator(&token, now()).await?.ok_or(Error::SignedOut)
}

/// The PIN as typed, judged and counted. What moves money takes the proof.
pub async fn prove_pin(who: &SignedIn, typed: &str) -> Result<PinProof, Error> {
    prove_pin_of(who.person, typed).await
}

/// The same for somebody who is about to sign in, after the phone was proven.
pub async fn prove_pin_of(person: PersonId, typed: &str) -> Result<PinProof, Error> {
    if typed.trim().is_empty() {
        return Err(Input::PinMissing.into());
    }
    let pin = Pin::parse(typed).map_err(Input::Pin)?;
    match services().store.check_pin(person, &pin, &address(), now()).await? {
        PinChecked::Right(proof) => Ok(proof),
        PinChecked::Wrong { tries_left } => Err(Error::PinWrong { tries_left: u32::try_from(tries_left).unwrap_or(0) }),
        PinChecked::Locked { until } => Err(Error::PinLocked { until }),
        PinChecked::TooMany { until } => Err(Error::TooMany { until }),
    }
}

/// Runs the body of a server function and gives its error the right status.
pub async fn answer<T>(body: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let outcome = body.await;
    if let Err(error) = &outcome {
        give_status(error);
    }
    outcome
}

/// Gives the answer that is being made the status of an error. A plain form (no JavaScript) is redirected back to its page
/// with the error instead, so it keeps that status.
pub(crate) fn give_status(error: &Error) {
    let is_form = of_request(|parts| parts.method == Method::POST && accepts_html(&parts.headers));
    let (Some(false), Some(options)) = (is_form, use_context::<ResponseOptions>()) else { return };
    if let Ok(status) = StatusCode::from_u16(error.status()) {
        options.set_status(status);
    }
    if let Some(seconds) = error.retry_after_s(now()) {
        options.insert_header(RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// Does whoever asks read pages, or what server functions answer to our own code?
pub fn accepts_html(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// The language that a request asks for: the person's choice in the cookie, else what the browser prefers.
pub fn language(headers: &HeaderMap) -> Lang {
    let chosen = cookie_in(headers, Cookie::Language).and_then(Lang::parse);
    let asked = || {
        let header = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        header.split(',').find_map(|range| Lang::parse(range.trim().get(..2)?))
    };
    chosen.or_else(asked).unwrap_or_default()
}

/// Goes on to another page of ours. Only sets headers: the code after it still runs.
pub fn go(path: &str) {
    leptos_axum::redirect(path);
}

/// Logs what went wrong under a number, which is all that the person sees.
pub fn incident(error: &dyn std::error::Error) -> Error {
    let number = uuid::Uuid::now_v7().simple().to_string()[20..].to_uppercase();
    tracing::error!(incident = %number, %error, "incident");
    metrics::counter!("payplus_incidents_total").increment(1);
    Error::Incident(number)
}
