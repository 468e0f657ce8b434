//! Letting a browser upload: small files by one signed form, large ones in parts by signed addresses.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::{
    presigning::PresigningConfig,
    types::{CompletedMultipartUpload, CompletedPart},
};

use super::{BlobError, BlobKey, Blobs, Bucket, FORM_LIFE, SignedForm, form};

/// A part that has arrived whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Counted from 1.
    pub number: u16,
    /// Its bytes.
    pub bytes: u64,
    etag: Option<String>,
}

/// Where one part may be put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPart {
    /// Where to `PUT` it. A path, where the storage is part of this server.
    pub url: String,
    /// When that stops working.
    pub expires: SystemTime,
}

/// An upload in parts that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// What it will become. The text of another storage, which need not be a key that this product makes.
    pub key: String,
    /// The storage's name for it.
    pub id: String,
    /// When it began.
    pub begun: Option<SystemTime>,
}

impl Blobs {
    /// Signs a form that puts exactly this many bytes of this type under this key.
    ///
    /// # Errors
    /// Where there are no credentials to sign with.
    pub async fn sign_form(
        &self,
        key: &BlobKey,
        bytes: u64,
        content_type: &str,
    ) -> Result<SignedForm, BlobError> {
        self.sign_form_for(key, bytes, content_type, SystemTime::now(), FORM_LIFE).await
    }

    async fn sign_form_for(
        &self,
        key: &BlobKey,
        bytes: u64,
        content_type: &str,
        now: SystemTime,
        life: Duration,
    ) -> Result<SignedForm, BlobError> {
        let bucket = self.name(Bucket::Originals);
        let upload = form::Upload { bucket, key, bytes, content_type };
        let fields = form::fields(&upload, &self.signer().await?, &self.region, now, life)?;
        Ok(SignedForm { url: self.forms.to_string(), fields, expires: now.checked_add(life).unwrap_or(now) })
    }

    /// Whether a form with this policy and this signature was signed here and is still good. The storage asks for
    /// more; this is for a host that wants to know before it takes the file.
    ///
    /// # Errors
    /// Where there are no credentials to check with.
    pub async fn knows_form(&self, policy: &str, signature: &str) -> Result<bool, BlobError> {
        let signer = self.signer().await?;
        Ok(form::is_good((policy, signature), &signer, &self.region, SystemTime::now(), FORM_LIFE))
    }

    /// Begins an upload in parts; gives the storage's name for it.
    ///
    /// # Errors
    /// Where the storage does not answer.
    pub async fn begin_upload(&self, key: &BlobKey, content_type: &str) -> Result<String, BlobError> {
        let request = self.client.create_multipart_upload().bucket(self.name(Bucket::Originals));
        let begun = request.key(key.as_str()).content_type(content_type).send().await;
        let id = begun.map_err(BlobError::from_sdk)?.upload_id;
        id.ok_or_else(|| BlobError::Refused("the upload has no id".to_owned()))
    }

    /// Signs the address that exactly this many bytes may be put to as this part.
    ///
    /// # Errors
    /// Where there are no credentials to sign with.
    pub async fn sign_part(
        &self,
        key: &BlobKey,
        upload: &str,
        number: u16,
        bytes: u64,
    ) -> Result<SignedPart, BlobError> {
        self.sign_part_for(key, upload, number, bytes, SystemTime::now()).await
    }

    async fn sign_part_for(
        &self,
        key: &BlobKey,
        upload: &str,
        number: u16,
        bytes: u64,
        now: SystemTime,
    ) -> Result<SignedPart, BlobError> {
        let refused = |error: &dyn std::fmt::Display| BlobError::Refused(error.to_string());
        let presigning = PresigningConfig::builder().start_time(now).expires_in(FORM_LIFE).build();
        let request = self.client.upload_part().bucket(self.name(Bucket::Originals)).key(key.as_str());
        let request = request.upload_id(upload).part_number(i32::from(number));
        let request = request.content_length(i64::try_from(bytes).unwrap_or(i64::MAX));
        let presigned = request.presigned(presigning.map_err(|error| refused(&error))?).await;
        let presigned = presigned.map_err(BlobError::from_sdk)?;
        let address = presigned.uri();
        let address = match (self.is_embedded(), address.parse::<http::Uri>()) {
            (false, _) => address.to_owned(),
            (true, Ok(uri)) => uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            (true, Err(error)) => return Err(refused(&error)),
        };
        Ok(SignedPart { url: address, expires: now.checked_add(FORM_LIFE).unwrap_or(now) })
    }

