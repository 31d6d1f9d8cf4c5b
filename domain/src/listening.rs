//! Several devices of one shop listen to its payments; one of them speaks, the others show ("Telling the shop"): two voices on one counter
//! are worse than none. The shop chooses which; when that one is gone for a while, another takes over where it stopped.

use crate::ids::DeviceId;
use jiff::{SignedDuration, Timestamp, civil};
use serde::{Deserialize, Serialize};

/// A device says that it is there this often.
pub const SAYS_EVERY: SignedDuration = SignedDuration::from_secs(20);
/// A speaker that has not been seen for so long is gone: two of its words were lost.
pub const GONE_AFTER: SignedDuration = SignedDuration::from_secs(45);

/// What a device would like.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wants {
    /// Its sound is off: it shows. Whoever spoke stops.
    Show,
    /// To speak, if nobody else does.
    Speak,
    /// To speak instead of whoever does: somebody pressed for it.
    TakeOver,
}

impl Wants {
    pub fn as_str(self) -> &'static str {
        match self {
            Wants::Show => "show",
            Wants::Speak => "speak",
            Wants::TakeOver => "take-over",
        }
    }

    pub fn parse(text: &str) -> Option<Wants> {
        [Wants::Show, Wants::Speak, Wants::TakeOver].into_iter().find(|wants| wants.as_str() == text)
    }
}

/// Which device of a shop speaks, and up to which notice the shop has heard.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    pub device: DeviceId,
    pub heard: i64,
    pub seen_at: Timestamp,
}

/// What a device says of itself.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub device: DeviceId,
    pub wants: Wants,
    /// It itself says, or has dealt with, everything up to this notice; `None`: its page is new and knows nothing.
    pub heard: Option<i64>,
    /// The newest notice on its page when somebody turned its sound on: a page that is new tells only what comes after it, however long
    /// its first word was under way. `None`: not turned on.
    pub seen: Option<i64>,
}

/// Who speaks after a device has said its word. The shop's newest notice is `newest`. `None`: nobody speaks.
pub fn decide(current: Option<Speaker>, word: Word, newest: i64, now: Timestamp) -> Option<Speaker> {
    let Word { device, wants, .. } = word;
    // Nobody has heard or seen what has not been.
    let heard = word.heard.map(|heard| heard.min(newest));
    let seen = word.seen.map_or(newest, |seen| seen.min(newest));
    let is_me = current.is_some_and(|current| current.device == device);
    let is_gone = current.is_none_or(|current| current.seen_at + GONE_AFTER <= now);
    match wants {
        Wants::Show if is_me => current.map(|current| Speaker {
            heard: heard.map_or(current.heard, |heard| current.heard.max(heard)),
            // Gone at once: the next one that asks speaks.
            seen_at: now - GONE_AFTER,
            ..current
        }),
        Wants::Show => current,
        Wants::Speak if !is_me && !is_gone => current,
        Wants::Speak | Wants::TakeOver => {
            // Whoever takes over goes on where the shop's hearing ended; its own silence has heard nothing.
            let heard = match (current, heard) {
                (Some(current), Some(heard)) if is_me => current.heard.max(heard),
                // A new page tells no old stories, unless somebody was telling them just now.
                (Some(_), None) if is_gone => seen,
                (Some(current), _) => current.heard,
                (None, heard) => heard.unwrap_or(seen),
            };
            Some(Speaker { device, heard, seen_at: now })
        }
    }
}

/// What one device has taken upon itself to say: the notices after `after`, up to `up_to`. It asks for them before it speaks, and says them
/// once they are its own, however late the answer comes: nobody else ever will.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub after: i64,
    pub up_to: i64,
}

impl Claim {
    pub fn covers(self, number: i64) -> bool {
        self.after < number && number <= self.up_to
    }

