//! Every word the screens show, in one place, ready for translation.

mod days;
mod media;

use domain::colour::Colour;

pub(crate) use days::{WEEKDAYS, day, grouped, long_day, lower, month_and_year, weekday_and_day};
pub(crate) use media::*;

pub(crate) const APP: &str = "Stack";
pub(crate) const TAGLINE: &str = "Lists that are always with you.";

// Places.
pub(crate) const TODAY: &str = "Today";
pub(crate) const LISTS: &str = "Lists";
pub(crate) const SEARCH: &str = "Search";
pub(crate) const SETTINGS: &str = "Settings";
pub(crate) const ARCHIVED: &str = "Archived";
pub(crate) const INBOX: &str = "Inbox";
pub(crate) const MAIN_NAV: &str = "Main";
pub(crate) const SKIP: &str = "Skip to the list";
pub(crate) const SHOW_LISTS: &str = "Show lists";
pub(crate) const LOADING: &str = "Loading";

// Sign-in.
pub(crate) const SIGN_IN: &str = "Sign in";
pub(crate) const SIGN_IN_HOW: &str = "Enter your e-mail address and we send you a code. No password needed.";
pub(crate) const EMAIL: &str = "E-mail address";
pub(crate) const EMAIL_EXAMPLE: &str = "you@example.org";
pub(crate) const EMAIL_NEEDED: &str = "Enter your e-mail address.";
pub(crate) const SEND_CODE: &str = "Send me a code";
pub(crate) const SENDING: &str = "Sending…";
pub(crate) const CHECKING: &str = "Checking…";
pub(crate) const CHECK_MAIL: &str = "Check your e-mail";
pub(crate) const CODE: &str = "Code";
pub(crate) const CODE_NEEDED: &str = "The code has six digits.";
pub(crate) const RESEND: &str = "Send a new code";
pub(crate) const RESENT: &str = "A new code is on its way.";
pub(crate) const OTHER_EMAIL: &str = "Use another address";
pub(crate) const SIGN_IN_AGAIN: &str = "Sign in again to save your changes";

// Todos.
pub(crate) const ADD_TODO: &str = "Add a todo";
pub(crate) const ADD: &str = "Add";
pub(crate) const ADD_TO: &str = "Add to";
pub(crate) const QUICK_ADD: &str = "Quick add";
pub(crate) const ADD_SUBTASK: &str = "Add a subtask";
pub(crate) const SUBTASKS: &str = "Subtasks";
pub(crate) const TITLE: &str = "Title";
pub(crate) const NOTES: &str = "Notes";
pub(crate) const NOTES_HINT: &str = "Add notes";
pub(crate) const HAS_NOTES: &str = "Has notes";
pub(crate) const EDIT_NOTES: &str = "Edit notes";
pub(crate) const DUE: &str = "Due";
pub(crate) const ADD_DUE: &str = "Add a due date";
pub(crate) const NO_DATE: &str = "No date";
pub(crate) const TOMORROW: &str = "Tomorrow";
pub(crate) const NEXT_WEEK: &str = "Next week";
pub(crate) const YESTERDAY: &str = "Yesterday";
pub(crate) const PICK_DAY: &str = "Pick a day";
pub(crate) const SCHEDULE: &str = "Schedule";
pub(crate) const OPEN: &str = "open";
pub(crate) const COMPLETED: &str = "Completed";
pub(crate) const OVERDUE: &str = "Overdue";
pub(crate) const DONE_TODAY: &str = "Done today";
pub(crate) const CHOSEN: &str = "Selected todos";
pub(crate) const CHOOSE_NONE: &str = "Clear the selection";
pub(crate) const SELECTED: &str = "Selected";
pub(crate) const COMPLETE: &str = "Complete";
pub(crate) const UNSAVED: &str = "Not saved to the server yet";
pub(crate) const NOT_A_DATE: &str = "Keep as text";
pub(crate) const TODO_GONE: &str = "This todo is no longer here";
pub(crate) const TODO_GONE_WHY: &str = "It was deleted, here or on another device.";
pub(crate) const TODO_DETAILS: &str = "Todo details";

