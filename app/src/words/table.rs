//! The list of sentences, by screen. A plain one is a field: `t.home.title`. One with figures is called:
//! `t.home.greeting(&name)`. Arguments come formatted (see `words::money`, `words::time`), so that this list stays plain.

macro_rules! sentence {
    () => { &'static str };
    ($($kind:ty),+) => { fn($($kind),+) -> String };
}

/// A plain sentence with its name, for the test that each is written; one with arguments is checked by the compiler.
macro_rules! listed {
    ($list:ident, $group:ident, $name:ident, $text:expr) => {
        $list.push((concat!(stringify!($group), ".", stringify!($name)).to_owned(), $text))
    };
    ($list:ident, $group:ident, $name:ident, $text:expr, $($arg:ident)+) => {
        let _ = $text;
    };
}

macro_rules! groups {
    ($($(#[$doc:meta])* $group:ident: $table:ident { $($name:ident $(($($arg:ident: $kind:ty),+))?),+ $(,)? })+) => {
        $(
            $(#[$doc])*
            pub struct $table { $(pub $name: sentence!($($($kind),+)?)),+ }

            impl $table {
                $($(
                    // As many figures as the sentence needs.
                    #[allow(clippy::too_many_arguments)]
                    pub fn $name(&self, $($arg: $kind),+) -> String {
                        (self.$name)($($arg),+)
                    }
                )?)+
            }
        )+

        /// All sentences of one language.
        pub struct Words { $(pub $group: $table),+ }

        impl Words {
            /// Every plain sentence with its name.
            // One push a sentence: the macro can't count them.
            #[allow(clippy::vec_init_then_push)]
            pub fn all(&self) -> Vec<(String, &'static str)> {
                let mut list = Vec::new();
                $($(listed!(list, $group, $name, self.$group.$name $(, $($arg)+)?);)+)+
                list
            }
        }
    };
}

groups! {
    /// Said on many screens.
    common: Common {
        brand, tagline, skip_to_content, back, close, cancel, next, done, retry, copy, copied, loading, today, yesterday, all, more,
        optional, go_home, phone_help, none_yet, language, menu, server_time(time: &str), step_of(step: usize, of: usize),
        too_long, required, offline_short,
    }
    /// The bottom bar.
    nav: Nav { main, home, buy, pay, history, me }
    /// What is said when something did not work. Each names the next step.
    trouble: Trouble {
        not_found_title, not_found, gone_wrong_title, gone_wrong(incident: &str), signed_out, forbidden, busy, too_many(when: &str), no_connection,
        form_expired, cross_site, too_large, pin_wrong(tries_left: u32), pin_locked(until: &str), pin_locked_next, pin_missing,
        code_wrong(tries_left: u32), code_expired, code_limit(until: &str), identity_failed, identity_other_person, too_young, bank_link_failed,
        message_wrong, name_missing, birth_wrong, account_wrong, nothing_changed, suspended(until: &str), overloaded(seconds: &str),
    }
    /// Sign-up and sign-in.
    start: Start {
        title, lead, phone_title, phone_label, phone_hint, send_code, code_title, code_sent(phone: &str), code_label, code_hint,
        send_again, send_again_in(seconds: &str), check_code, identity_title, identity_lead, name_label, birth_label, birth_hint, identity_button,
        pin_title, pin_lead, pin_label, pin_again_title, pin_again_label, pin_differs, pin_save, bank_title, bank_lead, bank_label, account_label, account_hint,
        bank_button, finished_title(name: &str), finished_lead, finished_button, terms, sign_out, known_device, shop_staff, demo_people, sandbox_inbox,
        over, code_again_sent, other_phone, confirm_title, confirm_lead, confirm_label, confirm_button, pin_forgotten, bank_later, bank_later_hint, bank_choose,
        bank_keep(account: &str), closed(until: &str), link_title, finished_staff, go_on, no_code,
    }
    /// The first screen.
    home: Home {
        title, greeting(name: &str), balance, balance_by_kind, pay_button, vouchers, empty_wallet_title, empty_wallet, empty_wallet_button, last_payments,
        no_payments_title, no_payments, see_all, sale_open, sale_next, sale_closed, sale_none, sale_none_lead, sale_opens_in, sale_closes_in, sale_for_me(when: &str),
        i_may_buy(amount: &str), buy_button, welcome_title(face: &str, paid: &str), welcome_title_any, welcome, welcome_button, welcome_buy(percent: &str), welcome_buy_any, welcome_pay, welcome_shop, under_way, add_to_home,
    }
    /// What a voucher card says.
    voucher: Voucher {
        citywide, left, saved(amount: &str), nearest_expiry(when: &str), discount(percent: &str), lots(count: usize), spent, bought_at(when: &str),
        face(amount: &str), used_of(left: &str, face: &str), expired, usable_in(place: &str),
    }
    /// The amount pad.
    pad: Pad { label, most, clear, most_is(amount: &str), unit_is(amount: &str) }
    /// Buying.
    buy: Buy {
        title, choose_kind, how_much, who_anyone, who_odd, who_even, my_window(when: &str), opens_for(who: &str, when: &str), open_now(until: &str),
        closed_for_me, you_pay(amount: &str), you_save(amount: &str), you_pay_label, you_save_label, month_left(amount: &str), month_label,
        hold_left(amount: &str), hold_label, pool_label, pool_left(amount: &str), button(paid: &str, face: &str), button_empty, pin_title, pin_lead(paid: &str, account: &str),
        from_account(account: &str), nothing_left_this_month, needs_sign_in, sign_in_button, limits_hint, sold_out(time: &str, total: &str), stock_reserved(held: &str),
        windows, mine, over, sold_out_short, look_again, nothing_on_sale, draw_at(when: &str),
    }
    /// The waiting room.
    wait: Wait {
        title, join, before_title, before(when: &str), queue_title, queue_lead(when: &str), queue_people(people: &str), queue_draw, drawing, finding, ahead_label,
        people(count: &str), place(place: &str), takes(from: &str, to: &str), takes_about(time: &str), minutes(count: i64), seconds(count: i64), standing, lasts_likely, lasts_unsure, lasts_unlikely,
        stock(left: &str, people: &str), in_time_unsure, in_time_unlikely, nothing_to_do, keep(grace: &str), called_title, called, turn_title, turn_lead, turn_button,
        lapsed_title, lapsed(grace: &str), again, beyond_title, beyond(left: &str, ahead: &str), over_title, paused, lost_title, lost(left: &str), proof_title, proof_lead,
        proof_button, proof_counting, proof_right(place: &str), proof_wrong, proof_seed, proof_commitment, pass_until(when: &str), same_place, sold_out, other_sales, update, opens_in,
    }
    /// While the bank answers, and afterwards.
    progress: Progress {
        title, step_held, step_bank, step_lot, can_leave, slow, asking, done_title, done(face: &str), receipt_title, receipt_number, paid_from_bank, city_paid,
        received, when, good_until, to_wallet, pay_now, failed_title, try_again, state_reserved, state_unknown, state_posted, state_voided, state_refunding,
        state_refunded, says_reserved, says_unknown, says_posted, says_voided, says_refunding, says_refunded, not_charged, update,
    }
    /// Refunds of lots.
    refund: Refund {
        title, lots_title, lot(when: &str, face: &str), used, used_note(used: &str, percent: i64), cost(paid: &str), refunded_part(amount: &str),
        refund_now(back: &str), later(spend: &str, back: &str), never, rule, none_title, none, under_way, not_yet_title, cant_title, to_lots, comes_back,
        voucher, given_up, to_account, to_city, when, meanwhile, account_is(account: &str), no_account, step_held, step_bank, step_done,
        waiting_title, done_title, done, failed_title, failed, again, state_reserved, state_unknown, state_posted, state_voided,
        says_reserved, says_unknown, says_posted, says_voided, reason_closed, reason_limit, reason_other,
        kept, expired_title, expired_left(left: &str), expired_at(last_day: &str), expired_share(left: &str, percent: &str, kept: &str), expired_never,
    }
    /// Giving and receiving.
    gift: Gift {
        title, how_much, how_much_lead(kind: &str), left(left: &str), won, whole, total(amount: &str), to_whom, to_phone, to_phone_note,
        to_link, to_link_note, phone, card_title, card_plain, card_birthday, card_thanks, card_holiday, card_cheer, message, message_hint,
        when_title, day, day_hint, rules, pin_label, give, sent_page, sent_phone, sent_link, sent_ahead(when: &str), sent_accepted,
        sent_declined, sent_taken_back, sent_returned, whom, by_link, state, given_at, ends, decided, thanks_title, link, link_title,
        link_lead, slip_title, take_back, take_back_note, to_list, list_title, waiting_title, received_title, sent_title, none_title,
        none, to_wallet, until(when: &str), state_ahead, state_waiting, state_accepted, state_declined, state_taken_back, state_returned,
        open_title, from(name: &str), own, to_sent, stranger, sign_in, over, where_to_spend, terms, accept, decline, decline_note,
        accepted(day: &str), to_vouchers, thank_title, thank_hint, thank, thanked_title, arrived(amount: &str), arrived_note(name: &str, when: &str), home_note,
        lot(face: &str), lot_note, given_part(amount: &str),
        city_title, city_lead, signs_title, signs_none_title, signs_none, sign, sign_from, sign_to, sign_kind, sign_gifts, sign_amount,
        sign_at, sign_several, sign_ring, sign_passed_on, sign_many_givers, sign_own_shop, to_signs, to_signs_note,
    }
    /// The end of lots: on home, and at the city's console.
    expiry: Expiry {
        ends_soon(left: &str, until: &str), ends_note, claim(back: &str), claim_note, city_title, city_lead, list_title, nothing_title, nothing, column_kind,
        column_end, column_lots, column_left, column_expired, column_state, under_way(until: &str), extend_title, extend_lead, which, until, reason,
        reason_hint, extend, extended, none_to_extend, waive_title, waive_lead, waive, waived, did_waived, taken_title, taken_none, taken_done, taken_open,
        column_when, column_what, column_reason, column_by, was_extended(last_day: &str, until: &str), was_waived,
        did_extended, to_page, to_page_note,
        refused_nothing, refused_not_later, refused_too_long(years: &str),
    }
    /// Paying a shop.
    pay: Pay {
        title, scan_title, scan_lead, camera_ask, camera_start, camera_denied, camera_none, camera_frame, torch_on, torch_off, by_number, my_code,
        number_label, number_hint, find_shop, shop_is, how_much, from_vouchers, usable(amount: &str), change_voucher, all_vouchers, button(amount: &str),
        button_empty, pin_title, pin_lead(amount: &str, shop: &str), paid_title, paid(shop: &str), code, code_hint, now, drawn_from, see_receipt, finish,
        nothing_usable(place: &str), in_order, another_shop,
    }
    /// Past payments and purchases.
    history: History {
        title, payments, purchases, empty_title, empty, empty_button, month_total(amount: &str), month_saved(amount: &str), receipt, paid_at, shop, amount, code,
        lots_used, cancelled(amount: &str), cancelled_all, payment_id, earlier, latest, bought, paid, month_bought(amount: &str),
    }
    /// Looking something up in the history.
    lookup: Lookup {
        label, hint, button, whats, any, paid, bought, refunded, gifts, month, any_month, asked(asked: &str), none_title, none(asked: &str), clear,
        looked_part(asked: &str), go_on, whole_month,
    }
    /// Receipts that are printed and sent on.
    slip: SlipWords {
        share, print, of_refund, business_number, address, cancelled, kept, made_by, refunded_title, refunded(given: &str, back: &str),
        refunding_title, refunding(given: &str, back: &str), refunds,
    }
    /// A year for the tax return.
    statement: StatementWords {
        title, note, of_year(year: &str), year(year: &str), years, name, span, made_at, used, counts(paid: &str, cancelled: &str), months,
        month(month: &str), column_month, column_paid, column_cancelled, column_used, column_bought, column_saved, total, quiet, how, official, markets, csv,
        print, none_title(year: &str), none, file_name, file_date, file_time, file_what, file_shop, file_amount, file_paid, file_cancelled,
    }
    /// My settings.
    me: Me {
        title, profile, name, phone, bank, birth_year, sessions, sessions_lead, this_device, last_seen(when: &str), signed_in(when: &str), end_session, end_others,
        ended, no_other_sessions, language, korean, english, large_text, large_text_on, large_text_off, large_text_hint, sign_out, my_shops, about, licences, verified,
        unknown_device, sessions_count(count: usize), bank_none, bank_link, bank_change, bank_lead, about_what,
        licence_font, licence_voice,
    }
    /// Finding shops.
    finding: Finding {
        title, home_note, name_label, name_hint, button, district, any_district, trade, any_trade, mine, lately, near, near_off, nowhere,
        as_map, as_list, total(count: &str), total_near(count: &str), usable, not_usable, none_title, none_lead, none_near, none_at_all,
        all, earlier, later, too_long(most: usize), not_ready, too_often(seconds: u32), map, map_cluster, map_pay, map_source, map_failed,
        map_too_often, map_busy, map_zoom_in, map_zoom_out, map_here, map_needs_js, meals, cafes, groceries, health, beauty, clothing, learning, living, leisure,
        other, licence_map, place_title, place_lead, place_none_title, place_none, place_said, place_unsaid, place_here, place_nowhere, place_lat,
        place_lon, place_hint, place_button, place_elsewhere,
    }
    /// The shop's side.
    shop: Shop {
        choose_title, choose_lead, no_shops_title, no_shops, role_cashier, role_manager, role_owner, standing_pending, standing_open, standing_closed,
        today_title, today_total, today_count(count: i64), last_week_more(amount: &str), last_week_less(amount: &str), last_week_same, feed_title, feed_empty_title, feed_empty,
        sound_on, sound_off, sound_is_on, sound_is_off, sound_hint, sound_test, connected, reconnecting, disconnected, missed(count: usize, amount: &str), paid, cancelled,
        unheard, qr_title, qr_lead, qr_print, qr_number, qr_none_title, qr_none, poster_title, poster_how, poster_accepts, paper, paper_a4_ko, paper_a4_en, paper_a6_ko, paper_a6_en, qr_files, qr_files_hint, qr_alt(shop: &str), nav, nav_today, nav_sales, nav_payments, nav_settlements, nav_qr,
        nav_staff, nav_choose,
        code_column, time_column, amount_column, what_column, net_total,
    }
    /// Counter mode: the tablet beside the till.
    counter: CounterMode {
        open, title, leave, last, nothing_yet, before, begin, asleep, other_speaks(name: &str), take_over, settings, volume, speed, says,
        says_amount, says_code, says_code_hint, quiet, quiet_from, quiet_to, quiet_now, quiet_hint, device_name, device_default, test, kept,
    }
    /// Telling a shop that is not looking, and how it was told.
    alerts: Alerts {
        title, saved, push_title, push_lead, push_on, push_is_on, push_missing, push_blocked, push_failed, no_script, devices_title, no_devices,
        since(when: &str), device_failing, turn_off, sms_title, sms_lead, sms_on, sms_off, sms_whose, sms_owner, quiet_from, quiet_to, quiet_hint, save,
        sms_is_on(quiet: &str), sms_is_off, managers_only, push_paid(amount: &str), push_cancelled(amount: &str),
        push_many_paid(count: usize, amount: &str), push_many_cancelled(count: usize, amount: &str),
        push_mixed(count: usize, amount: &str, cancelled_count: usize, cancelled: &str), told_title, told_none,
        told_spoken(device: &str, seconds: &str), told_shown(device: &str, seconds: &str), told_push(device: &str, seconds: &str),
        told_push_failed(device: &str, seconds: &str), told_sms(who: &str, seconds: &str), told_sms_failed(who: &str, seconds: &str),
        told_failed(device: &str, seconds: &str),
    }
    /// Giving a payment back.
    cancel: Cancel {
        title, state, all_cancelled, part_cancelled(amount: &str), cancelled_at(when: &str), kept, give_back, lead, how_much, at_most(amount: &str), go_on,
        confirm_title, confirm(amount: &str, code: &str), button(amount: &str), keep, done, managers_only,
    }
    /// Codes on screens, good for one payment: the shop's with an amount, and the payer's own.
    codes: Codes {
        left, paid, ask_title, ask_lead, ask_how_much, ask_button(amount: &str), ask_button_empty, asked_lead, asked_expired, ask_again,
        take_title, take_lead(above: &str), take_how_much, take_code, take_code_hint, take_button(amount: &str), take_button_empty, take_camera, taken_asked,
        taken_declined, taken_expired, take_again, mine_title, mine_lead, mine_button, mine_show(above: &str), mine_alt, bars_alt, mine_taken, mine_declined,
        mine_expired, mine_new, asked_to_pay, decline,
    }
    /// What a shop gets, and what the city sees of it.
    settling: Settling {
        title, expected, expected_note, none_title, none, column_day, column_paid, column_cancelled, column_fee, column_payout, column_state,
        waits_for(day: &str), sent, unknown, paid_at(when: &str), stopped, again_at(when: &str), nothing_to_pay, no_account, account_closed,
        bank_limit, bank_other, retry, retry_note, retried, older, statement(day: &str), to_statement, print, shop_facts, business_number,
        shop_number, account, account_registered, sums, payments(count: &str), cancels(count: &str), fee(rate: &str), debt_before, debt_after, payout, revenue_declared(won: &str),
        revenue_seen(won: &str), lines_title, column_time, column_what, column_amount, what_paid, what_cancelled, receipt_issued, receipt_voided,
        receipts(issued: &str, voided: &str), receipt_note, more_lines, nav, city_title, city_lead, days_title, column_shops, column_arrived, under_way,
        column_pay_on, not_paid_title, all_paid, more_not_paid(count: &str), column_shop, column_tries, column_do, match_title, match_lead, match_now, never_matched, matched_at(when: &str),
        bank_debited, bank_credited, account_checks, ledger_bank, on_the_way, payouts_paid, payouts_open, ledger_payouts, ledger_fees, ledger_payable,
        all_fits, differences(count: &str), d_debit_of_nothing, d_debit_of_voided, d_not_debited, d_credit_of_nothing, d_credit_of_voided, d_paid_though_rejected,
        d_not_credited, d_not_refunded, d_other_amount, d_bank_clearing, d_payout_clearing, declare_title, declare_lead, year, revenue, declare,
        declared, nothing_to_retry, did_retried, did_declared,
    }
    /// A shop's takings, and its payments found.
    takings: Takings {
        title, today_title, so_far, last_week(weekday: &str, amount: &str), average(weekday: &str, amount: &str), more(percent: &str),
        less(percent: &str), same, no_comparison, live, live_lost, today_hours, marker, ranges, preset_today, preset_yesterday,
        preset_week, preset_month, preset_last_month, custom, from, to, show, range_title(from: &str, to: &str), net, paid, cancelled,
        average_payment, fees, payouts_title, new_payers, returning_payers, returning_note, count(count: i64), people(count: i64), days_title, months_title,
        heat_title, hours_title, kinds_title, kinds_note, nothing_title, nothing, as_table(title: &str), column_day, column_month,
        column_hour, column_kind, column_amount, column_share, hour(hour: u8), export_title, export_lead, export_csv, export_xlsx,
        see_payments, payments_title, payments_today, filter, search, search_hint, any, at_hour, kind, least, most, state, state_paid,
        state_part, state_cancelled, state_any_cancelled, find, clear, found_none_title, found_none, looked_part, earlier, newest, left(amount: &str),
        no_days, backwards, too_long, no_hour, no_kind, no_amount, no_state, no_search, only_today, file_sheet, file_date, file_time,
        file_code, file_amount, file_cancelled, file_left, file_state, file_kinds, file_id,
    }
    /// The city's console.
    city: City {
        nav, nav_day, nav_new, nav_log, console, sign_out, role_planner, role_controller, role_auditor, start_title, start_lead, login,
        password, go_on, code_title, code_lead, code_label, enter, begin_again, entry_wrong, demo_title, demo_lead(password: &str),
        demo_code(code: &str), not_your_role(role: &str), own_plan, changed, is_draft, is_released, is_cancelled, has_begun, not_ready,
        no_room, unreadable(field: &str), day_title, plans_title, no_plans_title, no_plans, new_plan, state_draft, state_released,
        state_cancelled, planned_by(name: &str), released_by(name: &str), total(amount: &str), sales_title, no_sales, column_window,
        column_who, column_total, column_held, column_sold, column_left, column_room, phase_before(when: &str), phase_open(when: &str),
        phase_closed, room_figures(serving: &str, inside: &str, tickets: &str), room_gathers(tickets: &str), room_none, room_steer, live, live_lost, new_title,
        name_ko, name_en, kind, day, total_amount, shape, shape_parity, shape_parity_note, shape_empty, shape_empty_note, make, made_lead,
        windows, window(number: usize), window_new, from, to, to_hint, who, amount, pools, pools_short, room, room_on, pre_queue, grace,
        rate, most_inside, pass_life, suspensions, suspension(number: usize), suspension_new, feature, feature_sign_up, feature_finder,
        feature_gifts, save, preview, time_line(summary: &str), problems_title, fine, version(number: i64), release_title,
        release_lead(amount: &str), release, cancel_title, cancel_draft_lead, cancel_draft, cancel_released_lead, cancel_released,
        to_sale, why_missing, why_too_long, why_too_many, why_empty, why_past, why_no_such_day, why_overlaps(number: usize),
        why_not_positive, why_not_a_multiple(unit: &str), why_too_much, why_nothing_to_pool, why_pre_queue, why_grace, why_renewals,
        why_rate, why_most_inside, why_pass_life, room_title, gate_open, gate_paused, gate_draining, gate_before, gate_after, gate_now, do_open, do_change, do_pause,
        do_drain, do_open_note, do_pause_note, do_drain_note, serving, tickets, inside, left, steer_lead, steered, only_controllers,
        log_title, chain_holds(entries: i64), chain_head(head: &str), chain_head_note, chain_breaks(number: i64), column_number,
        column_when, column_by, column_action, column_subject, column_detail, command_line, older, newest, did_made, did_in, did_out,
        did_locked, did_drafted, did_changed, did_released, did_cancelled, did_steered,
    }
    /// Voucher kinds and their changes, at the console.
    kinds: Kinds {
        nav, title, lead, new, open_title, open_none, column_kind, column_scope, column_discount, column_unit, column_month, column_cap,
        column_validity, column_refund, column_funding, column_since, column_version, years(years: u8), refund_from(percent: u8), always,
        nation, city, district, now_title, cost_title(month: &str), cost_lead, cost_paid, cost_back, cost_all, versions_title,
        changes_title, changes_none, form_title, form_lead, form_make, form_save, discount, unit, month_limit, holding_cap,
        validity_years, refund_share, funding, funding_note, start, start_day, start_day_note, start_once, start_once_note, day,
        new_title, new_lead, new_none, new_make, change_new(name: &str), change_of(name: &str), to_kind, state_draft, state_released,
        state_applied, state_cancelled, from(when: &str), at_once, compare, column_now, column_then, fine, release_lead(when: &str),
        release, cancel_draft, cancel_draft_lead, cancel_released, cancel_released_lead, own_change, changed, is_draft, is_released,
        is_applied, is_cancelled, not_ready, too_late, planned_on, why_missing, why_too_long, why_discount, why_unit, why_amount,
        why_validity, why_refund, why_not_a_multiple(unit: &str), why_above_cap(cap: &str),
        why_not_the_discount(total: &str, discount: &str), why_no_district, why_taken, why_waits(when: &str), why_same, why_not_to_come,
        why_no_such_day, why_on_sale(when: &str), why_window_amount(when: &str), why_kind_changes, did_drafted, did_rewritten,
        did_released, did_cancelled,
    }
    /// Partner apps, at the console.
    partners: Partners {
        nav, title, lead, reference, none_title, none, shown_title, shown_note, account(masked: &str), endpoint, no_endpoint,
        waiting(due: i64, given_up: i64), keys, column_key, column_scopes, column_used, column_standing, column_do, never_used, good,
        runs_out(when: &str), over, revoked, scopes, scopes_every, scopes_read, scopes_buy, new_key, rotate, revoke, rotate_note,
        set_endpoint, endpoint_hint, new_secret, caps, caps_note, cap_line(when: &str, most: &str, sold: &str, held: &str), window,
        cap_amount, set_cap, no_such, name_taken, no_such_key, key_over, bad_endpoint, has_no_endpoint, no_such_window, has_begun,
        cap_too_low, bad_amount, did_partner, did_key, did_rotated, did_revoked, did_endpoint, did_secret, did_cap,
    }
    /// A shop signs up.
    joining: Joining {
        new_shop, new_shop_note, title_number, lead_number, number_label, number_hint, number_button, resume_title, resume_note(stage: &str), closed(until: &str),
        title_about, lead_about, name_label, name_hint, category_label, district_label, address_label, address_hint, choose, save,
        title_photo, lead_photo, photo_label, photo_hint, photo_button, photo_there, photo_alt(shop: &str), go_on,
        title_account, lead_account, holder(name: &str), account_button, account_done(masked: &str), account_other, code_lead(masked: &str), code_unclear, code_label, code_hint, code_button,
        code_sandbox, title_check, lead_check, business, category, place, photo, account, change, send_button, missing(parts: &str), shop_made, see_shop,
        state_title, state_draft, state_submitted, state_sent_back, state_approved, state_closed, reason(reason: &str), mend, withdraw, go_on_writing, history, by_city, to_state,
        stage_draft, stage_submitted, stage_sent_back, stage_approved, stage_closed,
        not_continuing_suspended, not_continuing_closed, not_continuing_unknown, number_taken, field_name, field_category, field_district, field_address,
        keep_title, keep_lead, keep_others, keep_place, not_now(stage: &str), too_many, not_a_picture, picture_too_large(most_mb: u32), picture_too_small, no_code, code_wrong(tries_left: u32), account_rejects, too_often(until: &str), id_reused,
        part_about, part_photo, part_payout, tax_not_digits, tax_length, tax_check, tax_never, state_continuing,
        decided_approved, decided_sent_back, decided_closed, decided_reopened,
    }
    /// Shops, at the console.
    shops: Shops {
        nav, title, lead, queue_title, queue_empty_title, queue_empty, find_label, find_button, found_title, found_none, column_shop, column_business, column_place,
        column_since, column_standing, open, owners, business, account, account_none, photo_none, decide_title, reason_label, reason_hint, approve, send_back, close, reopen,
        only_controllers, history_title, history_none, by(name: &str), no_such, changed, is_now(standing: &str), no_reason, not_verified, number_taken, category,
        did_approved, did_sent_back, did_closed, did_reopened, not_sent,
    }
    /// The staff of a shop, and its devices.
    staff: Staff {
        title, lead, you, since(when: &str), role_label, change_role, dismiss, dismiss_about(name: &str), leave, leave_lead, invite_title, invite_lead, invite_role, invite_button,
        invited_title, invited_lead, copy_link, qr_alt, open_invitations, no_invitations, invitation_by(name: &str, until: &str), revoke, devices_link, devices_title, devices_lead,
        device_seen(when: &str), device_first(when: &str), end_device, this_device, no_devices, device_ended_title, device_ended, sign_in_again,
        accept_title, accept_lead(shop: &str, role: &str), accept_until(when: &str), accept_button, not_yours, no_such, last_owner, over, already(role: &str), full, shop_closed,
        rights_cashier, rights_manager, rights_owner, to_staff, unknown_device,
    }
    /// Without a connection.
    offline: Offline { title, lead(time: &str), no_wallet, balance_then, retry, paying_needs_net }
    /// The ribbon that says that nothing here is real money.
    sandbox: Sandbox { ribbon, inbox }
    /// For those who listen instead of looking.
    spoken: Spoken { pin_progress(done: usize), pin_delete, pin_clear, amount_is(amount: &str), more_info, current_page, external, new_entry, busy, meter(used: &str, most: &str) }
}
