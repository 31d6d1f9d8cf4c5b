//! What a role at a shop may do, for showing; the store decides.

use domain::merchant::Role;

/// "Cashiers see and hear; only managers and owners refund."
pub(super) fn may_cancel(role: Role) -> bool {
    role >= Role::Manager
}
