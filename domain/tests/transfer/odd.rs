//! Files that are odd on purpose, and bytes that are no file at all.

use domain::{
    limits::{LISTS_PER_USER, NOTES_CHARS, TITLE_CHARS, TODOS_PER_LIST},
    transfer::{FILE_BYTES, FILE_TODOS, Format, Parsed, ReadError},
};
use proptest::prelude::*;

use crate::{file, outline, read};

fn titles(bytes: &[u8], name: &str) -> Vec<String> {
    let parsed = read(bytes, name).unwrap();
    parsed.lists.into_iter().flat_map(|list| list.todos).map(|todo| todo.title).collect()
}

#[test]
fn files_that_are_none_of_the_formats_are_refused_with_a_reason() {
    let csv = b"Name,Due\nMilk,tomorrow\n";
    for (bytes, name, error) in [
        (b"".as_slice(), "todo.txt", ReadError::Empty),
        (b" \r\n\t\n", "todo.txt", ReadError::Empty),
        (b"\xEF\xBB\xBF", "Work.csv", ReadError::Empty),
        (&file("picture.csv"), "picture.csv", ReadError::NotText(Some("a PNG picture"))),
        (
            b"PK\x03\x04rest",
            "Backup.zip",
            ReadError::NotText(Some("a ZIP archive; unpack it and import the files in it")),
        ),
        (&[1; 100], "todo.txt", ReadError::NotText(None)),
        (csv, "list.csv", ReadError::NotTodoist("Name,Due".to_owned())),
        (csv, "list.docx", ReadError::UnknownFormat),
        (b"{\"a\": 1}", "a.json", ReadError::UnknownFormat),
        (b"{\"format\": \"stack\", \"version\": 2}", "a.json", ReadError::NewerVersion(2)),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "a.ics", ReadError::NothingInIt),
        (&vec![b'x'; FILE_BYTES + 1], "todo.txt", ReadError::TooLarge),
        (&b"a\n".repeat(FILE_TODOS + 1), "todo.txt", ReadError::TooManyTodos),
    ] {
        assert_eq!(read(bytes, name), Err(error), "{name}");
    }
    let lists: String = (0..=LISTS_PER_USER).map(|n| format!("todo +list{n}\n")).collect();
    assert_eq!(read(lists.as_bytes(), "todo.txt"), Err(ReadError::TooManyLists));
}

#[test]
fn a_damaged_export_says_where() {
    let whole = String::from_utf8(file("stack-export-1.json")).unwrap();
    let damaged = whole.replacen("\"2026-11-24\"", "\"2026-11-31\"", 1);
    let message = "not a day as YYYY-MM-DD".to_owned();
    assert_eq!(read(damaged.as_bytes(), "a.json"), Err(ReadError::BadJson { line: 16, column: 29, message }));
    let (half, _) = whole.split_at(whole.len() / 2);
    assert!(matches!(read(half.as_bytes(), "a.json"), Err(ReadError::BadJson { line: 15.., .. })));
    let unknown = whole.replacen("\"notes\"", "\"colours\"", 1);
    let error = read(unknown.as_bytes(), "a.json").unwrap_err().to_string();
    assert!(
        error.starts_with("This is not a whole Stack export: line 14, column 19: unknown field `colours`"),
        "{error}"
    );
}

#[test]
fn every_encoding_and_line_end_reads_the_same() {
    let text = "Milk 🥛 für שלום\nTwo\n";
    let expected = titles(text.as_bytes(), "todo.txt");
    assert_eq!(expected, ["Milk 🥛 für שלום", "Two"]);
    let utf16 = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    for bytes in [
        [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        text.replace('\n', "\r\n").into_bytes(),
        text.replace('\n', "\r").into_bytes(),
        text.trim_end().as_bytes().to_vec(),
        [b"\xFF\xFE".to_vec(), utf16(u16::to_le_bytes)].concat(),
        [b"\xFE\xFF".to_vec(), utf16(u16::to_be_bytes)].concat(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ] {
        assert_eq!(titles(&bytes, "todo.txt"), expected, "{bytes:?}");
    }
}

#[test]
fn a_csv_counts_its_lines_however_they_end() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["TYPE,CONTENT,INDENT", "", "task,\"a", "b\",1", "", "oops,c,1", ""].join(end);
        let outline = outline(&read(text.as_bytes(), "x.csv").unwrap());
        assert!(
            outline.contains("! line 6: makes no sense in this format: left out (oops,c,1)"),
            "{end:?} {outline}"
        );
        assert!(outline.contains("~ line 3: a title has one line"), "{end:?} {outline}");
    }
}

