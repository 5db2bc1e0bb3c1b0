//! A page drawn as far as it is images: for those who recognize words in pictures.

use hayro_syntax::object::Stream;
use hayro_syntax::page::Resources;

use super::images::{Image, image};
use super::matrix::Matrix;
use crate::read::ocr::{MOST_PIXELS, Picture};

/// What tesseract reads best.
const DPI: f64 = 300.0;
const POINTS: f64 = 72.0;
/// Pixels of all images of a page, before and after they are drawn: a page may be cut into strips, or be
/// one image a hundred times over.
const MOST_WORK: usize = 400_000_000;
/// Pixels of an image, each way, that are averaged to one of the page.
const MOST_AVERAGED: f64 = 8.0;

/// A page to be drawn on.
pub struct Canvas {
    picture: Picture,
    /// Pixels a point.
    scale: f64,
    work: usize,
    is_drawn: bool,
}

impl Canvas {
    /// A white page of this size in points.
    pub fn new(width: f32, height: f32) -> Canvas {
        let (width, height) = (f64::from(width).max(1.0), f64::from(height).max(1.0));
        let most = (MOST_PIXELS as f64 / 1.05 / (width * height)).sqrt();
        // Whole numbers of dots, so that places can be told from what tesseract is told.
        let dpi = (most * POINTS).min(DPI).floor().max(1.0);
        let scale = dpi / POINTS;
        let pixels = |points: f64| (points * scale).ceil().clamp(1.0, 1e6) as u32;
        let (width, height) = (pixels(width), pixels(height));
        let mut picture = Picture { width, height, dpi: dpi as u32, pixels: Vec::new() };
        let area = width as usize * height as usize;
        picture.pixels = vec![255; area.min(MOST_PIXELS)];
        Canvas { picture, scale, work: 0, is_drawn: false }
    }

    /// The picture; `None` where nothing was drawn.
    pub fn finish(self) -> Option<Picture> {
        (self.is_drawn && self.picture.is_sound()).then_some(self.picture)
    }

    /// Draws an image where this matrix puts the unit square.
    pub fn draw(&mut self, stream: &Stream<'_>, resources: &Resources<'_>, matrix: Matrix) {
        let scale = self.scale;
        let onto = Matrix([scale, 0.0, 0.0, scale, 0.0, 0.0]).times(matrix);
        let Some((back, area)) = onto.inverse().zip(self.area(onto)) else { return };
        let pixels = |key: &[u8]| stream.dict().get::<u32>(key).unwrap_or(0) as usize;
        let cost = pixels(b"Width").saturating_mul(pixels(b"Height")).saturating_add(area.size());
        self.work = self.work.saturating_add(cost);
        if self.work > MOST_WORK || area.size() == 0 {
            return;
        }
        if let Some(image) = image(stream, resources) {
            self.is_drawn = true;
            self.paint(&image, back, &area);
        }
    }

    /// The pixels that the unit square covers.
    fn area(&self, onto: Matrix) -> Option<Area> {
        let corners = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)];
        let corners = corners.map(|(x, y)| onto.apply(x, y));
        let span = |values: [f64; 4], most: u32| {
            let low = values.into_iter().fold(f64::MAX, f64::min).floor().max(0.0);
            let high = values.into_iter().fold(f64::MIN, f64::max).ceil().min(f64::from(most));
            (low.is_finite() && high.is_finite()).then_some((low as usize, high.max(0.0) as usize))
        };
        let (left, right) = span(corners.map(|(x, _)| x), self.picture.width)?;
        let (top, bottom) = span(corners.map(|(_, y)| y), self.picture.height)?;
        Some(Area { left, right, top, bottom })
    }

    fn paint(&mut self, image: &Image, back: Matrix, area: &Area) {
        let (width, height) = (image.width as f64, image.height as f64);
        // From pixels of the page to those of the image, whose rows run downwards.
        let back = Matrix([width, 0.0, 0.0, -height, 0.0, height]).times(back);
        let [a, b, c, d, ..] = back.0;
        let steps = |one: f64, other: f64| {
            (one.abs().max(other.abs()).round()).clamp(1.0, MOST_AVERAGED) as usize
        };
        let (across, down) = (steps(a, b), steps(c, d));
        for y in area.top..area.bottom {
            let start = y * self.picture.width as usize;
            let row = self.picture.pixels.get_mut(start + area.left..start + area.right);
            for (x, pixel) in row.unwrap_or_default().iter_mut().enumerate() {
                let at = ((area.left + x) as f64, y as f64);
                *pixel = averaged(image, back, at, (across, down), *pixel);
            }
        }
    }
}

/// A pixel of the page: what the pixels of the image under it are, and what they let through.
fn averaged(
    image: &Image,
    back: Matrix,
    (x, y): (f64, f64),
    (across, down): (usize, usize),
    under: u8,
) -> u8 {
    let mut sum = 0;
    for step_y in 0..down {
        for step_x in 0..across {
            let part = |step: usize, of: usize| (step as f64 + 0.5) / of as f64;
            let (column, row) = back.apply(x + part(step_x, across), y + part(step_y, down));
            sum += u32::from(seen(image, column, row, under));
        }
    }
    (sum / (across * down).max(1) as u32) as u8
}

fn seen(image: &Image, column: f64, row: f64, under: u8) -> u8 {
    let is_inside =
        (0.0..image.width as f64).contains(&column) && (0.0..image.height as f64).contains(&row);
    if !is_inside {
        return under;
    }
    let at = row as usize * image.width + column as usize;
    let grey = u32::from(image.greys.get(at).copied().unwrap_or(255));
    let cover = u32::from(image.cover.get(at).copied().unwrap_or(255));
    ((grey * cover + u32::from(under) * (255 - cover)) / 255) as u8
}

/// A rectangle of pixels, its right and lower edges excluded.
struct Area {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl Area {
    fn size(&self) -> usize {
        self.right.saturating_sub(self.left).saturating_mul(self.bottom.saturating_sub(self.top))
    }
}
