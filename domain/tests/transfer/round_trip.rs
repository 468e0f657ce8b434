//! What Stack writes, Stack reads: the same lists, whatever is in them.

use domain::{
    action::Action,
    colour::Colour,
    id::{ListId, TodoId, UserId},
    limits::{NOTES_CHARS, TITLE_CHARS},
    model::{List, Todo},
    order::OrderKey,
    time::{Day, Timestamp},
    transfer::{ParsedList, ParsedTodo, Target, export_ical, export_json, plan},
};
use proptest::prelude::*;

use crate::{file, outline, read};

const NOW: Timestamp = Timestamp(1_795_417_200_000);

/// Text with everything that some format trips over.
fn text(chars: usize) -> impl Strategy<Value = String> {
    let special: &'static [&str] = &[
        "\r\n",
        "\n",
        "\r",
        "\\",
        "\\n",
        ",",
        ";",
        ":",
        "\"",
        "'",
        "\0",
        "\x1B",
        "\u{7F}",
        "\u{85}",
        "\u{2028}",
        "\t",
        " ",
        "  ",
        "👩‍👩‍👧",
        "é",
        "e\u{301}",
        "שלום",
        "مرحبا",
        "\u{202E}",
        "\u{FEFF}",
        "BEGIN:VTODO",
        "END:VCALENDAR\r\n",
        "{",
        "<b>",
        "=1+1",
    ];
    let piece = prop_oneof![
        proptest::sample::select(special).prop_map(str::to_owned),
        proptest::string::string_regex(".{0,30}").unwrap(),
        "[a-z ]{0,80}".prop_map(|text| text),
    ];
    proptest::collection::vec(piece, 0..8)
        .prop_map(move |pieces| pieces.concat().chars().take(chars).collect())
}

fn title() -> impl Strategy<Value = String> {
    text(TITLE_CHARS).prop_filter("a title has something in it", |title| !title.trim().is_empty())
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (0_i64..4_000_000_000_000).prop_map(Timestamp)
}

fn day() -> impl Strategy<Value = Day> {
    (0_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Day::new(year, month, day).unwrap())
}

fn parsed_todo() -> impl Strategy<Value = ParsedTodo> {
    let fields =
        (title(), text(NOTES_CHARS), proptest::option::of(instant()), proptest::option::of(day()), instant());
    fields.prop_map(|(title, notes, done_at, due, created_at)| ParsedTodo {
        title,
        notes,
        done_at,
        due,
        created_at: Some(created_at),
        ..ParsedTodo::default()
    })
}

fn parsed_list() -> impl Strategy<Value = ParsedList> {
    let todo = (parsed_todo(), proptest::collection::vec(parsed_todo(), 0..3));
    let todo = todo.prop_map(|(todo, subtasks)| ParsedTodo { subtasks, ..todo });
    let colour = proptest::sample::select(Colour::ALL);
    let fields = (title(), colour, any::<bool>(), instant(), proptest::collection::vec(todo, 0..4));
    fields.prop_map(|(title, colour, archived, created_at, todos)| ParsedList {
        title,
        colour,
        archived,
        created_at: Some(created_at),
        todos,
    })
}

/// The list as the app keeps it, with ids and order keys.
fn kept(list: &ParsedList) -> (List, Vec<Todo>) {
    let id = ListId::fresh();
    let keys = |count| OrderKey::series(None, None, count, 7).unwrap();
    let mut todos = Vec::new();
    let mut keep = |parsed: &ParsedTodo, parent, order: OrderKey| {
        let ParsedTodo { title, notes, done_at, due, created_at, .. } = parsed.clone();
        let created_at = created_at.unwrap();
        let todo = TodoId::fresh();
        todos.push(Todo {
            id: todo,
            list: id,
            parent,
            title,
            notes,
            done_at,
            due,
            order,
            created_at,
            deleted_at: None,
        });
        todo
    };
    for (todo, order) in list.todos.iter().zip(keys(list.todos.len())) {
        let parent = keep(todo, None, order);
        for (subtask, order) in todo.subtasks.iter().zip(keys(todo.subtasks.len())) {
            keep(subtask, Some(parent), order);
        }
    }
    // A replica hands them out in no particular order, tombstones among them.
    todos.sort_by_key(|todo| std::cmp::Reverse(todo.title.clone()));
    if let Some(todo) = todos.first().cloned() {
        todos.push(Todo { id: TodoId::fresh(), title: "deleted".to_owned(), deleted_at: Some(NOW), ..todo });
    }
    let ParsedList { title, colour, archived, created_at, .. } = list.clone();
    let order = keys(1).remove(0);
    (List { id, title, colour, order, archived, created_at: created_at.unwrap() }, todos)
}

