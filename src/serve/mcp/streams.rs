//! The standard streams as lines of messages. rmcp's own passes over a line that is no JSON without a word, and its
//! client waits for ever.

use std::io;
use std::sync::Arc;

use rmcp::service::{RoleServer, TxJsonRpcMessage};
use rmcp::transport::Transport;
use serde::Serialize;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Stdin, Stdout};
use tokio::sync::{Mutex, mpsc};

use super::messages::{Message, mended, read, unreadable};

/// The longest line in bytes: input without line ends must not fill the memory.
const LONGEST_LINE: u64 = 16 << 20;
/// So many messages are read before the first of them is taken.
const MOST_WAITING: usize = 16;

/// Standard input and output.
pub struct Streams {
    messages: mpsc::Receiver<Message>,
    output: Arc<Mutex<Stdout>>,
}

impl Streams {
    /// Begins to read the input.
    pub fn open() -> Streams {
        let output = Arc::new(Mutex::new(tokio::io::stdout()));
        let (sender, messages) = mpsc::channel(MOST_WAITING);
        tokio::spawn(listen(Arc::clone(&output), sender));
        Streams { messages, output }
    }
}

impl Transport<RoleServer> for Streams {
    type Error = io::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let output = Arc::clone(&self.output);
        // A task of its own is not given up halfway, as what is waited for may be: only whole lines are written.
        let written = tokio::spawn(async move { write(&output, &item).await });
        async move { written.await? }
    }

    async fn receive(&mut self) -> Option<Message> {
        self.messages.recv().await
    }

    async fn close(&mut self) -> io::Result<()> {
        self.output.lock().await.flush().await
    }
}

/// Hands over messages until the input ends, and answers what is none.
async fn listen(output: Arc<Mutex<Stdout>>, messages: mpsc::Sender<Message>) {
    let mut input = BufReader::new(tokio::io::stdin());
    while let Ok(Some(line)) = next(&mut input).await {
        let message = line.and_then(|line| match line.trim_ascii() {
            [] => Ok(None),
            line => read(&mended(line)),
        });
        let is_heard = match message {
            Ok(None) => true,
            Ok(Some(message)) => messages.send(message).await.is_ok(),
            Err(answer) => write(&output, &answer).await.is_ok(),
        };
        if !is_heard {
            return;
        }
    }
}

/// The next line, or what is to be answered to one that is too long; `None` at the end.
async fn next(input: &mut BufReader<Stdin>) -> io::Result<Option<Result<Vec<u8>, Value>>> {
    let (mut line, mut is_too_long) = (Vec::new(), false);
    loop {
        let read = (&mut *input).take(LONGEST_LINE).read_until(b'\n', &mut line).await?;
        if read == 0 && line.is_empty() && !is_too_long {
            return Ok(None);
        }
        if line.ends_with(b"\n") || (read as u64) < LONGEST_LINE {
            break;
        }
        is_too_long = true;
        line.clear();
    }
    let told = format!("the message is longer than {LONGEST_LINE} bytes");
    Ok(Some(if is_too_long { Err(unreadable(&told)) } else { Ok(line) }))
}

async fn write(output: &Mutex<Stdout>, message: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    let mut output = output.lock().await;
    output.write_all(&line).await?;
    output.flush().await
}
