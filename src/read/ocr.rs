//! The words of pages that are pictures, read by the program `tesseract`, where it is installed.
//!
//! A reader draws such a page as a plain map of greys. What encodings its images have is undone by the
//! process that reads the file, which is confined, so that tesseract is given nothing that could lead it
//! astray; it runs with limits of its own all the same.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// The languages that are recognized where none are named.
pub const DEFAULT_LANGUAGES: &str = "eng";
/// A page takes a second or two; one that is all specks takes longest.
const LONGEST: Duration = Duration::from_secs(120);
/// Memory of tesseract, bytes: a page at 300 dots an inch takes 300 MB.
const MEMORY: u64 = 2 << 30;
/// Pixels of a picture: a page of 20 by 20 inches at 300 dots an inch.
pub const MOST_PIXELS: usize = 40_000_000;
/// Bytes of tesseract's answer: a full page has 40,000.
const MOST_OUTPUT: u64 = 16 << 20;

/// Finds the words of a picture; the error says why it cannot, in a few words.
pub type Recognize<'r> = &'r dyn Fn(Picture) -> Result<Vec<RecognizedWord>, String>;

/// A page as a map of greys, row by row from the top.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Picture {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Pixels an inch.
    pub dpi: u32,
    /// 0 is black, 255 white.
    pub pixels: Vec<u8>,
}

/// A word and its box, in pixels from the top left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecognizedWord {
    /// The word.
    pub text: String,
    /// Left edge.
    pub left: f32,
    /// Upper edge.
    pub top: f32,
    /// How wide it is.
    pub width: f32,
    /// How high it is.
    pub height: f32,
    /// How sure tesseract is, of 100.
    pub confidence: f32,
    /// Words of one line have one number.
    pub line: u32,
    /// Lines of one paragraph have one number.
    pub paragraph: u32,
}

impl Picture {
    /// Whether it is what its numbers say, and no larger than may be.
    pub fn is_sound(&self) -> bool {
        let area = u64::from(self.width) * u64::from(self.height);
        area > 0 && area <= MOST_PIXELS as u64 && self.pixels.len() as u64 == area && self.dpi > 0
    }

    /// The picture turned to the right.
    pub fn turned(&self) -> Picture {
        let (width, height) = (self.width as usize, self.height as usize);
        let rows = (0..width).flat_map(|x| (0..height).rev().map(move |y| y * width + x));
        let pixels = rows.map(|at| self.pixels.get(at).copied().unwrap_or(255)).collect();
        Picture { width: self.height, height: self.width, dpi: self.dpi, pixels }
    }
}

/// What the languages of a run's command line add to the configuration that is kept with an index.
pub fn noted(languages: Option<&str>) -> String {
    languages.map_or(String::new(), |languages| format!("{NOTE}{languages}"))
}

/// The languages that [`noted`] put into a configuration.
pub fn noted_in(config: &str) -> Option<&str> {
    config.split_once(NOTE).map(|(_, languages)| languages)
}

const NOTE: &str = ":ocr=";

/// The program, and the languages that it is to recognize.
#[derive(Clone, Debug)]
pub struct Tesseract {
    program: PathBuf,
    languages: String,
}

impl Tesseract {
    /// This program, for these languages: `eng`, or several as in `eng+rus`.
    pub fn new(program: &Path, languages: &str) -> Tesseract {
        Tesseract { program: program.to_owned(), languages: languages.to_owned() }
    }

    /// Whether it can be run and has the languages.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self) -> Result<(), String> {
        let mut command = Command::new(&self.program);
        let output = command.arg("--list-langs").stdin(Stdio::null()).output();
        let output = output.map_err(|error| failure(&error))?;
        let listed = String::from_utf8_lossy(&output.stdout);
        let known: Vec<&str> = listed.lines().skip(1).map(str::trim).collect();
        match self.languages.split('+').find(|language| !known.contains(language)) {
            None => Ok(()),
            Some(language) => {
                Err(format!("tesseract has no language `{language}` (it has {})", known.join(", ")))
            }
        }
    }

    /// The words of a picture, line by line.
    ///
    /// # Errors
    /// Why there are none.
    pub fn read(&self, picture: &Picture) -> Result<Vec<RecognizedWord>, String> {
        if !picture.is_sound() {
            return Err("its picture is damaged".to_owned());
        }
        let mut command = Command::new(&self.program);
        command.args(["stdin", "stdout", "-l", &self.languages]);
        command.args(["--dpi", &picture.dpi.to_string(), "tsv"]);
        // Other pages are read beside this one.
        command.env("OMP_THREAD_LIMIT", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| failure(&error))?;
        limit(&child);
        let answer = converse(&mut child, picture);
        let _ = child.kill();
        let _ = child.wait();
        answer.map(|output| words(&String::from_utf8_lossy(&output)))
    }
}

