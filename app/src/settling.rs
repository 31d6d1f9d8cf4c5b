//! Laying the bank beside the books: by a job, and when the city asks.

use crate::outside::NoAnswer;
use crate::web::{Services, now};
use store::Matched;

/// Why there was no look.
#[derive(Debug, thiserror::Error)]
pub enum NotMatched {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Bank(#[from] NoAnswer),
}

/// Reads what the bank has moved since the last time, then looks over everything.
pub async fn match_bank(services: &Services) -> Result<Matched, NotMatched> {
    let read_at = now();
    loop {
        let after = services.store.last_bank_line().await?;
        let lines = services.bank.lines(after).await?;
        if lines.iter().all(|line| line.seq <= after) {
            break;
        }
        services.store.keep_bank_lines(&lines).await?;
    }
    Ok(services.store.match_bank(read_at, now()).await?)
}
