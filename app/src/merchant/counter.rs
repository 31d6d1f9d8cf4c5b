//! The day as it grows: what the page shows and what it still has to say, without a browser. Whatever arrives, however often
//! and after however long a silence, is counted once and said once.

use domain::Won;
use domain::calendar::Day;
use domain::listening::Claim;
use domain::notice::{Event, Listener, Notice, Say};
use std::collections::VecDeque;

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
    /// What this page would say, sentence by sentence: the server has been asked for it, and has not answered yet.
    asked: Vec<Vec<Notice>>,
    /// What is this page's to say, sentence by sentence.
    ours: VecDeque<Vec<Notice>>,
    /// Something that was asked for was not given.
    has_lost: bool,
}

/// The page keeps no more rows than a person scrolls through.
const ROWS: usize = 200;
/// Payments in a row are said one by one; more that had to wait are one sentence.
const ONE_BY_ONE: usize = 3;

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
            asked: Vec::new(),
            ours: VecDeque::new(),
            has_lost: false,
        }
    }

    pub fn newest(&self) -> i64 {
        self.newest
    }

    /// The last number that this page has dealt with: said, asked for, or kept silent about.
    pub fn heard(&self) -> i64 {
        self.listener.last()
    }

    pub fn is_unheard(&self, number: i64) -> bool {
        let waiting = self.asked.iter().chain(&self.ours).flatten();
        self.unheard.iter().chain(waiting).any(|notice| notice.number == number)
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

    /// Another device says it, or nothing shall be said now: all of it counts as heard, but what is this page's to say.
    pub fn hush(&mut self) {
        self.unheard.clear();
        self.has_lost = false;
        self.listener = Listener::after(self.newest.max(self.listener.last()));
    }

    /// This device goes on for the shop, which has heard everything up to `heard`: what came after it is still to be said. It may be
    /// further than what has come here.
    pub fn resume_after(&mut self, heard: i64) {
        self.listener = Listener::after(heard);
        self.asked.clear();
        self.has_lost = false;
        self.unheard = self.notices.iter().filter(|notice| notice.number > heard).cloned().collect();
    }

    /// Numbers that are still to be said, and were not asked for.
    pub fn unheard(&self) -> Vec<i64> {
        self.unheard.iter().map(|notice| notice.number).collect()
    }

    /// What is unheard would be one sentence of this page. Whether there is any.
    pub fn ask(&mut self) -> bool {
        let mut sentence = std::mem::take(&mut self.unheard);
        sentence.sort_by_key(|notice| notice.number);
        let Some(newest) = sentence.last() else { return false };
        self.listener = Listener::after(newest.number);
        self.asked.push(sentence);
        true
    }

    /// The newest number that was asked for and is not answered yet.
    pub fn asked_up_to(&self) -> Option<i64> {
        Some(self.asked.last()?.last()?.number)
    }

    /// The server has answered to what was asked for up to `asked_up_to`: `claim` is this device's own, all else is not. What a page before
    /// this one had asked for is among it.
    pub fn given(&mut self, asked_up_to: Option<i64>, claim: Claim) {
        let is_answered = |sentence: &Vec<Notice>| sentence.last().map(|newest| newest.number) <= asked_up_to;
        let (answered, open): (Vec<_>, Vec<_>) = std::mem::take(&mut self.asked).into_iter().partition(is_answered);
        self.asked = open;
        let (owed, unheard) = std::mem::take(&mut self.unheard).into_iter().partition(|notice| claim.covers(notice.number));
        self.unheard = unheard;
        for sentence in std::iter::once(owed).chain(answered) {
            let several = sentence.len();
            let own: Vec<Notice> = sentence.into_iter().filter(|notice| claim.covers(notice.number)).collect();
            self.has_lost |= own.len() < several;
            if !own.is_empty() {
                self.ours.push_back(own);
            }
        }
        if self.ours.len() > ONE_BY_ONE {
            let together = self.ours.drain(..).flatten().collect();
            self.ours.push_back(together);
        }
    }

    pub fn has_lost(&self) -> bool {
        self.has_lost
    }

    pub fn has_to_say(&self) -> bool {
        !self.ours.is_empty()
    }

    /// The next sentence that is this page's to say, with the numbers in it: now it is said.
    pub fn say(&mut self) -> Option<(Say, Vec<i64>)> {
        let sentence = self.ours.pop_front()?;
        Some((Listener::default().hear(&sentence), sentence.iter().map(|notice| notice.number).collect()))
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

    /// What the counter says when the server gives it everything that it asks for.
    fn says(counter: &mut Counter) -> Vec<Say> {
        counter.ask();
        let asked = counter.asked_up_to();
        counter.given(asked, Claim { after: 0, up_to: asked.unwrap_or(0) });
        std::iter::from_fn(|| counter.say()).map(|(say, _)| say).collect()
    }

    fn gap(count: usize, won: i64) -> Say {
        Say::Gap { count, paid: Won::of(won), cancelled: Won::ZERO }
    }

    #[test]
    fn a_payment_is_counted_and_said_once() {
        let mut counter = Counter::new(&today(vec![]), None);
        assert_eq!(counter.take(vec![notice(1, 32_000)]).len(), 1);
        assert_eq!(says(&mut counter), [Say::One(notice(1, 32_000))]);
        assert!(counter.take(vec![notice(1, 32_000)]).is_empty());
        assert_eq!(says(&mut counter), []);
        assert_eq!((counter.paid_count, counter.paid), (1, Won::of(32_000)));
    }

    #[test]
    fn what_was_missed_is_one_sentence() {
        let mut counter = Counter::new(&today(vec![notice(1, 1_000)]), None);
        counter.take(vec![notice(3, 30_000), notice(2, 10_000), notice(3, 30_000)]);
        assert!(counter.is_unheard(2) && counter.is_unheard(3) && !counter.is_unheard(1));
        assert_eq!(says(&mut counter), [gap(2, 40_000)]);
        assert!(!counter.is_unheard(2));
    }

    #[test]
    fn nothing_is_said_before_it_is_given() {
        let mut counter = Counter::new(&today(vec![]), None);
        for number in 1..=3 {
            counter.take(vec![notice(number, 1_000 * number)]);
            assert!(counter.ask());
            assert!(counter.say().is_none() && counter.is_unheard(number));
        }
        // The answer is to a word that was sent before the third one came.
        counter.given(Some(2), Claim { after: 0, up_to: 2 });
        assert_eq!(counter.say(), Some((Say::One(notice(1, 1_000)), vec![1])));
        assert_eq!(counter.say(), Some((Say::One(notice(2, 2_000)), vec![2])));
        assert!(counter.say().is_none() && !counter.has_lost());
        // Another one has said the third meanwhile, and is gone.
        counter.given(Some(3), Claim { after: 0, up_to: 2 });
        assert!(counter.say().is_none() && counter.has_lost());
        counter.resume_after(2);
        assert_eq!(says(&mut counter), [Say::One(notice(3, 3_000))]);
    }

    #[test]
    fn of_what_was_asked_for_only_the_own_part_is_said() {
        let mut counter = Counter::new(&today(vec![]), None);
        counter.take((1..=4).map(|number| notice(number, 1_000)).collect());
        counter.ask();
        counter.hush();
        counter.given(Some(4), Claim { after: 2, up_to: 4 });
        assert_eq!(counter.say(), Some((gap(2, 2_000), vec![3, 4])), "whoever speaks now");
        assert_eq!(says(&mut counter), []);
    }

    #[test]
    fn many_that_had_to_wait_are_one_sentence() {
        let mut counter = Counter::new(&today(vec![]), None);
        for number in 1..=4 {
            counter.take(vec![notice(number, 1_000)]);
            counter.ask();
        }
        counter.given(Some(4), Claim { after: 0, up_to: 4 });
        assert_eq!(counter.say(), Some((gap(4, 4_000), vec![1, 2, 3, 4])));
        assert!(!counter.has_to_say());
    }

    #[test]
    fn a_reloaded_page_remembers_what_it_has_said() {
        let notices = vec![notice(3, 3_000), notice(2, 2_000), notice(1, 1_000)];
        let mut counter = Counter::new(&today(notices.clone()), Some(2));
        assert_eq!(says(&mut counter), [Say::One(notice(3, 3_000))]);
        assert_eq!(says(&mut Counter::new(&today(notices.clone()), None)), [], "a first visit tells no old stories");
        // The page before it had been given the second, and never heard of it.
        let mut counter = Counter::new(&today(notices), Some(1));
        counter.given(Some(1), Claim { after: 0, up_to: 2 });
        assert_eq!(counter.say(), Some((Say::One(notice(2, 2_000)), vec![2])));
        counter.resume_after(2);
        assert_eq!(says(&mut counter), [Say::One(notice(3, 3_000))]);
    }

    #[test]
    fn whoever_takes_over_says_what_the_other_left_unsaid() {
        let mut counter = Counter::new(&today(vec![]), None);
        counter.take(vec![notice(1, 1_000), notice(2, 2_000), notice(3, 3_000)]);
        counter.hush();
        assert_eq!(says(&mut counter), [], "the other device said it");
        counter.take(vec![notice(4, 4_000)]);
        counter.resume_after(2);
        assert_eq!(counter.unheard().len(), 2);
        assert_eq!(says(&mut counter), [gap(2, 7_000)]);
        counter.resume_after(5);
        assert_eq!(says(&mut counter), []);
        counter.take(vec![notice(5, 5_000)]);
        assert_eq!(says(&mut counter), [], "another device said it before it came here");
        counter.hush();
        counter.take(vec![notice(6, 6_000)]);
        assert_eq!(says(&mut counter), [Say::One(notice(6, 6_000))]);
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
