//! Bodies that go out piece by piece while they are made.

use super::view::import::Line;
use crate::runtime::transfer::Export;
use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc::{self, Receiver, UnboundedReceiver};

/// Pages of an export that are made ahead of who reads them.
const AHEAD: usize = 2;

/// A body.
pub(super) enum Pieces {
    /// Lines: the first one, and those that follow. They are never waited for to be read.
    Lines(Option<Bytes>, UnboundedReceiver<Line>),
    /// Pieces that are made only as fast as they are read.
    Pages(Receiver<io::Result<Bytes>>),
}

impl Pieces {
    /// Lines, as they come.
    pub(super) fn of_lines(first: Bytes, rest: UnboundedReceiver<Line>) -> Pieces {
        Pieces::Lines(Some(first), rest)
    }

    /// The pages of an export. One that cannot be read ends the connection: what is not whole must not look whole.
    pub(super) fn of_export(mut export: Export) -> Pieces {
        let (pages, read) = mpsc::channel(AHEAD);
        actix_web::rt::spawn(async move {
            loop {
                let page = match export.next().await {
                    Ok(None) => return,
                    Ok(Some(page)) => Ok(Bytes::from(page)),
                    Err(refusal) => Err(io::Error::other(refusal)),
                };
                let ends = page.is_err();
                if pages.send(page).await.is_err() || ends {
                    return;
                }
            }
        });
        Pieces::Pages(read)
    }
}

impl MessageBody for Pieces {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        match self.get_mut() {
            Pieces::Pages(pages) => pages.poll_recv(context),
            Pieces::Lines(first, rest) => match first.take() {
                Some(first) => Poll::Ready(Some(Ok(first))),
                None => rest.poll_recv(context).map(|line| match line {
                    Some(Line::Text(text)) => Some(Ok(text)),
                    Some(Line::Refused(why)) => Some(Err(io::Error::other(*why))),
                    None => None,
                }),
            },
        }
    }
}
