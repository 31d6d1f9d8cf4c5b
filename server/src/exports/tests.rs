//! Files of a million rows, and what waits in memory meanwhile; what the cells say is read back from the file.

use super::columns::Columns;
use super::{PAGES, PIECES, Pieces, Read, csv, encoded, passed_on, xlsx};
use app::words::Lang;
use domain::district::District;
use domain::kind::{AfterExpiry, BasisPoints, Kind, Percent, Scope};
use domain::paying::Code;
use domain::takings::ShopPayment;
use domain::{KindId, PaymentId, Timestamp, Won};
use std::io::{Cursor, Read as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

const PAGE: usize = 1_000;

fn kind(name: &str) -> Kind {
    Kind {
        id: KindId(1),
        name_ko: name.to_owned(),
        name_en: name.to_owned(),
        scope: Scope::District(District::MAPO),
        discount: BasisPoints(700),
        unit: Won::of(10_000),
        month_limit: Won::of(1),
        holding_cap: Won::of(1),
        validity_years: 5,
        refund_from: Percent::new(60),
        after_expiry: AfterExpiry::MODEL_TERMS,
    }
}

fn payment(number: i64) -> ShopPayment {
    ShopPayment {
        number,
        id: PaymentId::from_parts(1_760_000_000_000, [7; 10]),
        at: "2026-07-14T10:30:05+09:00".parse::<Timestamp>().unwrap(),
        amount: Won::of(32_000),
        cancelled: Won::of(2_000),
        code: Code::new(42).unwrap(),
        kinds: vec![(KindId(1), Won::of(32_000))],
    }
}

/// Pages of payments, read as fast as they are taken; how many have been read is counted.
fn source(pages: usize) -> (mpsc::Receiver<Read>, Arc<AtomicUsize>) {
    let (send, read) = mpsc::channel(PAGES);
    let made = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&made);
    tokio::spawn(async move {
        for page in 0..pages {
            let rows = (0..PAGE).map(|row| payment(i64::try_from(page * PAGE + row).unwrap())).collect();
            if send.send(Ok(rows)).await.is_err() {
                return;
            }
            count.fetch_add(PAGE, Ordering::SeqCst);
        }
    });
    (read, made)
}

