//! Edits that a script's bytes stand for, made to collide: few lists, few todos, all fields.

use crate::{
    action::{Action, ListPatch, MediaPatch, NewList, NewMedia, NewTodo, Set, TodoPatch},
    colour::Colour,
    id::{ListId, MediaId, TodoId, UserId},
    media::{MediaKind, Rotation},
    order::OrderKey,
    time::{Day, Timestamp},
};

/// What any device may have heard of.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) lists: Vec<ListId>,
    pub(super) todos: Vec<(ListId, TodoId)>,
    pub(super) media: Vec<(ListId, MediaId)>,
    made: i64,
}

impl Known {
    pub(super) fn new(user: UserId) -> Self {
        Self { lists: vec![ListId::inbox(user)], todos: Vec::new(), media: Vec::new(), made: 0 }
    }

    pub(super) fn edit(&mut self, kind: u8, pick: u8, value: u8) -> (ListId, Vec<Action>) {
        self.made += 1;
        let stamp = Timestamp(self.made % 100);
        let order: OrderKey = format!("a{}", value % 9 + 1).parse().unwrap();
        let list = self.lists[usize::from(pick) % self.lists.len()];
        let text = format!("{} {value}", self.made);
        if kind % 24 < 5 || self.todos.is_empty() {
            return match kind % 24 {
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
        if kind % 24 >= 16 {
            return self.media_edit(kind % 24, pick, value, (text, order, stamp));
        }
        let (list, id) = self.todos[usize::from(pick) % self.todos.len()];
        let action = match kind % 24 {
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

    fn media_edit(
        &mut self,
        kind: u8,
        pick: u8,
        value: u8,
        (text, order, stamp): (String, OrderKey, Timestamp),
    ) -> (ListId, Vec<Action>) {
        if kind < 18 || self.media.is_empty() {
            let (list, todo) = self.todos[usize::from(pick) % self.todos.len()];
            if kind == 16 && value.is_multiple_of(3) {
                // Both in one go, for two places on the server.
                let todo = self.todo(list, None, &text, value);
                let add = self.new_media(list, todo.id, value);
                return (list, vec![Action::CreateTodo(todo), Action::AddMedia(add)]);
            }
            return (list, vec![Action::AddMedia(self.new_media(list, todo, value))]);
        }
        let (list, id) = self.some_media(pick);
        let nothing = MediaPatch::default();
        let edit = |patch| Action::EditMedia { id, patch };
        let action = match kind {
            18 => edit(MediaPatch { caption: Some(text), ..nothing }),
            19 => edit(MediaPatch { order: Some(order), ..nothing }),
            20 => edit(MediaPatch { rotation: Some(Rotation::ALL[usize::from(value % 4)]), ..nothing }),
            21 if value.is_multiple_of(2) => Action::DeleteMedia { id, at: stamp },
            21 => edit(MediaPatch { caption: Some("x".repeat(501)), ..nothing }),
            22 => Action::RetryMedia { id },
            _ => edit(MediaPatch {
                caption: Some(text),
                order: Some(order),
                rotation: Some(Rotation::ALL[usize::from(value % 4)]),
            }),
        };
        (list, vec![action])
    }

    /// One of the first or last few media, so that edits and events meet at the same ones.
    pub(super) fn some_media(&self, pick: u8) -> (ListId, MediaId) {
        let from = if pick < 128 { self.media.len().saturating_sub(3) } else { 0 };
        let few = &self.media[from..self.media.len().min(from + 3)];
        few[usize::from(pick) % few.len()]
    }

    fn new_media(&mut self, list: ListId, todo: TodoId, value: u8) -> NewMedia {
        let id = MediaId::fresh();
        self.media.push((list, id));
        let order = format!("a{}", value % 7 + 1).parse().unwrap();
        // Some are so large that the quota is met.
        let (kind, content_type, bytes) = match value % 4 {
            0 => (MediaKind::Video, "video/mp4", 1_900_000_000),
            1 => (MediaKind::Image, "image/heic", 1),
            _ => (MediaKind::Image, "image/jpeg", 1_000 + u64::from(value)),
        };
        let (name, content_type) = ("beach.jpg".to_owned(), content_type.to_owned());
        let created_at = Timestamp(self.made % 7);
        NewMedia { id, todo, kind, name, content_type, bytes, order, created_at }
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
