//! The server functions of buying.

use super::offer::Offer;
use crate::Error;
use domain::buying::Purchase;
use domain::refunding::Refund;
use domain::{PurchaseId, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the page that buys works with.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Counter {
    /// Made anew for each page: sending it twice buys once.
    pub purchase: PurchaseId,
    /// Of the person who looks; decides the own window.
    pub birth_year: i16,
    /// The linked bank account, masked.
    pub account: Option<String>,
    /// Best first.
    pub offers: Vec<Offer>,
    pub now: Timestamp,
}

/// A purchase and how long it has been under way.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PurchaseViewed {
    pub purchase: Purchase,
    /// The account it was debited from, masked, while it is the linked one.
    pub account: Option<String>,
    /// What was given back of what it bought, or is on the way; oldest first.
    pub refunds: Vec<Refund>,
    pub now: Timestamp,
}

/// What is on sale for the person who asks.
#[server(prefix = "/api", endpoint = "offers/list")]
pub async fn offers() -> Result<Counter, Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let (who, now) = (signed_in().await?, now());
        let member = services().store.member(who.person).await?.ok_or(Error::SignedOut)?;
        let offers = serve::offers_for(who.person, member.birth_year(), now).await?;
        Ok(Counter { purchase: serve::new_id(), birth_year: member.birth_year(), account: member.bank_masked, offers, now })
    })
    .await
}

/// Buys: reserves, then has the bank debited. Goes to the purchase's own page, which follows it.
#[server(prefix = "/api", endpoint = "purchases/buy")]
pub async fn buy(purchase: String, window: String, face: String, pin: String) -> Result<(), Error> {
    use crate::web::{Cookie, answer, drop_cookie, go, now, prove_pin, services, signed_in};
    use store::Order;
    answer(async {
        let who = signed_in().await?;
        let order = serve::order(&purchase, &window, &face)?;
        let pass = serve::pass(&order, who.person).await?;
        let proof = prove_pin(&who, &pin).await?;
        let debit = services().store.buy(proof, Order { place: pass.map(|pass| pass.place), ..order }, now()).await??;
        if pass.is_some() {
            // Used up. Should the bank say no, the room gives it again.
            drop_cookie(Cookie::Pass);
        }
        super::bank::collect(&services(), debit, pass).await;
        go(&format!("/buy/{}", order.id));
        Ok(())
    })
    .await
}

/// A purchase of the person who asks.
#[server(prefix = "/api", endpoint = "purchases/get")]
pub async fn purchase_view(id: String) -> Result<PurchaseViewed, Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let id: PurchaseId = id.parse().map_err(|_| Error::NotFound)?;
        let purchase = services().store.purchase(who.person, id).await?.ok_or(Error::NotFound)?;
        let account = services().store.debited_account(who.person, id).await?;
        let refunds = services().store.refunds_of_purchase(who.person, id).await?;
        Ok(PurchaseViewed { purchase, account, refunds, now: now() })
    })
    .await
}

#[cfg(feature = "ssr")]
pub(crate) mod serve {
    use super::super::offer::{self, Offer};
    use crate::Error;
    use crate::error::Input;
    use crate::waiting::serve as room;
    use crate::web::services;
    use domain::amount_input::parse_won;
    use domain::room::Pass;
    use domain::{PersonId, PurchaseId, Timestamp, Won};
    use store::Order;

    /// What is on sale, as this person sees it, best first.
    pub(crate) async fn offers_for(person: PersonId, birth_year: i16, now: Timestamp) -> Result<Vec<Offer>, Error> {
        let store = services().store;
        let mut offers = Vec::new();
        for sale in store.on_sale(now).await? {
            let allowance = store.allowance(person, sale.kind.id).await?;
            let offer = Offer::of(sale.kind, &sale.windows, allowance, birth_year, now);
            offers.extend(offer.map(|offer| Offer { room: room::entry(offer.window.id, person, now), ..offer }));
        }
        Ok(offer::in_order(offers, now))
    }

    pub(super) fn new_id() -> PurchaseId {
        let id = uuid::Uuid::now_v7();
        PurchaseId::try_from(id).expect("a new id is of version 7")
    }

    /// What the form sent, at the door.
    pub(super) fn order(purchase: &str, window: &str, face: &str) -> Result<Order, Error> {
        let id = purchase.parse().map_err(|_| Input::Id)?;
        let window = window.parse().map_err(|_| Input::Id)?;
        let face = parse_won(face).map_err(Input::Amount)?;
        // More than there is money: as refused as any other amount that is too large.
        let face = Won::new(face).map_err(|_| Input::Amount(domain::amount_input::AmountError::TooLarge))?;
        Ok(Order { id, window, face, place: None })
    }

    /// The pass that the order needs; none is needed to send an order again.
    pub(super) async fn pass(order: &Order, person: PersonId) -> Result<Option<Pass>, Error> {
        match room::pass(order.window, person) {
            Err(_) if services().store.purchase(person, order.id).await?.is_some() => Ok(None),
            pass => pass,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn an_order_is_parsed_at_the_door() {
            let id = new_id().to_string();
            let face = |typed: &str| order(&id, "7", typed).map(|order| order.face);
            assert_eq!(face("10만 원"), Ok(Won::of(100_000)));
            assert_eq!(face("１００,０００"), Ok(Won::of(100_000)));
            for typed in ["", "-5", "0", "9223372036854775807", "99999999999999999999", "<b>"] {
                assert!(matches!(face(typed), Err(Error::Input(Input::Amount(_)))), "{typed}");
            }
            for (purchase, window) in [("", "7"), ("x", "7"), (id.as_str(), ""), (id.as_str(), "seven")] {
                assert_eq!(order(purchase, window, "10000"), Err(Error::Input(Input::Id)));
            }
        }
    }
}
