//! Lists that come, change and go elsewhere or here.

use super::*;

#[test]
fn a_list_that_is_no_longer_named_is_forgotten_and_its_edits_are_reported() {
    let mut replica = at(5, vec![todo(1, "one")]);
    let _ = replica.act(LIST, vec![rename(1, "mine")]);
    let ticket = replica.ask_heads();
    let step = replica.heads(ticket, &[]);
    assert!(replica.list(LIST).is_none() && replica.lists().is_empty());
    assert!(step.touched.lists && step.touched.list.contains(&LIST));
    assert_eq!((codes(&replica), replica.unsaved_count()), (vec![Code::NotFound], 0));
    assert!(Replica::load(USER, replica.rows()).list(LIST).is_none());
}

#[test]
fn heads_from_before_a_list_was_made_do_not_end_it() {
    let mut replica = Replica::new(USER);
    let ticket = replica.ask_heads();
    let _ = replica.act(LIST, vec![create_list(), create(1, "one", "a1")]);
    let batch = seal(&mut replica);
    let _ = replica.receipt(&accept(&batch, 1));
    let _ = replica.heads(ticket, &[]);
    assert!(replica.list(LIST).is_some());
    let _ = replica.page(pull(0), page(vec![todo(1, "one")], 1));
    let _ = replica.heads(ticket, &[]);
    assert!(replica.list(LIST).is_some());
    let later = replica.ask_heads();
    let _ = replica.heads(later, &[]);
    assert!(replica.list(LIST).is_none());
}

#[test]
fn a_list_that_was_deleted_before_its_first_page_came_goes_after_a_restart_too() {
    let mut replica = Replica::new(USER);
    let _ = replica.act(LIST, vec![create_list()]);
    let batch = seal(&mut replica);
    let _ = replica.receipt(&accept(&batch, 1));
    let mut again = Replica::load(USER, replica.rows());
    let ticket = again.ask_heads();
    let _ = again.heads(ticket, &[]);
    assert_eq!(again.pulls(), [pull(0)]);
    let _ = again.gone(LIST);
    assert!(again.list(LIST).is_none() && again.rows().is_empty());
}

#[test]
fn a_list_deleted_here_takes_its_waiting_edits_along_silently() {
    let mut replica = at(5, vec![todo(1, "one")]);
    let _ = replica.act(LIST, vec![Action::DeleteList]);
    assert!(replica.list(LIST).is_none() && replica.todos(LIST).is_empty());
    let batch = seal(&mut replica);
    let _ = replica.receipt(&accept(&batch, 6));
    assert!(replica.rows().is_empty() && codes(&replica).is_empty());
}

#[test]
fn a_changed_role_is_taken_over() {
    let mut replica = at(1, vec![todo(1, "one")]);
    let ticket = replica.ask_heads();
    let _ = replica.heads(ticket, &[ListHead { list: LIST, version: 1, role: Role::Viewer }]);
    let _ = replica.act(LIST, vec![rename(1, "mine")]);
    assert_eq!((codes(&replica), title(&replica, 1).as_str()), (vec![Code::Forbidden], "one"));
}
