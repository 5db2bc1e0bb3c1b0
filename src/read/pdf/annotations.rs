//! What is filled into a form or written on a page: annotations that show text of their own.

use hayro_syntax::object::{Array, Dict, Object, Stream};
use hayro_syntax::page::Page;

use super::matrix::Matrix;
use super::objects::{members, name_of, numbers};

/// Annotations of one page: a long form has hundreds of fields.
const MOST: usize = 5000;

/// Flags of annotations that are not shown: hidden, not viewed (ISO 32000-1, 12.5.3).
const NOT_SHOWN: i32 = 2 + 32;

/// What the fields and remarks of a page look like, each with the matrix that puts it there.
pub fn appearances<'a>(page: &Page<'a>) -> Vec<(Stream<'a>, Matrix)> {
    let all = members(page.raw(), b"Annots").into_iter().take(MOST);
    all.filter_map(Object::into_dict).filter_map(|annotation| appearance(&annotation)).collect()
}

fn appearance<'a>(annotation: &Dict<'a>) -> Option<(Stream<'a>, Matrix)> {
    let is_text = match name_of(annotation, b"Subtype")?.as_str() {
        "FreeText" => true,
        "Widget" => !is_button(annotation),
        _ => false,
    };
    let flags = annotation.get::<i32>(b"F").unwrap_or(0);
    if !is_text || flags & NOT_SHOWN != 0 {
        return None;
    }
    let stream = annotation.get::<Dict<'a>>(b"AP")?.get::<Stream<'a>>(b"N")?;
    let matrix = placed(annotation, stream.dict())?;
    Some((stream, matrix))
}

/// Buttons and boxes to tick say nothing.
fn is_button(field: &Dict<'_>) -> bool {
    let parent = field.get::<Dict<'_>>(b"Parent");
    let kind = name_of(field, b"FT").or_else(|| name_of(&parent?, b"FT"));
    kind.is_some_and(|kind| kind == "Btn")
}

/// The matrix that fits an appearance into its rectangle (ISO 32000-1, algorithm 8.1).
fn placed(annotation: &Dict<'_>, form: &Dict<'_>) -> Option<Matrix> {
    let four = |dict: &Dict<'_>, key: &[u8]| -> Option<[f64; 4]> {
        numbers(&dict.get::<Array<'_>>(key)?).get(..4)?.try_into().ok()
    };
    let [x0, y0, x1, y1] = four(annotation, b"Rect")?;
    let [a0, b0, a1, b1] = four(form, b"BBox")?;
    let own = form.get::<Array<'_>>(b"Matrix").map(|array| numbers(&array));
    let own = own.and_then(|own| own.try_into().ok()).map_or(Matrix::IDENTITY, Matrix);
    let corners = [(a0, b0), (a1, b0), (a0, b1), (a1, b1)].map(|(x, y)| own.apply(x, y));
    let least = |at: fn(&(f64, f64)) -> f64| corners.iter().map(at).fold(f64::MAX, f64::min);
    let most = |at: fn(&(f64, f64)) -> f64| corners.iter().map(at).fold(f64::MIN, f64::max);
    let (left, bottom) = (least(|it| it.0), least(|it| it.1));
    let scale = |from: f64, to: f64| if to - from > 0.0 { to - from } else { 1.0 };
    let across = scale(x0.min(x1), x0.max(x1)) / scale(left, most(|it| it.0));
    let upwards = scale(y0.min(y1), y0.max(y1)) / scale(bottom, most(|it| it.1));
    let (x, y) = (x0.min(x1) - left * across, y0.min(y1) - bottom * upwards);
    let matrix = [across, 0.0, 0.0, upwards, x, y];
    matrix.iter().all(|value| value.is_finite()).then_some(Matrix(matrix))
}
