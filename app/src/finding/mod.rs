//! Finding shops: `/shops`, a list that is a plain form and needs neither a script nor a location ([`page`]), and a map that is fetched when
//! it is opened ([`map`]). Shops say where they are at `/shops/place` ([`placing`]). What may be asked stands in [`asked`], who answers in [`calls`], and how often in `asking`.
//!
//! Where somebody is leaves the phone only when the person presses "near me": rounded to a hundred metres, in the body of a request, never
//! in an address; and it is not kept.

mod asked;
#[cfg(feature = "ssr")]
mod asking;
mod calls;
mod here;
mod map;
mod page;
mod placing;
mod refused;
mod rows;

pub use asked::{Asked, Here};
#[cfg(feature = "ssr")]
pub use asking::Finding;
pub use calls::{Corners, FindShops, FindShopsOnMap, Found, FoundOnMap, FoundShop, PinnedShop};
pub use page::FindPage;
pub(crate) use page::send;
pub use placing::{MyPlaces, MyShop, PlacePage, PlaceShop};
pub use refused::FindingRefused;
