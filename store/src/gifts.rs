//! Gifts: what the till is asked for, who may see what of them, and the messages that they cause.
//!
//! A link to a gift is its id and a keyed hash of it: it can be shown again at any time, nothing of it is kept, and nobody guesses one.

use crate::codes::SMS;
use crate::db::{Store, Write};
use crate::error::Result;
use crate::history::{Fits, HistoryRow, Stretch, page_size};
use crate::keys::Purpose;
use crate::people::Language;
use crate::pins::PinProof;
use crate::row::{self, kind_columns};
use domain::gifting::{self, Back, Card, Gift, Message, Part, Receiver, State, Wish};
use domain::phone::Phone;
use domain::{EscrowId, GiftId, KindId, PersonId, Refused, Timestamp};
use serde_json::json;
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;
use subtle::ConstantTimeEq;

/// Bytes of the keyed hash in a link: 128 bits.
const PROOF: usize = 16;
const ID: usize = 16;
/// Gifts that one round delivers, returns or tells of.
const ROUND: i64 = 200;
const LINES: i64 = 100;
const DAY_MS: i64 = 86_400_000;

/// What a person gives, as the page sent it; the person comes from the proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiftOrder {
    pub id: GiftId,
    pub kind: KindId,
    pub parts: Vec<Part>,
    /// `None`: whoever has the link.
    pub to: Option<Phone>,
    pub card: Card,
    pub message: Message,
    /// `None`: at once.
    pub deliver_at: Option<Timestamp>,
}

/// A gift as its sender sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentGift {
    pub gift: Gift,
    pub to: Option<Phone>,
    /// The name of whoever accepted it.
    pub receiver: Option<String>,
}

/// A gift as whoever opens it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedGift {
    pub gift: Gift,
    pub sender: PersonId,
    pub sender_name: String,
    pub to: Option<Phone>,
    pub receiver: Option<PersonId>,
}

impl OpenedGift {
    /// When it was decided; before that, when it was delivered.
    pub(crate) fn accepted_at(&self) -> Timestamp {
        self.gift.decided_at.unwrap_or(self.gift.delivers_at)
    }
}

macro_rules! gift_columns {
    () => {
        concat!(
            kind_columns!(),
            ", gift.id AS id, gift.escrow AS escrow, gift.amount AS amount, gift.to_phone AS to_phone, gift.card AS card, \
             gift.message AS message, gift.state AS state, gift.created_at AS created_at, gift.delivers_at AS delivers_at, \
             gift.ends_at AS ends_at, gift.decided_at AS decided_at, gift.thanks AS thanks, gift.sender_id AS sender_id, \
             gift.receiver_id AS receiver_id"
        )
    };
}

impl Store {
    /// Puts what is given into escrow, for whoever proved the PIN. The same order again changes nothing.
    pub async fn give(&self, proof: PinProof, order: GiftOrder, now: Timestamp) -> Result<Result<State, Refused>> {
        let sender = proof.person();
        let Some(own) = self.receiver(sender).await? else { return Ok(Err(Refused::NoSuchLot)) };
        let count = "SELECT COUNT(*) AS count FROM gift WHERE sender_id = $1 AND (state = 'waiting' OR created_at > $3) \
                     AND NOT EXISTS (SELECT 1 FROM gift same WHERE same.id = $2)";
        let count = sqlx::query(count).bind(sender.0).bind(order.id.uuid().as_bytes().to_vec()).bind(crate::millis(now) - DAY_MS);
        if row::int(&count.fetch_one(self.reads()).await?, "count")? >= gifting::AT_ONCE_MAX {
            return Ok(Err(Refused::TooManyGifts { most: gifting::AT_ONCE_MAX }));
        }
        let GiftOrder { id, kind, parts, to, card, message, deliver_at } = order;
        self.till().give(Wish { id, sender, kind, parts, to, card, message, deliver_at }, own.phone, now).await
    }