    /// The parts that have arrived, in order.
    ///
    /// # Errors
    /// [`BlobError::NoSuchUpload`] where it was completed or given up.
    pub async fn parts(&self, key: &BlobKey, upload: &str) -> Result<Vec<Part>, BlobError> {
        let request = self.client.list_parts().bucket(self.name(Bucket::Originals)).key(key.as_str());
        let mut pages = request.upload_id(upload).into_paginator().send();
        let mut parts = Vec::new();
        while let Some(page) = pages.next().await {
            for part in page.map_err(BlobError::from_sdk)?.parts() {
                let number = part.part_number.and_then(|number| u16::try_from(number).ok());
                let bytes = part.size.and_then(|size| u64::try_from(size).ok());
                if let (Some(number), Some(bytes)) = (number, bytes) {
                    parts.push(Part { number, bytes, etag: part.e_tag.clone() });
                }
            }
        }
        Ok(parts)
    }

    /// Makes one blob of the parts.
    ///
    /// # Errors
    /// [`BlobError::NoSuchUpload`] where it was completed before or given up; [`BlobError::Refused`] where a
    /// part is missing or too small.
    pub async fn complete_upload(
        &self,
        key: &BlobKey,
        upload: &str,
        parts: &[Part],
    ) -> Result<(), BlobError> {
        let parts = parts.iter().map(|part| {
            let number = i32::from(part.number);
            CompletedPart::builder().part_number(number).set_e_tag(part.etag.clone()).build()
        });
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts.collect())).build();
        let request = self.client.complete_multipart_upload().bucket(self.name(Bucket::Originals));
        let completed = request.key(key.as_str()).upload_id(upload).multipart_upload(parts).send().await;
        completed.map(drop).map_err(BlobError::from_sdk)
    }

    /// Gives an upload in parts up; where there is none, nothing happens.
    ///
    /// # Errors
    /// Where the storage does not answer.
    pub async fn abort_upload(&self, key: &BlobKey, upload: &str) -> Result<(), BlobError> {
        let request = self.client.abort_multipart_upload().bucket(self.name(Bucket::Originals));
        let aborted = request.key(key.as_str()).upload_id(upload).send().await;
        match aborted.map_err(BlobError::from_sdk) {
            Err(BlobError::NoSuchUpload) => Ok(()),
            other => other.map(drop),
        }
    }

    /// Every upload in parts that is under way: for finding those that nobody will finish.
    ///
    /// # Errors
    /// Where the storage does not answer.
    pub async fn uploads(&self) -> Result<Vec<Upload>, BlobError> {
        let (mut uploads, mut after) = (Vec::new(), (None, None));
        loop {
            let request = self.client.list_multipart_uploads().bucket(self.name(Bucket::Originals));
            let request = request.set_key_marker(after.0).set_upload_id_marker(after.1);
            let page = request.send().await.map_err(BlobError::from_sdk)?;
            for upload in page.uploads() {
                if let (Some(key), Some(id)) = (&upload.key, &upload.upload_id) {
                    let begun = upload.initiated.and_then(|time| SystemTime::try_from(time).ok());
                    uploads.push(Upload { key: key.clone(), id: id.clone(), begun });
                }
            }
            if page.is_truncated != Some(true) || page.next_key_marker.is_none() {
                return Ok(uploads);
            }
            after = (page.next_key_marker, page.next_upload_id_marker);
        }
    }
}
