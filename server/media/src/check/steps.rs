//! The sweep in steps, for a function that may run for some minutes only: one list after the other, in the order in which
//! the storage has their files. It never reads the whole table: a list without any file is not looked at.

use std::collections::BTreeSet;

use domain::{
    id::{ListId, UserId},
    time::Timestamp,
};
use platform::{
    Item, Key, Partition, Range, StorageError,
    blob::{BlobError, BlobKey, Bucket},
};

use super::{Inventory, Mismatch, compare, counters::is_wrong};
use crate::{
    MediaError, Medias,
    row::{Row, blob_key},
};

/// Milliseconds from the beginning of one round over all lists to that of the next: each list costs requests.
const ROUND: i64 = 24 * 60 * 60 * 1_000;

/// How far a round has come.
struct Round {
    begun: Timestamp,
    /// The last folder that was looked at; none where the round has not begun or is over.
    after: Option<String>,
}

impl Medias {
    /// Sets right what should not be, list by list, until `enough` says so. It goes on where the last call stopped; once
    /// every list had its turn, nothing is done until a day after the first one's. Gives what there was.
    ///
    /// # Errors
    /// Where a part of the storage does not answer. The next call goes on with the next list.
    pub async fn sweep_some(&self, enough: impl Fn() -> bool) -> Result<Vec<Mismatch>, MediaError> {
        let now = self.now();
        let mut round = match self.round().await? {
            Some(Round { begun, after: None }) if now.0 < begun.0 + ROUND => return Ok(Vec::new()),
            Some(round) if round.after.is_some() => round,
            _ => Round { begun: now, after: None },
        };
        let uploads = self.old_uploads().await?;
        let (mut mismatches, mut owners) = (Vec::new(), BTreeSet::new());
        while !enough() {
            round.after = self.next_folder(round.after.as_deref(), &uploads).await?;
            // Noted before it is looked at: a list that takes longer than a call may is not tried forever.
            self.note_round(&round).await?;
            let Some(folder) = &round.after else { break };
            mismatches.extend(self.sweep_folder(folder, &uploads, &mut owners).await?);
        }
        Ok(mismatches)
    }

    async fn sweep_folder(
        &self,
        folder: &str,
        uploads: &[(String, String)],
        owners: &mut BTreeSet<UserId>,
    ) -> Result<Vec<Mismatch>, MediaError> {
        let key = blob_key(folder)?;
        let mut there = Inventory {
            originals: self.blobs.below(Bucket::Originals, &key).await?,
            variants: self.blobs.below(Bucket::Variants, &key).await?,
            uploads: uploads.iter().filter(|(key, _)| first(key) == folder).cloned().collect(),
            ..Inventory::default()
        };
        let list: Option<ListId> = folder.parse().ok();
        if let Some(list) = list {
            for item in self.table().all(Partition::List(list), Range::Media).await? {
                there.rows.push(Row::from_item(list, &item)?);
            }
            there.rows.retain(|row| row.media.is_live());
            there.todos = self.existing_todos(&there.rows).await?;
        }
        let mut mismatches = self.lasting(compare(&there)).await?;
        if let Some(list) = list {
            mismatches.extend(self.miscounted_list(list, owners).await?);
        }
        for mismatch in &mismatches {
            self.repair(mismatch).await?;
        }
        Ok(mismatches)
    }

    /// The counters of a list and, once a call, of its owner that are wrong.
    async fn miscounted_list(
        &self,
        list: ListId,
        owners: &mut BTreeSet<UserId>,
    ) -> Result<Vec<Mismatch>, StorageError> {
        let Some(head) = self.store.head(list).await?.filter(|head| !head.deleted) else {
            return Ok(Vec::new());
        };
        let mut mismatches = Vec::new();
        if let Some((counted, found)) = self.count_list(list).await?.filter(is_wrong) {
            mismatches.push(Mismatch::ListBytes { list, counted, found });
        }
        let user = head.owner;
        if owners.insert(user)
            && let Some((counted, found)) = self.count_user(user).await?.filter(is_wrong)
        {
            mismatches.push(Mismatch::UserBytes { user, counted, found });
        }
        Ok(mismatches)
    }

    /// The first folder behind this one that has a file or an upload: its name is a list's id.
    async fn next_folder(
        &self,
        after: Option<&str>,
        uploads: &[(String, String)],
    ) -> Result<Option<String>, BlobError> {
        let of_uploads = uploads.iter().map(|(key, _)| first(key)).filter(|folder| is_behind(folder, after));
        let mut folders: BTreeSet<String> = of_uploads.map(str::to_owned).collect();
        for bucket in [Bucket::Originals, Bucket::Variants] {
            // Tokens are hexadecimal: this is behind everything in that folder.
            let mut from = after.and_then(|folder| BlobKey::parse(&format!("{folder}/zz")).ok());
            loop {
                let page = self.blobs.list(bucket, from.as_ref()).await?;
                let next = page.iter().map(|key| first(key.as_str())).find(|next| is_behind(next, after));
                if let Some(next) = next {
                    folders.insert(next.to_owned());
                    break;
                }
                let Some(last) = page.last() else { break };
                from = Some(last.clone());
            }
        }
        Ok(folders.into_iter().min_by_key(|folder| format!("{folder}/")))
    }

    async fn round(&self) -> Result<Option<Round>, StorageError> {
        let Some(item) = self.table().get(&Key::sweep()).await? else { return Ok(None) };
        Ok(Some(Round { begun: item.time("begun")?, after: item.text_if_any("after")?.map(str::to_owned) }))
    }

    async fn note_round(&self, round: &Round) -> Result<(), StorageError> {
        let item = Item::new(Key::sweep()).with("begun", round.begun).with("after", round.after.as_deref());
        self.table().put(item, None).await
    }
}

/// The folder at the top that a key is in.
fn first(key: &str) -> &str {
    key.split_once('/').map_or(key, |(folder, _)| folder)
}

/// Whether the storage has a folder's files behind those of another.
fn is_behind(folder: &str, after: Option<&str>) -> bool {
    after.is_none_or(|after| format!("{folder}/") > format!("{after}/"))
}
