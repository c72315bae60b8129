//! `kamflow serve`: everything set up, then HTTP until somebody stops it. A stop lets running requests finish and the
//! writer empty its queue.

use super::config::Config;
use super::say::{complain, say};
use super::stop::Signals;
use super::{Failed, demo, first_run, folders, logging, open, watch};
use crate::api::{self, ApiState, Limits};
use crate::model::refusal::Refusal;
use crate::runtime::request::{Change, Request};
use crate::runtime::{Runtime, operator};
use actix_web::dev::Server;
use actix_web::{App, HttpServer};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::net::SocketAddr;

/// Seconds that running requests get to finish at a stop.
const STOP_SECONDS: u64 = 30;

/// What `serve` is asked to do besides serving.
#[derive(Debug, Clone, Copy, Default)]
pub struct Serve {
    /// Make the demonstration business.
    pub demo: bool,
    /// Deploy on save.
    pub watch: bool,
}

/// A server that listens.
pub struct Listening {
    /// Runs until it is stopped.
    pub server: Server,
    /// Where it listens.
    pub addresses: Vec<SocketAddr>,
}

/// Serves until somebody stops it.
pub fn serve(config: &Config, what: Serve) -> Result<(), Failed> {
    logging::start(config)?;
    let metrics = PrometheusBuilder::new().install_recorder().map_err(Failed::because)?;
    let runtime = open(config)?;
    actix_web::rt::System::new().block_on(async {
        first_run::first_run(&runtime, config).await?;
        if what.demo {
            demo::demo(&runtime, config).await?;
        }
        settle(&runtime).await;
        notice(&runtime, config).await;
        let signals = Signals::listen()?;
        let listening = bind(runtime.clone(), metrics, config)?;
        actix_web::rt::spawn(signals.stop(listening.server.handle(), runtime.clone()));
        for address in &listening.addresses {
            say(format_args!("kamflow listens on http://{address}   API: /api/v1   documentation: /docs"));
        }
        let worker = actix_web::rt::spawn(runtime.clone().work());
        let watcher = what.watch.then(|| actix_web::rt::spawn(watch::watch(runtime.clone(), config.clone())));
        let served = listening.server.await.map_err(Failed::because);
        worker.abort();
        if let Some(watcher) = watcher {
            watcher.abort();
        }
        served
    })?;
    drop(runtime);
    say("stopped; everything that was answered is stored");
    Ok(())
}

/// Binds the address and starts answering.
pub fn bind(runtime: Runtime, metrics: PrometheusHandle, config: &Config) -> Result<Listening, Failed> {
    let limits = Limits {
        per_caller: config.requests_per_caller,
        per_business: config.requests_per_business,
        file: config.file_megabytes * 1024 * 1024,
        trusted_proxies: config.trusted_proxies.clone(),
        ..Limits::default()
    };
    let state = ApiState::new(runtime, metrics, limits);
    let server = HttpServer::new(move || {
        let state = state.clone();
        App::new().configure(move |routes| api::configure(routes, state))
    });
    let bound = server
        .workers(config.http_threads)
        .shutdown_timeout(STOP_SECONDS)
        .disable_signals()
        .bind(&config.listen)
        .map_err(|error| Failed(format!("cannot listen on {}: {error}", config.listen)))?;
    let addresses = bound.addrs();
    Ok(Listening { server: bound.run(), addresses })
}

/// The configuration may say otherwise than last time what groups give.
async fn settle(runtime: &Runtime) {
    let settled = async {
        for business in runtime.businesses().await? {
            let actor = operator(business.id);
            let change = Change::SettleGroups;
            runtime.execute(Request { actor, change, idempotency: None, if_match: None }).await?;
        }
        Ok::<(), Refusal>(())
    };
    if let Err(refusal) = settled.await {
        complain(format_args!("roles of groups are as they were: {refusal}"));
    }
}

/// Says when the folders differ from what is active.
async fn notice(runtime: &Runtime, config: &Config) {
    let (files, businesses) = match (folders::read(config), runtime.businesses().await) {
        (Ok(files), Ok(businesses)) => (files, businesses),
        (Err(failed), _) => return complain(format_args!("serving what is deployed: {failed}")),
        (_, Err(refusal)) => return complain(refusal),
    };
    for business in businesses {
        match folders::difference(runtime, &business.id, &files).await {
            Ok((differ, number)) if !differ.is_empty() => say(format_args!(
                "business \"{}\": {} files differ from revision {number}: run kamflow deploy",
                business.id,
                differ.len()
            )),
            Ok(_) => {}
            Err(failed) => complain(format_args!("business \"{}\": {failed}", business.id)),
        }
    }
}
