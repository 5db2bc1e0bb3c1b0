//! The weights of a model as they are published: numbers by name, in a file of safetensors.

use std::collections::HashMap;

use serde::Deserialize;

/// What the head of the file says of a tensor.
#[derive(Deserialize)]
struct Told {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

/// The weights of a model.
pub struct Weights<'f> {
    told: HashMap<String, Told>,
    data: &'f [u8],
}

/// Rows of numbers; a list has one.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// How many numbers a row has.
    pub width: usize,
    /// Row after row.
    pub numbers: Vec<f32>,
}

impl Matrix {
    /// The rows.
    pub fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.numbers.chunks_exact(self.width.max(1))
    }
}

impl<'f> Weights<'f> {
    /// Reads the head of a file; what is wrong with it otherwise.
    pub fn read(file: &'f [u8]) -> Result<Weights<'f>, String> {
        let (length, rest) = file.split_first_chunk().ok_or("it has no head")?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let (head, data) = rest.split_at_checked(length).ok_or("its head is cut off")?;
        let head: HashMap<String, serde_json::Value> = serde_json::from_slice(head)
            .map_err(|error| format!("its head is malformed: {error}"))?;
        // `__metadata__` is no tensor.
        let told = head
            .into_iter()
            .filter_map(|(name, value)| Some((name, serde_json::from_value(value).ok()?)));
        Ok(Weights { told: told.collect(), data })
    }

    /// The numbers of this name, where they are so many to a row and rows; what is wrong otherwise.
    pub fn matrix(&self, name: &str, rows: usize, width: usize) -> Result<Matrix, String> {
        let told = self.told.get(name).ok_or_else(|| format!("it has no `{name}`"))?;
        let (start, end) = told.data_offsets;
        let bytes = self.data.get(start..end);
        let is_fit = told.dtype == "F32"
            && told.shape.iter().product::<usize>() == rows * width
            && told.shape.last() == Some(&width);
        let bytes = bytes.filter(|bytes| is_fit && bytes.len() == 4 * rows * width);
        let bytes = bytes.ok_or_else(|| {
            format!("its `{name}` is not {rows} times {width} numbers of 32 bits")
        })?;
        let numbers = bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
        Ok(Matrix { width, numbers: numbers.collect() })
    }
}
