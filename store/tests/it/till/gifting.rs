use super::{allowance, bill, entries, lots};
use crate::world::{Citizen, World, on_both_engines, unique_bytes};
use domain::district::District;
use domain::gifting::{self, Back, Card, Message, Part, Receiver, State, Wish};
use domain::kind::Scope;
use domain::phone::Phone;
use domain::{GiftId, KindId, LotId, Refused, Timestamp, Won};
use futures::future::join_all;
use jiff::ToSpan;
use sqlx::Row;
use store::Store;

async fn phone_of(world: &World, citizen: &Citizen) -> Phone {
    world.store.member(citizen.id).await.unwrap().unwrap().phone.unwrap()
}

async fn receiver(world: &World, citizen: &Citizen) -> Receiver {
    Receiver { person: citizen.id, phone: phone_of(world, citizen).await }
}

/// A citizen with lots of these faces of the citywide kind, and those lots.
async fn holder_of(world: &World, faces: &[i64]) -> (Citizen, KindId, Vec<LotId>) {
    let kind = world.citywide().await;
    holder_of_kind(world, kind, faces).await
}

pub(super) async fn holder_of_kind(world: &World, kind: KindId, faces: &[i64]) -> (Citizen, KindId, Vec<LotId>) {
    let citizen = world.citizen().await;
    let window = world.window(kind, 9_000_000).await;
    for face in faces {
        world.buy(&citizen, window, *face).await;
    }
    let held = world.store.wallet(citizen.id, world.now).await.unwrap();
    (citizen, kind, held.lots.iter().map(|lot| lot.id).collect())
}

pub(super) fn wish(world: &World, sender: &Citizen, kind: KindId, parts: &[(LotId, i64)]) -> Wish {
    Wish {
        id: GiftId::from_parts(world.now.as_millisecond().unsigned_abs(), unique_bytes()),
        sender: sender.id,
        kind,
        parts: parts.iter().map(|(lot, amount)| Part { lot: *lot, amount: Won::of(*amount) }).collect(),
        to: None,
        card: Card::Birthday,
        message: Message::parse("생일 <b>축하</b>해\n맛있는 거 먹어").unwrap(),
        deliver_at: None,
    }
}

pub(super) async fn give(world: &World, wish: &Wish) -> Result<State, Refused> {
    let own = world.store.member(wish.sender).await.unwrap().unwrap().phone.unwrap();
    world.store.till().give(wish.clone(), own, world.now).await.unwrap()
}

pub(super) async fn accept(world: &World, gift: GiftId, by: &Citizen) -> Result<State, Refused> {
    world.store.accept_gift(by.id, gift, world.now).await.unwrap()
}

#[tokio::test]
async fn a_gift_waits_in_escrow_and_becomes_lots_of_its_receiver() {
    on_both_engines(async |world| {
        let (sender, kind, held) = holder_of(world, &[100_000, 50_000]).await;
        let friend = world.citizen().await;
        let wish = wish(world, &sender, kind, &[(held[0], 100_000), (held[1], 20_000)]);
        assert_eq!(give(world, &wish).await, Ok(State::Waiting));
        assert_eq!(give(world, &wish).await, Ok(State::Waiting), "sent again");
        assert_eq!(lots(world, sender.id).await, [0, 30_000]);
        assert_eq!(allowance(world, sender.id).await, (150_000, 150_000), "it counts as held until it is accepted");
        let mut given = entries(world, "gift").await;
        let escrow = given.pop().unwrap();
        assert_eq!((given, escrow), (vec![(2010, 100_000), (2010, 20_000)], (2050, -120_000)));

        assert_eq!(accept(world, wish.id, &friend).await, Ok(State::Accepted));
        assert_eq!(accept(world, wish.id, &friend).await, Ok(State::Accepted), "pressed twice");
        assert_eq!(allowance(world, sender.id).await, (150_000, 30_000));
        assert_eq!(allowance(world, friend.id).await, (0, 120_000), "what is given is not bought");
        let got = world.store.wallet(friend.id, world.now).await.unwrap().lots;
        let from = world.store.wallet(sender.id, world.now).await.unwrap().lots;
        assert_eq!(got.iter().map(|lot| (lot.face.get(), lot.paid.get())).collect::<Vec<_>>(), [(100_000, 93_000), (20_000, 18_600)]);
        assert!(got.iter().all(|lot| lot.expires_at == from[0].expires_at && lot.refund_from.is_none()));

        // Theirs to spend, and not to refund.
        let shop = world.shop().await;
        world.pay(&friend, &shop, 110_000).await;
        let lot = world.store.wallet(friend.id, world.now).await.unwrap().lots[0];
        assert_eq!(domain::refunding::quote(&lot, world.now), domain::refunding::Quote::Nothing);
        // What was given is not spent.
        assert_eq!(from[0].spent(), Won::ZERO);
    })
    .await;
}

