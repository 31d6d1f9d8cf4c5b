//! The day as it grows: what the page shows and what it still has to say, without a browser. Whatever arrives, however often
//! and after however long a silence, is counted once and said once.

use domain::Won;
use domain::calendar::Day;
use domain::notice::{Event, Listener, Notice, Say};

/// How the connection to the server is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Not live yet: rendered by the server.
    Still,
    Live,
    Trying,
    Lost,
}

/// The shop's day on this page.
#[derive(Clone, Debug)]
pub struct Counter {
    /// Newest first.
    pub notices: Vec<Notice>,
    pub paid_count: i64,
    pub paid: Won,
    pub cancelled: Won,
    today: Day,
    /// The newest number that was counted.
    newest: i64,
    listener: Listener,
    /// Came while nobody could hear them.
    unheard: Vec<Notice>,
}

/// The page keeps no more rows than a person scrolls through.
const ROWS: usize = 200;

impl Counter {
    /// From what the server rendered. `heard`: the last number that this device has said, when it remembers one; what came after
    /// it is still to be said.
    pub fn new(today: &super::ShopToday, heard: Option<i64>) -> Counter {
        let heard = heard.filter(|heard| *heard <= today.last_number).unwrap_or(today.last_number);
        let unheard = today.notices.iter().filter(|notice| notice.number > heard).cloned().collect();
        Counter {
            notices: today.notices.clone(),
            paid_count: today.paid_count,
            paid: today.paid,
            cancelled: today.cancelled,
            today: Day::of(today.now),
            newest: today.last_number,
            listener: Listener::after(heard),
            unheard,
        }
    }

    pub fn newest(&self) -> i64 {
        self.newest
    }

    /// The last number that was said.
    pub fn heard(&self) -> i64 {
        self.listener.last()
    }

    pub fn is_unheard(&self, number: i64) -> bool {
        self.unheard.iter().any(|notice| notice.number == number)
    }

    pub fn net(&self) -> Won {
        self.paid.left_after(self.cancelled)
    }

    /// Notices that arrived together, in any order; what was counted before is dropped. What is new, newest last.
    pub fn take(&mut self, mut arrived: Vec<Notice>) -> Vec<Notice> {
        arrived.retain(|notice| notice.number > self.newest);
        arrived.sort_by_key(|notice| notice.number);
        arrived.dedup_by_key(|notice| notice.number);
        for notice in &arrived {
            self.count(notice);
            self.notices.insert(0, notice.clone());
        }
        self.notices.truncate(ROWS);
        if let Some(last) = arrived.last() {
            self.newest = last.number;
        }
        // Another device may have told it before this page heard of it.
        self.unheard.extend(arrived.iter().filter(|notice| notice.number > self.listener.last()).cloned());
        arrived
    }

    fn count(&mut self, notice: &Notice) {
        let day = Day::of(notice.at);
        if day > self.today {
            // Midnight in Seoul has passed: a new day begins at zero.
            (self.today, self.paid_count, self.paid, self.cancelled) = (day, 0, Won::ZERO, Won::ZERO);
        }
        if day == self.today {
            match notice.event {
                Event::Paid => {
                    self.paid_count += 1;
                    self.paid = self.paid.plus(notice.amount).unwrap_or(Won::MAX);
                }
                Event::Cancelled => self.cancelled = self.cancelled.plus(notice.amount).unwrap_or(Won::MAX),
            }
        }
    }

    /// Another device says it, or nothing shall be said now: all of it counts as heard.
    pub fn hush(&mut self) {
        self.unheard.clear();
        self.listener = Listener::after(self.newest.max(self.listener.last()));
    }

    /// This device goes on for the shop, which has heard everything up to `heard`: what came after it is still to be said. It may be
    /// further than what has come here.
    pub fn resume_after(&mut self, heard: i64) {
        self.listener = Listener::after(heard);
        self.unheard = self.notices.iter().filter(|notice| notice.number > heard).cloned().collect();
    }

    /// Numbers that are still to be said.
    pub fn unheard(&self) -> Vec<i64> {
        self.unheard.iter().map(|notice| notice.number).collect()
    }

