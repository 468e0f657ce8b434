//! What a batch does to the media of a list.

use std::collections::{HashMap, HashSet};

use crate::{
    action::{Action, Batch, NewMedia, Outcome},
    error::Code,
    id::{ListId, MediaId, TodoId},
    limits::{MEDIA_PER_TODO, QUOTA_BYTES},
    media::{Media, MediaState},
    model::Role,
    sync::{
        apply::{Subject, check, subject, to_media},
        head::{Head, admit},
    },
    time::Timestamp,
};

/// What the rule looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// These media, tombstones included.
    pub media: HashSet<MediaId>,
    /// Of these todos, whether they exist and how many live media they have: something is added to them.
    pub todos: HashSet<TodoId>,
}

/// What a batch needs.
#[must_use]
pub fn needs(batch: &Batch) -> Needs {
    let mut needs = Needs::default();
    for action in &batch.actions {
        if let Subject::Media(id) = subject(action) {
            needs.media.insert(id);
        }
        if let Action::AddMedia(new) = action {
            needs.todos.insert(new.todo);
        }
    }
    needs
}

/// What the rule has to know.
#[derive(Debug, Clone)]
pub struct Before {
    /// What the caller may do with the list; `None` without a membership.
    pub role: Option<Role>,
    /// The list, if it exists or did.
    pub head: Option<Head>,
    /// Those of the media in [`needs`] that exist, tombstones included.
    pub media: HashMap<MediaId, Media>,
    /// Those of the todos in [`needs`] that exist, tombstones included, each with how many live media it has.
    pub todos: HashMap<TodoId, usize>,
    /// Bytes of all live media in the lists of this list's owner.
    pub bytes_used: u64,
    /// The server's clock.
    pub now: Timestamp,
}

/// What a batch does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The list afterwards.
    pub head: Head,
    /// The media that are different now; they changed at `head.version`.
    pub media: Vec<Media>,
    /// One for each action.
    pub outcomes: Vec<Outcome>,
    /// Bytes of live media that the list's owner has more now or, negative, less.
    pub bytes: i64,
    /// Those of the media whose file is to be processed, or processed once more.
    pub process: Vec<MediaId>,
    /// Those of the media that are gone, so that their files can be removed.
    pub removed: Vec<MediaId>,
}

/// Applies a batch of media actions.
///
/// An edit or retry of a deleted media item is refused, since it can't be restored and what was typed would be lost
/// silently; deleting it once more is not.
///
/// # Errors
/// Nothing of the batch takes effect: [`Code::BadInput`] (it has actions about other things), [`Code::BatchSize`],
/// [`Code::TooLarge`], [`Code::NotFound`] (no such list, or no membership), [`Code::Forbidden`] (may look, not write).
pub fn commit(before: Before, batch: &Batch) -> Result<Commit, Code> {
    if !batch.actions.iter().all(Action::is_media) {
        return Err(Code::BadInput);
    }
    admit(batch)?;
    let head = before.head.clone().ok_or(Code::NotFound)?;
    head.lets_write(before.role)?;
    let mut scene = Scene {
        list: batch.list,
        now: before.media.clone(),
        live: before.todos.clone(),
        bytes: before.bytes_used,
        order: Vec::new(),
    };
    let outcomes: Vec<_> = batch.actions.iter().map(|action| scene.act(action)).collect();
    Ok(scene.finish(&before, head, outcomes))
}

/// The media while the actions of a batch are applied, one after the other.
struct Scene {
    list: ListId,
    now: HashMap<MediaId, Media>,
    live: HashMap<TodoId, usize>,
    bytes: u64,
    order: Vec<MediaId>,
}

impl Scene {
    fn act(&mut self, action: &Action) -> Outcome {
        match check(action).and_then(|()| self.apply(action)) {
            Ok(()) => Outcome::Applied,
            Err(code) => Outcome::Refused(code),
        }
    }

    fn apply(&mut self, action: &Action) -> Result<(), Code> {
        let Subject::Media(id) = subject(action) else { return Err(Code::BadInput) };
        match (action, self.now.get(&id)) {
            (Action::AddMedia(new), Some(there)) => {
                let same =
                    there.created_at == new.created_at && there.todo == new.todo && there.bytes == new.bytes;
                return if same { Ok(()) } else { Err(Code::AlreadyExists) };
            }
            (Action::AddMedia(new), None) => self.may_add(new)?,
            (Action::DeleteMedia { .. }, Some(_)) => {}
            (_, there) => {
                there.filter(|media| media.is_live()).ok_or(Code::NotFound)?;
            }
        }
        self.change(id, action);
        Ok(())
    }

    fn may_add(&self, new: &NewMedia) -> Result<(), Code> {
        match self.live.get(&new.todo) {
            None => Err(Code::NotFound),
            Some(live) if *live >= MEDIA_PER_TODO => Err(Code::TooManyMedia),
            Some(_) if self.bytes.saturating_add(new.bytes) > QUOTA_BYTES => Err(Code::Quota),
            Some(_) => Ok(()),
        }
    }

    fn change(&mut self, id: MediaId, action: &Action) {
        let old = self.now.get(&id);
        let mut new = old.cloned();
        to_media(self.list, &mut new, action);
        let Some(new) = new.filter(|new| old != Some(new)) else { return };
        let (was, is) = (old.is_some_and(Media::is_live), new.is_live());
        let live = self.live.entry(new.todo).or_default();
        match (was, is) {
            (false, true) => {
                *live += 1;
                self.bytes = self.bytes.saturating_add(new.bytes);
            }
            (true, false) => {
                *live = live.saturating_sub(1);
                self.bytes = self.bytes.saturating_sub(new.bytes);
            }
            _ => {}
        }
        if !self.order.contains(&id) {
            self.order.push(id);
        }
        self.now.insert(id, new);
    }

    fn finish(mut self, before: &Before, mut head: Head, outcomes: Vec<Outcome>) -> Commit {
        head.bump(before.now, &outcomes);
        // Put back as it was is not changed.
        self.order.retain(|id| self.now.get(id) != before.media.get(id));
        let media: Vec<_> = self.order.iter().filter_map(|id| self.now.remove(id)).collect();
        let was = |media: &Media| before.media.get(&media.id);
        let ids = |which: &dyn Fn(&Media) -> bool| media.iter().filter(|m| which(m)).map(|m| m.id).collect();
        let process = ids(&|now| {
            let same = |was: &Media| was.state == MediaState::Processing && was.rotation == now.rotation;
            now.is_live() && now.state == MediaState::Processing && !was(now).is_some_and(same)
        });
        let removed = ids(&|now| !now.is_live());
        let bytes = difference(self.bytes, before.bytes_used);
        head.media_bytes = head.media_bytes.saturating_add_signed(bytes);
        Commit { head, outcomes, bytes, process, removed, media }
    }
}

/// By how much `now` is more than `before`.
fn difference(now: u64, before: u64) -> i64 {
    let signed = |bytes| i64::try_from(bytes).unwrap_or(i64::MAX);
    signed(now).saturating_sub(signed(before))
}
