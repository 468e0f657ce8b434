//! Another storage than the embedded one, reached over HTTP at its address.
#![expect(clippy::unwrap_used, reason = "a test")]

use bytes::Bytes;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use platform::blob::{BlobKey, Blobs, Bucket, BucketNames};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use tokio::net::TcpListener;

/// A storage that takes the credentials that are used where none are set up; gives its address.
async fn serve(folder: &std::path::Path) -> String {
    let mut storage = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
    storage.set_auth(SimpleAuth::from_single("local", "local"));
    let storage = storage.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let storage = storage.clone();
            tokio::spawn(async move {
                let served = Builder::new(TokioExecutor::new());
                // A client that goes away is no matter.
                let _ = served.serve_connection(TokioIo::new(stream), storage).await;
            });
        }
    });
    address
}

#[tokio::test]
async fn signatures_are_for_its_own_address() {
    let folder = tempfile::tempdir().unwrap();
    let address = serve(folder.path()).await;
    let names = BucketNames { originals: "ours-originals".to_owned(), variants: "ours-variants".to_owned() };
    let blobs = Blobs::at(&address, names.clone()).await.unwrap();
    // The buckets were made; the second time they are there.
    let blobs = {
        drop(blobs);
        Blobs::at(&address, names).await.unwrap()
    };
    assert!(!blobs.is_embedded());
    let key = BlobKey::parse("list/token").unwrap();
    blobs.put(Bucket::Variants, &key, "image/png", Bytes::from_static(b"picture")).await.unwrap();
    let found = blobs.get(Bucket::Variants, &key, Some("bytes=0-2")).await.unwrap();
    assert_eq!(found.into_bytes().await.unwrap(), "pic");

    let http = reqwest::Client::new();
    let form = blobs.sign_form(&key, 5, "image/png").await.unwrap();
    assert_eq!(form.url, format!("{address}/ours-originals"));
    for (file, status) in [("123456", 400), ("12345", 204)] {
        let fields = form.fields.iter();
        let body = fields
            .fold(reqwest::multipart::Form::new(), |body, (name, value)| body.text(*name, value.clone()));
        let posted = http.post(&form.url).multipart(body.text("file", file)).send().await.unwrap();
        assert_eq!(posted.status(), status);
    }
    assert_eq!(blobs.info(Bucket::Originals, &key).await.unwrap().bytes, 5);

    let upload = blobs.begin_upload(&key, "video/mp4").await.unwrap();
    let part = blobs.sign_part(&key, &upload, 1, 3).await.unwrap().url;
    assert!(part.starts_with(&format!("{address}/ours-originals/list/token?")), "{part}");
    assert_eq!(http.put(&part).body("1234").send().await.unwrap().status(), 403);
    assert_eq!(http.put(&part).body("123").send().await.unwrap().status(), 200);
    let parts = blobs.parts(&key, &upload).await.unwrap();
    assert_eq!(parts.iter().map(|part| (part.number, part.bytes)).collect::<Vec<_>>(), [(1, 3)]);
    blobs.complete_upload(&key, &upload, &parts).await.unwrap();
    assert_eq!(blobs.info(Bucket::Originals, &key).await.unwrap().bytes, 3);
}
