//! The file that every program reads: a line a payment, safe to open (`domain::csv`).

use super::columns::{Columns, Row};
use super::{PIECES, Pieces, Read, broken_off};
use bytes::Bytes;
use domain::csv::{BOM, Cell, write};
use tokio::sync::mpsc;

pub(super) fn pieces(columns: Columns, mut read: mpsc::Receiver<Read>) -> Pieces {
    let (send, pieces) = mpsc::channel(PIECES);
    tokio::spawn(async move {
        let mut head = BOM.to_owned();
        write(&mut head, &columns.names().map(Cell::from));
        if send.send(Ok(Bytes::from(head))).await.is_err() {
            return;
        }
        while let Some(page) = read.recv().await {
            let piece = match page {
                Ok(rows) => {
                    let mut lines = String::new();
                    rows.iter().for_each(|payment| line(&mut lines, columns.row(payment)));
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
