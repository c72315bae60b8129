//! Uploading: any bytes, bounded, once for each content, and only as what they are.

use super::*;
use crate::runtime::rows;
use crate::support::app::CHINESE;
use crate::support::threads::each;
use crate::support::{on_both, sqlite};
use kamflow::api::Limits;

#[test]
fn a_file_comes_back_byte_for_byte() {
    on_both(|database| {
        let app = app(database);
        let ann = app.by("ann");
        // Around the border of a part, and over several.
        for length in [0, 1, 262_143, 262_144, 262_145, 900_000] {
            let content = noise(length);
            let new = upload(&ann, "noise.bin", ("Content-Type", "application/octet-stream"), &content);
            assert_eq!(new.header("location"), format!("/api/v1/files/{}", id(&new)));
            let new = new.ok(201);
            assert_eq!((&new["bytes"], &new["uploadedBy"]), (&json!(length), &json!("ann")));
            let got = ann.get(&format!("/api/v1/files/{}/content", new["id"].as_str().unwrap()));
            assert_eq!((got.status, &got.bytes), (200, &content), "{length} bytes");
            assert_eq!(got.header("etag"), format!("\"{}\"", new["sha256"].as_str().unwrap()));
            assert_eq!(got.header("content-length"), length.to_string());
        }
        assert_eq!((rows(database, "uploads"), rows(database, "blobs")), (0, 6));
    });
}

#[test]
fn the_same_content_is_kept_once_for_each_business() {
    on_both(|database| {
        let app = app(database);
        crate::runtime::isolation::second_business(&app, &FILES);
        let (one, two) = (uploaded(&app.by("ann"), "one.pdf"), uploaded(&app.by("bob"), "two.pdf"));
        assert_ne!(one, two);
        assert_eq!((rows(database, "files"), rows(database, "blobs"), rows(database, "blob_parts")), (2, 1, 1));
        let other = app.by_of("other", "ann");
        let third = uploaded(&other, "one.pdf");
        assert_eq!((rows(database, "blobs"), rows(database, "blob_parts")), (2, 2));
        assert_eq!([looks(&other, &one), looks(&app.by("ann"), &third), looks(&app.by("ann"), &one)], [404, 404, 200]);
    });
}

#[test]
fn the_same_content_at_once_at_two_nodes_is_kept_once() {
    on_both(|database| {
        let app = app(database);
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        let content = noise(600_000);
        let answers = each(8, |n| upload(&nodes[n % 2].by("ann"), &format!("{n}.bin"), PLAIN_BYTES, &content));
        for answer in &answers {
            let got = app.by("ann").get(&format!("/api/v1/files/{}/content", id(answer)));
            assert!(got.bytes == content, "the content is whole");
        }
        assert_eq!((rows(database, "files"), rows(database, "blobs"), rows(database, "blob_parts")), (8, 1, 3));
    });
}

const PLAIN_BYTES: (&str, &str) = ("Content-Type", "application/octet-stream");

#[test]
fn a_file_that_is_too_large_leaves_nothing() {
    on_both(|database| {
        drop(app(database));
        let app = TestApp::open(database, Limits { file: 300_000, ..Limits::default() });
        let ann = app.by("ann");
        upload(&ann, "a.pdf", PDF, &pdf(300_000)).ok(201);
        let refused = upload(&ann, "b.pdf", PDF, &noise(300_001)).problem(413, "body_too_large");
        assert!(refused["detail"].as_str().unwrap().contains("300000"), "{refused}");
        // Without a length that is announced it shows only while the parts come.
        let chunked = [PLAIN_BYTES, ("Transfer-Encoding", "chunked")];
        let sent = ann.send_bytes("POST", "/api/v1/files", &chunked, &noise(300_001));
        sent.problem(413, "body_too_large");
        assert_eq!((rows(database, "files"), rows(database, "blob_parts"), rows(database, "uploads")), (1, 2, 0));
        // Other bodies keep their own limit.
        let body = json!({"fields": {"name": "x".repeat(2_000_000)}});
        ann.post(FOLDERS, body).problem(413, "body_too_large");
    });
}

