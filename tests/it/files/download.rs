//! Giving a file back: to be saved, never to be opened in place.

use super::*;
use crate::support::on_both;
use kamflow::api::Limits;

#[test]
fn a_file_is_given_back_so_that_no_browser_runs_it() {
    on_both(|database| {
        let app = app(database);
        let ann = app.by("ann");
        let html = ("Content-Type", "text/html");
        let new = upload(&ann, "%E6%8A%A5%20%E4%BB%B7.html", html, b"<html><script>alert(1)</script></html>");
        let got = ann.get(&format!("/api/v1/files/{}/content", id(&new)));
        assert_eq!(got.header("content-type"), "text/html");
        let saved = "attachment; filename=\"_ _.html\"; filename*=UTF-8''%E6%8A%A5%20%E4%BB%B7.html";
        assert_eq!(got.header("content-disposition"), saved);
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        assert_eq!(got.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(got.header("cache-control"), "no-store");
        let head = ann.send("HEAD", &format!("/api/v1/files/{}/content", id(&new)), &[], "");
        assert_eq!((head.status, head.text.as_str()), (200, ""));
    });
}

#[test]
fn files_are_there_after_a_restart() {
    on_both(|database| {
        let content = noise(700_000);
        let first = app(database);
        let file = id(&upload(&first.by("ann"), "n.bin", ("Content-Type", "application/octet-stream"), &content));
        drop(first);
        let again = TestApp::open(database, Limits::default());
        assert!(again.by("ann").get(&format!("/api/v1/files/{file}/content")).bytes == content);
    });
}