    /// After a word of the device that has this claim. Only what the shop has not heard yet is given, and only to the device that speaks
    /// already: whoever has just taken over does not know yet how far the one before it came.
    #[must_use]
    pub fn then(self, current: Option<Speaker>, word: Word, newest: i64) -> Claim {
        let Some(current) = current.filter(|current| current.device == word.device && word.wants != Wants::Show) else { return self };
        let Some(up_to) = word.heard.map(|heard| heard.min(newest)).filter(|up_to| *up_to > current.heard) else { return self };
        // What another one has said in between is not its own.
        let after = if self.up_to == current.heard { self.after } else { current.heard };
        Claim { after, up_to }
    }
}

/// How a device told of a notice.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    Spoken,
    Shown,
}

/// "I told it": so long after it came.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// Of the notice.
    pub number: i64,
    pub told: Told,
    /// Between its coming and the sending of this word.
    pub waited_ms: i64,
}

/// Words in one message: what a device can have told between two of them.
pub const ACKS_MOST: usize = 200;

impl Ack {
    /// `"12s210,13v40"`: numbers, `s`poken or `v`isible, milliseconds. `None`: not such a list, or longer than [`ACKS_MOST`].
    pub fn parse_list(text: &str) -> Option<Vec<Ack>> {
        let parts: Vec<&str> = text.split(',').filter(|part| !part.is_empty()).collect();
        if parts.len() > ACKS_MOST {
            return None;
        }
        parts.into_iter().map(Ack::parse).collect()
    }

    pub fn list(acks: &[Ack]) -> String {
        let word = |ack: &Ack| format!("{}{}{}", ack.number, if ack.told == Told::Spoken { 's' } else { 'v' }, ack.waited_ms);
        acks.iter().map(word).collect::<Vec<_>>().join(",")
    }

    fn parse(text: &str) -> Option<Ack> {
        let at = text.find(['s', 'v'])?;
        let told = if text.as_bytes().get(at) == Some(&b's') { Told::Spoken } else { Told::Shown };
        let (number, waited_ms) = (text.get(..at)?.parse().ok()?, text.get(at + 1..)?.parse().ok()?);
        (number > 0 && (0..=86_400_000).contains(&waited_ms)).then_some(Ack { number, told, waited_ms })
    }
}

/// How a counter sounds: kept on the device.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sounding {
    /// Per cent, 10 to 100.
    pub volume: u8,
    /// Per cent of the usual pace, 80 to 130.
    pub speed: u8,
    /// Says the payer's code after the amount, where the device has a voice of its own.
    pub says_code: bool,
    pub quiet: Option<QuietHours>,
}

impl Default for Sounding {
    fn default() -> Sounding {
        Sounding { volume: 100, speed: 100, says_code: false, quiet: None }
    }
}

impl Sounding {
    /// Whatever was kept, within its bounds.
    #[must_use]
    pub fn sane(self) -> Sounding {
        Sounding { volume: self.volume.clamp(10, 100), speed: self.speed.clamp(80, 130), ..self }
    }

    pub fn is_quiet(&self, now: Timestamp) -> bool {
        self.quiet.is_some_and(|quiet| quiet.contains(crate::calendar::in_seoul(now).time()))
    }
}

/// From one time of the day in Seoul to another, over midnight when the second is earlier. Half-open; the same twice is never.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    pub from: civil::Time,
    pub to: civil::Time,
}

impl QuietHours {
    pub fn contains(self, at: civil::Time) -> bool {
        let (from, to) = (self.from, self.to);
        if from <= to { from <= at && at < to } else { from <= at || at < to }
    }

    /// `"22:00"` and `"08:30"`, as a browser's field of a time gives them.
    pub fn parse(from: &str, to: &str) -> Option<QuietHours> {
        let time = |text: &str| -> Option<civil::Time> {
            let (hour, minute) = text.split_once(':')?;
            civil::Time::new(hour.parse().ok()?, minute.get(..2)?.parse().ok()?, 0, 0).ok()
        };
        Some(QuietHours { from: time(from)?, to: time(to)? })
    }
}
