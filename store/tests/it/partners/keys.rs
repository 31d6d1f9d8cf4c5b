use super::{brings, brings_citizen, buys, make, order, partner};
use crate::world::on_both_engines;
use domain::buying::State;
use domain::partner::{KeyScope, KeyScopes, PartnerName, PartnerRefused};
use domain::{PartnerId, PartnerKeyId, Refused, Won};
use jiff::civil::date;
use store::{By, KeyRefused, NewPartner, Order};

const DAY_S: i64 = 86_400;

#[tokio::test]
async fn a_key_opens_until_it_is_revoked_or_its_time_is_up() {
    on_both_engines(async |world| {
        let store = &world.store;
        let id = make(world, "T-money Pay").await;
        let read = KeyScopes::parse("read").unwrap();
        let first = store.make_key(By::CommandLine, id, read, 7, world.now).await.unwrap().unwrap();
        let opens = async |text: &str, at| store.partner_key(text, at).await.unwrap();
        let proof = opens(&first.expose(), world.now).await.unwrap();
        assert_eq!((proof.partner(), proof.key(), proof.rate_per_s()), (id, first.id, 7));
        assert!(proof.may(KeyScope::Read) && !proof.may(KeyScope::Buy));
        // The public half with another secret, and what is no key at all.
        let other = store.make_key(By::CommandLine, id, read, 7, world.now).await.unwrap().unwrap();
        let mixed = format!("{}{}", &first.expose()[..16], &other.expose()[16..]);
        for wrong in ["", "pp", mixed.as_str(), &first.expose().to_uppercase()] {
            assert_eq!(opens(wrong, world.now).await.unwrap_err(), KeyRefused::Unknown, "{wrong}");
        }
        // Rotated: both open for a day, then the new one only.
        let second = store.rotate_key(By::CommandLine, first.id, world.now).await.unwrap().unwrap();
        assert_eq!(store.rotate_key(By::CommandLine, first.id, world.now).await.unwrap().unwrap_err(), PartnerRefused::KeyOver);
        opens(&first.expose(), world.later(DAY_S - 1)).await.unwrap();
        assert_eq!(opens(&first.expose(), world.later(DAY_S)).await.unwrap_err(), KeyRefused::Expired);
        let rotated = opens(&second.expose(), world.later(DAY_S)).await.unwrap();
        assert!(rotated.may(KeyScope::Read) && !rotated.may(KeyScope::Buy), "with the scopes of the old one");
        // Revoked: at once.
        store.revoke_key(By::CommandLine, second.id, world.now).await.unwrap().unwrap();
        assert_eq!(opens(&second.expose(), world.now).await.unwrap_err(), KeyRefused::Revoked);
        assert_eq!(store.revoke_key(By::CommandLine, second.id, world.now).await.unwrap(), Err(PartnerRefused::KeyOver));
        assert_eq!(store.revoke_key(By::CommandLine, PartnerKeyId(1), world.now).await.unwrap(), Err(PartnerRefused::NoSuchKey));
        let nobody = store.make_key(By::CommandLine, PartnerId(1), read, 7, world.now).await.unwrap();
        assert_eq!(nobody.unwrap_err(), PartnerRefused::NoSuchPartner);
        // No secret is kept, and what was done is logged.
        let text = first.expose();
        let kept = world.number(&format!("SELECT COUNT(*) FROM audit_log WHERE detail LIKE '%{}%'", &text[16..])).await;
        assert_eq!(kept, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM audit_log WHERE action LIKE 'key %'").await, 4);
    })
    .await;
}

#[tokio::test]
async fn when_a_key_was_used_is_kept_to_the_minute() {
    on_both_engines(async |world| {
        let id = make(world, "MoneyTree").await;
        let new = world.store.make_key(By::CommandLine, id, KeyScopes::EVERY, 50, world.now).await.unwrap().unwrap();
        let used = async || world.store.partners().await.unwrap()[0].keys[0].used_at;
        assert_eq!(used().await, None);
        for (second, seen) in [(0, 0), (59, 0), (60, 0), (61, 61)] {
            world.store.partner_key(&new.expose(), world.later(second)).await.unwrap().unwrap();
            assert_eq!(used().await, Some(world.later(seen)), "{second}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_name_one_partner() {
    on_both_engines(async |world| {
        make(world, "Shinhan SOL").await;
        let name = PartnerName::parse("Shinhan SOL").unwrap();
        let again = NewPartner { name: &name, account: "acc-other", masked: "" };
        assert_eq!(world.store.make_partner(&again, world.now).await.unwrap(), Err(PartnerRefused::NameTaken));
        assert_eq!(world.store.partners().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_partner_brings_the_person_that_everybody_knows() {
    on_both_engines(async |world| {
        let (one, other) = (partner(world, "T-money Pay").await, partner(world, "MoneyTree").await);
        let citizen = world.citizen().await;
        let customer = brings_citizen(world, &one, &citizen).await;
        assert_eq!((customer.person(), customer.birth_year()), (citizen.id, 1990));
        // Each partner has its own name for the person, always the same one.
        let identity = store::Identity { name: citizen.name.clone(), birth_date: citizen.birth_date };
        let mut names = Vec::new();
        for key in [&one, &one, &other] {
            names.push(world.store.introduce(key, &identity, &citizen.ci, world.now).await.unwrap());
        }
        assert_eq!(names[0], names[1]);
        assert_ne!(names[0], names[2]);
        assert!(world.store.customer(&other, names[0]).await.unwrap().is_none(), "another partner's name is nobody");
        assert_eq!(names[0].to_string().parse(), Ok(names[0]));
        for wrong in ["", "per_", "per_00", "00000000000000000000000000000000"] {
            wrong.parse::<store::CustomerRef>().unwrap_err();
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_bought_before_signing_up_is_in_the_wallet_after_it() {
    on_both_engines(async |world| {
        let key = partner(world, "Shinhan SOL").await;
        let window = world.window(world.citywide().await, 1_000_000).await;
        let customer = brings(&world.store, &key, "ci-new", "손님", date(1990, 5, 17), world.now).await;
        let order = order(world, window, 150_000);
        let debit = buys(world, &key, &customer, order).await.unwrap();
        assert_eq!((debit.state, debit.account.as_str(), debit.paid), (State::Reserved, "acc-Shinhan SOL", Won::of(139_500)));
        world.store.till().settle(order.id, domain::buying::BankSays::Done, world.now).await.unwrap();
        let member = world.enrol(world.new_phone(), "손님", date(1990, 5, 17), "ci-new").await;
        assert_eq!(member.id, customer.person());
        let bought = world.store.purchase(member.id, order.id).await.unwrap().unwrap();
        assert_eq!((bought.state, bought.price.face), (State::Posted, Won::of(150_000)));
        let more = world.store.till().reserve(crate::till::wish(world, member.id, window, 260_000), world.buyer(&member), world.now).await;
        assert_eq!(more.unwrap(), Err(Refused::MonthLimit { left: Won::of(250_000), limit: Won::of(400_000) }));
    })
    .await;
}

#[tokio::test]
async fn an_id_is_good_for_one_purchase_through_one_partner() {
    on_both_engines(async |world| {
        let (one, other) = (partner(world, "T-money Pay").await, partner(world, "MoneyTree").await);
        let window = world.window(world.citywide().await, 1_000_000).await;
        let citizen = world.citizen().await;
        let (at_one, at_other) = (brings_citizen(world, &one, &citizen).await, brings_citizen(world, &other, &citizen).await);
        let first = order(world, window, 50_000);
        for _ in 0..2 {
            assert_eq!(buys(world, &one, &at_one, first).await.unwrap().state, State::Reserved);
        }
        assert_eq!(buys(world, &one, &at_one, Order { face: Won::of(60_000), ..first }).await, Err(Refused::IdReused));
        assert_eq!(buys(world, &other, &at_other, first).await, Err(Refused::IdReused));
        let own = domain::buying::Wish { id: first.id, ..crate::till::wish(world, citizen.id, window, 50_000) };
        assert_eq!(world.store.till().reserve(own, world.buyer(&citizen), world.now).await.unwrap(), Err(Refused::IdReused));
        let seen = world.store.purchase_through(&one, first.id).await.unwrap().unwrap();
        assert_eq!((seen.face, seen.state, seen.window), (Won::of(50_000), State::Reserved, window));
        assert!(world.store.purchase_through(&other, first.id).await.unwrap().is_none());
        let bought = world.buy(&citizen, window, 10_000).await;
        assert!(world.store.purchase_through(&one, bought).await.unwrap().is_none(), "our own app's are nobody else's");
    })
    .await;
}
