//! Kinds and sales of the demo, and a citizen who has bought and paid.

use super::cast::{CAFE, PHARMACY, PIN, Shop};
use super::partners::DemoPartner;
use super::signing_up::ADDRESS;
use super::{DemoError, number};
use crate::partner::manage::NotDone;
use app::buying::bank;
use app::web::Services;
use domain::buying::State;
use domain::calendar::{Span, in_seoul, seoul_at};
use domain::district::District;
use domain::kind::funding::Funding;
use domain::kind::terms::Terms;
use domain::kind::{AfterExpiry, BasisPoints, Kind, Scope};
use domain::pin::Pin;
use domain::room::Settings;
use domain::sale::Who;
use domain::{KindId, PaymentId, PersonId, PurchaseId, SaleId, Timestamp, WindowId, Won};
use jiff::{SignedDuration, ToSpan};
use rand::RngCore;
use store::{Bill, By, NewKind, NewSale, NewWindow, Order, PinChecked, PinProof};

/// Of the first window of the sale day, for each partner.
const SHARES: [Won; 3] = [Won::of(2_000_000_000), Won::of(2_000_000_000), Won::of(1_000_000_000)];
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

struct Names {
    ko: &'static str,
    en: &'static str,
}

const CITYWIDE: Names = Names { ko: "서울한강상품권", en: "Seoul Hangang Voucher" };
/// Who pays its discount: 7 %, of which the nation 2.
const CITYWIDE_FUNDING: Funding = Funding { nation: BasisPoints(200), city: BasisPoints(500), district: BasisPoints(0) };

/// The citywide kind and one of each district. Four sales: one with plenty, one of a district, one nearly sold out; and a sale day to come.
pub async fn sales(services: &Services, partners: &[DemoPartner], now: Timestamp) -> Result<(), DemoError> {
    let kinds = kinds(services).await?;
    let (citywide, mapo, gangnam) = (kinds.citywide()?, kinds.of(District::MAPO)?, kinds.of(District::GANGNAM)?);
    let month = Span::new(now, now + OPEN_FOR).ok_or(DemoError::Odd("an empty month"))?;
    let anyone = |total| vec![NewWindow::from((month, Who::Anyone, total))];
    let always = Names { ko: "이달의 판매", en: "Sale of the month" };
    sale(services, citywide, &always, anyone(Won::of(2_500_000_000)), now).await?;
    sale(services, mapo, &always, anyone(Won::of(500_000_000)), now).await?;
    let rest = Names { ko: "남은 수량 판매", en: "Last of the stock" };
    sale(services, gangnam, &rest, anyone(Won::of(50_000)), now).await?;
    let day = Names { ko: "정기 판매의 날", en: "Sale day" };
    if let Some(made) = sale(services, citywide, &day, sale_day(now)?, now).await? {
        with_rooms(services, made, now).await?;
        with_caps(services, made, partners, now).await?;
    }
    Ok(())
}

/// A sale of citywide vouchers that people wait for; its first window.
pub(super) async fn sale_with_room(services: &Services, windows: Vec<NewWindow>, now: Timestamp) -> Result<WindowId, DemoError> {
    let kind = kinds(services).await?.citywide()?;
    let new = NewSale { kind, name_ko: "오늘의 판매".to_owned(), name_en: "Sale of the day".to_owned(), windows };
    let sale = services.store.create_sale(&new, now).await?;
    let sales = services.store.on_sale(now).await?;
    let window = sales.iter().find(|view| view.sale == sale).and_then(|view| view.windows.first());
    window.map(|(window, _)| window.id).ok_or(DemoError::Odd("the sale is missing"))
}

/// In a week: odd birth years 10:00-14:00, even ones 14:00-18:00, half the amount each; then anyone, with what is left of both.
fn sale_day(now: Timestamp) -> Result<Vec<NewWindow>, DemoError> {
    let odd = DemoError::Odd("no such day");
    let date = in_seoul(now).date().checked_add(7.days()).map_err(|_| odd)?;
    let window = |from, to, who, total, takes_left_over| {
        let span = Span::new(seoul_at(date, from, 0)?, seoul_at(date, to, 0)?)?;
        Some(NewWindow { span, who, total, takes_left_over })
    };
    let half = Won::of(12_500_000_000);
    let windows = [
        window(10, 14, Who::OddBirthYears, half, false),
        window(14, 18, Who::EvenBirthYears, half, false),
        window(18, 22, Who::Anyone, Won::ZERO, true),
    ];
    windows.into_iter().collect::<Option<_>>().ok_or(DemoError::Odd("no such window"))
}

