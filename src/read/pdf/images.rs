//! Images of a page as greys: every encoding that PDF has for them, and its commoner colours.

use hayro_syntax::object::stream::{ImageColorSpace, ImageData, ImageDecodeParams};
use hayro_syntax::object::{Array, Dict, Object, Stream, String as PdfString};
use hayro_syntax::page::Resources;

/// Pixels of an image: ten times those of a page at 300 dots an inch.
pub const MOST_PIXELS: u64 = 100_000_000;
/// Colour spaces that are named by another one.
const DEEPEST: usize = 4;

/// An image, row by row from the top.
pub struct Image {
    pub width: usize,
    pub height: usize,
    /// 0 is black.
    pub greys: Vec<u8>,
    /// How much of what is under it each pixel hides; empty where all of it.
    pub cover: Vec<u8>,
}

/// What the samples of an image mean.
enum Colors {
    /// Grey, or red, green and blue.
    Light(usize),
    Cmyk,
    /// So many inks: the more, the darker.
    Ink(usize),
    /// The first of so many is the lightness.
    First(usize),
    /// Entries of a table, as greys.
    Table(Vec<u8>),
}

impl Colors {
    fn count(&self) -> usize {
        match self {
            Colors::Light(count) | Colors::Ink(count) | Colors::First(count) => *count,
            Colors::Cmyk => 4,
            Colors::Table(_) => 1,
        }
    }

    fn grey(&self, samples: &[u8]) -> u8 {
        match (self, samples) {
            (Colors::Light(_), [red, green, blue]) => luma(*red, *green, *blue),
            (Colors::Cmyk, [cyan, magenta, yellow, black]) => {
                let light = |ink: &u8| 255 - ink.saturating_add(*black);
                luma(light(cyan), light(magenta), light(yellow))
            }
            (Colors::Ink(_), inks) => 255 - inks.iter().copied().max().unwrap_or(0),
            (Colors::Table(table), [entry]) => table.get(usize::from(*entry)).copied().unwrap_or(0),
            (_, samples) => samples.first().copied().unwrap_or(255),
        }
    }
}

fn luma(red: u8, green: u8, blue: u8) -> u8 {
    ((u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114) / 1000) as u8
}

/// Decodes an image, with what its masks leave of it; `None` where it cannot be decoded.
pub fn image(stream: &Stream<'_>, resources: &Resources<'_>) -> Option<Image> {
    let dict = stream.dict();
    let mut image = plain(stream, resources)?;
    let mask = dict.get::<Stream<'_>>(b"SMask").or_else(|| dict.get::<Stream<'_>>(b"Mask"));
    if let Some(mask) = mask.and_then(|mask| plain(&mask, resources)) {
        // A stencil says what is shown by its own cover, a soft mask by its greys.
        let cover = if mask.cover.is_empty() { &mask.greys } else { &mask.cover };
        let row = |y: usize| y * mask.height / image.height * mask.width;
        let at = |x: usize, y: usize| cover.get(row(y) + x * mask.width / image.width);
        let places = (0..image.height).flat_map(|y| (0..image.width).map(move |x| (x, y)));
        image.cover = places.map(|(x, y)| at(x, y).copied().unwrap_or(255)).collect();
    }
    Some(image)
}

/// An image without its masks. A stencil is black where it paints.
fn plain(stream: &Stream<'_>, resources: &Resources<'_>) -> Option<Image> {
    let dict = stream.dict();
    let size = |long: &[u8], short: &[u8]| dict.get::<u32>(long).or_else(|| dict.get(short));
    let (width, height) = (size(b"Width", b"W")?, size(b"Height", b"H")?);
    let is_stencil = dict.get::<bool>(b"ImageMask").or_else(|| dict.get(b"IM")).unwrap_or_default();
    let bits = if is_stencil { Some(1) } else { size(b"BitsPerComponent", b"BPC") };
    let space = dict.get::<Object<'_>>(b"ColorSpace").or_else(|| dict.get(b"CS"));
    let named = space.and_then(|space| colors(&space, resources, 0));
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return None;
    }
    let params = ImageDecodeParams {
        is_indexed: matches!(named, Some(Colors::Table(_))),
        bpc: bits.and_then(|bits| u8::try_from(bits).ok()),
        num_components: named.as_ref().and_then(|colors| u8::try_from(colors.count()).ok()),
        target_dimension: None,
        width,
        height,
    };
    let decoded = stream.decoded_image(&params).ok()?;
    let own = decoded.image_data.as_ref();
    let (width, height) = own.map_or((width, height), |own| (own.width, own.height));
    if width == 0 || height == 0 || u64::from(width) * u64::from(height) > MOST_PIXELS {
        return None;
    }
    let colors = agreed(named, own);
    let bits = own.map_or(bits.unwrap_or(8), |own| u32::from(own.bits_per_component));
    let is_inverted = dict
        .get::<Array<'_>>(b"Decode")
        .or_else(|| dict.get(b"D"))
        .is_some_and(|decode| is_falling(&decode));
    let shape = Shape { width: width as usize, height: height as usize, bits, is_inverted };
    let greys = shape.greys(&decoded.data, &colors)?;
    Some(match is_stencil {
        true => Image {
            width: shape.width,
            height: shape.height,
            cover: greys.iter().map(|&sample| if sample < 128 { 255 } else { 0 }).collect(),
            greys: vec![0; greys.len()],
        },
        false => Image { width: shape.width, height: shape.height, greys, cover: Vec::new() },
    })
}