    /// Makes the gift this person's.
    pub async fn accept_gift(&self, person: PersonId, gift: GiftId, now: Timestamp) -> Result<Result<State, Refused>> {
        let Some(receiver) = self.receiver(person).await? else { return Ok(Err(Refused::NoSuchGift)) };
        self.till().accept_gift(gift, receiver, now).await
    }

    /// Gives it back to its sender.
    pub async fn decline_gift(&self, person: PersonId, gift: GiftId, now: Timestamp) -> Result<Result<State, Refused>> {
        let Some(by) = self.receiver(person).await? else { return Ok(Err(Refused::NoSuchGift)) };
        self.till().gift_back(gift, Back::Declined { by }, now).await
    }

    /// Its sender has it again, unless somebody was quicker.
    pub async fn take_gift_back(&self, by: PersonId, gift: GiftId, now: Timestamp) -> Result<Result<State, Refused>> {
        self.till().gift_back(gift, Back::TakenBack { by }, now).await
    }

    /// A word to the sender, once, from whoever accepted it. False: it is not theirs to thank for, or they have.
    pub async fn thank(&self, person: PersonId, gift: GiftId, thanks: &Message, now: Timestamp) -> Result<bool> {
        if thanks.is_empty() {
            return Ok(false);
        }
        let mut write = self.write().await?;
        let update = "UPDATE gift SET thanks = $3, thanked_at = $4 WHERE id = $1 AND receiver_id = $2 AND thanks IS NULL";
        let update = sqlx::query(update).bind(gift.uuid().as_bytes().to_vec()).bind(person.0);
        let is_first = update.bind(thanks.as_str().to_owned()).bind(crate::millis(now)).execute(write.tx()).await?.rows_affected() == 1;
        if is_first {
            self.tell_sender(&mut write, gift, Told::Thanks, now).await?;
        }
        write.commit().await?;
        Ok(is_first)
    }

    /// What a link to the gift names it by: 64 hexadecimal digits.
    pub fn gift_link(&self, gift: GiftId) -> String {
        hex::encode([gift.uuid().as_bytes().as_slice(), &self.proof_of(gift)].concat())
    }

    /// The gift that a link names. `None`: it is no link of ours.
    pub fn gift_by_link(&self, link: &str) -> Option<GiftId> {
        let mut bytes = [0; ID + PROOF];
        hex::decode_to_slice(link, &mut bytes).ok()?;
        let (id, proof) = bytes.split_at(ID);
        let gift = GiftId::from_bytes(id).ok()?;
        bool::from(self.proof_of(gift).ct_eq(proof)).then_some(gift)
    }

    fn proof_of(&self, gift: GiftId) -> [u8; PROOF] {
        let mut proof = [0; PROOF];
        proof.copy_from_slice(&self.keys().hash(Purpose::GiftLink, &[gift.uuid().as_bytes()])[..PROOF]);
        proof
    }

    /// As whoever holds its link sees it. `None`: there is no such gift, or it is to be delivered later.
    pub async fn opened_gift(&self, gift: GiftId, now: Timestamp) -> Result<Option<OpenedGift>> {
        let select = concat!(
            "SELECT ",
            gift_columns!(),
            ", person.name AS person_name FROM gift JOIN kind ON kind.id = gift.kind_id JOIN person ON person.id = gift.sender_id \
             WHERE gift.id = $1 AND gift.delivers_at <= $2"
        );
        let select = sqlx::query(select).bind(gift.uuid().as_bytes().to_vec()).bind(crate::millis(now));
        select.fetch_optional(self.reads()).await?.as_ref().map(opened).transpose()
    }

    /// Gifts to the phone of this person that wait for an answer, those that end first first.
    pub async fn gifts_for(&self, person: PersonId, now: Timestamp) -> Result<Vec<OpenedGift>> {
        let select = concat!(
            "SELECT ",
            gift_columns!(),
            ", person.name AS person_name FROM member JOIN gift ON gift.to_phone = member.phone AND gift.state = 'waiting' \
             JOIN kind ON kind.id = gift.kind_id JOIN person ON person.id = gift.sender_id \
             WHERE member.person_id = $1 AND gift.delivers_at <= $2 AND gift.ends_at > $2 ORDER BY gift.ends_at, gift.escrow LIMIT $3"
        );
        let select = sqlx::query(select).bind(person.0).bind(crate::millis(now)).bind(LINES);
        select.fetch_all(self.reads()).await?.iter().map(opened).collect()
    }