// Lists.
pub(crate) const NEW_LIST: &str = "New list";
pub(crate) const EDIT_LIST: &str = "Edit list";
pub(crate) const LIST_NAME: &str = "Name";
pub(crate) const LIST_NAME_HINT: &str = "Groceries";
pub(crate) const COLOUR: &str = "Colour";
pub(crate) const CREATE_LIST: &str = "Create list";
pub(crate) const ARCHIVE: &str = "Archive";
pub(crate) const UNARCHIVE: &str = "Take out of the archive";
pub(crate) const DELETE_LIST: &str = "Delete list";
pub(crate) const DELETE_LIST_WHY: &str = "All its todos go with it, on every device. This can't be undone.";
pub(crate) const LIST_MENU: &str = "List options";
pub(crate) const ARCHIVED_NOTE: &str = "This list is archived.";
pub(crate) const READ_ONLY: &str = "You can look at this list but not change it.";
pub(crate) const LIST_GONE: &str = "This list is not here";
pub(crate) const LIST_GONE_WHY: &str = "It was deleted, or it is not shared with you.";
pub(crate) const LIST_COMING: &str =
    "If you made it on another device a moment ago, it will appear by itself.";

// Empty states.
pub(crate) const LIST_EMPTY: &str = "Nothing here yet";
pub(crate) const LIST_EMPTY_WHY: &str = "Write down the first thing that comes to mind.";
pub(crate) const ALL_DONE: &str = "All done";
pub(crate) const ALL_DONE_WHY: &str = "Everything on this list is ticked off.";
pub(crate) const TODAY_EMPTY: &str = "A clear day";
pub(crate) const TODAY_EMPTY_WHY: &str = "Nothing is due. Todos show up here on the day they are due.";
pub(crate) const TODAY_DONE: &str = "That was everything for today";
pub(crate) const TODAY_DONE_WHY: &str = "Nothing else is due. The rest can wait.";
pub(crate) const PICK_LIST: &str = "Pick a list";
pub(crate) const PICK_LIST_WHY: &str = "Or start a new one.";
pub(crate) const NO_LISTS: &str = "No lists yet";
pub(crate) const NO_LISTS_WHY: &str = "A list holds what belongs together: a project, a trip, the shopping.";

// Buttons.
pub(crate) const SAVE: &str = "Save";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const DELETE_TODO: &str = "Delete todo";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const BACK: &str = "Back";
pub(crate) const DISMISS: &str = "Dismiss";
pub(crate) const COPY: &str = "Copy text";
pub(crate) const COPIED: &str = "Copied";
pub(crate) const RETRY: &str = "Try again";
pub(crate) const RELOAD: &str = "Reload";

// State of the connection.
pub(crate) const SYNCING: &str = "Saving…";
pub(crate) const OFFLINE: &str = "Offline";
pub(crate) const OFFLINE_WHY: &str =
    "Your changes are kept on this device and saved when you are back online.";
pub(crate) const UPDATE_READY: &str = "A new version is ready";
pub(crate) const UPDATE: &str = "Update";
pub(crate) const NOT_STORED: &str = "This browser does not let Stack keep data";
pub(crate) const NOT_STORED_WHY: &str =
    "Changes live until this tab closes, unless they are saved to the server first.";
pub(crate) const RELOAD_NEEDED: &str = "Another tab runs a newer version";
pub(crate) const RELOAD_NEEDED_WHY: &str = "Reload this page to go on. Nothing is lost.";
pub(crate) const NOTICES: &str = "Notices";

// Errors.
pub(crate) const NOT_FOUND: &str = "There is nothing at this address";
pub(crate) const NOT_FOUND_WHY: &str = "The link may be old, or mistyped.";
pub(crate) const GO_TODAY: &str = "Go to today";
pub(crate) const MISSING: &str = "This part could not be loaded";
pub(crate) const MISSING_WHY: &str = "Your todos are safe. Check the connection, then try again.";
pub(crate) const MISSING_SHORT: &str = "This part could not be loaded. Check the connection.";
pub(crate) const BROKEN: &str = "Something went wrong on this screen";
pub(crate) const BROKEN_WHY: &str = "Your todos are safe. Reload the page to go on.";

// Settings.
pub(crate) const ACCOUNT: &str = "Account";
pub(crate) const SIGNED_IN_AS: &str = "Signed in as";
pub(crate) const SIGN_OUT: &str = "Sign out";
pub(crate) const SIGN_OUT_WHY: &str = "Takes your lists off this device. They stay on the server.";
pub(crate) const SIGN_OUT_ELSEWHERE: &str = "Sign out everywhere else";
pub(crate) const SIGN_OUT_EVERYWHERE: &str = "Sign out everywhere";
pub(crate) const SIGN_OUT_EVERYWHERE_WHY: &str = "Ends every session, this one too.";
pub(crate) const SIGN_OUT_ANYWAY: &str = "Sign out and lose them";
pub(crate) const SESSIONS: &str = "Sessions";
pub(crate) const SESSIONS_WHY: &str = "Devices that are signed in to your account.";
pub(crate) const THIS_DEVICE: &str = "This device";
pub(crate) const REVOKE: &str = "Sign out";
pub(crate) const APPEARANCE: &str = "Appearance";
pub(crate) const THEME: &str = "Theme";
pub(crate) const THEME_SYSTEM: &str = "System";
pub(crate) const THEME_LIGHT: &str = "Light";
pub(crate) const THEME_DARK: &str = "Dark";
pub(crate) const KEYBOARD: &str = "Keyboard";
pub(crate) const SINGLE_KEYS: &str = "Single-key shortcuts";
pub(crate) const SINGLE_KEYS_WHY: &str =
    "Keys such as q and j work without Ctrl. Turn off if they get in your way.";