#[tokio::test]
async fn declined_taken_back_or_late_it_is_the_senders_again() {
    on_both_engines(async |world| {
        let (sender, kind, held) = holder_of(world, &[100_000]).await;
        let friend = world.citizen().await;
        let till = world.store.till();
        let after = world.now + gifting::WAITS;
        let by = receiver(world, &friend).await;
        for (how, at, state) in [
            (Back::Declined { by }, world.now, State::Declined),
            (Back::TakenBack { by: sender.id }, world.now, State::TakenBack),
            (Back::Returned, after, State::Returned),
        ] {
            let wish = wish(world, &sender, kind, &[(held[0], 100_000)]);
            give(world, &wish).await.unwrap();
            assert_eq!(lots(world, sender.id).await, [0]);
            assert_eq!(till.gift_back(wish.id, Back::TakenBack { by: friend.id }, at).await.unwrap(), Err(Refused::NoSuchGift));
            assert_eq!(till.gift_back(wish.id, Back::Returned, world.now).await.unwrap(), Ok(State::Waiting), "not before its end");
            assert_eq!(till.gift_back(wish.id, how, at).await.unwrap(), Ok(state));
            assert_eq!(till.gift_back(wish.id, how, at).await.unwrap(), Ok(state), "again");
            assert_eq!(lots(world, sender.id).await, [100_000]);
            assert_eq!(allowance(world, sender.id).await, (100_000, 100_000));
            assert_eq!(accept(world, wish.id, &friend).await, Err(Refused::GiftOver));
        }
        // An untouched lot is untouched again.
        let lot = world.store.wallet(sender.id, world.now).await.unwrap().lots[0];
        assert_eq!(domain::refunding::quote(&lot, world.now).back(), Some(Won::of(93_000)));
    })
    .await;
}

#[tokio::test]
async fn what_can_not_be_given_is_refused_and_nothing_has_changed() {
    on_both_engines(async |world| {
        let (sender, kind, held) = holder_of(world, &[100_000]).await;
        let (other, _, others) = holder_of(world, &[50_000]).await;
        let own = phone_of(world, &sender).await;
        let left = |left: i64| Refused::GiftAmount { left: Won::of(left) };
        let gift = |parts: &[(LotId, i64)]| wish(world, &sender, kind, parts);
        for (wish, refused) in [
            (gift(&[]), left(0)),
            (gift(&[(held[0], 0)]), left(100_000)),
            (gift(&[(held[0], 100_001)]), left(100_000)),
            (gift(&[(held[0], 60_000), (held[0], 60_000)]), left(0)),
            (gift(&[(others[0], 10_000)]), Refused::NoSuchLot),
            (gift(&[(LotId(7), 10_000)]), Refused::NoSuchLot),
            (Wish { kind: KindId(77), ..gift(&[(held[0], 10_000)]) }, Refused::NoSuchLot),
            (Wish { to: Some(own), ..gift(&[(held[0], 10_000)]) }, Refused::GiftToYourself),
            (Wish { deliver_at: Some(world.now + (61 * 24).hours()), ..gift(&[(held[0], 10_000)]) }, Refused::GiftTooFarAhead),
        ] {
            assert_eq!(give(world, &wish).await, Err(refused));
        }
        assert_eq!(lots(world, sender.id).await, [100_000]);
        let sent = gift(&[(held[0], 10_000)]);
        give(world, &sent).await.unwrap();
        assert_eq!(give(world, &Wish { card: Card::Thanks, ..sent.clone() }).await, Err(Refused::IdReused));
        assert_eq!(accept(world, sent.id, &sender).await, Err(Refused::GiftToYourself));
        // For somebody else: as if there were none.
        let named = Wish { to: Some(phone_of(world, &world.citizen().await).await), ..gift(&[(held[0], 10_000)]) };
        give(world, &named).await.unwrap();
        assert_eq!(accept(world, named.id, &other).await, Err(Refused::NoSuchGift));
        assert_eq!(world.store.decline_gift(other.id, named.id, world.now).await.unwrap(), Err(Refused::NoSuchGift));
        let unknown = gift(&[]).id;
        assert_eq!(accept(world, unknown, &other).await, Err(Refused::NoSuchGift));
    })
    .await;
}

