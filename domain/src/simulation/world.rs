//! The script's stage: devices, a network that loses, repeats and reorders, and a server.

use super::{
    check::Observed,
    device::{Device, Fate},
    edits::Known,
    oracle::Oracle,
    server::Server,
};
use crate::{
    action::{Batch, Outcome},
    error::Code,
    id::{ListId, MutationId, UserId},
    media::{Rendition, Rotation},
    model::Version,
    sync::{HeadsTicket, ListHead, Page, Pull, Receipt, Rejected, Replica, Step, Write, media::Event},
};

/// Todos and media in one page; few, so that pages are met in the middle.
const PAGE: usize = 3;
const DEVICES: usize = 3;

#[derive(Debug, Clone)]
enum Request {
    Commit(Batch),
    Changes(Pull),
    Heads(HeadsTicket),
}

#[derive(Debug, Clone)]
enum Answer {
    Commit(ListId, MutationId, Result<Receipt, Code>),
    Changes(Pull, Result<Page, Code>),
    Heads(HeadsTicket, Vec<ListHead>),
}

/// A message and the life of the leader that sent it: answers go to who asked, as on a connection.
type Sent<T> = (usize, u32, T);

struct World<'a, S> {
    server: &'a mut S,
    oracle: Oracle,
    known: Known,
    devices: Vec<Device>,
    lives: Vec<u32>,
    requests: Vec<Sent<Request>>,
    answers: Vec<Sent<Answer>>,
}

/// Plays a script, lets everything come to rest, and checks that it adds up.
///
/// # Panics
/// Where it does not.
pub fn run(server: &mut impl Server, script: &[[u8; 4]]) {
    let user = UserId::fresh();
    let devices = (0..DEVICES).map(|_| Device::new(user)).collect();
    let (oracle, known, lives) = (Oracle::default(), Known::new(user), vec![0; DEVICES]);
    let mut world = World { server, oracle, known, devices, lives, requests: vec![], answers: vec![] };
    if script.first().is_some_and(|step| step[1].is_multiple_of(2)) {
        world.begin_with_media();
    }
    for step in script {
        world.play(*step);
    }
    world.settle();
    // What was still on its way arrives late, and must do no harm.
    while !world.requests.is_empty() {
        world.serve(0, false);
    }
    while !world.answers.is_empty() {
        world.hear(0, false);
    }
    world.settle();
    world.check(user);
}