#[test]
fn a_column_of_another_program_is_kept() {
    let outline = outline(&read(b"TYPE;CONTENT;COLOUR\ntask;a;red\ntask;b;\n", "x.csv").unwrap());
    assert_eq!(
        outline,
        "# x\n[ ] a | \"- COLOUR: red\"\n[ ] b\n\
         ~ line 2: Stack has no field for this: kept in the notes (COLOUR: red)\n"
    );
}

#[test]
fn control_characters_are_taken_out_and_told_about() {
    let outline = outline(&read(b"Pay\0 the\x1B[31m bill\nnext\n", "todo.txt").unwrap());
    assert_eq!(
        outline,
        "# todo\n[ ] Pay the[31m bill\n[ ] next\n~ line 1: control characters were taken out (Pay the[31m bill)\n"
    );
}

#[test]
fn what_is_too_long_goes_on_elsewhere() {
    let title = "t".repeat(TITLE_CHARS + 1);
    let notes: String = ('a'..='z').cycle().take(NOTES_CHARS * 2 + 1).collect();
    let text = format!(
        "TYPE,CONTENT,DESCRIPTION,INDENT\ntask,{title},,1\ntask,Long,{notes},1\ntask,Sub,{notes},2\n"
    );
    let parsed = read(text.as_bytes(), "x.csv").unwrap();
    let [first, second] = parsed.lists[0].todos.as_slice() else { panic!("not two todos") };
    assert_eq!(first.title, format!("{}…", "t".repeat(TITLE_CHARS - 1)));
    assert_eq!(first.notes, title);
    let pieces =
        second.subtasks.iter().map(|todo| (todo.title.as_str(), todo.notes.as_str())).collect::<Vec<_>>();
    let (head, rest) = notes.split_at(NOTES_CHARS);
    let (middle, tail) = rest.split_at(NOTES_CHARS);
    assert_eq!(second.notes, head);
    assert_eq!(
        pieces,
        [
            ("Long (notes, part 2)", middle),
            ("Long (notes, part 3)", tail),
            ("Sub", head),
            ("Sub (notes, part 2)", middle),
            ("Sub (notes, part 3)", tail),
        ]
    );
    assert_eq!(parsed.problems.len(), 3);
}

#[test]
fn more_todos_than_a_list_holds_go_into_further_lists() {
    let text: String = (0..TODOS_PER_LIST * 2 + 1).map(|n| format!("todo {n}\n")).collect();
    let parsed = read(text.as_bytes(), "todo.txt").unwrap();
    let lists = parsed.lists.iter().map(|list| (list.title.as_str(), list.todos.len())).collect::<Vec<_>>();
    assert_eq!(lists, [("todo", TODOS_PER_LIST), ("todo (2)", TODOS_PER_LIST), ("todo (3)", 1)]);

    let subtasks: String = (0..TODOS_PER_LIST).map(|n| format!("task,sub {n},2\n")).collect();
    let parsed = read(format!("TYPE,CONTENT,INDENT\ntask,top,1\n{subtasks}").as_bytes(), "x.csv").unwrap();
    let lists =
        parsed.lists.iter().map(|list| (list.todos[0].title.as_str(), list.todo_count())).collect::<Vec<_>>();
    assert_eq!(lists, [("top", TODOS_PER_LIST), ("top (2)", 2)]);
}

#[test]
fn parents_that_go_round_in_a_circle_end() {
    let task = |uid: &str, parent: &str| {
        format!("BEGIN:VTODO\nUID:{uid}\nSUMMARY:{uid}\nRELATED-TO:{parent}\nEND:VTODO\n")
    };
    let text =
        format!("BEGIN:VCALENDAR\n{}{}{}END:VCALENDAR\n", task("a", "b"), task("b", "a"), task("c", "c"));
    assert_eq!(
        outline(&read(text.as_bytes(), "x.ics").unwrap()),
        "# x\n[ ] a\n  [ ] b\n[ ] c\n\
         ~ line 2: the todo that it belongs under is not there: taken as a todo of its own (a)\n\
         ~ line 12: the todo that it belongs under is not there: taken as a todo of its own (c)\n"
    );
}

