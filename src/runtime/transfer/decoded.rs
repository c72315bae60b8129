//! The bytes of a file as UTF-8, whatever encoding it says it has: streamed, without its byte order mark, and never
//! guessed. What does not fit the encoding stops the file with a sentence.

use crate::model::refusal::Refusal;
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};
use std::io::{self, Read};

/// Bytes that are decoded in one go.
const CHUNK: usize = 16 * 1024;

/// A file, decoded as it is read.
pub struct Decoded<R> {
    source: R,
    decoder: Decoder,
    encoding: &'static Encoding,
    raw: Box<[u8]>,
    /// The part of `raw` that waits to be decoded.
    waiting: std::ops::Range<usize>,
    at_end: bool,
    /// The decoder has given all that there is.
    is_done: bool,
    /// The byte that stops the file, once what came before it was given.
    wrong: Option<u8>,
    /// The line that the last decoded byte is on.
    line: u64,
    /// Bytes of the file read so far.
    bytes: u64,
    /// Bytes that may still be given before a row counts as endless.
    left: usize,
}

/// The encoding with this name; UTF-8 when none is said.
pub fn encoding(label: Option<&str>) -> Result<&'static Encoding, Refusal> {
    let Some(label) = label else { return Ok(UTF_8) };
    Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        let sentence = format!("\"{label}\" is not the name of an encoding; write utf-8, gb18030 or big5");
        Refusal::invalid("unknown_encoding", sentence)
    })
}

impl<R: Read> Decoded<R> {
    /// Decodes a file.
    pub fn new(source: R, encoding: &'static Encoding) -> Decoded<R> {
        Decoded {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            encoding,
            raw: vec![0; CHUNK].into_boxed_slice(),
            waiting: 0..0,
            at_end: false,
            is_done: false,
            wrong: None,
            line: 1,
            bytes: 0,
            left: usize::MAX,
        }
    }

    /// Bytes of the file read so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Says how many more bytes may be given before somebody says this again.
    pub fn allow(&mut self, bytes: usize) {
        self.left = bytes;
    }

    fn fill(&mut self) -> io::Result<()> {
        let read = self.source.read(&mut self.raw)?;
        self.waiting = 0..read;
        self.at_end = read == 0;
        self.bytes += read as u64;
        Ok(())
    }

    fn wrong(&self, byte: u8) -> io::Error {
        let name = self.encoding.name();
        let advice = if self.encoding == UTF_8 { "say its encoding, such as gb18030" } else { "is it another one?" };
        let sentence = format!("line {}: the byte 0x{byte:02X} is not {name}; {advice}", self.line);
        stop(Refusal::invalid("wrong_encoding", sentence))
    }
}

/// A refusal on its way through a reader.
pub fn stop(refusal: Refusal) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, refusal)
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            let sentence = "a row has more than 1 MiB; is a quote not closed?";
            return Err(stop(Refusal::invalid("row_too_large", sentence)));
        }
        loop {
            if let Some(byte) = self.wrong {
                return Err(self.wrong(byte));
            }
            if self.is_done {
                return Ok(0);
            }
            if self.waiting.is_empty() && !self.at_end {
                self.fill()?;
            }
            let from = &self.raw[self.waiting.clone()];
            let (result, taken, given) = self.decoder.decode_to_utf8_without_replacement(from, to, self.at_end);
            self.is_done = self.at_end && result == DecoderResult::InputEmpty;
            if matches!(result, DecoderResult::Malformed(..)) {
                let at = taken.saturating_sub(1).min(from.len().saturating_sub(1));
                self.wrong = Some(from.get(at).copied().unwrap_or_default());
            }
            self.waiting.start += taken;
            self.line += to[..given].iter().filter(|byte| **byte == b'\n').count() as u64;
            if given > 0 {
                self.left = self.left.saturating_sub(given);
                return Ok(given);
            }
        }
    }
}
