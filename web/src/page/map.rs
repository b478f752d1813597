//! The map of music: how the genres lie to each other, and where the track and the playlist are among them.

use std::time::Duration;

use leptos::ev::{self, PointerEvent};
use leptos::html::Section;
use leptos::prelude::*;
use overtone_genre::Map;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{
    Element, Event, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit,
    MouseEvent, Node,
};

use super::boxed;
use super::chosen::Chosen;
use super::files::Files;
use super::language::words;
use super::order::largest_first;
use super::texts;

/// The drawing's size, and how far its edge is from the outermost genres.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 400.0;
const MARGIN: f64 = 56.0;

/// Half of the width of a letter of a genre's name; on a phone, where letters do not get as small as the drawing.
const HALF_LETTER: f64 = 5.6;

/// Half of the height of a name, and of a spot.
const HALF_LINE: f64 = 9.5;
const HALF_SPOT: f64 = 9.0;

/// How near a name may come to the drawing's edge.
const EDGE: f64 = 4.0;

/// How far from a dot a finger may touch, in CSS pixels.
const FINGER: f64 = 16.0;

/// A point of the drawing.
type Spot = (f64, f64);

/// From how far below the window the map is made, so that it is there when it is scrolled to. Making it takes as long as
/// all the rest of the page.
const NEAR: &str = "50%";

/// A track of the playlist on the map.
#[derive(Clone, PartialEq)]
struct Dot {
    x: f64,
    y: f64,
    genre: String,
    title: String,
}

/// The map of music.
#[component]
pub(crate) fn MapOfMusic(chosen: Chosen, files: Files) -> impl IntoView {
    let words = words();
    let map = RwSignal::new(None::<Map>);
    let node = NodeRef::new();
    let make = move || {
        let made = chosen.ask(|model| model.map());
        let _ = map.try_set(made);
    };
    once_near(node, make);
    // On paper it is seen wherever the window is.
    let before_print = ev::Custom::<Event>::new("beforeprint");
    let printing = window_event_listener(before_print, move |_| {
        if map.with_untracked(Option::is_none) {
            make();
        }
    });
    on_cleanup(move || printing.remove());
    let hovered = RwSignal::new(None::<String>);

    let spots = move || {
        map.with(|map| {
            let genres = map.as_ref()?.genres.iter();
            Some(
                genres
                    .map(|&place| on_drawing(place))
                    .collect::<Vec<Spot>>(),
            )
        })
    };
    let genres = move || {
        let circles = spots()?.into_iter().enumerate().map(|(genre, (x, y))| {
            let class = format!("map-genre {}", texts::genre_class(&chosen.genre(genre)));
            view! { <circle class=class cx=x cy=y r="7" /> }
        });
        Some(circles.collect_view())
    };
    // Above the tracks, which are as many as they are.
    let names = move || {
        let names = (0..chosen.genre_count()).map(|genre| texts::genre(&chosen.genre(genre)));
        let names: Vec<String> = names.collect();
        let places = place_names(&spots()?, &names);
        let named = names.into_iter().zip(places);
        let named =
            named.map(|(name, (x, y))| view! { <text class="map-name" x=x y=y>{name}</text> });
        Some(named.collect_view())
    };
    let dots = Memo::new(move |_| {
        map.with(|map| {
            let Some(map) = map else { return Vec::new() };
            files.sample.with(|tracks| {
                let tracks = tracks.iter();
                tracks
                    .map(|track| {
                        let (x, y) = on_drawing(map.place(&track.probabilities));
                        let genre = chosen.genre(track.genre);
                        let title = track.name.clone();
                        Dot { x, y, genre, title }
                    })
                    .collect()
            })
        })
    });
    let dots_view = move || {
        let dots = dots.get().into_iter().map(|Dot { x, y, genre, title }| {
            view! {
                <circle class=format!("map-track {}", texts::genre_class(&genre)) cx=x cy=y r="5">
                    <title>{title}</title>
                </circle>
            }
        });
        dots.collect_view()
    };
    // A finger covers many dots, and its tap comes when it has left them: the nearest one is read.
    let touch = move |event: MouseEvent| {
        let target = event.current_target();
        let Some(drawing) = target.and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let edges = drawing.get_bounding_client_rect();
        // The drawing keeps its shape, in the middle of its place.
        let scale = (edges.width() / WIDTH).min(edges.height() / HEIGHT);
        let x = f64::from(event.client_x()) - edges.left() - edges.width() / 2.0;
        let y = f64::from(event.client_y()) - edges.top() - edges.height() / 2.0;
        let at = (WIDTH / 2.0 + x / scale, HEIGHT / 2.0 + y / scale);
        hovered.set(dots.with(|dots| {
            let near = dots.iter().map(|dot| (distance(at, (dot.x, dot.y)), dot));
            let near = near.filter(|(distance, _)| distance * scale <= FINGER);
            let nearest = near.min_by(|(one, _), (other, _)| one.total_cmp(other));
            nearest.map(|(_, dot)| dot.title.clone())
        }));
    };
    // One listener for all of them: a dot's text is its title.
    let enter = move |event: PointerEvent| {
        let dot = event.target().and_then(|dot| dot.dyn_into::<Node>().ok());
        hovered.set(dot.and_then(|dot| dot.text_content()));
    };
    let here = Memo::new(move |_| {
        let place = map.with(|map| {
            let map = map.as_ref()?;
            chosen.answer.with(|answer| {
                let found = answer.as_ref().ok()?;
                Some(map.place(&found.probabilities))
            })
        });
        place.map(on_drawing)
    });
    let sentence = move || {
        if let Some(title) = hovered.get() {
            return title;
        }
        let dots = match dots.with(Vec::len) {
            0 => words.map_invites.to_owned(),
            count => (words.map_of_playlist)(count),
        };
        // Without an answer there is no ring.
        if chosen.answer.with(Result::is_ok) {
            format!("{} {dots}", words.map_of_track)
        } else {
            dots
        }
    };
    let described = move || {
        let Some(spots) = spots() else {
            return words.map.to_owned();
        };
        here.get().map_or(words.no_answer.to_owned(), |here| {
            let nearness: Vec<f64> = spots.iter().map(|&spot| -distance(here, spot)).collect();
            let near = largest_first(&nearness).into_iter().take(2);
            let names: Vec<String> = near
                .map(|genre| texts::genre(&chosen.genre(genre)))
                .collect();
            (words.map_described)(&names)
        })
    };
    view! {
        <section node_ref=node class="card map" aria-labelledby="map-title">
            <h2 id="map-title">{words.map}</h2>
            <p class="fine">{words.map_explained}</p>
            <svg
                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                role="img"
                aria-label=boxed::text(described)
                on:click=touch
                data-testid="map"
            >
                {boxed::part(genres)}
                <g on:pointerover=enter on:pointerout=move |_| hovered.set(None)>
                    {boxed::part(dots_view)}
                </g>
                {boxed::part(names)}
                <g
                    class="map-here"
                    style:transform=boxed::text(move || {
                        let (x, y) = here.get().unwrap_or((WIDTH / 2.0, HEIGHT / 2.0));
                        format!("translate({x:.1}px, {y:.1}px)")
                    })
                    style:opacity=boxed::text(move || u8::from(here.get().is_some()).to_string())
                >
                    <circle r="11" />
                    <circle r="3" class="map-centre" />
                </g>
            </svg>
            <p class="map-says" data-testid="map-says">{boxed::text(sentence)}</p>
        </section>
    }
}

