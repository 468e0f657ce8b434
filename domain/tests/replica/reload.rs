//! When a device takes a list anew, and which pages it believes.

use super::*;

#[test]
fn a_reload_shows_the_old_until_it_is_whole_and_keeps_the_outbox() {
    let mut replica = at(5, vec![todo(1, "old"), todo(2, "gone meanwhile")]);
    let _ = replica.act(LIST, vec![rename(1, "mine"), create(3, "new", "a5")]);
    replica.poke(LIST, 90);
    let first = Page { reset: true, more: true, ..page(vec![todo(1, "theirs")], 80) };
    let first = Page { cursor: Cursor { since: 80, anchor: 90 }, ..first };
    assert_eq!(replica.page(pull(5), first), Step::default());
    assert!(replica.todo(LIST, id(2)).is_some());
    let rest = replica.pulls();
    assert_eq!(rest, [Pull { list: LIST, cursor: Cursor { since: 80, anchor: 90 } }]);
    let step = replica.page(rest[0], page(vec![todo(4, "fresh")], 90));
    assert_eq!(*replica.todos(LIST), [id(1), id(4), id(3)]);
    assert_eq!((title(&replica, 1).as_str(), replica.unsaved_count()), ("mine", 2));
    assert!(step.touched.order.contains(&LIST) && !step.touched.todos.contains(&(LIST, id(3))));
    assert!(replica.pulls().is_empty());
    let again = Replica::load(USER, replica.rows());
    assert_eq!(again.todos(LIST), replica.todos(LIST));
}

#[test]
fn an_unknown_cursor_leads_to_a_reload() {
    let mut replica = at(5, vec![todo(1, "old")]);
    let _ = replica.reload(LIST);
    assert_eq!(replica.pulls(), [pull(0)]);
    assert!(replica.todo(LIST, id(1)).is_some());
    let _ = replica.page(pull(0), page(vec![todo(2, "new")], 3));
    assert_eq!(*replica.todos(LIST), [id(2)]);
}

#[test]
fn a_server_restored_from_a_backup_is_not_asked_for_versions_it_lost() {
    let mut replica = at(5, vec![todo(1, "old")]);
    let _ = replica.act(LIST, vec![rename(1, "mine")]);
    let lost = seal(&mut replica);
    let _ = replica.receipt(&accept(&lost, 7));
    replica.poke(LIST, 9);
    let _ = replica.reload(LIST);
    assert_eq!(title(&replica, 1), "mine");
    let _ = replica.page(pull(0), page(vec![todo(1, "older")], 3));
    assert_eq!(replica.pulls(), []);
    // What it had acknowledged still shows, and reaches it once more.
    assert_eq!((title(&replica, 1).as_str(), replica.unsaved_count()), ("mine", 1));
    let again = seal(&mut replica);
    assert_eq!(again.actions, lost.actions);
    assert_ne!(again.id, lost.id);
    let _ = replica.receipt(&accept(&again, 4));
    assert_eq!(replica.pulls(), [pull(3)]);
    let _ = replica.page(pull(3), page(vec![todo(1, "mine")], 4));
    assert_eq!((replica.unsaved_count(), replica.pulls()), (0, vec![]));
    assert_eq!(title(&replica, 1), "mine");
}

#[test]
fn a_page_from_elsewhere_changes_nothing() {
    let mut replica = at(5, vec![todo(1, "now")]);
    assert_eq!(replica.page(pull(3), page(vec![todo(1, "before")], 4)), Step::default());
    assert_eq!(title(&replica, 1), "now");
}
