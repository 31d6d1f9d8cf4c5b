//! Shops that sign up: what is kept, one won, the city's word, and what of it stands in the audit log.

use crate::city;
use crate::world::{Citizen, World, on_both_engines};
use domain::application::{About, ApplicationRefused, Decision, Part, Reason, ShopRefused, Stage, WonCode};
use domain::business_number::BusinessNumber;
use domain::merchant::{Role, Standing};
use domain::merchant_number::MerchantNumber;
use domain::operator::Role as CityRole;
use domain::{ApplicationId, PayoutCheckId, Timestamp};
use futures::future::join_all;
use store::{Bank, OperatorProof};

fn about() -> About {
    About::parse("모퉁이커피", "5814", "14", "서울 마포구 망원동 골목길 12").unwrap()
}

fn business(number: u32) -> BusinessNumber {
    BusinessNumber::from_first_nine(220_810_000 + number).unwrap()
}

fn account(token: &str) -> Bank {
    Bank { account: token.to_owned(), masked: "신한 ***6789".to_owned() }
}

fn check_id(world: &World) -> PayoutCheckId {
    let mut random = [0; 10];
    random[6..].copy_from_slice(&world.next().to_be_bytes());
    PayoutCheckId::from_parts(1_783_992_600_000, random)
}

async fn begun(world: &World, owner: &Citizen, number: u32) -> ApplicationId {
    world.store.begin_application(owner.id, business(number), world.now).await.unwrap().unwrap()
}

async fn verified(world: &World, owner: &Citizen, id: ApplicationId, token: &str) {
    let check = check_id(world);
    let code = world.store.begin_one_won(owner.id, id, check, &account(token), world.now).await.unwrap().unwrap().unwrap();
    world.store.one_won_was_sent(check, true).await.unwrap();
    world.store.confirm_one_won(owner.id, id, Some(code), world.now).await.unwrap().unwrap().unwrap();
}

/// Everything answered, not sent yet.
async fn complete(world: &World, owner: &Citizen, number: u32) -> ApplicationId {
    let id = begun(world, owner, number).await;
    world.store.set_about(owner.id, id, &about(), world.now).await.unwrap().unwrap().unwrap();
    world.store.set_photo(owner.id, id, b"jpeg", world.now).await.unwrap().unwrap().unwrap();
    verified(world, owner, id, "acc_payout").await;
    id
}

async fn sent(world: &World, owner: &Citizen, number: u32) -> (ApplicationId, MerchantNumber) {
    let id = complete(world, owner, number).await;
    (id, world.store.submit_application(owner.id, id, world.now).await.unwrap().unwrap().unwrap())
}

async fn version(world: &World, owner: &Citizen, id: ApplicationId) -> i64 {
    world.store.application(owner.id, id).await.unwrap().unwrap().version
}

async fn decide(
    world: &World,
    by: &OperatorProof,
    shop: MerchantNumber,
    version: i64,
    decision: Decision,
    now: Timestamp,
) -> Result<(), ShopRefused> {
    let reason = Reason::parse("사진이 흐려요").unwrap();
    world.store.decide_shop(by, shop, version, (decision, Some(&reason).filter(|_| decision.needs_reason())), now).await.unwrap()
}

