//! Importing over HTTP: the body is the file, streamed; the answer is JSON lines, streamed too: every refused row, how far
//! it has come, and at the end what came of it. Neither is ever whole in memory, on either side.

use super::answer::ApiResult;
use super::body;
use super::idempotency;
use super::language;
use super::pieces::Pieces;
use super::problem::Problem;
use super::requires::By;
use super::search::parameters;
use super::sent::media_type;
use super::state::App;
use super::view::import::{Line, begun, moved, refused, stopped, summary};
use crate::model::mapping::Target;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::text::Language;
use crate::runtime::transfer::{Blanks, Cells, Format, Import, MappingSource, Mode, Order, Told};
use actix_web::body::{BodyStream, MessageBody};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, Path};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use std::collections::BTreeMap;
use std::future::{Ready, ready};
use std::io::{self, Read};
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedSender};

/// Query parameters of an import.
pub(super) const PARAMETERS: &[(&str, &str)] = &[
    ("mapping", "The mapping of the active revision by which columns become fields; without one they are called alike"),
    ("updateBy", "Change the record that has the same value in this field; `_id` names it by its id"),
    ("clearBlank", "`true`: empty cells clear fields of records that are there"),
    ("raw", "`true`: cells as they are; an apostrophe before a formula stays"),
    ("dryRun", "`true`: check everything, write nothing"),
    ("fromLine", "Begin at this line of the file"),
    ("encoding", "The encoding of the file, such as `gb18030`; UTF-8 when not said"),
    ("name", "What the file is called; stands in the history of every record"),
];
/// Pieces of the body that wait for the import; each has some kilobytes.
const WAITING: usize = 16;
/// Refused rows that are told of one by one. All are counted. Who sends all of a file before reading an answer must not
/// be able to fill our memory, nor to stop us.
const TOLD: usize = 10_000;

/// The body of a request, not read yet.
pub(super) struct File(web::Payload);

impl FromRequest for File {
    type Error = Problem;
    type Future = Ready<Result<File, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if request.headers().get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity") {
            return ready(Err(body::unsupported("send the body without Content-Encoding")));
        }
        let taken = web::Payload::from_request(request, payload).into_inner();
        ready(taken.map(File).map_err(|error| super::error::internal(&error.to_string())))
    }
}

pub(super) async fn records(by: By, name: Path<String>, request: HttpRequest, file: File, app: App) -> ApiResult {
    import(by, Target::Records(name.into_inner()), request, file, app).await
}

pub(super) async fn starts(by: By, key: Path<String>, request: HttpRequest, file: File, app: App) -> ApiResult {
    import(by, Target::Process(key.into_inner()), request, file, app).await
}

async fn import(by: By, target: Target, request: HttpRequest, file: File, app: App) -> ApiResult {
    let order = order(target, &request)?;
    let (app, by, language) = (app.clone(), by.0, language::of(request.headers()));
    let import = app.runtime.import(&by, order).await?;
    let turn = app.imports.clone().try_acquire_owned().map_err(|_| busy())?;
    let (chunks, source) = mpsc::channel(WAITING);
    actix_web::rt::spawn(pump(file.0, chunks, app.limits.timeout));
    let (told, mut lines) = mpsc::unbounded_channel();
    tokio::task::spawn_blocking(move || {
        run(import, source, &told, language);
        drop(turn);
    });
    match lines.recv().await {
        Some(Line::Refused(why)) => Err((*why).into()),
        Some(Line::Text(first)) => {
            let mut answer = HttpResponse::Ok();
            answer.insert_header((header::CONTENT_TYPE, Format::JsonLines.media()));
            Ok(answer.body(Pieces::of_lines(first, lines)))
        }
        None => Err(super::error::internal("an import ended without a word")),
    }
}

fn busy() -> Problem {
    let sentence = "too many imports are running; try again in a moment";
    Refusal::new(RefusalKind::Busy, "busy", sentence).into()
}

