//! The waiting room: what people are told ([`told`]), the server functions ([`calls`]), the page ([`page`], kept alive by `keeping`), the
//! draw counted again (`proof`). The rooms themselves are kept by the server ([`Rooms`]).

pub mod calls;
#[cfg(feature = "hydrate")]
mod keeping;
mod page;
mod proof;
#[cfg(feature = "ssr")]
mod rooms;
mod told;

#[cfg(feature = "ssr")]
pub(crate) use calls::serve;
pub(crate) use page::ToRoom;
pub use page::WaitPage;
#[cfg(feature = "ssr")]
pub use rooms::{RoomView, Rooms};
pub use told::{Heard, Told};
