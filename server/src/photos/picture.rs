//! A new picture out of a file: what kind it is says the file's beginning, not its name; it is read within bounds, turned upright, made
//! no larger than a screen and written as JPEG. Nothing else of the file is kept, so neither where it was taken nor what was hidden in it.

use app::merchant::PHOTO_MAX_MB;
use domain::application::ApplicationRefused;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};
use std::io::Cursor;

/// The longer side of what is kept.
const SIDE_MAX: u32 = 1_280;
/// The shorter side of what can be recognised.
const SIDE_MIN: u32 = 200;
/// The longest side that is read: phones take 9,000.
const READ_SIDE_MAX: u32 = 12_000;
/// A picture of 50 million pixels.
const READ_BYTES_MAX: u64 = 200 * 1024 * 1024;
const QUALITY: u8 = 82;

/// # Errors
/// Not a picture of a kind that we take, broken, too large to read, too small.
pub fn made_of(file: &[u8]) -> Result<Vec<u8>, ApplicationRefused> {
    let picture = upright(file)?;
    if picture.width().min(picture.height()) < SIDE_MIN {
        return Err(ApplicationRefused::PictureTooSmall);
    }
    let picture =
        if picture.width().max(picture.height()) > SIDE_MAX { picture.resize(SIDE_MAX, SIDE_MAX, FilterType::Triangle) } else { picture };
    let mut jpeg = Vec::new();
    let encoded = JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&on_white(&picture));
    encoded.map_err(|_| ApplicationRefused::NotAPicture)?;
    Ok(jpeg)
}

fn upright(file: &[u8]) -> Result<DynamicImage, ApplicationRefused> {
    let unreadable = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => ApplicationRefused::PictureTooLarge { most_mb: PHOTO_MAX_MB },
        _ => ApplicationRefused::NotAPicture,
    };
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| ApplicationRefused::NotAPicture)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(ApplicationRefused::NotAPicture);
    }
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(READ_SIDE_MAX), Some(READ_SIDE_MAX));
    limits.max_alloc = Some(READ_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    // A picture whose header claims more than it may take is not begun.
    if decoder.total_bytes() > READ_BYTES_MAX {
        return Err(ApplicationRefused::PictureTooLarge { most_mb: PHOTO_MAX_MB });
    }
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// JPEG knows no transparency.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let mut flat = RgbImage::new(picture.width(), picture.height());
    for (from, to) in picture.to_rgba8().pixels().zip(flat.pixels_mut()) {
        let alpha = u16::from(from.0[3]);
        for (channel, seen) in from.0.iter().zip(to.0.iter_mut()) {
            *seen = u8::try_from((u16::from(*channel) * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX);
        }
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgba, RgbaImage};

    fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    fn plain(width: u32, height: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(
            width,
            height,
            |x, _| if x < width / 2 { [200, 30, 30].into() } else { [30, 30, 200].into() },
        ))
    }

    #[test]
    fn what_is_taken_becomes_a_jpeg_of_the_size_of_a_screen() {
        for (format, width, height, expected) in [
            (ImageFormat::Jpeg, 2_000, 1_000, (1_280, 640)),
            (ImageFormat::Png, 400, 300, (400, 300)),
            (ImageFormat::WebP, 200, 200, (200, 200)),
        ] {
            let jpeg = made_of(&written(&plain(width, height), format)).unwrap();
            assert_eq!(image::guess_format(&jpeg).unwrap(), ImageFormat::Jpeg);
            let back = image::load_from_memory(&jpeg).unwrap();
            assert_eq!((back.width(), back.height()), expected, "{format:?}");
        }
    }

    #[test]
    fn nothing_but_the_picture_is_kept() {
        let mut file = written(&plain(300, 300), ImageFormat::Jpeg);
        // EXIF after the beginning: turned by a quarter, with a place in it.
        let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(b"GPS 37.55 126.90");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let segment: Vec<u8> = [&[0xFF, 0xE1], length.as_slice(), &exif].concat();
        file.splice(2..2, segment);
        file.extend_from_slice(b"<script>alert(1)</script>");
        let jpeg = made_of(&file).unwrap();
        for hidden in [b"GPS ".as_slice(), b"Exif", b"script"] {
            assert!(!jpeg.windows(hidden.len()).any(|part| part == hidden));
        }
        // Red was on the left; turned, it is on top.
        let back = image::load_from_memory(&jpeg).unwrap().to_rgb8();
        assert!(back.get_pixel(150, 30).0[0] > 150 && back.get_pixel(150, 270).0[2] > 150);
    }

    #[test]
    fn what_shines_through_is_white() {
        let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(250, 250, Rgba([0, 0, 0, 0])));
        let back = image::load_from_memory(&made_of(&written(&clear, ImageFormat::Png)).unwrap()).unwrap().to_rgb8();
        assert!(back.get_pixel(9, 9).0.iter().all(|channel| *channel > 250));
    }

    #[test]
    fn everything_else_is_refused_in_its_own_words() {
        let png = written(&plain(300, 300), ImageFormat::Png);
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".to_vec();
        let gif = b"GIF89a\x01\0\x01\0\0\0\0;".to_vec();
        for file in [Vec::new(), svg, gif, b"MZ".to_vec(), png[..png.len() / 2].to_vec(), png[..8].to_vec(), vec![0xFF; 1_000]] {
            assert_eq!(made_of(&file), Err(ApplicationRefused::NotAPicture), "{:?}", &file[..file.len().min(8)]);
        }
        assert_eq!(made_of(&written(&plain(199, 900), ImageFormat::Png)), Err(ApplicationRefused::PictureTooSmall));
        // A header that claims 100,000 by 100,000 pixels.
        let mut bomb = png;
        bomb[16..24].copy_from_slice(&[0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0]);
        assert!(made_of(&bomb).is_err());
    }
}
