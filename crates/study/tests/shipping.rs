//! The whole way from collections to the model that ships, on made-up tracks.

use overtone_genre::{Feature, Features, Model, Titles, title_buckets};
use overtone_study::abroad::TestRows;
use overtone_study::boost::Boosting;
use overtone_study::dataset::LabelledTrack;
use overtone_study::fifteen::close_genres;
use overtone_study::genre_map::EIGHT;
use overtone_study::model_card;
use overtone_study::pool::Pool;
use overtone_study::recipe::Recipe;
use overtone_study::ship::ship;

/// A number from 0 to 1 that is made of others.
fn noise(seed: usize) -> f32 {
    let mixed = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed >> 40) as f32) / 16_777_216.0
}

/// A track of a genre: each genre has its own danceability and energy, and comedy is spoken.
fn track(collection: usize, genre: usize, number: usize) -> LabelledTrack {
    let seed = (collection * 100 + genre) * 1000 + number;
    let mut features = Features::default();
    for (place, feature) in Feature::ALL.into_iter().enumerate() {
        let value = noise(seed * 16 + place);
        let value = match feature {
            Feature::Loudness => -20.0 + 15.0 * value,
            Feature::Tempo => 80.0 + 80.0 * value,
            Feature::Duration => 120_000.0 + 200_000.0 * value,
            Feature::Popularity => 100.0 * value,
            Feature::Danceability => 0.1 + 0.2 * (genre % 4) as f32 + 0.18 * value,
            Feature::Energy => 0.1 + 0.4 * (genre / 4 % 2) as f32 + 0.3 * value,
            Feature::Speechiness if genre == EIGHT.len() => 0.9 + 0.1 * value,
            _ => 0.5 * value,
        };
        features.set(feature, Some(value));
    }
    LabelledTrack {
        id: format!("{seed}"),
        track: format!("track {seed}"),
        artist: format!("artist {}", seed / 2),
        genre: EIGHT.get(genre).copied().unwrap_or("comedy").to_owned(),
        features,
    }
}

fn pool() -> Pool {
    let collections = ["one", "two", "three"].into_iter().enumerate();
    let collections = collections.map(|(index, name)| {
        let genres = 0..=EIGHT.len();
        let tracks = genres.flat_map(|genre| (0..60).map(move |n| track(index, genre, n)));
        (name.to_owned(), tracks.collect())
    });
    Pool::of(collections.collect())
}

fn recipe() -> Recipe {
    let boosting = Boosting {
        rounds: 8,
        learning_rate: 0.3,
        leaves: 8,
        minimum_rows: 10,
        minimum_hessian: 0.1,
        ..Boosting::default()
    };
    Recipe {
        boosting,
        teacher: boosting,
        outside: boosting,
        ..Recipe::default()
    }
}

#[test]
fn a_model_of_several_collections_knows_how_right_it_is() {
    let pool = pool();
    let shipped = ship(&pool, &recipe(), &[], |_| {}).unwrap();
    let again = ship(&pool, &recipe(), &[], |_| {}).unwrap();
    assert_eq!(shipped.bytes, again.bytes);

    let model = Model::read(&shipped.bytes).unwrap();
    let quality = model.quality().unwrap();
    assert_eq!(quality, &shipped.quality);
    assert!(quality.abroad.balanced_accuracy > 0.8, "{quality:?}");
    // A row for home, and one for each collection left out; none for the twin, of which there are no tracks.
    let names = shipped.sound_and_length.iter().map(|row| &row.name);
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["at home", "one", "two", "three"]
    );
    let card = model_card::write(&shipped, &pool, &recipe(), None, &[]);
    assert!(!card.to_lowercase().contains("twin by artist"), "{card}");
    // What is known of the study's collections is not said of others.
    for said in ["search-2019", "study.md#the-data", "published"] {
        assert!(!card.contains(said), "{said}: {card}");
    }

    for (genre, name) in EIGHT.iter().enumerate() {
        let answer = model.classify(&track(7, genre, 1).features).unwrap();
        let set = model.likely_genres(&answer, 0.9).unwrap();
        assert_eq!(set[0], answer.best);
        assert!(set.contains(&genre), "{name}");
    }
    let comedies = (0..40).filter(|&number| {
        let answer = model.classify(&track(7, EIGHT.len(), number).features);
        model.is_outside(&answer.unwrap())
    });
    assert!(comedies.count() > 35);
    let jazz = (0..40).filter(|&number| {
        let answer = model.classify(&track(7, 4, number).features).unwrap();
        model.is_outside(&answer)
    });
    assert!(jazz.count() < 10);

    // Without danceability four genres look alike, and the model knows.
    let mut blind = track(7, 0, 1).features;
    blind.set(Feature::Danceability, None);
    blind.set(Feature::Popularity, None);
    let cost = quality.with_missing(&blind).unwrap();
    assert!(cost.home < quality.home.balanced_accuracy - 0.2);
}

