//! Files as Todoist writes them.

use crate::check;

#[test]
fn an_export_of_today_keeps_everything() {
    let name = "Household [6Crg8jQ886Wh4P5g].csv";
    check(
        name,
        name,
        r#"
# Household
[ ] Oil the windows @house | "With linseed oil\n\n- Date: every year (Europe/Berlin)\n- Priority: p2"
  [ ] Bathroom | "- Comment (Ada (8908577), 2018-06-08T07:02:05.000000Z): Used Ballistol, worked \"well\""
  [ ] Left wing | "- Under: Bathroom"
[ ] **Call** the plumber | due 2026-12-01 | "He is in on weekdays\nbetween 8 and 10\n\n- Date: 2026-12-01 at 09:00 (Europe/Berlin)\n- Priority: p1\n- Duration: 30 minute\n- Assigned to: Grace (11)\n- Comment (Grace (11), 2026-11-02T10:00:00.000000Z): [quote.pdf](https://files.example/quote.pdf)"
[ ] reinigen | due 2026-07-19 | "- Section: Ofen 🔥\n- Deadline: 2026-07-19"
[ ] צבע חדש לקיר | due 2027-01-27 | "- Section: Ofen 🔥\n- Date: 27 Jan (Europe/Berlin)"
[ ] Passport photo | due 2026-10-09 | "- Section: Ofen 🔥"
! line 1: a setting of the other program: left out (AUTHOR: Ada (8908577))
! line 2: a setting of the other program: left out (view_style=list)
~ line 4: this is no certain day: kept as words, without a due date (Date: every year (Europe/Berlin))
~ line 4: Stack has no field for this: kept in the notes (Priority: p2)
~ line 7: nested deeper than subtasks go: put under the top todo, its place kept in the notes (Under: Bathroom)
~ line 8: taken as a day, with its words kept in the notes (Date: 2026-12-01 at 09:00 (Europe/Berlin): 2026-12-01)
~ line 8: Stack has no field for this: kept in the notes (Priority: p1)
~ line 8: Stack has no field for this: kept in the notes (Duration: 30 minute)
~ line 8: Stack has no field for this: kept in the notes (Assigned to: Grace (11))
~ line 10: Stack has no field for this: kept in the notes (Comment (Grace (11), 2026-11-02T10:00:00.000000Z): [quote.pdf](https://files.example/quote.pdf))
! line 12: a section without todos: left out (Section: Nothing here)
~ line 13: Stack has no field for this: kept in the notes (Section: Ofen 🔥)
~ line 14: Stack has no field for this: kept in the notes (Deadline: 2026-07-19)
~ line 15: taken as a day, with its words kept in the notes (Date: 27 Jan (Europe/Berlin): 2027-01-27)
"#,
    );
}

#[test]
fn an_older_export_with_odd_rows_is_told_about_row_by_row() {
    check(
        "Trip.csv",
        "Trip.csv",
        r#"
# Trip
[ ] Pack bags | due 2026-11-24 | "- Date: tomorrow at 9am (Europe/London)\n- Priority: p1"
  [ ] Passport
  [ ] Tickets | "- Under: Passport"
[ ] Short row
[ ] Long row | "- More columns: extra,more"
[ ] Untitled
[ ] Two | "lines\n\n- Date: quand j'ai le temps"
! line 1: a setting of the other program: left out (AUTHOR: Me (1))
! line 2: not a todo: left out (Project comment: who pays?)
~ line 3: taken as a day, with its words kept in the notes (Date: tomorrow at 9am (Europe/London): 2026-11-24)
~ line 3: Stack has no field for this: kept in the notes (Priority: p1)
~ line 5: nested deeper than subtasks go: put under the top todo, its place kept in the notes (Under: Passport)
! line 7: makes no sense in this format: left out (reminder,Something newer,4,1,Me (1),,,,)
~ line 8: not as many columns as in the heading: taken as far as it goes
~ line 9: not as many columns as in the heading: taken as far as it goes (extra,more)
~ line 10: had no title: called “Untitled”
~ line 11: a title has one line: the other lines were put into the notes (Two\nlines)
~ line 11: this is no certain day: kept as words, without a due date (Date: quand j'ai le temps)
"#,
    );
}

#[test]
fn a_spreadsheets_copy_reads_too() {
    check(
        "Spreadsheet.csv",
        "Spreadsheet.csv",
        r#"
# Spreadsheet
[ ] Café – crème für 5 €
[ ] Broken; off;;4;1
~ line 2: not UTF-8: read as Windows-1252 (task;Café – crème für 5 €;;4;1;;;;;)
~ line 3: not as many columns as in the heading: taken as far as it goes
~ line 3: the file breaks off here: taken as far as it goes
"#,
    );
}
