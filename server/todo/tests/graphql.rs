//! The subgraph as the gateway calls it: what it answers, and how it says no.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use domain::{
    error::Code,
    id::{ListId, MutationId, SessionId, TodoId, UserId},
};
use platform::{Caller, Item, Key, LocalPokes, SystemClock, Table, graphql::answer};
use serde_json::{Value, json};
use todo::{Lists, TodoSchema, schema, sdl};

struct World {
    schema: TodoSchema,
    user: UserId,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let table = Table::embedded(folder.path()).await.unwrap();
        let user = UserId::fresh();
        table.put(Item::new(Key::profile(user)), None).await.unwrap();
        let lists = Lists::new(table, Arc::new(SystemClock), Arc::new(LocalPokes::default()));
        Self { schema: schema(lists), user, _folder: folder }
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        self.ask_as(self.user, query, variables).await
    }

    async fn ask_as(&self, user: UserId, query: &str, variables: Value) -> Value {
        let caller = Caller { user, session: SessionId::fresh(), request_id: "test".to_owned() };
        let variables = variables.as_object().unwrap().clone();
        serde_json::to_value(answer(&self.schema, Some(caller), query, variables).await).unwrap()
    }

    async fn commit(&self, list: ListId, actions: Value) -> Value {
        let batch = json!({ "mutationId": MutationId::fresh().to_string(), "list": list.to_string(), "actions": actions });
        self.ask(COMMIT, json!({ "batch": batch })).await
    }
}

const COMMIT: &str = "mutation($batch: BatchInput!) { commit(batch: $batch) { mutationId list version outcomes { applied code } } }";
const CHANGES: &str = "query($list: ID!, $since: Version!) { changes(list: $list, since: $since) {
    list { id title colour order archived createdAt version role }
    todos { id list parent title notes doneAt due order createdAt deletedAt } until anchor more reset } }";

fn create_list() -> Value {
    json!({ "createList": { "title": "Home", "colour": "TEAL", "order": "a1", "createdAt": 1 } })
}

fn create_todo(id: TodoId) -> Value {
    json!({ "createTodo": { "id": id.to_string(), "title": "Milk", "notes": "*two*", "due": "2026-11-23", "order": "a1", "createdAt": 5 } })
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}

#[tokio::test]
async fn a_batch_goes_in_and_its_effects_come_out() {
    let world = World::new().await;
    let (list, id) = (ListId::fresh(), TodoId::fresh());
    let edit = json!({ "editTodo": { "id": id.to_string(), "doneAt": { "to": 9 }, "due": {} } });
    let gone = json!({ "restoreTodo": { "id": TodoId::fresh().to_string() } });
    let answer = world.commit(list, json!([create_list(), create_todo(id), edit, gone])).await;
    let applied = json!({ "applied": true, "code": null });
    let refused = json!({ "applied": false, "code": "NOT_FOUND" });
    assert_eq!(answer["data"]["commit"]["outcomes"], json!([applied, applied, applied, refused]));
    let answer = world.ask(CHANGES, json!({ "list": list.to_string(), "since": 0 })).await;
    let page = &answer["data"]["changes"];
    assert_eq!(page["list"]["colour"], "TEAL");
    assert_eq!(
        (&page["until"], &page["anchor"], &page["more"], &page["reset"]),
        (&json!(1), &json!(1), &json!(false), &json!(false))
    );
    let expected = json!({ "id": id.to_string(), "list": list.to_string(), "parent": null, "title": "Milk", "notes": "*two*",
        "doneAt": 9, "due": null, "order": "a1", "createdAt": 5, "deletedAt": null });
    assert_eq!(page["todos"], json!([expected]));
    let query = "query($list: ID!, $id: ID!) { heads { list version role } list(id: $list) { title todos(first: 5) { id } } todo(list: $list, id: $id) { title } }";
    let answer = world.ask(query, json!({ "list": list.to_string(), "id": id.to_string() })).await;
    assert_eq!(answer["data"]["heads"], json!([{ "list": list.to_string(), "version": 1, "role": "OWNER" }]));
    assert_eq!(
        (&answer["data"]["list"]["todos"][0]["id"], &answer["data"]["todo"]["title"]),
        (&json!(id.to_string()), &json!("Milk"))
    );
}

#[tokio::test]
async fn a_user_is_extended_only_for_oneself() {
    let world = World::new().await;
    world.commit(ListId::fresh(), json!([create_list()])).await;
    let query =
        "query($of: [_Any!]!) { _entities(representations: $of) { ... on User { lists { title } } } }";
    let of = |user: UserId| json!({ "of": [{ "__typename": "User", "id": user.to_string() }] });
    let own = world.ask(query, of(world.user)).await;
    assert_eq!(own["data"]["_entities"][0]["lists"][0]["title"], "Home");
    assert_eq!(code(&world.ask_as(UserId::fresh(), query, of(world.user)).await), "NOT_FOUND");
}

#[tokio::test]
async fn a_todo_that_is_gone_is_nothing_to_those_who_refer_to_it() {
    let world = World::new().await;
    let (list, id) = (ListId::fresh(), TodoId::fresh());
    world.commit(list, json!([create_list(), create_todo(id)])).await;
    let query = "query($of: [_Any!]!) { _entities(representations: $of) { ... on Todo { title } } }";
    let of = |id: TodoId| json!({ "__typename": "Todo", "list": list, "id": id });
    let both = json!({ "of": [of(TodoId::fresh()), of(id)] });
    let answer = world.ask(query, both.clone()).await;
    assert_eq!(answer, json!({ "data": { "_entities": [null, { "title": "Milk" }] } }));
    assert_eq!(code(&world.ask_as(UserId::fresh(), query, both).await), "NOT_FOUND");
    let gone = json!({ "list": list, "id": TodoId::fresh() });
    let query = "query($list: ID!, $id: ID!) { todo(list: $list, id: $id) { title } }";
    assert_eq!(code(&world.ask(query, gone).await), "NOT_FOUND");
}

