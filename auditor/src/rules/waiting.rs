//! The sale day: what moved between windows; every ticket has its number, nobody was let in before being called, nobody bought
//! without having been let in.
//! (Places that the draw gave are counted again by `draw`.)

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "left_overs_move_once",
        what: "each window has what was planned for it, less what went on to another, and what came from others",
        counted: "sale_window",
        broken: "SELECT window_id, total, planned, came, total - planned - came AS amount FROM \
                   (SELECT window_id, CAST(SUM(total) AS BIGINT) AS total, CAST(SUM(planned) AS BIGINT) AS planned, \
                      CAST(SUM(came) AS BIGINT) AS came FROM \
                     (SELECT id AS window_id, total, planned, 0 AS came FROM sale_window \
                      UNION ALL SELECT to_window, 0, 0, amount FROM left_over \
                      UNION ALL SELECT from_window, 0, 0, -amount FROM left_over) x \
                    GROUP BY window_id) y WHERE total <> planned + came",
        row: "window {window_id}",
        words: "has {total won}, {planned won} were planned and {came won} came",
    },
    Rule {
        name: "tickets_have_no_gaps",
        what: "the tickets of each room are numbered from one to the last without gaps, whatever became of them",
        counted: "ticket",
        broken: "SELECT window_id, last_number, given, highest, last_number - given AS amount FROM \
                   (SELECT window_id, MAX(last_number) AS last_number, CAST(SUM(given) AS BIGINT) AS given, MAX(number) AS highest FROM \
                     (SELECT window_id, last_number, 0 AS given, 0 AS number FROM room \
                      UNION ALL SELECT window_id, 0, 1, number FROM ticket) x \
                    GROUP BY window_id) y \
                 WHERE last_number <> given OR last_number <> highest",
        row: "window {window_id}",
        words: "{given} tickets, the highest is {highest}, the room says {last_number}",
    },
    Rule {
        name: "rooms_call_forward",
        what: "a room's serving position is the last that was called, and no call went back",
        counted: "room_call",
        broken: "SELECT window_id, serving, called, serving - called AS amount FROM \
                   (SELECT window_id, MAX(serving) AS serving, MAX(called) AS called FROM \
                     (SELECT window_id, serving, 0 AS called FROM room UNION ALL SELECT window_id, 0, serving FROM room_call) x \
                    GROUP BY window_id) y WHERE serving <> called \
                 UNION ALL SELECT c.window_id, c.serving, e.serving, c.serving - e.serving FROM room_call c JOIN room_call e \
                   ON e.window_id = c.window_id AND e.called_at = \
                     (SELECT MAX(b.called_at) FROM room_call b WHERE b.window_id = c.window_id AND b.called_at < c.called_at) \
                   WHERE e.serving >= c.serving",
        row: "window {window_id}",
        words: "stands at {serving}, called up to {called}",
    },
    Rule {
        name: "nobody_overtook",
        what: "everybody who was let in had been called by then, and while the window was open",
        counted: "admission",
        broken: "SELECT window_id, place, called, place - called AS amount FROM \
                   (SELECT a.window_id, a.place, a.admitted_at, a.expires_at, w.opens_at, w.closes_at, \
                      COALESCE((SELECT MAX(c.serving) FROM room_call c WHERE c.window_id = a.window_id AND c.called_at <= a.admitted_at), 0) \
                        AS called \
                    FROM admission a JOIN sale_window w ON w.id = a.window_id) x \
                 WHERE place > called OR admitted_at < opens_at OR expires_at > closes_at OR expires_at <= admitted_at",
        row: "window {window_id}, place {place}",
        words: "let in when {called} had been called",
    },
    Rule {
        name: "passes_buy_once_and_their_owners",
        what: "every purchase from a window with a room was made by somebody who was let in, within the pass's time, and no two by one pass",
        counted: "purchase",
        broken: "SELECT p.id, p.place, p.face AS amount FROM purchase p JOIN room r ON r.window_id = p.window_id \
                   LEFT JOIN admission a ON a.window_id = p.window_id AND a.place = p.place \
                 WHERE a.place IS NULL OR a.person_id <> p.person_id OR p.created_at < a.admitted_at OR p.created_at >= a.expires_at \
                 UNION ALL SELECT p.id, p.place, p.face FROM purchase p \
                   JOIN purchase q ON q.window_id = p.window_id AND q.place = p.place AND q.id < p.id \
                 WHERE p.state IN ('reserved', 'unknown', 'posted') AND q.state IN ('reserved', 'unknown', 'posted')",
        row: "purchase {id}",
        words: "bought {amount won} at place {place}",
    },
];
