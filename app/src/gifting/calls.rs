//! The server functions of gifts.

use crate::Error;
use domain::gifting::Gift;
use domain::kind::Kind;
use domain::spending::Lot;
use domain::{GiftId, Timestamp, Won};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What can be given of one kind.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct GiftDesk {
    /// Made anew for each page: sending it twice gives once.
    pub gift: GiftId,
    pub kind: Kind,
    /// Those that end first first.
    pub lots: Vec<Lot>,
    pub now: Timestamp,
}

/// A part of a gift, as it was typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TypedPart {
    pub lot: String,
    /// Empty: nothing of it.
    #[serde(default)]
    pub amount: String,
}

/// A gift as it was typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TypedGift {
    pub gift: String,
    pub kind: String,
    #[serde(default)]
    pub parts: Vec<TypedPart>,
    /// `phone` or `link`.
    pub to: String,
    #[serde(default)]
    pub phone: String,
    pub card: String,
    #[serde(default)]
    pub message: String,
    /// Empty: at once; else at nine in its morning.
    #[serde(default)]
    pub day: String,
}

/// A gift as its sender follows it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SentView {
    pub gift: Gift,
    /// The phone that it is for, as it was typed; `None`: whoever has the link.
    pub to: Option<String>,
    /// Part of the name of whoever accepted it.
    pub receiver: Option<String>,
    /// The whole link, while the gift waits.
    pub link: String,
    pub now: Timestamp,
}

/// How whoever looks at a gift stands to it.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Looks {
    /// Has to sign in (or up) first.
    Stranger,
    /// May accept it, or has.
    Receiver,
    Sender,
}

/// A gift as whoever has its link sees it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenedView {
    pub gift: Gift,
    pub link: String,
    pub sender: String,
    pub looks: Looks,
    /// By whoever looks.
    pub is_mine: bool,
    pub now: Timestamp,
}

/// A gift in a list, with where it leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiftLine {
    pub href: String,
    pub amount: Won,
    pub kind: Kind,
    /// Who gave it, or to whom it was given.
    pub who: Option<String>,
    pub state: domain::gifting::State,
    pub at: Timestamp,
    pub ends_at: Timestamp,
    /// It is not delivered yet.
    pub is_ahead: bool,
    /// By whoever looks.
    pub is_sent: bool,
}

/// Everything that was given and received.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Gifts {
    pub waiting: Vec<GiftLine>,
    pub sent: Vec<GiftLine>,
    pub received: Vec<GiftLine>,
    pub now: Timestamp,
}

#[cfg(feature = "ssr")]
pub mod serve {
    use super::*;
    use crate::web::{now, services};
    use domain::plan::Feature;
    use store::{OpenedGift, SentGift};

    /// Gifts rest while a sale is on ("Gifts" in the specification); what was given can always be taken back and declined.
    pub(super) async fn is_open() -> Result<(), Error> {
        match services().store.suspended_until(Feature::Gifts, now()).await? {
            Some(until) => Err(Error::Suspended { until }),
            None => Ok(()),
        }
    }

    /// Of whoever accepted: enough for those who know them.
    pub(super) fn masked(name: &str) -> String {
        let letters: Vec<char> = name.chars().collect();
        let is_hidden = |at: usize| at > 0 && (at + 1 < letters.len() || letters.len() == 2) && letters[at] != ' ';
        letters.iter().enumerate().map(|(at, letter)| if is_hidden(at) { '*' } else { *letter }).collect()
    }

    pub fn sent_line(sent: SentGift, now: Timestamp) -> GiftLine {
        let SentGift { gift, to, receiver } = sent;
        GiftLine {
            href: format!("/gifts/{}", gift.id),
            amount: gift.amount,
            kind: gift.kind,
            who: receiver.map(|name| masked(&name)).or_else(|| to.map(|phone| phone.to_string())),
            state: gift.state,
            at: gift.created_at,
            ends_at: gift.ends_at,
            is_ahead: gift.delivers_at > now,
            is_sent: true,
        }
    }