#[tokio::test]
async fn an_application_is_kept_between_its_pages_and_becomes_a_shop_when_sent() {
    on_both_engines(async |world| {
        let (owner, stranger) = (world.citizen().await, world.citizen().await);
        let id = begun(world, &owner, 1).await;
        assert_eq!(begun(world, &owner, 1).await, id, "the same business goes on");
        let missing = world.store.submit_application(owner.id, id, world.now).await.unwrap().unwrap().unwrap_err();
        assert_eq!(missing, ApplicationRefused::Missing(vec![Part::About, Part::Photo, Part::Payout]));
        world.store.set_about(owner.id, id, &about(), world.now).await.unwrap().unwrap().unwrap();
        let first = world.store.set_photo(owner.id, id, b"first", world.now).await.unwrap().unwrap().unwrap();
        let photo = world.store.set_photo(owner.id, id, b"second", world.now).await.unwrap().unwrap().unwrap();
        assert!(world.store.photo(first).await.unwrap().is_none());
        verified(world, &owner, id, "acc_1").await;

        // To others it is not there.
        assert!(world.store.application(stranger.id, id).await.unwrap().is_none());
        assert!(world.store.set_about(stranger.id, id, &about(), world.now).await.unwrap().is_none());
        assert!(world.store.set_photo(stranger.id, id, b"x", world.now).await.unwrap().is_none());
        assert!(world.store.submit_application(stranger.id, id, world.now).await.unwrap().is_none());
        assert!(world.store.withdraw_application(stranger.id, id, world.now).await.unwrap().is_none());
        assert!(world.store.begin_one_won(stranger.id, id, check_id(world), &account("a"), world.now).await.unwrap().is_none());

        let number = world.store.submit_application(owner.id, id, world.now).await.unwrap().unwrap().unwrap();
        let shop = world.store.merchant_by_number(number).await.unwrap().unwrap();
        assert_eq!((shop.name.as_str(), shop.category.as_str(), shop.standing), ("모퉁이커피", "5814", Standing::Pending));
        assert_eq!(world.store.role(owner.id, shop.id).await.unwrap(), Some(Role::Owner));
        let kept = world.store.photo(photo).await.unwrap().unwrap();
        assert_eq!(
            (kept.jpeg.as_slice(), kept.applicant, kept.shop, kept.is_public),
            (b"second".as_slice(), owner.id, Some(shop.id), false)
        );
        assert_eq!(world.store.photo_of(shop.id).await.unwrap(), None);
        // What lies with the city does not change.
        let locked = Some(Err(ApplicationRefused::In(Stage::Submitted)));
        assert!(world.store.set_about(owner.id, id, &about(), world.now).await.unwrap() == locked);
        assert_eq!(world.number("SELECT COUNT(*) FROM merchant WHERE payout_account = 'acc_1'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_code_of_one_won_is_guessed_at_five_times_and_sent_five_times_a_day() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let id = begun(world, &owner, 1).await;
        let (check, bank) = (check_id(world), account("acc_1"));
        let code = world.store.begin_one_won(owner.id, id, check, &bank, world.now).await.unwrap().unwrap().unwrap();
        let again = world.store.begin_one_won(owner.id, id, check, &bank, world.now).await.unwrap().unwrap().unwrap();
        assert_eq!(code, again, "the same id is the same won");
        let other = world.store.begin_one_won(owner.id, id, check, &account("acc_2"), world.now).await.unwrap().unwrap();
        assert_eq!(other, Err(ApplicationRefused::IdReused));
        assert_eq!(world.number("SELECT COUNT(*) FROM payout_check").await, 1);

        let wrong = (0..).map(|n| WonCode::parse(&format!("{n:04}")).unwrap()).find(|other| *other != code);
        for tries_left in (0..5).rev() {
            let refused = world.store.confirm_one_won(owner.id, id, wrong, world.now).await.unwrap().unwrap();
            assert_eq!(refused, Err(ApplicationRefused::CodeWrong { tries_left }));
        }
        let late = world.store.confirm_one_won(owner.id, id, Some(code), world.now).await.unwrap().unwrap();
        assert_eq!(late, Err(ApplicationRefused::NoCode), "guessed at too often");
        assert!(world.store.one_won(id, world.now).await.unwrap().is_none());

        // A rejected one is no code; of an old one the time is up; only the newest counts.
        let (second, third) = (check_id(world), check_id(world));
        world.store.begin_one_won(owner.id, id, second, &bank, world.now).await.unwrap().unwrap().unwrap();
        world.store.one_won_was_sent(second, false).await.unwrap();
        let again = world.store.begin_one_won(owner.id, id, second, &bank, world.now).await.unwrap().unwrap();
        assert_eq!(again, Err(ApplicationRefused::AccountRejects));
        let code = world.store.begin_one_won(owner.id, id, third, &bank, world.later(1)).await.unwrap().unwrap().unwrap();
        let late = world.store.confirm_one_won(owner.id, id, Some(code), world.later(2_000)).await.unwrap().unwrap();
        assert_eq!(late, Err(ApplicationRefused::NoCode));
        let nothing = world.store.confirm_one_won(owner.id, id, None, world.later(2)).await.unwrap().unwrap();
        assert_eq!(nothing, Err(ApplicationRefused::CodeWrong { tries_left: 4 }));
        // The bank had not answered, but the won has arrived.
        world.store.confirm_one_won(owner.id, id, Some(code), world.later(3)).await.unwrap().unwrap().unwrap();
        assert_eq!(world.store.application(owner.id, id).await.unwrap().unwrap().payout.as_deref(), Some("신한 ***6789"));

        for _ in 0..2 {
            world.store.begin_one_won(owner.id, id, check_id(world), &bank, world.now).await.unwrap().unwrap().unwrap();
        }
        let sixth = world.store.begin_one_won(owner.id, id, check_id(world), &bank, world.now).await.unwrap().unwrap();
        assert!(matches!(sixth, Err(ApplicationRefused::TooOften { .. })), "{sixth:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_once_win_no_sixth_try() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let id = begun(world, &owner, 1).await;
        let code = world.store.begin_one_won(owner.id, id, check_id(world), &account("a"), world.now).await.unwrap().unwrap().unwrap();
        let wrong: Vec<WonCode> = (0..30).map(|n| WonCode::parse(&format!("{n:04}")).unwrap()).filter(|other| *other != code).collect();
        let tries = wrong.into_iter().map(|guess| {
            let (store, now, person) = (world.store.clone(), world.now, owner.id);
            tokio::spawn(async move { store.confirm_one_won(person, id, Some(guess), now).await.unwrap().unwrap() })
        });
        let said: Vec<_> = join_all(tries).await.into_iter().map(|said| said.unwrap()).collect();
        let judged = said.iter().filter(|said| matches!(said, Err(ApplicationRefused::CodeWrong { .. }))).count();
        assert_eq!(judged, 5, "{said:?}");
    })
    .await;
}

#[tokio::test]
async fn the_city_lets_a_shop_in_sends_back_closes_and_reopens_and_all_of_it_is_logged() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let (controller, auditor) = (city::signed_in(world, "controller").await, city::signed_in(world, "auditor").await);
        let planner = city::signed_in(world, "planner").await;
        let (id, number) = sent(world, &owner, 1).await;
        let first = version(world, &owner, id).await;

        let needs = ShopRefused::NotYourRole(CityRole::Controller);
        assert!(world.store.shop_queue(&planner, 10).await.unwrap().err() == Some(needs));
        assert!(world.store.shop_file(&planner, number).await.unwrap().err() == Some(needs));
        assert!(world.store.find_shops(&planner, "모", 10).await.unwrap().err() == Some(needs));
        for other in [&planner, &auditor] {
            assert_eq!(decide(world, other, number, first, Decision::Approved, world.now).await, Err(needs));
        }
        let queue = world.store.shop_queue(&auditor, 10).await.unwrap().unwrap();
        assert_eq!(queue.iter().map(|line| line.shop.number).collect::<Vec<_>>(), [number]);
        let bare = world.store.decide_shop(&controller, number, first, (Decision::SentBack, None), world.now).await.unwrap();
        assert_eq!(bare, Err(ShopRefused::NoReason));
        let nobody = (1..).map(|serial| MerchantNumber::from_serial(serial).unwrap()).find(|other| *other != number).unwrap();
        assert_eq!(decide(world, &controller, nobody, 0, Decision::Approved, world.now).await, Err(ShopRefused::NoSuchShop));

        decide(world, &controller, number, first, Decision::SentBack, world.now).await.unwrap();
        assert_eq!(decide(world, &controller, number, first, Decision::Approved, world.now).await, Err(ShopRefused::Changed));
        let shop = world.store.merchant_by_number(number).await.unwrap().unwrap();
        assert_eq!(world.store.decisions(shop.id).await.unwrap()[0].reason, "사진이 흐려요");
        let mended = About::parse("모퉁이 커피", "5812", "23", "서울 강남구 논현동 언덕길 5").unwrap();
        world.store.set_about(owner.id, id, &mended, world.now).await.unwrap().unwrap().unwrap();
        assert_eq!(world.store.submit_application(owner.id, id, world.later(1)).await.unwrap().unwrap(), Ok(number));
        // Taken back and sent again while the city looks at what was there before.
        let seen = version(world, &owner, id).await;
        world.store.withdraw_application(owner.id, id, world.now).await.unwrap().unwrap().unwrap();
        assert_eq!(decide(world, &controller, number, seen, Decision::Approved, world.now).await, Err(ShopRefused::Changed));
        world.store.submit_application(owner.id, id, world.later(2)).await.unwrap().unwrap().unwrap();
        assert_eq!(decide(world, &controller, number, seen, Decision::Approved, world.now).await, Err(ShopRefused::Changed));

        let seen = version(world, &owner, id).await;
        decide(world, &controller, number, seen, Decision::Approved, world.now).await.unwrap();
        let open = world.store.merchant_by_number(number).await.unwrap().unwrap();
        assert_eq!((open.name.as_str(), open.district.number(), open.standing), ("모퉁이 커피", 23, Standing::Open));
        let photo = world.store.photo_of(open.id).await.unwrap().unwrap();
        assert!(world.store.photo(photo).await.unwrap().unwrap().is_public);
        assert!(world.store.shop_queue(&controller, 10).await.unwrap().unwrap().is_empty());
        assert_eq!(decide(world, &controller, number, seen, Decision::Approved, world.now).await, Err(ShopRefused::In(Standing::Open)));
        decide(world, &controller, number, seen, Decision::Closed, world.now).await.unwrap();
        assert_eq!(world.store.photo_of(open.id).await.unwrap(), None);
        assert_eq!(decide(world, &controller, number, seen, Decision::SentBack, world.now).await, Err(ShopRefused::In(Standing::Closed)));
        decide(world, &controller, number, seen, Decision::Reopened, world.now).await.unwrap();

        let actions = world.rows("SELECT action, detail FROM audit_log WHERE subject LIKE 'shop %' ORDER BY number").await;
        let actions: Vec<String> = actions.iter().map(|row| sqlx::Row::get::<String, _>(row, "action")).collect();
        assert_eq!(actions, ["shop sent back", "shop approved", "shop closed", "shop reopened"]);
        assert_eq!(world.number("SELECT COUNT(*) FROM audit_log WHERE detail LIKE '%흐려%'").await, 0, "no free text");
        // Each decision is told by text message.
        assert_eq!(world.number("SELECT COUNT(*) FROM outbox WHERE body LIKE '%모퉁이%'").await, 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_decisions_at_once_one_counts() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        let (one, other) = (city::signed_in(world, "controller").await, city::signed_in(world, "controller").await);
        let (id, number) = sent(world, &owner, 1).await;
        let seen = version(world, &owner, id).await;
        let reason = Reason::parse("사진이 흐려요").unwrap();
        let (yes, no) = tokio::join!(
            world.store.decide_shop(&one, number, seen, (Decision::Approved, None), world.now),
            world.store.decide_shop(&other, number, seen, (Decision::SentBack, Some(&reason)), world.now),
        );
        let (yes, no) = (yes.unwrap(), no.unwrap());
        assert!(yes.is_ok() != no.is_ok(), "{yes:?} {no:?}");
        assert_eq!(world.number("SELECT COUNT(*) FROM shop_decision").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_business_has_one_shop_however_many_ask_at_once() {
    on_both_engines(async |world| {
        let controller = city::signed_in(world, "controller").await;
        let mut all = Vec::new();
        for _ in 0..4 {
            let owner = world.citizen().await;
            all.push((owner.id, complete(world, &owner, 7).await));
        }
        let sends = all.iter().map(|(person, id)| {
            let (store, person, id, now) = (world.store.clone(), *person, *id, world.now);
            tokio::spawn(async move { store.submit_application(person, id, now).await.unwrap().unwrap() })
        });
        let said: Vec<_> = join_all(sends).await.into_iter().map(|said| said.unwrap()).collect();
        assert_eq!(said.iter().filter(|said| said.is_ok()).count(), 1, "{said:?}");
        assert!(said.iter().all(|said| said.is_ok() || *said == Err(ApplicationRefused::NumberTaken)));
        let late = world.citizen().await;
        let taken = world.store.begin_application(late.id, business(7), world.now).await.unwrap();
        assert_eq!(taken, Err(ApplicationRefused::NumberTaken));

        // A closed shop gives the business free; then it can't come back beside the new one.
        let number = *said.iter().find_map(|said| said.as_ref().ok()).unwrap();
        let seen = world.number("SELECT version FROM application WHERE stage = 'submitted'").await;
        decide(world, &controller, number, seen, Decision::Closed, world.now).await.unwrap();
        let (_, new) = sent(world, &late, 7).await;
        assert_ne!(new, number);
        assert_eq!(decide(world, &controller, number, seen, Decision::Reopened, world.now).await, Err(ShopRefused::NumberTaken));
    })
    .await;
}

#[tokio::test]
async fn nobody_keeps_more_than_five_unfinished() {
    on_both_engines(async |world| {
        let owner = world.citizen().await;
        for number in 0..5 {
            begun(world, &owner, number).await;
        }
        let sixth = world.store.begin_application(owner.id, business(9), world.now).await.unwrap();
        assert_eq!(sixth, Err(ApplicationRefused::TooMany));
        assert_eq!(world.store.applications_of(owner.id).await.unwrap().len(), 5);
    })
    .await;
}

#[tokio::test]
async fn the_city_finds_shops_by_numbers_and_by_how_their_names_begin() {
    on_both_engines(async |world| {
        let auditor = city::signed_in(world, "auditor").await;
        let owner = world.citizen().await;
        let (_, number) = sent(world, &owner, 3).await;
        for asked in [number.to_string(), business(3).to_string(), "모퉁이".to_owned()] {
            let found = world.store.find_shops(&auditor, &asked, 10).await.unwrap().unwrap();
            assert_eq!(found.iter().map(|line| line.shop.number).collect::<Vec<_>>(), [number], "{asked}");
        }
        for asked in ["", "%", "_", "\\", "커피", "' OR 1=1 --"] {
            assert!(world.store.find_shops(&auditor, asked, 10).await.unwrap().unwrap().is_empty(), "{asked}");
        }
    })
    .await;
}
