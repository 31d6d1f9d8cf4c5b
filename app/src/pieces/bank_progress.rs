//! What happens while the bank answers, step by step. It can be left: the sentence under the steps says so.

use super::icon::{Glyph, Icon};
use crate::words::{lang, state as state_word, state_sentence, words};
use domain::buying::State;
use leptos::prelude::*;

/// Where one step stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Done,
    Now,
    Ahead,
    Failed,
}

impl Step {
    fn class(self) -> &'static str {
        match self {
            Step::Done => "step is-done",
            Step::Now => "step is-now",
            Step::Ahead => "step",
            Step::Failed => "step is-failed",
        }
    }
}

/// Held, bank, lot: the three steps of a purchase in `state`.
fn steps(state: State) -> [Step; 3] {
    match state {
        State::Reserved | State::Unknown => [Step::Done, Step::Now, Step::Ahead],
        State::Posted => [Step::Done, Step::Done, Step::Done],
        State::Voided | State::Refunding | State::Refunded => [Step::Done, Step::Failed, Step::Ahead],
    }
}

/// Whether the bank takes longer than people expect.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    #[default]
    Usual,
    Slow,
}

/// The steps of a purchase, told once each to those who listen.
#[component]
pub fn BankProgress(#[prop(into)] state: Signal<State>, #[prop(into, optional)] pace: Signal<Pace>) -> impl IntoView {
    let lang = lang();
    let t = &words().progress;
    let sentence = move || match (state.get(), pace.get()) {
        (State::Reserved | State::Unknown, Pace::Slow) => t.slow,
        (State::Reserved, Pace::Usual) => t.can_leave,
        (state, _) => state_sentence(lang, state),
    };
    let bank = move || match state.get() {
        State::Voided => t.not_charged,
        State::Refunding | State::Refunded => state_word(lang, state.get()),
        State::Reserved | State::Unknown | State::Posted => t.step_bank,
    };
    let lines = Signal::derive(move || {
        let [held, asked, lot] = steps(state.get());
        vec![(held, t.step_held), (asked, bank()), (lot, t.step_lot)]
    });
    view! { <Steps steps=lines is_slow=Signal::derive(move || pace.get() == Pace::Slow) says=Signal::derive(sentence) /> }
}

/// Steps one under the other, and what is going on in a sentence.
#[component]
pub fn Steps(
    #[prop(into)] steps: Signal<Vec<(Step, &'static str)>>,
    #[prop(into)] is_slow: Signal<bool>,
    #[prop(into)] says: Signal<&'static str>,
) -> impl IntoView {
    let line = move |at: usize| {
        let step = move || steps.with(|steps| steps.get(at).map_or(Step::Ahead, |(step, _)| *step));
        let label = move || steps.with(|steps| steps.get(at).map(|(_, label)| *label));
        view! {
            <li class=move || step().class() aria-current=move || (step() == Step::Now).then_some("step")>
                <span class="step-mark" aria-hidden="true">
                    {move || match step() {
                        Step::Done => Some(view! { <Icon glyph=Glyph::Check /> }),
                        Step::Failed => Some(view! { <Icon glyph=Glyph::Close /> }),
                        Step::Now | Step::Ahead => None,
                    }}
                </span>
                <span class="step-label">{label}</span>
            </li>
        }
    };
    let lines = (0..steps.with_untracked(Vec::len)).map(line).collect_view();
    view! {
        <div class="bank-progress" class:is-slow=move || is_slow.get()>
            <ol class="steps">{lines}</ol>
            <p class="steps-says" role="status">{move || says.get()}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_posted_purchase_has_all_steps_done() {
        for state in State::ALL {
            assert_eq!(steps(state).iter().all(|step| *step == Step::Done), state == State::Posted, "{state:?}");
        }
    }
}