pub(crate) const SHOW_KEYS: &str = "Show all shortcuts";
pub(crate) const DATA: &str = "Your data";
pub(crate) const IMPORT_EXPORT: &str = "Import and export";
pub(crate) const IMPORT_EXPORT_WHY: &str =
    "Bring todos in from Todoist, todo.txt or a calendar file, or take everything with you.";
pub(crate) const DANGER: &str = "Delete account";
pub(crate) const DELETE_ACCOUNT: &str = "Delete my account";
pub(crate) const DELETE_ACCOUNT_WHY: &str = "Removes your account, your lists and everything in them, for good. Export first if you want to keep a copy.";
pub(crate) const DELETE_ACCOUNT_TYPE: &str = "Type your e-mail address to confirm";
pub(crate) const DELETE_ACCOUNT_MISMATCH: &str = "That is not the address of this account.";

// Import and export.
pub(crate) const IMPORT: &str = "Import";
pub(crate) const IMPORT_WHY: &str =
    "Todoist (CSV), todo.txt, iCalendar (.ics) or a file exported from Stack. You see what comes in first.";
pub(crate) const CHOOSE_FILE: &str = "Choose a file";
pub(crate) const DROP_FILE: &str = "or drop it here";
pub(crate) const OTHER_FILE: &str = "Choose another file";
pub(crate) const READING: &str = "Reading the file…";
pub(crate) const LINES_CHANGED: &str = "What was taken in another form";
pub(crate) const LINES_LEFT_OUT: &str = "What could not be taken";
pub(crate) const FILE_UNREADABLE: &str = "This file can't be read.";
pub(crate) const IMPORT_DONE: &str = "Import finished";
pub(crate) const EXPORT: &str = "Export";
pub(crate) const EXPORT_WHY: &str = "Everything in your lists, archived ones included.";
pub(crate) const EXPORT_JSON: &str = "Download JSON";
pub(crate) const EXPORT_ICAL: &str = "Download iCalendar";

// Keyboard help and palette.
pub(crate) const SHORTCUTS: &str = "Keyboard shortcuts";
pub(crate) const PALETTE: &str = "Go to a list, find a todo, do something";
pub(crate) const PALETTE_EMPTY: &str = "Nothing matches";

/// Each key and what it does, by section, as the help shows them.
pub(crate) const KEYS: &[(&str, &[(&str, &str)])] = &[
    (
        "Anywhere",
        &[
            ("q or n", "Add a todo"),
            ("Ctrl K or ⌘ K", "Search and commands"),
            ("g then t", "Go to today"),
            ("g then l", "Go to the lists"),
            ("g then p", "Go to photos"),
            ("g then s", "Go to settings"),
            ("?", "Show these keys"),
            ("Esc", "Close what is open"),
        ],
    ),
    (
        "In a list",
        &[
            ("↑ ↓ or k j", "Move between todos"),
            ("Home End", "First, last"),
            ("Space", "Complete or reopen"),
            ("Enter", "Open"),
            ("F2 or e", "Rename"),
            ("d", "Set the due date"),
            ("Delete", "Delete"),
            ("Alt ↑ ↓", "Move the todo"),
            ("Shift ↑ ↓", "Select several"),
            ("x", "Select one more"),
            ("Ctrl A or ⌘ A", "Select all"),
        ],
    ),
    ("In the sidebar", &[("Alt ↑ ↓", "Move the list")]),
];

fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(number)) }
}