/// Sends a picture and takes the answer.
fn converse(child: &mut Child, picture: &Picture) -> Result<Vec<u8>, String> {
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("tesseract has no input".to_owned());
    };
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // Where tesseract ends early, its status tells.
            let _ = write!(to, "P5\n{} {}\n255\n", picture.width, picture.height);
            let _ = to.write_all(&picture.pixels);
        });
        let answer = scope.spawn(move || {
            let mut output = Vec::new();
            from.take(MOST_OUTPUT).read_to_end(&mut output).map(|_| output)
        });
        let status = wait(child);
        // What it may have started still holds its output, and is not waited for.
        let _ = child.kill();
        let output = answer.join().map_err(|_| "tesseract could not be read".to_owned())?;
        match status {
            None => Err(format!("tesseract takes more than {LONGEST:?} over it")),
            Some(false) => Err("tesseract failed on it".to_owned()),
            Some(true) => output.map_err(|error| error.to_string()),
        }
    })
}

/// Whether it ends well; `None` when it does not end in time.
fn wait(child: &mut Child) -> Option<bool> {
    let start = Instant::now();
    while start.elapsed() < LONGEST {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            Err(_) => return Some(false),
        }
    }
    let _ = child.kill();
    None
}

fn failure(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "tesseract is not installed".to_owned(),
        _ => format!("tesseract cannot be run: {error}"),
    }
}

/// Limits memory and processor time of a process that has just been started and waits for its input.
#[cfg(target_os = "linux")]
fn limit(child: &Child) {
    use rlimit::Resource;
    let Ok(id) = rlimit::pid_t::try_from(child.id()) else { return };
    let seconds = LONGEST.as_secs();
    for (resource, most) in [(Resource::AS, MEMORY), (Resource::CPU, seconds), (Resource::CORE, 0)]
    {
        // A lower limit of its own stays.
        let _ = rlimit::prlimit(id, resource, Some((most, most)), None);
    }
}

#[cfg(not(target_os = "linux"))]
fn limit(_: &Child) {}

/// The words in tesseract's table: level, page, block, paragraph, line, word, left, top, width, height,
/// confidence, text.
fn words(table: &str) -> Vec<RecognizedWord> {
    let mut words = Vec::new();
    let (mut line, mut paragraph, mut last) = (0, 0, None);
    for row in table.lines() {
        let cells: Vec<&str> = row.splitn(12, '\t').collect();
        let ["5", _, block, part, number, _, left, top, width, height, sure, text] =
            cells.as_slice()
        else {
            continue;
        };
        let own = Some(((*block, *part), *number));
        line += u32::from(own != last);
        paragraph += u32::from(own.map(|own| own.0) != last.map(|last| last.0));
        last = own;
        let value = |text: &str| text.parse::<f32>().ok().filter(|value| value.is_finite());
        let numbers = [left, top, width, height, sure].map(|text| value(text));
        let [Some(left), Some(top), Some(width), Some(height), Some(confidence)] = numbers else {
            continue;
        };
        let text = text.trim().to_owned();
        if !text.is_empty() {
            words.push(RecognizedWord {
                text,
                left,
                top,
                width,
                height,
                confidence,
                line,
                paragraph,
            });
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_table_keep_their_lines() {
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
                     1\t1\t0\t0\t0\t0\t0\t0\t640\t480\t-1\t\n\
                     5\t1\t1\t1\t1\t1\t36\t92\t60\t24\t96.06\tGuards\n\
                     5\t1\t1\t1\t1\t2\t109\t92\t70\t24\t90\t \n\
                     5\t1\t1\t1\t2\t1\t36\t126\t95\t24\tnan\tlost\n\
                     5\t1\t2\t1\t1\t1\t36\t226\t95\t24\t12\ta\tb\n";
        let found = words(table);
        let shown = found.iter().map(|word| (word.text.as_str(), word.line, word.paragraph));
        let shown: Vec<(&str, u32, u32)> = shown.collect();
        assert_eq!(shown, [("Guards", 1, 1), ("a\tb", 3, 2)]);
    }
}
