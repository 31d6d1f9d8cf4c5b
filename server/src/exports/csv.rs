//! The files that every program reads: a line a payment, safe to open (`domain::csv`).

use super::columns::{Columns, Row};
use super::{PIECES, Pieces, Read, broken_off};
use bytes::Bytes;
use domain::csv::{BOM, Cell, write};
use domain::takings::ShopPayment;
use tokio::sync::mpsc;

pub(super) fn pieces(columns: Columns, read: mpsc::Receiver<Read>) -> Pieces {
    let names = columns.names();
    written(&names, read, move |lines, payment: ShopPayment| line(lines, columns.row(&payment)))
}

/// The names of the columns, then what is read, as `line` writes it.
pub(super) fn written<T: Send + 'static>(
    names: &[&str],
    mut read: mpsc::Receiver<Read<T>>,
    line: impl Fn(&mut String, T) + Send + 'static,
) -> Pieces {
    let (send, pieces) = mpsc::channel(PIECES);
    let mut head = BOM.to_owned();
    write(&mut head, &names.iter().map(|name| Cell::from(*name)).collect::<Vec<_>>());
    tokio::spawn(async move {
        if send.send(Ok(Bytes::from(head))).await.is_err() {
            return;
        }
        while let Some(page) = read.recv().await {
            let piece = match page {
                Ok(rows) => {
                    let mut lines = String::new();
                    rows.into_iter().for_each(|row| line(&mut lines, row));
                    Ok(Bytes::from(lines))
                }
                Err(_) => Err(broken_off()),
            };
            let is_over = piece.is_err();
            // Whoever asked may have left.
            if send.send(piece).await.is_err() || is_over {
                return;
            }
        }
    });
    pieces
}

fn line(lines: &mut String, row: Row) {
    let Row { date, time, code, amount, cancelled, left, state, kinds, id } = row;
    let (date, time) = (date.to_string(), time.strftime("%H:%M:%S").to_string());
    let cells =
        [date.into(), time.into(), code.into(), amount.into(), cancelled.into(), left.into(), state.into(), kinds.into(), id.into()];
    write(lines, &cells);
}
