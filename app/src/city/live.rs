//! Figures that are asked for again.

use crate::Error;
use crate::visitor::leave_if_shut;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(2);

/// What was loaded with the page, and again every two seconds; whether the last question got no answer.
pub(super) struct Live<T: Send + Sync + 'static> {
    pub value: ReadSignal<T>,
    pub is_lost: ReadSignal<bool>,
}

impl<T: Send + Sync + 'static> Clone for Live<T> {
    fn clone(&self) -> Live<T> {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Live<T> {}

/// Stands still on the server, and in a page that nobody looks at.
pub(super) fn live<T, F>(first: T, ask: impl Fn() -> F + Clone + Send + Sync + 'static) -> Live<T>
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, Error>> + 'static,
{
    let ((value, set), (is_lost, set_lost)) = (signal(first), signal(false));
    Effect::new(move |_| {
        let ask = ask.clone();
        let again = move || {
            if document().hidden() {
                return;
            }
            let asked = ask();
            spawn_local(async move {
                let answer = asked.await.inspect_err(leave_if_shut);
                let _ = set_lost.try_set(answer.is_err());
                if let Ok(fresh) = answer {
                    let _ = set.try_set(fresh);
                }
            });
        };
        if let Ok(handle) = set_interval_with_handle(again, EVERY) {
            on_cleanup(move || handle.clear());
        }
    });
    Live { value, is_lost }
}
