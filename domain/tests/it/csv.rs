use domain::csv::{self, Cell, harmless};
use proptest::prelude::*;

fn line(cells: &[Cell<'_>]) -> String {
    let mut line = String::new();
    csv::write(&mut line, cells);
    line
}

/// What RFC 4180 says a record is, read back.
fn read(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.strip_suffix("\r\n").unwrap().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.push(chars.next().unwrap()),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            '\r' | '\n' if !quoted => panic!("a line ends within a field: {line:?}"),
            c => field.push(c),
        }
    }
    assert!(!quoted, "{line:?}");
    fields.push(field);
    fields
}

#[test]
fn fields_are_quoted_only_where_it_is_needed() {
    for (cell, written) in [
        (Cell::from("모퉁이커피"), "모퉁이커피\r\n"),
        (Cell::from("a,b"), "\"a,b\"\r\n"),
        (Cell::from("say \"hi\""), "\"say \"\"hi\"\"\"\r\n"),
        (Cell::from("two\r\nlines"), "\"two\r\nlines\"\r\n"),
        (Cell::from(" blank "), "\" blank \"\r\n"),
        (Cell::from(""), "\r\n"),
        (Cell::from(-5_000), "-5000\r\n"),
    ] {
        assert_eq!(line(&[cell]), written);
    }
    assert_eq!(line(&["a".into(), 7.into(), "b".into()]), "a,7,b\r\n");
}

#[test]
fn formulas_become_text() {
    for formula in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "=HYPERLINK(\"http://evil\",\"x\")",
        "  =1",
        "\u{3000}＝1",
        "＋1",
        "－1",
        "＠a",
    ] {
        let safe = harmless(formula);
        assert_eq!(safe, format!("'{formula}"));
        assert_eq!(read(&line(&[formula.into()])), [format!("'{formula}")]);
    }
    for plain in ["", "1", "가=나", "a-b", "#", "(=1)", "'=1"] {
        assert_eq!(harmless(plain), plain);
    }
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_back_and_calculates_nothing(texts in prop::collection::vec(any::<String>(), 1..6)) {
        let cells: Vec<Cell<'_>> = texts.iter().map(|text| text.as_str().into()).collect();
        let fields = read(&line(&cells));
        prop_assert_eq!(fields.len(), texts.len());
        for (field, text) in fields.iter().zip(&texts) {
            let escaped = ["'", text].concat();
            prop_assert!(field == text || *field == escaped);
            prop_assert!(!field.trim_start().starts_with(['=', '+', '-', '@']), "{:?}", field);
            prop_assert!(!field.starts_with(['\t', '\r', '\n']), "{:?}", field);
        }
    }
}
