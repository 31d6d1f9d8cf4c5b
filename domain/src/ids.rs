//! Names of things. Each is its own type, so that a person's number can't be passed for a shop's.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Ids that the server gives: 64 bits, growing with time, so that the tables' indexes grow at their right edge only.
macro_rules! server_id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name)
            }
        }
    )*};
}

/// Ids that the client makes before it sends, so that the same action can be sent again: UUID version 7 (time-ordered).
macro_rules! client_id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "Uuid", into = "Uuid")]
        pub struct $name(Uuid);

        impl $name {
            /// From outside randomness and a clock: the caller's.
            pub fn from_parts(unix_ms: u64, random: [u8; 10]) -> Self {
                $name(uuid::Builder::from_unix_timestamp_millis(unix_ms, &random).into_uuid())
            }

            pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAnId> {
                Uuid::from_slice(bytes).map_err(|_| NotAnId)?.try_into()
            }

            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl TryFrom<Uuid> for $name {
            type Error = NotAnId;
            /// Only version 7 is taken: random ids would scatter over the hot index.
            fn try_from(id: Uuid) -> Result<Self, NotAnId> {
                if id.get_version_num() == 7 { Ok($name(id)) } else { Err(NotAnId) }
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map_err(|_| NotAnId)?.try_into()
            }
        }
    )*};
}

/// The text or the bytes are no id of the kind that was asked for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

server_id! {
    /// A verified human; limits belong to it.
    PersonId
    /// A shop.
    MerchantId
    /// A voucher kind.
    KindId
    /// An amount of one kind on sale.
    SaleId
    /// A span of a sale with its own amount.
    WindowId
    /// What one purchase yields.
    LotId
    /// One balanced movement in the ledger.
    TransferId
    /// A signed-in device.
    SessionId
    /// Somebody of the city who works at the console.
    OperatorId
    /// A sale day as planned there.
    PlanId
    /// A change of a kind, or a new one, as planned there.
    ChangeId
    /// More time for lots that end at the same moment.
    ExtensionId
    /// Money back at once for all lots of a kind.
    WaiverId
    /// An app of somebody else that sells our vouchers.
    PartnerId
    /// Of one of its keys.
    PartnerKeyId
    /// A shop that asks to be taken in.
    ApplicationId
    /// A picture of a shop.
    PhotoId
    /// To the staff of a shop.
    InvitationId
    /// A gift's account in the ledger, while it waits.
    EscrowId
    /// A code that is good for one payment: on the shop's screen or on the payer's.
    OnceId
}

client_id! {
    /// Made by the page that buys.
    PurchaseId
    /// Made by the page that pays.
    PaymentId
    /// Made by the page that asks for an account: the bank's id of the one won.
    PayoutCheckId
    /// Made by the page that cancels a payment.
    CancelId
    /// Made by the page that refunds a lot; the bank knows the credit by it.
    RefundId
    /// Made by the page that gives; the link to the gift names it.
    GiftId
    /// Made when a shop's day is settled; it never changes.
    PayoutId
    /// One try of a payout: what the bank knows it by.
    PayoutTryId
    /// Made by a device that listens for a shop.
    DeviceId
}
