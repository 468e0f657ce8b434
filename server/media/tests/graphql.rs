//! The subgraph as the gateway calls it: what it answers, and how it says no.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod world;

use domain::id::{ListId, MediaId, MutationId, SessionId, TodoId, UserId};
use media::{MediaSchema, schema, sdl};
use platform::{
    Caller,
    blob::{BlobKey, Bucket},
    graphql::answer,
};
use serde_json::{Value, json};
use world::{Fake, World};

struct Graph {
    world: World,
    schema: MediaSchema,
    owner: UserId,
    list: ListId,
    todo: TodoId,
}

impl Graph {
    async fn new() -> Self {
        let world = World::new().await;
        let owner = world.user().await;
        let (list, todo) = world.list(owner).await;
        let schema = schema(world.medias.clone());
        Self { world, schema, owner, list, todo }
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        self.ask_as(Some(self.owner), query, variables).await
    }

    async fn ask_as(&self, user: Option<UserId>, query: &str, variables: Value) -> Value {
        let session = SessionId::fresh();
        let caller = user.map(|user| Caller { user, session, request_id: "test".to_owned() });
        let variables = variables.as_object().unwrap().clone();
        serde_json::to_value(answer(&self.schema, caller, query, variables).await).unwrap()
    }

    async fn commit(&self, actions: Value) -> Value {
        let batch = json!({ "mutationId": MutationId::fresh(), "list": self.list, "actions": actions });
        let query = "mutation($batch: MediaBatchInput!) { commitMedia(batch: $batch) \
                     { mutationId list version outcomes { applied code } } }";
        self.ask(query, json!({ "batch": batch })).await
    }

    fn add(&self, id: MediaId, bytes: u64) -> Value {
        json!({ "addMedia": { "id": id, "todo": self.todo, "kind": "IMAGE", "name": "cat.png",
            "contentType": "image/png", "bytes": bytes, "order": "a1", "createdAt": 5 } })
    }
}

const ENTITIES: &str = "query($of: [_Any!]!) { _entities(representations: $of) { ... on Media { list id todo kind name \
    contentType bytes caption order rotation createdAt deletedAt state failure rendition { path width height durationMs \
    placeholder streams plays moves variants { width height format bytes } } } ... on Todo { media { id } } \
    ... on User { mediaUsage { bytes quota } } } }";

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}

#[tokio::test]
async fn a_picture_goes_the_whole_way() {
    let graph = Graph::new().await;
    let (list, id) = (graph.list, MediaId::fresh());
    let edit = json!({ "editMedia": { "id": id, "caption": "Minka", "rotation": 90 } });
    let gone = json!({ "deleteMedia": { "id": MediaId::fresh(), "at": 1 } });
    let answer = graph.commit(json!([graph.add(id, 10), edit, gone])).await;
    let applied = json!({ "applied": true, "code": null });
    let refused = json!({ "applied": false, "code": "NOT_FOUND" });
    assert_eq!(answer["data"]["commitMedia"]["outcomes"], json!([applied, applied, refused]));
    let query = "mutation($list: ID!, $media: ID!) { signUpload(list: $list, media: $media) \
                 { post { url fields { name value } } multipart { partBytes parts } expiresAt } }";
    let names = json!({ "list": list, "media": id });
    let answer = graph.ask(query, names.clone()).await;
    let fields = answer["data"]["signUpload"]["post"]["fields"].as_array().unwrap();
    let key = fields.iter().find(|field| field["name"] == "key").unwrap()["value"].as_str().unwrap();
    let key = BlobKey::parse(key).unwrap();
    graph.world.blobs.put(Bucket::Originals, &key, "image/png", "0123456789".into()).await.unwrap();
    let query = "mutation($id: ID!, $list: ID!, $media: ID!) \
                 { confirmUpload(mutationId: $id, list: $list, media: $media) { state failure } }";
    let names = json!({ "list": list, "media": id, "id": MutationId::fresh() });
    let answer = graph.ask(query, names.clone()).await;
    assert_eq!(answer["data"]["confirmUpload"], json!({ "state": "PROCESSING", "failure": null }));
    assert_eq!(graph.ask(query, names).await, answer);
    graph.world.medias.work_off(&Fake::new(&graph.world.blobs)).await.unwrap();
    let of = json!([
        { "__typename": "Media", "list": list, "id": id },
        { "__typename": "Media", "list": list, "id": MediaId::fresh() },
        { "__typename": "Todo", "list": list, "id": graph.todo },
        { "__typename": "User", "id": graph.owner },
    ]);
    let answer = graph.ask(ENTITIES, json!({ "of": of })).await;
    let rendition = json!({ "path": format!("{key}/1"), "width": 320, "height": 200, "durationMs": null,
        "placeholder": "data:image/webp;base64,AA==", "streams": false, "plays": false, "moves": false,
        "variants": [{ "width": 320, "height": 200, "format": "WEBP", "bytes": 1 }] });
    let media = json!({ "list": list, "id": id, "todo": graph.todo, "kind": "IMAGE", "name": "cat.png",
        "contentType": "image/png", "bytes": 10, "caption": "Minka", "order": "a1", "rotation": 90, "createdAt": 5,
        "deletedAt": null, "state": "READY", "failure": null, "rendition": rendition });
    let usage = json!({ "mediaUsage": { "bytes": 10, "quota": 5_000_000_000_u64 } });
    assert_eq!(answer["data"]["_entities"], json!([media, null, { "media": [{ "id": id }] }, usage]));
    assert_eq!(answer["errors"], Value::Null, "one that is gone is no error");
    let query = "query($lists: [ID!]!) { mediaAccess(lists: $lists) { list query expiresAt } }";
    let answer = graph.ask(query, json!({ "lists": [list, ListId::fresh()] })).await;
    let grants = answer["data"]["mediaAccess"].as_array().unwrap();
    assert_eq!((grants.len(), &grants[0]["list"]), (1, &json!(list)));
    assert_eq!(grants[0]["expiresAt"], json!(world::NOW.0 + 600_000));
}

