//! What a real app has built in: the address that it speaks to, and whose answers it believes. Here
//! it lies in a file beside the phones, which the demo writes.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use app::Service;

use super::folder::{Folder, FolderError};
use crate::place::write_whole;

/// The file in a folder of phones.
pub(crate) fn file(home: &Path) -> PathBuf {
    home.join("service.json")
}

/// Writes it into the folder `home`: what the phone in `folder` was enrolled with.
///
/// # Errors
/// [`FolderError`].
pub(crate) fn build_in(home: &Path, folder: &Path) -> Result<(), FolderError> {
    let phone = Folder::made(folder)?.phone()?.ok_or(FolderError::Empty)?;
    let service = Service { server: phone.server().to_owned(), sam: phone.root() };
    let text = serde_json::to_vec_pretty(&service).map_err(|_| FolderError::Broken)?;
    let file = file(home);
    write_whole(&file, &text, false).map_err(|source| FolderError::File { file, source })
}

/// What it says in the folder `home`; nothing where there is none.
///
/// # Errors
/// [`FolderError`].
pub(crate) fn built_in(home: &Path) -> Result<Option<Service>, FolderError> {
    read(&file(home))
}

/// What the file says; nothing where there is none.
///
/// # Errors
/// [`FolderError`].
pub(crate) fn read(file: &Path) -> Result<Option<Service>, FolderError> {
    match std::fs::read(file) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text).map_err(|_| FolderError::Service)?)),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(FolderError::File { file: file.to_owned(), source }),
    }
}