/// What was read, without the lines, which other formats don't have.
fn without_lines(mut lists: Vec<ParsedList>) -> Vec<ParsedList> {
    for todo in lists.iter_mut().flat_map(|list| &mut list.todos) {
        todo.line = 0;
        todo.subtasks.iter_mut().for_each(|subtask| subtask.line = 0);
    }
    lists
}

proptest! {
    #[test]
    fn json_reads_as_it_was(lists in proptest::collection::vec(parsed_list(), 1..4)) {
        let written = export_json(&lists.iter().map(kept).collect::<Vec<_>>(), NOW);
        let parsed = read(written.as_bytes(), "export.json").unwrap();
        prop_assert_eq!(parsed.problems, []);
        prop_assert_eq!(parsed.lists, lists);
    }

    #[test]
    fn icalendar_reads_as_it_was(lists in proptest::collection::vec(parsed_list(), 1..4)) {
        let written = export_ical(&lists.iter().map(kept).collect::<Vec<_>>(), NOW);
        for line in written.split("\r\n") {
            prop_assert!(line.len() <= 75 && !line.contains(|c: char| c.is_ascii_control() && c != '\t'), "{line:?}");
        }
        let parsed = read(written.as_bytes(), "export.ics").unwrap();
        prop_assert_eq!(parsed.problems, []);
        prop_assert_eq!(without_lines(parsed.lists), lists);
    }

    /// Import, as the actions that it makes, then export: the circle closes.
    #[test]
    fn what_is_planned_is_what_was_read(lists in proptest::collection::vec(parsed_list(), 1..3)) {
        let written = export_json(&lists.iter().map(kept).collect::<Vec<_>>(), NOW);
        let parsed = read(written.as_bytes(), "export.json").unwrap();
        let mut made: Vec<(List, Vec<Todo>)> = Vec::new();
        for batch in plan(&parsed, UserId::from_u128(1), NOW, Target::default()) {
            for action in batch.actions {
                match action {
                    Action::CreateList(new) => made.push((
                        List { id: batch.list, title: new.title, colour: new.colour, order: new.order, archived: false, created_at: new.created_at },
                        Vec::new(),
                    )),
                    Action::CreateTodo(new) => made.last_mut().unwrap().1.push(Todo {
                        id: new.id, list: batch.list, parent: new.parent, title: new.title, notes: new.notes, done_at: new.done_at,
                        due: new.due, order: new.order, created_at: new.created_at, deleted_at: None,
                    }),
                    Action::EditList(patch) => made.last_mut().unwrap().0.archived = patch.archived.unwrap(),
                    other => panic!("{other:?}"),
                }
            }
        }
        prop_assert!(made.is_sorted_by_key(|(list, _)| list.order.clone()));
        prop_assert_eq!(export_json(&made, NOW), written);
    }
}

#[test]
fn an_export_of_the_first_format_version_still_reads() {
    let parsed = read(&file("stack-export-1.json"), "stack-export-1.json").unwrap();
    assert_eq!(
        outline(&parsed),
        "# Groceries green\n\
         [x] Milk | done 2026-11-19 | due 2026-11-24 | made 2026-11-18 | \"Two *litres*\"\n\
         [ ] Cake | made 2026-11-18\n  [ ] Flour | made 2026-11-18\n\
         # Old grey archived\n"
    );
}
