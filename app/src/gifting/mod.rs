//! Gifts: giving out of the lots of a kind ([`giving`]), what was given and received ([`list`]), a gift as its sender follows it ([`sent`]) and as
//! whoever has its link opens it ([`opened`]).

pub mod calls;
mod card;
mod giving;
mod list;
mod opened;
mod sent;

pub use giving::GivePage;
pub use list::{GiftRow, GiftsPage};
pub use opened::OpenGiftPage;
pub use sent::SentGiftPage;
