use domain::push::{Next, TRIES, WAIT_MOST_MS, after_try};

#[test]
fn what_an_answer_of_a_push_service_means() {
    let again = |wait_ms| Next::Again { wait_ms };
    for (status, retry_after_ms, tries, next) in [
        (Some(201), None, 1, Next::Sent),
        (Some(200), None, TRIES, Next::Sent),
        (Some(404), None, 1, Next::Gone),
        (Some(410), Some(1), 1, Next::Gone),
        (Some(429), Some(4_000), 1, again(4_000)),
        (Some(429), Some(WAIT_MOST_MS), 2, again(WAIT_MOST_MS)),
        (Some(429), Some(WAIT_MOST_MS + 1), 1, Next::GivenUp),
        (Some(503), None, 1, again(1_000)),
        (Some(503), None, 2, again(2_000)),
        (Some(503), None, TRIES, Next::GivenUp),
        (None, None, 1, again(1_000)),
        (None, None, TRIES, Next::GivenUp),
        (Some(400), None, 1, Next::GivenUp),
        (Some(403), Some(1), 1, Next::GivenUp),
        (Some(413), None, 1, Next::GivenUp),
        (Some(302), None, 1, Next::GivenUp),
    ] {
        assert_eq!(after_try(status, retry_after_ms, tries), next, "{status:?} {retry_after_ms:?} {tries}");
    }
}
