//! Places on a page: the matrices that content streams move text by.

/// The matrix `[a b 0; c d 0; e f 1]`, as PDF writes it.
#[derive(Clone, Copy, Debug)]
pub struct Matrix(pub [f64; 6]);

impl Matrix {
    pub const IDENTITY: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// What applies `inner` first, then this.
    pub fn times(self, inner: Matrix) -> Matrix {
        let ([a, b, c, d, e, f], [p, q, r, s, t, u]) = (self.0, inner.0);
        Matrix([
            a * p + c * q,
            b * p + d * q,
            a * r + c * s,
            b * r + d * s,
            a * t + c * u + e,
            b * t + d * u + f,
        ])
    }

    /// Where a point comes to lie.
    pub fn apply(self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// What undoes this; `None` where it makes everything flat.
    pub fn inverse(self) -> Option<Matrix> {
        let [a, b, c, d, e, f] = self.0;
        let det = a * d - b * c;
        let back = [d, -b, -c, a, c * f - d * e, b * e - a * f].map(|value| value / det);
        back.iter().all(|value| value.is_finite()).then_some(Matrix(back))
    }

    /// How high a unit becomes.
    pub fn height(self) -> f64 {
        let [_, _, c, d, _, _] = self.0;
        c.hypot(d)
    }

    /// The direction, in whole degrees, in which a glyph moves the text on: that of its advance, or
    /// where it has none that of the line.
    pub fn turn(self, dx: f64, dy: f64, size: f64) -> i16 {
        let [a, b, c, d, _, _] = self.0;
        let (dx, dy) = if dx == 0.0 && dy == 0.0 { (size.signum(), 0.0) } else { (dx, dy) };
        let degrees = (b * dx + d * dy).atan2(a * dx + c * dy).to_degrees();
        let degrees = degrees.round() as i16;
        // A scan is rarely straight: what leans by a degree is upright.
        if degrees.abs() <= 1 { 0 } else { degrees }
    }
}