    /// What a person has accepted, the newest first, at most 100.
    pub async fn gifts_received(&self, person: PersonId) -> Result<Vec<OpenedGift>> {
        let select = concat!(
            "SELECT ",
            gift_columns!(),
            ", person.name AS person_name FROM gift JOIN kind ON kind.id = gift.kind_id JOIN person ON person.id = gift.sender_id \
             WHERE gift.receiver_id = $1 ORDER BY gift.decided_at DESC, gift.escrow DESC LIMIT $2"
        );
        sqlx::query(select).bind(person.0).bind(LINES).fetch_all(self.reads()).await?.iter().map(opened).collect()
    }

    /// What a person gave, the newest first, at most 100.
    pub async fn gifts_sent(&self, person: PersonId) -> Result<Vec<SentGift>> {
        let select = concat!(
            "SELECT ",
            gift_columns!(),
            ", person.name AS person_name FROM gift JOIN kind ON kind.id = gift.kind_id LEFT JOIN person ON person.id = gift.receiver_id \
             WHERE gift.sender_id = $1 ORDER BY gift.created_at DESC, gift.escrow DESC LIMIT $2"
        );
        sqlx::query(select).bind(person.0).bind(LINES).fetch_all(self.reads()).await?.iter().map(sent).collect()
    }

    /// What a person gave (when it was given) and received (when it was accepted) in a stretch, if `fits` is given only of these kinds or this
    /// amount; the newest `limit` of each, in no order.
    pub(crate) async fn gifts_in(&self, person: PersonId, stretch: Stretch, fits: Option<&Fits>, limit: i64) -> Result<Vec<HistoryRow>> {
        let Some(condition) = Fits::condition(fits, 7, "gift.kind_id", &["gift.amount"]) else { return Ok(Vec::new()) };
        let select = |who: &str, other: &str, at: &str| {
            format!(
                concat!(
                    "SELECT ",
                    gift_columns!(),
                    ", person.name AS person_name FROM gift JOIN kind ON kind.id = gift.kind_id LEFT JOIN person ON person.id = gift.{other} \
                     WHERE gift.{who} = $1 AND (gift.{at}, gift.id) < ($2, $3) AND (gift.{at}, gift.id) >= ($4, $5){condition} \
                     ORDER BY gift.{at} DESC, gift.id DESC LIMIT $6"
                ),
                who = who,
                other = other,
                at = at,
                condition = condition
            )
        };
        let mut rows = Vec::new();
        let gave = select("sender_id", "receiver_id", "created_at");
        let gave = stretch.bind(sqlx::query(AssertSqlSafe(gave)).bind(person.0)).bind(page_size(limit));
        for row in &Fits::bind(fits, gave).fetch_all(self.reads()).await? {
            rows.push(HistoryRow::Gave(sent(row)?));
        }
        let got = select("receiver_id", "sender_id", "decided_at");
        let got = stretch.bind(sqlx::query(AssertSqlSafe(got)).bind(person.0)).bind(page_size(limit));
        for row in &Fits::bind(fits, got).fetch_all(self.reads()).await? {
            rows.push(HistoryRow::Got(opened(row)?));
        }
        Ok(rows)
    }

    /// `None`: no such gift, or it is someone else's.
    pub async fn gift_sent(&self, person: PersonId, gift: GiftId) -> Result<Option<SentGift>> {
        let select = concat!(
            "SELECT ",
            gift_columns!(),
            ", person.name AS person_name FROM gift JOIN kind ON kind.id = gift.kind_id LEFT JOIN person ON person.id = gift.receiver_id \
             WHERE gift.id = $1 AND gift.sender_id = $2"
        );
        let select = sqlx::query(select).bind(gift.uuid().as_bytes().to_vec()).bind(person.0);
        select.fetch_optional(self.reads()).await?.as_ref().map(sent).transpose()
    }

