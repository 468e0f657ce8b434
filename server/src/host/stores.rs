//! The table and the storage of files: embedded, at other addresses, or those of a deployment.

use platform::{
    Aws, Table,
    blob::{Blobs, BucketNames},
};

use super::{HostError, Options};

/// What a host keeps everything in.
pub(super) struct Stores {
    pub(super) table: Table,
    pub(super) blobs: Blobs,
}

/// Opens both, and makes what is missing unless a deployment has made it.
pub(super) async fn open(options: &Options) -> Result<Stores, HostError> {
    let (dynamodb, s3) = (options.dynamodb_endpoint.as_deref(), options.s3_endpoint.as_deref());
    if let Some(deployed) = &options.deployed {
        let aws = Aws::find(deployed.region.as_deref()).await?;
        let table = Table::deployed(&aws, dynamodb, &deployed.table).await?;
        let blobs = Blobs::deployed(&aws, s3, deployed.buckets.clone()).await?;
        return Ok(Stores { table, blobs });
    }
    let table = match dynamodb {
        Some(endpoint) => Table::at(endpoint).await?,
        None => Table::embedded(&options.data).await?,
    };
    let blobs = match s3 {
        Some(endpoint) => Blobs::at(endpoint, BucketNames::default()).await?,
        None => Blobs::embedded(&options.data).await?,
    };
    Ok(Stores { table, blobs })
}
