//! Shops (가맹점): where vouchers are spent.

use crate::district::District;
use crate::ids::MerchantId;
use crate::qr::MerchantNumber;
use serde::{Deserialize, Serialize};

/// May the shop be paid? "Closed or unapproved shops are refused at the scan. A shop gets no QR without a verified
/// payout account."
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// Signed up; the city has not approved it, or its payout account is not verified.
    Pending,
    Open,
    Closed,
}

impl Standing {
    pub const ALL: [Standing; 3] = [Standing::Pending, Standing::Open, Standing::Closed];

    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Pending => "pending",
            Standing::Open => "open",
            Standing::Closed => "closed",
        }
    }

    pub fn parse(text: &str) -> Option<Standing> {
        Standing::ALL.into_iter().find(|standing| standing.as_str() == text)
    }
}

/// What a payer sees before anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merchant {
    pub id: MerchantId,
    /// Printed under the QR; typed by hand when there is no camera.
    pub number: MerchantNumber,
    pub name: String,
    pub district: District,
    /// Street address, as the shop wrote it.
    pub address: String,
    /// EMVCo merchant category code, four digits.
    pub category: String,
    pub standing: Standing,
}

/// What a member of a shop's staff may do. "Cashiers see and hear; only managers and owners refund."
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    Cashier,
    Manager,
    Owner,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Cashier, Role::Manager, Role::Owner];

    pub fn as_str(self) -> &'static str {
        match self {
            Role::Cashier => "cashier",
            Role::Manager => "manager",
            Role::Owner => "owner",
        }
    }

    pub fn parse(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == text)
    }
}
