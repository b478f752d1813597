//! The answer as a picture: an SVG card, drawn into a PNG file, which is what other programs take.

use gloo_file::{Blob, ObjectUrl};
use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlImageElement};

use super::chosen::Chosen;
use super::confidence;
use super::language::words;
use super::order::largest_first;
use super::strings::standing_wave;
use super::texts;

/// The size of the card in pixels, as link previews have it.
const WIDTH: u32 = 1200;
const HEIGHT: u32 = 630;

/// The longest name of a track, in letters.
const LONGEST_NAME: usize = 60;

#[wasm_bindgen]
extern "C" {
    /// Not every browser has it, which shows when it is called.
    type ClipboardItem;

    #[wasm_bindgen(constructor, catch)]
    fn new(items: &Object) -> Result<ClipboardItem, JsValue>;
}

/// Puts the picture on the clipboard. Some browsers let a page write there only while a click is being handled, so the
/// writing begins at once, with the promise of a picture.
pub(crate) fn copy(chosen: Chosen) -> Result<Promise, JsValue> {
    let navigator = window().navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into())?;
    let write: js_sys::Function = Reflect::get(&clipboard, &"write".into())?.dyn_into()?;
    let items = Object::new();
    let png = future_to_promise(png(chosen));
    Reflect::set(&items, &"image/png".into(), &png)?;
    let item = ClipboardItem::new(&items)?;
    write
        .call1(&clipboard, &Array::of1(&item.into()))?
        .dyn_into()
}

/// Hands the picture to the browser's downloads.
pub(crate) async fn save(chosen: Chosen) -> Result<(), JsValue> {
    let png: web_sys::Blob = png(chosen).await?.dyn_into()?;
    let address = ObjectUrl::from(Blob::from(png));
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download("overtone.png");
    link.click();
    // The address has to live until the download has begun.
    set_timeout(move || drop(address), std::time::Duration::from_secs(60));
    Ok(())
}

/// The card as a PNG file.
async fn png(chosen: Chosen) -> Result<JsValue, JsValue> {
    let svg = Blob::new_with_options(untrack(|| card(chosen)).as_str(), Some("image/svg+xml"));
    let address = ObjectUrl::from(svg);
    let image = HtmlImageElement::new()?;
    image.set_src(&address);
    JsFuture::from(image.decode()).await?;
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.dyn_into()?;
    canvas.set_width(WIDTH);
    canvas.set_height(HEIGHT);
    let context = canvas
        .get_context("2d")?
        .ok_or(JsValue::UNDEFINED)?
        .dyn_into::<CanvasRenderingContext2d>()?;
    context.draw_image_with_html_image_element(&image, 0.0, 0.0)?;
    let made = Promise::new(&mut |resolve, reject| {
        let give = Closure::once_into_js(move |blob: JsValue| {
            let settle = if blob.is_null() { reject } else { resolve };
            let _ = settle.call1(&JsValue::UNDEFINED, &blob);
        });
        let _ = canvas.to_blob(give.unchecked_ref());
    });
    JsFuture::from(made).await
}

/// A computed style of the first element that a selector finds: the card has the theme that the visitor sees.
fn style(selector: &str, property: &str) -> String {
    let element = document().query_selector(selector).ok().flatten();
    let style = element.and_then(|element| window().get_computed_style(&element).ok().flatten());
    style
        .and_then(|style| style.get_property_value(property).ok())
        .unwrap_or_default()
}

