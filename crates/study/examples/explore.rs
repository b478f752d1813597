use overtone_study::abroad::*;
use overtone_study::figures::*;
use overtone_study::pool::Pool;
use overtone_study::recipe::Recipe;
use std::path::Path;
use std::time::Instant;
fn main() {
    let pool = Pool::read(Path::new("/work/wt/shared/data/pool"), &[]).unwrap();
    if std::env::args().any(|a| a == "counts") {
        for c in pool.counts() {
            println!("{c:?}");
        }
        println!("{} recordings", pool.recordings);
    }
    if std::env::args().any(|a| a == "means") {
        for (c, n) in pool.collections.iter().enumerate() {
            let m: Vec<String> = overtone_genre::Feature::ALL
                .iter()
                .map(|&f| {
                    let v: Vec<f64> = pool
                        .tracks
                        .iter()
                        .filter(|t| t.collection == c)
                        .filter_map(|t| t.features.get(f))
                        .map(f64::from)
                        .collect();
                    format!("{:.3}({})", mean(v.iter().copied()), v.len())
                })
                .collect();
            println!("{n} {}", m.join(" "));
        }
        let t = TestRows::draw(
            &pool,
            &[pool
                .collections
                .iter()
                .position(|n| n == "ten-genres")
                .unwrap()],
            1,
        );
        println!("{}", t.genres.len());
        return;
    }
    let mut r = Recipe::default();
    let mut rounds = vec![];
    let mut only: Vec<String> = vec![];
    for a in std::env::args().skip(1) {
        if let Some((k, v)) = a.split_once('=') {
            let f = || v.parse::<f64>().unwrap();
            match k {
                "cap" => r.cap = f() as usize,
                "doubt" => r.doubt = f() as f32,
                "mix" => r.mix = f() as f32,
                "kind" => r.kind_weight = f() as f32,
                "miss" => r.missing_weight = f() as f32,
                "pop" => r.popularity_weight = f() as f32,
                "rounds" => r.boosting.rounds = f() as usize,
                "lr" => r.boosting.learning_rate = f() as f32,
                "leaves" => r.boosting.leaves = f() as usize,
                "min" => r.boosting.minimum_rows = f() as u32,
                "ff" => r.boosting.feature_share = f(),
                "rs" => r.boosting.row_share = f(),
                "l2" => r.boosting.l2 = f(),
                "out" => r.outside.rounds = f() as usize,
                "trounds" => r.teacher.rounds = f() as usize,
                "depth" => r.boosting.depth = f() as usize,
                "ocap" => r.other_cap = f() as usize,
                "fold" => only = v.split(',').map(str::to_owned).collect(),
                "popfrom" => r.popularity_from = v.split(',').map(str::to_owned).collect(),
                "at" => rounds = v.split(',').map(|x| x.parse().unwrap()).collect(),
                _ => panic!("{k}"),
            }
        }
    }
    if rounds.is_empty() {
        rounds = vec![r.boosting.rounds];
    }
    let t = Instant::now();
    let folds = leave_one_out(
        &pool,
        &r,
        |n| only.is_empty() || only.iter().any(|o| n.starts_with(o.as_str())),
        |n| eprintln!("{n} {:?}", t.elapsed()),
    )
    .unwrap();
    if let Ok(path) = std::env::var("DUMPT") {
        use std::io::Write;
        let mut w = std::fs::File::create(path).unwrap();
        for f in &folds {
            for &(i, g) in &f.test.genres {
                let t = &pool.tracks[i];
                let v: Vec<String> = overtone_genre::Feature::ALL
                    .iter()
                    .map(|&x| t.features.get(x).map(|v| v.to_string()).unwrap_or_default())
                    .collect();
                writeln!(w, "{},{g},{}", v.join(","), t.name).unwrap();
            }
        }
    }
    for f in &folds {
        let mut a = Answers::default();
        let mut b = Answers::default();
        let mut c = Answers::default();
        for &(i, g) in &f.test.genres {
            let t = Told::SoundAndLength.of(pool.tracks[i].features);
            let p = f.learned.probabilities(&t);
            let lacks = overtone_genre::Feature::ALL
                .iter()
                .take(10)
                .any(|&x| t.get(x).is_none());
            if lacks {
                a.push(p.clone(), g)
            } else {
                b.push(p.clone(), g)
            };
            c.push(p, g);
        }
        println!(
            "lacking {:.3} ({}) full {:.3} recalls {:?}",
            a.balanced_accuracy(),
            a.len(),
            b.balanced_accuracy(),
            c.recalls()
        );
        let mut tr = Answers::default();
        for t in &pool.tracks {
            if let overtone_study::genre_map::Meaning::Same(g) = t.meaning {
                if !f.collections.contains(&t.collection) && f.test.are_apart_from(t) {
                    tr.push(
                        f.learned
                            .probabilities(&Told::SoundAndLength.of(t.features)),
                        g,
                    );
                }
            }
        }
        println!(
            "train bal {:.3} ll {:.3}",
            tr.balanced_accuracy(),
            tr.log_loss()
        );
        for w in f.learned.trees.trees.iter().take(8) {
            println!("{:?}", &w.nodes[..3]);
        }
    }
    for told in [Told::SoundAndLength, Told::Sound, Told::All] {
        for &at in &rounds {
            let a: Vec<Answers> = folds
                .iter()
                .map(|f| f.test.ask(&pool, &f.learned, told, at))
                .collect();
            let temp = temperature(&a);
            println!(
                "{told:?} @{at} bal {:.4} ll {:.4} ece {:.4} temp {temp:.2} | {}",
                mean(a.iter().map(Answers::balanced_accuracy)),
                mean(a.iter().map(Answers::log_loss)),
                mean(a.iter().map(Answers::calibration_error)),
                a.iter()
                    .zip(&folds)
                    .map(|(a, f)| format!("{} {:.3}", &f.name[..6], a.balanced_accuracy()))
                    .collect::<Vec<_>>()
                    .join(" ")
            );
        }
    }
    for f in &folds {
        if let Some(o) = &f.outside {
            if f.test.others.is_empty() {
                continue;
            }
            let s =
                |i: usize| o.probabilities(&Told::SoundAndLength.of(pool.tracks[i].features))[1];
            let inn: Vec<f32> = f.test.genres.iter().map(|x| s(x.0)).collect();
            let mut by = std::collections::BTreeMap::<&str, Vec<f32>>::new();
            for &i in &f.test.others {
                by.entry(&pool.tracks[i].name).or_default().push(s(i));
            }
            let all: Vec<f32> = by.values().flatten().copied().collect();
            let mp = |i: usize| {
                let p = f
                    .learned
                    .probabilities(&Told::SoundAndLength.of(pool.tracks[i].features));
                1.0 - p[best(&p)]
            };
            let a2 = area_under_curve(
                &f.test.others.iter().map(|&i| mp(i)).collect::<Vec<_>>(),
                &f.test.genres.iter().map(|x| mp(x.0)).collect::<Vec<_>>(),
            );
            println!(
                "{} AUROC {:.3} maxp {a2:.3} {}",
                f.name,
                area_under_curve(&all, &inn),
                by.iter()
                    .map(|(n, v)| format!("{n} {:.2}", area_under_curve(v, &inn)))
                    .collect::<Vec<_>>()
                    .join(", ")
            );
        }
    }
    eprintln!("examples {:?} {:?}", folds[0].learned.examples, t.elapsed());
}
