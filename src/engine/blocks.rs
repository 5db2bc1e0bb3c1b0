//! A sorted text compressed in blocks of lines, each of which can be read by itself: to look for one word takes a hundredth of
//! what it takes to read all. The blocks are frames of Zstandard (RFC 8878) one behind the other, which any reader takes for one
//! text; where they begin stands behind them in a frame that such a reader passes over.

use std::io::{self, Read, Seek, SeekFrom};

/// A block has so many bytes at least, but for the last: to unpack it takes some 10 µs. Four times as many take a fiftieth less
/// room, and four times as long.
const BLOCK: usize = 1 << 13;

/// How lines are compressed: to a quarter. Level 3 takes twice the time for a tenth less.
const LEVEL: i32 = 1;

/// What a frame begins with that is passed over.
const PASSED_OVER: u32 = 0x184D_2A50;

/// A block that claims to be larger has been damaged: no line is longer than a word.
const LARGEST_BLOCK: usize = 1 << 20;

/// A text of sorted lines as blocks, behind a head that is in none of them.
///
/// # Errors
/// Where there is not enough memory.
pub fn compressed(head: &str, text: &str) -> io::Result<Vec<u8>> {
    let mut packer = zstd::bulk::Compressor::new(LEVEL)?;
    packer.include_checksum(true)?;
    let mut out = packer.compress(head.as_bytes())?;
    let (mut index, mut rest) = (String::new(), text);
    while !rest.is_empty() {
        let end = rest.as_bytes().iter().skip(BLOCK).position(|&byte| byte == b'\n');
        let (block, behind) = rest.split_at(end.map_or(rest.len(), |end| BLOCK + end + 1));
        index.push_str(&format!("{} {}\n", out.len(), block.lines().next().unwrap_or_default()));
        out.extend(packer.compress(block.as_bytes())?);
        rest = behind;
    }
    // Its length stands at the end too, where it is looked for.
    let length = (index.len() + 4) as u32;
    out.extend(PASSED_OVER.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(index.as_bytes());
    out.extend(length.to_le_bytes());
    Ok(out)
}

/// Where each block begins, and with which line.
#[derive(Debug)]
pub struct Blocks {
    blocks: Vec<(u64, String)>,
    /// Where the last one ends.
    end: u64,
}

impl Blocks {
    /// The blocks of what [`compressed`] has made.
    ///
    /// # Errors
    /// Where it cannot be read or has been damaged.
    pub fn of(source: &mut (impl Read + Seek)) -> io::Result<Blocks> {
        let whole = source.seek(SeekFrom::End(0))?;
        let mut length = [0; 4];
        source.seek(SeekFrom::Start(whole.checked_sub(4).ok_or_else(damaged)?))?;
        source.read_exact(&mut length)?;
        let length = u64::from(u32::from_le_bytes(length));
        let start = whole.checked_sub(length).ok_or_else(damaged)?;
        let end = start.checked_sub(8).ok_or_else(damaged)?;
        source.seek(SeekFrom::Start(start))?;
        let mut index = String::new();
        source.take(length.saturating_sub(4)).read_to_string(&mut index)?;
        let block = |line: &str| {
            let (at, first) = line.split_once(' ')?;
            Some((at.parse().ok()?, first.to_owned()))
        };
        let blocks = index.lines().map(block).collect::<Option<Vec<_>>>().ok_or_else(damaged)?;
        Ok(Blocks { blocks, end })
    }

    /// The blocks in which lines would stand that begin so.
    ///
    /// # Errors
    /// Where they cannot be read or have been damaged.
    pub fn beginning(&self, start: &str, source: &mut (impl Read + Seek)) -> io::Result<String> {
        let first = self.blocks.partition_point(|(_, first)| first.as_str() <= start);
        let is_before =
            |(_, first): &(u64, String)| first.starts_with(start) || first.as_str() < start;
        let behind = self.blocks.partition_point(is_before);
        (first.saturating_sub(1)..behind).map(|block| self.block(block, source)).collect()
    }

    fn block(&self, number: usize, source: &mut (impl Read + Seek)) -> io::Result<String> {
        let Some((start, _)) = self.blocks.get(number) else { return Ok(String::new()) };
        let end = self.blocks.get(number + 1).map_or(self.end, |(start, _)| *start);
        source.seek(SeekFrom::Start(*start))?;
        let mut frame = Vec::new();
        source.take(end.checked_sub(*start).ok_or_else(damaged)?).read_to_end(&mut frame)?;
        let size = zstd::bulk::Decompressor::upper_bound(&frame).ok_or_else(damaged)?;
        let text = zstd::bulk::decompress(&frame, size.min(LARGEST_BLOCK))?;
        String::from_utf8(text).map_err(|_| damaged())
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "it does not say where its blocks begin")
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor, Read};

    use super::{Blocks, compressed};

    #[test]
    fn each_line_is_found_in_its_block_and_all_are_one_text() -> io::Result<()> {
        let lines: Vec<String> =
            (0..20_000).map(|number| format!("word{number:05}\tterm")).collect();
        let text = lines.join("\n") + "\n";
        let bytes = compressed("head\n", &text)?;
        let mut all = String::new();
        zstd::Decoder::new(bytes.as_slice())?.read_to_string(&mut all)?;
        assert_eq!(all, format!("head\n{text}"));
        let mut source = Cursor::new(&bytes);
        let blocks = Blocks::of(&mut source)?;
        assert!(blocks.blocks.len() > 5);
        for line in lines.iter().step_by(97) {
            let block = blocks.beginning(line, &mut source)?;
            assert!(block.lines().any(|other| other == line), "{line}");
            assert!(block.len() < text.len() / 5);
        }
        for start in ["word", "word1", "word123", "word19999", "word2", "w", "x", ""] {
            let found = blocks.beginning(start, &mut source)?;
            let begin = |text: &str| text.lines().filter(|it| it.starts_with(start)).count();
            assert_eq!(begin(&found), begin(&text), "{start}");
        }
        assert_eq!(blocks.beginning("a", &mut source)?, "");
        let empty = compressed("", "")?;
        let mut empty = Cursor::new(&empty);
        assert_eq!(Blocks::of(&mut empty)?.beginning("a", &mut Cursor::new(&[]))?, "");
        Ok(())
    }

    #[test]
    fn what_is_damaged_is_an_error() -> io::Result<()> {
        for bytes in [&b""[..], b"abc", b"\xff\xff\xff\xff", b"12345678\x06\0\0\0x\n\x06\0\0\0"] {
            assert!(Blocks::of(&mut Cursor::new(bytes)).is_err(), "{bytes:?}");
        }
        let mut bytes = compressed("", "a\tb\n")?;
        let head = compressed("", "")?.len() - 12;
        bytes[head + 9] ^= 1;
        let mut source = Cursor::new(&bytes);
        let blocks = Blocks::of(&mut source)?;
        assert!(blocks.beginning("a\tb", &mut source).is_err());
        Ok(())
    }
}