/// People wait in line for it.
async fn with_rooms(services: &Services, sale: SaleId, now: Timestamp) -> Result<(), DemoError> {
    let sales = services.store.on_sale(now).await?;
    for (window, _) in sales.iter().filter(|view| view.sale == sale).flat_map(|view| &view.windows) {
        services.store.create_room(window.id, &Settings::default(), now).await?;
    }
    Ok(())
}

/// Of the first window each partner may sell a share; of the others as much as there is.
async fn with_caps(services: &Services, sale: SaleId, partners: &[DemoPartner], now: Timestamp) -> Result<(), DemoError> {
    let sales = services.store.on_sale(now).await?;
    let Some((first, _)) = sales.iter().find(|view| view.sale == sale).and_then(|view| view.windows.first()) else { return Ok(()) };
    for (partner, most) in partners.iter().zip(SHARES) {
        services.store.set_cap(By::CommandLine, first.id, partner.id, most, now).await?.map_err(NotDone::from)?;
    }
    Ok(())
}

/// All 26, made at once where they are missing.
struct Kinds(Vec<Kind>);

impl Kinds {
    fn citywide(&self) -> Result<KindId, DemoError> {
        self.named(CITYWIDE.ko).ok_or(DemoError::Odd("the citywide kind is missing"))
    }

    fn of(&self, district: District) -> Result<KindId, DemoError> {
        self.named(&names_of(district).0).ok_or(DemoError::Odd("the kind of a district is missing"))
    }

    fn named(&self, name_ko: &str) -> Option<KindId> {
        self.0.iter().find(|kind| kind.name_ko == name_ko).map(|kind| kind.id)
    }
}

async fn kinds(services: &Services) -> Result<Kinds, DemoError> {
    let store = &services.store;
    let mut kinds = Kinds(store.kinds().await?);
    let district_kind = |district| new_kind(names_of(district), Scope::District(district), Terms::of_a_district());
    let terms = Terms { discount: BasisPoints(700), month_limit: Won::of(400_000), funding: CITYWIDE_FUNDING, ..Terms::of_a_district() };
    let citywide = new_kind((CITYWIDE.ko.to_owned(), CITYWIDE.en.to_owned()), Scope::Citywide, terms);
    let mut new: Vec<_> = [citywide].into_iter().chain(District::all().map(district_kind)).collect();
    new.retain(|(kind, _)| kinds.named(&kind.name_ko).is_none());
    if !new.is_empty() {
        store.create_kinds(&new, Timestamp::now()).await?;
        kinds = Kinds(store.kinds().await?);
    }
    Ok(kinds)
}

fn new_kind((name_ko, name_en): (String, String), scope: Scope, terms: Terms) -> (NewKind, Funding) {
    let Terms { discount, unit, month_limit, holding_cap, validity_years, refund_from, funding } = terms;
    let after_expiry = AfterExpiry::MODEL_TERMS;
    (NewKind { name_ko, name_en, scope, discount, unit, month_limit, holding_cap, validity_years, refund_from, after_expiry }, funding)
}

/// "마포동네상품권"; 중구, whose name is short, keeps its 구.
fn names_of(district: District) -> (String, String) {
    let (ko, en) = (district.ko(), district.en());
    let stem = ko.strip_suffix('구').filter(|stem| stem.chars().count() > 1).unwrap_or(ko);
    (format!("{stem}동네상품권"), format!("{} Neighbourhood Voucher", en.trim_end_matches("-gu")))
}

/// Unless one of this name is open, to come, or over since yesterday at most.
async fn sale(
    services: &Services,
    kind: KindId,
    names: &Names,
    windows: Vec<NewWindow>,
    now: Timestamp,
) -> Result<Option<SaleId>, DemoError> {
    let is_there = services.store.on_sale(now).await?.iter().any(|sale| sale.kind.id == kind && sale.name_ko == names.ko);
    if is_there {
        return Ok(None);
    }
    let new = NewSale { kind, name_ko: names.ko.to_owned(), name_en: names.en.to_owned(), windows };
    Ok(Some(services.store.create_sale(&new, now).await?))
}

