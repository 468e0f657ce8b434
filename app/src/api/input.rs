//! A batch in the words of the schema.

use domain::{
    action::{Action, Batch, ListPatch, NewList, NewTodo, Set, TodoPatch},
    error::Code,
};

use super::{
    ApiError,
    operations::commit::{
        ActionInput, BatchInput, DeleteTodoInput, EditTodoInput, ListPatchInput, NewListInput, NewTodoInput,
        RestoreTodoInput, SetDayInput, SetTimestampInput,
    },
    scalars::Colour,
};

/// A batch about a list and its todos.
pub(super) fn batch(batch: &Batch) -> Result<BatchInput, ApiError> {
    Ok(BatchInput {
        mutation_id: batch.id.to_string(),
        list: batch.list.to_string(),
        actions: batch.actions.iter().cloned().map(action).collect::<Result<_, _>>()?,
    })
}

fn action(action: Action) -> Result<ActionInput, ApiError> {
    Ok(match action {
        Action::CreateList(new) => ActionInput::CreateList(new_list(new)),
        Action::EditList(patch) => ActionInput::EditList(list_patch(patch)),
        Action::DeleteList => ActionInput::DeleteList(true),
        Action::CreateTodo(new) => ActionInput::CreateTodo(new_todo(new)),
        Action::EditTodo { id, patch } => ActionInput::EditTodo(edit_todo(id.to_string(), patch)),
        Action::DeleteTodo { id, at } => ActionInput::DeleteTodo(DeleteTodoInput { id: id.to_string(), at }),
        Action::RestoreTodo { id } => ActionInput::RestoreTodo(RestoreTodoInput { id: id.to_string() }),
        Action::AddMedia(_)
        | Action::EditMedia { .. }
        | Action::DeleteMedia { .. }
        | Action::RetryMedia { .. } => return Err(ApiError::new(Code::BadInput)),
    })
}

fn new_list(new: NewList) -> NewListInput {
    NewListInput {
        title: new.title,
        colour: Colour(new.colour),
        order: new.order,
        created_at: new.created_at,
    }
}

fn list_patch(patch: ListPatch) -> ListPatchInput {
    ListPatchInput {
        title: patch.title,
        colour: patch.colour.map(Colour),
        order: patch.order,
        archived: patch.archived,
    }
}

fn new_todo(new: NewTodo) -> NewTodoInput {
    NewTodoInput {
        id: new.id.to_string(),
        parent: new.parent.map(|parent| parent.to_string()),
        title: new.title,
        notes: new.notes,
        done_at: new.done_at,
        due: new.due,
        order: new.order,
        created_at: new.created_at,
    }
}

fn edit_todo(id: String, patch: TodoPatch) -> EditTodoInput {
    EditTodoInput {
        id,
        title: patch.title,
        notes: patch.notes,
        done_at: patch.done_at.map(|Set { to }| SetTimestampInput { to }),
        due: patch.due.map(|Set { to }| SetDayInput { to }),
        order: patch.order,
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        id::{ListId, MutationId, TodoId},
        time::Timestamp,
    };
    use serde_json::json;

    use super::*;

    #[test]
    fn an_edit_names_only_what_it_changes() {
        let patch =
            TodoPatch { title: Some("Milk".into()), done_at: Some(Set { to: None }), ..TodoPatch::default() };
        let batch = batch(&Batch {
            id: MutationId::from_u128(1),
            list: ListId::from_u128(2),
            actions: vec![
                Action::EditTodo { id: TodoId::from_u128(3), patch },
                Action::DeleteTodo { id: TodoId::from_u128(4), at: Timestamp(5) },
                Action::DeleteList,
            ],
        })
        .unwrap();
        let id = |number| format!("00000000-0000-0000-0000-00000000000{number}");
        assert_eq!(
            serde_json::to_value(batch).unwrap(),
            json!({
                "mutationId": id(1),
                "list": id(2),
                "actions": [
                    { "editTodo": { "id": id(3), "title": "Milk", "doneAt": {} } },
                    { "deleteTodo": { "id": id(4), "at": 5 } },
                    { "deleteList": true },
                ],
            })
        );
    }
}
