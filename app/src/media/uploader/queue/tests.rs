//! What the queue does, whatever happens.

use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp(1_000_000);

fn id(number: u128) -> MediaId {
    MediaId::from_u128(number)
}

fn queue(count: u128) -> Queue {
    let mut queue = Queue::default();
    let wanted: Vec<_> =
        (0..count).map(|number| Wanted { media: id(number), bytes: 100, paused: false }).collect();
    assert!(queue.want(&wanted).is_empty());
    queue
}

fn phase(queue: &Queue, number: u128) -> Option<Phase> {
    queue.uploads().into_iter().find(|(other, _)| *other == id(number)).map(|(_, upload)| upload.phase)
}

#[test]
fn three_run_at_a_time_in_the_order_they_were_added() {
    let mut queue = queue(5);
    assert_eq!(queue.begin(NOW), [id(0), id(1), id(2)]);
    assert!(queue.begin(NOW).is_empty());
    queue.finished(id(1));
    assert_eq!(queue.begin(NOW), [id(3)]);
    queue.failed(id(0), Failure::Final(Why::Gone), NOW, 0.5);
    assert_eq!(queue.begin(NOW), [id(4)]);
    assert_eq!(phase(&queue, 0), Some(Phase::Failed(Why::Gone)));
}

#[test]
fn one_that_failed_for_a_while_comes_again_and_lets_others_go_first() {
    let mut queue = queue(4);
    queue.begin(NOW);
    queue.failed(id(0), Failure::Temporary(None), NOW, 1.0);
    assert_eq!(queue.begin(NOW), [id(3)]);
    let next = queue.next().unwrap();
    assert_eq!(next, Timestamp(NOW.0 + 1_000));
    queue.finished(id(1));
    assert!(queue.begin(Timestamp(next.0 - 1)).is_empty());
    assert_eq!(queue.begin(next), [id(0)]);
    assert_eq!(queue.next(), None);
}

#[test]
fn the_wait_grows_until_bytes_arrive() {
    let mut queue = queue(1);
    let rest = |queue: &mut Queue| {
        queue.wake();
        queue.begin(NOW);
        queue.failed(id(0), Failure::Temporary(None), NOW, 1.0);
        queue.next().unwrap().0 - NOW.0
    };
    assert_eq!([rest(&mut queue), rest(&mut queue), rest(&mut queue)], [1_000, 2_000, 4_000]);
    queue.wake();
    queue.begin(NOW);
    queue.progress(id(0), 10);
    queue.failed(id(0), Failure::Temporary(Some(30)), NOW, 1.0);
    assert_eq!(queue.next(), Some(Timestamp(NOW.0 + 30_000)));
}

#[test]
fn what_is_paused_stays_so_whatever_comes_late() {
    let mut queue = queue(2);
    queue.begin(NOW);
    assert!(queue.pause(id(0)));
    queue.finished(id(0));
    queue.failed(id(0), Failure::Final(Why::Storage), NOW, 0.0);
    queue.progress(id(0), 50);
    queue.wake();
    assert_eq!(phase(&queue, 0), Some(Phase::Paused));
    assert!(queue.begin(NOW).is_empty());
    queue.resume(id(0));
    assert_eq!(queue.begin(NOW), [id(0)]);
    assert!(!queue.pause(id(7)));
}

#[test]
fn a_pause_outlives_the_tab() {
    let mut queue = Queue::default();
    queue.want(&[Wanted { media: id(0), bytes: 1, paused: true }]);
    assert_eq!(phase(&queue, 0), Some(Phase::Paused));
}

#[test]
fn what_is_no_longer_wanted_is_broken_off() {
    let mut queue = queue(4);
    queue.begin(NOW);
    let broken_off = queue.want(&[Wanted { media: id(1), bytes: 100, paused: false }]);
    assert_eq!(broken_off, [id(0), id(2)]);
    assert_eq!(queue.uploads().len(), 1);
}

#[test]
fn the_total_counts_each_once() {
    let mut queue = queue(4);
    queue.begin(NOW);
    queue.progress(id(0), 40);
    queue.finished(id(1));
    queue.pause(id(2));
    queue.failed(id(0), Failure::Final(Why::Refused(Code::Quota)), NOW, 0.0);
    let uploads = queue.uploads();
    let total = Total::of(uploads.iter().map(|(_, upload)| upload));
    assert_eq!(total, Total { going: 1, paused: 1, failed: 1, done: 1, sent: 140, bytes: 400 });
    assert_eq!(total.percent(), 35);
    assert_eq!((percent(0, 0), percent(5, 5), percent(u64::MAX, u64::MAX)), (0, 100, 1));
}

#[derive(Debug, Clone)]
enum Event {
    Begin,
    Progress(u8),
    Finish,
    Fail(bool),
    Pause,
    Resume,
    Wake,
    Drop,
}

fn events() -> impl Strategy<Value = Vec<(u128, Event)>> {
    let event = prop_oneof![
        Just(Event::Begin),
        Just(Event::Begin),
        any::<u8>().prop_map(Event::Progress),
        Just(Event::Finish),
        any::<bool>().prop_map(Event::Fail),
        Just(Event::Pause),
        Just(Event::Resume),
        Just(Event::Wake),
        Just(Event::Drop),
    ];
    prop::collection::vec((0..6_u128, event), 0..60)
}

proptest! {
    /// Never more than three run, nothing runs that was not begun, and whatever happened: once nothing is paused
    /// or failed, all that is wanted gets sent.
    #[test]
    fn whatever_happens_everything_is_sent_in_the_end(events in events()) {
        let mut queue = queue(6);
        let mut wanted: Vec<u128> = (0..6).collect();
        let mut now = NOW;
        for (number, event) in events {
            now.0 += 700;
            match event {
                Event::Begin => { queue.begin(now); }
                Event::Progress(sent) => queue.progress(id(number), sent.into()),
                Event::Finish => queue.finished(id(number)),
                Event::Fail(true) => queue.failed(id(number), Failure::Final(Why::Storage), now, 0.3),
                Event::Fail(false) => queue.failed(id(number), Failure::Temporary(None), now, 0.3),
                Event::Pause => { queue.pause(id(number)); }
                Event::Resume => queue.resume(id(number)),
                Event::Wake => queue.wake(),
                Event::Drop => {
                    wanted.retain(|other| *other != number);
                    let all: Vec<_> = wanted.iter()
                        .map(|number| Wanted { media: id(*number), bytes: 100, paused: false }).collect();
                    queue.want(&all);
                }
            }
            let running = queue.uploads().iter().filter(|(_, upload)| upload.phase == Phase::Sending).count();
            prop_assert!(running <= AT_ONCE);
            prop_assert!(queue.uploads().iter().all(|(_, upload)| upload.sent <= upload.bytes));
        }
        for number in &wanted {
            queue.resume(id(*number));
        }
        for _ in 0..10 {
            queue.begin(now);
            for number in &wanted {
                queue.finished(id(*number));
            }
        }
        prop_assert!(wanted.iter().all(|number| phase(&queue, *number) == Some(Phase::Sent)));
        prop_assert_eq!(queue.uploads().len(), wanted.len());
    }
}