/// Does something once, when an element comes near the window.
fn once_near(node: NodeRef<Section>, act: impl Fn() + Copy + 'static) {
    let watching = StoredValue::new_local(None::<Watching>);
    boxed::follow(move || {
        let Some(element) = node.get() else { return };
        let seen = Closure::new(move |entries: js_sys::Array| {
            let mut entries = entries.iter().filter_map(|entry| entry.dyn_into().ok());
            if entries.any(|entry: IntersectionObserverEntry| entry.is_intersecting()) {
                // Nothing is watched any more when this is dropped, and it is being called.
                set_timeout(move || drop(watching.try_set_value(None)), Duration::ZERO);
                act();
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(NEAR);
        let callback = seen.as_ref().unchecked_ref();
        match IntersectionObserver::new_with_options(callback, &options) {
            Ok(observer) => {
                observer.observe(&element);
                watching.set_value(Some(Watching {
                    observer,
                    _seen: seen,
                }));
            }
            Err(_) => act(),
        }
    });
}

/// An element that is watched until this is dropped.
struct Watching {
    observer: IntersectionObserver,
    _seen: Closure<dyn FnMut(js_sys::Array)>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn distance(one: Spot, other: Spot) -> f64 {
    ((one.0 - other.0).powi(2) + (one.1 - other.1).powi(2)).sqrt()
}

/// Where the middle of each genre's name goes: below, above or beside its spot, or a little farther, wherever it covers the
/// least of the spots and of the names that have their places already; of those, where no other spot is as near, which would
/// seem to be meant.
fn place_names(spots: &[Spot], names: &[String]) -> Vec<Spot> {
    let mut taken: Vec<Area> = spots.iter().map(|&spot| Area::of_spot(spot)).collect();
    let mut places = Vec::new();
    for (own, (&(x, y), name)) in spots.iter().zip(names).enumerate() {
        let half = HALF_LETTER * name.chars().count() as f64;
        let beside = half + 14.0;
        let choices = [
            (x, y + 21.0),
            (x, y - 21.0),
            (x + beside, y),
            (x - beside, y),
            (x + beside, y + 12.0),
            (x - beside, y + 12.0),
            (x + beside, y - 12.0),
            (x - beside, y - 12.0),
            (x, y + 40.0),
            (x, y - 40.0),
        ];
        let areas = choices.map(|middle| Area::of_name(middle, half));
        let covered = |area: &Area| taken.iter().map(|other| area.shared(other)).sum::<f64>();
        let seems_another = |area: &Area| {
            let mut others = spots.iter().enumerate().filter(|(other, _)| *other != own);
            others.any(|(_, &other)| area.away_from(other) <= area.away_from((x, y)))
        };
        // Of those that are as good, the first.
        let least = areas.into_iter().min_by(|one, other| {
            let by_cover = covered(one).total_cmp(&covered(other));
            by_cover.then_with(|| seems_another(one).cmp(&seems_another(other)))
        });
        let Some(area) = least else { continue };
        places.push(area.middle);
        taken.push(area);
    }
    places
}

/// What a spot or a name takes up of the drawing.
#[derive(Clone, Copy)]
struct Area {
    middle: Spot,
    half_width: f64,
    half_height: f64,
}

impl Area {
    fn of_spot(middle: Spot) -> Self {
        Self {
            middle,
            half_width: HALF_SPOT,
            half_height: HALF_SPOT,
        }
    }

    /// A name whose middle is as near to the given place as the drawing's edges allow.
    fn of_name((x, y): Spot, half_width: f64) -> Self {
        let within = |value: f64, half: f64, whole: f64| {
            // No name is wider than the drawing.
            value.min(whole - EDGE - half).max(EDGE + half)
        };
        Self {
            middle: (within(x, half_width, WIDTH), within(y, HALF_LINE, HEIGHT)),
            half_width,
            half_height: HALF_LINE,
        }
    }

    /// How far a place is from its edge; 0 within.
    fn away_from(&self, (x, y): Spot) -> f64 {
        let beside = ((x - self.middle.0).abs() - self.half_width).max(0.0);
        let above = ((y - self.middle.1).abs() - self.half_height).max(0.0);
        distance((0.0, 0.0), (beside, above))
    }

    /// How much of it another area covers.
    fn shared(&self, other: &Self) -> f64 {
        let (x, y) = self.middle;
        let (other_x, other_y) = other.middle;
        let width = self.half_width + other.half_width - (x - other_x).abs();
        let height = self.half_height + other.half_height - (y - other_y).abs();
        let width = width.clamp(0.0, 2.0 * self.half_width.min(other.half_width));
        let height = height.clamp(0.0, 2.0 * self.half_height.min(other.half_height));
        width * height
    }
}

/// Where a place of the map is on the drawing.
fn on_drawing((x, y): (f64, f64)) -> Spot {
    (
        MARGIN + x * (WIDTH - 2.0 * MARGIN),
        MARGIN + y * (HEIGHT - 2.0 * MARGIN),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use overtone_genre::Model;

    #[test]
    fn names_do_not_cover_each_other() {
        let spots = [(300.0, 200.0), (310.0, 212.0), (305.0, 190.0)];
        let names = ["Pop", "Country", "Electronic"].map(str::to_owned);
        let places = place_names(&spots, &names);
        for (index, one) in places.iter().enumerate() {
            for other in &places[index + 1..] {
                assert!(
                    (one.0 - other.0).abs() > 40.0 || (one.1 - other.1).abs() >= 2.0 * HALF_LINE
                );
            }
        }
    }

    #[test]
    fn names_stay_on_the_drawing_and_off_the_spots() {
        for model in [Model::eight_genres(), Model::fifteen_genres()] {
            let model = model.unwrap();
            let spots: Vec<Spot> = model
                .map()
                .unwrap()
                .genres
                .into_iter()
                .map(on_drawing)
                .collect();
            let names: Vec<String> = model
                .genres()
                .iter()
                .map(|name| texts::genre(name))
                .collect();
            let mut taken: Vec<Area> = spots.iter().map(|&spot| Area::of_spot(spot)).collect();
            let places = place_names(&spots, &names).into_iter().enumerate();
            for ((own, (x, y)), name) in places.zip(&names) {
                let half = HALF_LETTER * name.chars().count() as f64;
                assert!(x - half >= EDGE && x + half <= WIDTH - EDGE, "{name}");
                assert!((HALF_LINE..=HEIGHT - HALF_LINE).contains(&y), "{name}");
                let area = Area::of_name((x, y), half);
                assert!(
                    taken.iter().all(|other| area.shared(other) == 0.0),
                    "{name}"
                );
                let away = spots.iter().map(|&spot| area.away_from(spot));
                let nearest = away
                    .enumerate()
                    .min_by(|one, other| one.1.total_cmp(&other.1));
                assert_eq!(
                    nearest.unwrap().0,
                    own,
                    "{name} seems to be of another spot"
                );
                taken.push(area);
            }
        }
    }
}
