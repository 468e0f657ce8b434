//! Which lists' media are being looked at, for which there is leave to, and when to ask again.

use std::collections::HashMap;

use domain::{id::ListId, time::Timestamp};

use crate::api::media::Granted;
use crate::store::Backoff;

/// How long before leave ends it is asked for again, in milliseconds.
const MARGIN: i64 = 60_000;

#[derive(Default)]
struct Page {
    viewers: usize,
    granted: Option<Granted>,
    /// Before then it is of no use to ask.
    rests_until: Option<Timestamp>,
}

/// See the module's text.
#[derive(Default)]
pub(super) struct Book {
    pages: HashMap<ListId, Page>,
    backoff: Backoff,
}

impl Book {
    /// One more looks at the list's media.
    pub(super) fn open(&mut self, list: ListId) {
        self.pages.entry(list).or_default().viewers += 1;
    }

    /// One looks no more. The leave stays, for the next one.
    pub(super) fn close(&mut self, list: ListId) {
        if let Some(page) = self.pages.get_mut(&list) {
            page.viewers = page.viewers.saturating_sub(1);
        }
    }

    /// The lists to ask for now, in one request.
    pub(super) fn due(&self, now: Timestamp) -> Vec<ListId> {
        let is_due = |page: &Page| page.due_at().is_some_and(|at| at <= now);
        let mut due: Vec<_> =
            self.pages.iter().filter(|(_, page)| is_due(page)).map(|(list, _)| *list).collect();
        due.sort_unstable();
        due
    }

    /// When the next list is due.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.pages.values().filter_map(Page::due_at).min()
    }

    /// The server's answer for what was asked. Lists that it leaves out are not this user's any more; they are asked
    /// for again only when time has passed.
    pub(super) fn answered(&mut self, asked: &[ListId], granted: Vec<Granted>, now: Timestamp) {
        self.backoff.reset();
        self.rest(asked, Timestamp(now.0 + MARGIN));
        for one in granted {
            let page = self.pages.entry(one.list).or_default();
            page.rests_until = None;
            page.granted = Some(one);
        }
    }

    /// No answer came. `chance` is between 0 and 1.
    pub(super) fn failed(&mut self, asked: &[ListId], now: Timestamp, chance: f64, after: Option<u32>) {
        let wait = self.backoff.failed(chance, after);
        self.rest(asked, Timestamp(now.0 + i64::from(wait)));
    }

    /// The network may be back.
    pub(super) fn wake(&mut self) {
        for page in self.pages.values_mut() {
            page.rests_until = None;
        }
    }

    /// The address of a picture was refused: what is in hand is no good.
    pub(super) fn refuse(&mut self, list: ListId) {
        if let Some(page) = self.pages.get_mut(&list) {
            page.granted = None;
        }
    }

    /// The leave that holds now.
    pub(super) fn query(&self, list: ListId, now: Timestamp) -> Option<&str> {
        let granted = self.pages.get(&list)?.granted.as_ref()?;
        (now < granted.expires_at).then_some(granted.query.as_str())
    }

    fn rest(&mut self, lists: &[ListId], until: Timestamp) {
        for list in lists {
            if let Some(page) = self.pages.get_mut(list) {
                page.rests_until = Some(until);
            }
        }
    }
}

impl Page {
    fn due_at(&self) -> Option<Timestamp> {
        if self.viewers == 0 {
            return None;
        }
        let ends =
            self.granted.as_ref().map_or(Timestamp(0), |granted| Timestamp(granted.expires_at.0 - MARGIN));
        Some(ends.max(self.rests_until.unwrap_or(Timestamp(0))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(10_000_000);

    fn list(number: u128) -> ListId {
        ListId::from_u128(number)
    }

    fn granted(number: u128, seconds: i64) -> Granted {
        let expires_at = Timestamp(NOW.0 + seconds * 1_000);
        Granted { list: list(number), query: format!("Policy={number}"), expires_at }
    }

    fn later(seconds: i64) -> Timestamp {
        Timestamp(NOW.0 + seconds * 1_000)
    }

    #[test]
    fn all_lists_in_sight_are_asked_for_at_once() {
        let mut book = Book::default();
        [3, 1, 2, 1].into_iter().for_each(|number| book.open(list(number)));
        book.close(list(2));
        assert_eq!(book.due(NOW), [list(1), list(3)]);
    }

    #[test]
    fn leave_is_renewed_a_minute_before_it_ends() {
        let mut book = Book::default();
        book.open(list(1));
        book.answered(&[list(1)], vec![granted(1, 600)], NOW);
        assert_eq!(book.query(list(1), NOW), Some("Policy=1"));
        assert!(book.due(later(539)).is_empty());
        assert_eq!(book.next(), Some(later(540)));
        assert_eq!(book.due(later(540)), [list(1)]);
        assert_eq!(book.query(list(1), later(599)), Some("Policy=1"));
        assert_eq!(book.query(list(1), later(600)), None);
    }

    #[test]
    fn what_nobody_looks_at_is_not_renewed_but_kept() {
        let mut book = Book::default();
        book.open(list(1));
        book.answered(&[list(1)], vec![granted(1, 600)], NOW);
        book.close(list(1));
        assert_eq!(book.next(), None);
        assert_eq!(book.query(list(1), later(500)), Some("Policy=1"));
        book.open(list(1));
        assert!(book.due(later(100)).is_empty());
    }

    #[test]
    fn a_failure_waits_longer_each_time_and_not_at_all_when_the_network_is_back() {
        let mut book = Book::default();
        book.open(list(1));
        book.failed(&[list(1)], NOW, 1.0, None);
        assert_eq!(book.next(), Some(later(1)));
        book.failed(&[list(1)], NOW, 1.0, None);
        assert_eq!(book.next(), Some(later(2)));
        book.wake();
        assert_eq!(book.due(NOW), [list(1)]);
    }

    #[test]
    fn a_list_that_is_refused_does_not_hold_up_the_others_nor_is_asked_for_at_once() {
        let mut book = Book::default();
        book.open(list(1));
        book.open(list(2));
        book.answered(&[list(1), list(2)], vec![granted(2, 600)], NOW);
        assert!(book.due(NOW).is_empty());
        assert_eq!(book.due(later(60)), [list(1)]);
    }

    #[test]
    fn leave_that_turned_out_bad_is_asked_for_again() {
        let mut book = Book::default();
        book.open(list(1));
        book.answered(&[list(1)], vec![granted(1, 600)], NOW);
        book.refuse(list(1));
        assert_eq!(book.query(list(1), NOW), None);
        assert_eq!(book.due(NOW), [list(1)]);
    }
}
