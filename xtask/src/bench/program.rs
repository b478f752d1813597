//! The programs that are measured.

use std::path::Path;

use anyhow::Result;

use super::engine::{Abilities, Engine, Instructions};
use super::figures::Figures;
use super::peers::{self, Peers};

/// What a leaf of Overtone's forest says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaves {
    /// How likely each class is, as scikit-learn's leaves do, in 255 steps.
    Distributions,
    /// The likeliest class.
    Votes,
}

impl Leaves {
    /// Both.
    pub(crate) const BOTH: [Self; 2] = [Self::Distributions, Self::Votes];

    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Distributions => "distributions",
            Self::Votes => "votes",
        }
    }

    /// In how many steps a leaf's distribution is kept.
    fn levels(self) -> &'static str {
        match self {
            Self::Distributions => "255",
            Self::Votes => "1",
        }
    }

    /// The packed forest's file.
    fn model(self) -> String {
        format!("overtone-{}.forest", self.name())
    }
}

/// A program, and how to measure it.
pub(crate) struct Program {
    /// What people call it.
    pub(crate) name: String,
    runs: Runs,
}

enum Runs {
    /// By a function of `peers.py`.
    Python(&'static str),
    /// By a function of `peers.mjs`.
    Node(&'static str),
    /// Overtone's engine, with a kernel.
    Native(&'static str, Leaves),
    /// Overtone's engine in a module.
    Wasm(Instructions, Leaves),
}

impl Program {
    /// All of them. Those that use what others have made come behind them.
    pub(crate) fn all() -> Vec<Self> {
        let python = [
            (SCIKIT_LEARN, "scikit_learn"),
            ("ONNX Runtime", "onnxruntime"),
            ("YDF", "ydf"),
            ("CatBoost", "catboost"),
            ("LightGBM", "lightgbm"),
        ];
        let node = [
            ("ONNX Runtime Web", "onnxruntime-web"),
            ("ydf-inference", "ydf-inference"),
            ("ml-random-forest", "ml-random-forest"),
        ];
        let mut programs: Vec<Self> = Vec::new();
        programs.extend(python.map(|(name, peer)| Self::new(name, Runs::Python(peer))));
        programs.extend(node.map(|(name, peer)| Self::new(name, Runs::Node(peer))));
        for leaves in Leaves::BOTH {
            let kinds = [
                ("native scalar", Runs::Native("scalar", leaves)),
                ("native AVX2", Runs::Native("avx2", leaves)),
                ("native AVX-512", Runs::Native("avx512", leaves)),
                ("wasm", Runs::Wasm(Instructions::Scalar, leaves)),
                ("wasm simd128", Runs::Wasm(Instructions::Simd, leaves)),
            ];
            programs.extend(kinds.map(|(kind, runs)| {
                Self::new(&format!("**Overtone**, {kind}, {}", leaves.name()), runs)
            }));
        }
        programs
    }

    fn new(name: &str, runs: Runs) -> Self {
        Self {
            name: name.to_owned(),
            runs,
        }
    }

    /// Whether it is one of those with this in their name, or what all are held against.
    pub(crate) fn is_asked_for(&self, name: &str) -> bool {
        self.name == SCIKIT_LEARN || self.name.to_lowercase().contains(&name.to_lowercase())
    }

    /// Measures it on one forest in `folder`.
    pub(crate) fn measure(
        &self,
        peers: &Peers,
        engine: &Engine,
        folder: &Path,
        forest: &str,
    ) -> Result<Figures> {
        let place = folder.join(forest);
        match self.runs {
            Runs::Python(peer) => {
                peers.check(peer)?;
                let mut python = peers.python("peers.py");
                Figures::of(python.arg(peer).arg(folder).arg(forest))
            }
            Runs::Node(peer) => {
                peers.check(peer)?;
                let mut node = peers::node("peers.mjs");
                Figures::of(
                    node.arg(peer)
                        .arg(folder)
                        .arg(forest)
                        .arg(peers.node_packages()),
                )
            }
            Runs::Native(kernel, leaves) => {
                let model = place.join(leaves.model());
                let answers = place.join(format!("native-{kernel}-{}.f64", leaves.name()));
                let mut native = engine.native();
                native
                    .args(["forest", kernel])
                    .arg(&model)
                    .arg(folder)
                    .arg(forest);
                let mut figures = Figures::of(native.arg(&answers))?;
                figures.push("model", model.display());
                figures.push("answers", answers.display());
                figures.push("answers", format!("{}.single", answers.display()));
                Ok(figures)
            }
            Runs::Wasm(instructions, leaves) => {
                let module = engine.module(instructions, Abilities::Answers);
                let model = place.join(leaves.model());
                let answers = place.join(format!("{}-{}.f64", instructions.name(), leaves.name()));
                let mut node = peers::node("overtone.mjs");
                node.arg("forest").arg(&module).arg(&model);
                let mut figures = Figures::of(node.arg(folder).arg(forest).arg(&answers))?;
                figures.push("model", model.display());
                figures.push("loader", module.display());
                figures.push("loader", peers::room().join("loader.mjs").display());
                figures.push("answers", answers.display());
                Ok(figures)
            }
        }
    }
}

/// What all others are held against.
pub(crate) const SCIKIT_LEARN: &str = "scikit-learn";

/// Packs scikit-learn's forest for Overtone, once for each kind of leaves. Gives what was packed, in the order of
/// [`Leaves::BOTH`].
pub(crate) fn pack(engine: &Engine, place: &Path) -> Result<Vec<Figures>> {
    Leaves::BOTH
        .iter()
        .map(|leaves| {
            let mut native = engine.native();
            native
                .arg("pack")
                .arg(place.join("forest.dump"))
                .arg(leaves.levels())
                .arg(place.join(leaves.model()));
            Figures::of(&mut native)
        })
        .collect()
}

/// What packing options make of the packed forest with one kind of leaves.
pub(crate) fn smaller(
    engine: &Engine,
    folder: &Path,
    forest: &str,
    leaves: Leaves,
) -> Result<Figures> {
    let mut native = engine.native();
    native
        .arg("smaller")
        .arg(folder.join(forest).join(leaves.model()))
        .arg(folder)
        .arg(forest);
    Figures::of(&mut native)
}
