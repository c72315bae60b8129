//! A stack that is deep enough for the deepest value that the limits allow.
//!
//! A script may nest lists until the size limit stops it; copying and dropping such a value recurses once a level, and
//! an overflowing stack aborts the whole process. So functions run on a thread with a large stack. Threads that call
//! scripts all the time should be made by [`spawn`]: on them a call stays where it is.

use std::cell::Cell;
use std::io;
use std::thread::{Builder, JoinHandle, scope};

/// Bytes of a deep stack. Address space only: pages that nobody touches cost nothing.
pub const DEEP_STACK: usize = 256 * 1024 * 1024;

thread_local! {
    static IS_DEEP: Cell<bool> = const { Cell::new(false) };
}

/// Starts a thread on whose stack every script can run in place.
pub fn spawn<T: Send + 'static>(name: &str, work: impl FnOnce() -> T + Send + 'static) -> io::Result<JoinHandle<T>> {
    Builder::new().name(name.to_owned()).stack_size(DEEP_STACK).spawn(move || {
        IS_DEEP.set(true);
        work()
    })
}

/// Runs `work` on a deep stack: here when this thread has one, else on a thread of its own. A panic, and a system
/// that has no thread to give, come back as a sentence.
pub(super) fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    if IS_DEEP.get() {
        return caught(work);
    }
    scope(|threads| {
        let thread = Builder::new().name("script".to_owned()).stack_size(DEEP_STACK).spawn_scoped(threads, || {
            IS_DEEP.set(true);
            caught(work)
        });
        match thread {
            Ok(thread) => thread.join().unwrap_or_else(|_| Err("the script's thread died".to_owned())),
            Err(error) => Err(format!("no thread could be started for the script: {error}")),
        }
    })
}

/// Runs `work` here; a panic comes back as a sentence.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).map_err(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str).or(payload.downcast_ref::<&str>().copied());
        format!("the script interpreter failed: {}", text.unwrap_or("without a word"))
    })
}
