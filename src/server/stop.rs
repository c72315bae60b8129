//! When to stop: the terminal's interrupt, or the init system's SIGTERM. The first lets running requests finish, a second
//! one does not wait for them.

use super::Failed;
use super::say::say;
use crate::runtime::Runtime;
use actix_web::dev::ServerHandle;

/// Hears the signals from the moment it is made.
pub struct Signals(Kinds);

impl Signals {
    /// Begins to listen.
    pub fn listen() -> Result<Signals, Failed> {
        kinds().map(Signals).map_err(|error| Failed(format!("signals cannot be heard: {error}")))
    }

    /// Stops the server at the first signal, at once at the second. Workers that wait for jobs are answered.
    pub async fn stop(mut self, server: ServerHandle, runtime: Runtime) {
        next(&mut self.0).await;
        say("stopping: running requests are finished first");
        runtime.stop_waiting();
        // Asked now, awaited never: the server itself says when it has ended.
        drop(server.stop(true));
        next(&mut self.0).await;
        say("stopping at once");
        drop(server.stop(false));
    }
}

#[cfg(unix)]
type Kinds = [tokio::signal::unix::Signal; 2];

#[cfg(unix)]
fn kinds() -> std::io::Result<Kinds> {
    use tokio::signal::unix::{SignalKind, signal};
    Ok([signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?])
}

#[cfg(unix)]
async fn next([terminate, interrupt]: &mut Kinds) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[cfg(not(unix))]
type Kinds = ();

#[cfg(not(unix))]
fn kinds() -> std::io::Result<Kinds> {
    Ok(())
}

#[cfg(not(unix))]
async fn next(_: &mut Kinds) {
    if tokio::signal::ctrl_c().await.is_err() {
        // No signal can be heard: the server runs until it is ended.
        std::future::pending::<()>().await;
    }
}