#[test]
fn deep_and_long_chains_take_no_time_or_space_to_speak_of() {
    let rows: String = (1..=10_000).map(|n| format!("task,{},{n}\n", "x".repeat(200))).collect();
    let parsed = read(format!("TYPE,CONTENT,INDENT\n{rows}").as_bytes(), "x.csv").unwrap();
    assert_eq!(parsed.todo_count(), 10_000);
    let columns = ",".repeat(1_000_000);
    let parsed =
        read(format!("TYPE,CONTENT{columns}\n{}", "task,a\n".repeat(10_000)).as_bytes(), "x.csv").unwrap();
    assert_eq!(parsed.todo_count(), 10_000);
    let begins = "BEGIN:VTODO\n".repeat(50_000);
    assert_eq!(read(format!("BEGIN:VCALENDAR\n{begins}").as_bytes(), "x.ics").unwrap().todo_count(), 50_000);
    let nested = format!("BEGIN:VCALENDAR\n{}{}", "BEGIN:X\n".repeat(50_000), "END:Y\n".repeat(50_000));
    assert_eq!(read(nested.as_bytes(), "x.ics").unwrap().todo_count(), 0);
    assert_eq!(read("garbage\n".repeat(600_000).as_bytes(), "x.ics"), Err(ReadError::UnknownFormat));
    let garbage = format!("BEGIN:VCALENDAR\n{}", "garbage\n".repeat(600_000));
    assert_eq!(read(garbage.as_bytes(), "x.ics"), Err(ReadError::UnknownFormat));
}

/// Whatever was read is within the limits.
fn check(parsed: &Parsed) {
    for list in &parsed.lists {
        assert!(!list.title.trim().is_empty() && list.title.chars().count() <= TITLE_CHARS);
        assert!(list.todo_count() <= TODOS_PER_LIST);
        for todo in list.todos.iter().flat_map(|todo| std::iter::once(todo).chain(&todo.subtasks)) {
            assert!(!todo.title.trim().is_empty() && todo.title.chars().count() <= TITLE_CHARS);
            assert!(todo.notes.chars().count() <= NOTES_CHARS);
        }
    }
}

/// Pieces of which files consist, to get further into the readers than random bytes do.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known: &'static [&str] = &[
        "BEGIN:VCALENDAR\n",
        "BEGIN:VTODO\r\n",
        "END:VTODO\n",
        "END:VCALENDAR\n",
        "BEGIN:VALARM\n",
        "END:VEVENT\n",
        "SUMMARY:",
        "DESCRIPTION;X=\"a;b\":",
        "DUE;TZID=X:20260230T256199",
        "DUE:20261123T235959Z\n",
        "RELATED-TO:a\n",
        "UID:a\n",
        "COMPLETED:",
        "PERCENT-COMPLETE:100\n",
        "CATEGORIES:a\\,b,c\n",
        "X-STACK-SUMMARY:\"\\u0000\"\n",
        "\\n",
        "\n ",
        "TYPE,CONTENT,DESCRIPTION,INDENT,DATE,PRIORITY\n",
        "task,",
        "section,",
        "note,",
        "\"",
        "\"\"",
        ",",
        ";",
        "\n",
        "\r",
        "x ",
        "(A) ",
        "2026-11-23 ",
        "+p ",
        "due:2026-13-01 ",
        "{\"format\":\"stack\",\"version\":1,",
        "\"lists\":[",
        "]}",
        "tomorrow",
        "27 Jan",
        "\u{FEFF}",
        "\0",
        "👩‍👩‍👧",
        "שלום",
    ];
    prop_oneof![
        4 => proptest::sample::select(known).prop_map(|text| text.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..8),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn random_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400), name in "[a-z]{0,3}(\\.(txt|csv|ics|json))?") {
        if let Ok(parsed) = read(&bytes, &name) {
            check(&parsed);
        }
    }

    #[test]
    fn random_pieces_do_no_harm(
        start in proptest::sample::select(["", "BEGIN:VCALENDAR\n", "TYPE,CONTENT,DESCRIPTION,INDENT,DATE\n", "TYPE;CONTENT\n"].as_slice()),
        pieces in proptest::collection::vec(piece(), 0..60),
    ) {
        let bytes = [start.as_bytes().to_vec(), pieces.concat()].concat();
        if let Ok(parsed) = read(&bytes, "x.txt") {
            check(&parsed);
            if start.starts_with("TYPE") {
                assert_eq!(parsed.format, Format::Todoist);
            }
        }
    }

    /// A file that was cut off anywhere still gives all that is whole in it.
    #[test]
    fn a_file_cut_off_anywhere_reads_as_far_as_it_goes(at in 0_usize..1_200) {
        for name in ["Household [6Crg8jQ886Wh4P5g].csv", "reminders.ics", "stack-export-1.json"] {
            let whole = file(name);
            if let Ok(parsed) = read(whole.get(..at).unwrap_or(&whole), name) {
                check(&parsed);
            }
        }
    }
}
