//! What home loads.

use super::held::{Claimable, Held};
use crate::Error;
use crate::buying::offer::Offer;
use crate::gifting::calls::GiftLine;
use domain::Timestamp;
use domain::buying::Purchase;
use domain::kind::BasisPoints;
use domain::paying::Payment;
use domain::refunding::Refund;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What home shows.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum HomeView {
    Stranger {
        /// Of the citywide kind, else of any; none when there is no kind yet.
        discount: Option<BasisPoints>,
    },
    Member(Box<MemberHome>),
}

/// Personal.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberHome {
    pub name: String,
    /// By kind, the nearest expiry first.
    pub held: Vec<Held>,
    /// Of vouchers whose time is over.
    pub claimable: Vec<Claimable>,
    /// The sale that matters most: one that can be bought from, else the next.
    pub offer: Option<Offer>,
    /// What the bank has not answered.
    pub open: Vec<Purchase>,
    pub refunds: Vec<Refund>,
    /// That wait for an answer.
    pub gifts: Vec<GiftLine>,
    /// The last three.
    pub payments: Vec<Payment>,
    pub now: Timestamp,
}

/// Home of whoever asks.
#[server(prefix = "/api", endpoint = "home")]
pub async fn home() -> Result<HomeView, Error> {
    use crate::web::{answer, now, services, who};
    const LAST_PAYMENTS: i64 = 3;
    answer(async {
        let (who, store, now) = (who().await?, services().store, now());
        let member = match &who {
            Some(who) => store.member(who.person).await?,
            None => None,
        };
        let (Some(who), Some(member)) = (who, member) else {
            return Ok(HomeView::Stranger { discount: store.kinds().await?.first().map(|kind| kind.discount) });
        };
        let wallet = store.wallet(who.person, now).await?;
        let offers = crate::buying::calls::serve::offers_for(who.person, member.birth_year(), now).await?;
        Ok(HomeView::Member(Box::new(MemberHome {
            name: member.name,
            held: Held::of(&wallet.lots, &wallet.kinds, now),
            claimable: Claimable::of(&store.expired_lots(who.person, now).await?, now),
            offer: offers.into_iter().next(),
            open: store.open_purchases(who.person).await?,
            refunds: store.open_refunds(who.person).await?,
            gifts: store.gifts_for(who.person, now).await?.into_iter().map(crate::gifting::calls::serve::line).collect(),
            payments: store.payments(who.person, None, LAST_PAYMENTS).await?,
            now,
        })))
    })
    .await
}
