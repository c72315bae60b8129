//! What is answered is on the disk: on a disk that says when it is asked, and does what it is told then.

use super::*;
use crate::support::on_both;
use kamflow::api::Limits;
use serde_json::json;
use std::io;
use std::pin::pin;
use std::sync::mpsc::sync_channel;
use std::time::Duration;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// Reads may take so long to be there all the same, when nothing holds them up: that they are not is no matter of time.
const A_WHILE: Duration = Duration::from_millis(50);

fn app(database: &TestDatabase) -> Option<TestApp> {
    // PostgreSQL forces its log itself.
    (database.name() == "sqlite").then(|| with(database, &[("processes/errand.yaml", ERRAND)]))
}

fn errand() -> Request {
    request(ann(), start("errand", json!({"what": "call"})))
}

#[test]
fn neither_commands_nor_reads_are_answered_before_the_disk_has_it() {
    on_both(|database| {
        let Some(app) = app(database) else { return };
        let ((asked, was_asked), (tell, told)) = (sync_channel(0), sync_channel(0));
        app.runtime.log().on(move || {
            asked.send(()).unwrap();
            told.recv().unwrap()
        });
        app.wait(async {
            let mut command = pin!(app.runtime.execute(errand()));
            tokio::select! {
                _ = &mut command => panic!("answered before the disk was asked"),
                asked = spawn_blocking(move || was_asked.recv()) => asked.unwrap().unwrap(),
            }
            let mut read = pin!(app.runtime.ready());
            assert!(timeout(A_WHILE, &mut read).await.is_err(), "it may have seen what is not on the disk");
            assert!(timeout(A_WHILE, &mut command).await.is_err());
            tell.send(Ok(())).unwrap();
            command.await.unwrap();
            read.await.unwrap();
        });
    });
}

#[test]
fn when_the_disk_fails_nothing_is_answered_until_the_start_after() {
    on_both(|database| {
        let Some(app) = app(database) else { return };
        app.wait(app.runtime.execute(errand())).unwrap();
        app.runtime.log().on(|| Err(io::Error::other("no space left on device")));
        assert_eq!(code(&app.wait(app.runtime.execute(errand()))), "not_durable");
        assert_eq!(code(&app.wait(app.runtime.execute(errand()))), "not_durable");
        assert_eq!(app.wait(app.runtime.ready()).unwrap_err().code, "not_durable");
        drop(app);
        let app = TestApp::open(database, Limits::default());
        app.wait(app.runtime.ready()).unwrap();
        app.wait(app.runtime.execute(errand())).unwrap();
    });
}
