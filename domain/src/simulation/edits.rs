//! Edits that a script's bytes stand for, made to collide: few lists, few todos, all fields.

use crate::{
    action::{Action, ListPatch, NewList, NewTodo, Set, TodoPatch},
    colour::Colour,
    id::{ListId, TodoId, UserId},
    order::OrderKey,
    time::{Day, Timestamp},
};

/// What any device may have heard of.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) lists: Vec<ListId>,
    pub(super) todos: Vec<(ListId, TodoId)>,
    made: i64,
}

impl Known {
    pub(super) fn new(user: UserId) -> Self {
        Self { lists: vec![ListId::inbox(user)], todos: Vec::new(), made: 0 }
    }

    pub(super) fn edit(&mut self, kind: u8, pick: u8, value: u8) -> (ListId, Vec<Action>) {
        self.made += 1;
        let stamp = Timestamp(self.made % 100);
        let order: OrderKey = format!("a{}", value % 9 + 1).parse().unwrap();
        let list = self.lists[usize::from(pick) % self.lists.len()];
        let text = format!("{} {value}", self.made);
        if kind % 16 < 5 || self.todos.is_empty() {
            return match kind % 16 {
                0 => {
                    let list = ListId::fresh();
                    self.lists.push(list);
                    (
                        list,
                        vec![
                            Self::list(text, order, stamp),
                            Action::CreateTodo(self.todo(list, None, "first", value)),
                        ],
                    )
                }
                1 => (self.lists[0], vec![Self::list("Inbox".to_owned(), order, stamp)]),
                2 => (list, vec![Action::EditList(list_patch(value, text, order))]),
                3 if value.is_multiple_of(4) => (list, vec![Action::DeleteList]),
                _ => (list, vec![Action::CreateTodo(self.todo(list, None, &text, value))]),
            };
        }
        let (list, id) = self.todos[usize::from(pick) % self.todos.len()];
        let action = match kind % 16 {
            5 | 6 => Action::CreateTodo(self.todo(list, Some(id), &text, value)),
            7 => Action::DeleteTodo { id, at: stamp },
            8 => Action::RestoreTodo { id },
            9 => Action::EditTodo {
                id,
                patch: TodoPatch { title: Some(String::new()), ..TodoPatch::default() },
            },
            _ => Action::EditTodo { id, patch: patch(value, text, order, stamp) },
        };
        (list, vec![action])
    }

    fn list(title: String, order: OrderKey, created_at: Timestamp) -> Action {
        Action::CreateList(NewList { title, colour: Colour::Blue, order, created_at })
    }

    fn todo(&mut self, list: ListId, parent: Option<TodoId>, title: &str, value: u8) -> NewTodo {
        let id = TodoId::fresh();
        self.todos.push((list, id));
        let order = format!("a{}", value % 7 + 1).parse().unwrap();
        let due =
            Day::new(2026, 1, i8::try_from(value % 28).unwrap() + 1).filter(|_| value.is_multiple_of(2));
        let created_at = Timestamp(self.made);
        NewTodo {
            id,
            parent,
            title: title.to_owned(),
            notes: String::new(),
            done_at: None,
            due,
            order,
            created_at,
        }
    }
}

fn list_patch(value: u8, text: String, order: OrderKey) -> ListPatch {
    let nothing = ListPatch::default();
    match value % 4 {
        0 => ListPatch { title: Some(text), ..nothing },
        1 => ListPatch { colour: Some(Colour::ALL[usize::from(value) % Colour::ALL.len()]), ..nothing },
        2 => ListPatch { order: Some(order), ..nothing },
        _ => ListPatch { archived: Some(value % 8 < 4), ..nothing },
    }
}

fn patch(value: u8, text: String, order: OrderKey, stamp: Timestamp) -> TodoPatch {
    let nothing = TodoPatch::default();
    match value % 6 {
        0 => TodoPatch { title: Some(text), ..nothing },
        1 => TodoPatch { notes: Some(text), ..nothing },
        2 => TodoPatch { done_at: Some(Set { to: Some(stamp).filter(|_| value % 12 < 9) }), ..nothing },
        3 => TodoPatch {
            due: Some(Set { to: Day::new(2026, 1, i8::try_from(value % 28).unwrap() + 1) }),
            ..nothing
        },
        4 => TodoPatch { order: Some(order), ..nothing },
        _ => TodoPatch { title: Some(text.clone()), notes: Some(text), ..nothing },
    }
}
