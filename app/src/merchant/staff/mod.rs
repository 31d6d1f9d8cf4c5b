//! Who works at a shop, who is invited, and on which devices its pages are open.

mod calls;
mod devices;
mod invitation;
mod page;

pub use devices::DevicesPage;
pub use invitation::InvitationPage;
pub use page::StaffPage;
