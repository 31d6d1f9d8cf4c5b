//! The file for Excel and its like: SpreadsheetML in a zip that is written from its beginning to its end. (Libraries for it collect the
//! sheet in memory or in a file before the first byte leaves; a sheet of plain rows is little enough to write it here.) Dates, times
//! and amounts are numbers, everything else is text that is never calculated.

use super::columns::{COUNT, Columns, Row};
use super::{PIECES, Pieces, Read, broken_off};
use bytes::Bytes;
use jiff::civil::{Date, Time, date};
use std::fmt::Write as _;
use std::io::{self, Write};
use tokio::sync::mpsc;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

/// Rows that a sheet has room for, its head among them; more go on to the next sheet.
const SHEET_ROWS: usize = 1_048_576;
const PIECE: usize = 64 * 1024;
/// Speed before size.
const LEVEL: i64 = 1;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
/// How cells look, by number: 1 an amount, 2 a date, 3 a time, 4 a name of a column.
const STYLES: &str = "<numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/><numFmt numFmtId=\"165\" formatCode=\"hh:mm:ss\"/></numFmts>\
    <fonts count=\"2\"><font/><font><b/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
    <fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs>\
    <cellXfs count=\"5\"><xf/><xf numFmtId=\"3\" applyNumberFormat=\"1\"/><xf numFmtId=\"164\" applyNumberFormat=\"1\"/>\
    <xf numFmtId=\"165\" applyNumberFormat=\"1\"/><xf fontId=\"1\" applyFont=\"1\"/></cellXfs>";
const WIDTHS: [u8; COUNT] = [12, 10, 10, 14, 14, 14, 12, 28, 40];

/// Compressing is work: it has a thread of its own, which waits for rows and for whoever takes the pieces.
pub(super) fn pieces(columns: Columns, mut read: mpsc::Receiver<Read>) -> Pieces {
    let (send, pieces) = mpsc::channel(PIECES);
    tokio::task::spawn_blocking(move || {
        let pipe = Pipe { send: send.clone(), piece: Vec::with_capacity(PIECE) };
        if let Err(error) = book(&columns, || read.blocking_recv(), pipe) {
            // To whoever left there is nothing to tell.
            let _ = send.blocking_send(Err(error));
        }
    });
    pieces
}

fn book(columns: &Columns, mut next: impl FnMut() -> Option<Read>, pipe: Pipe) -> io::Result<()> {
    let mut zip = ZipWriter::new_stream(pipe);
    let mut sheets = 0;
    // Rows that were read and stand in no sheet yet.
    let mut rows = Vec::new().into_iter();
    loop {
        sheets += 1;
        begin(&mut zip, &format!("xl/worksheets/sheet{sheets}.xml"))?;
        let is_full = sheet(&mut zip, columns, &mut rows, &mut next)?;
        if !is_full {
            break;
        }
    }
    parts(&mut zip, columns.sheet(), sheets)?;
    zip.finish()?.into_inner().end()
}

/// `true`: the sheet is full, and there may be more.
fn sheet(
    zip: &mut ZipWriter<StreamWriter<Pipe>>,
    columns: &Columns,
    rows: &mut std::vec::IntoIter<domain::takings::ShopPayment>,
    next: &mut impl FnMut() -> Option<Read>,
) -> io::Result<bool> {
    let mut text = format!(
        "{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" \
         activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>"
    );
    for (at, width) in WIDTHS.iter().enumerate() {
        put(&mut text, format_args!("<col min=\"{0}\" max=\"{0}\" width=\"{width}\" customWidth=\"1\"/>", at + 1));
    }
    text.push_str("</cols><sheetData><row>");
    columns.names().iter().for_each(|name| words(&mut text, 4, name));
    text.push_str("</row>");
    let mut written = 1;
    let is_full = loop {
        if written == SHEET_ROWS {
            break true;
        }
        match rows.next() {
            Some(payment) => {
                line(&mut text, columns.row(&payment));
                written += 1;
            }
            None => match next() {
                None => break false,
                Some(page) => *rows = page.map_err(|_| broken_off())?.into_iter(),
            },
        }
        if text.len() >= PIECE {
            zip.write_all(text.as_bytes())?;
            text.clear();
        }
    };
    text.push_str("</sheetData></worksheet>");
    zip.write_all(text.as_bytes())?;
    Ok(is_full)
}

