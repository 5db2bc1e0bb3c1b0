//! Compressed files: transparent, so that `report.md.gz` is the report and `reports.tar.gz` the archive.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;

use super::container::{Place, failure, open};
use super::format::Format;
use super::limits::{Budget, Reason};
use super::{Content, Each, Input, Refusal};

/// Memory for the dictionary of an xz stream, KiB: what `xz -9` needs, and a little more.
const MOST_XZ_MEMORY: u32 = 80 * 1024;

/// The window of a Zstandard stream: what its command takes without being told to take more
/// (`zstd --memory`, 128 MiB).
const LONGEST_ZSTD_WINDOW: u32 = 27;

/// Reads what a compressed file holds, under the file's own id. What it holds may be in several
/// streams, one after another.
///
/// # Errors
/// Why nothing, or nothing more, comes out of it.
pub fn read(
    id: &str,
    name: &str,
    format: Format,
    input: Input<'_>,
    place: &Place<'_>,
    each: Each<'_>,
) -> Result<Content, Refusal> {
    let inside = place.inflated()?;
    let budget = Budget::of_stream();
    let packed = BufReader::with_capacity(64 * 1024, budget.packed(input.reader()));
    let inflated = inflate(packed, format).map_err(|error| failure(&error))?;
    let explained = Explained(place.counted(budget.count(inflated)));
    let input = Input::new(explained).map_err(|error| failure(&error))?;
    open(id, &name_inside(name), input, &inside, each)
}

fn inflate<'r>(
    packed: BufReader<impl Read + 'r>,
    format: Format,
) -> io::Result<Box<dyn Read + 'r>> {
    Ok(match format {
        Format::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
        Format::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(packed, true, MOST_XZ_MEMORY)),
        Format::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
            decoder.window_log_max(LONGEST_ZSTD_WINDOW)?;
            Box::new(decoder)
        }
        _ => Box::new(Members(Some(GzDecoder::new(packed)))),
    })
}

/// The members of a gzip file, one after another. What follows them and is none, such as zeros up to
/// the end of a block, is ignored, as `gzip` does.
struct Members<R>(Option<GzDecoder<R>>);

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.0 {
            let count = decoder.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let is_followed = decoder.get_mut().fill_buf()?.first() == Some(&0x1F);
            self.0 = self
                .0
                .take()
                .filter(|_| is_followed)
                .map(|member| GzDecoder::new(member.into_inner()));
        }
        Ok(0)
    }
}

/// The name of what is inside, which may decide its format: without the ending, and `.tar` for the
/// endings that say both.
fn name_inside(name: &str) -> String {
    let Some((stem, ending)) = name.rsplit_once('.') else { return name.to_owned() };
    match ending.to_lowercase().as_str() {
        "gz" | "bz2" | "xz" | "zst" => stem.to_owned(),
        "tgz" | "tbz2" | "txz" | "tzst" => format!("{stem}.tar"),
        _ => name.to_owned(),
    }
}

/// Damage, said so; limits speak for themselves.
struct Explained<R>(R);

impl<R: Read> Read for Explained<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            _ if Reason::is_in(&error) => error,
            kind => {
                io::Error::new(kind, Reason(format!("its compressed data is damaged: {error}")))
            }
        })
    }
}
