//! The encoder as a network in 8-bit integers: the six layers of MiniLM (Wang et al. 2020, "MiniLM: deep self-attention
//! distillation"), which are BERT's (Devlin et al. 2019), and the mean over all pieces.
//!
//! Weights are rounded when a model is added, a scale to each column (of the table of pieces: to each row); what they are
//! multiplied with, as it comes. Texts go through one at a time, so that a vector does not depend on what else is encoded.

use super::onnx::{Name, Network, Setting};
use super::vector::DIMENSIONS;
use super::weights::{Matrix, Weights};

/// How many word pieces the vocabulary has.
pub const PIECES: usize = 30_522;
/// A text is cut at so many pieces: what the model was trained with.
pub const MOST_PIECES: usize = 256;
/// What the network is given: the numbers of pieces, and their places, which are 0, 1, 2 and so on.
pub const INPUTS: [&str; 2] = ["pieces", "places"];

const LAYERS: usize = 6;
const HEADS: usize = 12;
const HEAD: usize = DIMENSIONS / HEADS;
/// How wide a layer is between its two parts.
const INNER: usize = 4 * DIMENSIONS;
/// So many places the published weights have.
const PLACES: usize = 512;
const EPSILON: f32 = 1e-12;

/// Weights have 7 bits: the sum of two products with 8-bit numbers then fits into 16 bits, which processors with AVX2 but
/// without VNNI add them up in. Otherwise vectors would differ from one machine to another.
const MOST_WEIGHT: f32 = 63.0;

/// The network of these weights as an ONNX file; what is wrong with the weights otherwise.
pub fn file(weights: &Weights<'_>) -> Result<Vec<u8>, String> {
    let mut maker = Maker { weights, network: Network::default() };
    let mut state = maker.embedded()?;
    for layer in 0..LAYERS {
        state = maker.layer(&format!("encoder.layer.{layer}"), &state)?;
    }
    let axis = maker.network.shape(&[0]);
    let mean = maker.network.add("ReduceMean", &[&state, &axis], &[Setting::Number("keepdims", 0)]);
    Ok(maker.network.into_file(&mean))
}

struct Maker<'w> {
    weights: &'w Weights<'w>,
    network: Network,
}

