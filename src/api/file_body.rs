//! The bytes of a file on their way out: one part at a time, read when the one before is sent.

use crate::model::file::File;
use crate::model::refusal::Refusal;
use crate::runtime::Runtime;
use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

type Reading = Pin<Box<dyn Future<Output = Result<Option<Vec<u8>>, Refusal>>>>;

/// The body of an answer with a file.
pub(super) struct FileBody {
    runtime: Runtime,
    file: File,
    sent: u64,
    next: i64,
    reading: Option<Reading>,
}

impl FileBody {
    /// The bytes of a file that the caller may see.
    pub(super) fn new(runtime: Runtime, file: File) -> FileBody {
        FileBody { runtime, file, sent: 0, next: 0, reading: None }
    }

    fn bytes(&self) -> u64 {
        u64::try_from(self.file.bytes).unwrap_or(0)
    }

    fn read(&self) -> Reading {
        let (runtime, file, part) = (self.runtime.clone(), self.file.clone(), self.next);
        Box::pin(async move { runtime.file_part(&file, part).await })
    }
}

impl MessageBody for FileBody {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.bytes())
    }

    /// A part that is missing breaks the answer off: the length was promised.
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, io::Error>>> {
        if self.sent >= self.bytes() {
            return Poll::Ready(None);
        }
        let mut reading = self.reading.take().unwrap_or_else(|| self.read());
        let Poll::Ready(read) = reading.as_mut().poll(context) else {
            self.reading = Some(reading);
            return Poll::Pending;
        };
        let part = read.map_err(|refusal| io::Error::other(refusal.detail));
        Poll::Ready(Some(part.and_then(|part| match part {
            Some(part) => {
                self.next += 1;
                self.sent += part.len() as u64;
                Ok(Bytes::from(part))
            }
            None => Err(io::Error::other("a part of the file is missing")),
        })))
    }
}

/// The next bytes of a body.
pub(super) async fn next<B: MessageBody>(mut body: Pin<&mut B>) -> Option<Result<Bytes, B::Error>> {
    std::future::poll_fn(|context| Poll::Ready(ready!(body.as_mut().poll_next(context)))).await
}