pub(crate) fn open(number: usize) -> String {
    if number == 0 { "Nothing open".into() } else { format!("{} open", grouped(number)) }
}
pub(crate) fn theme(theme: &str) -> String {
    format!("{THEME}: {}", theme.to_lowercase())
}
pub(crate) fn due(day: &str) -> String {
    format!("Due {day}")
}
pub(crate) fn not_a_date(text: &str) -> String {
    format!("{NOT_A_DATE}: “{text}” is part of the title")
}
pub(crate) fn complete(title: &str) -> String {
    format!("Complete “{title}”")
}
pub(crate) fn progress(done: usize, all: usize) -> String {
    format!("{done} of {all} subtasks done")
}
pub(crate) fn deleted(title: &str) -> String {
    format!("Deleted “{}”", short(title))
}
pub(crate) fn completed(title: &str) -> String {
    format!("Completed “{}”", short(title))
}
pub(crate) fn chosen(number: usize) -> String {
    format!("{} selected", grouped(number))
}
pub(crate) fn all_completed(number: usize) -> String {
    format!("{} completed", todos(number))
}
pub(crate) fn all_reopened(number: usize) -> String {
    format!("{} reopened", todos(number))
}
pub(crate) fn all_deleted(number: usize) -> String {
    format!("{} deleted", todos(number))
}
pub(crate) fn all_due(number: usize, day: &str) -> String {
    format!("{}: {day}", todos(number))
}
pub(crate) fn added(title: &str) -> String {
    format!("Added “{}”", short(title))
}
pub(crate) fn todos_added(number: usize) -> String {
    format!("{} added", count(number, "todo", "todos"))
}
pub(crate) fn added_to(list: &str) -> String {
    format!("Added to {}", short(list))
}
pub(crate) fn moved_to(place: usize, all: usize) -> String {
    format!("Moved to {} of {}", grouped(place), grouped(all))
}
pub(crate) fn archived(title: &str) -> String {
    format!("Archived “{}”", short(title))
}
pub(crate) fn list_deleted(title: &str) -> String {
    format!("Deleted the list “{}”", short(title))
}
pub(crate) fn delete_list(title: &str) -> String {
    format!("Delete “{}”?", short(title))
}
pub(crate) fn due_set(title: &str, day: &str) -> String {
    format!("“{}” is due {day}", short(title))
}
pub(crate) fn waiting(number: usize) -> String {
    count(number, "change not saved yet", "changes not saved yet")
}
pub(crate) fn sign_in_to_send(email: &str, number: usize) -> String {
    let what =
        count(number, "change is kept on this device and is", "changes are kept on this device and are");
    format!("{what} saved when {email} signs in again.")
}
pub(crate) fn unsent(number: usize) -> String {
    format!("{} would be lost. Go online first, or sign out anyway.", count(number, "change", "changes"))
}
pub(crate) fn code_sent(email: &str) -> String {
    format!("We sent a six-digit code to {email}. It works for ten minutes.")
}
pub(crate) fn resend_in(seconds: u32) -> String {
    format!("Send a new code in {seconds} s")
}
pub(crate) fn retry_in(seconds: u64) -> String {
    format!("Try again in {}.", count(usize::try_from(seconds).unwrap_or(usize::MAX), "second", "seconds"))
}
pub(crate) fn too_long(over: usize) -> String {
    format!("{} too many", count(over, "character", "characters"))
}
pub(crate) fn created(day: &str) -> String {
    format!("Created {day}")
}
pub(crate) fn completed_on(day: &str) -> String {
    format!("Completed {day}")
}
pub(crate) fn last_seen(day: &str) -> String {
    format!("Last used {}", lower(day))
}
/// A change was taken back: in which list, where that is known.
pub(crate) fn undone(list: Option<&str>) -> String {
    match list {
        Some(list) => format!("A change in “{}” was undone", short(list)),
        None => "A change was undone".into(),
    }
}
pub(crate) fn elsewhere(list: &str) -> String {
    format!("“{}” was changed elsewhere", short(list))
}
pub(crate) fn import_summary(todos: usize, lists: usize) -> String {
    format!("{} in {}", count(todos, "todo", "todos"), count(lists, "list", "lists"))
}
pub(crate) fn import_before(todos: usize) -> String {
    format!(". {} imported before.", count(todos, "was", "were"))
}
pub(crate) fn import_button(todos: usize) -> String {
    format!("Import {}", count(todos, "todo", "todos"))
}
pub(crate) fn import_progress(done: usize, all: usize) -> String {
    format!("{} of {}", grouped(done), grouped(all))
}
pub(crate) fn todos(number: usize) -> String {
    count(number, "todo", "todos")
}
pub(crate) fn line(number: usize) -> String {
    format!("Line {}", grouped(number))
}

pub(crate) const fn colour(colour: Colour) -> &'static str {
    match colour {
        Colour::Grey => "Grey",
        Colour::Red => "Red",
        Colour::Orange => "Orange",
        Colour::Yellow => "Yellow",
        Colour::Green => "Green",
        Colour::Teal => "Teal",
        Colour::Blue => "Blue",
        Colour::Purple => "Purple",
        Colour::Pink => "Pink",
    }
}

/// At most some sixty characters, for a message in passing.
fn short(text: &str) -> String {
    if text.chars().count() <= 60 {
        return text.into();
    }
    text.chars().take(59).chain(['…']).collect()
}