    /// What to say now about everything not heard yet; afterwards it is heard.
    pub fn say(&mut self) -> Say {
        let unheard = std::mem::take(&mut self.unheard);
        self.listener.hear(&unheard)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merchant::ShopToday;
    use domain::PaymentId;
    use domain::Timestamp;
    use domain::district::District;
    use domain::merchant::{Merchant, Role, Standing};
    use domain::paying::Code;

    fn notice(number: i64, won: i64) -> Notice {
        let payment = PaymentId::from_parts(1_760_000_000_000, [u8::try_from(number).expect("small"); 10]);
        let code = Code::from_random(7);
        Notice { number, payment, event: Event::Paid, amount: Won::of(won), code, at: noon() }
    }

    fn noon() -> Timestamp {
        Timestamp::from_millisecond(1_763_780_400_000).expect("a time")
    }

    fn today(notices: Vec<Notice>) -> ShopToday {
        let merchant = Merchant {
            id: domain::MerchantId(1),
            number: domain::qr::MerchantNumber::from_serial(1).expect("a serial"),
            name: "모퉁이커피".into(),
            district: District::MAPO,
            address: String::new(),
            category: "5814".into(),
            standing: Standing::Open,
        };
        let last_number = notices.first().map_or(0, |notice| notice.number);
        let paid = Won::sum(notices.iter().map(|notice| notice.amount)).expect("small");
        let paid_count = i64::try_from(notices.len()).expect("few");
        ShopToday {
            merchant,
            role: Role::Cashier,
            paid_count,
            paid,
            cancelled: Won::ZERO,
            notices,
            last_number,
            device: domain::DeviceId::from_parts(1, [1; 10]),
            now: noon(),
        }
    }

    #[test]
    fn a_payment_is_counted_and_said_once() {
        let mut counter = Counter::new(&today(vec![]), None);
        assert_eq!(counter.take(vec![notice(1, 32_000)]).len(), 1);
        assert_eq!(counter.say(), Say::One(notice(1, 32_000)));
        assert!(counter.take(vec![notice(1, 32_000)]).is_empty());
        assert_eq!(counter.say(), Say::Nothing);
        assert_eq!((counter.paid_count, counter.paid), (1, Won::of(32_000)));
    }

    #[test]
    fn what_was_missed_is_one_sentence() {
        let mut counter = Counter::new(&today(vec![notice(1, 1_000)]), None);
        counter.take(vec![notice(3, 30_000), notice(2, 10_000), notice(3, 30_000)]);
        assert!(counter.is_unheard(2) && counter.is_unheard(3) && !counter.is_unheard(1));
        assert_eq!(counter.say(), Say::Gap { count: 2, paid: Won::of(40_000), cancelled: Won::ZERO });
        assert!(!counter.is_unheard(2));
    }

    #[test]
    fn a_reloaded_page_remembers_what_it_has_said() {
        let notices = vec![notice(3, 3_000), notice(2, 2_000), notice(1, 1_000)];
        let mut counter = Counter::new(&today(notices.clone()), Some(2));
        assert_eq!(counter.say(), Say::One(notice(3, 3_000)));
        assert_eq!(Counter::new(&today(notices), None).say(), Say::Nothing, "a first visit tells no old stories");
    }

    #[test]
    fn whoever_takes_over_says_what_the_other_left_unsaid() {
        let mut counter = Counter::new(&today(vec![]), None);
        counter.take(vec![notice(1, 1_000), notice(2, 2_000), notice(3, 3_000)]);
        counter.hush();
        assert_eq!(counter.say(), Say::Nothing, "the other device said it");
        counter.take(vec![notice(4, 4_000)]);
        counter.resume_after(2);
        assert_eq!(counter.unheard().len(), 2);
        assert_eq!(counter.say(), Say::Gap { count: 2, paid: Won::of(7_000), cancelled: Won::ZERO });
        counter.resume_after(5);
        assert_eq!(counter.say(), Say::Nothing);
        counter.take(vec![notice(5, 5_000)]);
        assert_eq!(counter.say(), Say::Nothing, "another device said it before it came here");
        counter.hush();
        counter.take(vec![notice(6, 6_000)]);
        assert_eq!(counter.say(), Say::One(notice(6, 6_000)));
    }

    #[test]
    fn a_new_day_begins_at_zero() {
        let mut counter = Counter::new(&today(vec![notice(1, 5_000)]), None);
        let tomorrow = Notice { at: noon() + jiff::SignedDuration::from_hours(24), ..notice(2, 7_000) };
        counter.take(vec![tomorrow]);
        assert_eq!((counter.paid_count, counter.paid), (1, Won::of(7_000)));
        assert_eq!(counter.notices.len(), 2);
    }
}