impl<S: Server> World<'_, S> {
    /// Half of the scripts begin with photos that all devices show: they take many steps to get so far.
    fn begin_with_media(&mut self) {
        for (kind, value) in [(1, 0), (4, 1), (17, 2), (17, 3)] {
            let (list, actions) = self.known.edit(kind, 0, value);
            self.devices[0].step(0, &mut self.oracle, |replica| ((), replica.act(list, actions)));
        }
        self.settle();
        for media in 0..2 {
            self.happen(media, 7);
        }
        self.settle();
    }

    fn play(&mut self, [kind, who, a, b]: [u8; 4]) {
        let device = usize::from(who) % DEVICES;
        let tab = usize::from(who / 16) % 2;
        match kind % 36 {
            0..=10 => {
                let (list, actions) = self.known.edit(kind.wrapping_mul(7).wrapping_add(b), a, b);
                self.devices[device].step(tab, &mut self.oracle, |replica| ((), replica.act(list, actions)));
            }
            11..=13 => self.send(device),
            14..=15 => self.ask_changes(device),
            16 => self.ask_heads(device),
            17..=20 => self.serve(usize::from(a), b < 40),
            21..=24 => self.hear(usize::from(a), b < 40),
            25 => self.lose(usize::from(a), b),
            26..=27 => {
                self.devices[device].listen(tab);
            }
            28 => self.restart(device, tab),
            29 => self.devices[device].fate = if b < 128 { Fate::DiesBefore } else { Fate::DiesAfter },
            30 if b < 100 => self.pass(u32::from(b)),
            32..=34 => self.happen(a, b),
            _ => self.exchange(device),
        }
    }

    /// Whole round trips without trouble, some of the time.
    fn exchange(&mut self, device: usize) {
        let first = self.requests.len();
        self.send(device);
        self.ask_changes(device);
        while self.requests.len() > first {
            let answers = self.answers.len();
            self.serve(first, false);
            if self.answers.len() > answers {
                self.hear(answers, false);
            }
        }
    }

    fn send(&mut self, device: usize) {
        let leader = self.devices[device].leader;
        let sealed =
            self.devices[device].step(leader, &mut self.oracle, |replica| replica.seal(MutationId::fresh()));
        match sealed {
            None => self.lives[device] += 1,
            Some(Some(batch)) => self.requests.push((device, self.lives[device], Request::Commit(batch))),
            Some(None) => {}
        }
    }

    fn ask_changes(&mut self, device: usize) {
        let pulls = self.devices[device].leader().pulls();
        let life = self.lives[device];
        self.requests.extend(pulls.into_iter().map(|pull| (device, life, Request::Changes(pull))));
    }

    fn ask_heads(&mut self, device: usize) {
        let ticket = self.devices[device].leader().ask_heads();
        self.requests.push((device, self.lives[device], Request::Heads(ticket)));
    }

    /// The server takes a request, which may come once more.
    fn serve(&mut self, which: usize, again: bool) {
        let Some((device, life, request)) = take(&mut self.requests, which, again) else { return };
        let user = self.devices[device].user;
        let answer = match request {
            Request::Commit(batch) => {
                let answer = self.server.commit(user, &batch);
                match &answer {
                    Ok(receipt) => {
                        self.oracle.committed(&batch, receipt);
                        self.poke(receipt.list, receipt.version);
                    }
                    Err(_) => self.oracle.refused(batch.id),
                }
                Answer::Commit(batch.list, batch.id, answer)
            }
            Request::Changes(pull) => Answer::Changes(pull, self.server.changes(user, pull, PAGE)),
            Request::Heads(ticket) => Answer::Heads(ticket, self.server.heads(user)),
        };
        self.answers.push((device, life, answer));
    }

    /// Some devices hear of a change at once.
    fn poke(&mut self, list: ListId, version: Version) {
        for device in self.devices.iter_mut().skip(1) {
            device.leader().poke(list, version);
        }
    }

    /// The files of media arrive, are processed, or fail, in any order and more than once.
    fn happen(&mut self, which: u8, what: u8) {
        if self.known.media.is_empty() {
            return;
        }
        let (list, id) = self.known.some_media(which);
        let rotation = Rotation::ALL[if what < 128 { usize::from(what / 8 % 4) } else { 0 }];
        let made = || {
            let path = format!("{list}/{which}/{what}");
            let placeholder = String::new();
            let rendition = Rendition {
                path,
                rotation,
                width: 4,
                height: 3,
                duration_ms: None,
                placeholder,
                variants: Vec::new(),
                streams: false,
                plays: false,
                moves: false,
            };
            Event::Made(rendition)
        };
        let events = match what % 8 {
            0 => vec![Event::Begun],
            1 => vec![Event::Arrived],
            2 | 3 => vec![made()],
            4 => vec![Event::Failed(Code::MediaBroken)],
            5 => vec![Event::Failed(Code::UploadExpired)],
            _ => vec![Event::Begun, Event::Arrived, made()],
        };
        for event in events {
            let version = self.server.happen(list, id, &event);
            self.oracle.happened(list, id, &event, version);
            if let Some(version) = version {
                self.poke(list, version);
            }
        }
    }

    /// A device takes an answer, which may come once more. One to a tab that died since is for nobody.
    fn hear(&mut self, which: usize, again: bool) {
        let Some((device, life, answer)) = take(&mut self.answers, which, again) else { return };
        if life != self.lives[device] {
            return;
        }
        let leader = self.devices[device].leader;
        let before = Observed::of(self.devices[device].leader());
        // Where the replica has read on since, somebody later may have written over it.
        let accepted = matches!(&answer, Answer::Commit(list, _, Ok(receipt))
            if receipt.outcomes.iter().all(|outcome| *outcome == Outcome::Applied)
                && !self.oracle.is_deleted(*list)
                && before.since(*list) <= receipt.version);
        let heard =
            self.devices[device].step(leader, &mut self.oracle, |replica| ((), hear(replica, answer)));
        if heard.is_none() {
            self.lives[device] += 1;
        } else if accepted {
            before.assert_looks_like(&Observed::of(self.devices[device].leader()));
        }
    }

    fn lose(&mut self, which: usize, what: u8) {
        if what.is_multiple_of(2) {
            take(&mut self.requests, which, false);
        } else {
            take(&mut self.answers, which, false);
        }
    }

    fn restart(&mut self, device: usize, tab: usize) {
        if self.devices[device].leader == tab {
            self.lives[device] += 1;
        }
        self.devices[device].restart(tab);
    }

    /// Time passes. Batches under way get their answer first: receipts don't outlive the horizon.
    fn pass(&mut self, days: u32) {
        self.requests.retain(|(.., request)| !matches!(request, Request::Commit(_)));
        for device in 0..DEVICES {
            self.drain(device);
        }
        self.server.pass(days);
    }

    /// Sends one device's outbox without trouble.
    fn drain(&mut self, device: usize) {
        self.devices[device].fate = Fate::Lives;
        for _ in 0..200 {
            let before = self.requests.len();
            self.send(device);
            if self.requests.len() == before {
                return;
            }
            self.serve(before, false);
            self.hear(self.answers.len() - 1, false);
        }
        panic!("the outbox never empties");
    }

    /// Everybody comes online and stays so until nothing moves any more.
    fn settle(&mut self) {
        let late = (std::mem::take(&mut self.requests), std::mem::take(&mut self.answers));
        for device in 0..DEVICES {
            self.devices[device].fate = Fate::Lives;
            // A tab that died before it could tell the other one of an edit left it in storage only.
            let leader = self.devices[device].leader;
            self.restart(device, leader);
        }
        for _ in 0..2 {
            for device in 0..DEVICES {
                self.drain(device);
                self.ask_heads(device);
                for _ in 0..500 {
                    while !self.requests.is_empty() {
                        self.serve(0, false);
                    }
                    while !self.answers.is_empty() {
                        self.hear(0, false);
                    }
                    self.ask_changes(device);
                    if self.requests.is_empty() {
                        break;
                    }
                }
                assert!(self.requests.is_empty(), "pulling never ends");
                for tab in 0..2 {
                    while self.devices[device].listen(tab) {}
                }
            }
        }
        (self.requests, self.answers) = late;
    }

    fn check(&mut self, user: UserId) {
        let mut fresh = Device::new(user);
        let heads = self.server.heads(user);
        let ticket = fresh.leader().ask_heads();
        fresh.step(0, &mut self.oracle, |replica| ((), replica.heads(ticket, &heads)));
        while let Some(pull) = fresh.leader().pulls().first().copied() {
            let page = self.server.changes(user, pull, PAGE).unwrap();
            fresh.step(0, &mut self.oracle, |replica| ((), replica.page(pull, page)));
        }
        let truth = Observed::of(&fresh.tabs[0].replica).shared();
        self.oracle.assert_server(&truth);
        self.oracle.assert_nothing_lost();
        for device in &self.devices {
            let stored = device.journal.load(user);
            let entries = stored.rows().iter().filter(|row| matches!(row, Write::PutEntry(_))).count();
            assert_eq!(entries, 0, "outboxes are empty");
            assert_eq!(Observed::of(&stored), Observed::of(&device.tabs[device.leader].replica));
            for tab in &device.tabs {
                assert_eq!(Observed::of(&tab.replica).shared(), truth);
            }
        }
    }
}

fn hear(replica: &mut Replica, answer: Answer) -> Step {
    match answer {
        Answer::Commit(_, _, Ok(receipt)) => replica.receipt(&receipt),
        Answer::Commit(list, batch, Err(code)) => replica.rejected(list, Rejected { batch, code }),
        Answer::Changes(pull, Ok(page)) => replica.page(pull, page),
        Answer::Changes(pull, Err(Code::BadCursor)) => replica.reload(pull.list),
        Answer::Changes(pull, Err(_)) => replica.gone(pull.list),
        Answer::Heads(ticket, heads) => replica.heads(ticket, &heads),
    }
}

fn take<T: Clone>(messages: &mut Vec<T>, which: usize, keep: bool) -> Option<T> {
    if messages.is_empty() {
        return None;
    }
    let at = which % messages.len();
    Some(if keep { messages[at].clone() } else { messages.remove(at) })
}
