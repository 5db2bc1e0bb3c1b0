//! Messages of Protocol Buffers, as far as ONNX files are written with them.

/// A field whose value is a number of variable length.
const NUMBER: u64 = 0;
/// A field whose value has its length before it.
const BYTES: u64 = 2;
/// A field whose value has four bytes.
const FLOAT: u64 = 5;

/// A message, field by field.
#[derive(Default)]
pub struct Message(Vec<u8>);

impl Message {
    /// The same with a whole number in a field.
    pub fn number(mut self, field: u64, value: u64) -> Message {
        self.write(field << 3 | NUMBER);
        self.write(value);
        self
    }

    /// The same with a number in a field.
    pub fn float(mut self, field: u64, value: f32) -> Message {
        self.write(field << 3 | FLOAT);
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// The same with bytes or a text in a field.
    pub fn bytes(mut self, field: u64, value: impl AsRef<[u8]>) -> Message {
        let value = value.as_ref();
        self.write(field << 3 | BYTES);
        self.write(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    /// The same with a message in a field.
    pub fn message(self, field: u64, value: Message) -> Message {
        self.bytes(field, value.0)
    }

    /// The bytes of the message.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// A number of variable length: seven bits a byte, the lowest first.
    fn write(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }
}
