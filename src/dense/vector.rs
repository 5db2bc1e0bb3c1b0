//! What the encoder makes of a text: a direction of 384 numbers, a byte each. Bytes lose nothing that is measured.

/// How many numbers a vector has.
pub const DIMENSIONS: usize = 384;

/// What a text means to the encoder: a direction. Its length says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded {
    numbers: [i8; DIMENSIONS],
    /// The product with itself.
    square: i32,
}

impl Encoded {
    /// The direction of these numbers; `None` where they have none, or are not as many as a vector has.
    pub fn of(numbers: &[f32]) -> Option<Encoded> {
        let furthest = numbers.iter().fold(0.0_f32, |furthest, number| furthest.max(number.abs()));
        if numbers.len() != DIMENSIONS || !furthest.is_finite() || furthest == 0.0 {
            return None;
        }
        let scale = f32::from(i8::MAX) / furthest;
        let numbers = std::array::from_fn(|at| (numbers[at] * scale).round() as i8);
        Some(Encoded { numbers, square: product(&numbers, &numbers) })
    }

    /// The vector of stored bytes; `None` where it has no direction.
    pub fn from_bytes(bytes: &[u8; DIMENSIONS]) -> Option<Encoded> {
        let numbers = bytes.map(|byte| byte as i8);
        let square = product(&numbers, &numbers);
        (square > 0).then_some(Encoded { numbers, square })
    }

    /// The vector as it is stored.
    pub fn to_bytes(&self) -> [u8; DIMENSIONS] {
        self.numbers.map(|number| number as u8)
    }

    /// How alike two meanings are: the cosine.
    pub fn likeness(&self, other: &Encoded) -> f32 {
        product(&self.numbers, &other.numbers) as f32
            / (self.square as f32 * other.square as f32).sqrt()
    }
}

fn product(one: &[i8; DIMENSIONS], other: &[i8; DIMENSIONS]) -> i32 {
    one.iter().zip(other).map(|(&a, &b)| i32::from(i16::from(a) * i16::from(b))).sum()
}