#[tokio::test]
async fn every_no_has_a_code_and_a_sentence() {
    let world = World::new().await;
    let list = ListId::fresh();
    world.commit(list, json!([create_list()])).await;
    let id = list.to_string();
    let stranger = world.ask_as(UserId::fresh(), CHANGES, json!({ "list": id, "since": 0 })).await;
    assert_eq!(
        (code(&stranger), &stranger["errors"][0]["message"]),
        ("NOT_FOUND", &json!(Code::NotFound.message()))
    );
    assert_eq!(code(&world.ask(CHANGES, json!({ "list": id, "since": 7 })).await), "BAD_CURSOR");
    for forged in ["", "x", &id.to_uppercase(), "LIST#1", &format!("{id}#HEAD")] {
        assert_eq!(
            code(&world.ask(CHANGES, json!({ "list": forged, "since": 0 })).await),
            "BAD_INPUT",
            "{forged}"
        );
    }
    for bad in [json!(-1), json!("1"), json!(1.5), json!(null)] {
        let answer = world.ask(CHANGES, json!({ "list": id, "since": bad })).await;
        assert!(["BAD_INPUT", "INVALID_QUERY"].contains(&code(&answer)), "{answer}");
    }
    assert_eq!(code(&world.commit(list, json!([])).await), "BATCH_SIZE");
    assert_eq!(code(&world.commit(list, json!([{ "deleteList": false }])).await), "BAD_INPUT");
    for bad in [
        json!({}),
        json!({ "deleteList": true, "restoreTodo": { "id": "x" } }),
        json!({ "createTodo": { "id": 1 } }),
        json!({ "unknown": 1 }),
    ] {
        let answer = world.commit(list, json!([bad])).await;
        assert!(["BAD_INPUT", "INVALID_QUERY"].contains(&code(&answer)), "{answer}");
    }
    assert_eq!(code(&world.ask("{ nothing }", json!({})).await), "INVALID_QUERY");
    assert_eq!(code(&world.ask("{", json!({})).await), "INVALID_QUERY");
    let anonymous = answer(&world.schema, None, "{ heads { list } }", serde_json::Map::new()).await;
    assert_eq!(code(&serde_json::to_value(anonymous).unwrap()), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_query_that_asks_for_too_much_is_refused() {
    let world = World::new().await;
    let page = "heads { list version role }";
    let wide: String = (0..140).map(|nth| format!("a{nth}: {page} ")).collect();
    assert_eq!(code(&world.ask(&format!("{{ {wide} }}"), json!({})).await), "QUERY_TOO_COSTLY");
    let deep = format!("{}list{}", "{ a ".repeat(40), "}".repeat(40));
    assert_eq!(code(&world.ask(&deep, json!({})).await), "QUERY_TOO_COSTLY");
    assert_eq!(code(&world.ask("{ heads { list @a @b @c @d @e } }", json!({})).await), "QUERY_TOO_COSTLY");
}

/// What the client's copy of the API says of this subgraph's types is what the subgraph says.
#[test]
fn the_types_are_those_of_the_published_schema() {
    let published = include_str!("../../../app/graphql/schema.graphql");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let ours = sdl();
    for name in [
        "List",
        "Todo",
        "Head",
        "ChangePage",
        "Receipt",
        "Outcome",
        "BatchInput",
        "ActionInput",
        "NewListInput",
        "ListPatchInput",
        "NewTodoInput",
        "EditTodoInput",
        "SetTimestampInput",
        "SetDayInput",
        "DeleteTodoInput",
        "RestoreTodoInput",
    ] {
        let (mut theirs, own) = (fields(published, name), fields(&ours, name));
        // What other subgraphs add to a type.
        theirs.retain(|field| (name, field.as_str()) != ("Todo", "media: [Media!]!"));
        assert_eq!(theirs, own, "{name}");
        assert!(!own.is_empty(), "{name}");
    }
    for field in [
        "heads: [Head!]!",
        "list(id: ID!): List!",
        "todo(list: ID!, id: ID!): Todo!",
        "commit(batch: BatchInput!): Receipt!",
    ] {
        assert!(words(published).contains(field), "{field}");
    }
}

/// The fields of a type, sorted, without descriptions.
fn fields(sdl: &str, name: &str) -> Vec<String> {
    let starts = |line: &str| {
        let mut words = line.split_whitespace();
        matches!(words.next(), Some("type" | "input")) && words.next() == Some(name)
    };
    let Some(head) = sdl.lines().find(|line| starts(line)) else { return Vec::new() };
    let body = sdl.split_once(head).unwrap().1;
    let inline = head.split_once('{').map(|(_, rest)| rest).unwrap_or_default();
    let text = if inline.contains('}') {
        inline.replace('}', "")
    } else {
        body.split_once("\n}").unwrap().0.to_owned()
    };
    let mut fields: Vec<String> = text
        .split("\"\"\"")
        .step_by(2)
        .flat_map(|part| part.split('"').step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .flat_map(|part| part.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>())
        .flat_map(|line| {
            if inline.contains('}') {
                line.split(", ").map(|field| field.trim().to_owned()).collect()
            } else {
                vec![line]
            }
        })
        .filter(|line| !line.is_empty())
        .collect();
    fields.sort();
    fields
}