/// Everything that only says which parts there are.
fn parts(zip: &mut ZipWriter<StreamWriter<Pipe>>, name: &str, sheets: usize) -> io::Result<()> {
    let each = |of: &dyn Fn(usize) -> String| (1..=sheets).map(of).collect::<String>();
    let name = escaped(name);
    let named = each(&|at| {
        let title = if at == 1 { name.clone() } else { format!("{name} {at}") };
        format!("<sheet name=\"{title}\" sheetId=\"{at}\" r:id=\"s{at}\"/>")
    });
    let related = each(&|at| format!("<Relationship Id=\"s{at}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{at}.xml\"/>"));
    let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let typed = each(&|at| format!("<Override PartName=\"/xl/worksheets/sheet{at}.xml\" ContentType=\"{sheet}.worksheet+xml\"/>"));
    let files = [
        ("xl/styles.xml", format!("<styleSheet xmlns=\"{MAIN}\">{STYLES}</styleSheet>")),
        ("xl/workbook.xml", format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{named}</sheets></workbook>")),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\">{related}<Relationship Id=\"styles\" Type=\"{OFFICE}/styles\" \
                 Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"book\" Type=\"{OFFICE}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>\
                 <Override PartName=\"/xl/workbook.xml\" ContentType=\"{sheet}.sheet.main+xml\"/>{typed}\
                 <Override PartName=\"/xl/styles.xml\" ContentType=\"{sheet}.styles+xml\"/></Types>"
            ),
        ),
    ];
    for (path, text) in files {
        begin(zip, path)?;
        zip.write_all(HEAD.as_bytes())?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(())
}

fn begin(zip: &mut ZipWriter<StreamWriter<Pipe>>, path: &str) -> io::Result<()> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(LEVEL));
    Ok(zip.start_file(path, options)?)
}

fn line(text: &mut String, row: Row) {
    text.push_str("<row>");
    put(text, format_args!("<c s=\"2\"><v>{}</v></c><c s=\"3\"><v>{}</v></c>", serial(row.date), fraction(row.time)));
    words(text, 0, &row.code);
    for won in [row.amount, row.cancelled, row.left] {
        put(text, format_args!("<c s=\"1\"><v>{won}</v></c>"));
    }
    for said in [row.state, &row.kinds, &row.id] {
        words(text, 0, said);
    }
    text.push_str("</row>");
}

fn words(text: &mut String, style: u8, said: &str) {
    put(text, format_args!("<c s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(said)));
}

fn put(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _ = text.write_fmt(what);
}

/// As XML 1.0 can hold it; `_x0041_` would be read as a letter by Excel.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.replace("_x", "_x005F_x").chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// Days as spreadsheets count them.
pub(super) fn serial(day: Date) -> i64 {
    date(1899, 12, 30).duration_until(day).as_hours() / 24
}

/// The part of the day that has passed, to a tenth of a millisecond.
pub(super) fn fraction(time: Time) -> String {
    let seconds = i64::from(time.hour()) * 3_600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    format!("0.{:09}", seconds * 1_000_000_000 / 86_400)
}

/// From the thread that writes to whoever takes the pieces; waits while enough of them wait.
pub(super) struct Pipe {
    send: mpsc::Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Pipe {
    fn pass_on(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.send.blocking_send(Ok(Bytes::from(piece))).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn end(mut self) -> io::Result<()> {
        if self.piece.is_empty() { Ok(()) } else { self.pass_on() }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.pass_on()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
