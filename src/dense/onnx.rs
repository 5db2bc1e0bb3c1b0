//! A network as an ONNX file: operations in their order, and the constants that they use.
//!
//! The numbers of fields are those of `onnx.proto`.

use super::protobuf::Message;

/// The version of the operators; the first with `Gelu`.
const OPERATORS: u64 = 20;
/// The version of the file's own form that goes with these.
const FORM: u64 = 9;

/// What the numbers of a tensor are.
#[derive(Clone, Copy)]
pub enum Kind {
    Float = 1,
    Int8 = 3,
    Int32 = 6,
    Int64 = 7,
}

/// A setting of an operation.
pub enum Setting {
    Number(&'static str, i64),
    Float(&'static str, f32),
    Numbers(&'static str, Vec<i64>),
}

/// A network under construction.
#[derive(Default)]
pub struct Network {
    graph: Message,
    /// So many values have names.
    named: usize,
}

/// The name of a value.
pub type Name = String;

impl Network {
    /// A list of 32-bit integers that is given to the network, as long as it may be.
    pub fn input(&mut self, name: &str) -> Name {
        self.graph =
            std::mem::take(&mut self.graph).message(11, value(name, Kind::Int32, "length"));
        name.to_owned()
    }

    /// A constant of numbers.
    pub fn floats(&mut self, shape: &[usize], numbers: &[f32]) -> Name {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.constant(Kind::Float, shape, &bytes)
    }

    /// A constant of whole numbers from -128 to 127.
    pub fn integers(&mut self, shape: &[usize], numbers: &[i8]) -> Name {
        let bytes: Vec<u8> = numbers.iter().map(|&number| number as u8).collect();
        self.constant(Kind::Int8, shape, &bytes)
    }

    /// A constant that says of what shape something is to be.
    pub fn shape(&mut self, numbers: &[i64]) -> Name {
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.constant(Kind::Int64, &[numbers.len()], &bytes)
    }

    /// A constant that is one whole number.
    pub fn number(&mut self, number: i64) -> Name {
        self.constant(Kind::Int64, &[], &number.to_le_bytes())
    }

    fn constant(&mut self, kind: Kind, shape: &[usize], bytes: &[u8]) -> Name {
        let name = self.name();
        let tensor =
            shape.iter().fold(Message::default(), |tensor, &size| tensor.number(1, size as u64));
        let tensor = tensor.number(2, kind as u64).bytes(8, &name).bytes(9, bytes);
        self.graph = std::mem::take(&mut self.graph).message(5, tensor);
        name
    }

    /// An operation with one result.
    pub fn add(&mut self, operator: &str, inputs: &[&Name], settings: &[Setting]) -> Name {
        let [name] = self.add_all(operator, inputs, settings);
        name
    }

    /// An operation with some results.
    pub fn add_all<const RESULTS: usize>(
        &mut self,
        operator: &str,
        inputs: &[&Name],
        settings: &[Setting],
    ) -> [Name; RESULTS] {
        let results = std::array::from_fn(|_| self.name());
        let node = inputs.iter().fold(Message::default(), |node, input| node.bytes(1, input));
        let node = results.iter().fold(node, |node, result: &Name| node.bytes(2, result));
        let node =
            settings.iter().fold(node.bytes(4, operator), |node, it| node.message(5, it.message()));
        self.graph = std::mem::take(&mut self.graph).message(1, node);
        results
    }

    fn name(&mut self) -> Name {
        self.named += 1;
        format!("v{}", self.named)
    }

    /// The file, of a network that gives this value.
    pub fn into_file(self, output: &Name) -> Vec<u8> {
        let graph =
            self.graph.bytes(2, "encoder").message(12, value(output, Kind::Float, "dimensions"));
        let operators = Message::default().bytes(1, "").number(2, OPERATORS);
        let model = Message::default().number(1, FORM).message(8, operators).message(7, graph);
        model.into_bytes()
    }
}

impl Setting {
    fn message(&self) -> Message {
        let named = |name: &str| Message::default().bytes(1, name);
        match self {
            Setting::Float(name, value) => named(name).float(2, *value).number(20, 1),
            Setting::Number(name, value) => named(name).number(3, *value as u64).number(20, 2),
            Setting::Numbers(name, values) => {
                let all =
                    values.iter().fold(named(name), |all, &value| all.number(8, value as u64));
                all.number(20, 7)
            }
        }
    }
}

/// What is said of a list that comes in or goes out.
fn value(name: &str, kind: Kind, length: &str) -> Message {
    let dimension = Message::default().bytes(2, length);
    let shape = Message::default().message(1, dimension);
    let tensor = Message::default().number(1, kind as u64).message(2, shape);
    Message::default().bytes(1, name).message(2, Message::default().message(1, tensor))
}
