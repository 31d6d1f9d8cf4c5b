//! What a shop takes in: the dashboard of its managers and owners (`page`: today beside the weeks before, a span of days by hour, day,
//! month and voucher), and the list in which its staff find a payment (`payments`). Who paid is never told.

mod calls;
mod figures;
// Lives in the browser; the server renders its beginning.
#[cfg(feature = "hydrate")]
mod live;
mod page;
mod payments;
mod ranges;
mod today;

pub use calls::{PaymentsView, TakingsView, find_payments, load_takings};
pub use page::SalesPage;
pub use payments::PaymentsPage;
