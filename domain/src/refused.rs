//! An expected "no", with the figures that the person needs to do something about it. Words are made from it in one place
//! per language (`app::words`); nothing here is personal, so it may stand in a URL.

use crate::district::District;
use crate::sale::Who;
use crate::won::Won;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refused {
    // buying
    #[error("the amount must be a multiple of {unit}")]
    NotInUnits { unit: Won },
    #[error("the window is for {who:?}")]
    NotYourWindow { who: Who },
    #[error("opens at {opens_at}")]
    NotYetOpen { opens_at: Timestamp },
    #[error("closed at {closed_at}")]
    WindowClosed { closed_at: Timestamp },
    #[error("month limit {limit}, left {left}")]
    MonthLimit { left: Won, limit: Won },
    #[error("holding cap {cap}, left {left}")]
    HoldingCap { left: Won, cap: Won },
    #[error("sold out: all of {total}")]
    SoldOut { total: Won },
    /// Less is left than was asked for.
    #[error("only {left} left")]
    OnlyLeft { left: Won },
    /// Nothing is free, but some of what is reserved may come back: not sold out.
    #[error("all that is left is reserved: {held}")]
    AllReserved { held: Won },
    /// The partner through which it was asked may not sell so much of this window; the window has more.
    #[error("the channel may sell {most}, left {left}")]
    ChannelCap { left: Won, most: Won },
    #[error("there is no such sale")]
    NoSuchWindow,
    /// People wait for this sale in its room, and come in one after the other.
    #[error("a pass of the waiting room is needed")]
    NeedsPass,
    /// The pass was used for another purchase.
    #[error("the pass was used")]
    PassUsed,
    /// Nothing can be debited: no account is linked.
    #[error("no bank account is linked")]
    NoBankAccount,

    // paying
    #[error("there is no such shop")]
    NoSuchShop,
    #[error("the shop is closed")]
    ShopClosed,
    #[error("the shop can't be paid yet")]
    ShopNotReady,
    #[error("a payment is between 1 and {most}")]
    PaymentAmount { most: Won },
    #[error("only {usable} can be used here")]
    NotEnough { usable: Won },
    #[error("a voucher of {voucher:?} is not taken in {shop:?}")]
    KindNotUsableHere { shop: District, voucher: District },
    /// What the shop is told of the two above: what is in a wallet is the payer's to know.
    #[error("the payer's vouchers don't cover this here")]
    PayerCantPay,
    /// The code on the screen (the shop's or the payer's) has paid once.
    #[error("the code was used")]
    CodeUsed,
    /// Another scan of the payer's code waits for the payer.
    #[error("the code was scanned elsewhere")]
    CodeTaken,
    /// Its three minutes are over.
    #[error("the code has expired")]
    CodeExpired,
    /// It is no code of ours, or not for this.
    #[error("there is no such code")]
    NoSuchCode,

    // cancelling
    #[error("there is no such payment")]
    NoSuchPayment,
    #[error("the payment was cancelled")]
    AlreadyCancelled,
    /// "Cashiers see and hear; only managers and owners refund."
    #[error("only managers and owners cancel")]
    ManagersOnly,
    #[error("between 1 and {left} can be cancelled")]
    CancelAmount { left: Won },

    // refunding
    #[error("there is no such lot")]
    NoSuchLot,
    /// Once so much more is spent, so much comes back.
    #[error("{spend} more to be spent, then {back} comes back")]
    NotYetRefundable { spend: Won, back: Won },
    /// Something was paid or given back since the page was made.
    #[error("{back} comes back by now")]
    RefundChanged { back: Won },
    #[error("nothing comes back")]
    NothingToRefund,

    // gifting
    #[error("between 1 and {left} can be given")]
    GiftAmount { left: Won },
    #[error("nobody gives to themselves")]
    GiftToYourself,
    #[error("that is too far ahead")]
    GiftTooFarAhead,
    /// Some of them have to be answered first, or a day has to pass.
    #[error("{most} gifts are under way already")]
    TooManyGifts { most: i64 },
    /// There is none, or it is for somebody else, or was not delivered yet.
    #[error("there is no such gift")]
    NoSuchGift,
    /// Accepted by somebody else, or with its sender again.
    #[error("the gift is over")]
    GiftOver,
    #[error("gifts of {cap} a month, left {left}")]
    GiftMonthCap { left: Won, cap: Won },
    /// As [`Refused::HoldingCap`], of whoever accepts.
    #[error("holding cap {cap}, left {left}")]
    GiftHoldingCap { left: Won, cap: Won },

    // all
    /// The id was used before for something else.
    #[error("this id was used for something else")]
    IdReused,
    /// More is waiting than can be served in time: nothing was done, the same may be sent again.
    #[error("too busy, nothing was done")]
    Busy,
}