impl Maker<'_> {
    /// Pieces and places as vectors.
    fn embedded(&mut self) -> Result<Name, String> {
        let [pieces, places] = INPUTS.map(|name| self.network.input(name));
        let table = self.weights.matrix("embeddings.word_embeddings.weight", PIECES, DIMENSIONS)?;
        let (scales, numbers) = rounded(&table, 127.0);
        let table = self.network.integers(&[PIECES, DIMENSIONS], &numbers);
        let scales = self.network.floats(&[PIECES, 1], &scales);
        let [numbers, scales] =
            [table, scales].map(|it| self.network.add("Gather", &[&it, &pieces], &[]));
        let numbers = self.network.add("Cast", &[&numbers], &[Setting::Number("to", 1)]);
        let words = self.network.add("Mul", &[&numbers, &scales], &[]);
        // All pieces are of the first of two texts.
        let kind = self.weights.matrix("embeddings.token_type_embeddings.weight", 2, DIMENSIONS)?;
        let table =
            self.weights.matrix("embeddings.position_embeddings.weight", PLACES, DIMENSIONS)?;
        let kind = kind.numbers.iter().take(DIMENSIONS).cycle();
        let table: Vec<f32> = table
            .numbers
            .iter()
            .zip(kind)
            .take(MOST_PIECES * DIMENSIONS)
            .map(|(a, b)| a + b)
            .collect();
        let table = self.network.floats(&[MOST_PIECES, DIMENSIONS], &table);
        let places = self.network.add("Gather", &[&table, &places], &[]);
        let sum = self.network.add("Add", &[&words, &places], &[]);
        self.normalized("embeddings.LayerNorm", &sum)
    }

    fn layer(&mut self, name: &str, state: &Name) -> Result<Name, String> {
        let attended = self.attended(&format!("{name}.attention"), state)?;
        let inner = self.linear(&format!("{name}.intermediate.dense"), INNER, DIMENSIONS)?;
        let inner = self.multiplied_by_rows(&attended, &inner);
        let inner = self.network.add("Gelu", &[&inner], &[]);
        let outer = self.linear(&format!("{name}.output.dense"), DIMENSIONS, INNER)?;
        let outer = self.multiplied_by_rows(&inner, &outer);
        let sum = self.network.add("Add", &[&outer, &attended], &[]);
        self.normalized(&format!("{name}.output.LayerNorm"), &sum)
    }

    fn attended(&mut self, name: &str, state: &Name) -> Result<Name, String> {
        let mut all = Linear::default();
        for part in ["query", "key", "value"] {
            let mut linear = self.linear(&format!("{name}.self.{part}"), DIMENSIONS, DIMENSIONS)?;
            if part == "query" {
                linear.scale(1.0 / (HEAD as f32).sqrt());
            }
            all.append(linear);
        }
        let all = self.multiplied(state, &all);
        let by_parts = self.network.shape(&[-1, 3, HEADS as i64, HEAD as i64]);
        let all = self.network.add("Reshape", &[&all, &by_parts], &[]);
        // To: part, head, piece, number.
        let all =
            self.network.add("Transpose", &[&all], &[Setting::Numbers("perm", vec![1, 2, 0, 3])]);
        let parts = [0, 1, 2].map(|part| {
            let part = self.network.number(part);
            self.network.add("Gather", &[&all, &part], &[])
        });
        let [query, key, value] = &parts;
        let key = self.network.add("Transpose", &[key], &[Setting::Numbers("perm", vec![0, 2, 1])]);
        let likeness = self.network.add("MatMul", &[query, &key], &[]);
        let shares = self.network.add("Softmax", &[&likeness], &[Setting::Number("axis", -1)]);
        let taken = self.network.add("MatMul", &[&shares, value], &[]);
        let taken =
            self.network.add("Transpose", &[&taken], &[Setting::Numbers("perm", vec![1, 0, 2])]);
        let whole = self.network.shape(&[-1, DIMENSIONS as i64]);
        let taken = self.network.add("Reshape", &[&taken, &whole], &[]);
        let output = self.linear(&format!("{name}.output.dense"), DIMENSIONS, DIMENSIONS)?;
        let output = self.multiplied(&taken, &output);
        let sum = self.network.add("Add", &[&output, state], &[]);
        self.normalized(&format!("{name}.output.LayerNorm"), &sum)
    }

    fn normalized(&mut self, name: &str, state: &Name) -> Result<Name, String> {
        let [weight, bias] =
            ["weight", "bias"].map(|part| self.list(&format!("{name}.{part}"), DIMENSIONS));
        let [weight, bias] =
            [weight?, bias?].map(|numbers| self.network.floats(&[DIMENSIONS], &numbers));
        let settings = [Setting::Number("axis", -1), Setting::Float("epsilon", EPSILON)];
        Ok(self.network.add("LayerNormalization", &[state, &weight, &bias], &settings))
    }

    fn linear(&self, name: &str, outputs: usize, inputs: usize) -> Result<Linear, String> {
        let weight = self.weights.matrix(&format!("{name}.weight"), outputs, inputs)?;
        let bias = self.list(&format!("{name}.bias"), outputs)?;
        Ok(Linear { inputs, weight: weight.numbers, bias })
    }

    fn list(&self, name: &str, length: usize) -> Result<Vec<f32>, String> {
        Ok(self.weights.matrix(name, 1, length)?.numbers)
    }

    /// The state through a linear part, each piece of it on a scale of its own. Where some pieces have numbers that are far
    /// greater than those of others, one scale for all says little of these: with it the least cosine of
    /// `tests/data/encoder_reference.jsonl` with what is not rounded is 0.984, and 0.994 so.
    fn multiplied_by_rows(&mut self, state: &Name, linear: &Linear) -> Name {
        let axis = self.network.shape(&[-1]);
        let sizes = self.network.add("Abs", &[state], &[]);
        let greatest =
            self.network.add("ReduceMax", &[&sizes, &axis], &[Setting::Number("keepdims", 1)]);
        let state = self.network.add("Div", &[state, &greatest], &[]);
        let product = self.product(&state, linear);
        let product = self.network.add("Mul", &[&product, &greatest], &[]);
        let bias = self.network.floats(&[linear.bias.len()], &linear.bias);
        self.network.add("Add", &[&product, &bias], &[])
    }

    /// The state through a linear part.
    fn multiplied(&mut self, state: &Name, linear: &Linear) -> Name {
        let product = self.product(state, linear);
        let bias = self.network.floats(&[linear.bias.len()], &linear.bias);
        self.network.add("Add", &[&product, &bias], &[])
    }

    /// The product of a state with weights, in 8-bit integers.
    fn product(&mut self, state: &Name, linear: &Linear) -> Name {
        let (inputs, outputs) = (linear.inputs, linear.bias.len());
        let rows = Matrix { width: inputs, numbers: linear.weight.clone() };
        let (scales, numbers) = rounded(&rows, MOST_WEIGHT);
        let columns: Vec<i8> =
            (0..inputs).flat_map(|at| numbers.iter().skip(at).step_by(inputs).copied()).collect();
        let weight = self.network.integers(&[inputs, outputs], &columns);
        let zeros = self.network.integers(&[outputs], &vec![0; outputs]);
        let scales = self.network.floats(&[outputs], &scales);
        let [state, scale, zero] = self.network.add_all("DynamicQuantizeLinear", &[state], &[]);
        let product = self.network.add("MatMulInteger", &[&state, &weight, &zero, &zeros], &[]);
        let product = self.network.add("Cast", &[&product], &[Setting::Number("to", 1)]);
        let scale = self.network.add("Mul", &[&scale, &scales], &[]);
        self.network.add("Mul", &[&product, &scale], &[])
    }
}

/// A linear part: of each output its weights for all inputs, and what is added.
#[derive(Default)]
struct Linear {
    inputs: usize,
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    fn scale(&mut self, factor: f32) {
        self.weight.iter_mut().chain(&mut self.bias).for_each(|number| *number *= factor);
    }

    /// Adds the outputs of another, of the same inputs.
    fn append(&mut self, other: Linear) {
        self.inputs = other.inputs;
        self.weight.extend(other.weight);
        self.bias.extend(other.bias);
    }
}

/// The rows of a matrix as whole numbers up to `most`, with what each row's are to be multiplied by.
fn rounded(matrix: &Matrix, most: f32) -> (Vec<f32>, Vec<i8>) {
    let mut scales = Vec::new();
    let mut numbers = Vec::with_capacity(matrix.numbers.len());
    for row in matrix.rows() {
        let furthest = row.iter().fold(0.0_f32, |furthest, number| furthest.max(number.abs()));
        let scale = if furthest > 0.0 { furthest / most } else { 1.0 };
        scales.push(scale);
        numbers.extend(row.iter().map(|number| (number / scale).round() as i8));
    }
    (scales, numbers)
}