/// Runs the import; what it tells goes out as lines. A file that cannot even begin is a refusal of the whole request.
fn run(import: Import, source: Receiver<Result<Bytes, Refusal>>, told: &UnboundedSender<Line>, language: Language) {
    let (mut has_begun, mut refusals) = (false, 0);
    let tell = |line: Line| {
        // A caller that went away needs no line; what it sent is written all the same.
        let _ = told.send(line);
    };
    let done = import.run(Chunks { source, rest: Bytes::new() }, &mut |what| match what {
        Told::Begun(computed) => {
            has_begun = true;
            tell(begun(&computed));
        }
        Told::Refused(line, refusal) => {
            refusals += 1;
            if refusals <= TOLD {
                tell(refused(line, &refusal, language));
            }
        }
        Told::Moved(line, counts, _) => tell(moved(line, counts)),
    });
    match done {
        Ok(done) => tell(summary(&done)),
        Err(why) if has_begun => tell(stopped(&why, language)),
        Err(why) => tell(Line::Refused(Box::new(why.why))),
    }
}

/// The body, piece by piece, to the import. What comes after the import has ended is read and forgotten, so that the
/// sender hears the answer.
async fn pump(payload: web::Payload, chunks: Sender<Result<Bytes, Refusal>>, patience: Duration) {
    let (mut is_wanted, mut body) = (true, Box::pin(BodyStream::new(payload)));
    loop {
        let next = std::future::poll_fn(|context| body.as_mut().poll_next(context));
        let piece = match tokio::time::timeout(patience, next).await {
            Ok(None) => return,
            Ok(Some(Ok(bytes))) => Ok(bytes),
            Ok(Some(Err(error))) => Err(Refusal::invalid("broken_body", format!("the body broke off: {error}"))),
            Err(_) => {
                let seconds = patience.as_secs();
                let sentence =
                    format!("nothing came for {seconds} seconds; send it again, it goes on where it stopped");
                Err(Refusal::new(RefusalKind::Busy, "timed_out_change", sentence))
            }
        };
        let ends = piece.is_err();
        if is_wanted {
            is_wanted = chunks.send(piece).await.is_ok();
        }
        if ends {
            return;
        }
    }
}

/// The pieces of the body as a file.
struct Chunks {
    source: Receiver<Result<Bytes, Refusal>>,
    rest: Bytes,
}

impl Read for Chunks {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.source.blocking_recv() {
                None => return Ok(0),
                Some(Ok(bytes)) => self.rest = bytes,
                Some(Err(refusal)) => return Err(io::Error::new(io::ErrorKind::InvalidData, refusal)),
            }
        }
        let many = self.rest.len().min(to.len());
        to[..many].copy_from_slice(&self.rest.split_to(many));
        Ok(many)
    }
}

/// What the query, the headers and the path of the request ask for.
fn order(target: Target, request: &HttpRequest) -> Result<Order, Problem> {
    let media = media_type(request).unwrap_or_default();
    let format = match media.as_str() {
        "text/csv" => Format::Csv,
        "application/x-ndjson" | "application/jsonl" => Format::JsonLines,
        _ => return Err(body::unsupported("send the file as Content-Type: text/csv or application/x-ndjson")),
    };
    let mut order = Order {
        target,
        name: "over HTTP".to_owned(),
        format,
        encoding: None,
        mapping: None,
        set: BTreeMap::new(),
        update_by: None,
        blanks: Blanks::Keep,
        cells: Cells::Protected,
        from_line: 0,
        mode: Mode::Write,
        key: idempotency::header(request)?,
    };
    for (name, value) in parameters(request)? {
        match name.as_str() {
            "mapping" => order.mapping = Some(MappingSource::Deployed(value)),
            "updateBy" => order.update_by = Some(value),
            "clearBlank" if truth(&name, &value)? => order.blanks = Blanks::Clear,
            "raw" if truth(&name, &value)? => order.cells = Cells::Raw,
            "dryRun" if truth(&name, &value)? => order.mode = Mode::Try,
            "clearBlank" | "raw" | "dryRun" => {}
            "fromLine" => {
                let line = value.parse().ok().filter(|line| *line >= 0);
                let detail = "fromLine is the number of a line, such as 1200";
                order.from_line =
                    line.ok_or_else(|| Problem::malformed("invalid_parameter", detail).at("?fromLine"))?;
            }
            "encoding" => order.encoding = Some(value),
            "name" => order.name = value,
            other => {
                if let Some(path) = other.strip_prefix("set.") {
                    order.set.insert(path.to_owned(), value);
                }
            }
        }
    }
    Ok(order)
}

/// A query parameter that is true or false.
pub(super) fn truth(name: &str, value: &str) -> Result<bool, Problem> {
    value
        .parse()
        .map_err(|_| Problem::malformed("invalid_parameter", "this takes true or false").at(format!("?{name}")))
}