#[tokio::test]
async fn caps_are_the_receivers_and_only_they_hear_of_them() {
    on_both_engines(async |world| {
        let kind = world.kind(Scope::District(District::MAPO), 1_000).await;
        world.sql(&format!("UPDATE kind SET gift_month_cap = 150000 WHERE id = {kind}")).await;
        world.sql(&format!("UPDATE kind SET holding_cap = 400000, month_limit = 400000 WHERE id = {kind}")).await;
        world.sql(&format!("UPDATE kind_version SET holding_cap = 400000, month_limit = 400000 WHERE kind_id = {kind}")).await;
        let (sender, _, held) = holder_of_kind(world, kind, &[400_000]).await;
        let (friend, ..) = holder_of_kind(world, kind, &[310_000]).await;
        let gift = async |amount| {
            let wish = wish(world, &sender, kind, &[(held[0], amount)]);
            give(world, &wish).await.unwrap();
            wish.id
        };
        let (large, small) = (gift(100_000).await, gift(90_000).await);
        let cap = Refused::GiftHoldingCap { left: Won::of(90_000), cap: Won::of(400_000) };
        assert_eq!(accept(world, large, &friend).await, Err(cap));
        assert_eq!(accept(world, small, &friend).await, Ok(State::Accepted));
        let shop = world.shop_in(District::MAPO).await;
        world.pay(&friend, &shop, 400_000).await;
        let month = Refused::GiftMonthCap { left: Won::of(60_000), cap: Won::of(150_000) };
        assert_eq!(accept(world, large, &friend).await, Err(month));
        assert_eq!(accept(world, gift(60_000).await, &friend).await, Ok(State::Accepted));
        let seen = world.store.gift_sent(sender.id, large).await.unwrap().unwrap();
        assert_eq!((seen.gift.state, seen.receiver), (State::Waiting, None), "its sender hears nothing");
        // The next month begins anew, and so does somebody else.
        let next_month = world.now + (24 * 31).hours();
        let late = Wish { deliver_at: Some(next_month), ..wish(world, &sender, kind, &[(held[0], 100_000)]) };
        give(world, &late).await.unwrap();
        assert_eq!(accept(world, late.id, &friend).await, Err(Refused::NoSuchGift), "not delivered yet");
        assert_eq!(world.store.accept_gift(friend.id, late.id, next_month).await.unwrap(), Ok(State::Accepted));
        assert_eq!(accept(world, large, &world.citizen().await).await, Ok(State::Accepted));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_all_that_accept_at_once_one_has_it_and_nobody_passes_a_cap() {
    on_both_engines(async |world| {
        let (sender, kind, held) = holder_of(world, &[400_000]).await;
        let other_node = world.second_store_if_shared().await;
        let nodes: Vec<&Store> = std::iter::once(&world.store).chain(other_node.as_ref()).collect();
        // One link, twenty people, and its sender who would rather keep it.
        let one = wish(world, &sender, kind, &[(held[0], 40_000)]);
        give(world, &one).await.unwrap();
        let mut people = Vec::new();
        for _ in 0..20 {
            people.push(world.citizen().await);
        }
        let accepts = people.iter().zip(nodes.iter().cycle()).map(|(person, node)| node.accept_gift(person.id, one.id, world.now));
        let (accepted, back) = futures::join!(join_all(accepts), world.store.take_gift_back(sender.id, one.id, world.now));
        let has = accepted.iter().filter(|outcome| *outcome.as_ref().unwrap() == Ok(State::Accepted)).count();
        let is_back = back.unwrap() == Ok(State::TakenBack);
        assert_eq!(has + usize::from(is_back), 1, "{accepted:?}");

        // Ten gifts at once to one person who may receive five of them this month.
        world.sql(&format!("UPDATE kind SET gift_month_cap = 50000 WHERE id = {kind}")).await;
        let friend = world.citizen().await;
        let mut gifts = Vec::new();
        for _ in 0..10 {
            let gift = wish(world, &sender, kind, &[(held[0], 10_000)]);
            give(world, &gift).await.unwrap();
            gifts.push(gift.id);
        }
        let accepts = gifts.iter().zip(nodes.iter().cycle()).map(|(gift, node)| node.accept_gift(friend.id, *gift, world.now));
        let accepted = join_all(accepts).await;
        assert_eq!(accepted.iter().filter(|outcome| *outcome.as_ref().unwrap() == Ok(State::Accepted)).count(), 5, "{accepted:?}");
        assert_eq!(allowance(world, friend.id).await, (0, 50_000));
        if let Some(node) = other_node {
            node.close().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_beside_paying_out_of_the_same_lot() {
    on_both_engines(async |world| {
        let (sender, kind, held) = holder_of(world, &[100_000]).await;
        let shop = world.shop().await;
        let other_node = world.second_store_if_shared().await;
        let node = other_node.as_ref().unwrap_or(&world.store);
        let own = phone_of(world, &sender).await;
        let gifts: Vec<Wish> = (0..10).map(|_| wish(world, &sender, kind, &[(held[0], 10_000)])).collect();
        let bills: Vec<_> = (0..10).map(|_| bill(world, sender.id, shop.merchant.id, 10_000)).collect();
        let given = join_all(gifts.iter().map(|gift| node.till().give(gift.clone(), own, world.now)));
        let paid = join_all(bills.iter().map(|bill| world.store.till().pay(*bill, world.now)));
        let (given, paid) = futures::join!(given, paid);
        let given = given.into_iter().filter(|outcome| outcome.as_ref().unwrap().is_ok()).count();
        let paid = paid.into_iter().filter(|outcome| outcome.as_ref().unwrap().is_ok()).count();
        assert_eq!(given + paid, 10);
        assert_eq!(lots(world, sender.id).await, [0]);
        if let Some(node) = other_node {
            node.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_lot_that_ends_while_it_waits_goes_back_and_is_over() {
    on_both_engines(async |world| {
        let (sender, kind, held) = holder_of(world, &[100_000]).await;
        let friend = world.citizen().await;
        let gift = wish(world, &sender, kind, &[(held[0], 40_000)]);
        give(world, &gift).await.unwrap();
        let ends_at = (world.now + 24.hours()).as_millisecond();
        world.sql(&format!("UPDATE lot SET expires_at = {ends_at}")).await;
        let years = "UPDATE lot SET bought_at = expires_at - 157784760000";
        world.sql(years).await;
        let after = world.now + 25.hours();
        assert_eq!(world.store.expire_lots(after).await.unwrap(), (1, Won::of(60_000)));
        assert_eq!(world.store.accept_gift(friend.id, gift.id, after).await.unwrap(), Err(Refused::GiftOver));
        let end = world.now + gifting::WAITS;
        assert_eq!(world.store.return_gifts(end).await.unwrap(), 1);
        assert_eq!(world.store.return_gifts(end).await.unwrap(), 0);
        let rows = world.rows("SELECT remaining, expired, given FROM lot").await;
        let figures: (i64, i64, i64) = (rows[0].get(0), rows[0].get(1), rows[0].get(2));
        assert_eq!(figures, (0, 100_000, 0));
        assert_eq!(allowance(world, sender.id).await, (100_000, 0));
    })
    .await;
}

#[tokio::test]
async fn messages_leave_once_and_links_are_nobodys_guess() {
    on_both_engines(async |world| {
        let (sender, kind, held) = holder_of(world, &[100_000]).await;
        let friend = world.citizen().await;
        let to = phone_of(world, &friend).await;
        let now = world.now;
        let gift = Wish { to: Some(to), ..wish(world, &sender, kind, &[(held[0], 10_000)]) };
        give(world, &gift).await.unwrap();
        let later = Wish { to: Some(to), deliver_at: Some(now + 48.hours()), ..wish(world, &sender, kind, &[(held[0], 20_000)]) };
        give(world, &later).await.unwrap();
        assert_eq!(world.store.tell_gifts("https://pay.example", now).await.unwrap(), 1);
        assert_eq!(world.store.tell_gifts("https://pay.example", now).await.unwrap(), 0);
        let text = world.message_to(to).await;
        let link = world.store.gift_link(gift.id);
        assert!(text.ends_with(&format!("https://pay.example/gift/{link}")), "{text}");
        assert_eq!(world.store.gift_by_link(&link), Some(gift.id));
        let mut wrong: Vec<String> =
            (0..64).map(|at| format!("{}{}{}", &link[..at], if &link[at..=at] == "0" { "1" } else { "0" }, &link[at + 1..])).collect();
        wrong.extend([link[..63].to_owned(), format!("{link}0"), gift.id.uuid().simple().to_string(), "선물".to_owned(), String::new()]);
        assert!(wrong.iter().all(|link| world.store.gift_by_link(link).is_none()));

        let waiting = async |at: Timestamp| world.store.gifts_for(friend.id, at).await.unwrap().len();
        assert_eq!((waiting(now).await, waiting(now + 49.hours()).await, waiting(now + gifting::WAITS).await), (1, 2, 1));
        assert!(world.store.opened_gift(later.id, now).await.unwrap().is_none(), "nobody sees it before its day");
        assert_eq!(world.store.opened_gift(gift.id, now).await.unwrap().unwrap().gift.message, gift.message);

        accept(world, gift.id, &friend).await.unwrap();
        assert_eq!(world.store.tell_gifts("https://pay.example", now).await.unwrap(), 1);
        assert_eq!(world.message_to(phone_of(world, &sender).await).await, "[Pay+] 선물한 10,000원을 받으셨어요.");
        let thanks = Message::parse("고마워!").unwrap();
        assert!(!world.store.thank(sender.id, gift.id, &thanks, now).await.unwrap(), "nobody thanks themselves");
        assert!(world.store.thank(friend.id, gift.id, &thanks, now).await.unwrap());
        assert!(!world.store.thank(friend.id, gift.id, &thanks, now).await.unwrap(), "once");
        let seen = world.store.gifts_sent(sender.id).await.unwrap();
        assert_eq!(seen.iter().filter_map(|sent| sent.gift.thanks.clone()).collect::<Vec<_>>(), [thanks]);
        assert_eq!(world.store.gifts_received(friend.id).await.unwrap().len(), 1);
        assert!(world.store.gift_sent(friend.id, gift.id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn given_and_taken_back_in_one_batch_it_never_left() {
    on_both_engines(async |world| {
        let (sender, kind, held) = holder_of(world, &[100_000]).await;
        let own = phone_of(world, &sender).await;
        for _ in 0..20 {
            let gift = wish(world, &sender, kind, &[(held[0], 30_000)]);
            let till = world.store.till();
            let giving = till.give(gift.clone(), own, world.now);
            let back = till.gift_back(gift.id, Back::TakenBack { by: sender.id }, world.now);
            let (given, back) = futures::join!(giving, back);
            given.unwrap().unwrap();
            // Whether it was taken first or not: it can be taken back afterwards.
            if back.unwrap().is_err() {
                till.gift_back(gift.id, Back::TakenBack { by: sender.id }, world.now).await.unwrap().unwrap();
            }
        }
        assert_eq!(lots(world, sender.id).await, [100_000]);
    })
    .await;
}
