//! Pictures of shops: `POST /photos/APPLICATION` takes a file from the page of an application and leads on, `GET /photos/PHOTO` shows one.
//! They stand in the database, so that all nodes have them; a picture never changes, another one has another number.
//!
//! Payers see the picture of a shop that may be paid. Of one that may not yet, only its staff and the city do.

mod picture;

use crate::trouble::Trouble;
use app::Error;
use app::merchant::{PHOTO_MAX_MB, after_photo, photo_page};
use app::web::{Cookie, Services, cookie_in};
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::application::{ApplicationRefused, Stage};
use domain::operator::Role as CityRole;
use domain::{ApplicationId, PhotoId, Refused, Timestamp};
use http::{HeaderMap, header};
use std::sync::Arc;
use store::{Session, Token};
use tokio::sync::Semaphore;

pub const PATH: &str = "/photos/";
/// A file, and what a form wraps around it.
pub const BODY_MAX_BYTES: usize = FILE_MAX_BYTES + 64 * 1024;
const FILE_MAX_BYTES: usize = PHOTO_MAX_MB as usize * 1024 * 1024;
/// Files that are read at once: what they take of the memory.
const READ_AT_ONCE: usize = 8;

#[derive(Clone)]
pub struct Photos {
    services: Services,
    reading: Arc<Semaphore>,
    /// Making a picture takes a processor and a hundred megabytes: one at a time, paying goes first.
    making: Arc<Semaphore>,
}

impl Photos {
    pub fn new(services: &Services) -> Photos {
        Photos { services: services.clone(), reading: Arc::new(Semaphore::new(READ_AT_ONCE)), making: Arc::new(Semaphore::new(1)) }
    }

    async fn who(&self, headers: &HeaderMap) -> Result<Option<Session>, Error> {
        let Some(token) = cookie_in(headers, Cookie::Session).and_then(Token::parse) else { return Ok(None) };
        Ok(self.services.store.session(&token, Timestamp::now()).await?)
    }
}

/// Where the browser goes next, or why not.
enum Taken {
    On(String),
    Not(String),
}

/// A file for an application of whoever sends it. Made anew, it stands in place of the one before.
pub async fn take(State(photos): State<Photos>, Path(id): Path<String>, request: Request) -> Response {
    match taken(&photos, &id, request).await {
        Ok(Taken::On(path)) => Redirect::to(&path).into_response(),
        Ok(Taken::Not(path)) => Redirect::to(&path).into_response(),
        Err(error) => Trouble::new(error).into_response(),
    }
}

async fn taken(photos: &Photos, id: &str, request: Request) -> Result<Taken, Error> {
    let store = &photos.services.store;
    let session = photos.who(request.headers()).await?.ok_or(Error::SignedOut)?;
    let person = session.person;
    let id: ApplicationId = id.parse().map_err(|_| Error::NotFound)?;
    let found = store.application(person, id).await?.ok_or(Error::NotFound)?;
    if let Some((shop, _)) = found.shop
        && store.is_ended_on(session.id, shop).await?
    {
        return Err(Error::DeviceEnded);
    }
    if !found.stage.may_be_kept_up() {
        return Err(ApplicationRefused::In(found.stage).into());
    }
    if let Err(until) = store.count_photo(person, Timestamp::now()).await? {
        return Err(Error::TooMany { until });
    }
    let open = found.shop.filter(|_| found.stage == Stage::Approved).map(|(_, number)| number);
    let not = |refused: &ApplicationRefused| Taken::Not(photo_page(id, open, refused));
    let _turn = photos.reading.try_acquire().map_err(|_| Error::Refused(Refused::Busy))?;
    let file = match file_in(request).await {
        Ok(file) => file,
        Err(refused) => return Ok(not(&refused)),
    };
    let _own = photos.making.acquire().await.map_err(|_| Error::Refused(Refused::Busy))?;
    let made = tokio::task::spawn_blocking(move || picture::made_of(&file)).await;
    let jpeg = match made.map_err(|error| app::web::incident(&error))? {
        Ok(jpeg) => jpeg,
        Err(refused) => return Ok(not(&refused)),
    };
    store.set_photo(person, id, &jpeg, Timestamp::now()).await?.ok_or(Error::NotFound)??;
    let done = store.application(person, id).await?.ok_or(Error::NotFound)?.done();
    Ok(Taken::On(after_photo(id, open, done)))
}

/// The one file of the form.
async fn file_in(request: Request) -> Result<Vec<u8>, ApplicationRefused> {
    let too_large = ApplicationRefused::PictureTooLarge { most_mb: PHOTO_MAX_MB };
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| ApplicationRefused::NotAPicture)?;
    loop {
        let Some(mut field) = form.next_field().await.map_err(|_| ApplicationRefused::NotAPicture)? else {
            return Err(ApplicationRefused::NotAPicture);
        };
        if field.name() != Some("photo") {
            continue;
        }
        let mut file = Vec::new();
        // Cut where the door cuts, or longer than any file we take.
        while let Some(part) = field.chunk().await.map_err(|_| too_large.clone())? {
            if file.len() + part.len() > FILE_MAX_BYTES {
                return Err(too_large);
            }
            file.extend_from_slice(&part);
        }
        return Ok(file);
    }
}

pub async fn show(State(photos): State<Photos>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    match shown(&photos, &id, &headers).await {
        Ok(picture) => picture,
        Err(error) => Trouble::new(error).into_response(),
    }
}

async fn shown(photos: &Photos, id: &str, headers: &HeaderMap) -> Result<Response, Error> {
    let store = &photos.services.store;
    let id: PhotoId = id.parse().map_err(|_| Error::NotFound)?;
    let photo = store.photo(id).await?.ok_or(Error::NotFound)?;
    let keeping = if photo.is_public {
        "public, max-age=31536000, immutable"
    } else if may_see(photos, &photo, headers).await? {
        "private, max-age=300"
    } else {
        return Err(Error::NotFound);
    };
    let says = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, keeping), (header::CONTENT_DISPOSITION, "inline")];
    Ok((says, photo.jpeg).into_response())
}

/// Whoever wrote the application, the shop's staff, and those of the city who look at shops.
async fn may_see(photos: &Photos, photo: &store::Photo, headers: &HeaderMap) -> Result<bool, Error> {
    let store = &photos.services.store;
    if let Some(Session { person, .. }) = photos.who(headers).await? {
        let works_there = match photo.shop {
            Some(shop) => store.role(person, shop).await?.is_some(),
            None => false,
        };
        if person == photo.applicant || works_there {
            return Ok(true);
        }
    }
    let Some(token) = cookie_in(headers, Cookie::City).and_then(Token::parse) else { return Ok(false) };
    let operator = store.operator(&token, Timestamp::now()).await?;
    Ok(operator.is_some_and(|operator| operator.roles().has(CityRole::Controller) || operator.roles().has(CityRole::Auditor)))
}
