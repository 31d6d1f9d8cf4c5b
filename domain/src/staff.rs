//! Staff of a shop: who gives which role to whom, who may be taken out, and invitations. "Owner gives every role, manager makes
//! cashiers."

use crate::merchant::Role;
use serde::{Deserialize, Serialize};

/// An invitation is good for so long.
pub const INVITATION_LIFE_MS: i64 = 24 * 60 * 60 * 1_000;
/// People of one shop; more is nobody's counter.
pub const STAFF_MOST: i64 = 50;
/// Open invitations of one shop.
pub const INVITATIONS_MOST: i64 = 20;

impl Role {
    /// May somebody in this role make somebody else a `role`, by invitation or instead of another?
    pub fn may_give(self, role: Role) -> bool {
        self == Role::Owner || (self == Role::Manager && role == Role::Cashier)
    }

    /// May somebody in this role change or end the job of somebody who is a `role`? Owners stay owners: they go by themselves.
    pub fn may_change(self, role: Role) -> bool {
        role != Role::Owner && self.may_give(role)
    }

    /// The roles that somebody in this role gives, the least first.
    pub fn gives(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.may_give(*role))
    }
}

/// Why nothing was changed about the staff of a shop.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum StaffRefused {
    /// Not in the power of whoever asks.
    #[error("not in your power")]
    NotYours,
    #[error("no such person works here")]
    NoSuchStaff,
    /// A shop always has an owner.
    #[error("the last owner stays")]
    LastOwner,
    /// Used, expired, or taken back.
    #[error("the invitation is over")]
    InvitationOver,
    #[error("is {0:?} here already")]
    AlreadyStaff(Role),
    #[error("as many people or invitations as a shop can have")]
    Full,
    /// Nobody begins at a shop that is closed.
    #[error("the shop is closed")]
    ShopClosed,
}
