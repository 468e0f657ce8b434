//! The types that a batch comes in, and how they become the domain's.

use async_graphql::{ID, InputObject, OneofObject};
use domain::{
    action::{self, Action, Batch},
    error::Code,
};
use platform::graphql::{
    error, parse_id,
    scalar::{Day, OrderKey, Timestamp},
};

use super::{Answer, object::Colour};

#[derive(Debug, InputObject)]
pub(crate) struct BatchInput {
    /// Chosen by the client.
    mutation_id: ID,
    list: ID,
    /// At least 1, at most 90.
    actions: Vec<ActionInput>,
}

/// Exactly one field is given.
#[derive(Debug, OneofObject)]
pub(crate) enum ActionInput {
    CreateList(NewListInput),
    EditList(ListPatchInput),
    DeleteList(bool),
    CreateTodo(NewTodoInput),
    EditTodo(EditTodoInput),
    DeleteTodo(DeleteTodoInput),
    RestoreTodo(RestoreTodoInput),
}

#[derive(Debug, InputObject)]
pub(crate) struct NewListInput {
    title: String,
    colour: Colour,
    order: OrderKey,
    created_at: Timestamp,
}

/// A field that is left out stays as it is.
#[derive(Debug, InputObject)]
pub(crate) struct ListPatchInput {
    title: Option<String>,
    colour: Option<Colour>,
    order: Option<OrderKey>,
    archived: Option<bool>,
}

#[derive(Debug, InputObject)]
pub(crate) struct NewTodoInput {
    id: ID,
    parent: Option<ID>,
    title: String,
    notes: String,
    done_at: Option<Timestamp>,
    due: Option<Day>,
    order: OrderKey,
    created_at: Timestamp,
}

/// A field that is left out stays as it is.
#[derive(Debug, InputObject)]
pub(crate) struct EditTodoInput {
    id: ID,
    title: Option<String>,
    notes: Option<String>,
    done_at: Option<SetTimestampInput>,
    due: Option<SetDayInput>,
    order: Option<OrderKey>,
}

/// A new value; without `to` the field becomes empty.
#[derive(Debug, InputObject)]
pub(crate) struct SetTimestampInput {
    to: Option<Timestamp>,
}

/// A new value; without `to` the field becomes empty.
#[derive(Debug, InputObject)]
pub(crate) struct SetDayInput {
    to: Option<Day>,
}

#[derive(Debug, InputObject)]
pub(crate) struct DeleteTodoInput {
    id: ID,
    at: Timestamp,
}

#[derive(Debug, InputObject)]
pub(crate) struct RestoreTodoInput {
    id: ID,
}

impl BatchInput {
    pub(super) fn read(self) -> Answer<Batch> {
        let actions: Answer<_> = self.actions.into_iter().map(ActionInput::read).collect();
        Ok(Batch { id: parse_id(&self.mutation_id)?, list: parse_id(&self.list)?, actions: actions? })
    }
}

impl ActionInput {
    fn read(self) -> Answer<Action> {
        Ok(match self {
            Self::CreateList(new) => Action::CreateList(action::NewList {
                title: new.title,
                colour: new.colour.into(),
                order: new.order.0,
                created_at: new.created_at.0,
            }),
            Self::EditList(patch) => Action::EditList(action::ListPatch {
                title: patch.title,
                colour: patch.colour.map(Into::into),
                order: patch.order.map(|order| order.0),
                archived: patch.archived,
            }),
            Self::DeleteList(true) => Action::DeleteList,
            Self::DeleteList(false) => return Err(error(Code::BadInput)),
            Self::CreateTodo(new) => Action::CreateTodo(action::NewTodo {
                id: parse_id(&new.id)?,
                parent: new.parent.as_ref().map(parse_id).transpose()?,
                title: new.title,
                notes: new.notes,
                done_at: new.done_at.map(|at| at.0),
                due: new.due.map(|day| day.0),
                order: new.order.0,
                created_at: new.created_at.0,
            }),
            Self::EditTodo(edit) => Action::EditTodo { id: parse_id(&edit.id)?, patch: edit.patch() },
            Self::DeleteTodo(delete) => Action::DeleteTodo { id: parse_id(&delete.id)?, at: delete.at.0 },
            Self::RestoreTodo(restore) => Action::RestoreTodo { id: parse_id(&restore.id)? },
        })
    }
}

impl EditTodoInput {
    fn patch(self) -> action::TodoPatch {
        action::TodoPatch {
            title: self.title,
            notes: self.notes,
            done_at: self.done_at.map(|set| action::Set { to: set.to.map(|at| at.0) }),
            due: self.due.map(|set| action::Set { to: set.to.map(|day| day.0) }),
            order: self.order.map(|order| order.0),
        }
    }
}
