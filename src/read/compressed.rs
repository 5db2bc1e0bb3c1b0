//! Compressed files (gzip, bzip2, xz, Zstandard): what is inside is read in their place.

use std::cell::Cell;
use std::io::{self, BufReader, Read};
use std::rc::Rc;

use super::format::{Format, format_of};
use super::limits::{Budget, LARGEST_MEMBER};
use super::{Content, Context, Each, Input, Refusal, nested};

/// Reads what a compressed file holds, under the file's own id: one document, or a container.
///
/// # Errors
/// As of what is inside; where it is damaged, after what was whole.
pub fn read(
    id: &str,
    name: &str,
    format: Format,
    input: Input<'_>,
    context: &Context<'_>,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    let failed = |error: io::Error| Refusal::Failed(error.to_string());
    let packed = Rc::new(Cell::new(0));
    let reader = Packed { reader: input.reader(), count: Rc::clone(&packed) };
    let reader = BufReader::with_capacity(64 * 1024, reader);
    let inflated: Box<dyn Read + '_> = match format {
        Format::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(reader)),
        Format::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(reader)),
        Format::Xz => Box::new(lzma_rust2::XzReader::new(reader, true)),
        _ => Box::new(zstd::Decoder::with_buffer(reader).map_err(failed)?),
    };
    let budget = Budget::of_stream(packed);
    let input = Input::new(budget.count(inflated)).map_err(failed)?;
    let name = inner_name(name);
    let context = context.deeper()?;
    let input = match format_of(input.head(), name) {
        // These are read as streams, and bound what they hold themselves.
        Format::WikiDump | Format::Mbox | Format::Tar => input,
        _ => Input::new(io::Cursor::new(input.bytes(LARGEST_MEMBER).map_err(Refusal::Failed)?))
            .map_err(failed)?,
    };
    nested(id, name, input, &context, each)
}

/// The name of what is inside: `report.md.gz` holds `report.md`, `reports.tgz` a `reports.tar`.
fn inner_name(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending)) => match ending.to_lowercase().as_str() {
            "gz" | "bz2" | "xz" | "zst" => stem,
            _ => "",
        },
        None => "",
    }
}

/// Counts the packed bytes as they are taken.
struct Packed<R> {
    reader: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Packed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.count.set(self.count.get() + count as u64);
        Ok(count)
    }
}