/// The colours that an image has: those its dictionary names, unless its data have another number.
fn agreed(named: Option<Colors>, own: Option<&ImageData>) -> Colors {
    let own = own.and_then(|own| own.color_space).map(|space| match space {
        ImageColorSpace::Gray => Colors::Light(1),
        ImageColorSpace::Rgb => Colors::Light(3),
        ImageColorSpace::Cmyk => Colors::Cmyk,
        ImageColorSpace::Unknown(count) => Colors::First(usize::from(count).max(1)),
    });
    match (named, own) {
        (Some(named), Some(own)) if named.count() != own.count() => own,
        (Some(named), _) => named,
        (None, own) => own.unwrap_or(Colors::Light(1)),
    }
}

fn is_falling(decode: &Array<'_>) -> bool {
    let mut ends = decode.iter::<Object<'_>>().filter_map(|end| Some(end.into_number()?.as_f64()));
    matches!((ends.next(), ends.next()), (Some(from), Some(to)) if from > to)
}

fn colors(space: &Object<'_>, resources: &Resources<'_>, depth: usize) -> Option<Colors> {
    if depth > DEEPEST {
        return None;
    }
    match space {
        Object::Name(name) => match name.as_ref() {
            b"DeviceGray" | b"G" | b"CalGray" => Some(Colors::Light(1)),
            b"DeviceRGB" | b"RGB" | b"CalRGB" => Some(Colors::Light(3)),
            b"DeviceCMYK" | b"CMYK" => Some(Colors::Cmyk),
            _ => colors(&resources.get_color_space(name)?, resources, depth + 1),
        },
        Object::Array(array) => {
            let mut entries = array.iter::<Object<'_>>();
            let Some(Object::Name(family)) = entries.next() else { return None };
            let second = entries.next();
            match family.as_ref() {
                b"ICCBased" => of_profile(second?.into_stream()?.dict()),
                b"CalRGB" => Some(Colors::Light(3)),
                b"Lab" => Some(Colors::First(3)),
                b"Separation" => Some(Colors::Ink(1)),
                b"DeviceN" => match second? {
                    Object::Array(names) => Some(Colors::Ink(names.raw_iter().count().max(1))),
                    _ => None,
                },
                b"Indexed" | b"I" => {
                    let base = colors(&second?, resources, depth + 1)?;
                    table(&base, &entries.nth(1)?)
                }
                _ => colors(&Object::Name(family), resources, depth + 1),
            }
        }
        _ => None,
    }
}

fn of_profile(profile: &Dict<'_>) -> Option<Colors> {
    match profile.get::<u32>(b"N")? {
        1 => Some(Colors::Light(1)),
        3 => Some(Colors::Light(3)),
        4 => Some(Colors::Cmyk),
        _ => None,
    }
}

/// The table of an indexed space, as greys.
fn table(base: &Colors, lookup: &Object<'_>) -> Option<Colors> {
    let entries = |bytes: &[u8]| {
        let entries = bytes.chunks_exact(base.count()).take(256);
        Colors::Table(entries.map(|entry| base.grey(entry)).collect())
    };
    match lookup {
        Object::String(string) => Some(entries(PdfString::as_bytes(string))),
        Object::Stream(stream) => Some(entries(&stream.decoded_data().ok()?)),
        _ => None,
    }
}

/// How the samples of an image lie in its data.
struct Shape {
    width: usize,
    height: usize,
    bits: u32,
    is_inverted: bool,
}

impl Shape {
    /// The greys of all pixels; what the data lack is white.
    fn greys(&self, data: &[u8], colors: &Colors) -> Option<Vec<u8>> {
        let count = colors.count();
        let stride = self.width.checked_mul(count)?.checked_mul(self.bits as usize)?.div_ceil(8);
        let is_table = matches!(colors, Colors::Table(_));
        let mut greys = Vec::with_capacity(self.width * self.height);
        let mut samples = Vec::new();
        for row in data.chunks(stride.max(1)).take(self.height) {
            samples.clear();
            self.samples(row, is_table, &mut samples)?;
            let pixels = samples.chunks_exact(count).take(self.width);
            greys.extend(pixels.map(|pixel| colors.grey(pixel)));
            // A row that is cut off.
            let short = greys.len() % self.width;
            if short > 0 {
                greys.resize(greys.len() + self.width - short, 255);
            }
        }
        greys.resize(self.width * self.height, 255);
        Some(greys)
    }

    /// The samples of a row, scaled to a byte unless they are entries of a table.
    fn samples(&self, row: &[u8], is_table: bool, samples: &mut Vec<u8>) -> Option<()> {
        match self.bits {
            8 => samples.extend_from_slice(row),
            16 => samples.extend(row.iter().step_by(2)),
            bits @ (1 | 2 | 4) => {
                let most = (1u8 << bits) - 1;
                let scale = if is_table { 1 } else { 255 / most };
                let shifts = || (0..8 / bits).rev().map(move |place| place * bits);
                let each = row.iter().flat_map(|byte| shifts().map(move |by| byte >> by & most));
                samples.extend(each.map(|sample| sample * scale));
            }
            _ => return None,
        }
        if self.is_inverted && !is_table {
            samples.iter_mut().for_each(|sample| *sample = 255 - *sample);
        }
        Some(())
    }
}
