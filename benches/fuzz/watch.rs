//! Watches the input under way from beside: one that never ends, or takes too much memory, is saved.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// No input takes longer, whatever the machine is doing.
const LONGEST: Duration = Duration::from_secs(20);

/// The exit code for an input that had to be ended with the program.
const ENDED: i32 = 3;

/// What is known of the input under way.
#[derive(Default)]
struct UnderWay {
    reader: &'static str,
    input: Vec<u8>,
    since: Option<Instant>,
    most_memory: u64,
}

/// The watch.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<UnderWay>>);

impl Watch {
    /// Begins to watch; what is found goes to this folder.
    pub fn start(folder: PathBuf) -> Watch {
        let watch = Watch::default();
        let under_way = Arc::clone(&watch.0);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_millis(50));
                let Ok(now) = under_way.lock() else { return };
                let memory = memory();
                let is_long = now.since.is_some_and(|since| since.elapsed() > LONGEST);
                if is_long || (now.since.is_some() && memory > now.most_memory) {
                    let why = if is_long { "no-end" } else { "memory" };
                    let path = folder.join(format!("{}-{why}.input", now.reader));
                    let saved = std::fs::write(&path, &now.input);
                    let megabytes = memory >> 20;
                    println!(
                        "{}: {why}, {megabytes} MiB: {} {saved:?}",
                        now.reader,
                        path.display()
                    );
                    std::process::exit(ENDED);
                }
            }
        });
        watch
    }

    /// An input begins. `most_memory`: of the whole program, bytes.
    pub fn begin(&self, reader: &'static str, input: &[u8], most_memory: u64) {
        if let Ok(mut now) = self.0.lock() {
            now.reader = reader;
            now.input.clear();
            now.input.extend_from_slice(input);
            now.since = Some(Instant::now());
            now.most_memory = most_memory;
        }
    }

    /// It has ended.
    pub fn end(&self) {
        if let Ok(mut now) = self.0.lock() {
            now.since = None;
        }
    }
}

/// The memory that this program has, bytes; 0 where the system does not tell.
pub fn memory() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = pages.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * 4096
}