    /// Of a gift to whoever asks.
    pub fn line(opened: OpenedGift) -> GiftLine {
        let gift = opened.gift;
        GiftLine {
            href: format!("/gift/{}", services().store.gift_link(gift.id)),
            amount: gift.amount,
            kind: gift.kind,
            who: Some(opened.sender_name),
            state: gift.state,
            at: gift.decided_at.unwrap_or(gift.delivers_at),
            ends_at: gift.ends_at,
            is_ahead: false,
            is_sent: false,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::masked;

        #[test]
        fn a_name_is_known_to_those_who_know_it() {
            for (name, shown) in [("김서울", "김*울"), ("김구", "김*"), ("남궁민수", "남**수"), ("Ann Lee", "A** **e"), ("별", "별")]
            {
                assert_eq!(masked(name), shown);
            }
        }
    }
}

/// What whoever asks can give of a kind.
#[server(prefix = "/api", endpoint = "gifts/desk")]
pub async fn load_gift_desk(kind: String) -> Result<GiftDesk, Error> {
    use crate::web::{answer, new_id, now, services, signed_in};
    answer(async {
        let (who, now) = (signed_in().await?, now());
        serve::is_open().await?;
        let id: domain::KindId = kind.parse().map_err(|_| Error::NotFound)?;
        let wallet = services().store.wallet(who.person, now).await?;
        let kind = services().store.kinds().await?.into_iter().find(|kind| kind.id == id).ok_or(Error::NotFound)?;
        let mut lots: Vec<Lot> = wallet.lots.into_iter().filter(|lot| lot.kind == id).collect();
        lots.sort_by_key(|lot| (lot.expires_at, lot.bought_at, lot.id));
        lots.truncate(domain::gifting::PARTS_MAX);
        let (ms, random) = new_id();
        Ok(GiftDesk { gift: GiftId::from_parts(ms, random), kind, lots, now })
    })
    .await
}

/// Gives, and goes to the gift's own page.
#[server(prefix = "/api", endpoint = "gifts/give")]
pub async fn give(typed: TypedGift, pin: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, prove_pin, services, signed_in};
    use domain::amount_input;
    use domain::calendar::seoul_at;
    use domain::gifting::{Card, Message, Part};
    use domain::phone::Phone;
    use store::GiftOrder;
    answer(async {
        let who = signed_in().await?;
        serve::is_open().await?;
        let TypedGift { gift, kind, parts, to, phone, card, message, day } = typed;
        let id: GiftId = gift.parse().map_err(|_| Input::Id)?;
        let kind = kind.parse().map_err(|_| Input::Id)?;
        let typed = parts.into_iter().filter(|part| !part.amount.trim().is_empty());
        let part = |part: TypedPart| -> Result<Part, Error> {
            let amount = Won::of(amount_input::parse_won(&part.amount).map_err(Input::Amount)?);
            Ok(Part { lot: part.lot.parse().map_err(|_| Input::Id)?, amount })
        };
        let parts = typed.map(part).collect::<Result<Vec<_>, _>>()?;
        if parts.is_empty() {
            return Err(Input::Amount(amount_input::AmountError::Empty).into());
        }
        let to = match to.as_str() {
            "phone" => Some(Phone::parse(&phone).map_err(Input::Phone)?),
            "link" => None,
            _ => return Err(Error::BadRequest),
        };
        let card = Card::parse(&card).ok_or(Error::BadRequest)?;
        let message = Message::parse(&message).map_err(|_| Input::Message)?;
        let nine = |day: &str| day.parse().ok().and_then(|day| seoul_at(day, 9, 0)).ok_or(Error::BadRequest);
        let deliver_at = (!day.trim().is_empty()).then(|| nine(day.trim())).transpose()?;
        let proof = prove_pin(&who, &pin).await?;
        services().store.give(proof, GiftOrder { id, kind, parts, to, card, message, deliver_at }, now()).await??;
        services().gifts.notify_one();
        go(&format!("/gifts/{id}"));
        Ok(())
    })
    .await
}

