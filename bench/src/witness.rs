//! What the servers said, kept by somebody who believes nobody: afterwards every purchase or payment that was acknowledged exists and is
//! posted, every one that was refused does not, and every one whose answer got lost has one outcome.

use crate::Outcome as Result;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Answered with 200.
    Done,
    /// A definite no.
    Refused(u16),
    /// No answer, or one that says nothing.
    Lost,
}

impl Outcome {
    pub fn of(status: u16) -> Outcome {
        match status {
            200..=399 => Outcome::Done,
            400..=499 => Outcome::Refused(status),
            _ => Outcome::Lost,
        }
    }
}

pub struct Kept {
    pub id: Uuid,
    pub came: Outcome,
}

#[derive(Default)]
pub struct Witness(Mutex<Vec<Kept>>);

impl Witness {
    pub fn keep(&self, kept: Kept) {
        self.kept().push(kept);
    }

    /// Those that were acknowledged.
    pub fn done(&self) -> Vec<Uuid> {
        self.kept().iter().filter(|kept| kept.came == Outcome::Done).map(|kept| kept.id).collect()
    }

    /// Compares with what stands in the database, so many of it from before. A sentence with the counts.
    ///
    /// # Errors
    /// The first answer that was not true.
    pub fn compare(&self, states: &HashMap<Vec<u8>, String>, before: usize) -> Result<String> {
        let kept = self.kept();
        let (mut done, mut refused, mut lost, mut there) = (0, 0, 0, before);
        for Kept { id, came } in kept.iter() {
            let state = states.get(id.as_bytes().as_slice()).map(String::as_str);
            there += usize::from(state.is_some());
            match (came, state) {
                (Outcome::Done, Some("posted")) => done += 1,
                (Outcome::Refused(_), None | Some("voided")) => refused += 1,
                (Outcome::Lost, None | Some("posted" | "voided")) => lost += 1,
                (came, state) => return Err(format!("{id}: the answer was {came:?}, in the database it is {state:?}").into()),
            }
        }
        if there != states.len() {
            return Err(format!("{} in the database, {there} asked for", states.len()).into());
        }
        Ok(format!("{done} acknowledged and posted, {refused} refused and absent, {lost} without an answer and with one outcome"))
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
