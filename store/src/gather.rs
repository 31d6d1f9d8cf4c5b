//! Questions about single rows that callers ask at the same moment, answered by one statement, as the till does with commands: a
//! statement costs some 70 us of CPU, a row of one costs three. Nothing is kept, so an answer is never older than its question.

use crate::error::{Error, Result};
use crate::pace::Pace;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// Keys in one statement.
pub(crate) const MOST: usize = 64;
/// Statements under way at once: while the database answers one, the next is put together.
pub(crate) const READERS: usize = 2;
/// Statements ask for so many keys, so that a few prepared ones serve all.
const SIZES: [usize; 4] = [1, 4, 16, MOST];

type Asked<K, V> = (K, oneshot::Sender<Result<V>>);
pub(crate) type Answers<V> = Pin<Box<dyn Future<Output = Result<Vec<V>>> + Send>>;

/// One kind of question. Its readers end with it.
pub(crate) struct Gather<K, V> {
    readers: Vec<mpsc::UnboundedSender<Asked<K, V>>>,
    next: AtomicUsize,
}

impl<K: Send + 'static, V: Send + 'static> Gather<K, V> {
    /// `read` answers each of its keys, in their order.
    pub(crate) fn new<R>(pace: Pace, read: R) -> Gather<K, V>
    where
        R: Fn(Vec<K>) -> Answers<V> + Clone + Send + 'static,
    {
        let reader = |_| {
            let (asks, asked) = mpsc::unbounded_channel();
            tokio::spawn(answer(asked, pace, read.clone()));
            asks
        };
        Gather { readers: (0..READERS).map(reader).collect(), next: AtomicUsize::new(0) }
    }

    pub(crate) async fn ask(&self, key: K) -> Result<V> {
        let (answer, answered) = oneshot::channel();
        let reader = self.next.fetch_add(1, Ordering::Relaxed) % READERS;
        self.readers[reader].send((key, answer)).map_err(|_| Error::Interrupted)?;
        answered.await.map_err(|_| Error::Interrupted)?
    }
}

async fn answer<K, V>(mut asked: mpsc::UnboundedReceiver<Asked<K, V>>, pace: Pace, read: impl Fn(Vec<K>) -> Answers<V>) {
    let mut batch = Vec::with_capacity(MOST);
    loop {
        if asked.recv_many(&mut batch, MOST).await == 0 {
            return;
        }
        let began = Instant::now();
        let (keys, callers): (Vec<K>, Vec<_>) = batch.drain(..).unzip();
        match read(keys).await {
            // A caller may have gone.
            Ok(rows) => callers.into_iter().zip(rows).for_each(|(caller, row)| {
                let _ = caller.send(Ok(row));
            }),
            Err(error) => {
                let mut callers = callers.into_iter();
                tracing::error!(%error, callers = callers.len(), "rows could not be read");
                if let Some(first) = callers.next() {
                    let _ = first.send(Err(error));
                }
                callers.for_each(|caller| {
                    let _ = caller.send(Err(Error::Interrupted));
                });
            }
        }
        pace.rest(began).await;
    }
}

/// The keys and as many more (the last one again) as there is a prepared statement for.
pub(crate) fn padded<K: Clone>(keys: &[K]) -> Vec<K> {
    let size = SIZES.into_iter().find(|size| *size >= keys.len()).unwrap_or(keys.len());
    let missing = size - keys.len();
    keys.iter().chain(keys.last().into_iter().cycle().take(missing)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use std::sync::{Arc, Mutex};

    #[tokio::test]
    async fn each_gets_the_own_answer_and_those_who_ask_at_once_share_a_statement() {
        let sizes = Arc::new(Mutex::new(Vec::new()));
        let gather = {
            let sizes = Arc::clone(&sizes);
            Gather::new(Pace::NONE, move |keys: Vec<u64>| -> Answers<u64> {
                sizes.lock().unwrap().push(keys.len());
                Box::pin(async move { Ok(keys.into_iter().map(|key| key * 2).collect()) })
            })
        };
        let answers = join_all((0..1_000).map(|key| gather.ask(key))).await;
        assert!(answers.into_iter().enumerate().all(|(key, answer)| answer.unwrap() == 2 * key as u64));
        let sizes = sizes.lock().unwrap();
        assert!(sizes.iter().all(|size| *size <= MOST) && sizes.len() < 100, "{sizes:?}");
    }

    #[tokio::test]
    async fn a_failure_is_told_to_everybody_and_ends_nothing() {
        let gather = Gather::new(Pace::NONE, |keys: Vec<bool>| -> Answers<bool> {
            let fails = keys.contains(&false);
            Box::pin(async move { if fails { Err(Error::damaged("a row")) } else { Ok(keys) } })
        });
        let answers = join_all((0..50).map(|key| gather.ask(key > 0))).await;
        assert!(answers.iter().any(|answer| matches!(answer, Err(Error::Damaged(_)))));
        assert!(gather.ask(true).await.is_ok_and(|answer| answer));
    }

    #[test]
    fn keys_are_padded_with_the_last() {
        assert_eq!(padded(&[1, 2]), [1, 2, 2, 2]);
        assert_eq!(padded(&[7]), [7]);
        assert_eq!(padded(&[0; 17]).len(), 64);
        assert!(padded::<u8>(&[]).is_empty());
    }
}