#[test]
fn the_content_must_be_what_it_is_declared_to_be() {
    let database = sqlite();
    kamflow::store::migrate(&mut database.connect()).unwrap();
    let app = app(&database);
    let ann = app.by("ann");
    let as_type = |media: &str, content: &[u8]| upload(&ann, "f", ("Content-Type", media), content);
    let png = b"\x89PNG\r\n\x1a\n....";
    for (declared, content, kept) in [
        ("application/pdf", &pdf(20)[..], "application/pdf"),
        ("application/x-pdf; charset=x", &pdf(20), "application/pdf"),
        ("image/png", png, "image/png"),
        ("application/octet-stream", png, "image/png"),
        ("application/octet-stream", b"whatever", "application/octet-stream"),
        ("text/csv", "名称,金额\n".as_bytes(), "text/csv"),
        ("text/plain", b"\xFF\xFEa\0", "text/plain"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04....", ""),
        ("application/zip", b"PK\x03\x04....", "application/zip"),
        ("application/vnd.ms-excel", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1....", "application/vnd.ms-excel"),
        ("image/svg+xml", b"<?xml version=\"1.0\"?><svg/>", "image/svg+xml"),
    ] {
        let kept = if kept.is_empty() { declared } else { kept };
        assert_eq!(as_type(declared, content).ok(201)["mediaType"], kept, "{declared}");
    }
    for (declared, content) in [
        ("application/pdf", &png[..]),
        ("image/png", b"no picture"),
        ("image/jpeg", png),
        ("text/plain", b"a\0b"),
        ("text/plain", b"<!DOCTYPE html><html></html>"),
        ("application/zip", &pdf(20)),
    ] {
        as_type(declared, content).problem(422, "media_type_mismatch");
    }
    for wrong in ["pdf", "application/", "a/b/c", "application/p df"] {
        as_type(wrong, b"x").problem(422, "invalid_media_type");
    }
    let chinese = ann.send_bytes("POST", "/api/v1/files", &[PDF, CHINESE], png).problem(422, "media_type_mismatch");
    assert_eq!(chinese["detail"], "文件内容是 image/png，而不是 application/pdf");
    assert_eq!((rows(&database, "uploads"), rows(&database, "files")), (0, 11), "what was refused left nothing");
}

#[test]
fn names_are_cleaned_and_chinese_ones_come_back_whole() {
    let database = sqlite();
    kamflow::store::migrate(&mut database.connect()).unwrap();
    let app = app(&database);
    let ann = app.by("ann");
    let named = |query: &str, header: &str| {
        let headers = [PDF, ("Content-Disposition", header)];
        let path = format!("/api/v1/files{query}");
        ann.send_bytes("POST", &path, &headers[..if header.is_empty() { 1 } else { 2 }], &pdf(20)).ok(201)
    };
    for (query, header, kept) in [
        ("?name=%E6%8A%A5%E4%BB%B7.pdf", "", "报价.pdf"),
        ("", "attachment; filename=\"a.pdf\"", "a.pdf"),
        ("", "attachment; filename=\"x.pdf\"; filename*=UTF-8''%E6%8A%A5%E4%BB%B7.pdf", "报价.pdf"),
        ("?name=..%2F..%2Fetc%2Fpasswd", "attachment; filename=\"a.pdf\"", "passwd"),
        ("?name=C:%5Ctmp%5Cb.pdf", "", "b.pdf"),
        ("?name=%E2%80%AEfdp.exe", "", "fdp.exe"),
        ("?name=a%22;b.pdf", "", "a\";b.pdf"),
        ("", "", "file"),
    ] {
        let new = named(query, header);
        assert_eq!(new["name"], kept, "{query} {header}");
        let got = ann.get(&format!("/api/v1/files/{}/content", new["id"].as_str().unwrap()));
        assert!(got.header("content-disposition").starts_with("attachment; filename=\""));
    }
    let long = named(&format!("?name={}.pdf", "n".repeat(300)), "")["name"].as_str().unwrap().to_owned();
    assert!(long.len() == 200 && long.ends_with(".pdf"), "{long}");
    ann.send("POST", "/api/v1/files?name=a&name=b", &[PDF], "x").problem(400, "invalid_parameter");
}

#[test]
fn an_upload_is_answered_once_under_its_key() {
    on_both(|database| {
        let app = app(database);
        let ann = app.by("ann");
        let send = |name: &str, content: &[u8]| {
            ann.send_bytes("POST", &format!("/api/v1/files?name={name}"), &[PDF, ("Idempotency-Key", "k")], content)
        };
        let (first, second) = (send("a.pdf", &pdf(50)), send("a.pdf", &pdf(50)));
        assert_eq!((id(&first), second.header("idempotency-replayed")), (id(&second), "true"));
        send("b.pdf", &pdf(50)).problem(422, "idempotency_key_reused");
        send("a.pdf", &pdf(51)).problem(422, "idempotency_key_reused");
        assert_eq!((rows(database, "files"), rows(database, "uploads"), rows(database, "blob_parts")), (1, 0, 1));
    });
}

#[test]
fn nobody_keeps_more_than_some_files_that_nothing_has() {
    let database = sqlite();
    kamflow::store::migrate(&mut database.connect()).unwrap();
    let app = app(&database);
    let ann = app.by("ann");
    (0..200).for_each(|n| drop(upload(&ann, &format!("{n}"), PLAIN, b"x").ok(201)));
    let last = upload(&ann, "201", PLAIN, b"y").problem(409, "too_many_uploads");
    assert!(last["detail"].as_str().unwrap().starts_with("200 files"), "{last}");
    assert_eq!(rows(&database, "blobs"), 1, "what was refused left nothing");
    upload(&app.by("bob"), "1", PLAIN, b"x").ok(201);
}