    /// Returns gifts that nobody answered in time, a round of them: so many. Nodes may do it beside each other.
    pub async fn return_gifts(&self, now: Timestamp) -> Result<usize> {
        let select = "SELECT id FROM gift WHERE state = 'waiting' AND ends_at <= $1 ORDER BY ends_at LIMIT $2";
        let due = sqlx::query(select).bind(crate::millis(now)).bind(ROUND).fetch_all(self.reads()).await?;
        let mut returned = 0;
        for row in &due {
            // Refused: somebody was quicker.
            let outcome = self.till().gift_back(gift_id(row)?, Back::Returned, now).await?;
            returned += usize::from(outcome == Ok(State::Returned));
        }
        Ok(returned)
    }

    /// Puts the messages that are due into the outbox, each once: to the phones that gifts are for, and to the senders of those that were
    /// answered or came back. So many; 0: that was all. `address`: of our pages, for the links.
    pub async fn tell_gifts(&self, address: &str, now: Timestamp) -> Result<usize> {
        Ok(self.tell_receivers(address, now).await? + self.tell_senders(now).await?)
    }

    async fn tell_receivers(&self, address: &str, now: Timestamp) -> Result<usize> {
        let select = "SELECT gift.id AS id, gift.to_phone AS to_phone, gift.state AS state, person.name AS person_name FROM gift \
                      JOIN person ON person.id = gift.sender_id WHERE gift.told_of_at IS NULL AND gift.delivers_at <= $1 \
                      ORDER BY gift.delivers_at LIMIT $2";
        let due = sqlx::query(select).bind(crate::millis(now)).bind(ROUND).fetch_all(self.reads()).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let mut write = self.write().await?;
        for row in &due {
            let gift = gift_id(row)?;
            let update = "UPDATE gift SET told_of_at = $2 WHERE id = $1 AND told_of_at IS NULL";
            let update = sqlx::query(update).bind(gift.uuid().as_bytes().to_vec()).bind(crate::millis(now));
            let is_first = update.execute(write.tx()).await?.rows_affected() == 1;
            // Taken back before it was delivered: nobody hears of it.
            let waits = row::parsed(row, "state", State::parse)? == State::Waiting;
            let Some(phone) = row::text_if_any(row, "to_phone")?.filter(|_| is_first && waits) else { continue };
            let sender = row::text(row, "person_name")?;
            // Whoever it is for may be no member: in the language of the city.
            let text = format!("[Pay+] {sender} 님이 상품권을 선물했어요. 7일 안에 받아 주세요. {address}/gift/{}", self.gift_link(gift));
            write.put_effect(SMS, &json!({ "to": phone, "text": text }), self.next_id(now), now).await?;
        }
        write.commit().await?;
        Ok(due.len())
    }

    async fn tell_senders(&self, now: Timestamp) -> Result<usize> {
        let select = "SELECT id FROM gift WHERE told_end_at IS NULL AND decided_at IS NOT NULL ORDER BY decided_at LIMIT $1";
        let due = sqlx::query(select).bind(ROUND).fetch_all(self.reads()).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let mut write = self.write().await?;
        for row in &due {
            let gift = gift_id(row)?;
            let update = "UPDATE gift SET told_end_at = $2 WHERE id = $1 AND told_end_at IS NULL";
            let update = sqlx::query(update).bind(gift.uuid().as_bytes().to_vec()).bind(crate::millis(now));
            if update.execute(write.tx()).await?.rows_affected() == 1 {
                self.tell_sender(&mut write, gift, Told::End, now).await?;
            }
        }
        write.commit().await?;
        Ok(due.len())
    }

