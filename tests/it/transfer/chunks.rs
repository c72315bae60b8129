//! Bodies on the wire: a file comes in piece by piece, and its rows are answered before it is whole.

use super::*;
use crate::support::on_both;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

/// A request whose body is sent by hand.
struct Wire {
    stream: TcpStream,
    answer: BufReader<TcpStream>,
}

impl Wire {
    fn open(app: &TestApp, path: &str) -> Wire {
        let stream = TcpStream::connect(app.url.strip_prefix("http://").unwrap()).unwrap();
        let answer = BufReader::new(stream.try_clone().unwrap());
        let mut wire = Wire { stream, answer };
        let token = app.token(BUSINESS, "ann", None);
        wire.write(&format!(
            "POST {path} HTTP/1.1\r\nHost: kamflow\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n"
        ));
        wire
    }

    fn write(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
        self.stream.flush().unwrap();
    }

    fn chunk(&mut self, text: &str) {
        self.write(&format!("{:x}\r\n{text}\r\n", text.len()));
    }

    /// Reads lines of the answer until one holds this; the line.
    fn until(&mut self, what: &str) -> String {
        loop {
            let mut line = String::new();
            assert!(self.answer.read_line(&mut line).unwrap() > 0, "the answer ended before {what}");
            if line.contains(what) {
                return line;
            }
        }
    }

    fn status(&mut self) -> String {
        let mut line = String::new();
        self.answer.read_line(&mut line).unwrap();
        line
    }
}

fn rows(from: usize, to: usize) -> String {
    (from..to).map(|row| format!("part {row},{row}\n")).collect()
}

#[test]
fn rows_are_answered_while_the_file_is_still_on_its_way() {
    on_both(|database| {
        let app = desk(database);
        let mut wire = Wire::open(&app, &format!("{PARTS}/import"));
        // Not even the header comes in one piece.
        wire.chunk("na");
        wire.chunk("me,code\npart 0,0\npart");
        wire.chunk(&format!(" 1,1\n{}", rows(2, 250)));
        assert!(wire.status().contains("200 OK"));
        wire.until("\"created\":250");
        assert_eq!(app.by("ann").get(&format!("{PARTS}?limit=1")).ok(200)["total"], 250, "committed before the end");
        wire.chunk(&rows(250, 300));
        wire.write("0\r\n\r\n");
        let summary = wire.until("\"summary\"");
        assert!(summary.contains("\"created\":300") && summary.contains("\"line\":301"), "{summary}");
    });
}

#[test]
fn a_connection_that_breaks_leaves_whole_batches() {
    on_both(|database| {
        let app = desk(database);
        let mut wire = Wire::open(&app, &format!("{PARTS}/import"));
        wire.chunk(&format!("name,code\n{}", rows(0, 470)));
        wire.until("\"created\":450");
        drop(wire);
        let ann = app.by("ann");
        assert_eq!(ann.get(&format!("{PARTS}?limit=1")).ok(200)["total"], 450);
    });
}

#[test]
fn a_header_that_does_not_fit_is_answered_before_the_rows_come() {
    on_both(|database| {
        let app = desk(database);
        let mut wire = Wire::open(&app, &format!("{PARTS}/import"));
        wire.chunk("nmae,code\n");
        assert!(wire.status().contains("422"), "while the body is still open");
        wire.until("wrong_columns");
    });
}

#[test]
fn whoever_sends_all_of_a_file_before_reading_is_not_held_up() {
    let database = crate::support::databases().remove(0);
    let app = desk(&database);
    // 30,000 refused rows are more than any socket holds; 10,000 are told of, all are counted.
    let body: String = (0..30_000).map(|row| format!(",{row}\n")).collect();
    let done = import(&app.by("ann"), "?dryRun=true", &format!("name,code\n{body}"));
    assert_eq!((done.counts(), done.refused().len()), ([0, 0, 0, 30_000], 10_000));
}

#[test]
fn a_body_of_another_kind_is_refused() {
    let database = crate::support::databases().remove(0);
    let app = desk(&database);
    let ann = app.by("ann");
    let send = |headers: &[(&str, &str)]| ann.send("POST", &format!("{PARTS}/import"), headers, "name\na\n");
    send(&[("Content-Type", "application/json")]).problem(415, "unsupported_media_type");
    send(&[]).problem(415, "unsupported_media_type");
    send(&[CSV, ("Content-Encoding", "gzip")]).problem(415, "unsupported_media_type");
    send(&[CSV, ("Idempotency-Key", "a b")]).problem(400, "invalid_idempotency_key");
    let bearer = format!("Bearer {}", app.token(BUSINESS, "ann", Some(&["records:read"])));
    let narrow = app.with_authorization(&bearer);
    narrow.send("POST", &format!("{PARTS}/import"), &[CSV], "name\na\n").problem(403, "scope_missing");
    app.send("POST", &format!("{PARTS}/import"), &[CSV], "name\na\n").problem(401, "unauthenticated");
    assert!(names(&ann).is_empty());
}
