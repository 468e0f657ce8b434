//! Files as calendar and task programs write them.

use crate::check;

#[test]
fn apple_reminders() {
    check(
        "reminders.ics",
        "reminders.ics",
        r#"
# Reminders orange
[ ] Buy 🥕 carrots | due 2026-11-30 | made 2024-10-14 | "First line\nSecond, with a comma; and a semicolon\n\n- a backslash: \\ and a colon: x\n\n- Starts: 20261130T234500 (Europe/Berlin)\n- Due at: 23:45 (Europe/Berlin)\n- Priority (1 to 9): 1\n- Reminder: 20261130T224500Z"
[x] Chop Saw | done 2024-10-16 | made 2024-10-14
~ line 42: Stack has no field for this: kept in the notes (Starts: 20261130T234500 (Europe/Berlin))
~ line 43: Stack has no field for this: kept in the notes (Due at: 23:45 (Europe/Berlin))
~ line 44: Stack has no field for this: kept in the notes (Priority (1 to 9): 1)
~ line 52: Stack has no field for this: kept in the notes (Reminder: 20261130T224500Z)
"#,
    );
}

#[test]
fn nextcloud_tasks() {
    check(
        "nextcloud.ics",
        "Garden.ics",
        r#"
# Garden
[ ] A parent | due 2025-04-07 | made 2025-04-04 | "- Tags: tag1; two, in one\n- Priority (1 to 9): 5\n- Location: Garden\n- Repeats: FREQ=WEEKLY;BYDAY=MO\n- Status: in-process\n- Done: 40 %"
  [ ] Second step | made 2025-04-04
  [ ] Deep step | made 2025-04-04 | "- Under: Second step"
[x] Orphan | done 2025-04-04 | made 2025-04-04 | "- Status: cancelled"
~ line 11: nested deeper than subtasks go: put under the top todo, its place kept in the notes (Under: Second step)
~ line 18: Stack has no field for this: kept in the notes (Status: in-process)
~ line 18: Stack has no field for this: kept in the notes (Done: 40 %)
~ line 19: Stack has no field for this: kept in the notes (Tags: tag1; two, in one)
~ line 26: Stack has no field for this: kept in the notes (Priority (1 to 9): 5)
~ line 27: Stack has no field for this: kept in the notes (Location: Garden)
~ line 28: Stack has no field for this: kept in the notes (Repeats: FREQ=WEEKLY;BYDAY=MO)
! line 29: a setting of the other program: left out (X-OC-HIDESUBTASKS)
~ line 33: Stack has no field for this: kept in the notes (Status: cancelled)
~ line 33: the todo that it belongs under is not there: taken as a todo of its own (Orphan)
"#,
    );
}

#[test]
fn thunderbird() {
    check(
        "thunderbird.ics",
        "Home.ics",
        r#"
# Home
[x] File the tax return | done 2026-11-02 | due 2026-12-01 | made 2026-11-01 | "- Due at: 23:30 (UTC)\n- Organiser: mailto:ada@example.com (CN=Lovelace, Ada)\n- Link: https://example.com/tax?a=1"
~ line 11: Stack has no field for this: kept in the notes (Due at: 23:30 (UTC))
~ line 13: Stack has no field for this: kept in the notes (Organiser: mailto:ada@example.com (CN=Lovelace, Ada))
~ line 14: Stack has no field for this: kept in the notes (Link: https://example.com/tax?a=1)
! line 15: an attached file: left out (scan.png)
! line 17: not a todo: left out (VEVENT Christmas Eve)
! line 27: not a todo: left out (VJOURNAL Diary)
"#,
    );
}

#[test]
fn tasks_org_folded_in_a_character_and_broken_off() {
    check(
        "tasks-org.ics",
        "tasks.ics",
        r#"
# tasks
[ ] Überweisung für Müller | due 2023-04-02 | made 2023-04-02 | "- Priority (1 to 9): 9\n- Due at: 17:00 (Europe/Berlin)\n- Reminder: PT0S (RELATED=END)"
[ ] No end
~ line 1: the file breaks off here: taken as far as it goes (VCALENDAR)
~ line 11: Stack has no field for this: kept in the notes (Priority (1 to 9): 9)
~ line 13: Stack has no field for this: kept in the notes (Due at: 17:00 (Europe/Berlin))
! line 14: makes no sense in this format: left out (this line is damaged)
~ line 16: Stack has no field for this: kept in the notes (Reminder: PT0S (RELATED=END))
~ line 21: the file breaks off here: taken as far as it goes (VTODO)
"#,
    );
}