#[test]
fn what_is_learned_of_popularity_leaves_tracks_without_it_alone() {
    // Popularity is all that tells these genres apart.
    let tracks = (0..EIGHT.len()).flat_map(|genre| {
        (0..60).map(move |number| {
            let mut track = track(0, 0, genre * 60 + number);
            let popularity = 10.0 * genre as f32 + (number % 8) as f32;
            track.features.set(Feature::Popularity, Some(popularity));
            track.genre = EIGHT[genre].to_owned();
            track
        })
    });
    let pool = Pool::of(vec![("one".to_owned(), tracks.collect())]);
    let learn = |popularity_from: &[&str]| {
        let popularity_from = popularity_from.iter().copied().map(str::to_owned).collect();
        let recipe = Recipe {
            popularity: recipe().boosting,
            popularity_from,
            own_weight: 0.0,
            ..recipe()
        };
        recipe.learn(&pool, |_| true, |_| {}).unwrap()
    };
    let (told, untold) = (learn(&["one"]), learn(&[]));
    let mut right = 0;
    for track in &pool.tracks {
        let mut unpopular = track.features;
        unpopular.set(Feature::Popularity, None);
        assert_eq!(
            told.probabilities(&unpopular),
            untold.probabilities(&unpopular)
        );
        let said = told.probabilities(&track.features);
        let best = said.iter().copied().fold(0.0, f32::max);
        let genre = EIGHT.iter().position(|genre| *genre == track.name).unwrap();
        right += usize::from(said[genre] == best);
    }
    assert!(right * 10 > pool.tracks.len() * 9, "{right}");
}

#[test]
fn a_pool_that_nothing_can_be_left_out_of_is_refused_at_once() {
    let of_one = |genres: std::ops::Range<usize>| {
        genres
            .flat_map(|genre| (0..20).map(move |number| track(0, genre, number)))
            .collect()
    };
    let pool = Pool::of(vec![
        ("one".to_owned(), of_one(0..EIGHT.len())),
        (
            "comedy alone".to_owned(),
            of_one(EIGHT.len()..EIGHT.len() + 1),
        ),
    ]);
    let mut steps = 0;
    let refused = ship(&pool, &recipe(), &[], |_| steps += 1).unwrap_err();
    assert!(refused.to_string().contains("at least 2"), "{refused}");
    assert_eq!(steps, 0);
}

#[test]
fn what_leaves_nothing_to_learn_from_is_named() {
    let tracks = || {
        let numbered = (0..EIGHT.len()).flat_map(|genre| (0..20).map(move |n| (genre, n)));
        numbered.map(|(genre, number)| track(0, genre, number))
    };
    let pool = Pool::of(vec![
        ("one".to_owned(), tracks().collect()),
        ("the same".to_owned(), tracks().collect()),
    ]);
    let refused = ship(&pool, &recipe(), &[], |_| {}).unwrap_err();
    assert!(refused.to_string().contains("“one”"), "{refused}");
}

