//! The server functions of refunds.

use crate::Error;
use domain::kind::Kind;
use domain::refunding::Refund;
use domain::spending::Lot;
use domain::{RefundId, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What somebody holds of one kind.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct LotsView {
    pub kind: Kind,
    /// Oldest first.
    pub lots: Vec<Lot>,
    /// Whose time is over, with something of them not claimed; the last that ended first.
    pub expired: Vec<Lot>,
    /// Of this kind, under way.
    pub open: Vec<Refund>,
    pub now: Timestamp,
}

/// A lot, to be refunded.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RefundDesk {
    /// Made anew for each page: sending it twice refunds once.
    pub refund: RefundId,
    pub kind: Kind,
    pub lot: Lot,
    /// The linked bank account, masked.
    pub account: Option<String>,
    pub now: Timestamp,
}

/// A refund and where its money goes.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RefundViewed {
    pub refund: Refund,
    /// Masked, while it is the linked one.
    pub account: Option<String>,
    pub now: Timestamp,
}

/// The lots of a kind of whoever asks. Not found: there is no such kind.
#[server(prefix = "/api", endpoint = "refunds/lots")]
pub async fn load_lots(kind: String) -> Result<LotsView, Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let (who, now) = (signed_in().await?, now());
        let id: domain::KindId = kind.parse().map_err(|_| Error::NotFound)?;
        let wallet = services().store.wallet(who.person, now).await?;
        let mut open = services().store.open_refunds(who.person).await?;
        open.retain(|refund| refund.kind.id == id);
        let kind = services().store.kinds().await?.into_iter().find(|kind| kind.id == id).ok_or(Error::NotFound)?;
        let lots = wallet.lots.into_iter().filter(|lot| lot.kind == id).collect();
        let expired = services().store.expired_lots(who.person, now).await?;
        let expired = expired.into_iter().map(|(lot, _)| lot).filter(|lot| lot.kind == id).collect();
        Ok(LotsView { kind, lots, expired, open, now })
    })
    .await
}

/// A lot of whoever asks, as it would be refunded now.
#[server(prefix = "/api", endpoint = "refunds/desk")]
pub async fn load_desk(lot: String) -> Result<RefundDesk, Error> {
    use crate::web::{answer, new_id, now, services, signed_in};
    answer(async {
        let (who, now) = (signed_in().await?, now());
        let id: domain::LotId = lot.parse().map_err(|_| Error::NotFound)?;
        let store = services().store;
        let member = store.member(who.person).await?.ok_or(Error::SignedOut)?;
        let wallet = store.wallet(who.person, now).await?;
        // Spent, under way or refunded; somebody else's is not told apart.
        let (lot, kind) = match wallet.lots.into_iter().find(|lot| lot.id == id) {
            Some(lot) => (lot, wallet.kinds.into_iter().find(|kind| kind.id == lot.kind).ok_or(Error::NotFound)?),
            None => {
                let mut expired = store.expired_lots(who.person, now).await?.into_iter();
                expired.find(|(lot, _)| lot.id == id).ok_or(Error::Refused(domain::Refused::NothingToRefund))?
            }
        };
        let (ms, random) = new_id();
        Ok(RefundDesk { refund: RefundId::from_parts(ms, random), kind, lot, account: member.bank_masked, now })
    })
    .await
}

/// Refunds: empties the lot, then has the bank pay. Goes to the refund's own page, which follows it.
#[server(prefix = "/api", endpoint = "refunds/refund")]
pub async fn ask_refund(refund: String, lot: String, back: String, pin: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, prove_pin, services, signed_in};
    use domain::Won;
    use store::RefundOrder;
    answer(async {
        let who = signed_in().await?;
        let id = refund.parse().map_err(|_| Input::Id)?;
        let lot = lot.parse().map_err(|_| Input::Id)?;
        let back = back.parse().ok().and_then(|won| Won::new(won).ok()).ok_or(Error::BadRequest)?;
        let proof = prove_pin(&who, &pin).await?;
        let credit = services().store.refund(proof, RefundOrder { id, lot, back }, now()).await??;
        super::bank::pay_back(&services(), credit).await;
        go(&format!("/refunds/{id}"));
        Ok(())
    })
    .await
}

/// A refund of whoever asks.
#[server(prefix = "/api", endpoint = "refunds/get")]
pub async fn refund_view(id: String) -> Result<RefundViewed, Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let id: RefundId = id.parse().map_err(|_| Error::NotFound)?;
        let refund = services().store.refund_of(who.person, id).await?.ok_or(Error::NotFound)?;
        let account = services().store.credited_account(who.person, id).await?;
        Ok(RefundViewed { refund, account, now: now() })
    })
    .await
}