/// Two lots and a few payments, unless there is something already.
pub async fn life_of(services: &Services, citizen: PersonId) -> Result<(), DemoError> {
    if !services.store.purchases(citizen, None, 1).await?.is_empty() {
        return Ok(());
    }
    let is_bought = buy(services, citizen, CITYWIDE.ko, Won::of(100_000)).await?
        && buy(services, citizen, &names_of(District::MAPO).0, Won::of(50_000)).await?;
    if is_bought {
        for (shop, amount) in [(&CAFE, Won::of(4_800)), (&PHARMACY, Won::of(12_000)), (&CAFE, Won::of(6_300))] {
            pay(services, citizen, shop, amount).await?;
        }
    }
    Ok(())
}

/// A purchase of days or years ago, in a sale that was open for an hour then.
pub(super) async fn bought_before(services: &Services, citizen: PersonId, face: Won, opened: Timestamp) -> Result<bool, DemoError> {
    let store = &services.store;
    let kind = kinds(services).await?.citywide()?;
    let span = Span::new(opened, opened + SignedDuration::from_hours(1)).ok_or(DemoError::Odd("an empty hour"))?;
    let windows = vec![NewWindow::from((span, Who::Anyone, face))];
    let new = NewSale { kind, name_ko: "지난 판매".to_owned(), name_en: "Past sale".to_owned(), windows };
    let made = store.create_sale(&new, opened).await?;
    let window = store.on_sale(opened).await?.iter().find(|view| view.sale == made).and_then(|view| Some(view.windows.first()?.0.id));
    let window = window.ok_or(DemoError::Odd("the past sale is missing"))?;
    let (ms, random) = fresh(opened);
    let order = Order { id: PurchaseId::from_parts(ms, random), window, face, place: None };
    let Ok(debit) = store.buy(prove(services, citizen).await?, order, opened).await? else { return Ok(false) };
    let says = services.bank.debit(debit.id, &debit.account, debit.paid).await;
    Ok(store.till().settle(debit.id, says, opened).await? == Some(State::Posted))
}

/// False when the bank has not said yes: the job finds out why, and the demo goes without.
async fn buy(services: &Services, citizen: PersonId, kind: &str, face: Won) -> Result<bool, DemoError> {
    let (store, now) = (&services.store, Timestamp::now());
    let window = open_window(services, kind, now).await?;
    let (ms, random) = fresh(now);
    let order = Order { id: PurchaseId::from_parts(ms, random), window, face, place: None };
    let Ok(debit) = store.buy(prove(services, citizen).await?, order, now).await? else { return Ok(false) };
    Ok(bank::debit(store, services.bank.as_ref(), debit.id, &debit.account, debit.paid).await? == Some(State::Posted))
}

pub(super) async fn prove(services: &Services, citizen: PersonId) -> Result<PinProof, DemoError> {
    let pin = Pin::parse(PIN).map_err(|_| DemoError::Odd("no PIN"))?;
    match services.store.check_pin(citizen, &pin, ADDRESS, Timestamp::now()).await? {
        PinChecked::Right(proof) => Ok(proof),
        _ => Err(DemoError::Odd("the citizen has another PIN by now")),
    }
}

async fn open_window(services: &Services, kind: &str, now: Timestamp) -> Result<WindowId, DemoError> {
    let sales = services.store.on_sale(now).await?;
    let of_kind = sales.iter().filter(|sale| sale.kind.name_ko == kind).flat_map(|sale| &sale.windows);
    let open = of_kind.map(|(window, _)| window).find(|window| window.span.contains(now));
    open.map(|window| window.id).ok_or(DemoError::Odd("no window is open"))
}

async fn pay(services: &Services, payer: PersonId, shop: &Shop, amount: Won) -> Result<(), DemoError> {
    let (store, now) = (&services.store, Timestamp::now());
    let merchant = store.merchant_by_number(number(shop)?).await?.ok_or(DemoError::Odd("a shop is missing"))?.id;
    let (ms, random) = fresh(now);
    let bill = Bill { id: PaymentId::from_parts(ms, random), merchant, amount, kind: None };
    let proof = prove(services, payer).await?;
    store.pay(proof, bill, now).await?.map_err(|_| DemoError::Odd("a payment was refused"))?;
    Ok(())
}

pub(super) fn fresh(now: Timestamp) -> (u64, [u8; 10]) {
    let mut random = [0; 10];
    rand::rng().fill_bytes(&mut random);
    (u64::try_from(store::millis(now)).unwrap_or(0), random)
}