async fn whole(mut pieces: Pieces) -> Vec<u8> {
    let mut file = Vec::new();
    while let Some(piece) = pieces.recv().await {
        file.extend_from_slice(&piece.unwrap());
    }
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn a_million_lines_are_never_in_memory_together() {
    let (read, made) = source(1_000);
    let mut pieces = csv::pieces(Columns::new(Lang::Ko, &[kind("마포")]), read);
    let (mut lines, mut most_waiting, mut longest) = (0, 0, 0);
    while let Some(piece) = pieces.recv().await {
        let piece = piece.unwrap();
        lines += piece.iter().filter(|byte| **byte == b'\n').count();
        longest = longest.max(piece.len());
        most_waiting = most_waiting.max(made.load(Ordering::SeqCst).saturating_sub(lines));
    }
    assert_eq!(lines, 1_000_001);
    println!("at most {most_waiting} rows waited, the longest piece had {longest} bytes");
    // What waits to be written, what is being written, and what waits to be sent.
    assert!(most_waiting <= (PAGES + PIECES + 3) * PAGE, "{most_waiting} rows waited");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stands_still_holds_the_writer_up() {
    let (read, made) = source(1_000);
    let mut pieces = xlsx::pieces(Columns::new(Lang::Ko, &[kind("마포")]), read);
    let mut most = 0;
    for _ in 0..3 {
        let before = made.load(Ordering::SeqCst);
        let piece = pieces.recv().await.unwrap().unwrap();
        assert!(piece.len() < 256 * 1024);
        most = most.max(made.load(Ordering::SeqCst) - before);
    }
    // A compressed row has ten bytes or more, so a piece is of at most so many.
    assert!(most < 40 * PAGE, "{most} rows for a piece");
    drop(pieces);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_never_goes_on_frees_the_writer_and_finds_the_file_broken_off() {
    for is_book in [false, true] {
        let (send, read) = mpsc::channel(PAGES);
        let columns = Columns::new(Lang::Ko, &[]);
        let pieces = if is_book { xlsx::pieces(columns, read) } else { csv::pieces(columns, read) };
        let mut passed = passed_on(pieces, Duration::from_millis(50));
        let page = || Ok((0..).take(PAGE).map(payment).collect());
        // Nobody reads, so this ends because the writer has been let go.
        while send.send(page()).await.is_ok() {}
        let mut last = None;
        while let Some(piece) = passed.recv().await {
            last = Some(piece.is_err());
        }
        assert_eq!(last, Some(true));
    }
}

#[tokio::test]
async fn a_file_that_is_taken_comes_whole() {
    let (send, pieces) = mpsc::channel(PIECES);
    let passed = passed_on(pieces, Duration::from_secs(60));
    tokio::spawn(async move {
        for number in 0..20_u8 {
            send.send(Ok(vec![number].into())).await.unwrap();
        }
    });
    assert_eq!(whole(passed).await, (0..20).collect::<Vec<u8>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_say_what_was_paid() {
    let (read, _) = source(1);
    let file = String::from_utf8(whole(csv::pieces(Columns::new(Lang::Ko, &[kind("=마포, 상품권")]), read)).await).unwrap();
    let mut lines = file.split("\r\n");
    assert_eq!(lines.next().unwrap(), "\u{FEFF}날짜,시각,확인 코드,결제 금액,취소 금액,남은 금액,상태,상품권,결제 번호");
    let id = payment(0).id;
    assert_eq!(lines.next().unwrap(), format!("2026-07-14,10:30:05,0042,32000,2000,30000,일부 취소,\"'=마포, 상품권\",{id}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_book_is_a_zip_with_a_sheet_of_numbers_and_text() {
    let (read, _) = source(3);
    let file = whole(xlsx::pieces(Columns::new(Lang::En, &[kind("<A&B>")]), read)).await;
    let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let sheet = part("xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("<row>").count(), 3 * PAGE + 1);
    assert!(sheet.contains("<c s=\"2\"><v>46217</v></c><c s=\"3\"><v>0.437557870</v></c>"), "{}", &sheet[..2_000]);
    assert!(sheet.contains("<t xml:space=\"preserve\">0042</t>") && sheet.contains("<c s=\"1\"><v>30000</v></c>"));
    assert!(sheet.contains("&lt;A&amp;B&gt;") && !sheet.contains("<f>"));
    assert!(part("xl/workbook.xml").contains("<sheet name=\"Payments\" sheetId=\"1\" r:id=\"s1\"/>"));
    for name in ["[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/styles.xml"] {
        assert!(part(name).starts_with("<?xml"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_read_breaks_the_file_off() {
    for is_book in [false, true] {
        let (send, read) = mpsc::channel(PAGES);
        send.send(Ok(vec![payment(1)])).await.unwrap();
        send.send(Err(store::Error::Interrupted)).await.unwrap();
        drop(send);
        let columns = Columns::new(Lang::Ko, &[]);
        let mut pieces = if is_book { xlsx::pieces(columns, read) } else { csv::pieces(columns, read) };
        let mut last = None;
        while let Some(piece) = pieces.recv().await {
            last = Some(piece.is_err());
        }
        assert_eq!(last, Some(true));
    }
}

#[test]
fn names_of_files_and_cells_are_escaped() {
    assert_eq!(encoded("모퉁이 a-1.csv"), "%EB%AA%A8%ED%89%81%EC%9D%B4%20a-1.csv");
    assert_eq!(xlsx::escaped("a_x0041_\u{0}\u{1B}\n<&>\""), "a_x005F_x0041_\n&lt;&amp;&gt;&quot;");
    assert_eq!(xlsx::serial(jiff::civil::date(1900, 3, 1)), 61);
    assert_eq!(
        (xlsx::fraction(jiff::civil::time(0, 0, 0, 0)).as_str(), xlsx::fraction(jiff::civil::time(12, 0, 0, 0)).as_str()),
        ("0.000000000", "0.500000000")
    );
}
