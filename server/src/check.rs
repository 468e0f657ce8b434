//! `server check-media`: holds the table and the storage of files against each other.

use std::{path::PathBuf, sync::Arc};

use media::{MediaError, Medias, access::Access};
use platform::{
    LocalPokes, OpenError, SystemClock, Table,
    blob::{BlobOpenError, Blobs, BucketNames},
    secret::SecretError,
};

/// What `server check-media` is told.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder of the database and the files; the server that uses it must be stopped
    #[arg(long, value_name = "DIR", env = "STACK_DATA", default_value = ".data")]
    data: PathBuf,
    /// A DynamoDB to use instead of the embedded table
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL_DYNAMODB")]
    dynamodb_endpoint: Option<String>,
    /// An S3 to use for files instead of the embedded storage
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL_S3")]
    s3_endpoint: Option<String>,
    /// Set right what can be
    #[arg(long)]
    fix: bool,
}

/// Why the check fails.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The table can't be opened.
    #[error(transparent)]
    Table(#[from] OpenError),
    /// The storage of files can't be opened.
    #[error(transparent)]
    Blobs(#[from] BlobOpenError),
    /// The key that signs addresses can't be used.
    #[error(transparent)]
    Key(#[from] SecretError),
    /// A part of the storage does not answer.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// There is nothing there.
    #[error("there is no data in {0}")]
    NoData(PathBuf),
    /// They don't match.
    #[error("{0} mismatches")]
    Mismatches(usize),
}

/// Prints what does not match, a line each.
///
/// # Errors
/// [`CheckError::Mismatches`] where something does not match and was not set right; else where it can't look.
pub async fn run(args: Args) -> Result<(), CheckError> {
    let Args { data, dynamodb_endpoint, s3_endpoint, fix } = args;
    if dynamodb_endpoint.is_none() && !data.is_dir() {
        return Err(CheckError::NoData(data));
    }
    let table = match dynamodb_endpoint {
        Some(endpoint) => Table::at(&endpoint).await?,
        None => Table::embedded(&data).await?,
    };
    let blobs = match s3_endpoint {
        Some(endpoint) => Blobs::at(&endpoint, BucketNames::default()).await?,
        None => Blobs::embedded(&data).await?,
    };
    let access = Access::local(&data.join("media-key"))?;
    let (clock, pokes) = (Arc::new(SystemClock), Arc::new(LocalPokes::default()));
    let medias = Medias::new(table.clone(), clock, pokes, blobs, access);
    let found = if fix { medias.sweep().await } else { medias.check().await };
    table.close().await;
    let mismatches = found?;
    for mismatch in &mismatches {
        println!("{mismatch}");
    }
    match mismatches.len() {
        0 => println!("the table and the files match"),
        count if fix => println!("{count} mismatches, set right as far as can be"),
        count => return Err(CheckError::Mismatches(count)),
    }
    Ok(())
}
