//! The batches that an import commits.

use std::collections::HashSet;

use domain::{
    action::{Action, Batch},
    id::UserId,
    limits::{ACTIONS_PER_BATCH, BYTES_PER_BATCH, NOTES_CHARS},
    order::OrderKey,
    time::Timestamp,
    transfer::{Target, plan},
};

use crate::read;

const ADA: UserId = UserId::from_u128(1);
const SAVED: Timestamp = Timestamp(1_795_417_200_000);

fn batches(text: &str, user: UserId) -> Vec<Batch> {
    plan(&read(text.as_bytes(), "todo.txt").unwrap(), user, SAVED, Target::default())
}

fn ten_thousand() -> String {
    (0..10_000).map(|n| format!("todo {n} 🥛\n")).collect()
}

fn todo_ids(batches: &[Batch]) -> Vec<String> {
    let actions = batches.iter().flat_map(|batch| &batch.actions);
    actions
        .filter_map(
            |action| if let Action::CreateTodo(new) = action { Some(new.id.to_string()) } else { None },
        )
        .collect()
}

#[test]
fn the_same_file_gives_the_same_batches() {
    let text = ten_thousand();
    let first = batches(&text, ADA);
    assert_eq!(first, batches(&text, ADA));
    let ids = todo_ids(&first);
    assert_eq!(ids.len(), 10_000);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 10_000);
    assert_eq!(first.iter().map(|batch| batch.id.to_string()).collect::<HashSet<_>>().len(), first.len());
    assert!(
        first.iter().all(|batch| batch.list.to_string().as_bytes()[14] == b'5'),
        "no list is taken for an inbox"
    );
}

#[test]
fn another_user_file_or_run_gives_other_ids() {
    let mine: HashSet<_> = todo_ids(&batches("milk\nbread\n", ADA)).into_iter().collect();
    let target = Target { run: 1, ..Target::default() };
    let again = plan(&read(b"milk\nbread\n", "todo.txt").unwrap(), ADA, SAVED, target);
    assert!(todo_ids(&again).iter().all(|id| !mine.contains(id)));
    for (text, user) in [("milk\nbread\n", UserId::from_u128(2)), ("milk\nbread", ADA), ("milk\ncake\n", ADA)]
    {
        assert!(todo_ids(&batches(text, user)).iter().all(|id| !mine.contains(id)), "{text:?}");
    }
}

#[test]
fn batches_are_full_but_within_their_limits() {
    let text = ten_thousand();
    let all = batches(&text, ADA);
    assert_eq!(all.len(), 10_001_usize.div_ceil(ACTIONS_PER_BATCH));
    assert!(all.iter().all(|batch| batch.actions.len() <= ACTIONS_PER_BATCH));

    let notes = "🥛\u{202E}\"\\".repeat(NOTES_CHARS / 4);
    let rows: String =
        (0..200).map(|n| format!("task,todo {n},\"{}\",1\n", notes.replace('"', "\"\""))).collect();
    let text = format!("TYPE,CONTENT,DESCRIPTION,INDENT\n{rows}");
    let all = plan(&read(text.as_bytes(), "x.csv").unwrap(), ADA, SAVED, Target::default());
    assert!(all.len() > 10);
    for batch in all {
        let texts = batch.actions.iter().map(|action| match action {
            Action::CreateTodo(new) => new.title.len() + new.notes.len(),
            _ => 0,
        });
        assert!(texts.sum::<usize>() <= BYTES_PER_BATCH);
        assert!(serde_json::to_vec(&batch).unwrap().len() < domain::limits::BODY_BYTES);
    }
}

#[test]
fn lists_go_behind_those_that_are_there() {
    let parsed = read(b"a +one\nb +two\nc +three\n", "todo.txt").unwrap();
    let last = OrderKey::between(None, None, 5).unwrap();
    let target = Target { after: Some(&last), ..Target::default() };
    let orders =
        plan(&parsed, ADA, SAVED, target).into_iter().map(|batch| match batch.actions.into_iter().next() {
            Some(Action::CreateList(new)) => new.order,
            other => panic!("{other:?}"),
        });
    let orders: Vec<_> = std::iter::once(last.clone()).chain(orders).collect();
    assert_eq!(orders.len(), 4);
    assert!(orders.is_sorted() && orders.iter().collect::<HashSet<_>>().len() == 4);
}

#[test]
fn a_list_that_is_there_is_gone_on_with_and_a_deleted_one_is_made_under_another_id() {
    let parsed = read(b"a +one\nb +two\n", "todo.txt").unwrap();
    let made = plan(&parsed, ADA, SAVED, Target { run: 77, ..Target::default() });
    let [one, two] = [made[0].list, made[1].list];

    let both = plan(&parsed, ADA, SAVED, Target { there: &[two, one], run: 5, ..Target::default() });
    assert_eq!(both, made);

    let half = plan(&parsed, ADA, SAVED, Target { there: &[two], run: u32::MAX, ..Target::default() });
    assert_eq!(half[1], made[1]);
    assert_ne!(half[0].list, one);
    assert!(todo_ids(&half[..1]).iter().all(|id| !todo_ids(&made).contains(id)));
}
