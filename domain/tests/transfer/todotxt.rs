//! Files as todo.txt programs write them.

use crate::check;

#[test]
fn a_todo_txt_file_keeps_everything() {
    check(
        "todo.txt",
        "todo.txt",
        r#"
# Family
[ ] Thank Mom for the meatballs @phone | "- Priority: A"
[ ] Ask +Family about the photos +Archive
[ ] Untitled
# GarageSale
[ ] Schedule Goodwill pickup @phone | due 2026-11-30 | made 2026-11-01 | "- Priority: B"
[x] Post signs around the neighborhood | done 2026-11-21
# TodoTxtTouch
[x] Review Tim's pull request @github | done 2026-11-20 | made 2026-11-18 | "- Priority: C"
# todo
[x] Buy milk | done 2026-11-23
[ ] @GroceryStore Eskimo pies
[ ] Really gotta call Mom (A) @phone @someday
[ ] (b) Get back to the boss
[ ] xylophone lesson due:soon
[ ] Water plants rec:1w t:2026-11-28 see http://example.com:8080/a | made 2026-11-05
[ ] Learn how to add 2+2 and email SoAndSo@example.com
[ ] ✨ שלום עולם 👩‍👩‍👧
~ line 1: Stack has no field for this: kept in the notes (Priority: A)
~ line 2: Stack has no field for this: kept in the notes (Priority: B)
~ line 3: Stack has no field for this: kept in the notes (Priority: C)
~ line 5: done, but the file does not say when: taken as the day of the file (Buy milk)
~ line 10: this is no certain day: kept as words, without a due date (due:soon)
~ line 12: Stack does not act on this: kept in the title (rec:1w)
~ line 12: Stack does not act on this: kept in the title (t:2026-11-28)
~ line 13: had no title: called “Untitled”
"#,
    );
}