#[test]
fn a_kind_of_the_genre_and_an_unused_name_keep_no_recording_from_being_tested_on() {
    let rock = EIGHT.iter().position(|&genre| genre == "rock").unwrap();
    let also = |number: usize, genre: &str| {
        let mut track = track(0, rock, number);
        genre.clone_into(&mut track.genre);
        track
    };
    let others = ["rock", "alt-rock", "party", "jazz", "bebop", "comedy"];
    let tracks = others
        .into_iter()
        .enumerate()
        // Each by an artist of its own.
        .flat_map(|(number, other)| [also(2 * number, "rock"), also(2 * number, other)]);
    let pool = Pool::of(vec![("one".to_owned(), tracks.collect())]);
    let drawn = TestRows::draw(&pool, &[0], 1, |_| true);
    let mut recordings: Vec<usize> = drawn
        .genres
        .iter()
        .map(|&(index, _)| pool.tracks[index].recording)
        .collect();
    recordings.sort_unstable();
    assert_eq!(recordings, [0, 1, 2]);
    assert!(drawn.genres.iter().all(|&(_, genre)| genre == rock));
    assert!(drawn.others.is_empty());
}

#[test]
fn words_that_go_with_a_genre_are_learned_and_measured_apart() {
    let words = [
        "sonata", "tractor", "remix", "feat", "swing", "noche", "heart", "thunder",
    ];
    let sounds_alike = |titled: bool| {
        let collections = ["one", "two", "three"].into_iter().enumerate();
        let collections = collections.map(|(index, name)| {
            let numbered = (0..EIGHT.len()).flat_map(|genre| (0..60).map(move |n| (genre, n)));
            let tracks = numbered.map(|(genre, number)| {
                // All of them sound like the first genre.
                let mut track = track(index, 0, genre * 60 + number);
                track.genre = EIGHT[genre].to_owned();
                if titled {
                    track.track = format!("{} {}", words[genre], number % 7);
                } else {
                    track.track = String::new();
                }
                track
            });
            (name.to_owned(), tracks.collect())
        });
        Pool::of(collections.collect())
    };
    let shipped = ship(&sounds_alike(true), &recipe(), &[], |_| {}).unwrap();
    let (without, with) = shipped.titles.abroad;
    assert!(without.balanced_accuracy < 0.3, "{without:?}");
    assert!(with.balanced_accuracy > 0.8, "{with:?}");
    assert!(with.log_loss < without.log_loss);
    // The row of home, and each collection left out.
    assert_eq!(shipped.titles.rows.len(), 4);
    let titles = Titles::read(&shipped.titles.bytes).unwrap();
    assert_eq!(titles.genres(), EIGHT);
    assert_eq!(titles.figures(), shipped.titles.abroad);
    let scores = titles.scores(&title_buckets("Tractor"));
    let country = EIGHT.iter().position(|&genre| genre == "country").unwrap();
    assert!(
        scores.iter().all(|&score| score <= scores[country]),
        "{scores:?}"
    );

    // Without titles nothing is learned from them.
    let shipped = ship(&sounds_alike(false), &recipe(), &[], |_| {}).unwrap();
    assert!(
        Titles::read(&shipped.titles.bytes)
            .unwrap()
            .scores(&title_buckets("tractor"))
            .iter()
            .all(|&score| score == 0.0)
    );
}

#[test]
fn tracks_of_several_genres_count_once() {
    let mut tracks: Vec<LabelledTrack> = (0..8)
        .flat_map(|genre| (0..60).map(move |number| track(0, genre, number)))
        .collect();
    // The same sound under another genre.
    for number in 0..30 {
        let mut again = track(0, 0, number);
        again.genre = "country".into();
        tracks.push(again);
    }
    let close = close_genres(tracks, &recipe()).unwrap();
    assert_eq!(close.counts, (8 * 60 + 30, 8 * 60, 30));
    assert!(close.quality.home.balanced_accuracy > 0.7);
    assert!(close.one_of_its_genres >= f64::from(close.quality.home.accuracy) - 0.1);
    let model = Model::read(&close.bytes).unwrap();
    assert_eq!(model.genres().len(), 8);
}
