//! `serve --watch`: deploys on save when check and tests pass; otherwise keeps the last good revision and says why.

use super::Failed;
use super::config::Config;
use super::folders;
use super::say::{complain, say};
use crate::runtime::Runtime;
use notify::{RecursiveMode, Watcher};
use std::time::Duration;
use tokio::sync::mpsc;

/// Saves that follow each other this quickly are one.
const TOGETHER: Duration = Duration::from_millis(300);

/// Watches the folders for ever. When that is not possible, it says so and the server goes on without.
pub async fn watch(runtime: Runtime, config: Config) {
    if let Err(failed) = deploy_saves(&runtime, &config).await {
        complain(format_args!("not watching: {failed}"));
    }
}

async fn deploy_saves(runtime: &Runtime, config: &Config) -> Result<(), Failed> {
    let (saved, mut saves) = mpsc::channel::<()>(1);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            // A full channel means that a save is waiting already.
            let _ = saved.try_send(());
        }
    })
    .map_err(Failed::because)?;
    for folder in ["workflows", "plugins"] {
        let folder = config.folder.join(folder);
        watcher
            .watch(&folder, RecursiveMode::Recursive)
            .map_err(|error| Failed(format!("{} cannot be watched: {error}", folder.display())))?;
    }
    say("watching workflows/ and plugins/: what is saved is deployed");
    while saves.recv().await.is_some() {
        tokio::time::sleep(TOGETHER).await;
        while saves.try_recv().is_ok() {}
        if let Err(failed) = deploy_all(runtime, config).await {
            complain(format_args!("not deployed, the last good revision stays active:\n{failed}"));
        }
    }
    Ok(())
}

async fn deploy_all(runtime: &Runtime, config: &Config) -> Result<(), Failed> {
    let files = folders::read(config)?;
    let mut refused = Vec::new();
    for business in runtime.businesses().await? {
        match folders::deploy(runtime, &business.id, files.clone(), "saved").await {
            Ok(revision) if business.active_revision == Some(revision.number) => {}
            Ok(revision) => {
                say(format_args!("deployed revision {} for business \"{}\"", revision.number, business.id));
            }
            Err(failed) => refused.push(format!("business \"{}\": {failed}", business.id)),
        }
    }
    if refused.is_empty() { Ok(()) } else { Err(Failed(refused.join("\n"))) }
}
