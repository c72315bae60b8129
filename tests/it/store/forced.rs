//! Who waits for the disk: on a disk that says when it is asked, and does what it is told then.

use kamflow::store::{Log, StoreError, Url};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::task::{Context, Waker};
use std::thread::{self, JoinHandle};

fn slow() -> (Arc<Log>, Receiver<()>, SyncSender<io::Result<()>>) {
    let log = Arc::new(Log::of(&Url::parse("sqlite:x.db").unwrap()));
    let ((asked, was_asked), (tell, told)) = (sync_channel(0), sync_channel(0));
    log.on(move || {
        asked.send(()).unwrap();
        told.recv().unwrap()
    });
    (log, was_asked, tell)
}

fn commit(log: &Log) {
    log.begin();
    log.end();
}

fn force(log: &Arc<Log>) -> JoinHandle<Result<(), StoreError>> {
    let log = log.clone();
    thread::spawn(move || log.force())
}

/// Whether somebody who has just read waits.
fn waits(log: &Log) -> bool {
    pin!(log.forced(log.seen())).poll(&mut Context::from_waker(Waker::noop())).is_pending()
}

#[test]
fn who_reads_waits_for_the_disk_and_who_saw_nothing_new_does_not() {
    let (log, asked, tell) = slow();
    assert!(!waits(&log));
    log.begin();
    assert!(waits(&log), "it may have been seen as soon as it begins");
    log.end();
    assert!(waits(&log));
    let forcing = force(&log);
    asked.recv().unwrap();
    assert!(waits(&log), "the disk has not answered");
    tell.send(Ok(())).unwrap();
    forcing.join().unwrap().unwrap();
    assert!(!waits(&log));
    // Nothing new: the disk, which would wait for being told, is not asked.
    log.force().unwrap();
}

#[test]
fn what_is_committed_meanwhile_is_forced_by_itself_and_for_all_who_wait() {
    let (log, asked, tell) = slow();
    commit(&log);
    let first = force(&log);
    asked.recv().unwrap();
    // Two more while the disk is busy with the first.
    commit(&log);
    let second = force(&log);
    commit(&log);
    let third = force(&log);
    tell.send(Ok(())).unwrap();
    first.join().unwrap().unwrap();
    asked.recv().unwrap();
    assert!(waits(&log), "they came after the disk was asked for the first");
    tell.send(Ok(())).unwrap();
    // The one that did not ask finds it done.
    second.join().unwrap().unwrap();
    third.join().unwrap().unwrap();
    assert!(!waits(&log));
}

#[test]
fn a_commit_that_is_on_its_way_is_not_taken_for_forced() {
    let (log, asked, tell) = slow();
    commit(&log);
    log.begin();
    let forcing = force(&log);
    asked.recv().unwrap();
    tell.send(Ok(())).unwrap();
    forcing.join().unwrap().unwrap();
    assert!(waits(&log), "its rows may not have been in the file yet");
}

#[test]
fn a_log_that_broke_stays_broken() {
    let (log, asked, tell) = slow();
    commit(&log);
    let forcing = force(&log);
    asked.recv().unwrap();
    tell.send(Err(io::Error::other("no space left"))).unwrap();
    let refused = forcing.join().unwrap().unwrap_err();
    assert!(matches!(refused, StoreError::Disk(ref reason) if reason == "no space left"), "{refused}");
    // The disk is not asked again: it would wait to be told.
    commit(&log);
    assert!(log.force().is_err());
    assert!(!waits(&log), "nobody waits for what never comes");
    let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert!(tokio.block_on(log.forced(log.seen())).is_err());
}
