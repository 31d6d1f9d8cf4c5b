//! Why a command stopped, in words for the person at the terminal.

use std::fmt;

#[derive(Debug)]
pub enum Failure {
    /// Something went wrong; the text says what and what to do.
    Because(String),
    /// Ctrl-C or a request to end.
    Interrupted,
}

pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    pub fn because(why: impl Into<String>) -> Failure {
        Failure::Because(why.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Because(why) => f.write_str(why),
            Failure::Interrupted => f.write_str("stopped on request"),
        }
    }
}

/// Adds to an error of the system what we were about to do.
pub trait While<T> {
    fn while_doing(self, what: impl fmt::Display) -> Result<T>;
}

impl<T> While<T> for std::io::Result<T> {
    fn while_doing(self, what: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Failure::Because(format!("{what}: {error}")))
    }
}
