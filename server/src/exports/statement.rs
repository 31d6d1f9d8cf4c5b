//! Somebody's year as a file, for that person: `GET /statement/2026.csv`, every payment and every cancel, oldest first. What is cancelled
//! stands below zero, on the day it happened: the column adds up to what the page says was used.

use super::{Exports, Format, PAGES, ROWS, Read, attachment, csv, encoded, sent};
use crate::trouble::Trouble;
use app::Error;
use app::web::{Cookie, cookie_in, language};
use app::words::Lang;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::business_number::BusinessNumber;
use domain::calendar::in_seoul;
use domain::csv::write;
use domain::statement::Year;
use domain::{PersonId, Timestamp};
use http::HeaderMap;
use store::{StatementLine, Store, Token};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

pub async fn year(State(exports): State<Exports>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    match open(&exports, &file, &headers).await {
        Ok(file) => file,
        Err(error) => Trouble::new(error).into_response(),
    }
}

async fn open(exports: &Exports, file: &str, headers: &HeaderMap) -> Result<Response, Error> {
    let (store, now) = (&exports.services.store, Timestamp::now());
    let token = cookie_in(headers, Cookie::Session).and_then(Token::parse).ok_or(Error::SignedOut)?;
    let person = store.session(&token, now).await?.ok_or(Error::SignedOut)?.person;
    let year = file.strip_suffix(".csv").and_then(|year| Year::parse(year, now)).ok_or(Error::NotFound)?;
    let turn = exports.turn().await?;
    let lang = language(headers);
    let (pages, read) = mpsc::channel(PAGES);
    tokio::spawn(read_all(store.clone(), person, year, pages, turn));
    let pieces = csv::written(&names(lang), read, move |lines, of| line(lang, lines, of));
    let pretty = encoded(&format!("{}_{year}.csv", lang.words().statement.file_name));
    Ok(sent(pieces, Format::Csv, attachment(&format!("payplus-statement-{year}.csv"), &pretty)))
}

/// Reads page after page, as fast as they are taken. Ends when nobody takes them any more.
async fn read_all(store: Store, person: PersonId, year: Year, pages: mpsc::Sender<Read<StatementLine>>, _turn: OwnedSemaphorePermit) {
    let mut after = None;
    loop {
        let (rows, on) = match store.statement_lines(person, year, after, ROWS).await {
            Ok(page) => (Ok(page.lines), page.after),
            Err(error) => {
                tracing::error!(%error, "a statement broke off");
                (Err(error), None)
            }
        };
        after = on;
        if pages.send(rows).await.is_err() || after.is_none() {
            return;
        }
    }
}

fn names(lang: Lang) -> [&'static str; 8] {
    let (t, of_slip, of_history) = (&lang.words().statement, &lang.words().slip, &lang.words().history);
    let of_payment = [of_history.code, of_history.payment_id];
    [t.file_date, t.file_time, t.file_what, t.file_shop, of_slip.business_number, t.file_amount, of_payment[0], of_payment[1]]
}

fn line(lang: Lang, lines: &mut String, of: StatementLine) {
    let t = &lang.words().statement;
    let at = in_seoul(of.at).datetime();
    let (what, amount) = if of.is_cancel { (t.file_cancelled, -of.amount.get()) } else { (t.file_paid, of.amount.get()) };
    let number = BusinessNumber::parse(&of.business_number).map_or(of.business_number, |number| number.to_string());
    let (date, time) = (at.date().to_string(), at.time().strftime("%H:%M:%S").to_string());
    let (code, payment) = (of.code.to_string(), of.payment.to_string());
    write(lines, &[date.into(), time.into(), what.into(), of.shop.into(), number.into(), amount.into(), code.into(), payment.into()]);
}