    async fn tell_sender(&self, write: &mut Write, gift: GiftId, told: Told, now: Timestamp) -> Result<()> {
        let select = "SELECT member.phone, member.language, gift.state, gift.amount FROM gift JOIN member ON member.person_id = gift.sender_id \
                      WHERE gift.id = $1 AND member.phone NOT LIKE 'gone:%'";
        let select = sqlx::query(select).bind(gift.uuid().as_bytes().to_vec());
        let Some(row) = select.fetch_optional(write.tx()).await? else { return Ok(()) };
        let language = row::parsed(&row, "language", Language::parse)?;
        let state = row::parsed(&row, "state", State::parse)?;
        let Some(text) = sentence(language, told, state) else { return Ok(()) };
        let text = format!("[Pay+] {}", text.replace("{}", &row::won(&row, "amount")?.to_string()));
        write.put_effect(SMS, &json!({ "to": row::text(&row, "phone")?, "text": text }), self.next_id(now), now).await
    }

    /// With the verified phone. `None`: no member.
    async fn receiver(&self, person: PersonId) -> Result<Option<Receiver>> {
        Ok(self.member(person).await?.and_then(|member| Some(Receiver { person, phone: member.phone? })))
    }
}

/// What a sender is told.
#[derive(Copy, Clone)]
enum Told {
    End,
    Thanks,
}

/// `{}` is the amount. `None`: whoever took it back knows.
fn sentence(language: Language, told: Told, state: State) -> Option<&'static str> {
    Some(match (told, state, language) {
        (Told::Thanks, _, Language::Ko) => "선물한 {}원에 고맙다는 인사가 왔어요. 선물함에서 볼 수 있어요.",
        (Told::Thanks, _, Language::En) => "You were thanked for your gift of {} won. See your gifts.",
        (Told::End, State::Accepted, Language::Ko) => "선물한 {}원을 받으셨어요.",
        (Told::End, State::Accepted, Language::En) => "Your gift of {} won was accepted.",
        (Told::End, State::Declined, Language::Ko) => "선물한 {}원을 받지 않으셔서 지갑으로 돌아왔어요.",
        (Told::End, State::Declined, Language::En) => "Your gift of {} won was declined and is in your wallet again.",
        (Told::End, State::Returned, Language::Ko) => "선물한 {}원을 7일 동안 받지 않아서 지갑으로 돌아왔어요.",
        (Told::End, State::Returned, Language::En) => "Nobody accepted your gift of {} won in seven days. It is in your wallet again.",
        (Told::End, State::TakenBack | State::Waiting, _) => return None,
    })
}

fn gift_id(row: &AnyRow) -> Result<GiftId> {
    GiftId::from_bytes(&row::bytes(row, "id")?).map_err(|_| row::damaged("gift.id"))
}

fn message(row: &AnyRow, column: &str) -> Result<Option<Message>> {
    row::text_if_any(row, column)?.map(|text| Message::parse(&text).map_err(|_| row::damaged(column))).transpose()
}

fn phone(row: &AnyRow) -> Result<Option<Phone>> {
    row::text_if_any(row, "to_phone")?.map(|text| Phone::parse(&text).map_err(|_| row::damaged("to_phone"))).transpose()
}

fn gift(row: &AnyRow) -> Result<Gift> {
    Ok(Gift {
        id: gift_id(row)?,
        escrow: EscrowId(row::int(row, "escrow")?),
        kind: row::kind(row)?,
        amount: row::won(row, "amount")?,
        card: row::parsed(row, "card", Card::parse)?,
        message: message(row, "message")?.unwrap_or_default(),
        state: row::parsed(row, "state", State::parse)?,
        created_at: row::time(row, "created_at")?,
        delivers_at: row::time(row, "delivers_at")?,
        ends_at: row::time(row, "ends_at")?,
        decided_at: row::time_if_any(row, "decided_at")?,
        thanks: message(row, "thanks")?,
    })
}

fn sent(row: &AnyRow) -> Result<SentGift> {
    Ok(SentGift { gift: gift(row)?, to: phone(row)?, receiver: row::text_if_any(row, "person_name")? })
}

fn opened(row: &AnyRow) -> Result<OpenedGift> {
    Ok(OpenedGift {
        gift: gift(row)?,
        sender: PersonId(row::int(row, "sender_id")?),
        sender_name: row::text(row, "person_name")?,
        to: phone(row)?,
        receiver: row::int_if_any(row, "receiver_id")?.map(PersonId),
    })
}