#[tokio::test]
async fn every_no_has_a_code() {
    let graph = Graph::new().await;
    let (list, id) = (graph.list, graph.world.picture(graph.owner, graph.list, graph.todo).await);
    let stranger = graph.world.user().await;
    for (typename, id) in [("Media", id.to_string()), ("Todo", graph.todo.to_string())] {
        let of = |list: &str, id: &str| json!({ "of": [{ "__typename": typename, "list": list, "id": id }] });
        let own = of(&list.to_string(), &id);
        assert_eq!(code(&graph.ask_as(Some(stranger), ENTITIES, own.clone()).await), "NOT_FOUND");
        assert_eq!(code(&graph.ask_as(None, ENTITIES, own).await), "UNAUTHENTICATED");
        assert_eq!(code(&graph.ask(ENTITIES, of("x", &id)).await), "BAD_INPUT");
        assert_eq!(code(&graph.ask(ENTITIES, of(&list.to_string(), "x#HEAD")).await), "BAD_INPUT");
    }
    let user = json!({ "of": [{ "__typename": "User", "id": graph.owner }] });
    assert_eq!(code(&graph.ask_as(Some(stranger), ENTITIES, user).await), "NOT_FOUND");
    let turned = |degrees: i32| json!([{ "editMedia": { "id": id, "rotation": degrees } }]);
    for bad in [
        turned(45),
        turned(-90),
        json!([{ "retryMedia": { "id": "x" } }]),
        json!([{ "addMedia": {} }]),
        json!([{}]),
    ] {
        let answer = graph.commit(bad.clone()).await;
        assert!(["BAD_INPUT", "INVALID_QUERY"].contains(&code(&answer)), "{bad}: {answer}");
    }
    assert_eq!(code(&graph.commit(json!([])).await), "BATCH_SIZE");
    for (operation, expected) in [
        ("query { mediaAccess(lists: [\"x\"]) { list } }", "BAD_INPUT"),
        ("mutation { signParts(list: \"$l\", media: \"$m\", numbers: [1]) { url } }", "BAD_INPUT"),
        ("mutation { confirmUpload(mutationId: \"x\", list: \"$l\", media: \"$m\") { id } }", "BAD_INPUT"),
        (
            "mutation { confirmUpload(mutationId: \"$m\", list: \"$l\", media: \"$m\") { id } }",
            "UPLOAD_MISSING",
        ),
    ] {
        let query = operation.replace("$l", &list.to_string()).replace("$m", &id.to_string());
        assert_eq!(code(&graph.ask(&query, json!({})).await), expected, "{operation}");
        assert_eq!(code(&graph.ask_as(None, &query, json!({})).await), "UNAUTHENTICATED", "{operation}");
    }
    let lists: Vec<ListId> = (0..101).map(|_| ListId::fresh()).collect();
    let query = "query($lists: [ID!]!) { mediaAccess(lists: $lists) { list } }";
    assert_eq!(code(&graph.ask(query, json!({ "lists": lists })).await), "BAD_INPUT");
}

#[test]
fn the_types_are_joined_to_those_of_other_subgraphs() {
    let sdl = sdl();
    for text in [
        "type Media @key(fields: \"list id\")",
        "type Todo @key(fields: \"list id\")",
        "type User @key(fields: \"id\")",
    ] {
        assert!(sdl.contains(text), "{text}\n{sdl}");
    }
}