/// Everything that whoever asks gave and received.
#[server(prefix = "/api", endpoint = "gifts/list")]
pub async fn load_gifts() -> Result<Gifts, Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let (who, store, now) = (signed_in().await?, services().store, now());
        let waiting = store.gifts_for(who.person, now).await?.into_iter().map(serve::line).collect();
        let received = store.gifts_received(who.person).await?.into_iter().map(serve::line).collect();
        let sent = store.gifts_sent(who.person).await?.into_iter().map(|sent| serve::sent_line(sent, now)).collect();
        Ok(Gifts { waiting, sent, received, now })
    })
    .await
}

/// A gift of whoever asks.
#[server(prefix = "/api", endpoint = "gifts/sent")]
pub async fn load_sent(gift: String) -> Result<SentView, Error> {
    use crate::web::{address_of_page, answer, now, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let id: GiftId = gift.parse().map_err(|_| Error::NotFound)?;
        let sent = services().store.gift_sent(who.person, id).await?.ok_or(Error::NotFound)?;
        let link = address_of_page(&format!("/gift/{}", services().store.gift_link(id)));
        let receiver = sent.receiver.map(|name| serve::masked(&name));
        Ok(SentView { gift: sent.gift, to: sent.to.map(|phone| phone.to_string()), receiver, link, now: now() })
    })
    .await
}

/// The sender has it again.
#[server(prefix = "/api", endpoint = "gifts/take-back")]
pub async fn take_gift_back(gift: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let id = gift.parse().map_err(|_| Input::Id)?;
        services().store.take_gift_back(who.person, id, now()).await??;
        Ok(())
    })
    .await
}

/// The gift that a link names, for anybody who has it. Not found: no link of ours, for another phone, or not delivered yet.
#[server(prefix = "/api", endpoint = "gift/open")]
pub async fn open_gift(link: String) -> Result<OpenedView, Error> {
    use crate::web::{answer, now, services, who};
    answer(async {
        let (store, now) = (services().store, now());
        let id = store.gift_by_link(&link).ok_or(Error::NotFound)?;
        let opened = store.opened_gift(id, now).await?.ok_or(Error::NotFound)?;
        let who = who().await?;
        let member = match &who {
            Some(who) => store.member(who.person).await?,
            None => None,
        };
        let looks = match (&who, &member) {
            (Some(who), Some(_)) if who.person == opened.sender => Looks::Sender,
            (Some(_), Some(member)) if opened.to.is_some() && opened.to != member.phone => return Err(Error::NotFound),
            (Some(_), Some(_)) => Looks::Receiver,
            _ => Looks::Stranger,
        };
        let is_mine = who.is_some_and(|who| opened.receiver == Some(who.person));
        Ok(OpenedView { gift: opened.gift, link, sender: opened.sender_name, looks, is_mine, now })
    })
    .await
}

/// Accepts it: its lots are in the wallet.
#[server(prefix = "/api", endpoint = "gift/accept")]
pub async fn accept_gift(link: String) -> Result<(), Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        serve::is_open().await?;
        let id = services().store.gift_by_link(&link).ok_or(Error::NotFound)?;
        services().store.accept_gift(who.person, id, now()).await??;
        services().gifts.notify_one();
        Ok(())
    })
    .await
}

/// Gives it back to its sender.
#[server(prefix = "/api", endpoint = "gift/decline")]
pub async fn decline_gift(link: String) -> Result<(), Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let id = services().store.gift_by_link(&link).ok_or(Error::NotFound)?;
        services().store.decline_gift(who.person, id, now()).await??;
        services().gifts.notify_one();
        Ok(())
    })
    .await
}

/// A word to the sender, once.
#[server(prefix = "/api", endpoint = "gift/thank")]
pub async fn thank(link: String, #[server(default)] thanks: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, now, services, signed_in};
    use domain::gifting::Message;
    answer(async {
        let who = signed_in().await?;
        let id = services().store.gift_by_link(&link).ok_or(Error::NotFound)?;
        let thanks = Message::parse(&thanks).ok().filter(|thanks| !thanks.is_empty()).ok_or(Input::Message)?;
        if !services().store.thank(who.person, id, &thanks, now()).await? {
            return Err(Error::NotFound);
        }
        services().outbox.notify_one();
        Ok(())
    })
    .await
}