/// The card as an SVG document.
fn card(chosen: Chosen) -> String {
    let words = words();
    let (ground, text) = (
        style(".answer", "background-color"),
        style(".answer", "color"),
    );
    let soft = style(".answer .kicker", "color");
    let is_answered = chosen.answer.with_untracked(Result::is_ok);
    let probability = |genre: usize| chosen.probability(genre);
    let probabilities: Vec<f64> = (0..chosen.genre_count()).map(probability).collect();
    let order = largest_first(&probabilities);
    let colour_of = |genre: usize| {
        let bar = format!(
            ".bar.{} .bar-fill",
            texts::genre_class(&chosen.genre(genre))
        );
        style(&bar, "background-color")
    };

    let mut waves = String::new();
    let mut bars = String::new();
    for (place, &genre) in order.iter().enumerate() {
        let colour = colour_of(genre);
        waves.push_str(&format!(
            r#"<path d="{}" transform="translate(100 150) scale(1 {:.3})" fill="{colour}" fill-opacity=".25" stroke="{colour}" stroke-width="2"/>"#,
            standing_wave(genre + 1),
            0.9 * probability(genre).sqrt()
        ));
        // Two columns of four; of more genres, the most probable.
        if place >= 8 {
            continue;
        }
        let (column, row) = (place / 4, place % 4);
        let (x, y) = (100 + 520 * column, 425 + 42 * row);
        bars.push_str(&format!(
            r#"<text x="{x}" y="{y}" fill="{text}">{}</text><rect x="{}" y="{}" width="{:.1}" height="18" rx="4" fill="{colour}"/><text x="{}" y="{y}" text-anchor="end" fill="{soft}">{}</text>"#,
            escape(&texts::genre(&chosen.genre(genre))),
            x + 225,
            y - 17,
            (175.0 * probability(genre)).max(2.0),
            x + 480,
            escape(&chosen.percent(genre)),
        ));
    }
    let headline = chosen.answer.with_untracked(|answer| match answer {
        Ok(found) => match chosen.ask(|model| confidence::headline(model, found)) {
            (name, Some(probability)) => format!("{name}, {}", texts::percent(probability)),
            (name, None) => name,
        },
        Err(_) => words.no_answer.to_owned(),
    });
    // Families have long names.
    let size = if headline.chars().count() > 22 {
        46
    } else {
        62
    };
    let name = match (chosen.name.get_untracked(), chosen.changed.get_untracked()) {
        (Some(name), false) => name.text(),
        (Some(name), true) => (words.changed_track)(&name.text()),
        (None, _) if !is_answered => words.this_track.to_owned(),
        (None, _) => words.sounds_like.to_owned(),
    };
    let name = shortened(&name, LONGEST_NAME);
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="system-ui, sans-serif" font-size="24"><rect width="100%" height="100%" fill="{ground}"/>{waves}<text x="100" y="295" font-size="28" fill="{soft}">{}</text><text x="100" y="362" font-size="{size}" font-weight="700" fill="{text}">{}</text><text x="1100" y="362" font-size="26" text-anchor="end" fill="{soft}">Overtone</text>{bars}</svg>"#,
        escape(&name),
        escape(&headline),
    )
}

/// As much of a text as there is place for, with a sign where it is cut off. The letters of the Far East are twice as wide as
/// others.
fn shortened(text: &str, place: usize) -> String {
    let width = |letter: char| if letter < '\u{2e80}' { 1 } else { 2 };
    if text.chars().map(width).sum::<usize>() <= place {
        return text.to_owned();
    }
    // The sign takes a place, too.
    let mut taken = 1;
    let is_seen = |letter: &char| {
        taken += width(*letter);
        taken <= place
    };
    let start: String = text.chars().take_while(is_seen).collect();
    format!("{}…", start.trim_end())
}

/// A text as XML has it.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // What XML does not allow would spoil the whole picture.
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                escaped.push(' ');
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_a_name_is_told() {
        assert_eq!(shortened("Blue Lamp", 9), "Blue Lamp");
        assert_eq!(shortened("Blue Lamps", 9), "Blue Lam…");
        assert_eq!(shortened("Blue Lamps", 6), "Blue…");
        assert_eq!(shortened("青いランプ", 10), "青いランプ");
        assert_eq!(shortened("青いランプ", 9), "青いラン…");
    }

    #[test]
    fn names_cannot_break_the_picture() {
        assert_eq!(
            escape("<b>\"A & B\"</b>\u{0}\u{ffff}"),
            "&lt;b&gt;&quot;A &amp; B&quot;&lt;/b&gt;  "
        );
    }
}
